"""Pictures of the demonstration, drawn by the program: no photograph of a place or sign of an authority is needed."""

import io
import math
from itertools import pairwise

from PIL import Image, ImageDraw

_INK, _PAPER = (11, 93, 78), (255, 255, 255, 255)
#: the hills from behind: colour, how far down they stand, how high they rise
_HILLS = (((156, 186, 190), 150, 46), ((108, 150, 148), 200, 38), ((58, 108, 100), 250, 30))


def emblem(size: int = 512) -> bytes:
    """A round sign with three waves, PNG with nothing around it."""
    image = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    unit = size / 512
    draw.ellipse((16 * unit, 16 * unit, 496 * unit, 496 * unit), fill=_PAPER)
    draw.ellipse((36 * unit, 36 * unit, 476 * unit, 476 * unit), outline=_INK, width=round(14 * unit))
    for wave in range(3):
        points = [((90 + x) * unit, (200 + 70 * wave + 22 * math.sin(x / 52 + wave)) * unit) for x in range(0, 333, 4)]
        draw.line(points, fill=_INK, width=round(22 * unit), joint="curve")
    return _bytes(image, "PNG")


def header(width: int = 1920, height: int = 320) -> bytes:
    """Hills in the morning, JPEG."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    for y in range(height):
        share = y / height
        draw.line((0, y, width, y), fill=(int(226 - 40 * share), int(238 - 22 * share), int(244 - 10 * share)))
    for place, (colour, base, rise) in enumerate(_HILLS):
        ridge = [
            (
                x,
                base
                + rise * math.sin(x / (170 + 60 * place) + 1.7 * place)
                + rise / 3 * math.sin(x / (61 + 9 * place)),
            )
            for x in range(0, width + 8, 8)
        ]
        for (left, one), (right, other) in pairwise(ridge):
            draw.polygon([(left, one), (right, other), (right, height), (left, height)], fill=colour)
    return _bytes(image, "JPEG")


def _bytes(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()
