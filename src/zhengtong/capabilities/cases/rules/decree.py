"""读取放假安排：one line a day, checked as a whole before anything is stored."""

import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass

from zhengtong.kernel.calendar import DayRow

_KINDS = {"holiday": False, "makeup_workday": True, "放假": False, "休息": False, "上班": True, "调休上班": True}
_COLUMNS = ("day", "kind", "name")


@dataclass(frozen=True)
class Decree:
    """The days of a notice, and what is wrong with the text; the days are empty while anything is wrong."""

    rows: tuple[DayRow, ...]
    problems: tuple[str, ...]


def read_decree(text: str, *, year: int, notice: str) -> Decree:
    """Read ``date,kind,name`` lines (kind 放假 or 上班) of the notice for ``year``; a heading line may name columns.

    A notice may reach back into December of the year before, nowhere else. It must free 1 October: a text without
    it is no whole notice, and the year would still count as undecreed.
    """
    rows: dict[dt.date, DayRow] = {}
    problems: list[str] = []
    for number, record in _records(text):
        row, problem = _row(record, year=year, notice=notice)
        if row is not None and row.day in rows:
            problem = f"{row.day.isoformat()} 重复"
        if problem:
            problems.append(f"第 {number} 行：{problem}")
        elif row is not None:
            rows[row.day] = row
    national_day = rows.get(dt.date(year, 10, 1))
    if not problems and (national_day is None or national_day.is_workday):
        problems.append(f"缺少 {year} 年 10 月 1 日的放假安排，这不是完整的全年安排。")
    return Decree(() if problems else tuple(rows[day] for day in sorted(rows)), tuple(problems))


def _records(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    lines = list(csv.reader(io.StringIO(text.replace("，", ",").replace("\t", ","))))
    columns: tuple[str, ...] = _COLUMNS
    for number, cells in enumerate(lines, 1):
        values = [cell.strip().lstrip("\ufeff") for cell in cells]
        if not any(values):
            continue
        if "day" in values and "kind" in values:
            columns = tuple(values)
            continue
        yield number, dict(zip(columns, values, strict=False))


def _row(record: dict[str, str], *, year: int, notice: str) -> tuple[DayRow | None, str]:
    kind, name = record.get("kind", ""), record.get("name", "")
    try:
        day = dt.date.fromisoformat(record.get("day", ""))
    except ValueError:
        return None, "日期应写成 2027-01-01"
    if kind not in _KINDS:
        return None, "类别应为“放假”或者“上班”"
    if not name:
        return None, "缺少节日名称"
    if day.year != year and (day.year, day.month) != (year - 1, 12):
        return None, f"{day.isoformat()} 不属于 {year} 年的安排"
    if _KINDS[kind] and day.weekday() < 5:
        return None, f"{day.isoformat()} 本来就是工作日，调休上班应在周末"
    return DayRow(day, _KINDS[kind], name[:40], notice), ""
