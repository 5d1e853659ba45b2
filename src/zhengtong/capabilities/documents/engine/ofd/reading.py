"""The pages of a PDF that typst made, as drawing objects.

Typst writes a narrow dialect (no encodings but Identity-H, no shadings, no transparency in our templates). What
lies outside of it raises NotConvertible, so that no part of a legal paper is lost in silence.
"""

import dataclasses
import io
import math
from collections.abc import Callable, Sequence
from typing import Any

import pikepdf
from PIL import Image

from zhengtong.capabilities.documents.engine.ofd.drawing import (
    Colour,
    Drawing,
    Glyph,
    NotConvertible,
    Page,
    Path,
    Pen,
    Picture,
    Text,
)
from zhengtong.capabilities.documents.engine.ofd.fonts import PdfFont

_MM = 25.4 / 72
_SLACK = 0.1  # mm that a drawing may stand over its clip, as the ends of lines do
_DEEPEST = 8
_TILING = 1

Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1, 0, 0, 1, 0, 0)
Box = tuple[float, float, float, float]


def read_pdf(pdf: bytes) -> Drawing:
    """All pages; annotations (the visible seal of a signature) are no part of a page's content and stay out.

    Raises NotConvertible.
    """
    kept = _Kept({}, {})
    with pikepdf.open(io.BytesIO(pdf)) as file:
        pages = tuple(_page(page, kept) for page in file.pages)
        faces = {key: font.face() for key, (_, font) in kept.fonts.items()}
        return Drawing(pages=pages, faces=faces, pictures=kept.pictures)


@dataclasses.dataclass(frozen=True)
class _Kept:
    """Fonts and pictures of all pages; the font keeps its PDF object alive."""

    fonts: dict[str, tuple[Any, PdfFont]]
    pictures: dict[str, bytes]


def _page(page: Any, kept: _Kept) -> Page:
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    if int(page.obj.get("/Rotate", 0)):
        raise NotConvertible("a rotated page")
    onto_page: Matrix = (_MM, 0, 0, -_MM, -left * _MM, top * _MM)
    width, height = (right - left) * _MM, (top - bottom) * _MM
    reader = _Reader(kept, page.obj.get("/Resources", pikepdf.Dictionary()), onto_page, (0, 0, width, height))
    reader.run(page)
    return Page(width=width, height=height, objects=tuple(reader.objects))


@dataclasses.dataclass
class _State:
    """The graphics state of PDF as far as typst uses it."""

    matrix: Matrix
    clip: Box
    fill: Colour = (0, 0, 0)
    stroke: Colour = (0, 0, 0)
    pattern: Any = None
    width: float = 1.0
    cap: int = 0
    join: int = 0
    miter: float = 10.0
    dash: tuple[float, ...] = ()
    dash_offset: float = 0.0
    font: str = ""
    size: float = 0.0


