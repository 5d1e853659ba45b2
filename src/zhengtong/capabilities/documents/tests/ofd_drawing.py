"""A small renderer of OFD, written from the standard and not from our writer: its referee in tests."""

import io
import zipfile
from collections.abc import Iterator

from lxml import etree
from PIL import Image, ImageDraw, ImageFont

_NS = {"ofd": "http://www.ofdspec.org/2016"}
DOTS_PER_MM = 8


def pages(ofd: bytes) -> list[Image.Image]:
    """Each page in grey, ``DOTS_PER_MM`` dots per millimetre."""
    with zipfile.ZipFile(io.BytesIO(ofd)) as package:
        fonts = {
            font.get("ID"): package.read(f"Doc_0/Res/{font.findtext('ofd:FontFile', namespaces=_NS)}")
            for font in _xml(package, "Doc_0/PublicRes.xml").iterfind(".//ofd:Font", _NS)
        }
        media = {}
        if "Doc_0/DocumentRes.xml" in package.namelist():
            for one in _xml(package, "Doc_0/DocumentRes.xml").iterfind(".//ofd:MultiMedia", _NS):
                media[one.get("ID")] = package.read(f"Doc_0/Res/{one.findtext('ofd:MediaFile', namespaces=_NS)}")
        listed = _xml(package, "Doc_0/Document.xml").iterfind(".//ofd:Page", _NS)
        return [_page(_xml(package, f"Doc_0/{one.get('BaseLoc')}"), fonts, media) for one in listed]


def _xml(package: zipfile.ZipFile, name: str) -> etree._Element:
    return etree.fromstring(package.read(name))


def _page(root: etree._Element, fonts: dict[str, bytes], media: dict[str, bytes]) -> Image.Image:
    _, _, width, height = _numbers(root.findtext("ofd:Area/ofd:PhysicalBox", namespaces=_NS))
    picture = Image.new("L", (round(width * DOTS_PER_MM), round(height * DOTS_PER_MM)), 255)
    for drawn in root.iterfind("ofd:Content/ofd:Layer/*", _NS):
        kind = etree.QName(drawn).localname
        left, top, _, _ = _numbers(drawn.get("Boundary"))
        if kind == "TextObject":
            _text(picture, drawn, left, top, fonts)
        elif kind == "PathObject":
            _path(picture, drawn, left, top)
        else:
            _image(picture, drawn, left, top, media)
    return picture


def _text(picture: Image.Image, drawn: etree._Element, left: float, top: float, fonts: dict[str, bytes]) -> None:
    size = float(drawn.get("Size")) * DOTS_PER_MM
    font = ImageFont.truetype(io.BytesIO(fonts[drawn.get("Font")]), round(size))
    code = drawn.find("ofd:TextCode", _NS)
    steps = _numbers(code.get("DeltaX", ""))
    x, y = left + float(code.get("X")), top + float(code.get("Y"))
    for number, character in enumerate(code.text):
        place = (x * DOTS_PER_MM, y * DOTS_PER_MM)
        ImageDraw.Draw(picture).text(place, character, font=font, fill=_grey(drawn, "FillColor"), anchor="ls")
        x += steps[number] if number < len(steps) else 0


def _path(picture: Image.Image, drawn: etree._Element, left: float, top: float) -> None:
    brush = ImageDraw.Draw(picture)
    width = max(1, round(float(drawn.get("LineWidth", "0.353")) * DOTS_PER_MM))
    for points, closed in _lines(drawn.findtext("ofd:AbbreviatedData", namespaces=_NS)):
        placed = [((x + left) * DOTS_PER_MM, (y + top) * DOTS_PER_MM) for x, y in points]
        if drawn.get("Fill") == "true" and len(placed) > 2:
            brush.polygon(placed, fill=_grey(drawn, "FillColor"))
        if drawn.get("Stroke", "true") == "true":
            brush.line([*placed, placed[0]] if closed else placed, fill=_grey(drawn, "StrokeColor"), width=width)


def _image(picture: Image.Image, drawn: etree._Element, left: float, top: float, media: dict[str, bytes]) -> None:
    a, b, c, d, e, f = _numbers(drawn.get("CTM"))
    assert (b, c) == (0, 0)
    shown = Image.open(io.BytesIO(media[drawn.get("ResourceID")])).convert("LA")
    shown = shown.resize((round(a * DOTS_PER_MM), round(d * DOTS_PER_MM)))
    place = (round((left + e) * DOTS_PER_MM), round((top + f) * DOTS_PER_MM))
    picture.paste(shown.getchannel(0), place, shown.getchannel(1))


def _lines(data: str) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    words, points = data.split(), []
    while words:
        word = words.pop(0)
        if word == "C":
            yield points, True
            points = []
            continue
        count = {"M": 1, "L": 1, "B": 3}[word]
        read = [(float(words.pop(0)), float(words.pop(0))) for _ in range(count)]
        if word == "M" and points:
            yield points, False
            points = []
        points += read if word != "B" else _curve(points[-1], *read)
    if points:
        yield points, False


def _curve(p0: tuple[float, float], *rest: tuple[float, float]) -> list[tuple[float, float]]:
    p1, p2, p3 = rest
    found = []
    for step in range(1, 13):
        t = step / 12
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        found.append(tuple(sum(w * p[i] for w, p in zip(weights, (p0, p1, p2, p3), strict=True)) for i in (0, 1)))
    return found  # type: ignore[return-value]  # pairs


def _grey(drawn: etree._Element, name: str) -> int:
    colour = drawn.find(f"ofd:{name}", _NS)
    red, green, blue = _numbers(colour.get("Value"))
    return round(0.299 * red + 0.587 * green + 0.114 * blue)


def _numbers(text: str | None) -> list[float]:
    return [float(word) for word in (text or "").split()]
