"""年度报告: tables 1 to 3 from plain rows, and the equations they must meet (第五十条, 统一格式，待核实)."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final

from zhengtong.systems.disclosure.rules.outcomes import ROWS

#: the columns of table 2, in their order; 总计 is worked out
COLUMNS: Final = ("person", "business", "research", "charity", "law", "other")
NEW, CARRIED, NEXT = "new", "carried", "next"
RESULTS: Final = tuple(key for key, _label in ROWS)
REMEDY_KINDS: Final = ("review", "suit", "suit_after")
REMEDY_RESULTS: Final = ("upheld", "corrected", "other", "pending")
ENTRY_KINDS: Final = ("regulation", "normative")
ENTRY_COLUMNS: Final = ("made", "abolished", "valid")

Cells = dict[str, dict[str, int]]


@dataclasses.dataclass(frozen=True)
class Asked:
    """A request as table 2 needs it: whose, when received, when ended and in which row (none while open)."""

    key: str
    column: str
    received_on: dt.date
    closed_on: dt.date | None = None
    row: str = ""


@dataclasses.dataclass(frozen=True)
class Contested:
    """A remedy as table 3 needs it."""

    key: str
    kind: str
    lodged_on: dt.date
    result: str
    decided_on: dt.date | None = None


@dataclasses.dataclass(frozen=True)
class Listed:
    """An entry of the catalogue as table 1 needs it."""

    key: str
    kind: str
    made_on: dt.date
    ended_on: dt.date | None = None


def rows_of_request(one: Asked, year: int) -> list[str]:
    """The rows of table 2 that a request stands in for a year: where it came from, and where it went."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    if one.received_on > last or (one.closed_on is not None and one.closed_on < first):
        return []
    came = NEW if one.received_on >= first else CARRIED
    went = one.row if one.closed_on is not None and one.closed_on <= last else NEXT
    return [came, went]


def rows_of_remedy(one: Contested, year: int) -> list[str]:
    """The column of table 3: what it had come to by the end of the year; none where it was over before."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    if one.lodged_on > last or (one.decided_on is not None and one.decided_on < first):
        return []
    return [one.result if one.decided_on is not None and one.decided_on <= last else "pending"]


def rows_of_entry(one: Listed, year: int) -> list[str]:
    """The columns of table 1: made in the year, abolished in it, in force at its end."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    if one.made_on > last:
        return []
    found = ["made"] if one.made_on >= first else []
    if one.ended_on is None or one.ended_on > last:
        return [*found, "valid"]
    return [*found, "abolished"] if one.ended_on >= first else found


def table_one(rows: Iterable[Listed], year: int) -> Cells:
    """规章、行政规范性文件 × 本年制发、本年废止、现行有效."""
    cells = _zeros(ENTRY_KINDS, ENTRY_COLUMNS)
    for one in rows:
        for column in rows_of_entry(one, year):
            if one.kind in cells:
                cells[one.kind][column] += 1
    return cells


def table_two(rows: Iterable[Asked], year: int) -> Cells:
    """New, carried over, each result, carried into the next year × who asked."""
    cells = _zeros((NEW, CARRIED, *RESULTS, NEXT), COLUMNS)
    for one in rows:
        for row in rows_of_request(one, year):
            cells[row][one.column] += 1
    return cells


def table_three(rows: Iterable[Contested], year: int) -> Cells:
    """复议、诉讼 × 维持、纠正、其他、尚未审结."""
    cells = _zeros(REMEDY_KINDS, REMEDY_RESULTS)
    for one in rows:
        for column in rows_of_remedy(one, year):
            cells[one.kind][column] += 1
    return cells


def total_of_row(cells: Mapping[str, Mapping[str, int]], row: str) -> int:
    """总计 of a row."""
    return sum(cells[row].values())


def results_of_column(cells: Mapping[str, Mapping[str, int]], column: str) -> int:
    """三（七）总计 of a column."""
    return sum(cells[row][column] for row in RESULTS)


def why_unbalanced(cells: Mapping[str, Mapping[str, int]]) -> list[str]:
    """The columns in which 一 + 二 is not 三（七）+ 四; empty when the table may be published."""
    wrong = []
    for column in COLUMNS:
        came = cells[NEW][column] + cells[CARRIED][column]
        went = results_of_column(cells, column) + cells[NEXT][column]
        if came != went:
            wrong.append(f"{column}: {came} ≠ {went}")
    return wrong


def due_on(year: int, *, county: bool) -> dt.date:
    """第四十九条: a unit's by 31 January, the government's by 31 March of the next year."""
    return dt.date(year + 1, 3, 31) if county else dt.date(year + 1, 1, 31)


def _zeros(rows: Iterable[str], columns: Iterable[str]) -> Cells:
    listed = tuple(columns)
    return {row: dict.fromkeys(listed, 0) for row in rows}
