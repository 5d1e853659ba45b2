"""QR codes as inline SVG for receipts and licences; error correction M, quiet zone of four modules."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str) -> SafeString:
    """An SVG image of the text without style attributes; ValueError when the text is too long for a QR code."""
    code = segno.make(text, error="m", micro=False)
    inline = code.svg_inline(border=4, dark="#1f2937", light="#ffffff", svgclass=None, lineclass=None, omitsize=True)
    return mark_safe(inline)  # noqa: S308  # written by segno from modules alone, the text itself is not in it
