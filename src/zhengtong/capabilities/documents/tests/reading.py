"""Reads a rendered paper back: text, pages, QR codes."""

import contextlib
from collections.abc import Iterator

import pypdfium2
import zxingcpp


@contextlib.contextmanager
def opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """The document, closed afterwards."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page without white space."""
    with opened(pdf) as document:
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def text_of(pdf: bytes) -> str:
    """All text without white space."""
    return "".join(page_texts(pdf))


def qr_codes(pdf: bytes, *, page: int = 0, dots_per_inch: int = 130) -> list[str]:
    """What a reader sees in the QR codes of a page printed at that resolution."""
    with opened(pdf) as document:
        picture = document[page].render(scale=dots_per_inch / 72).to_pil()
        return [found.text for found in zxingcpp.read_barcodes(picture)]
