"""A crawl: the files of an old site as a mirroring program laid them down, below the name of its host."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from zhengtong.systems.sites.engine.old_site.coding import NotText, decode
from zhengtong.systems.sites.engine.old_site.holdings import Holding, Refused
from zhengtong.systems.sites.engine.old_site.pages import MOST_HTML, Found, OldPage
from zhengtong.systems.sites.engine.old_site.picking import Picker

_PAGES: Final = re.compile(
    r"(?:^|/)[^/.]+$|\.(?:s?html?|xhtml|aspx?|jspx?|php|do|action|cfm)(?:[?@][^/]*)?$", re.IGNORECASE
)
_HOST: Final = re.compile(r"(?:[a-z0-9-]+\.)+[a-z0-9-]{2,}(?::\d+)?", re.IGNORECASE)
_MIRRORED: Final = re.compile(r"<!-- Mirrored from ([^\s<>]{4,1000}) by HTTrack")
_HTML: Final = re.compile(rb"<(?:!doctype|html|head|body|meta|title|div|p|table)\b", re.IGNORECASE)
_ENDED: Final = re.compile(r"((?:aspx?|jspx?|php|do|action)[?@][^/]*)\.html?$", re.IGNORECASE)


def read_crawl(holding: Holding, picker: Picker, *, host: str = "", start: int = 0) -> Iterator[tuple[int, Found]]:
    """The pages among the files, each with its place; ``host`` is that of files which lie below none."""
    for place, name in enumerate(holding.names()):
        if place < start or not _PAGES.search(name):
            continue
        address = address_of(name, host)
        try:
            content = holding.read(name, MOST_HTML)
            if not _HTML.search(content[:4096]):
                if name.rpartition("/")[2].count(".") == 0:
                    continue  # a file without ending that is no page
                yield place, OldPage(address=address, gone="不是网页：文件里没有网页的标记。")
                continue
            text = decode(content)
        except Refused as refusal:
            yield place, OldPage(address=address, gone=str(refusal))
        except NotText:
            yield place, OldPage(address=address, gone="编码无法识别：不是 UTF-8、GB18030 或 Big5 的文字。")
        else:
            mirrored = _MIRRORED.search(text)
            yield place, picker.page(f"http://{mirrored[1]}" if mirrored else address, text)


def address_of(name: str, host: str) -> str:
    """The old address of a file."""
    first, _slash, rest = name.partition("/")
    if not (rest and _HOST.fullmatch(first)):
        first, rest = host, name
    rest = _ENDED.sub(r"\1", rest).replace("@", "?", 1) if "?" not in rest else _ENDED.sub(r"\1", rest)
    path, mark, asked = rest.partition("?")
    return f"http://{first or '-'}/{quote(path)}{mark}{asked}"
