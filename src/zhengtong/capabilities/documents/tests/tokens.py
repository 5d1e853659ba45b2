"""Offline tokens for tests: made with a key of their own, without platform and database."""

import datetime as dt
import functools
from typing import Any

from asn1crypto import algos

from zhengtong.capabilities.documents.engine import token
from zhengtong.kernel.signing import software

ISSUED = dt.date(2026, 11, 21)


@functools.cache
def key() -> software.SoftwareKey:
    """One SM2 key for all."""
    return software.generate("SM2")


def sign(data: bytes) -> bytes:
    """r ‖ s of 32 bytes each."""
    parts = algos.DSASignature.load(key().sign(data))
    return b"".join(int(parts[name].native).to_bytes(32, "big") for name in ("r", "s"))


def facts(**changes: Any) -> token.TokenFacts:
    """What the licence of a restaurant says."""
    values: dict[str, Any] = {
        "number": "青市监证〔2026〕12号",
        "title": "食品经营许可证",
        "holder": "青禾县味之源餐饮管理有限公司",
        "issuer": "青禾县市场监督管理局",
        "code": "7KQM4XTPA3CX",
        "issued_on": ISSUED,
        "valid_from": ISSUED,
        "valid_until": dt.date(2031, 11, 20),
        "digest": "0123456789abcdef",
        "key": key().key_id[: token.KEY_DIGITS],
    }
    return token.TokenFacts(**{**values, **changes})


def made(**changes: Any) -> str:
    """A token."""
    return token.make_token(facts(**changes), sign=sign)
