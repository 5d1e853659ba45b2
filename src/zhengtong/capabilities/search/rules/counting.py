"""What may be kept of what people search for: words, never what points to a person."""

import hashlib
import hmac
import re
from typing import Final

from zhengtong.capabilities.search.rules.windows import fold

SHORTEST, LONGEST = 2, 30
_DIGITS = re.compile(r"\d")
#: numbers of telephones, cards, people: seven digits, also with strokes and letters between them
_NUMBER = re.compile(r"\d(?:[\s\-xX*]?\d){6,}")
#: a hotline has five
_MOST_DIGITS: Final = 6
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


def countable(words: str) -> str:
    """The words as they are counted; empty for what is not: too short or long, or what looks like somebody's number.

    Digits are judged before signs between them are taken away; an address of mail is somebody's as well.
    """
    if "@" in words or "＠" in words:
        return ""
    short = " ".join(fold(words).split())
    if not SHORTEST <= len(short) <= LONGEST or _NUMBER.search(short):
        return ""
    # what is mostly digits is a number of something; a year is none
    left = _YEAR.sub("", short)
    digits = len(_DIGITS.findall(left))
    return "" if digits > _MOST_DIGITS or (digits == _MOST_DIGITS and left.replace(" ", "").isdigit()) else short


def mark(secret: str, *parts: str) -> str:
    """A mark for one person, one day and one search: two searches of a person carry marks that nobody can join."""
    return hmac.new(secret.encode(), "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()[:32]
