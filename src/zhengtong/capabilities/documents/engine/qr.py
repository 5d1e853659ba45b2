"""QR codes of verification addresses."""

import io

import segno

# Quarter of the area may be covered or worn: papers are folded, stamped and copied.
_ERROR_LEVEL = "q"
_BORDER = 2


def qr_svg(text: str) -> str:
    """The QR code of ``text`` as an SVG picture without size, for typesetting and pages."""
    buffer = io.BytesIO()
    segno.make(text, error=_ERROR_LEVEL, micro=False).save(
        buffer, kind="svg", border=_BORDER, omitsize=True, xmldecl=False, light="#ffffff"
    )
    return buffer.getvalue().decode("utf-8")


def qr_png(text: str, *, scale: int = 6) -> bytes:
    """The QR code of ``text`` as a PNG picture, ``scale`` pixels per module."""
    buffer = io.BytesIO()
    segno.make(text, error=_ERROR_LEVEL, micro=False).save(buffer, kind="png", border=_BORDER, scale=scale)
    return buffer.getvalue()
