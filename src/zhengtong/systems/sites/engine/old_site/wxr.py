"""What WordPress exports (WXR, an RSS file): published posts and pages, an item at a time."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from lxml import etree

from zhengtong.systems.sites.engine.old_site.pages import MOST_HTML, Found, OldPage, Unreadable
from zhengtong.systems.sites.engine.old_site.tables import paragraphs

_WP: Final = re.compile(r"^\{http://wordpress\.org/export/[\d.]+/\}")
_CONTENT: Final = "{http://purl.org/rss/1.0/modules/content/}encoded"
_EXCERPT: Final = re.compile(r"^\{http://wordpress\.org/export/[\d.]+/excerpt/\}encoded$")
_CREATOR: Final = "{http://purl.org/dc/elements/1.1/}creator"
#: marks of programs inside the text, with what they hold kept
_SHORTCODE: Final = re.compile(r"\[/?(?:caption|gallery|embed|audio|video|playlist|wp_\w+|vc_\w+|et_pb_\w+)\b[^\]]*\]")


def read_wxr(path: Path, *, start: int = 0) -> Iterator[tuple[int, Found]]:
    """The posts and pages, each with its number; a file that is cut says where. Raises Unreadable for what is none."""
    with path.open("rb") as source:
        yield from _read(source, start)


def _read(source: IO[bytes], start: int) -> Iterator[tuple[int, Found]]:
    number = 0
    try:
        items = etree.iterparse(
            source, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        for event, element in items:
            if event == "start":
                if number == 0 and element.getparent() is None and element.tag != "rss":
                    raise Unreadable("文件不是 WordPress 的导出文件（WXR），没有读取。")
                continue
            if element.tag != "item":
                continue
            number += 1
            if number >= start:
                found = _page(element)
                if found is not None:
                    yield number, found
            _forget(element)
    except (etree.XMLSyntaxError, OSError) as error:
        if not number:
            raise Unreadable("导出文件已损坏，或者不是 WordPress 的导出文件（WXR）。") from error
        yield number + 1, OldPage(gone=f"导出文件在第 {number} 项以后断开或者损坏，后面的内容读不到；前面的照常导入。")


def _page(item: Any) -> OldPage | None:
    """A published post or page; None for menus, revisions and files."""
    said = {_plain(child.tag): (child.text or "").strip() for child in item if isinstance(child.tag, str)}
    if said.get("wp:post_type", "post") not in {"post", "page"}:
        return None
    title, address = said.get("title", ""), said.get("link", "") or said.get("guid", "")
    if said.get("wp:status", "publish") != "publish":
        return OldPage(address=address, title=title, gone="没有公开发布（草稿、私密或者待审），没有导入。")
    if said.get("wp:post_password"):
        return OldPage(address=address, title=title, gone="设有访问密码，没有导入。")
    text = said.get("content", "")
    if len(text) > MOST_HTML:
        return OldPage(address=address, title=title, gone="正文超过 5 MB，没有读取。")
    columns = [child.text for child in item.iterfind("category") if child.get("domain") == "category" and child.text]
    return OldPage(
        address=address,
        title=title,
        day=said.get("wp:post_date", "") or said.get("pubDate", ""),
        author=said.get("author", ""),
        column=columns[0].strip() if columns else "",
        summary=said.get("excerpt", ""),
        html=paragraphs(_SHORTCODE.sub("", text)),
    )


def _plain(tag: str) -> str:
    if tag == _CONTENT:
        return "content"
    if tag == _CREATOR:
        return "author"
    return "excerpt" if _EXCERPT.match(tag) else _WP.sub("wp:", tag)


def _forget(element: Any) -> None:
    """Let go of what was read, or a long file fills the memory."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
