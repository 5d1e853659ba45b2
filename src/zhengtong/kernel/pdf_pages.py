"""Pages of a PDF as pictures: what a reader sees, without what a PDF could do in his browser."""

import io
import threading

import pypdfium2
from pypdfium2 import PdfiumError

from zhengtong.kernel.errors import NotFound

#: pdfium is not made for threads: one document at a time in the whole process
PDFIUM = threading.Lock()
_MOST_PIXELS = 8_000_000
_QUALITY = 82


def page_sizes(pdf: bytes, *, most: int) -> tuple[list[tuple[float, float]], int]:
    """Width and height in points of the first ``most`` pages, and how many there are; NotFound for a damaged file."""
    with PDFIUM:
        document = _opened(pdf)
        try:
            count = len(document)
            return [document.get_page_size(number) for number in range(min(count, most))], count
        finally:
            document.close()


def page_picture(pdf: bytes, number: int, *, width: int) -> bytes:
    """Page ``number`` (from 1) as a JPEG of that width in pixels; NotFound for a page there is not."""
    with PDFIUM:
        document = _opened(pdf)
        try:
            if not 1 <= number <= len(document):
                raise NotFound(f"这份文件没有第 {number} 页。")
            page = document[number - 1]
            across, down = page.get_size()
            scale = width / max(across, 1)
            scale *= min(1.0, (_MOST_PIXELS / max(across * down * scale * scale, 1)) ** 0.5)
            picture = page.render(scale=scale).to_pil().convert("RGB")
        finally:
            document.close()
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _opened(pdf: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(pdf)
    except PdfiumError:
        raise NotFound("这份 PDF 打不开，可能已经损坏。请下载以后用其他软件查看。") from None
