"""The text of a short message: how it is cut into parts, and put together again."""

from collections.abc import Mapping

_ONE = 70  # UCS-2 characters in a message of one part: 140 bytes
_EACH = 67  # in each of several: six bytes are the user data header
_HEADER = b"\x05\x00\x03"
_MOST_PARTS = 255


def signed(text: str, signature: str) -> str:
    """The text with the sender's name in front, 【…】, as the operators demand; spaces and breaks become one space."""
    plain = " ".join(text.split())
    return f"【{signature}】{plain}" if signature else plain


def count_parts(text: str) -> int:
    """How many parts, each of which is paid, a text takes."""
    return len(_pieces(text))


def shortened(text: str, most: int) -> str:
    """The text, cut so that it takes ``most`` parts at most; what was cut ends with …"""
    if count_parts(text) <= most:
        return text
    limit = _ONE if most == 1 else _EACH * most
    while text and count_parts(f"{text}…") > most:
        over = (len(text.encode("utf-16-be")) // 2 + 1 - limit) // 2
        text = text[: -max(over, 1)]
    return f"{text}…"


def parts_of(text: str, reference: int) -> list[bytes]:
    """The contents of the parts in UCS-2; several begin with 05 00 03, ``reference``, their number, its place."""
    pieces = _pieces(text)
    if len(pieces) > _MOST_PARTS:
        raise ValueError("a short message has 255 parts at most")
    if len(pieces) == 1:
        return pieces
    total = len(pieces)
    return [_HEADER + bytes([reference % 256, total, place]) + piece for place, piece in enumerate(pieces, start=1)]


def _pieces(text: str) -> list[bytes]:
    data = text.encode("utf-16-be", "replace")
    if len(data) <= 2 * _ONE:
        return [data]
    pieces = []
    while data:
        end = 2 * _EACH
        # a character beyond the first plane is two units, which stay together
        if len(data) > end and 0xD8 <= data[end - 2] <= 0xDB:
            end -= 2
        pieces.append(data[:end])
        data = data[end:]
    return pieces


def header_of(content: bytes) -> tuple[int, int, int] | None:
    """(reference, total, place) of a part's user data header; None where it is no such header."""
    if len(content) < 6 or not content.startswith(_HEADER):
        return None
    reference, total, place = content[3:6]
    return (reference, total, place) if 1 <= place <= total else None


def joined(contents: Mapping[int, bytes], *, header: bool, charset: int) -> str:
    """The text of all parts, by place; what cannot be read becomes �."""
    data = b"".join(contents[place][6 if header else 0 :] for place in sorted(contents))
    encoding = {8: "utf-16-be", 15: "gbk"}.get(charset, "ascii")
    return data.decode(encoding, "replace")
