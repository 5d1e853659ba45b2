"""Typesetting with typst: data in as JSON, PDF/A-2b out, one compiler kept alive per template and process.

A template sees data only as strings, so that nothing a person typed is ever read as markup. A character
that no font holds is an error and never an empty box in a legal paper.
"""

import dataclasses
import datetime as dt
import functools
import hashlib
import json
import os
import re
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import typst

from zhengtong.kernel.fonts import font_paths

TEMPLATES = Path(__file__).resolve().parent / "templates"

_POINTS_PER_MM = 72 / 25.4
_PDF_STANDARD: Literal["a-2b"] = "a-2b"
# C0 and C1 controls without tab and newline, and the marks that turn the writing direction: they have no shape.
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_UNDISPLAYED = re.compile(r"the text `\"(.+?)\"` could not be displayed")
_IMPORT = re.compile(r'^#import "([a-z_]+\.typ)"', re.MULTILINE)
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")


class TypesettingError(Exception):
    """The template could not be set with these data; the text names what typst said."""


class MissingGlyphs(TypesettingError):
    """No font holds these characters; ``characters`` lists them once each."""

    def __init__(self, characters: str) -> None:
        super().__init__(f"no font holds {characters}")
        self.characters = characters


@dataclasses.dataclass(frozen=True)
class FontChoice:
    """Font families, most wanted first; a county with licensed fonts puts its own in front."""

    serif: tuple[str, ...] = ("Noto Serif SC", "Noto Serif CJK SC")
    sans: tuple[str, ...] = ("Noto Sans SC", "Noto Sans CJK SC")
    body: tuple[str, ...] = ("FandolFang R", "Noto Serif SC", "Noto Serif CJK SC")


@dataclasses.dataclass(frozen=True)
class SealPlace:
    """Where the seal belongs: page from 1, centre from the left and top edge and diameter in millimetres."""

    page: int
    x_mm: float
    y_mm: float
    diameter_mm: float
    page_height_mm: float

    def centre_points(self) -> tuple[float, float]:
        """The centre in PDF points from the lower left corner of the page."""
        return self.x_mm * _POINTS_PER_MM, (self.page_height_mm - self.y_mm) * _POINTS_PER_MM


@dataclasses.dataclass(frozen=True)
class Rendered:
    """A typeset paper; ``seal_place`` is None where the template keeps none."""

    pdf: bytes
    seal_place: SealPlace | None


def render(template: str, data: Mapping[str, Any], *, at: dt.datetime, fonts: FontChoice | None = None) -> Rendered:
    """The paper of ``template`` (a file name without ending) with ``data``; ``at`` is the time written into the file.

    Equal arguments give equal bytes. Raises LookupError for an unknown template, MissingGlyphs when a
    character has no shape in any font, TypesettingError for anything else that typst refuses.
    """
    source = TEMPLATES / f"{template}.typ"
    if not source.is_file() or source.parent != TEMPLATES:
        raise LookupError(f"no template is called {template}")
    payload = {**data, "fonts": dataclasses.asdict(_available(fonts or FontChoice()))}
    compiler = _compiler(template, os.getpid())
    with compiler.lock:
        return compiler.set(json.dumps(_printable(payload), ensure_ascii=False), at)


@functools.lru_cache(maxsize=32)
def template_digest(template: str) -> str:
    """SHA-256 of a template with all it imports: by which layout a paper is set.

    Raises LookupError for an unknown template.
    """
    source = TEMPLATES / f"{template}.typ"
    if not source.is_file() or source.parent != TEMPLATES:
        raise LookupError(f"no template is called {template}")
    return hashlib.sha256(b"".join(_with_imports(source))).hexdigest()


def _with_imports(source: Path) -> Iterator[bytes]:
    """The text of a template, then that of what it imports, one file after another."""
    text = source.read_text(encoding="utf-8")
    yield text.encode()
    for name in _IMPORT.findall(text):
        yield from _with_imports(source.parent / name)


class _KeptCompiler:
    def __init__(self, template: str) -> None:
        self.lock = threading.Lock()
        self._engine = typst.Compiler(
            input=str(TEMPLATES / f"{template}.typ"), root=str(TEMPLATES), font_paths=_fonts(), ignore_system_fonts=True
        )

    def set(self, payload: str, at: dt.datetime) -> Rendered:
        """Set one paper; the lock is held by the caller."""
        try:
            pdf = self._engine.compile(
                format="pdf",
                pdf_standards=[_PDF_STANDARD],
                sys_inputs={"data": payload},
                timestamp=at.astimezone(dt.UTC).replace(microsecond=0),
            )
            places = json.loads(self._engine.query("<seal-place>", field="value"))
        except typst.TypstError as error:
            raise _explained(error) from error
        if not isinstance(pdf, bytes):
            raise TypesettingError("typst returned no document")
        place = places[-1] if places else None
        return Rendered(pdf=pdf, seal_place=place and _place(place))


def _place(found: Mapping[str, Any]) -> SealPlace:
    return SealPlace(found["page"], found["x"], found["y"], found["diameter"], found["page-height"])


# The process id is part of the key: after a fork the child makes its own compilers and locks.
@functools.cache
def _compiler(template: str, _process: int) -> _KeptCompiler:
    return _KeptCompiler(template)


@functools.cache
def _fonts() -> typst.Fonts:
    paths = [str(path) for path in font_paths()]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths)
    if not fonts.families():
        raise TypesettingError("no fonts found: run `make assets` or set ZHENGTONG_FONT_DIR")
    return fonts


def _available(choice: FontChoice) -> FontChoice:
    """The choice without families that are not installed: typst would warn of each of them."""
    known = {family.lower() for family in _fonts().families()}
    kept = {
        field.name: tuple(family for family in getattr(choice, field.name) if family.lower() in known)
        for field in dataclasses.fields(choice)
    }
    lacking = [name for name, families in kept.items() if not families]
    if lacking:
        raise TypesettingError(f"no font family installed for {', '.join(lacking)}")
    return FontChoice(**kept)


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return _UNPRINTABLE.sub("", value.replace("\r\n", "\n"))
    if isinstance(value, Mapping):
        return {key: _printable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_printable(item) for item in value]
    return value


def _explained(error: typst.TypstError) -> TypesettingError:
    missing = "".join(_UNDISPLAYED.findall(error.diagnostic))
    if missing:
        plain = _ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), missing)
        return MissingGlyphs("".join(dict.fromkeys(plain)))
    return TypesettingError(error.diagnostic or error.message)
