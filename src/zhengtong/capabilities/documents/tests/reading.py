"""Reads a rendered paper back: text, pages, QR codes."""

import contextlib
from collections.abc import Iterator

import pypdfium2
import zxingcpp
from PIL import Image


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


def qr_codes(pdf: bytes, *, page: int = 0, dots_per_inch: int = 200) -> list[str]:
    """What a reader sees in the QR codes of a page printed at that resolution."""
    with opened(pdf) as document:
        picture = document[page].render(scale=dots_per_inch / 72).to_pil()
        return [found.text for found in zxingcpp.read_barcodes(picture)]


def photograph_of(text: str) -> Image.Image:
    """The QR code of a text as somebody photographs it: grey and a little turned."""
    drawn = memoryview(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image(scale=4))
    picture = Image.frombuffer("L", (drawn.shape[1], drawn.shape[0]), bytes(drawn))
    return picture.rotate(7, expand=True, fillcolor=255)
