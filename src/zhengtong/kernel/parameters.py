"""Limits, thresholds, fees and weights that a county may set: declared in code, overridden by rows with validity.

A value FROM MEMORY is declared ``confirmed=False`` and shown as 待核实 wherever it is listed.
"""

import dataclasses
import datetime as dt
from typing import Any

from django.db.models import Q

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.models import ParameterValue
from zhengtong.kernel.registry import Registry


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
    parameter = declared.get(key)
    day = on or local_date()
    row = (
        ParameterValue.objects.filter(tenant=tenant, key=key, valid_from__lte=day)
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))
        .order_by("-valid_from")
        .first()
    )
    return parameter.default if row is None else row.value
