"""A workbook of yearly targets as rows of texts; refuses what is no workbook or far too large."""

import io
import zipfile
from collections.abc import Mapping, Sequence

import python_calamine

MOST_BYTES = 2 * 1024 * 1024
_MOST_UNPACKED = 30 * 1024 * 1024
MOST_ROWS = 2000


class UnreadableSheet(Exception):
    """Why a workbook cannot be read, in a Chinese sentence."""


def read_rows(data: bytes, columns: Mapping[str, str]) -> list[tuple[int, dict[str, str]]]:
    """Line number and texts by key of the first sheet; ``columns`` are key → heading, all of them must be there.

    Raises UnreadableSheet.
    """
    grid = _grid(data)
    head = next((place for place, line in enumerate(grid) if any(line)), None)
    if head is None:
        raise UnreadableSheet("表格是空的。请下载模板，填好以后再导入。")
    places = {heading: place for place, heading in enumerate(grid[head]) if heading}
    missing = [heading for heading in columns.values() if heading not in places]
    if missing:
        raise UnreadableSheet(f"表头缺少：{'、'.join(missing)}。请使用下载的模板，不要改动表头。")
    lines = [(number, line) for number, line in enumerate(grid[head + 1 :], head + 2) if any(line)]
    if not lines:
        raise UnreadableSheet("表头下面没有内容。")
    if len(lines) > MOST_ROWS:
        raise UnreadableSheet(f"一次最多导入 {MOST_ROWS} 行，请分几次导入。")
    return [(number, {key: _at(line, places[heading]) for key, heading in columns.items()}) for number, line in lines]


def _at(line: Sequence[str], place: int) -> str:
    return line[place] if place < len(line) else ""


def _grid(data: bytes) -> list[list[str]]:
    if len(data) > MOST_BYTES:
        raise UnreadableSheet("文件超过 2 MB。请只保留要导入的表格。")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(one.file_size for one in archive.infolist()) > _MOST_UNPACKED:
                raise UnreadableSheet("文件解开以后过大。请只保留要导入的表格。")
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        lines = book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=MOST_ROWS + 50)
    except UnreadableSheet:
        raise
    except (zipfile.BadZipFile, python_calamine.CalamineError, ValueError, IndexError, OSError) as error:
        raise UnreadableSheet("这不是能打开的 xlsx 表格。请另存为 xlsx 后再导入。") from error
    return [[_text(cell) for cell in line] for line in lines]


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return str(cell).strip()
