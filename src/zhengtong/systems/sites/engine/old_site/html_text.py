"""The text of an old page as the parts of an article: headings, lists, tables, links, pictures; the rest is dropped.

The same structure as a text of Word keeps (``engine/word_text.py``). What is dropped is counted by what it was:
scripts, styles, foreign frames, forms, trackers, hidden text. No mark of the old page is copied: each is written anew.
"""

import collections
import dataclasses
import html
import re
from typing import Any, Final

from lxml import etree
from lxml import html as parser

from zhengtong.systems.sites.engine.old_site.addresses import DOCUMENTS, ending, host_of, joined
from zhengtong.systems.sites.engine.old_site.pages import MOST_HTML

_DEEPEST: Final = 120
_ROWS, _WIDE, _CELLS_MOST, _MOST_CELLS = 300, 20, 60_000, 60
#: element → as what it is counted when it is dropped
_DROPPED: Final = {
    **dict.fromkeys(("script", "noscript", "template"), "scripts"),
    **dict.fromkeys(("style", "link"), "styles"),
    **dict.fromkeys(("iframe", "frame", "frameset", "object", "embed", "applet", "video", "audio", "source"), "frames"),
    **dict.fromkeys(("input", "button", "select", "textarea", "option"), "forms"),
    **dict.fromkeys(("svg", "math", "canvas", "map"), "drawings"),
    **dict.fromkeys(("head", "title", "meta", "base", "param", "wbr"), ""),
}
_HEADINGS: Final = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}
_EMPHASIS: Final = {"b": "b", "strong": "b", "i": "i", "em": "i"}
_BLOCKS: Final = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "aside",
        "nav",
        "center",
        "address",
        "blockquote",
        "pre",
        "dl",
        "dt",
        "dd",
        "figure",
        "figcaption",
        "fieldset",
        "form",
        "details",
        "summary",
        "body",
        "html",
    ]
)
_TRACKERS: Final = (
    "hm.baidu.com", "cnzz.com", "51.la", "google-analytics.com", "googletagmanager.com", "doubleclick.net",
    "beacon.tingyun.com", "gov.govwza.cn", "zfwzgl.www.gov.cn", "conac.cn",
)  # fmt: skip
_HIDDEN: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$)", re.I
)
_SPACES: Final = re.compile(r"[\s\u3000\xa0\ufeff\u200b]+")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
#: where the reader gives up without a word
_STOPPED: Final = frozenset({"ERR_RESOURCE_LIMIT", "ERR_INTERNAL_ERROR", "ERR_NO_MEMORY"})
_ONE_POINT: Final = re.compile(r"\s*[01](?:px)?\s*")


@dataclasses.dataclass(frozen=True)
class CleanText:
    """Parts as (kind, value): ``text`` HTML of ours, ``table`` lines, ``picture`` (address, words).

    ``links`` are the addresses the text links to; ``dropped`` counts what was left out, by kind.
    """

    parts: tuple[tuple[str, Any], ...]
    links: tuple[str, ...]
    dropped: dict[str, int]

    @property
    def words(self) -> list[str]:
        """The text as people read it, a line a paragraph, a cell or the words of a picture."""
        said = []
        for kind, value in self.parts:
            if kind == "text":
                said += [html.unescape(re.sub(r"<[^>]+>", "", one)) for one in re.split(r"</(?:p|li|h2|h3)>", value)]
            else:
                said += [cell for line in value for cell in line.split("\t")]
        return [one for one in said if one.strip()]


def clean(markup: str, base: str = "") -> CleanText:
    """The parts of a text; ``base`` is the address its links start from. Raises ValueError for what is none."""
    root = parse(markup)
    writer = _Writer(base)
    if root is not None:
        writer.block(root, 0)
    writer.flush()
    return CleanText(tuple(writer.parts), tuple(dict.fromkeys(writer.links)), dict(writer.dropped))


def parse(markup: str) -> Any:
    """The tree of a page, without network and entities; None for an empty one, ValueError for what is too large."""
    markup = _CONTROLS.sub("", markup).strip()
    if len(markup) > MOST_HTML:
        raise ValueError("the page is too long")
    if not markup:
        return None
    # a decoded text need not follow the letters it declares; how deep and long it may be is ours to say
    markup = re.sub(r"^\s*<\?xml[^>]*\?>", "", markup)
    reader = parser.HTMLParser(no_network=True, huge_tree=True)
    try:
        root = parser.fromstring(markup, parser=reader)
    except etree.ParserError:
        return None  # nothing but remarks
    except etree.XMLSyntaxError as error:
        raise ValueError("the page is no text") from error
    if any(error.type_name in _STOPPED for error in reader.error_log):
        raise ValueError("the page is nested too deep")
    return root


