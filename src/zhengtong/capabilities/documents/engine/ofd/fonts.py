"""The subset fonts of a PDF as font files of their own: what a PDF may leave out is added (cmap, OS/2; all for CFF)."""

import re
import struct
from typing import Any

import pikepdf

from zhengtong.capabilities.documents.engine.ofd.drawing import Face, NotConvertible

_TRUETYPE, _OPENTYPE = b"\x00\x01\x00\x00", b"OTTO"
_MAGIC = 0x5F0F3CF5
_SERIF_FLAG = 2
_CHARACTER = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_RANGE = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_LISTED = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*\[([^\]]*)\]")
_BMP_END = 0xFFFF


class PdfFont:
    """A Type 0 font with Identity-H: codes are glyph numbers of the embedded font."""

    def __init__(self, font: Any) -> None:
        if str(font.Subtype) != "/Type0" or str(font.Encoding) != "/Identity-H":
            raise NotConvertible(f"font {font.BaseFont} is not a Type 0 font with Identity-H")
        descendant = font.DescendantFonts[0]
        self._descriptor = descendant.FontDescriptor
        # a subset is named ABCDEF+Name, a CFF font Name-Identity-H
        self.name = str(font.BaseFont).removeprefix("/").rpartition("+")[2].removesuffix("-Identity-H")
        self.texts = _texts(bytes(font.ToUnicode.read_bytes()).decode("latin-1"))
        self._default = float(descendant.get("/DW", 1000))
        self._widths = _widths(descendant.get("/W", []))

    def width(self, glyph: int) -> float:
        """The advance width in thousandths of the size."""
        return self._widths.get(glyph, self._default)

    def face(self) -> Face:
        """The font as a file of its own."""
        glyphs: dict[int, int] = {}
        for number, text in self.texts.items():
            if len(text) == 1:
                glyphs.setdefault(ord(text), number)
        found = self._descriptor
        bold = "bold" in self.name.lower()
        if "/FontFile2" in found:
            tables = _tables(bytes(found.FontFile2.read_bytes()))
            kind = _TRUETYPE
        elif "/FontFile3" in found:
            tables = _opentype(bytes(found.FontFile3.read_bytes()), self._all_widths(), found)
            kind = _OPENTYPE
        else:
            raise NotConvertible(f"font {self.name} is not embedded")
        tables["cmap"] = _cmap(glyphs)
        tables.setdefault("OS/2", _os2(bold=bold, found=found, glyphs=glyphs))
        return Face(
            name=self.name,
            program=_sfnt(kind, tables),
            ascent=float(found.Ascent) / 1000,
            descent=float(found.Descent) / 1000,
            bold=bold,
            serif=bool(int(found.Flags) & _SERIF_FLAG),
            glyphs=glyphs,
        )

    def _all_widths(self) -> list[float]:
        last = max([*self._widths, *self.texts, 0])
        return [self.width(number) for number in range(last + 1)]


def _texts(cmap: str) -> dict[int, str]:
    """Glyph number → characters, of a ToUnicode map."""
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, text in _CHARACTER.findall(block):
            found[int(code, 16)] = _utf16(text)
    for block in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, listed in _LISTED.findall(block):
            words = re.findall(r"<([0-9A-Fa-f]+)>", listed)
            found.update(zip(range(int(first, 16), int(last, 16) + 1), map(_utf16, words), strict=False))
        for first, last, text in _RANGE.findall(_LISTED.sub("", block)):
            start = _utf16(text)
            for step, code in enumerate(range(int(first, 16), int(last, 16) + 1)):
                found[code] = start[:-1] + chr(ord(start[-1]) + step)
    return found


def _utf16(text: str) -> str:
    return bytes.fromhex(text).decode("utf-16-be")


def _widths(array: Any) -> dict[int, float]:
    """A W array: ``c [w …]`` or ``first last w``."""
    found: dict[int, float] = {}
    items = list(array)
    while items:
        first, second = int(items[0]), items[1]
        if isinstance(second, pikepdf.Array):
            found.update({first + step: float(width) for step, width in enumerate(second)})
            items = items[2:]
        else:
            found.update(dict.fromkeys(range(first, int(second) + 1), float(items[2])))
            items = items[3:]
    return found


