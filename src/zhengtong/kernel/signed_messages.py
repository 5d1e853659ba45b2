"""Messages that another system posts to us, signed with a shared secret: HMAC-SM3 over time, nonce and body.

GB/T 32905, GB/T 15852.2. The time bounds how long a message may be on its way, the nonce lets it come once.
"""

import datetime as dt
import hmac
import uuid
from collections.abc import Mapping

_NONCE_MAX = 64


def signature(key: bytes, *, timestamp: str, nonce: str, body: bytes) -> str:
    """The signature as lower-case hexadecimal digits; the parts are joined by line feeds."""
    message = b"\n".join([timestamp.encode(), nonce.encode(), body])
    return hmac.new(key, message, "sm3").hexdigest()


def is_signed(key: bytes, *, timestamp: str, nonce: str, body: bytes, given: str) -> bool:
    """Whether ``given`` is the signature, compared in constant time."""
    return hmac.compare_digest(signature(key, timestamp=timestamp, nonce=nonce, body=body).encode(), given.encode())


def signed_headers(key: bytes, *, prefix: str, at: dt.datetime, body: bytes) -> dict[str, str]:
    """The headers of a message signed at an instant, with a nonce of its own; ``prefix`` as in ``X-Courier``."""
    timestamp, nonce = str(int(at.timestamp())), uuid.uuid4().hex
    return {
        "Content-Type": "application/json",
        f"{prefix}-Timestamp": timestamp,
        f"{prefix}-Nonce": nonce,
        f"{prefix}-Signature": signature(key, timestamp=timestamp, nonce=nonce, body=body),
    }


def opened(key: bytes, *, prefix: str, headers: Mapping[str, str], body: bytes) -> tuple[dt.datetime, str]:
    """When a message was signed, and its nonce; raises ValueError, which says why, for one that was not signed so."""
    timestamp, nonce = headers.get(f"{prefix}-Timestamp", ""), headers.get(f"{prefix}-Nonce", "")
    if not nonce or len(nonce) > _NONCE_MAX or not timestamp.isascii() or not timestamp.isdigit():
        raise ValueError("no timestamp or nonce")
    if not is_signed(key, timestamp=timestamp, nonce=nonce, body=body, given=headers.get(f"{prefix}-Signature", "")):
        raise ValueError("the signature is wrong")
    try:
        return dt.datetime.fromtimestamp(int(timestamp), dt.UTC), nonce
    except (OverflowError, OSError) as error:
        raise ValueError("the timestamp is no instant") from error