class _Writer:
    """Goes through the tree once, writing paragraphs into the open text and texts into the parts."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.parts: list[tuple[str, Any]] = []
        self.links: list[str] = []
        self.dropped: collections.Counter[str] = collections.Counter()
        self._text: list[str] = []
        self._line: list[str] = []
        self._wrap, self._list = "p", ""

    def block(self, element: Any, deep: int) -> None:
        """An element and what follows inside it; too deep, only its words."""
        if deep > _DEEPEST:
            self._say(_plain(element))
            return
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or self._is_dropped(element, tag):
            return
        if tag in _HEADINGS:
            self._around(element, deep, _HEADINGS[tag])
        elif tag == "li":
            self._around(element, deep, "li")
        elif tag in {"ul", "ol"}:
            self._list_of(element, deep, tag)
        elif tag == "table":
            self._table(element, deep)
        elif tag == "img":
            self._picture(element)
        elif tag == "br":
            self._end_line()
        elif tag == "hr":
            self._end_line()
            self._open("")
            self._text.append("<hr/>")
        elif tag == "a":
            self._link(element, deep)
        elif tag in _EMPHASIS:
            self._marked(element, deep, _EMPHASIS[tag])
        elif tag in _BLOCKS:
            self._end_line()
            self._inside(element, deep)
            self._end_line()
        else:
            self._inside(element, deep)

    def flush(self) -> None:
        """Put what was written into a part."""
        self._end_line()
        self._open("")
        if self._text:
            self.parts.append(("text", "".join(self._text)))
            self._text = []

    def _inside(self, element: Any, deep: int) -> None:
        self._say(element.text)
        for child in element:
            self.block(child, deep + 1)
            self._say(child.tail)

    def _say(self, words: str | None) -> None:
        if words:
            plain = _SPACES.sub(" ", words)
            if plain.strip() or self._line:
                self._line.append(html.escape(plain, quote=False))

    def _around(self, element: Any, deep: int, wrap: str) -> None:
        self._end_line()
        before, self._wrap = self._wrap, wrap
        self._inside(element, deep)
        self._end_line()
        self._wrap = before

    def _list_of(self, element: Any, deep: int, kind: str) -> None:
        self._end_line()
        before, outer = self._list, self._wrap
        self._list, self._wrap = kind, "li"
        self._inside(element, deep)
        self._end_line()
        self._list, self._wrap = before, outer

    def _marked(self, element: Any, deep: int, tag: str) -> None:
        """Emphasis, where it stands within one line; blocks inside it lose it."""
        if any(child.tag in _BLOCKS or child.tag in {"table", "ul", "ol", "br", "img"} for child in element.iter("*")):
            self._inside(element, deep)
            return
        kept, self._line = self._line, [" "]
        self._inside(element, deep)
        words, self._line = "".join(self._line).strip(), kept
        if words:
            self._line.append(f"<{tag}>{words}</{tag}>")

    def _link(self, element: Any, deep: int) -> None:
        said = element.get("href") or ""
        address = said.strip() if re.match(r"\s*mailto:[^\s<>\"]+$", said) else joined(self.base, said)
        blocks = any(child.tag in _BLOCKS or child.tag in {"table", "img", "br"} for child in element.iter("*"))
        if not address or said.startswith("#") or blocks:
            if blocks and address and ending(address) in DOCUMENTS:
                self._offer(address, _plain(element))
                return
            self._inside(element, deep)
            return
        kept, self._line = self._line, [" "]
        self._inside(element, deep)
        words, self._line = re.sub(r"</?[a-z0-9]+[^>]*>", "", "".join(self._line)).strip(), kept
        if words:
            self._line.append(self._anchor(address, words))

    def _anchor(self, address: str, words: str) -> str:
        self.links.append(address)
        return f'<a href="{html.escape(address)}">{words}</a>'

    def _offer(self, address: str, words: str) -> None:
        plain = html.escape(_SPACES.sub(" ", words).strip() or address.rpartition("/")[2], quote=False)
        self._line.append(self._anchor(address, plain))

    def _picture(self, element: Any) -> None:
        said = element.get("src") or element.get("data-src") or element.get("data-original") or ""
        if said.strip().lower().startswith("data:"):
            self.dropped["inline_pictures"] += 1
            return
        address = joined(self.base, said)
        if not address:
            return
        self._end_line()
        self._break()
        words = _SPACES.sub(" ", element.get("alt") or element.get("title") or "").strip()
        self.parts.append(("picture", (address, words[:200])))

    def _break(self) -> None:
        """End the open text before a part of another kind; an open list goes on in the next text."""
        self._open("")
        if self._text:
            self.parts.append(("text", "".join(self._text)))
            self._text = []

    def _end_line(self) -> None:
        words = "".join(self._line).strip()
        self._line = []
        if not re.sub(r"<[^>]+>", "", words).strip():
            return
        wrap = self._wrap
        kind = self._list or "ul" if wrap == "li" else ""
        self._open(kind)
        if wrap in {"h2", "h3"}:
            words = re.sub(r"<[^>]+>", "", words).strip()
        self._text.append(f"<{wrap}>{words}</{wrap}>")

    _opened = ""

    def _open(self, kind: str) -> None:
        if self._opened == kind:
            return
        if self._opened:
            self._text.append(f"</{self._opened}>")
        if kind:
            self._text.append(f"<{kind}>")
        self._opened = kind

    def _is_dropped(self, element: Any, tag: str) -> bool:
        if tag == "img" and self._is_tracker(element):
            self.dropped["trackers"] += 1
            return True
        if tag in _DROPPED:
            if tag in {"iframe", "script", "embed"} and _tracks(joined(self.base, element.get("src") or "")):
                self.dropped["trackers"] += 1
            elif _DROPPED[tag]:
                self.dropped[_DROPPED[tag]] += 1
            return True
        if element.get("hidden") is not None or _HIDDEN.search(element.get("style") or ""):
            self.dropped["hidden"] += 1
            return True
        for name in element.attrib:
            if str(name).lower().startswith("on"):
                self.dropped["scripts"] += 1
        return False

    def _is_tracker(self, element: Any) -> bool:
        sides = [element.get("width") or "", element.get("height") or ""]
        return any(_ONE_POINT.fullmatch(side) for side in sides) or _tracks(joined(self.base, element.get("src") or ""))

    def _table(self, element: Any, deep: int) -> None:
        """A table of words as a table; one that only arranges the page as what stands in it, cell after cell."""
        rows = [row for row in element.iter("tr") if next(row.iterancestors("table"), None) is element]
        grid = [_cells(row) for row in rows]
        arranges = (
            max((len(cells) for cells in grid), default=0) < 2
            or element.find(".//table") is not None
            or any(_is_long(cell) for cells in grid for cell in cells)
        )
        if arranges:
            for part in element.iter("caption", "td", "th"):
                if next(part.iterancestors("table"), None) is element:
                    self._around(part, deep + 1, self._wrap)
            return
        lines = _filled(grid)
        self._end_line()
        if max(line.count("\t") for line in lines) >= _WIDE:
            self.dropped["wide_tables"] += 1
            for line in lines:
                self._say(line.replace("\t", " | "))
                self._end_line()
        else:
            self._break()
            self._tables(lines)
        self._left_in(element)

    def _tables(self, lines: list[str]) -> None:
        """As many tables as it takes: one holds only so many rows and letters."""
        begun: list[str] = []
        for line in lines:
            if begun and (len(begun) >= _ROWS or sum(map(len, begun)) + len(begun) + len(line) > _CELLS_MOST):
                self.parts.append(("table", begun))
                begun = [lines[0]] if len(lines[0]) + len(line) < _CELLS_MOST else []
            begun.append(line[:_CELLS_MOST])
        if begun:
            self.parts.append(("table", begun))

    def _left_in(self, element: Any) -> None:
        """Pictures and links of a table, which keeps words only, behind it."""
        for image in element.iter("img"):
            if not self._is_dropped(image, "img"):
                self._picture(image)
        for link in element.iter("a"):
            address = joined(self.base, link.get("href") or "")
            if address and not (link.get("href") or "").startswith("#"):
                self._offer(address, _plain(link))
                self._end_line()


def _cells(row: Any) -> list[Any]:
    return [cell for cell in row if cell.tag in {"td", "th"}]


def _is_long(cell: Any) -> bool:
    """True for a cell that holds a text of its own and not a value."""
    return len(cell.findall(".//p")) > 6 or any(cell.find(f".//{tag}") is not None for tag in ("h1", "h2", "h3"))


def _filled(grid: list[list[Any]]) -> list[str]:
    """The words of a table row by row; what spans several cells stands in the first of them."""
    lines, below = [], dict[int, int]()
    for cells in grid:
        line: list[str] = []
        for cell in cells:
            while below.get(len(line)):
                below[len(line)] -= 1
                line.append("")
            if len(line) > _MOST_CELLS:
                break
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            for place in range(len(line), len(line) + wide):
                if high > 1:
                    below[place] = high - 1
            line += [_words(cell), *[""] * (wide - 1)]
        while below.get(len(line)):
            below[len(line)] -= 1
            line.append("")
        if any(line):
            lines.append("\t".join(line))
    return lines or [""]


def _span(cell: Any, name: str) -> int:
    said = (cell.get(name) or "1").strip()
    return (
        min(max(int(said), 1), _MOST_CELLS if name == "colspan" else _ROWS)
        if said.isascii() and said.isdigit() and len(said) < 5
        else 1
    )


def _words(cell: Any) -> str:
    dropped = set(_DROPPED)
    said = []

    def take(element: Any, deep: int) -> None:
        if not isinstance(element.tag, str) or element.tag in dropped or deep > _DEEPEST:
            return
        said.append(element.text or "")
        for child in element:
            take(child, deep + 1)
            said.append(" " if child.tag in _BLOCKS or child.tag == "br" else "")
            said.append(child.tail or "")

    take(cell, 0)
    return _SPACES.sub(" ", "".join(said)).strip()


def _plain(element: Any) -> str:
    """All words inside an element, but for what is dropped."""
    said = []
    for one in element.iter():
        if isinstance(one.tag, str) and one.tag not in _DROPPED:
            said.append(one.text or "")
        if one is not element:
            said.append(one.tail or "")
    return _SPACES.sub(" ", " ".join(said)).strip()


def _tracks(address: str) -> bool:
    host = host_of(address)
    return bool(host) and any(host == one or host.endswith(f".{one}") for one in _TRACKERS)
