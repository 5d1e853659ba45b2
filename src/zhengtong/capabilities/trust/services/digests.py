"""Digests of files."""

import hashlib


def sm3(data: bytes) -> str:
    """SM3 digest, hex."""
    return hashlib.new("sm3", data).hexdigest()
