"""One written form for one value: JSON after RFC 8785, with whole numbers only.

Keys are sorted by their UTF-16 code units, there is no white space, text is UTF-8. Identifiers, dates and
decimals become text. Floats are refused: two machines may print them differently.
"""

import datetime as dt
import decimal
import uuid
from collections.abc import Iterator, Mapping, Sequence
from json.encoder import encode_basestring as _quoted
from typing import Any

from zhengtong.capabilities.ledger.exceptions import NotCanonical

# Beyond this a reader that keeps numbers as IEEE doubles (RFC 8785 §3.2.2.3) would see another number.
_LARGEST = 2**53 - 1


def canonical(value: Any) -> bytes:
    """The canonical text of a JSON-like value; raises NotCanonical for anything that has no single form."""
    try:
        return _text(value).encode("utf-8")
    except NotCanonical as error:
        raise NotCanonical(f"${error}") from None
    except UnicodeEncodeError as error:
        raise NotCanonical(f"text with a lone surrogate cannot be recorded: {error}") from None


def _text(value: Any) -> str:
    """The text of a value; an error's words begin with the way to it from here."""
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Mapping):
        return "{" + ",".join(_pairs(value)) + "}"
    if value is None or isinstance(value, bool):
        return "null" if value is None else "true" if value else "false"
    if isinstance(value, int):
        if abs(value) > _LARGEST:
            raise NotCanonical(f": {value} is beyond 2^53-1; record it as text")
        return int.__repr__(value)
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(_items(value)) + "]"
    if isinstance(value, (uuid.UUID, decimal.Decimal)):
        return f'"{value}"'
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return f'"{value.isoformat()}"'
    raise NotCanonical(f": {type(value).__name__} has no canonical form; record it as text or whole number")


def _pairs(mapping: Mapping[Any, Any]) -> Iterator[str]:
    try:
        keys = sorted(mapping, key=_utf16) if any(map(_beyond_ascii, mapping)) else sorted(mapping)
    except TypeError:
        raise NotCanonical(f": a key of {list(mapping)!r} is not text") from None
    for key in keys:
        if not isinstance(key, str):
            raise NotCanonical(f": the key {key!r} is not text")
        try:
            yield f"{_quoted(key)}:{_text(mapping[key])}"
        except NotCanonical as error:
            raise NotCanonical(f".{key}{error}") from None


def _items(values: Sequence[Any]) -> Iterator[str]:
    for number, item in enumerate(values):
        try:
            yield _text(item)
        except NotCanonical as error:
            raise NotCanonical(f"[{number}]{error}") from None


def _beyond_ascii(key: Any) -> bool:
    return isinstance(key, str) and not key.isascii()


def _utf16(key: str) -> bytes:
    """Code units in order; in ASCII it is the order of the letters."""
    if not isinstance(key, str):
        raise TypeError(key)
    return key.encode("utf-16-be", "surrogatepass")