class _Reader:
    def __init__(self, kept: _Kept, resources: Any, matrix: Matrix, clip: Box, depth: int = 0) -> None:
        if depth > _DEEPEST:
            raise NotConvertible("forms within forms without end")
        self.objects: list[Text | Path | Picture] = []
        self._kept, self._resources, self._depth = kept, resources, depth
        self._base = matrix
        self._state = _State(matrix=matrix, clip=clip)
        self._stack: list[_State] = []
        self._path: list[tuple[str, tuple[float, ...]]] = []
        self._clipping = False
        self._line: Matrix = _SAME

    def run(self, content: Any) -> None:
        """Follow the instructions of a page, form or pattern cell."""
        for instruction in pikepdf.parse_content_stream(content):
            act = _ACTS.get(str(instruction.operator))
            if act is None:
                raise NotConvertible(f"operator {instruction.operator}")
            act(self, list(instruction.operands))

    # --- state ---

    def save(self, _: list[Any]) -> None:
        self._stack.append(dataclasses.replace(self._state))

    def restore(self, _: list[Any]) -> None:
        self._state = self._stack.pop()

    def transform(self, values: list[Any]) -> None:
        self._state.matrix = _times(_matrix(values), self._state.matrix)

    def line_width(self, values: list[Any]) -> None:
        self._state.width = float(values[0])

    def line_cap(self, values: list[Any]) -> None:
        self._state.cap = int(values[0])

    def line_join(self, values: list[Any]) -> None:
        self._state.join = int(values[0])

    def miter_limit(self, values: list[Any]) -> None:
        self._state.miter = float(values[0])

    def dashes(self, values: list[Any]) -> None:
        self._state.dash = tuple(float(length) for length in values[0])
        self._state.dash_offset = float(values[1])

    def extended(self, values: list[Any]) -> None:
        found = self._resources.ExtGState[str(values[0])]
        if any(float(found.get(name, 1)) != 1 for name in ("/ca", "/CA")) or "/SMask" in found:
            raise NotConvertible("transparency")

    def colour_space(self, _: list[Any]) -> None:
        """The space is told by the number of components: sRGB or grey."""

    def fill_colour(self, values: list[Any]) -> None:
        self._state.pattern = None
        if values and isinstance(values[-1], pikepdf.Name):
            self._state.pattern = self._resources.Pattern[str(values[-1])]
        else:
            self._state.fill = _colour(values)

    def stroke_colour(self, values: list[Any]) -> None:
        if values and isinstance(values[-1], pikepdf.Name):
            raise NotConvertible("a line drawn with a pattern")
        self._state.stroke = _colour(values)

    def nothing(self, _: list[Any]) -> None:
        """Marked content and rendering intents leave no trace on paper."""

    # --- paths ---

    def move(self, values: list[Any]) -> None:
        self._path.append(("M", self._points(values)))

    def line(self, values: list[Any]) -> None:
        self._path.append(("L", self._points(values)))

    def curve(self, values: list[Any]) -> None:
        self._path.append(("B", self._points(values)))

    def close(self, _: list[Any]) -> None:
        self._path.append(("C", ()))

    def rectangle(self, values: list[Any]) -> None:
        x, y, width, height = (float(value) for value in values)
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        self._path += [("M" if number == 0 else "L", self._points(corner)) for number, corner in enumerate(corners)]
        self._path.append(("C", ()))

    def clip(self, _: list[Any]) -> None:
        self._clipping = True

    def end(self, _: list[Any]) -> None:
        self._paint(stroke=False, fill=False)

    def stroke(self, _: list[Any]) -> None:
        self._paint(stroke=True, fill=False)

    def fill(self, _: list[Any]) -> None:
        self._paint(stroke=False, fill=True)

    def fill_even_odd(self, _: list[Any]) -> None:
        self._paint(stroke=False, fill=True, even_odd=True)

    def fill_and_stroke(self, _: list[Any]) -> None:
        self._paint(stroke=True, fill=True)

    def _paint(self, *, stroke: bool, fill: bool, even_odd: bool = False) -> None:
        segments, state = tuple(self._path), self._state
        if (stroke or fill) and segments:
            self._within_clip(_box_of(segments))
            colour = None if not fill or state.pattern is not None else state.fill
            if fill and state.pattern is not None:
                self._tiles(state.pattern, _box_of(segments))
            pen = self._pen() if stroke else None
            if pen is not None or colour is not None:
                self.objects.append(Path(segments, pen=pen, fill=colour, even_odd=even_odd))
        if self._clipping and segments:
            state.clip = _common(state.clip, _box_of(segments))
        self._path, self._clipping = [], False

    def _pen(self) -> Pen:
        state = self._state
        scale = math.sqrt(abs(_determinant(state.matrix)))
        return Pen(
            colour=state.stroke,
            width=state.width * scale,
            cap=state.cap,
            join=state.join,
            miter=state.miter,
            dash=tuple(length * scale for length in state.dash),
            dash_offset=state.dash_offset * scale,
        )

    def _tiles(self, pattern: Any, area: Box) -> None:
        """The cells of a tiling pattern that lie in the area, drawn one by one; ours are whole cells by design."""
        if int(pattern.PatternType) != _TILING:
            raise NotConvertible("a gradient")
        cell = _Reader(self._kept, pattern.get("/Resources", self._resources), _SAME, area, self._depth + 1)
        matrix = _times(_matrix(list(pattern.get("/Matrix", _SAME))), self._base)
        left, bottom, right, top = (float(edge) for edge in pattern.BBox)
        across, down = float(pattern.XStep), float(pattern.YStep)
        drawn = cell.cell(pattern, matrix)
        inverse = _inverse(matrix)
        corners = [_apply(inverse, x, y) for x in (area[0], area[2]) for y in (area[1], area[3])]
        columns = _steps([x for x, _ in corners], left, right - left, across)
        rows = _steps([y for _, y in corners], bottom, top - bottom, down)
        for path in drawn:
            moved = [
                (name, _shifted(points, matrix, column * across, row * down))
                for row in rows
                for column in columns
                for name, points in path.segments
            ]
            if moved:
                self.objects.append(dataclasses.replace(path, segments=tuple(moved)))

    def cell(self, pattern: Any, matrix: Matrix) -> list[Path]:
        """The paths of one pattern cell on the page; anything else is not convertible."""
        self._base = self._state.matrix = matrix
        self._state.clip = (-math.inf, -math.inf, math.inf, math.inf)
        self.run(pattern)
        if not all(isinstance(drawn, Path) for drawn in self.objects):
            raise NotConvertible("a pattern of something else than lines and areas")
        return [drawn for drawn in self.objects if isinstance(drawn, Path)]

    # --- text ---

    def begin_text(self, _: list[Any]) -> None:
        self._line = _SAME

    def text_mode(self, values: list[Any]) -> None:
        if int(values[0]) != 0:
            raise NotConvertible("text that is not filled")

    def text_font(self, values: list[Any]) -> None:
        found = self._resources.Font[str(values[0])]
        number = found.objgen
        self._state.font = f"{number[0]}.{number[1]}"
        self._state.size = float(values[1])
        if self._state.font not in self._kept.fonts:
            self._kept.fonts[self._state.font] = (found, PdfFont(found))

    def text_matrix(self, values: list[Any]) -> None:
        self._line = _matrix(values)

    def show(self, values: list[Any]) -> None:
        self.show_spaced([values])

    def show_spaced(self, values: list[Any]) -> None:
        state = self._state
        font = self._kept.fonts[state.font][1]
        matrix = _times(self._line, state.matrix)
        scale = _upright(matrix)
        glyphs: list[Glyph] = []
        start = 0.0
        for item in values[0]:
            if not isinstance(item, pikepdf.String):
                gap = -float(item) / 1000 * state.size * scale
                if glyphs:
                    glyphs[-1] = dataclasses.replace(glyphs[-1], advance=glyphs[-1].advance + gap)
                else:
                    start += gap
                continue
            for code in _codes(bytes(item)):
                advance = font.width(code) / 1000 * state.size * scale
                glyphs.append(Glyph(font.texts.get(code, ""), code, advance))
        if glyphs:
            text = Text(state.font, state.size * scale, matrix[4] + start, matrix[5], state.fill, tuple(glyphs))
            self._within_clip((text.x, text.y, text.x, text.y))
            self.objects.append(text)
        moved = (start + sum(glyph.advance for glyph in glyphs)) / scale
        self._line = _times((1, 0, 0, 1, moved, 0), self._line)

    # --- forms and pictures ---

    def external(self, values: list[Any]) -> None:
        found = self._resources.XObject[str(values[0])]
        if str(found.Subtype) == "/Form":
            inner = _times(_matrix(list(found.get("/Matrix", _SAME))), self._state.matrix)
            reader = _Reader(
                self._kept, found.get("/Resources", self._resources), inner, self._state.clip, self._depth + 1
            )
            reader.run(found)
            self.objects += reader.objects
            return
        number = found.objgen
        key = f"{number[0]}.{number[1]}"
        self._kept.pictures.setdefault(key, _png(found))
        a, b, c, d, e, f = self._state.matrix
        # PDF's unit square has its origin below, OFD's above
        self.objects.append(Picture(key, (a, b, -c, -d, e + c, f + d)))

    # --- helpers of this class ---

    def _points(self, values: Sequence[Any]) -> tuple[float, ...]:
        pairs = [float(value) for value in values]
        return tuple(
            part
            for number in range(0, len(pairs), 2)
            for part in _apply(self._state.matrix, pairs[number], pairs[number + 1])
        )

    def _within_clip(self, box: Box) -> None:
        left, top, right, bottom = self._state.clip
        inside = (
            box[0] >= left - _SLACK
            and box[1] >= top - _SLACK
            and box[2] <= right + _SLACK
            and box[3] <= bottom + _SLACK
        )
        if not inside:
            raise NotConvertible("a drawing that is cut off by a clip")