def _tables(program: bytes) -> dict[str, bytes]:
    (count,) = struct.unpack_from(">H", program, 4)
    found: dict[str, bytes] = {}
    for number in range(count):
        tag, _sum, offset, length = struct.unpack_from(">4sLLL", program, 12 + 16 * number)
        found[tag.decode("latin-1")] = program[offset : offset + length]
    return found


def _sfnt(kind: bytes, tables: dict[str, bytes]) -> bytes:
    """A font file of tables with right check sums and order."""
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    head = kind + struct.pack(">HHHH", count, power * 16, power.bit_length() - 1, (count - power) * 16)
    offset, directory, body = 12 + 16 * count, b"", b""
    for tag in sorted(tables):
        content = tables[tag]
        padded = content + bytes(-len(content) % 4)
        directory += struct.pack(">4sLLL", tag.encode("latin-1"), _check_sum(padded), offset, len(content))
        body += padded
        offset += len(padded)
    return head + directory + body


def _check_sum(padded: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}L", padded)
    return sum(words) & 0xFFFFFFFF


def _cmap(glyphs: dict[int, int]) -> bytes:
    """Format 4 for the basic plane and format 12 for everything, one segment per character."""
    basic = sorted(code for code in glyphs if code < _BMP_END)
    segments = [*((code, code, (glyphs[code] - code) & 0xFFFF) for code in basic), (0xFFFF, 0xFFFF, 1)]
    count = len(segments)
    power = 1 << (count.bit_length() - 1)
    searching = struct.pack(">HHHH", count * 2, power * 2, power.bit_length() - 1, (count - power) * 2)
    ends, starts, deltas = (b"".join(struct.pack(">H", segment[i]) for segment in segments) for i in (1, 0, 2))
    rest = searching + ends + bytes(2) + starts + deltas + bytes(2 * count)
    four = struct.pack(">HHH", 4, 6 + len(rest), 0) + rest
    groups = b"".join(struct.pack(">LLL", code, code, glyphs[code]) for code in sorted(glyphs))
    twelve = struct.pack(">HHLLL", 12, 0, 16 + len(groups), 0, len(glyphs)) + groups
    records = struct.pack(">HHL", 3, 1, 20) + struct.pack(">HHL", 3, 10, 20 + len(four))
    return struct.pack(">HH", 0, 2) + records + four + twelve


def _os2(*, bold: bool, found: Any, glyphs: dict[int, int]) -> bytes:
    """A version 1 table: weight, vertical measures, first and last character; embedding is allowed (fsType 0)."""
    ascent, descent = int(found.Ascent), int(found.Descent)
    codes = [min(code, _BMP_END) for code in glyphs] or [0]
    return b"".join(
        (
            struct.pack(">HhHHH", 1, 1000, 700 if bold else 400, 5, 0),
            struct.pack(">10h", 650, 700, 0, 140, 650, 700, 0, 480, 50, 260),
            struct.pack(">h10s4L4s", 0, bytes(10), 1, 1 << 27, 0, 0, b"ZHTG"),
            struct.pack(">HHH", 1 << 5 if bold else 1 << 6, min(codes), max(codes)),
            struct.pack(">hhhHH", ascent, descent, 0, max(ascent, 0), max(-descent, 0)),
            struct.pack(">LL", 1 | 1 << 18, 0),
        )
    )


def _opentype(program: bytes, widths: list[float], found: Any) -> dict[str, bytes]:
    """The tables around a bare CFF program; a whole OpenType file is taken as it is."""
    if program[:4] == _OPENTYPE:
        return _tables(program)
    box = [int(float(edge)) for edge in found.FontBBox]
    ascent, descent = int(found.Ascent), int(found.Descent)
    widest = int(max(widths))
    return {
        "CFF ": program,
        "head": struct.pack(">LLLLHHQQ4hHHhhh", 0x00010000, 0x00010000, 0, _MAGIC, 3, 1000, 0, 0, *box, 0, 8, 2, 0, 0),
        "hhea": struct.pack(
            ">LhhhH3h3h5hH", 0x00010000, ascent, descent, 0, widest, 0, 0, widest, 1, 0, 0, 0, 0, 0, 0, 0, len(widths)
        ),
        "hmtx": b"".join(struct.pack(">Hh", int(width), 0) for width in widths),
        "maxp": struct.pack(">LH", 0x00005000, len(widths)),
        "post": struct.pack(">LLhhLLLLL", 0x00030000, 0, -100, 50, 0, 0, 0, 0, 0),
    }
