"""A text of Word or WPS as the parts of an article: headings, lists, links, emphasis, tables; the rest is dropped.

Reads WordprocessingML (ECMA-376 part 1 §17). What is hidden, deleted
or belongs to the code of a field is no text; pictures are counted, not taken.
"""

import dataclasses
import html
import re
from collections.abc import Iterator
from typing import Any, Final

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
#: names of headings as Word and WPS write them, in English and Chinese
_HEADING: Final = re.compile(r"^(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
_TITLE: Final = re.compile(r"^(?:title|标题)$", re.IGNORECASE)
_LINK: Final = re.compile(r"^(https?://|mailto:)[^\s]+$")
_PICTURES: Final = ("drawing", "pict", "object")
_OFF: Final = frozenset({"0", "false", "off", "none"})
_ROWS_MOST: Final = 300


@dataclasses.dataclass(frozen=True)
class WordText:
    """What was found: the title where the text has one, its parts as (kind, value), and how many pictures were left."""

    title: str
    parts: tuple[tuple[str, Any], ...]
    pictures: int


@dataclasses.dataclass(frozen=True)
class Styles:
    """What the names of styles and lists mean: style → heading level (0: the title), list → True when numbered."""

    headings: dict[str, int]
    numbered: dict[tuple[str, str], bool]


def read(document: Any, *, styles: Any = None, numbering: Any = None, relations: Any = None) -> WordText:
    """The parts of a text; all arguments are roots of XML trees, the last three as far as the file has them."""
    meaning = Styles(_headings(styles), _numbered(numbering))
    reader = _Reader(meaning, _links(relations))
    body = document.find(f"{_W}body")
    for element in [] if body is None else _flat(body):
        if element.tag == f"{_W}p":
            reader.paragraph(element)
        elif element.tag == f"{_W}tbl":
            reader.table(element)
    reader.flush()
    return WordText(reader.title, tuple(reader.parts), sum(1 for one in _PICTURES for _each in document.iter(_W + one)))


class _Reader:
    """Goes through the text once, keeping the open lists and the paragraphs not yet put into a part."""

    def __init__(self, styles: Styles, links: dict[str, str]) -> None:
        self.styles, self.links = styles, links
        self.title = ""
        self.parts: list[tuple[str, Any]] = []
        self._text: list[str] = []
        self._list = ""

    def paragraph(self, element: Any) -> None:
        """A paragraph: title, heading, line of a list or plain."""
        words = self._inline(element)
        plain = re.sub(r"<[^>]+>", "", words).strip()
        if not plain:
            return
        level = self._level(element)
        if level == 0 and not self.title and not self._text and not self.parts:
            self.title = html.unescape(plain)
            return
        kind = self._kind(element) if level is None else ""
        self._close(kind)
        if kind:
            self._text.append(f"<li>{words}</li>")
        elif level is None:
            self._text.append(f"<p>{words}</p>")
        else:
            tag = "h2" if level < 2 else "h3"  # Word's first level stands below the title
            self._text.append(f"<{tag}>{html.escape(html.unescape(plain), quote=False)}</{tag}>")

    def table(self, element: Any) -> None:
        """A table, cell by cell; a cell of several paragraphs becomes one line."""
        rows = []
        for row in element.iterfind(f"{_W}tr"):
            cells = []
            for cell in row.iterfind(f"{_W}tc"):
                said = [html.unescape(re.sub(r"<[^>]+>", "", self._inline(one))) for one in cell.iter(f"{_W}p")]
                cells.append(re.sub(r"\s+", " ", " ".join(one for one in said if one.strip())).strip())
                span = cell.find(f"{_W}tcPr/{_W}gridSpan")
                cells.extend([""] * (_number(span) - 1))
            rows.append(cells)
        if any(cell for row in rows for cell in row):
            self.flush()
            self.parts.append(("table", ["\t".join(row) for row in rows[:_ROWS_MOST]]))

    def flush(self) -> None:
        """Put what was read into a part."""
        self._close("")
        if self._text:
            self.parts.append(("text", "".join(self._text)))
            self._text = []

    def _close(self, kind: str) -> None:
        if self._list == kind:
            return
        if self._list:
            self._text.append(f"</{self._list}>")
        if kind:
            self._text.append(f"<{kind}>")
        self._list = kind

    def _level(self, element: Any) -> int | None:
        style = element.find(f"{_W}pPr/{_W}pStyle")
        found = None if style is None else self.styles.headings.get(style.get(f"{_W}val", ""))
        outline = element.find(f"{_W}pPr/{_W}outlineLvl")
        if found is None and outline is not None and (outline.get(f"{_W}val") or "9") in "012345678":
            return int(outline.get(f"{_W}val")) + 1
        return found

    def _kind(self, element: Any) -> str:
        number = element.find(f"{_W}pPr/{_W}numPr/{_W}numId")
        if number is None or number.get(f"{_W}val") == "0":
            return ""
        level = element.find(f"{_W}pPr/{_W}numPr/{_W}ilvl")
        place = (number.get(f"{_W}val", ""), "0" if level is None else level.get(f"{_W}val", "0"))
        return "ol" if self.styles.numbered.get(place, False) else "ul"

    def _inline(self, element: Any) -> str:
        return "".join(self._words(element)).strip()

    def _words(self, element: Any) -> Iterator[str]:
        for child in element:
            if child.tag == f"{_W}r":
                yield self._run(child)
            elif child.tag == f"{_W}hyperlink":
                words, address = "".join(self._words(child)), self.links.get(child.get(f"{_R}id", ""), "")
                yield f'<a href="{html.escape(address)}">{words}</a>' if address and words else words
            elif child.tag in {f"{_W}ins", f"{_W}smartTag", f"{_W}fldSimple"}:
                yield from self._words(child)
            elif child.tag == f"{_W}sdt":
                content = child.find(f"{_W}sdtContent")
                yield from [] if content is None else self._words(content)

    @staticmethod
    def _run(run: Any) -> str:
        if _on(run.find(f"{_W}rPr/{_W}vanish")):
            return ""
        signs = {f"{_W}tab": " ", f"{_W}br": " ", f"{_W}noBreakHyphen": "-"}
        words = html.escape(
            "".join((one.text or "") if one.tag == f"{_W}t" else signs.get(one.tag, "") for one in run), quote=False
        )
        if not words.strip():
            return words
        for tag, sign in (("b", "b"), ("i", "i")):
            if _on(run.find(f"{_W}rPr/{_W}{sign}")):
                words = f"<{tag}>{words}</{tag}>"
        return words


def _flat(body: Any) -> Iterator[Any]:
    """Paragraphs and tables, also those inside controls of content."""
    for element in body:
        if element.tag == f"{_W}sdt":
            content = element.find(f"{_W}sdtContent")
            yield from [] if content is None else _flat(content)
        else:
            yield element


def _on(switch: Any) -> bool:
    return switch is not None and switch.get(f"{_W}val", "1") not in _OFF


def _number(element: Any) -> int:
    said = "" if element is None else element.get(f"{_W}val", "")
    return min(int(said), 60) if said.isdecimal() else 1


def _headings(styles: Any) -> dict[str, int]:
    found = {}
    for style in [] if styles is None else styles.iterfind(f"{_W}style"):
        name = style.find(f"{_W}name")
        said = "" if name is None else name.get(f"{_W}val", "")
        level = _HEADING.match(said)
        if level:
            found[style.get(f"{_W}styleId", "")] = int(level[1])
        elif _TITLE.match(said):
            found[style.get(f"{_W}styleId", "")] = 0
    return found


def _numbered(numbering: Any) -> dict[tuple[str, str], bool]:
    if numbering is None:
        return {}
    abstract = {}
    for kind in numbering.iterfind(f"{_W}abstractNum"):
        for level in kind.iterfind(f"{_W}lvl"):
            form = level.find(f"{_W}numFmt")
            said = "" if form is None else form.get(f"{_W}val", "")
            abstract[kind.get(f"{_W}abstractNumId"), level.get(f"{_W}ilvl", "0")] = said not in {"bullet", "none", ""}
    found = {}
    for one in numbering.iterfind(f"{_W}num"):
        of = one.find(f"{_W}abstractNumId")
        for (kind, level), numbered in abstract.items():
            if of is not None and kind == of.get(f"{_W}val"):
                found[one.get(f"{_W}numId", ""), level] = numbered
    return found


def _links(relations: Any) -> dict[str, str]:
    found = {}
    for one in [] if relations is None else relations:
        target = str(one.get("Target", ""))
        if str(one.get("Type", "")).endswith("/hyperlink") and _LINK.match(target):
            found[str(one.get("Id", ""))] = target
    return found
