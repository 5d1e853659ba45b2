"""Limits, thresholds, fees and weights that a county may set: declared in code, overridden by rows with validity.

A value FROM MEMORY is declared ``confirmed=False`` and shown as 待核实 wherever it is listed.
"""

import dataclasses
import datetime as dt
import json
from typing import Any

from django.db import connection

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.registry import Registry

_IN_FORCE = (
    "select distinct on (key) key, value::text from kernel_parametervalue where tenant = %s and key = any(%s)"
    " and valid_from <= %s and (valid_until is null or valid_until >= %s) order by key, valid_from desc"
)


@dataclasses.dataclass(frozen=True)
class Parameter:
    """What a parameter means: label and unit for people, default, source, and whether the source was seen."""

    key: str
    default: Any
    label: str
    unit: str
    source: str
    confirmed: bool


declared: Registry[Parameter] = Registry("parameters")


def declare(key: str, *, default: Any, label: str, unit: str, source: str, confirmed: bool) -> Parameter:
    """Make a parameter known; called where the rule lives, at import."""
    return declared.register(key, Parameter(key, default, label, unit, source, confirmed))


def value(key: str, *, tenant: str, on: dt.date | None = None) -> Any:
    """The value in force for a tenant on a day (today by default); raises LookupError for an unknown key."""
    return values(key, tenant=tenant, on=on)[key]


def values(*keys: str, tenant: str, on: dt.date | None = None) -> dict[str, Any]:
    """Several values in force at once, by key, with one query; raises LookupError for an unknown key."""
    found = {key: declared.get(key).default for key in keys}
    day = on or local_date()
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE, [tenant, list(keys), day, day])
        found.update((key, json.loads(text)) for key, text in cursor.fetchall())
    return found
