"""Texts as they are kept, dates and numbers as they are written: the same steps as in ``static/forms/engine.js``."""

import datetime as dt
import re
import unicodedata
from typing import Any, Final

#: what counts as a space at the ends of an answer; written out because languages differ about it
SPACES: Final = "\t\n \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
LARGEST_INTEGER: Final = 2**53 - 1

_PLAIN = re.compile(r"[!-~]([ -~]*[!-~])?")
_SURROGATE = re.compile("[\ud800-\udfff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_HALF_WIDTH = {
    code: code - 0xFEE0 for first, last in ("０９", "ＡＺ", "ａｚ") for code in range(ord(first), ord(last) + 1)
}
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_DECIMAL = re.compile(r"(-?)0*([0-9]+?)(?:\.([0-9]*?)0*)?")
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


def normalise(value: Any) -> str:
    """Text without control characters and outer spaces; full-width digits and letters become half-width ones.

    Halves of characters outside the basic plane that stand alone become U+FFFD: no file could hold them.
    """
    text = str(value if value is not None else "")
    if _PLAIN.fullmatch(text):
        return text
    return unicodedata.normalize("NFC", storable(text).translate(_HALF_WIDTH)).strip(SPACES)


def storable(text: str) -> str:
    """Text without control characters and halves of characters: what a database and a file can hold."""
    if _SURROGATE.search(text):
        text = _PAIR.sub(lambda pair: pair.group().encode("utf-16", "surrogatepass").decode("utf-16"), text)
        text = _SURROGATE.sub("\ufffd", text)
    return _CONTROL.sub("", text)


def text_of(raw: Any) -> str | None:
    """The text of an answer as it was sent: a text, a whole number or nothing; None for any other shape."""
    if raw is None or isinstance(raw, str):
        return normalise(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    return str(int(raw)) if raw == raw // 1 and abs(raw) <= LARGEST_INTEGER else None


def date_problem(text: str) -> str:
    """Key of the sentence that says what is wrong with a date; empty for a day of 1900 to 2199."""
    found = _DATE.fullmatch(text)
    if not found:
        return "date"
    try:
        day = dt.date(*(int(part) for part in found.groups()))
    except ValueError:
        return "date"
    return "" if _FIRST_YEAR <= day.year <= _LAST_YEAR else "date_year"


def day_of(text: str) -> dt.date | None:
    """The day, or None where the text is none."""
    return None if date_problem(text) else dt.date.fromisoformat(text)


def mend_number(text: str) -> str:
    """A number with its full-width signs and separators of thousands taken away."""
    text = text.replace("．", ".").replace("－", "-").replace("，", ",")
    return text.replace(",", "") if _GROUPED.fullmatch(text) else text


def canonical(text: str) -> str:
    """The one way to write a decimal of a few digits: ``-7.5`` for ``-007.50``, ``0`` for ``-0``."""
    found = _DECIMAL.fullmatch(text)
    if not found:
        return text
    sign, whole, part = found.groups()
    written = f"{whole}.{part}" if part else whole
    return written if written == "0" else sign + written
