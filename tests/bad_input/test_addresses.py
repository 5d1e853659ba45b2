"""No address fails, whatever stands in its variable parts, its question or its form; thousands of requests, undone."""

import re
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import UUIDField
from django.test import Client

from tests.bad_input import addresses
from tests.bad_input.ground import Ground
from tests.bad_input.throwing import Thrown

#: a full run puts every value at every address; every run puts at each address the next of these
_EVERY_RUN = (
    "nul", "huge number", "superscript digit", "last day", "first moment", "rare characters", "not an id", "brackets",
    "more digits than Python reads", "first month", "colons", "last year", "script",
)  # fmt: skip
_VALUES = ["by turns", *addresses.VALUES]
_OFTEN = [
    pytest.param(name, marks=[] if name == "by turns" else [pytest.mark.full], id=name.replace(" ", "-"))
    for name in _VALUES
]


def value_for(name: str, number: int) -> str:
    """What is put at the ``number``-th address."""
    return addresses.VALUES[_EVERY_RUN[number % len(_EVERY_RUN)] if name == "by turns" else name]


def keys(ground: Ground) -> list[uuid.UUID]:
    """Keys of things that exist, of every kind: at most addresses they are keys of something else."""
    models = [model for model in apps.get_models() if isinstance(model._meta.pk, UUIDField)]
    found = [model._default_manager.values_list("pk", flat=True).first() for model in models]
    return [key for key in found if isinstance(key, uuid.UUID)]


def clients(ground: Ground) -> Mapping[str, Client]:
    return {who: ground.client(who) for who in ("", *ground.people)}


def first_holder(one: addresses.Address, known: Mapping[str, Client]) -> str:
    return next(iter(addresses.holder_of(one.policy, dict(known))), "clerk")


@pytest.mark.parametrize("name", _OFTEN)
def test_a_question_nobody_asks_is_answered(ground: Ground, name: str) -> None:
    thrown, known = Thrown(), clients(ground)
    for number, one in enumerate(addresses.every()):
        path = addresses.example(one, number)
        client = known[first_holder(one, known)]
        value = value_for(name, number)
        question = urlencode(dict.fromkeys(addresses.asked(one, value, 120_000), value))
        thrown.throw(f"GET {one.name} ?{name} {number}", lambda: client.get(f"{path}?{question}"))  # noqa: B023  (at once)

    thrown.say()
    assert thrown.sent > 350


@pytest.mark.parametrize("name", _OFTEN)
def test_a_form_filled_with_nonsense_is_answered(ground: Ground, name: str) -> None:
    thrown, known = Thrown(), clients(ground)
    for number, one in enumerate(addresses.every()):
        path = addresses.example(one, number)
        client = known[first_holder(one, known)]
        value = value_for(name, number + 3)
        typed = dict.fromkeys(addresses.asked(one, value, 2_000_000)[:900], value)
        thrown.throw(f"POST {one.name} {name} {number}", lambda: client.post(path, typed))  # noqa: B023  (at once)

    thrown.say()


def test_every_variable_part_takes_nonsense_and_keys_of_other_things(ground: Ground) -> None:
    thrown, known, others = Thrown(), clients(ground), keys(ground)
    assert len(others) > 20

    for one in addresses.every():
        client = known[first_holder(one, known)]
        for number in range(max(addresses.variants(one), 2 if "uuid" in one.route else 1)):
            for ids in (None, others[number * 7 :]) if "uuid" in one.route else (None,):
                path = addresses.example(one, number, ids)
                thrown.throw(f"GET {path[:120]}", lambda: client.get(path))  # noqa: B023  (at once)

    thrown.say()


@pytest.mark.full
@pytest.mark.parametrize("kind", ["cases", "service_hall", "complaints", "catalogue", "forms", "supervision"])
def test_keys_of_one_kind_at_addresses_of_all(ground: Ground, kind: str) -> None:
    thrown, known = Thrown(), clients(ground)
    ids = [key for model in apps.get_app_config(kind).get_models() for key in _some(model)]

    for one in addresses.every():
        if "uuid" in one.route:
            for who in addresses.holder_of(one.policy, dict(known)):
                for number in range(min(len(ids), 12)):
                    path = addresses.example(one, number, ids)
                    thrown.throw(f"GET {one.name} {who} {path}", lambda: known[who].get(path))  # noqa: B023
                    thrown.throw(f"POST {one.name} {who} {path}", lambda: known[who].post(path))  # noqa: B023

    thrown.say()


def _some(model: Any) -> list[uuid.UUID]:
    found = list(model._default_manager.values_list("pk", flat=True)[:2])
    return [key for key in found if isinstance(key, uuid.UUID)]


def test_a_method_nobody_uses_fails_nowhere(ground: Ground) -> None:
    thrown, known = Thrown(), clients(ground)

    for number, one in enumerate(addresses.every()):
        client, path = known[first_holder(one, known)], addresses.example(one, number)
        for method in ("PUT", "DELETE", "OPTIONS", "HEAD", "PROPFIND")[number % 5 :][:1]:
            thrown.throw(f"{method} {one.name}", lambda: client.generic(method, path, b"x"))  # noqa: B023

    thrown.say()


def test_names_are_found_in_the_source() -> None:
    found = addresses.names()

    assert {"page", "q", "reason", "opinion", "outcome", "year", "month"} <= set(found)
    assert len(found) > 150
    assert not [name for name in found if re.search(r"\s", name)]
    assert connection.vendor == "postgresql"
