"""What PDF/A-2b (ISO 19005-2) claims and a program can check without a validator, before and after sealing."""

import io
from typing import Any

import pikepdf
import pytest

from zhengtong.capabilities.documents.engine.contents import content_of
from zhengtong.capabilities.documents.engine.papers import render_paper
from zhengtong.capabilities.documents.tests.factories import file_of, issued, seal_id
from zhengtong.capabilities.documents.tests.papers import every_template, heading

_FORBIDDEN_KEYS = ("/JS", "/JavaScript", "/Launch", "/AA", "/OpenAction", "/EmbeddedFiles", "/XFA", "/Movie", "/Sound")
_ALLOWED_NOTES = ("/Widget", "/Link")
_HIDDEN, _PRINTED = 0b10, 0b100


def findings(pdf: bytes) -> list[str]:
    """What speaks against PDF/A-2b; empty when nothing was found."""
    found: list[str] = []
    with pikepdf.open(io.BytesIO(pdf)) as file:
        if file.is_encrypted:
            found.append("encrypted (6.1.3)")
        if "/ID" not in file.trailer:
            found.append("no file identifier (6.1.3)")
        found += _of_the_catalogue(file)
        for number, page in enumerate(file.pages):
            found += [f"page {number + 1}: {text}" for text in _of_a_page(page)]
        found += [f"{key} (6.5, 6.6)" for key in _FORBIDDEN_KEYS if _anywhere(file, key)]
        if _anywhere_filter(file, "/LZWDecode"):
            found.append("LZW (6.1.7)")
    return found


def _of_the_catalogue(file: pikepdf.Pdf) -> list[str]:
    found = []
    with file.open_metadata() as metadata:
        if (metadata.get("pdfaid:part"), metadata.get("pdfaid:conformance")) != ("2", "B"):
            found.append("XMP does not claim PDF/A-2b (6.6.4)")
        title, info = metadata.get("dc:title"), file.docinfo.get("/Title")
        if info is not None and str(info) != title:
            found.append("XMP and document information differ (6.6.3)")
    metadata_stream = file.Root.Metadata
    if "/Filter" in metadata_stream:
        found.append("XMP is compressed (6.6.2.1)")
    intents = [one for one in file.Root.get("/OutputIntents", []) if str(one.S) == "/GTS_PDFA1"]
    if not intents or any("/DestOutputProfile" not in one for one in intents):
        found.append("no output intent with a profile (6.2.3)")
    if file.Root.get("/AcroForm") is not None and bool(file.Root.AcroForm.get("/NeedAppearances", False)):
        found.append("NeedAppearances (6.4.1)")
    return found


def _of_a_page(page: Any) -> list[str]:
    found = []
    for name, font in page.Resources.get("/Font", {}).items():
        found += [] if _embedded(font) else [f"font {name} is not embedded (6.2.11.4)"]
    for note in page.obj.get("/Annots", []):
        if str(note.Subtype) not in _ALLOWED_NOTES:
            found.append(f"annotation {note.Subtype} (6.3.1)")
        left, bottom, right, top = (float(edge) for edge in note.Rect)
        visible = right > left and top > bottom
        if visible and "/AP" not in note and str(note.Subtype) != "/Link":
            found.append("annotation without appearance (6.3.3)")
        flags = int(note.get("/F", 0))
        if not flags & _PRINTED or flags & _HIDDEN:
            found.append("annotation is hidden or not printed (6.3.2)")
        appearance = note.get("/AP", {}).get("/N")
        if appearance is not None:
            fonts = appearance.get("/Resources", {}).get("/Font", {})
            found += [f"font {name} of a seal is not embedded" for name, font in fonts.items() if not _embedded(font)]
    return found


def _embedded(font: Any) -> bool:
    descriptor = font.DescendantFonts[0].FontDescriptor if "/DescendantFonts" in font else font.get("/FontDescriptor")
    return descriptor is not None and any(f"/FontFile{kind}" in descriptor for kind in ("", "2", "3"))


def _anywhere(file: pikepdf.Pdf, key: str) -> bool:
    return any(_holds(one, key) for one in file.objects)


def _holds(value: Any, key: str) -> bool:
    """Direct parts only: what is referred to is an object of its own."""
    if isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
        return key in value or any(_holds(one, key) for one in value.values() if not getattr(one, "is_indirect", False))
    if isinstance(value, pikepdf.Array):
        return any(_holds(one, key) for one in value if not getattr(one, "is_indirect", False))
    return False


def _anywhere_filter(file: pikepdf.Pdf, name: str) -> bool:
    streams = (one for one in file.objects if isinstance(one, pikepdf.Stream))
    return any(name in str(one.get("/Filter", "")) for one in streams)


@pytest.mark.parametrize("template", sorted(every_template()))
def test_a_typeset_paper_keeps_what_pdf_a_asks(template: str) -> None:
    pdf = render_paper(template, heading=heading(), content=content_of(template, every_template()[template])).pdf

    assert findings(pdf) == []


@pytest.mark.django_db
def test_a_sealed_paper_keeps_it() -> None:
    assert findings(file_of(issued(seal_id=seal_id()))) == []


def test_the_check_can_fail() -> None:
    pdf = render_paper("receipt", heading=heading(), content=content_of("receipt", every_template()["receipt"])).pdf
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        file.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS="app.alert(1)")
        del file.Root.OutputIntents
        file.save(out)

    found = findings(out.getvalue())

    assert any("output intent" in one for one in found)
    assert any("/JS" in one for one in found)
