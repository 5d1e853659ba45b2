"""The list goes back to its office: its own layout, with the verdict and the reasons beside every row."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from zhengtong.capabilities.catalogue.engine.grid import Book
from zhengtong.capabilities.catalogue.engine.reading import read_book
from zhengtong.capabilities.catalogue.engine.reading_xlsx import load

VERDICT, REASONS = "核对结果", "原因和处理办法"
VERDICTS = {"accepted": "可以导入", "duplicate": "重复，未导入", "held": "退回核实", "skipped": "不是事项，跳过"}
_FILLS = {
    "held": PatternFill("solid", fgColor="F8D7DA"),
    "duplicate": PatternFill("solid", fgColor="FFF3CD"),
}
_SEVERITIES = {"hold": "退回", "warn": "请确认", "info": "说明", "skip": "跳过"}
_WIDEST = 60
_LOOKED_AT = 200  # rows below the heading that show which columns are in use


def returned_book(content: bytes, name: str, lines: Iterable[Mapping[str, Any]], headings: Mapping[str, int]) -> bytes:
    """The file as an XLSX workbook with two columns added to every sheet that was read.

    ``lines`` are objects of sheet, row, verdict and problems (severity, message); ``headings`` the last heading row of
    each sheet. Rows to be mended are coloured and say so in words.
    """
    book = read_book(content, name)
    made = load(content, rich_text=True) if book.kind == "xlsx" else _copied(book)
    by_sheet: dict[str, list[Mapping[str, Any]]] = {}
    for line in lines:
        by_sheet.setdefault(line["sheet"], []).append(line)
    for sheet, rows in by_sheet.items():
        _annotate(made[sheet], rows, headings.get(sheet, 1))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _annotate(sheet: Worksheet, lines: Sequence[Mapping[str, Any]], heading: int) -> None:
    first = _place_for_words(sheet, max(heading, 1))
    bold, wrap = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    for column, text in (
        ((first, VERDICT), (first + 1, REASONS)) if heading else ()
    ):  # a sheet that only goes on has none
        cell = sheet.cell(heading, column, text)
        cell.font = bold
    sheet.column_dimensions[get_column_letter(first)].width = 14
    sheet.column_dimensions[get_column_letter(first + 1)].width = _WIDEST
    for line in lines:
        verdict = line["verdict"]
        if verdict == "skipped" and not _worth_telling(line):
            continue
        sheet.cell(line["row"], first, VERDICTS[verdict]).alignment = wrap
        sheet.cell(line["row"], first + 1, _reasons(line)).alignment = wrap
        if fill := _FILLS.get(verdict):
            for column in range(1, first + 2):
                sheet.cell(line["row"], column).fill = fill


def _place_for_words(sheet: Worksheet, heading: int) -> int:
    """The columns of a former return are written over, else two are added behind the last one."""
    for column in range(1, sheet.max_column + 1):
        if sheet.cell(heading, column).value == VERDICT:
            return column
    rows = range(heading, min(sheet.max_row, heading + _LOOKED_AT) + 1)
    used = (
        column
        for column in range(sheet.max_column, 0, -1)
        if any(sheet.cell(row, column).value is not None for row in rows)
    )
    merged: list[int] = [area.max_col for area in sheet.merged_cells.ranges if area.max_row >= heading]
    return max([next(used, 0), *merged]) + 1


def _worth_telling(line: Mapping[str, Any]) -> bool:
    return any(problem["code"] in ("hidden_row", "struck_through") for problem in line["problems"])


def _reasons(line: Mapping[str, Any]) -> str:
    order = {"hold": 0, "skip": 1, "warn": 2, "info": 3}
    told = sorted((p for p in line["problems"] if p["severity"] != "info"), key=lambda p: order[p["severity"]])
    return "\n".join(f"【{_SEVERITIES[p['severity']]}】{p['message']}" for p in told)


def _copied(book: Book) -> openpyxl.Workbook:
    """A workbook with the values of a file in another format; text that looks like a formula stays text."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for sheet in book.sheets:
        copy = made.create_sheet(sheet.name[:31] or "Sheet")
        copy.sheet_state = "visible" if sheet.visible else "hidden"
        for number, cells in sheet.rows.items():
            for column, cell in enumerate(cells, start=1):
                if cell.origin == (number, column) and cell.value is not None:
                    target = copy.cell(number, column, cell.value)
                    if isinstance(cell.value, str):
                        target.data_type = "s"
    return made
