"""Which of our papers a file claims to be: codes found in its description, its raw bytes, its text or its picture."""

import contextlib
import io
import re
import warnings
import zipfile
import zlib

import pypdfium2
import zxingcpp
from PIL import Image
from pypdfium2 import PdfiumError

from zhengtong.capabilities.documents.engine.codes import ALPHABET, LENGTH, normalised, well_formed
from zhengtong.capabilities.documents.engine.papers import KEYWORD
from zhengtong.kernel.pdf_pages import PDFIUM

_PAGES_READ = 6
_MOST_CODES = 8
_IN_DESCRIPTION = re.compile(rf"{KEYWORD}([{ALPHABET}]{{{LENGTH}}})")
_PART = rf"[{ALPHABET}]{{4}}"
_MOST_PIXELS = 40_000_000
_MOST_XML = 4 * 1024 * 1024
_IN_TEXT = re.compile(rf"{_PART}[-\s]*{_PART}[-\s]*{_PART}")


def claimed_codes(pdf: bytes) -> list[str]:
    """Well-formed codes in the order of how surely they belong to the file; works on damaged files as far as it can."""
    found = _IN_DESCRIPTION.findall(pdf.decode("latin-1"))
    with contextlib.suppress(PdfiumError, ValueError, UnicodeError), PDFIUM:
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


def claimed_codes_of_ofd(ofd: bytes) -> list[str]:
    """The same for an OFD package: codes in its description (OFD.xml)."""
    found: list[str] = []
    with (
        contextlib.suppress(zipfile.BadZipFile, KeyError, OSError, ValueError, EOFError, RuntimeError, zlib.error),
        zipfile.ZipFile(io.BytesIO(ofd)) as package,
        package.open("OFD.xml") as part,
    ):
        found = _IN_DESCRIPTION.findall(part.read(_MOST_XML).decode("utf-8", "replace"))
    return list(dict.fromkeys(code for code in found if well_formed(code)))[:_MOST_CODES]


def texts_in_picture(picture: bytes) -> list[str]:
    """What the QR codes in a photograph say; nothing for a broken or huge one."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(picture), formats=("PNG", "JPEG")) as opened:
                grey = opened.convert("L") if opened.width * opened.height <= _MOST_PIXELS else None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return []
    found = [] if grey is None else zxingcpp.read_barcodes(grey)
    return [code.text for code in found if code.format == zxingcpp.BarcodeFormat.QRCode]