_ACTS: dict[str, Callable[[_Reader, list[Any]], None]] = {
    "q": _Reader.save, "Q": _Reader.restore, "cm": _Reader.transform, "gs": _Reader.extended,
    "w": _Reader.line_width, "J": _Reader.line_cap, "j": _Reader.line_join, "M": _Reader.miter_limit,
    "d": _Reader.dashes, "ri": _Reader.nothing, "i": _Reader.nothing,
    "cs": _Reader.colour_space, "CS": _Reader.colour_space,
    "scn": _Reader.fill_colour, "sc": _Reader.fill_colour, "rg": _Reader.fill_colour, "g": _Reader.fill_colour,
    "SCN": _Reader.stroke_colour, "SC": _Reader.stroke_colour, "RG": _Reader.stroke_colour, "G": _Reader.stroke_colour,
    "m": _Reader.move, "l": _Reader.line, "c": _Reader.curve, "h": _Reader.close, "re": _Reader.rectangle,
    "W": _Reader.clip, "W*": _Reader.clip, "n": _Reader.end,
    "S": _Reader.stroke, "f": _Reader.fill, "f*": _Reader.fill_even_odd, "B": _Reader.fill_and_stroke,
    "BT": _Reader.begin_text, "ET": _Reader.nothing, "Tr": _Reader.text_mode, "Tf": _Reader.text_font,
    "Tm": _Reader.text_matrix, "Tj": _Reader.show, "TJ": _Reader.show_spaced,
    "Do": _Reader.external, "BDC": _Reader.nothing, "BMC": _Reader.nothing, "EMC": _Reader.nothing,
}  # fmt: skip


