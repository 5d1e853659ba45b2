"""Short links that nobody can make up, and requests of evaluators that nobody can repeat or change."""

import base64
import hashlib
import hmac
import uuid
from dataclasses import dataclass
from typing import Final

_MAC: Final = 12  # bytes: 96 bits
_TEXT, _UUID = b"t", b"u"


@dataclass(frozen=True)
class Link:
    """What a short link is about."""

    kind: str
    key: str
    event: str


def make_token(key: bytes, link: Link) -> str:
    """The token of a link, of letters, digits, dash and underscore; the same link gives the same token."""
    body = _body(link)
    return base64.urlsafe_b64encode(body + _mac(key, body)).rstrip(b"=").decode("ascii")


def read_token(key: bytes, token: str) -> Link | None:
    """What a token is about; None for one that we did not make."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    body, mac = raw[:-_MAC], raw[-_MAC:]
    if not hmac.compare_digest(mac, _mac(key, body)):
        return None
    head, _zero, subject = body.partition(b"\x00")
    kind, _colon, event = head.decode().partition(":")
    name = str(uuid.UUID(bytes=subject[1:])) if subject[:1] == _UUID else subject[1:].decode()
    link = Link(kind, name, event)
    # the last letter of base64 may carry spare bits: only the very token we make is ours
    return link if make_token(key, link) == token else None


def _body(link: Link) -> bytes:
    try:
        parsed = uuid.UUID(link.key)
    except ValueError:
        parsed = None
    plain = parsed is not None and str(parsed) == link.key
    subject = _UUID + parsed.bytes if plain and parsed is not None else _TEXT + link.key.encode()
    return f"{link.kind}:{link.event}".encode() + b"\x00" + subject


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.new(key, b"ratings.link\x00" + body, "sm3").digest()[:_MAC]


def request_text(*, method: str, path: str, at: str, nonce: str, body: bytes) -> bytes:
    """What an evaluator signs: method, path, seconds since 1970, nonce and the SM3 of the body, one a line."""
    return "\n".join([method, path, at, nonce, hashlib.new("sm3", body).hexdigest()]).encode()


def sign_request(key_hex: str, *, method: str, path: str, at: str, nonce: str, body: bytes) -> str:
    """HMAC-SM3 of the request in hex; ``key_hex`` is the key that was shown at the registration."""
    text = request_text(method=method, path=path, at=at, nonce=nonce, body=body)
    return hmac.new(bytes.fromhex(key_hex), text, "sm3").hexdigest()


def time_problem(at: str, *, present: float, skew: int) -> str:
    """Why the time of a request is not accepted, as a Chinese sentence; empty when it is."""
    if not at.isascii() or not at.isdigit() or len(at) > 12:
        return "请求没有写明时间（1970 年以来的秒数）。"
    if abs(int(at) - present) > skew:
        return f"评价器的时钟与平台相差超过 {skew} 秒，请校准评价器的时间。"
    return ""
