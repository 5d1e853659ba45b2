"""Days as old pages print them."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final

from zhengtong.kernel.dates import read_day

_DAY: Final = re.compile(r"(?<!\d)(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
_SOLID: Final = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)")
_CHINESE: Final = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日?"
)
_DIGITS: Final = {sign: str(number) for number, sign in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}


def day_in(text: str, patterns: Sequence[str] = ()) -> dt.date | None:
    """The first day a text names, tried by the site's own patterns (as ``strptime`` has them) first."""
    text = " ".join(text.split())
    for pattern in patterns:
        try:
            return dt.datetime.strptime(text, pattern).date()  # noqa: DTZ007  # only the day is taken
        except ValueError:
            continue
    for found in (*_DAY.finditer(text), *_SOLID.finditer(text)):
        try:
            return read_day(f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}")
        except ValueError:
            continue
    written = _CHINESE.search(text)
    if written is None:
        return None
    try:
        year = "".join(_DIGITS[sign] for sign in written[1])
        return read_day(f"{year}-{_number(written[2]):02}-{_number(written[3]):02}")
    except (ValueError, KeyError):
        return None


def _number(text: str) -> int:
    """A number below hundred in Chinese signs."""
    tens, ten, ones = text.rpartition("十")
    return (int(_DIGITS[tens]) if tens else 1 if ten else 0) * 10 + (int(_DIGITS[ones]) if ones else 0)
