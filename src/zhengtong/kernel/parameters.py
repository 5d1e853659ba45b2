"""Limits, thresholds, fees and weights that a county may set: declared in code, overridden by rows with validity.

A value FROM MEMORY is declared ``confirmed=False`` and shown as 待核实 wherever it is listed.
"""

import dataclasses
import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.registry import Registry

_IN_FORCE = (
    "select distinct on (key) key, value::text from kernel_parametervalue where tenant = %s and key = any(%s)"
    " and valid_from <= %s and (valid_until is null or valid_until >= %s) order by key, valid_from desc"
)


@dataclasses.dataclass(frozen=True)
class Parameter:
    """What a parameter means: label and unit for people, default, source, and whether the source was seen.

    ``reads`` is how the rule reads a value that has a form of its own; it raises ValueError for one it cannot read.
    """

    key: str
    default: Any
    label: str
    unit: str
    source: str
    confirmed: bool
    reads: Callable[[Any], object] | None = None


declared: Registry[Parameter] = Registry("parameters")


def declare(
    key: str,
    *,
    default: Any,
    label: str,
    unit: str,
    source: str,
    confirmed: bool,
    reads: Callable[[Any], object] | None = None,
) -> Parameter:
    """Make a parameter known; called where the rule lives, at import."""
    return declared.register(key, Parameter(key, default, label, unit, source, confirmed, reads))


def why_unreadable(parameter: Parameter, given: Any) -> str:
    """Why the rules could not read a value, in Chinese; empty when they can.

    It is of the default's kind, a number no less than nothing where the default is not; ``reads`` has the last word.
    """
    kind = _kind(parameter.default)
    if _kind(given) != kind and (kind, _kind(given)) != ("decimal", "whole"):
        return _("“%(label)s”应当是%(kind)s，例如 %(example)s。") % {
            "label": parameter.label,
            "kind": _KINDS[kind](),
            "example": json.dumps(parameter.default, ensure_ascii=False),
        }
    if kind in ("whole", "decimal") and given < 0 <= parameter.default:
        return _("“%(label)s”不能小于 0。") % {"label": parameter.label}
    if kind in ("list", "table") and not _same_inside(parameter.default, given):
        return _("“%(label)s”里的每一项应当与默认值的写法相同：%(example)s。") % {
            "label": parameter.label,
            "example": json.dumps(parameter.default, ensure_ascii=False),
        }
    try:
        if parameter.reads is not None:
            parameter.reads(given)
    except (ValueError, TypeError, LookupError):
        return _("“%(label)s”写成“%(given)s”读不出来，请按默认值的写法填写：%(example)s。") % {
            "label": parameter.label,
            "given": given,
            "example": json.dumps(parameter.default, ensure_ascii=False),
        }
    return ""


_KINDS: dict[str, Callable[[], str]] = {
    "yes or no": lambda: _("true 或者 false"),
    "whole": lambda: _("整数"),
    "decimal": lambda: _("数字"),
    "text": lambda: _("文字"),
    "list": lambda: _("一组值"),
    "table": lambda: _("名称与值的对照"),
    "nothing": lambda: _("空值"),
}


def _kind(given: Any) -> str:
    kinds = {bool: "yes or no", int: "whole", float: "decimal", list: "list", tuple: "list", dict: "table"}
    return "nothing" if given is None else kinds.get(type(given), "text")


def _same_inside(default: Any, given: Any) -> bool:
    """Every element of the kinds that the default's elements are of; an empty default says nothing of them."""
    known, told = (list(each.values()) if isinstance(each, dict) else list(each) for each in (default, given))
    return not known or {_kind(one) for one in told} <= {_kind(one) for one in known}


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
