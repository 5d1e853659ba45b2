"""Lists that were sent in, as pages show them: whose they are, their lines, what can be put right."""

import dataclasses
import uuid
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhengtong.capabilities.catalogue import engine
from zhengtong.capabilities.catalogue.constants import LineVerdict
from zhengtong.capabilities.catalogue.models import ItemList, ItemListLine
from zhengtong.capabilities.catalogue.permissions import importing_unit
from zhengtong.capabilities.catalogue.selectors.imports import Choices, judge_file
from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of

_SAMPLES = 3
_SAMPLE_LENGTH = 40


@dataclasses.dataclass(frozen=True)
class ColumnView:
    """A column of a sheet with some of its cells and the element it is taken for (empty: none)."""

    letter: str
    heading: str
    key: str
    element: str
    score: float
    samples: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class SheetView:
    """A sheet of a list as it is read, or why it is not."""

    name: str
    read: bool
    reason: str
    ignored: bool
    heading_row: int
    power_type: str
    columns: tuple[ColumnView, ...]


@dataclasses.dataclass(frozen=True)
class DepartmentView:
    """A department as the list writes it, the unit it was taken for, and what else it may be."""

    written: str
    key: str
    lines: int
    code: str
    name: str
    reason: str
    proposals: tuple[tuple[str, str], ...]


def lists_of(actor: Actor, page: object = 1) -> Page[Any]:
    """Lists in the actor's reach, the newest first: a page of ``ItemList``; raises NotPermitted."""
    return page_of(_reach(actor).order_by("-created_at", "-id"), page)


def list_of(actor: Actor, list_id: uuid.UUID) -> ItemList:
    """A list in the actor's reach; raises NotFound, NotPermitted."""
    row = _reach(actor).select_related("file").filter(pk=list_id).first()
    if row is None:
        raise NotFound(_("没有这张事项表，或者它不是您单位导入的。"))
    return row


def lines_of(row: ItemList, *, verdict: str = "", code: str = "", outcome: str = "", page: object = 1) -> Page[Any]:
    """Lines of a list in their order, narrowed to a verdict, a problem code, what they (will) do."""
    lines = ItemListLine.objects.filter(item_list=row).order_by("place")
    if verdict in LineVerdict.values:
        lines = lines.filter(verdict=verdict)
    if code in engine.CODES:
        lines = lines.filter(problems__contains=[{"code": code}])
    if outcome:
        lines = lines.filter(outcome=outcome) if row.entered_at else lines.filter(planned=outcome)
    return page_of(lines, page, size=50)


def report_of(row: ItemList) -> dict[str, Any]:
    """The report of a list as plain values, as the command writes it."""
    _file, content = storage.read(tenant=row.tenant, file_id=row.file_id)
    judgement, _directory = judge_file(
        tenant=row.tenant,
        content=content,
        name=row.file_name,
        choices=Choices.of(row.choices),
        own_unit=row.org_code,
    )
    report = judgement.as_json()
    report["summary"]["items"] = row.summary.get("items", {})
    return report


def returned(row: ItemList) -> bytes:
    """The list with verdict and reasons beside every row, as a workbook."""
    _file, content = storage.read(tenant=row.tenant, file_id=row.file_id)
    lines = [
        {"sheet": line.sheet, "row": line.row, "verdict": line.verdict, "problems": line.problems}
        for line in ItemListLine.objects.filter(item_list=row).order_by("place")
    ]
    return engine.returned_book(content, row.file_name, lines, row.summary.get("headings", {}))


def sheets_of(row: ItemList) -> list[SheetView]:
    """How the sheets and columns of a list are read, with samples."""
    _file, content = storage.read(tenant=row.tenant, file_id=row.file_id)
    choices = Choices.of(row.choices)
    book = engine.read_book(content, row.file_name)
    judgement, _directory = judge_file(
        tenant=row.tenant, content=content, name=row.file_name, choices=choices, own_unit=row.org_code
    )
    sheets = {sheet.name: sheet for sheet in book.sheets}
    return [_sheet_view(sheets[report.name], report, choices) for report in judgement.sheets]


def departments_of(row: ItemList) -> list[DepartmentView]:
    """The departments of a list as written, those without a unit first."""
    _file, content = storage.read(tenant=row.tenant, file_id=row.file_id)
    judgement, _directory = judge_file(
        tenant=row.tenant,
        content=content,
        name=row.file_name,
        choices=Choices.of(row.choices),
        own_unit=row.org_code,
    )
    matches: dict[str, engine.Match] = {}
    counts: Counter[str] = Counter()
    for line in judgement.lines:
        if line.content.match is not None:
            key = engine.key(line.content.match.written)
            counts[key] += 1
            matches.setdefault(key, line.content.match)
    found = [
        DepartmentView(
            written=" ".join(match.written.split()),
            key=key,
            lines=counts[key],
            code=match.unit.code if match.unit else "",
            name=match.unit.name if match.unit else "",
            reason=match.reason,
            proposals=tuple((each.unit.code, f"{each.unit.name}（{each.reason}）") for each in match.proposals),
        )
        for key, match in matches.items()
    ]
    return sorted(found, key=lambda view: (bool(view.code), -view.lines))


def _sheet_view(sheet: engine.Sheet, report: engine.SheetReport, choices: Choices) -> SheetView:
    first = report.headings[0] if report.headings else (0, 0)
    seen: set[str] = set()
    columns = []
    for table, (_top, bottom) in zip(report.columns, report.headings, strict=True):
        for column in table:
            key = engine.key(column.heading)
            if key not in seen:
                seen.add(key)
                samples = _samples(sheet, column.place, bottom)
                columns.append(ColumnView(column.letter, column.heading, key, column.element, column.score, samples))
    return SheetView(
        name=report.name,
        read=report.read,
        reason=report.reason,
        ignored=report.name in choices.ignored,
        heading_row=choices.heading_rows.get(report.name, first[0]),
        power_type=choices.types.get(report.name, ""),
        columns=tuple(columns),
    )


def _samples(sheet: engine.Sheet, place: int, heading: int) -> tuple[str, ...]:
    found: list[str] = []
    for row in range(heading + 1, sheet.last_row + 1):
        text = " ".join(sheet.cell(row, place).text.split())[:_SAMPLE_LENGTH]
        if len(sheet.texts(row)) == 1:  # a total or a heading across the table
            continue
        if text and text not in found:
            found.append(text)
        if len(found) == _SAMPLES:
            break
    return tuple(found)


def _reach(actor: Actor) -> "QuerySet[ItemList]":
    own_unit = importing_unit(actor)
    rows = ItemList.objects.filter(tenant=actor.tenant)
    return rows.filter(org_code=own_unit) if own_unit else rows


def codes_in(row: ItemList) -> Sequence[tuple[str, str, str, int]]:
    """(code, severity, explanation, how often) of the problems of a list, the weighty ones first."""
    order = {"hold": 0, "warn": 1, "skip": 2, "info": 3}
    counts: dict[str, int] = row.summary.get("problems", {})
    found = [(code, *engine.CODES[code], count) for code, count in counts.items() if code in engine.CODES]
    return sorted(found, key=lambda each: (order[each[1]], -each[3]))
