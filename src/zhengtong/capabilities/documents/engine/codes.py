"""Verification codes: eleven random characters and one that catches a mistyped or swapped one."""

import re
import secrets

# As kernel.ids: no 0/O, 1/I/L, 2/Z, 5/S, 8/B.
ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"
LENGTH = 12

_SPOKEN = re.compile(r"[\s\-－—·_]+")
# Weights and their differences between neighbours have no factor in common with 25.
_WEIGHTS = (1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3)


def new_code() -> str:
    """A fresh code, 51 bits of chance: cannot be guessed by trying."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + _check_character(body)


def normalised(typed: str) -> str:
    """What a person typed as the code is stored: capitals, without spaces and hyphens, full width made half width."""
    narrow = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in typed)
    return _SPOKEN.sub("", narrow).upper()


def well_formed(code: str) -> bool:
    """True when length, alphabet and check character are right (the code may still be unknown)."""
    return len(code) == LENGTH and all(c in ALPHABET for c in code) and _check_character(code[:-1]) == code[-1]


def grouped(code: str) -> str:
    """In groups of four, as printed."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def _check_character(body: str) -> str:
    total = sum(weight * ALPHABET.index(c) for weight, c in zip(_WEIGHTS, body, strict=True))
    return ALPHABET[-total % len(ALPHABET)]
