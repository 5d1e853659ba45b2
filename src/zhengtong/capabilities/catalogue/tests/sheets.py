"""Workbooks as offices make them, for tests of the import: rows as lists, with what makes trouble."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Font

from zhengtong.capabilities.catalogue import rules
from zhengtong.capabilities.catalogue.engine.departments import Directory, Unit
from zhengtong.capabilities.catalogue.engine.judging import Judgement, Options, judge
from zhengtong.capabilities.catalogue.engine.reading import read_book
from zhengtong.capabilities.identity.rules import parse_aliases

HEAD = ["序号", "事项名称", "事项类型", "实施部门", "设定依据", "法定时限", "承诺时限"]
STRUCK = Font(strike=True)
ORGANISATIONS = Path(__file__).parents[3] / "entry" / "demo" / "data" / "organisations.csv"


def directory(chosen: dict[str, str] | None = None) -> Directory:
    """The units of the demonstration county, without a database."""
    with ORGANISATIONS.open(encoding="utf-8", newline="") as file:
        return Directory([unit_of(row) for row in csv.DictReader(file)], chosen)


def unit_of(row: dict[str, str]) -> Unit:
    return Unit(
        code=row["org_code"],
        name=row["name"],
        short_name=row["short_name"],
        aliases=tuple(alias.name for alias in parse_aliases(row["aliases"])),
        parent_code=row["parent_org_code"],
        active=row["status"] == "在用",
        heir=row["successor_org_code"],
        uscc=row["uscc"],
        major=row["level"] == "县级" or row["kind"] == "乡镇人民政府",
    )


def book(*sheets: tuple[str, Iterable[Sequence[Any]]]) -> openpyxl.Workbook:
    """A workbook of sheets given as rows."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return made


def saved(made: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def text(rows: Iterable[Sequence[Any]], *, encoding: str = "utf-8", separator: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(encoding)


def judged(data: bytes | openpyxl.Workbook, name: str = "list.xlsx", **options: Any) -> Judgement:
    raw = saved(data) if isinstance(data, openpyxl.Workbook) else data
    return judge(read_book(raw, name), directory(), Options(longer=rules.surely_longer, **options))


def item(number: int, name: str, statutory: Any = "20个工作日", promised: Any = "8个工作日", **more: Any) -> list[Any]:
    """One row below ``HEAD``."""
    return [
        more.get("serial", number),
        name,
        more.get("kind", "行政许可"),
        more.get("department", "县民政局"),
        more.get("basis", "行政许可法 第十二条"),
        statutory,
        promised,
    ]


def told(judgement: Judgement) -> list[tuple[int, str, str]]:
    """Row, verdict and name of every line."""
    return [(line.row, line.verdict, line.name) for line in judgement.lines]


def codes(judgement: Judgement, row: int) -> set[str]:
    """Problem codes of one row."""
    return {problem.code for line in judgement.lines if line.row == row for problem in line.problems}


def limits(judgement: Judgement) -> dict[int, tuple[str, str]]:
    """Both limits of every item row as text; ``?`` for one that was not read."""
    return {
        line.row: tuple(limit.text if limit else "?" for limit in (line.content.statutory, line.content.promised))  # type: ignore[misc]  # limits are checked one line above
        for line in judgement.lines
        if line.verdict != "skipped"
    }
