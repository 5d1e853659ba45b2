"""What stands on a page, in millimetres from its upper left corner: text, lines and areas, pictures."""

import dataclasses

Colour = tuple[int, int, int]


class NotConvertible(Exception):
    """The PDF holds something that this converter does not carry over; better no OFD than one that lacks a part."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Face:
    """One embedded font: ``program`` is a TrueType or OpenType file, ``glyphs`` maps characters to its glyphs."""

    name: str
    program: bytes
    ascent: float
    descent: float
    bold: bool
    serif: bool
    glyphs: dict[int, int]


@dataclasses.dataclass(frozen=True)
class Glyph:
    """One glyph: the characters it stands for, its number in the font, how far the next one stands away (mm)."""

    text: str
    number: int
    advance: float


@dataclasses.dataclass(frozen=True)
class Text:
    """Glyphs of one font, size and colour on one upright line; ``y`` is the baseline."""

    face: str
    size: float
    x: float
    y: float
    colour: Colour
    glyphs: tuple[Glyph, ...]


@dataclasses.dataclass(frozen=True)
class Pen:
    """How a line is drawn; widths in mm, the miter limit as a ratio."""

    colour: Colour
    width: float
    cap: int = 0
    join: int = 0
    miter: float = 10.0
    dash: tuple[float, ...] = ()
    dash_offset: float = 0.0


@dataclasses.dataclass(frozen=True)
class Path:
    """Segments ``("M" | "L" | "B" | "C", coordinates)``; C closes."""

    segments: tuple[tuple[str, tuple[float, ...]], ...]
    pen: Pen | None = None
    fill: Colour | None = None
    even_odd: bool = False


@dataclasses.dataclass(frozen=True)
class Picture:
    """A picture by its key; ``matrix`` carries the unit square (y downward) onto the page."""

    key: str
    matrix: tuple[float, float, float, float, float, float]


@dataclasses.dataclass(frozen=True)
class Page:
    """One page and its objects in the order of drawing."""

    width: float
    height: float
    objects: tuple[Text | Path | Picture, ...]


@dataclasses.dataclass(frozen=True)
class Drawing:
    """A whole document: pages, the fonts and the pictures (PNG) they use, by key."""

    pages: tuple[Page, ...]
    faces: dict[str, Face]
    pictures: dict[str, bytes]
