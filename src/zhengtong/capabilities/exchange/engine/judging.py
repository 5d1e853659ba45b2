"""Whether a row is as its data set declares it: the same question on both sides, and no opinion on its truth."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from zhengtong.capabilities.exchange.registry import Column


class Problem(NamedTuple):
    """Why a row is not as declared: a code of ``constants.REASONS`` and the element."""

    code: str
    element: str


def problems_of(columns: Sequence[Column], values: Mapping[str, str | int]) -> list[Problem]:
    """Everything that is wrong with a row, in the order of the columns; unknown elements last."""
    found = [problem for column in columns if (problem := _of_column(column, values.get(column.element, "")))]
    known = {column.element for column in columns}
    return found + [Problem("UNKNOWN", name) for name in sorted(set(values) - known)]


def _of_column(column: Column, value: str | int) -> Problem | None:
    if value == "":
        return Problem("REQUIRED", column.element) if column.required else None
    if column.type == "integer":
        return None if type(value) is int else Problem("TYPE", column.element)
    if not isinstance(value, str):
        return Problem("TYPE", column.element)
    if column.type in ("date", "datetime") and not _is_instant(value, with_time=column.type == "datetime"):
        return Problem("TYPE", column.element)
    if column.dictionary is not None and value not in column.dictionary:
        return Problem("DICTIONARY", column.element)
    return Problem("LENGTH", column.element) if len(value) > column.longest else None


def _is_instant(value: str, *, with_time: bool) -> bool:
    """YYYYMMDD or YYYYMMDDThhmmss and a day that exists."""
    form, length = ("%Y%m%dT%H%M%S", 15) if with_time else ("%Y%m%d", 8)
    if len(value) != length or not value.isascii():
        return False
    try:
        dt.datetime.strptime(value, form)  # noqa: DTZ007  (only whether it is one)
    except ValueError:
        return False
    return True
