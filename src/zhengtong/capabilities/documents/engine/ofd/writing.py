"""Drawing objects as an OFD package (GB/T 33190—2016): one zip of XML with the fonts embedded."""

import dataclasses
import datetime as dt
import io
import uuid
import zipfile
from collections.abc import Sequence

from lxml import etree

from zhengtong.capabilities.documents.engine.ofd.drawing import Drawing, Face, Page, Path, Picture, Text
from zhengtong.capabilities.documents.engine.ofd.reading import read_pdf

NAMESPACE = "http://www.ofdspec.org/2016"

_NS = f"{{{NAMESPACE}}}"
_CAPS = ("Butt", "Round", "Square")
_JOINS = ("Miter", "Round", "Bevel")
_DOC = "Doc_0"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Description:
    """What OFD.xml says of the document; ``custom`` are named values (number, verification code)."""

    document_id: uuid.UUID
    title: str
    author: str
    created_on: dt.date
    keywords: tuple[str, ...] = ()
    custom: tuple[tuple[str, str], ...] = ()


def pdf_to_ofd(pdf: bytes, *, description: Description) -> bytes:
    """The OFD package of a typeset PDF; equal arguments give equal bytes. Raises ``drawing.NotConvertible``."""
    return _Writer(read_pdf(pdf)).package(description)


class _Writer:
    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self._last = 0
        self._faces = {key: self._next() for key in drawing.faces}
        self._pictures = {key: self._next() for key in drawing.pictures}

    def package(self, description: Description) -> bytes:
        """The zip, OFD.xml first."""
        pages = [(self._next(), self._page(page)) for page in self._drawing.pages]
        parts: list[tuple[str, bytes]] = [("OFD.xml", _entry(description))]
        parts.append((f"{_DOC}/Document.xml", self._document([number for number, _ in pages])))
        parts.append((f"{_DOC}/PublicRes.xml", self._fonts()))
        if self._pictures:
            parts.append((f"{_DOC}/DocumentRes.xml", self._media()))
        parts += [(f"{_DOC}/Pages/Page_{place}/Content.xml", content) for place, (_, content) in enumerate(pages)]
        for key, number in self._faces.items():
            face = self._drawing.faces[key]
            parts.append((f"{_DOC}/Res/{_font_file(number, face)}", face.program))
        for key, number in self._pictures.items():
            parts.append((f"{_DOC}/Res/image_{number}.png", self._drawing.pictures[key]))
        return zipped(parts)

    def _next(self) -> int:
        self._last += 1
        return self._last

    def _document(self, pages: list[int]) -> bytes:
        root = _root("Document")
        common = _child(root, "CommonData")
        _child(common, "MaxUnitID", str(self._last))
        first = self._drawing.pages[0]
        _child(_child(common, "PageArea"), "PhysicalBox", _numbers([0, 0, first.width, first.height]))
        _child(common, "PublicRes", "PublicRes.xml")
        if self._pictures:
            _child(common, "DocumentRes", "DocumentRes.xml")
        listed = _child(root, "Pages")
        for place, number in enumerate(pages):
            _child(listed, "Page", ID=str(number), BaseLoc=f"Pages/Page_{place}/Content.xml")
        return _written(root)

    def _fonts(self) -> bytes:
        root = _root("Res", BaseLoc="Res")
        listed = _child(root, "Fonts")
        for key, number in self._faces.items():
            face = self._drawing.faces[key]
            flags = {name: "true" for name, value in (("Bold", face.bold), ("Serif", face.serif)) if value}
            font = _child(listed, "Font", ID=str(number), FontName=face.name, FamilyName=face.name, **flags)
            _child(font, "FontFile", _font_file(number, face))
        return _written(root)

    def _media(self) -> bytes:
        root = _root("Res", BaseLoc="Res")
        listed = _child(root, "MultiMedias")
        for number in self._pictures.values():
            media = _child(listed, "MultiMedia", ID=str(number), Type="Image", Format="PNG")
            _child(media, "MediaFile", f"image_{number}.png")
        return _written(root)

    def _page(self, page: Page) -> bytes:
        root = _root("Page")
        _child(_child(root, "Area"), "PhysicalBox", _numbers([0, 0, page.width, page.height]))
        layer = _child(_child(root, "Content"), "Layer", ID=str(self._next()), Type="Body")
        for drawn in page.objects:
            if isinstance(drawn, Text):
                self._text(layer, drawn)
            elif isinstance(drawn, Path):
                self._path(layer, drawn)
            else:
                self._picture(layer, drawn)
        return _written(root)

    def _text(self, layer: etree._Element, text: Text) -> None:
        face = self._drawing.faces[text.face]
        rise = face.ascent * text.size
        width = sum(glyph.advance for glyph in text.glyphs)
        box = [text.x, text.y - rise, max(width, text.size), rise - face.descent * text.size]
        drawn = _child(
            layer, "TextObject", ID=str(self._next()), Boundary=_numbers(box), Font=str(self._faces[text.face]),
            Size=_number(text.size),
        )  # fmt: skip
        _child(drawn, "FillColor", Value=_numbers(text.colour))
        codes, steps = "", []
        for glyph in text.glyphs:
            # every glyph needs a character to hang on; one for several characters takes its step at the first
            said = glyph.text or " "
            codes += said
            steps += [glyph.advance, *([0.0] * (len(said) - 1))]
        count = len(text.glyphs)
        mapped = _child(drawn, "CGTransform", CodePosition="0", CodeCount=str(len(codes)), GlyphCount=str(count))
        _child(mapped, "Glyphs", " ".join(str(glyph.number) for glyph in text.glyphs))
        place = {"X": "0", "Y": _number(rise)}
        if steps[:-1]:
            place["DeltaX"] = _numbers(steps[:-1])
        _child(drawn, "TextCode", codes, **place)

    def _path(self, layer: etree._Element, path: Path) -> None:
        xs = [x for _, points in path.segments for x in points[::2]]
        ys = [y for _, points in path.segments for y in points[1::2]]
        # a line has a width, also where its box has none
        room = (path.pen.width if path.pen else 0.0) + 0.01
        left, top = min(xs) - room, min(ys) - room
        box = [left, top, max(xs) - left + room, max(ys) - top + room]
        flags: dict[str, str] = {"Stroke": "true" if path.pen else "false"}
        if path.fill is not None:
            flags["Fill"] = "true"
        if path.even_odd:
            flags["Rule"] = "Even-Odd"
        if path.pen is not None:
            flags |= {"LineWidth": _number(path.pen.width), "MiterLimit": _number(path.pen.miter)}
            flags |= {"Cap": _CAPS[path.pen.cap], "Join": _JOINS[path.pen.join]}
            if path.pen.dash:
                flags |= {"DashPattern": _numbers(path.pen.dash), "DashOffset": _number(path.pen.dash_offset)}
        drawn = _child(layer, "PathObject", ID=str(self._next()), Boundary=_numbers(box), **flags)
        if path.pen is not None:
            _child(drawn, "StrokeColor", Value=_numbers(path.pen.colour))
        if path.fill is not None:
            _child(drawn, "FillColor", Value=_numbers(path.fill))
        words = []
        for name, points in path.segments:
            words += [name, *(_number(v - (left if i % 2 == 0 else top)) for i, v in enumerate(points))]
        _child(drawn, "AbbreviatedData", " ".join(words))

    def _picture(self, layer: etree._Element, picture: Picture) -> None:
        a, b, c, d, e, f = picture.matrix
        corners = [(e, f), (a + e, b + f), (c + e, d + f), (a + c + e, b + d + f)]
        left, top = min(x for x, _ in corners), min(y for _, y in corners)
        box = [left, top, max(x for x, _ in corners) - left, max(y for _, y in corners) - top]
        _child(
            layer, "ImageObject", ID=str(self._next()), Boundary=_numbers(box),
            CTM=_numbers([a, b, c, d, e - left, f - top]), ResourceID=str(self._pictures[picture.key]),
        )  # fmt: skip


