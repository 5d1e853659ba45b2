"""Every address of the platform, and what machines put into its variable parts, questions and forms."""

import functools
import importlib.util
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.urls import get_resolver

from tests.fitness.tree import product_modules
from tests.journeys.addresses import Address, _walk
from zhengtong.kernel.policy import Policy

_PART = re.compile(r"<(?:(\w+):)?(\w+)>")
_NAMES = re.compile(r'(?:GET|POST|data|typed|query|post|sent)(?:\.get|\.getlist|\.pop)?[\[(]"([A-Za-z_0-9.-]{1,40})"')
_FIELDS = re.compile(r"^ {4}([a-z_0-9]+) = (?:forms\.|DayField|MomentField|MonthField|FilesField|_)", re.M)

#: what is put everywhere at once, each under its name
VALUES: dict[str, str] = {
    "empty": "",
    "sql": "'; drop table cases_case; --",
    "script": '"><script>alert(1)</script>',
    "nul": "a\0b",
    "negative": "-1",
    "zero": "0",
    "huge number": "9" * 30,
    "more digits than Python reads": "9" * 5000,
    "superscript digit": "²",
    "full-width digits": "２０２６",
    "not a number": "NaN",
    "float overflow": "1e309",
    "impossible day": "2026-02-31",
    "last day": "9999-12-31",
    "last month": "9999-12",
    "last moment": "9999-12-31T23:59",
    "first day": "0001-01-01",
    "first month": "0001-01",
    "first moment": "0001-01-01T00:00",
    "first year": "0001",
    "year zero": "0000-00-00",
    "last year": "9999",
    "unknown id": str(uuid.UUID(int=1)),
    "not an id": "00000000-0000-4000-8000-00000000000g",
    "rare characters": "𠮷𪚥👨‍👩‍👧\u202egnp.exe",
    "replacement of broken UTF-8": "\ufffd\ufffd",
    "10 000 characters": "长" * 10_000,
    "template": "{{ 7*7 }}{% debug %}",
    "path": "../../../../etc/passwd",
    "json": '{"a": [1, {"b": null}]}',
    "brackets": "[" * 3000,
    "yes": "1",
    "colons": "a:b:c:²:-1",
}
#: for the variable parts of addresses
_PARTS: dict[str, tuple[str, ...]] = {
    "uuid": (str(uuid.UUID(int=1)),),
    "int": ("0", "99999999999999999999"),
    "slug": ("x", "-", "a" * 300, "0"),
    "str": ("x", "'", "a\0b", "长" * 300, "\u202egnp", "..%2f", "<script>", "²", "𠮷"),
    "path": ("x", "../../etc/passwd", "a\0b"),
}


def every() -> list[Address]:
    """All named addresses, in the order of the resolver."""
    return list(_walk(get_resolver().url_patterns, "/", ""))


def example(one: Address, number: int = 0, ids: list[uuid.UUID] | None = None) -> str:
    """The address with the ``number``-th bad value in each variable part; ``ids`` stand where keys are asked for."""

    def bad(part: re.Match[str]) -> str:
        kind = part.group(1) or "str"
        if kind == "uuid" and ids:
            return str(ids[number % len(ids)])
        values = _PARTS[kind]
        return quote(values[number % len(values)], safe="")

    return _PART.sub(bad, one.route)


def variants(one: Address) -> int:
    """How many examples show every bad value of its parts."""
    return max((len(_PARTS[kind or "str"]) for kind, _name in _PART.findall(one.route)), default=1)


@functools.cache
def names() -> list[str]:
    """The names under which the product reads what browsers send, as its source has them."""
    found: set[str] = set()
    for path in product_modules():
        if {"web", "rest", "console", "portal"} & set(path.parts):
            text = Path(path).read_text(encoding="utf-8")
            found.update(_NAMES.findall(text), _FIELDS.findall(text))
    return sorted(found)


@functools.cache
def _own(module: str) -> tuple[str, ...]:
    """The names a module of views reads."""
    place = importlib.util.find_spec(module) if module else None
    text = Path(place.origin).read_text(encoding="utf-8") if place and place.origin else ""
    return tuple(sorted({*_NAMES.findall(text), *_FIELDS.findall(text)}))


def asked(one: Address, value: str, most: int) -> list[str]:
    """Names for a question or a form of at most so many bytes: what the view reads first, then everybody else's."""
    wanted = list(dict.fromkeys([*_own(one.module), "page", "sort", *names()]))
    each = len(quote(value)) + 30
    return wanted[: max(1, most // each)]


def holder_of(policy: Policy, people: dict[str, Any]) -> Iterator[str]:
    """Who may open an address, by role; the empty name for a stranger."""
    if policy.kind == "public":
        yield ""
    elif policy.kind == "signed_in":
        yield from ("citizen", "clerk")
    else:
        yield from sorted(policy.roles & set(people))
