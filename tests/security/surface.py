"""Every address of the platform, what may stand in its variable parts, and what a county holds before and after."""

import functools
import itertools
import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Model, UUIDField
from django.urls import resolve

from tests.fitness.tree import SOURCE, files, own_models
from tests.journeys.addresses import Address, all_addresses

ADDRESSES = all_addresses()
#: answered before anything else looks at the request: plain text for machines, which read nothing but yes or no
PROBES = frozenset({"healthz", "readyz", "metrics"})
#: what other fields than the primary key say in an address
_KEYS = {"ledger.Entry": "uuid"}
_PART = re.compile(r"<(?:(\w+):)?(\w+)>")
_TAG = re.compile(r"""\{%\s*url\s+["']([^"']+)["']([^%]*)%\}""")
_WORD = re.compile(r"""(?<![\w.=])["']([\w-]+)["']""")
#: identifiers named after something else than their model
_MODELS = {
    "org_id": "identity.Organisation",
    "list_id": "catalogue.ItemList",
    "other_id": "cases.ProcessVersion",
    "process_id": "cases.ProcessVersion",
    "variant_id": "supervision.PathVariant",
    "signer_id": "cases.WorkItem",
    "work_item_id": "cases.WorkItem",
    "agency_id": "identity.Agency",
    "entry_id": "ledger.Entry",
    "paper_id": "supervision.CardFile",
    "file_id": "kernel.StoredFile",
    "processes:decide:request_id": "cases.Intervention",
    "service_hall:extension:extension_id": "cases.ClockExtension",
    "disclosure:one:request_id": "disclosure.DisclosureRequest",
    "disclosure:act:request_id": "disclosure.DisclosureRequest",
    "disclosure:file:request_id": "disclosure.DisclosureRequest",
    "disclosure:letter:request_id": "disclosure.DisclosureRequest",
    "disclosure:own:request_id": "disclosure.DisclosureRequest",
    "disclosure:own_act:request_id": "disclosure.DisclosureRequest",
    "disclosure:own_file:request_id": "disclosure.DisclosureRequest",
    "disclosure:entry:entry_id": "disclosure.CatalogueEntry",
    "disclosure:desk_entry:entry_id": "disclosure.CatalogueEntry",
    "disclosure:edit_entry:entry_id": "disclosure.CatalogueEntry",
    "disclosure:entry_act:entry_id": "disclosure.CatalogueEntry",
    "application_id": "service_hall.Application",
    "certificate_id": "trust.Certificate",
    "supervision:batch:batch_id": "supervision.BulkCancel",
    "supervision:decide_batch:batch_id": "supervision.BulkCancel",
    "supervision:decide_measure:measure_id": "supervision.Accountability",
    "trust:application:application_id": "trust.SealApplication",
    "trust:decide_application:application_id": "trust.SealApplication",
    "account_end_certificate:certificate_id": "identity.AccountCertificate",
}


def parts_of(address: Address) -> list[tuple[str, str]]:
    """(kind, name) of the variable parts."""
    return [(kind or "str", name) for kind, name in _PART.findall(address.route)]


def filled(address: Address, values: dict[str, str]) -> str:
    """The address with these values in its variable parts."""
    return _PART.sub(lambda part: values[part[2]], address.route)


def models_of(address: Address, name: str) -> list[type[Model]]:
    """The models whose keys an identifier of that name may mean, first the one it does mean (``meant_by``)."""
    stem = name.removesuffix("_id").replace("_", "")
    meant = meant_by(address, name)
    named = [model for model in _keyed() if stem in str(model._meta.model_name) and model is not meant]
    return [meant, *named] if meant else named


def meant_by(address: Address, name: str) -> type[Model] | None:
    """The model whose keys stand there: by name, first of the app that answers, then of any other."""
    known = {model._meta.label: model for model in _keyed()}
    said = _MODELS.get(f"{address.name}:{name}") or _MODELS.get(name)
    if said:
        return known[said]
    stem, own = name.removesuffix("_id").replace("_", ""), _app_of(address)
    at_home = [model for model in known.values() if model._meta.app_label == own]
    ways = [(at_home, str.__eq__), (at_home, str.__contains__), (list(known.values()), str.__eq__)]
    found = [[model for model in models if fits(str(model._meta.model_name), stem)] for models, fits in ways]
    return next((sorted(each, key=lambda model: len(model.__name__))[0] for each in found if each), None)


def _keyed() -> list[type[Model]]:
    return [model for model in own_models() if isinstance(model._meta.pk, UUIDField) or model._meta.label in _KEYS]


def _app_of(address: Address) -> str:
    """The label of the app whose view answers there."""
    app = apps.get_containing_app_config(resolve(address.example).func.__module__)
    return app.label if app else ""


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
    """Addresses that name objects of a county, and whether keys of just what is meant stand in each."""
    choices: list[list[tuple[str, str, bool]]] = []
    for kind, name in parts_of(address):
        if kind == "uuid":
            meant = meant_by(address, name)
            keys = [
                (name, key, model is meant)
                for model in models_of(address, name)
                for key in keys_of(model, tenant)[:most]
            ]
            choices.append(keys or [(name, "00000000-0000-4000-8000-000000000001", False)])
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
    key = _KEYS.get(model._meta.label, "pk")
    return [str(found) for found in rows.order_by("-pk").values_list(key, flat=True)[:3]]


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
