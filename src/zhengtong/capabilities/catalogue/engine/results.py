"""What the judge of a list hands back: every line with its verdict, the sheets, the columns."""

import dataclasses
from collections import Counter
from typing import Any, Literal

from zhengtong.capabilities.catalogue.engine.departments import Match
from zhengtong.capabilities.catalogue.engine.headers import Column
from zhengtong.capabilities.catalogue.engine.limits import Limit
from zhengtong.capabilities.catalogue.engine.problems import Problem
from zhengtong.capabilities.catalogue.engine.values import JointEntry, MaterialEntry, StepEntry

Verdict = Literal["accepted", "duplicate", "held", "skipped"]


@dataclasses.dataclass
class Content:
    """What a line says of an item; codes are those of the catalogue, limits as read, texts tidied."""

    name: str = ""
    match: Match | None = None
    power_type: str = ""
    legal_basis: str = ""
    statutory: Limit | None = None
    promised: Limit | None = None
    code: str = ""
    basic_code: str = ""
    applicant_type: str = ""
    handling_kind: str = ""
    online_depth: str = ""
    fee: str = ""
    materials: list[MaterialEntry] = dataclasses.field(default_factory=list)
    steps: list[StepEntry] = dataclasses.field(default_factory=list)
    joint: list[JointEntry] = dataclasses.field(default_factory=list)
    texts: dict[str, str] = dataclasses.field(default_factory=dict)
    remarks: str = ""
    serial: str = ""
    stated: frozenset[str] = frozenset()  # elements the table has a column for

    @property
    def unit_code(self) -> str:
        """Code of the matched unit; empty when none is."""
        return self.match.unit.code if self.match and self.match.unit else ""


@dataclasses.dataclass
class Line:
    """One row of a table with its verdict."""

    sheet: str
    row: int
    verdict: Verdict
    problems: list[Problem]
    content: Content = dataclasses.field(default_factory=Content)
    text: str = ""
    shown_name: str = ""

    @property
    def name(self) -> str:
        """The name to report: for a duplicate the name of the item it repeats."""
        return self.shown_name or self.content.name

    @property
    def department(self) -> str:
        """Full name of the matched unit; empty when none was."""
        return self.content.match.unit.name if self.content.match and self.content.match.unit else ""

    @property
    def is_held(self) -> bool:
        """Whether any problem holds it."""
        return any(problem.severity == "hold" for problem in self.problems)


@dataclasses.dataclass(frozen=True)
class SheetReport:
    """One sheet: where its tables are and what their columns were taken for, or why it was ignored."""

    name: str
    read: bool
    reason: str = ""
    headings: tuple[tuple[int, int], ...] = ()
    columns: tuple[tuple[Column, ...], ...] = ()
    lines: int = 0


@dataclasses.dataclass
class Judgement:
    """A whole file judged; nothing has been written anywhere."""

    lines: list[Line]
    sheets: list[SheetReport]
    remarks: list[str]

    def as_json(self) -> dict[str, Any]:
        """The report: ``rows`` and ``summary`` of plain values."""
        return {"rows": [_row(line) for line in self.lines], "summary": self.summary()}

    def summary(self) -> dict[str, Any]:
        """Counts by verdict and by problem, the sheets, and the columns with what they were taken for."""
        verdicts = Counter(line.verdict for line in self.lines)
        problems = Counter(problem.code for line in self.lines for problem in line.problems)
        return {
            "rows": len(self.lines),
            **{verdict: verdicts[verdict] for verdict in ("accepted", "duplicate", "held", "skipped")},
            "problems": dict(sorted(problems.items())),
            "sheets": [
                {"sheet": sheet.name, "read": sheet.read, "reason": sheet.reason, "rows": sheet.lines}
                for sheet in self.sheets
            ],
            "columns": [
                {"sheet": sheet.name, "column": column.letter, "heading": column.heading, "element": column.element}
                for sheet in self.sheets
                for table in sheet.columns
                for column in table
            ],
            "remarks": self.remarks,
        }


def limit_json(limit: Limit | None) -> dict[str, Any]:
    """``{"value": 20, "unit": "WD"}``; both null when the limit could not be read, the unit null when not written."""
    if limit is None:
        return {"value": None, "unit": None}
    return {"value": limit.value, "unit": limit.unit or None}


def _row(line: Line) -> dict[str, Any]:
    return {
        "sheet": line.sheet,
        "row": line.row,
        "verdict": line.verdict,
        "name": line.name,
        "department": line.department,
        "statutory_limit": limit_json(line.content.statutory),
        "promised_limit": limit_json(line.content.promised),
        "problems": [
            {"code": problem.code, "field": problem.field, "message": problem.message} for problem in line.problems
        ],
    }
