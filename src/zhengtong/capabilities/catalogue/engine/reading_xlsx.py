"""XLSX files: size checked before anything is unpacked into memory, then cells with merging, strike and hiding."""

import datetime as dt
import io
import re
import warnings
import zipfile
from typing import Any

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.worksheet.worksheet import Worksheet

from zhengtong.capabilities.catalogue.engine.grid import EMPTY, MAX_COLUMNS, MAX_ROWS, Book, Cell, Sheet, Unreadable
from zhengtong.capabilities.catalogue.engine.limits import Value

_MAX_UNPACKED = 120 * 1024 * 1024
_MAX_CELLS = 800_000  # openpyxl keeps every formatted cell, also the empty ones
_CHUNK = 1 << 20
_CELL, _ROW_WITH_CELLS = re.compile(rb"<(?:x:)?c[ >]"), re.compile(rb"<(?:x:)?row[ >][^>]*[^/]>\s*<(?:x:)?c[ >]")
_UNIT_FORMAT = re.compile(r"(?:0_? ?|#+0?|General|G/通用格式) ?(?P<unit>个?(?:工作|自然)?[日天]|个月|个?小时)")
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def read_xlsx(data: bytes) -> Book:
    """All sheets of a workbook; raises Unreadable."""
    macros = _checked(data)
    book = load(data, rich_text=True)
    sheets = [_sheet(sheet) for sheet in book.worksheets]
    if any(cell.formula for sheet in sheets for cells in sheet.rows.values() for cell in cells):
        _show_results(sheets, load(data, data_only=True))
    remarks = ["文件带有宏，宏没有运行，只读取了单元格。"] if macros else []
    return Book("xlsx", sheets, remarks)


