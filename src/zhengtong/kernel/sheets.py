"""Lists as spreadsheets: XLSX and CSV that no program takes for formulas, and that open with Chinese letters."""

import csv
import dataclasses
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
_HEAD = PatternFill("solid", fgColor="E8EEF4")
_LONGEST = 32_767  # characters a cell may hold
_WIDEST = 48
_LONGEST_TITLE = 31
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]+")
# with the full-width forms, which office programs set to Chinese take for the same signs
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclasses.dataclass(frozen=True)
class Sheet:
    """A sheet: its title (cut to what a workbook takes), ``columns`` key → heading, rows as mappings of the keys."""

    title: str
    columns: Mapping[str, str]
    rows: Iterable[Mapping[str, Any]]


def xlsx(sheets: Sequence[Sheet]) -> bytes:
    """A workbook with a frozen heading and filters on every sheet; texts stay texts, whatever they begin with."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(_title(sheet.title))
        for number, heading in enumerate(sheet.columns.values(), start=1):
            page.column_dimensions[get_column_letter(number)].width = min(_WIDEST, 6 + 2 * len(heading))
        page.freeze_panes = "A2"
        page.append([_heading(page, heading) for heading in sheet.columns.values()])
        count = 1
        for row in sheet.rows:
            page.append([_cell(page, row.get(key)) for key in sheet.columns])
            count += 1
        page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{count}"
    found = io.BytesIO()
    book.save(found)
    return found.getvalue()


def csv_lines(sheet: Sheet) -> Iterator[str]:
    """The lines of one sheet, the first with a byte order mark so that office programs read UTF-8."""
    yield "\ufeff" + _line(sheet.columns.values())
    for row in sheet.rows:
        yield _line(_harmless(row.get(key)) for key in sheet.columns)


def _line(values: Iterable[Any]) -> str:
    found = io.StringIO()
    csv.writer(found).writerow(values)
    return found.getvalue()


def _harmless(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets an apostrophe in front."""
    return "'" + value if isinstance(value, str) and value.startswith(_ACTIVE) else value


def _title(text: str) -> str | None:
    """A title as workbooks take it: the name of a unit may hold a stroke; None for one of which nothing is left."""
    kept = _NOT_IN_TITLES.sub(" ", ILLEGAL_CHARACTERS_RE.sub("", text))
    return kept.strip(" '")[:_LONGEST_TITLE].rstrip(" '") or None


def _heading(page: Any, text: str) -> Any:
    cell = WriteOnlyCell(page, value=text)
    cell.font, cell.fill = Font(bold=True), _HEAD
    return cell


def _cell(page: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(page, value=ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST])
    cell.data_type = "s"
    if "\n" in value:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
