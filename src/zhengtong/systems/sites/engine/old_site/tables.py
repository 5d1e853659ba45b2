"""Articles as rows of a table: CSV, XLSX, and what an old database answers; headings in Chinese or English."""

import csv
import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import openpyxl

from zhengtong.systems.sites.engine.old_site.coding import NotText, guess
from zhengtong.systems.sites.engine.old_site.pages import MOST_HTML, Found, OldPage, Unreadable

_HEADINGS: Final = {
    "title": ("标题", "文章标题", "题目", "title"),
    "day": ("发布日期", "日期", "发布时间", "时间", "date", "day", "published", "pubdate"),
    "source": ("来源", "信息来源", "source"),
    "author": ("作者", "author"),
    "column": ("栏目", "栏目名称", "column", "category"),
    "address": ("网址", "链接", "地址", "url", "address", "link"),
    "html": ("正文", "内容", "文章内容", "html", "body", "content"),
    "summary": ("摘要", "summary"),
    "attachments": ("附件", "attachments", "files"),
    "number": ("编号", "id", "文章编号"),
}
_OURS: Final = {word: ours for ours, words in _HEADINGS.items() for word in words}
_LISTED: Final = re.compile(r"[|｜\n;；]+")
_HEAD_BYTES, _MOST_COLUMNS = 1 << 16, 200
_MOST_UNPACKED, _RATIO, _SMALL, _PIECE = 2 << 30, 200, 1 << 20, 1 << 16
csv.field_size_limit(MOST_HTML)


def read_csv(path: Path, *, host: str = "", start: int = 0) -> Iterator[tuple[int, Found]]:
    """The rows of a CSV in UTF-8, GB18030 or Big5. Raises Unreadable."""
    with path.open("rb") as source:
        head = source.read(_HEAD_BYTES)
    try:
        letters = guess(head)
    except NotText as error:
        raise Unreadable("表格的编码无法识别：不是 UTF-8、GB18030 或 Big5 的文字。") from error
    with path.open(encoding=letters, errors="replace", newline="") as text:
        yield from read_rows(_csv_rows(text), host=host, start=start)


def _csv_rows(text: io.TextIOBase) -> Iterator[Sequence[Any]]:
    try:
        yield from csv.reader(line.replace("\0", "") for line in text)
    except csv.Error as error:
        raise Unreadable(f"表格读不下去：{_said(error)}") from error


def read_xlsx(path: Path, *, host: str = "", start: int = 0) -> Iterator[tuple[int, Found]]:
    """The rows of the first sheet of a workbook. Raises Unreadable."""
    _check_unpacked(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions openpyxl does not know
            book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except Exception as error:
        raise Unreadable("表格已损坏，打不开。请在表格软件里重新另存为 .xlsx 后再导入。") from error
    try:
        rows = book.worksheets[0].iter_rows(max_col=_MOST_COLUMNS, values_only=True)
        yield from read_rows(rows, host=host, start=start)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, KeyError, SyntaxError) as error:
        raise Unreadable("表格已损坏，读不下去。请在表格软件里重新另存为 .xlsx 后再导入。") from error
    finally:
        book.close()


def read_rows(rows: Iterable[Sequence[Any]], *, host: str = "", start: int = 0) -> Iterator[tuple[int, Found]]:
    """Rows under a row of headings, each with its number in the table. Raises Unreadable without the headings."""
    places: dict[int, str] = {}
    for number, row in enumerate(rows, start=1):
        if not places:
            if any(cell not in (None, "") for cell in row):
                places = _places(row)
            continue
        if number >= start and any(cell not in (None, "") for cell in row):
            yield number, _page({ours: _text(row[at]) for at, ours in places.items() if at < len(row)}, number, host)
    if not places:
        raise Unreadable("表格是空的，没有表头。")


def _places(row: Sequence[Any]) -> dict[int, str]:
    said = [str(cell or "").strip().lower() for cell in row[:_MOST_COLUMNS]]
    places = {at: _OURS[word] for at, word in enumerate(said) if word in _OURS}
    missing = [_HEADINGS[ours][0] for ours in ("title", "day", "html") if ours not in places.values()]
    if missing:
        raise Unreadable(
            f"表格缺少这些列：{'、'.join(missing)}。第一行须是表头，例如：标题、发布日期、来源、栏目、网址、正文、附件。"
        )
    return places


def _page(said: dict[str, str], number: int, host: str) -> OldPage:
    address = said.get("address", "")
    if not address and said.get("number"):
        address = f"record:{said['number'][:200]}"
    elif address and "://" not in address:
        address = f"http://{host or '-'}/{address.lstrip('/')}"
    if len(said.get("html", "")) > MOST_HTML:
        return OldPage(address=address, title=said.get("title", "")[:200], gone="正文超过 5 MB，没有读取。")
    listed = [one.strip() for one in _LISTED.split(said.get("attachments", "")) if one.strip()]
    return OldPage(
        address=address,
        title=said.get("title", ""),
        day=said.get("day", ""),
        source=said.get("source", ""),
        author=said.get("author", ""),
        column=said.get("column", ""),
        summary=said.get("summary", ""),
        html=paragraphs(said.get("html", "")),
        attachments=tuple((one, one.rpartition("/")[2]) for one in listed),
    )


def paragraphs(text: str) -> str:
    """A text with paragraphs: one without any mark of them has a line for each."""
    if re.search(r"<(?:p|div|br|table|ul|ol|h[1-6]|section)\b", text, re.IGNORECASE):
        return text
    return "".join(f"<p>{line}</p>" for line in text.splitlines() if line.strip())


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime | dt.date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _check_unpacked(path: Path) -> None:
    """Refuse a workbook that unpacks into too much, counted while it is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            total = 0
            for member in archive.infolist():
                size = 0
                with archive.open(member) as part:
                    while piece := part.read(_PIECE):
                        size += len(piece)
                        if size > _SMALL and size > _RATIO * max(1, member.compress_size):
                            raise Unreadable("表格压缩得异常，像是压缩炸弹，没有读取。")
                total += size
                if total > _MOST_UNPACKED:
                    raise Unreadable("表格解开后过大，没有读取。请拆成几个文件，或者另存为 CSV。")
    # NotImplementedError: a way of packing that zipfile does not know
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise Unreadable("表格已损坏，打不开。请在表格软件里重新另存为 .xlsx 后再导入。") from error


def _said(error: Exception) -> str:
    return "有一格超过 5 MB。" if "field limit" in str(error) else "格式不对，请重新另存为 CSV。"