def load(data: bytes, **options: Any) -> openpyxl.Workbook:
    """The workbook as openpyxl sees it; raises Unreadable for one it cannot open."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # extensions openpyxl does not know, such as drop-down lists of newer versions
        try:
            return openpyxl.load_workbook(io.BytesIO(data), keep_links=False, **options)
        except Exception as error:
            raise Unreadable("文件已损坏，打不开。请在表格软件里重新另存为 .xlsx 后再上传。") from error


def _checked(data: bytes) -> bool:
    """Refuse archives that unpack into too much, and documents with entities; tell whether there are macros."""
    unpacked = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            if entry.flag_bits & 1:
                raise Unreadable("文件设了密码，读不出内容。请取消密码后再上传。")
            if entry.filename.endswith((".xml", ".rels")):
                unpacked += _checked_part(archive, entry, _MAX_UNPACKED - unpacked)
        return any(name.endswith("vbaProject.bin") for name in archive.namelist())


def _checked_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> int:
    size = cells = rows = 0
    is_sheet = "worksheets/" in entry.filename
    tail = b""
    try:
        with archive.open(entry) as part:
            while chunk := part.read(_CHUNK):
                size += len(chunk)
                if size > room:
                    raise Unreadable("文件解压后过大，没有读取。请删去图片和无关的工作表后再上传。")
                if _ENTITY.search(tail + chunk):
                    raise Unreadable("文件含有不安全的定义，没有读取。请在表格软件里重新另存为 .xlsx 后再上传。")
                if is_sheet:
                    cells += len(_CELL.findall(chunk))
                    rows += len(_ROW_WITH_CELLS.findall(chunk))
                tail = chunk[-16:]
                _few_enough(rows, cells)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as error:
        raise Unreadable("文件已损坏，打不开。请在表格软件里重新另存为 .xlsx 后再上传。") from error
    return size


def _few_enough(rows: int, cells: int) -> None:
    if rows > MAX_ROWS:
        raise Unreadable(f"表格超过 {MAX_ROWS} 行。请按部门拆成几个文件，并删去表格下方带格式的空行后再上传。")
    if cells > _MAX_CELLS:
        raise Unreadable("表格的单元格太多。请删去表格右侧和下方带格式的空行空列后再上传。")


def _sheet(sheet: Worksheet) -> Sheet:
    width = min(sheet.max_column, MAX_COLUMNS)
    rows: dict[int, tuple[Cell, ...]] = {}
    for number, line in enumerate(sheet.iter_rows(max_row=min(sheet.max_row, MAX_ROWS), max_col=width), start=1):
        if any(cell.value is not None for cell in line):
            rows[number] = tuple(_cell(cell, number, column) for column, cell in enumerate(line, start=1))
    _spread_merged(sheet, rows, width)
    columns = frozenset(
        column - 1
        for letter, dimension in sheet.column_dimensions.items()
        if dimension.hidden
        for column in range(dimension.min or 0, min((dimension.max or 0), MAX_COLUMNS) + 1)
        if letter
    )
    return Sheet(
        name=sheet.title,
        rows=rows,
        width=width,
        visible=sheet.sheet_state == "visible",
        hidden_rows=_hidden_rows(sheet),
        hidden_columns=columns,
    )


def _cell(cell: Any, row: int, column: int) -> Cell:
    value = cell.value
    if value is None:
        return Cell(None, (row, column))
    struck_all = bool(cell.font is not None and cell.font.strike)
    struck_text = ""
    if isinstance(value, CellRichText):
        value, struck_text, struck_all = _rich(value, struck_all=struck_all)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = _with_unit(value, str(cell.number_format))
    formula = cell.data_type == "f" or (isinstance(value, str) and value.startswith("=") and len(value) > 1)
    if formula and not isinstance(value, str):
        value = str(getattr(value, "text", "") or "=")
    return Cell(value, (row, column), formula=formula, struck=struck_all, struck_text=struck_text)


def _with_unit(value: float, number_format: str) -> Value:
    """The words a format shows behind a whole number (0"个工作日"): they are what the office reads and means."""
    shown = _UNIT_FORMAT.fullmatch(re.sub(r'["\\]', "", number_format.partition(";")[0]).strip())
    return f"{int(value)}{shown['unit']}" if shown and float(value).is_integer() else value


def _rich(value: CellRichText, *, struck_all: bool) -> tuple[Value, str, bool]:
    kept: list[str] = []
    struck: list[str] = []
    for piece in value:
        if isinstance(piece, TextBlock):
            (struck if piece.font.strike else kept).append(piece.text)
        else:
            (struck if struck_all else kept).append(str(piece))
    left, gone = "".join(kept), "".join(struck)
    if not left.strip():
        return gone, "", bool(gone.strip())
    return left, gone.strip(), False


def _spread_merged(sheet: Worksheet, rows: dict[int, tuple[Cell, ...]], width: int) -> None:
    for merged in sheet.merged_cells.ranges:
        top, left = merged.min_row, merged.min_col
        if left > width or top not in rows:
            continue
        source = rows[top][left - 1]
        for number in range(top, min(merged.max_row, MAX_ROWS) + 1):
            line = list(rows.get(number, (EMPTY,) * width))
            for column in range(left, min(merged.max_col, width) + 1):
                line[column - 1] = source
            rows[number] = tuple(line)


def _hidden_rows(sheet: Worksheet) -> dict[int, str]:
    filtered = bool(sheet.auto_filter and sheet.auto_filter.filterColumn)
    found = {}
    for number, dimension in sheet.row_dimensions.items():
        if dimension.hidden or dimension.height == 0:
            found[number] = "filter" if filtered else "group" if dimension.outlineLevel else "hand"
    return found


def _show_results(sheets: list[Sheet], results: openpyxl.Workbook) -> None:
    """Put the result a formula had when the file was saved beside it, as text, so that a report can show it."""
    for sheet in sheets:
        shown = results[sheet.name]
        for number, cells in sheet.rows.items():
            if any(cell.formula for cell in cells):
                sheet.rows[number] = tuple(
                    Cell(_result(shown, cell), cell.origin, formula=True, struck=cell.struck) if cell.formula else cell
                    for cell in cells
                )


def _result(shown: Worksheet, cell: Cell) -> Value:
    result = shown.cell(*cell.origin).value
    return result if isinstance(result, str | int | float | dt.date | dt.time | dt.timedelta) else cell.value
