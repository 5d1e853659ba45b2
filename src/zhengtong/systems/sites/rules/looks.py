"""A look of a site's own: its colour, emblem, header and the line below its name, and what each must be."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from zhengtong.kernel.ui.contrast import READABLE, contrast

#: what a colour carries or stands on: paper with the words of the band, and the panels of pages
GROUNDS: Final = ("#ffffff", "#f7f8fa")
#: most characters of the line below the name
TAGLINE: Final = 40
#: an emblem's shorter side, in points: it stands 56 high, on fine screens twice as many
LEAST_EMBLEM: Final = 112
#: how many times as wide as high an emblem may be, and the other way round
MOST_STRETCHED: Final = 3.0
#: a header fills the width of a screen
LEAST_HEADER: Final = 1200
#: how many times as wide as high a header must be at least
LEAST_WIDE: Final = 4.0
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
_SHADE: Final = 0.88


def read_colour(text: str) -> str:
    """A colour as people write it, as ``#rrggbb``; ValueError for what is none.

    >>> read_colour("＃8A1538"), read_colour(" 8a1538 "), read_colour("")
    ('#8a1538', '#8a1538', '')
    """
    found = unicodedata.normalize("NFKC", text).strip().lower()
    if not found:
        return ""
    found = f"#{found.removeprefix('#')}"
    if not _COLOUR.fullmatch(found):
        raise ValueError(text)
    return found


def readable(colour: str) -> float:
    """The least contrast of a colour with what it carries or stands on; 4.5 are needed (WCAG 2.2, 1.4.3)."""
    return min(contrast(colour, ground) for ground in GROUNDS)


def shaded(colour: str, share: float = _SHADE) -> str:
    """The same colour darker: each part of it times ``share``, so that its contrast with paper never falls."""
    return "#" + "".join(f"{int(int(colour[at : at + 2], 16) * share):02x}" for at in (1, 3, 5))


def nearest_readable(colour: str) -> str:
    """The colour itself where it can be read, else the same made darker until it can."""
    while readable(colour) < READABLE:
        colour = shaded(colour, 0.95)
    return colour


def stylesheet(colour: str) -> str:
    """The colours of a page of a site that has chosen its own; the band a shade darker, as in every theme."""
    return f".zs-colour-{colour[1:]} {{ --zt-band: {shaded(colour)}; --zt-accent: {colour}; }}\n"


def colour_fault(text: str) -> str:
    """What is wrong with a colour, or nothing.

    >>> colour_fault("#8a1538"), colour_fault("red")
    ('', '颜色请写成 #8a1538 的样子：井号和六位数字或字母。')
    """
    try:
        colour = read_colour(text)
    except ValueError:
        return "颜色请写成 #8a1538 的样子：井号和六位数字或字母。"
    if not colour or readable(colour) >= READABLE:
        return ""
    return (
        f"这个颜色太浅，配白字只有 {readable(colour):.1f} : 1，要到 4.5 : 1 才看得清。"
        f"相近又看得清的是 {nearest_readable(colour)}。"
    )


def emblem_fault(width: int, height: int) -> str:
    """What is wrong with the size of an emblem, or nothing.

    >>> emblem_fault(256, 256), emblem_fault(60, 60)
    ('', '标识只有 60×60，太小了，请用短边 112 点以上的图片。')
    """
    if min(width, height) < LEAST_EMBLEM:
        return f"标识只有 {width}×{height}，太小了，请用短边 {LEAST_EMBLEM} 点以上的图片。"
    if max(width, height) > MOST_STRETCHED * min(width, height):
        return f"标识是 {width}×{height}，太长了，长边不能超过短边的 {MOST_STRETCHED:.0f} 倍。"
    return ""


def header_fault(width: int, height: int) -> str:
    """The same for a header.

    >>> header_fault(1920, 300), header_fault(1920, 1080)
    ('', '头图是 1920×1080，太高了，请裁成横条：宽要有高的 4 倍以上，例如 1920×320。')
    """
    if width < LEAST_HEADER:
        return f"头图只有 {width} 点宽，会模糊，请用 {LEAST_HEADER} 点以上的图片。"
    if width < LEAST_WIDE * height:
        return f"头图是 {width}×{height}，太高了，请裁成横条：宽要有高的 {LEAST_WIDE:.0f} 倍以上，例如 1920×320。"
    return ""


def faults(*, colour: str, tagline: str, sizes: Mapping[str, tuple[int, int]]) -> dict[str, str]:
    """What is wrong with a look, a sentence for each field; ``sizes``: width and height of its pictures in points.

    >>> faults(colour="", tagline="为民 务实 清廉", sizes={"emblem": (60, 60)})
    {'emblem': '标识只有 60×60，太小了，请用短边 112 点以上的图片。'}
    """
    found = {"colour": colour_fault(colour)}
    if len(tagline) > TAGLINE:
        found["tagline"] = f"题注最多 {TAGLINE} 个字，现在有 {len(tagline)} 个字。"
    if "emblem" in sizes:
        found["emblem"] = emblem_fault(*sizes["emblem"])
    if "header" in sizes:
        found["header"] = header_fault(*sizes["header"])
    return {name: sentence for name, sentence in found.items() if sentence}
