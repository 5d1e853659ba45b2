"""Formulas: exact decimals as whole numbers of 10⁻¹², never binary floats; the same steps as in ``engine.js``.

A formula over an empty answer is empty, and so is a division by zero; sum, count, min and max pass empty answers over.
Products and quotients are rounded half away from zero at the twelfth decimal.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from zhengtong.capabilities.forms.rules.declaration import Field, Formula, is_empty
from zhengtong.capabilities.forms.rules.texts import day_of

_ONE = 10**12
_DIGITS = 12
_LARGEST = 10**30 * _ONE
_LONGEST = 4000
_NUMBER = re.compile(r"(-?)([0-9]{1,40})(?:\.([0-9]{1,12}))?")
_CITIZEN = re.compile(r"[0-9]{6}([0-9]{4})([0-9]{2})([0-9]{2})[0-9]{3}[0-9X]")


class Answers(Protocol):
    """What a formula or a condition sees: the answers of the row it stands in, then those of the form."""

    def field(self, name: str) -> Field | None:
        """The question of that name."""

    def value(self, name: str) -> Any:
        """Its value, empty while it is not asked; a group gives its rows that are filled in."""

    def column(self, group: str, key: str) -> Sequence[Any]:
        """The values of a column, row by row."""


def evaluate(formula: Formula, answers: Answers) -> str:
    """The value of a formula as text: a canonical decimal, an ISO date or a text; empty when there is none."""
    if formula.op == "value":
        return formula.value
    if formula.op == "field":
        return _field_text(formula, answers)
    if formula.op in _AGGREGATES:
        return _AGGREGATES[formula.op](formula, answers)
    given = [evaluate(arg, answers) for arg in formula.args]
    if "" in given:
        return ""
    return _STRICT[formula.op](given) if formula.op in _STRICT else ""


def number_of(text: Any) -> int | None:
    """A decimal text in units of 10⁻¹²; None for anything else."""
    found = _NUMBER.fullmatch(text) if isinstance(text, str) else None
    if not found:
        return None
    sign, whole, part = found.groups()
    number = int(whole + (part or "").ljust(_DIGITS, "0"))
    return -number if sign else number


def decimal_text(number: int | None) -> str:
    """The canonical decimal of a number in units of 10⁻¹²; empty for None and beyond 10³⁰."""
    if number is None or abs(number) > _LARGEST:
        return ""
    digits = str(abs(number)).rjust(_DIGITS + 1, "0")
    part = digits[-_DIGITS:].rstrip("0")
    return ("-" if number < 0 else "") + digits[:-_DIGITS] + (f".{part}" if part else "")


def rounded(text: str, places: int) -> str:
    """A decimal rounded half away from zero; any other text as it is."""
    number = number_of(text)
    if number is None:
        return text
    step: int = 10 ** (_DIGITS - places)
    return decimal_text(_divided(number, step) * step)


def _divided(number: int, by: int) -> int:
    """The nearest whole quotient, a half away from zero; ``by`` is not zero."""
    quotient, rest = divmod(abs(number), abs(by))
    if rest * 2 >= abs(by):
        quotient += 1
    return quotient if (number < 0) == (by < 0) else -quotient


def _field_text(formula: Formula, answers: Answers) -> str:
    value = answers.value(formula.field)
    if isinstance(value, dict) and formula.part:
        value = value.get(formula.part, "")
    return value if isinstance(value, str) else ""


def _entries(formula: Formula, answers: Answers) -> Iterator[Any]:
    """What an aggregate looks at: the fields of a column, the entries of a list, single values; empty ones not."""
    for arg in formula.args:
        if arg.op == "column":
            given: Sequence[Any] = answers.column(*arg.column)
        elif arg.op == "field" and isinstance(value := answers.value(arg.field), list):
            given = value
        else:
            given = [evaluate(arg, answers)]
        yield from (one for one in given if not is_empty(one))


def _sum(formula: Formula, answers: Answers) -> str:
    numbers = [number_of(one) for one in _entries(formula, answers)]
    return "" if not numbers or None in numbers else decimal_text(sum(n for n in numbers if n is not None))


def _count(formula: Formula, answers: Answers) -> str:
    return str(sum(1 for _one in _entries(formula, answers)))


def _extreme(formula: Formula, answers: Answers) -> str:
    entries = list(_entries(formula, answers))
    pick: Callable[..., Any] = min if formula.op == "min" else max
    numbers = [number_of(one) for one in entries]
    if entries and None not in numbers:
        return decimal_text(pick(numbers))
    if entries and all(isinstance(one, str) and day_of(one) for one in entries):
        return str(pick(entries))
    return ""


_AGGREGATES: Mapping[str, Callable[[Formula, Answers], str]] = {
    "sum": _sum,
    "count": _count,
    "min": _extreme,
    "max": _extreme,
}


def _add(given: list[str]) -> str:
    numbers = [number_of(one) for one in given]
    return "" if None in numbers else decimal_text(sum(n for n in numbers if n is not None))


def _subtract(given: list[str]) -> str:
    first, second = (number_of(one) for one in given)
    return "" if first is None or second is None else decimal_text(first - second)


def _multiply(given: list[str]) -> str:
    product = _ONE
    for one in given:
        number = number_of(one)
        if number is None or abs(product) > _LARGEST:
            return ""
        product = _divided(product * number, _ONE)
    return decimal_text(product)


def _divide(given: list[str]) -> str:
    first, second = (number_of(one) for one in given)
    return "" if first is None or not second else decimal_text(_divided(first * _ONE, second))


def _round(given: list[str]) -> str:
    return rounded(given[0], int(given[1])) if given[1] in tuple("0123456") and number_of(given[0]) is not None else ""


def _days(given: list[str]) -> str:
    first, last = (day_of(one) for one in given)
    return "" if first is None or last is None else str((last - first).days)


def _years(given: list[str]) -> str:
    first, last = (day_of(one) for one in given)
    if first is None or last is None:
        return ""
    turned = last < first
    early, late = (last, first) if turned else (first, last)
    full = late.year - early.year - ((late.month, late.day) < (early.month, early.day))
    return str(-full if turned else full)


def _age_on(given: list[str]) -> str:
    born = _CITIZEN.fullmatch(given[0])
    return _years(["-".join(born.groups()), given[1]] if born else given)


def _concat(given: list[str]) -> str:
    text = "".join(given)
    return text if len(text) <= _LONGEST else ""


_STRICT: Mapping[str, Callable[[list[str]], str]] = {
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "divide": _divide,
    "round": _round,
    "days": _days,
    "years": _years,
    "age_on": _age_on,
    "concat": _concat,
}
