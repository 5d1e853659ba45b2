"""Opening the file of an office: what it is by its content, never by its name alone."""

import csv
import io
import zipfile
from collections import Counter

import python_calamine

from zhengtong.capabilities.catalogue.engine.grid import MAX_COLUMNS, MAX_ROWS, Book, Cell, Sheet, Unreadable
from zhengtong.capabilities.catalogue.engine.reading_xlsx import read_xlsx

MAX_BYTES = 20 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_FORMATS = "请上传 .xlsx、.xls 或 .csv 文件。"


def read_book(data: bytes, name: str = "") -> Book:
    """The sheets of a file; raises Unreadable with a sentence for a file that is no list, too large or locked."""
    if not data:
        raise Unreadable("文件是空的。请确认文件保存完好后再上传。")
    if len(data) > MAX_BYTES:
        raise Unreadable(f"文件有 {len(data) // 1024 // 1024} MB，超过 20 MB。请删去图片和无关的工作表后再上传。")
    if data.startswith(b"PK"):
        return _zipped(data)
    if data.startswith(_OLE):
        return _old(data)
    if data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8", b"{\\rtf")):
        raise Unreadable(f"这不是表格文件。{_FORMATS}")
    if data.lstrip()[:200].lower().startswith((b"<!doctype html", b"<html", b"<?xml")):
        raise Unreadable("这是另存为网页或 XML 的表格。请在表格软件里另存为 .xlsx 后再上传。")
    return _separated(data, name)


def _zipped(data: bytes) -> Book:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile as error:
        raise Unreadable("文件已损坏，打不开。请在表格软件里重新另存为 .xlsx 后再上传。") from error
    if "xl/workbook.xml" in names or any(name.startswith("xl/worksheets/") for name in names):
        return read_xlsx(data)
    if "word/document.xml" in names:
        raise Unreadable(f"这是文字文档，不是表格。请把表格复制到表格软件里保存，{_FORMATS}")
    if "content.xml" in names or "xl/workbook.bin" in names:
        return _by_calamine(data, "ods")
    raise Unreadable(f"这是压缩包或者别的文件，不是表格。{_FORMATS}")


def _old(data: bytes) -> Book:
    if _ENCRYPTED in data:
        raise Unreadable("文件设了打开密码，读不出内容。请在表格软件里取消密码后再上传。")
    return _by_calamine(data, "xls")


def _by_calamine(data: bytes, kind: str) -> Book:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        metadata = {entry.name: entry for entry in book.sheets_metadata}
        sheets = [_old_sheet(book.get_sheet_by_name(name), metadata[name]) for name in book.sheet_names]
    except python_calamine.PasswordError as error:
        raise Unreadable("文件设了打开密码，读不出内容。请在表格软件里取消密码后再上传。") from error
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise Unreadable("文件已损坏，或者不是表格文件。请在表格软件里另存为 .xlsx 后再上传。") from error
    remark = "旧格式文件读不出删除线、隐藏行和公式；如果用到了这些，请另存为 .xlsx 后再上传。"
    return Book(kind, sheets, [remark])


def _old_sheet(sheet: python_calamine.CalamineSheet, metadata: python_calamine.SheetMetadata) -> Sheet:
    values = sheet.to_python(skip_empty_area=False, nrows=MAX_ROWS + 1)
    _within_limits(len(values))
    merged = {
        (row + 1, column): (top + 1, left + 1)
        for (top, left), (bottom, right) in (sheet.merged_cell_ranges or [])
        for row in range(top, min(bottom, MAX_ROWS) + 1)
        for column in range(left, min(right, MAX_COLUMNS) + 1)
    }
    rows = {}
    for number, line in enumerate(values, start=1):
        cells = []
        for column, value in enumerate(line[:MAX_COLUMNS]):
            origin = merged.get((number, column), (number, column + 1))
            shown = values[origin[0] - 1][origin[1] - 1] if origin != (number, column + 1) else value
            cells.append(Cell(None if shown == "" else shown, origin))
        rows[number] = tuple(cells)
    visible = metadata.visible == python_calamine.SheetVisibleEnum.Visible
    width = max((len(cells) for cells in rows.values()), default=0)
    return Sheet(sheet.name, rows, width, visible=visible)


def _separated(data: bytes, name: str) -> Book:
    text = _decoded(data)
    lines = text.splitlines()[:50]
    if "\x00" in text or not lines:
        raise Unreadable(f"这不是表格文件。{_FORMATS}")
    counts = Counter({mark: sum(line.count(mark) for line in lines) for mark in ",\t;|"})
    separator, times = counts.most_common(1)[0]
    if not times:
        raise Unreadable("文件里没有分列符号，看不出各列。请用表格软件另存为 .xlsx 或逗号分隔的 .csv 后再上传。")
    rows = {}
    try:
        for number, line in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), start=1):
            _within_limits(number)
            rows[number] = tuple(
                Cell(value or None, (number, column + 1), formula=_is_formula(value))
                for column, value in enumerate(line[:MAX_COLUMNS])
            )
    except csv.Error as error:
        raise Unreadable("逗号分隔文件里的引号不成对，分不清各列。请用表格软件另存为 .xlsx 后再上传。") from error
    width = max((len(cells) for cells in rows.values()), default=0)
    sheet = Sheet(name.rsplit("/", 1)[-1].rsplit(".", 1)[0] or "CSV", rows, width)
    return Book("csv", [sheet])


def _decoded(data: bytes) -> str:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    even, odd = data[:4000:2].count(0), data[1:4000:2].count(0)  # separators and digits of UTF-16 without its mark
    bare = "utf-16-le" if odd > even else "utf-16-be"
    encodings = ["utf-16"] if marked else [bare] if even + odd > 3 and not even * odd else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("文件的编码认不出来。请在表格软件里另存为“CSV UTF-8”或 .xlsx 后再上传。")


def _is_formula(value: str) -> bool:
    return value.startswith("=") and len(value) > 1


def _within_limits(rows: int) -> None:
    if rows > MAX_ROWS:
        raise Unreadable(f"表格超过 {MAX_ROWS} 行。请按部门拆成几个文件，并删去表格下方的空行后再上传。")
