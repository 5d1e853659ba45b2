"""Identifiers: time-ordered keys of rows and codes that people read aloud."""

import secrets
import time
import uuid

# No 0/O, 1/I/L, 2/Z, 5/S, 8/B: a code is read from paper and typed on a phone.
ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"


def new_id() -> uuid.UUID:
    """A UUID whose first 48 bits are milliseconds since 1970 (RFC 9562 version 7): keys grow with time."""
    millis = time.time_ns() // 1_000_000
    chance = secrets.randbits(74)
    value = (millis & ((1 << 48) - 1)) << 80 | 0x7 << 76 | (chance >> 62) << 64
    return uuid.UUID(int=value | 0b10 << 62 | chance & ((1 << 62) - 1))


def query_code(length: int = 8) -> str:
    """A random code of ``length`` unambiguous characters (4.6 bits each)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
