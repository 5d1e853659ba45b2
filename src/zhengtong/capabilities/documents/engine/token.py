"""The offline token of a licence: what its face says, signed with SM2, short enough for a QR code.

``EL1:`` and base32 (no padding) of: zlib(JSON) ‖ r ‖ s. The signature covers ``EL1:`` and the compressed JSON, so
that not one character can be changed. Keys of the JSON: v version, k first 16 digits of the key's identifier,
n number, t title, h holder, i issuer, c verification code, s day of issue, f and u first and last day of validity
(both may lack), d first 16 digits of the SM3 digest of the contents.
"""

import base64
import binascii
import dataclasses
import datetime as dt
import hashlib
import json
import zlib
from collections.abc import Callable, Mapping
from typing import Any, Final

PREFIX: Final = "EL1:"
KEY_DIGITS: Final = 16
DIGEST_DIGITS: Final = 16
_VERSION = 1
_SIGNATURE_BYTES = 64
_MOST_CHARACTERS = 4000
_MOST_JSON = 8000
_DAY = "%Y%m%d"


class BadToken(Exception):
    """The text is no token, or was damaged on its way: nothing can be said of its contents."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class TokenFacts:
    """What a token says; dates are days in Shanghai, ``key`` the beginning of the signing key's identifier."""

    number: str
    title: str
    holder: str
    issuer: str
    code: str
    issued_on: dt.date
    valid_from: dt.date | None
    valid_until: dt.date | None
    digest: str
    key: str


@dataclasses.dataclass(frozen=True)
class ReadToken:
    """A token taken apart: its facts, and what the signature (r ‖ s) must cover."""

    facts: TokenFacts
    signed: bytes
    signature: bytes


def make_token(facts: TokenFacts, *, sign: Callable[[bytes], bytes]) -> str:
    """The token; ``sign`` gives r ‖ s (64 bytes) over its argument."""
    said: dict[str, Any] = {
        "v": _VERSION,
        "k": facts.key,
        "n": facts.number,
        "t": facts.title,
        "h": facts.holder,
        "i": facts.issuer,
        "c": facts.code,
        "s": facts.issued_on.strftime(_DAY),
        "d": facts.digest,
    }
    for name, day in (("f", facts.valid_from), ("u", facts.valid_until)):
        if day is not None:
            said[name] = day.strftime(_DAY)
    packed = zlib.compress(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode(), 9)
    signature = sign(PREFIX.encode() + packed)
    if len(signature) != _SIGNATURE_BYTES:
        raise ValueError("a signature is r and s of 32 bytes each")
    return PREFIX + base64.b32encode(packed + signature).decode().rstrip("=")


def looks_like_token(text: str) -> bool:
    """True when the text claims to be a token, however damaged."""
    return _tidy(text).startswith(PREFIX)


def read_token(text: str) -> ReadToken:
    """The parts of a token; raises BadToken. Nothing in it may be believed before its signature is checked."""
    tidy = _tidy(text)
    body = tidy.removeprefix(PREFIX)
    if not tidy.startswith(PREFIX) or not body or len(tidy) > _MOST_CHARACTERS:
        raise BadToken("no token")
    try:
        data = base64.b32decode(body + "=" * (-len(body) % 8))
        packed, signature = data[:-_SIGNATURE_BYTES], data[-_SIGNATURE_BYTES:]
        # the last character has bits to spare: only one way to write a token is admitted
        if base64.b32encode(data).decode().rstrip("=") != body or len(signature) != _SIGNATURE_BYTES:
            raise BadToken("not the canonical form")
        return ReadToken(_facts(_unpacked(packed)), PREFIX.encode() + packed, signature)
    except (binascii.Error, zlib.error, ValueError, KeyError, TypeError) as error:
        raise BadToken("no token") from error


def digest_of(contents: Mapping[str, Any]) -> str:
    """The digits of the SM3 digest of a paper's contents (JSON, keys sorted) that its token carries."""
    text = json.dumps(contents, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.new("sm3", text.encode()).hexdigest()[:DIGEST_DIGITS]


def _tidy(text: str) -> str:
    return "".join(text.split()).upper()


def _unpacked(packed: bytes) -> Mapping[str, Any]:
    unpacker = zlib.decompressobj()
    plain = unpacker.decompress(packed, _MOST_JSON)
    if not unpacker.eof or unpacker.unused_data:
        raise BadToken("not one whole packed text")
    said = json.loads(plain)
    if not isinstance(said, dict) or said.get("v") != _VERSION:
        raise BadToken("another version")
    return said


def _facts(said: Mapping[str, Any]) -> TokenFacts:
    return TokenFacts(
        number=_text(said["n"]),
        title=_text(said["t"]),
        holder=_text(said["h"]),
        issuer=_text(said["i"]),
        code=_text(said["c"]),
        issued_on=_day(said["s"]),
        valid_from=_day(said["f"]) if "f" in said else None,
        valid_until=_day(said["u"]) if "u" in said else None,
        digest=_text(said["d"]),
        key=_text(said["k"]),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise BadToken("not a text")
    return value


def _day(value: Any) -> dt.date:
    return dt.datetime.strptime(_text(value), _DAY).replace(tzinfo=dt.UTC).date()
