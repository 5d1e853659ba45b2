"""Reads what other programs hand in; plain Python."""

from zhengtong.capabilities.identity.engine.signed_text import (
    SignedText,
    certificate_within,
    holds_signed_data,
    signed_text,
)

__all__ = ["SignedText", "certificate_within", "holds_signed_data", "signed_text"]
