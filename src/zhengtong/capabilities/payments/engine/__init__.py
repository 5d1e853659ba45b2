"""The signature of a gateway's callback: HMAC-SM3 (GB/T 32905, GB/T 15852.2) over time, nonce and body."""

import hmac


def signature(key: bytes, *, timestamp: str, nonce: str, body: bytes) -> str:
    """The signature as lower-case hexadecimal digits; the parts are joined by line feeds."""
    message = b"\n".join([timestamp.encode(), nonce.encode(), body])
    return hmac.new(key, message, "sm3").hexdigest()


def is_signed(key: bytes, *, timestamp: str, nonce: str, body: bytes, given: str) -> bool:
    """Whether ``given`` is the signature, compared in constant time."""
    return hmac.compare_digest(signature(key, timestamp=timestamp, nonce=nonce, body=body).encode(), given.encode())
