"""One written form for one value: JSON after RFC 8785, with whole numbers only.

Keys are sorted by their UTF-16 code units, there is no white space, text is UTF-8. Identifiers, dates and
decimals become text. Floats are refused: two machines may print them differently.
"""

import datetime as dt
import decimal
import json
import uuid
from collections.abc import Mapping
from typing import Any

from zhengtong.capabilities.ledger.exceptions import NotCanonical

# Beyond this a reader that keeps numbers as IEEE doubles (RFC 8785 §3.2.2.3) would see another number.
_LARGEST = 2**53 - 1


def canonical(value: Any) -> bytes:
    """The canonical text of a JSON-like value; raises NotCanonical for anything that has no single form."""
    text = json.dumps(_plain(value, "$"), ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical(f"text with a lone surrogate cannot be recorded: {error}") from None


def _plain(value: Any, where: str) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        if abs(value) > _LARGEST:
            raise NotCanonical(f"{where}: {value} is beyond 2^53-1; record it as text")
        return int(value)
    if isinstance(value, (uuid.UUID, decimal.Decimal)):
        return str(value)
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return _sorted(value, where)
    if isinstance(value, (list, tuple)):
        return [_plain(item, f"{where}[{number}]") for number, item in enumerate(value)]
    raise NotCanonical(f"{where}: {type(value).__name__} has no canonical form; record it as text or whole number")


def _sorted(mapping: Mapping[Any, Any], where: str) -> dict[str, Any]:
    for key in mapping:
        if not isinstance(key, str):
            raise NotCanonical(f"{where}: the key {key!r} is not text")
    keys = sorted(mapping, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
    return {str(key): _plain(mapping[key], f"{where}.{key}") for key in keys}
