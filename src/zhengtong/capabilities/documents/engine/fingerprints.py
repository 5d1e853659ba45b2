"""Which of our papers a file claims to be: codes found in its description, its raw bytes or its text."""

import contextlib
import io
import re
import threading

import pypdfium2
from pypdfium2 import PdfiumError

from zhengtong.capabilities.documents.engine.codes import ALPHABET, LENGTH, normalised, well_formed
from zhengtong.capabilities.documents.engine.papers import KEYWORD

# pdfium is not made for threads: one document at a time.
_PDFIUM = threading.Lock()
_PAGES_READ = 6
_MOST_CODES = 8
_IN_DESCRIPTION = re.compile(rf"{KEYWORD}([{ALPHABET}]{{{LENGTH}}})")
_PART = rf"[{ALPHABET}]{{4}}"
_IN_TEXT = re.compile(rf"{_PART}[-\s]*{_PART}[-\s]*{_PART}")


def claimed_codes(pdf: bytes) -> list[str]:
    """Well-formed codes in the order of how surely they belong to the file; works on damaged files as far as it can."""
    found = _IN_DESCRIPTION.findall(pdf.decode("latin-1"))
    with contextlib.suppress(PdfiumError, ValueError, UnicodeError), _PDFIUM:
        found += _printed(pdf)
    codes = (normalised(text) for text in found)
    return list(dict.fromkeys(code for code in codes if well_formed(code)))[:_MOST_CODES]


def _printed(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    try:
        found: list[str] = _IN_DESCRIPTION.findall(document.get_metadata_value("Keywords"))
        for number in range(min(len(document), _PAGES_READ)):
            found += _IN_TEXT.findall(document[number].get_textpage().get_text_range())
        return found
    finally:
        document.close()
