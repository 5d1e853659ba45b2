"""QR codes as inline SVG for receipts; error correction M, quiet zone of four modules."""

from django.utils.safestring import SafeString, mark_safe

from zhengtong.kernel import qr


def qr_svg(text: str) -> SafeString:
    """An SVG image of the text without style attributes; ValueError when the text is too long for a QR code."""
    return mark_safe(qr.qr_svg(text, dark="#1f2937"))  # noqa: S308  # drawn from modules, the text is not in it
