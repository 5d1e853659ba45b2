"""Every address of the platform, what may stand in its variable parts, and what a county holds before and after."""

import functools
import itertools
import re
from collections.abc import Iterator
from typing import Any

from django.db.models import Model, UUIDField

from tests.fitness.tree import SOURCE, files, own_models
from tests.journeys.addresses import Address, all_addresses

ADDRESSES = all_addresses()
#: answered before anything else looks at the request: plain text for machines, which read nothing but yes or no
PROBES = frozenset({"healthz", "readyz", "metrics"})
_PART = re.compile(r"<(?:(\w+):)?(\w+)>")
_TAG = re.compile(r"""\{%\s*url\s+["']([^"']+)["']([^%]*)%\}""")
_WORD = re.compile(r"""(?<![\w.=])["']([\w-]+)["']""")
#: identifiers named after something else than their model
_MODELS = {
    "org_id": ("identity.Organisation",),
    "list_id": ("catalogue.ImportList", "inspections.ItemList"),
    "other_id": ("cases.Case",),
}


def parts_of(address: Address) -> list[tuple[str, str]]:
    """(kind, name) of the variable parts."""
    return [(kind or "str", name) for kind, name in _PART.findall(address.route)]


def filled(address: Address, values: dict[str, str]) -> str:
    """The address with these values in its variable parts."""
    return _PART.sub(lambda part: values[part[2]], address.route)


def models_of(address: Address, name: str) -> list[type[Model]]:
    """The models whose keys an identifier of that name may mean: first those of the app it belongs to."""
    known = [model for model in own_models() if isinstance(model._meta.pk, UUIDField)]
    if name in _MODELS:
        return [model for model in known if model._meta.label in _MODELS[name]]
    stem = name.removesuffix("_id").replace("_", "")
    named = [model for model in known if stem in str(model._meta.model_name)]
    return named or [model for model in known if model._meta.app_label == address.name.partition(":")[0]]


@functools.cache
def words_of(name: str) -> tuple[str, ...]:
    """The fixed words that templates write into an address of that name, such as the names of acts."""
    found: set[str] = set()
    for path in files(".html"):
        if SOURCE in path.parents:
            for tag, rest in _TAG.findall(path.read_text(encoding="utf-8")):
                found |= set(_WORD.findall(rest)) if tag == name else set()
    return tuple(sorted(found)) or ("x",)


def examples(address: Address, tenant: str, *, most: int) -> Iterator[tuple[str, bool]]:
    """Addresses that name objects of a county, and whether a real key stands in each."""
    choices: list[list[tuple[str, str, bool]]] = []
    for kind, name in parts_of(address):
        if kind == "uuid":
            keys = [key for model in models_of(address, name) for key in keys_of(model, tenant)[:most]]
            choices.append(
                [(name, key, True) for key in keys] or [(name, "00000000-0000-4000-8000-000000000001", False)]
            )
        elif kind == "int":
            choices.append([(name, "1", False)])
        else:
            choices.append([(name, word, False) for word in words_of(address.name)])
    for picked in itertools.islice(itertools.product(*choices), most * 12):
        real = all(one[2] for one, (kind, _name) in zip(picked, parts_of(address), strict=True) if kind == "uuid")
        yield filled(address, {name: value for name, value, _real in picked}), real


def keys_of(model: type[Model], tenant: str) -> list[str]:
    """Keys of rows of a county, the newest first."""
    rows = model._default_manager.all()
    if any(field.name == "tenant" for field in model._meta.concrete_fields):
        rows = rows.filter(tenant=tenant)
    return [str(key) for key in rows.order_by("-pk").values_list("pk", flat=True)[:3]]


def held(tenant: str) -> dict[tuple[str, Any], tuple[Any, ...]]:
    """Every row of a county with its values."""
    rows = {}
    for model in own_models():
        fields = [field.attname for field in model._meta.concrete_fields]
        if "tenant" in fields:
            for row in model._default_manager.filter(tenant=tenant).values_list("pk", *fields):
                rows[(model._meta.label, row[0])] = row[1:]
    return rows


def changed(before: dict[Any, Any], after: dict[Any, Any]) -> list[Any]:
    """Rows that were changed or taken away."""
    return [key for key, row in before.items() if after.get(key) != row]
