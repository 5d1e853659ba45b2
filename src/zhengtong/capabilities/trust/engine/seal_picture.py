"""Draws the picture of a seal: vector PDF for documents, transparent PNG for screens."""

import dataclasses
from pathlib import Path

import typst

from zhengtong.kernel.fonts import font_paths

_TEMPLATE = Path(__file__).with_name("seal.typ")
_FONTS = ("Noto Serif SC", "Noto Serif CJK SC", "Noto Sans SC")
_SCREEN_PPI = 300.0
_POINTS_PER_MM = 72 / 25.4


@dataclasses.dataclass(frozen=True)
class SealPicture:
    """The same drawing twice; ``diameter_mm`` is its true size on paper."""

    pdf: bytes
    png: bytes
    diameter_mm: float

    @property
    def diameter_points(self) -> float:
        """The true size in PDF points."""
        return self.diameter_mm * _POINTS_PER_MM


def draw(*, name: str, captions: tuple[str, ...], diameter_mm: float) -> SealPicture:
    """A round red seal: ``name`` runs along the arc from left to right, ``captions`` (at most two) stand below."""
    inputs = {
        "name": name,
        "captions": "|".join(captions[:2]),
        "diameter": str(diameter_mm),
        "fonts": "|".join(_FONTS),
    }
    compiler = typst.Compiler(str(_TEMPLATE), font_paths=[str(path) for path in font_paths()], sys_inputs=inputs)
    return SealPicture(
        pdf=_one_page(compiler.compile(format="pdf")),
        png=_one_page(compiler.compile(format="png", ppi=_SCREEN_PPI)),
        diameter_mm=diameter_mm,
    )


def _one_page(compiled: bytes | list[bytes] | None) -> bytes:
    if not isinstance(compiled, bytes):
        raise TypeError("the template of a seal must give exactly one page")
    return compiled