def _codes(data: bytes) -> list[int]:
    return [data[number] << 8 | data[number + 1] for number in range(0, len(data), 2)]


def _colour(values: Sequence[Any]) -> Colour:
    parts = [round(255 * float(value)) for value in values]
    if len(parts) == 1:
        return (parts[0], parts[0], parts[0])
    if len(parts) != len((0, 0, 0)):
        raise NotConvertible(f"a colour of {len(parts)} components")
    return (parts[0], parts[1], parts[2])


def _png(found: Any) -> bytes:
    """The picture with its transparency as PNG."""
    picture = pikepdf.PdfImage(found).as_pil_image().convert("RGB")
    if "/SMask" in found:
        mask = pikepdf.PdfImage(found.SMask).as_pil_image().convert("L")
        picture.putalpha(mask if mask.size == picture.size else mask.resize(picture.size, Image.Resampling.NEAREST))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _matrix(values: Sequence[Any]) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in values)
    return (a, b, c, d, e, f)


def _times(first: Matrix, then: Matrix) -> Matrix:
    """``first`` applied before ``then``."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _determinant(matrix: Matrix) -> float:
    return matrix[0] * matrix[3] - matrix[1] * matrix[2]


def _inverse(matrix: Matrix) -> Matrix:
    a, b, c, d, e, f = matrix
    n = _determinant(matrix)
    return (d / n, -b / n, -c / n, a / n, (c * f - d * e) / n, (b * e - a * f) / n)


def _upright(matrix: Matrix) -> float:
    """The scale of text whose lines run to the right and whose letters stand up (y grows downward on our page)."""
    a, b, c, d = matrix[:4]
    if abs(b) > 1e-6 * abs(a) or abs(c) > 1e-6 * abs(a) or abs(a + d) > 1e-4 * abs(a) or a <= 0:
        raise NotConvertible("turned or narrowed text")
    return a


def _box_of(segments: Sequence[tuple[str, tuple[float, ...]]]) -> Box:
    xs = [x for _, points in segments for x in points[::2]]
    ys = [y for _, points in segments for y in points[1::2]]
    return (min(xs), min(ys), max(xs), max(ys))


def _common(one: Box, other: Box) -> Box:
    return (max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3]))


def _steps(edges: list[float], origin: float, size: float, step: float) -> range:
    """The numbers of whole cells between the outermost edges."""
    slack = 1e-3 * step
    first = math.ceil((min(edges) - origin - slack) / step)
    last = math.floor((max(edges) - origin - size + slack) / step)
    return range(first, last + 1)


def _shifted(points: tuple[float, ...], matrix: Matrix, across: float, down: float) -> tuple[float, ...]:
    a, b, c, d, _, _ = matrix
    right, low = a * across + c * down, b * across + d * down
    return tuple(value + (right if number % 2 == 0 else low) for number, value in enumerate(points))
