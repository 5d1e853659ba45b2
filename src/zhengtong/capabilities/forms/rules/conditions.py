"""Whether a condition holds, given the answers of the row it stands in and of the form."""

from collections.abc import Callable, Mapping
from typing import Any

from zhengtong.capabilities.forms.rules.declaration import NUMBER_KINDS, Condition, Field, is_empty
from zhengtong.capabilities.forms.rules.formulas import Answers, evaluate, number_of
from zhengtong.capabilities.forms.rules.texts import date_problem


def holds(condition: Condition, answers: Answers) -> bool:
    """True when the condition holds; what is not asked or not answered counts as empty."""
    if condition.op == "all":
        return all(holds(part, answers) for part in condition.parts)
    if condition.op == "any":
        return any(holds(part, answers) for part in condition.parts)
    if condition.op == "none":
        return not holds(condition.parts[0], answers)
    field, value = answers.field(condition.field), answers.value(condition.field)
    if condition.op in ("filled", "empty"):
        return is_empty(value) == (condition.op == "empty")
    wanted = condition.values if condition.other is None else (evaluate(condition.other, answers),)
    if condition.op in _ORDERS:
        return bool(wanted) and isinstance(value, str) and _ordered(condition.op, value, wanted[0])
    if condition.op == "contains":
        return any(one != "" and one in value for one in wanted) if isinstance(value, str | list) else False
    found = any(_same(field, value, one) for one in wanted)
    return not found if condition.op == "not" else found


def _same(field: Field | None, value: Any, wanted: str) -> bool:
    if isinstance(value, list):
        return wanted in value
    if field is not None and (field.kind in NUMBER_KINDS or field.kind == "computed"):
        number, other = number_of(value), number_of(wanted)
        if number is not None and other is not None:
            return number == other
    return bool(value == wanted)


_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "lt": lambda one, other: one < other,
    "le": lambda one, other: one <= other,
    "gt": lambda one, other: one > other,
    "ge": lambda one, other: one >= other,
}


def _ordered(op: str, value: str, wanted: str) -> bool:
    """Numbers compare as numbers, days as days; anything else does not compare."""
    number, other = number_of(value), number_of(wanted)
    if number is not None and other is not None:
        return _ORDERS[op](number, other)
    if date_problem(value) or date_problem(wanted):
        return False
    return _ORDERS[op](value, wanted)