def zipped(parts: Sequence[tuple[str, bytes]]) -> bytes:
    """A zip whose bytes depend on the parts only: no clock, no machine."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts:
            entry = zipfile.ZipInfo(name)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            package.writestr(entry, content)
    return out.getvalue()


def _entry(description: Description) -> bytes:
    root = _root("OFD", Version="1.0", DocType="OFD")
    body = _child(root, "DocBody")
    info = _child(body, "DocInfo")
    _child(info, "DocID", description.document_id.hex)
    _child(info, "Title", description.title)
    _child(info, "Author", description.author)
    _child(info, "CreationDate", description.created_on.isoformat())
    if description.keywords:
        listed = _child(info, "Keywords")
        for word in description.keywords:
            _child(listed, "Keyword", word)
    _child(info, "Creator", "Zhengtong")
    if description.custom:
        listed = _child(info, "CustomDatas")
        for name, value in description.custom:
            _child(listed, "CustomData", value, Name=name)
    _child(body, "DocRoot", f"{_DOC}/Document.xml")
    return _written(root)


def _font_file(number: int, face: Face) -> str:
    return f"font_{number}.{'otf' if face.program[:4] == b'OTTO' else 'ttf'}"


def _root(name: str, **attributes: str) -> etree._Element:
    return etree.Element(_NS + name, attributes, nsmap={"ofd": NAMESPACE})


def _child(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    made = etree.SubElement(parent, _NS + name, attributes)
    made.text = text or None
    return made


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _numbers(values: Sequence[float]) -> str:
    return " ".join(_number(value) for value in values)


def _number(value: float) -> str:
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text
