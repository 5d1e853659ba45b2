"""Days, months and moments as people type them: 2026-11-22, 2026/11/22, 2026年11月22日, in full-width digits too.

Of the years 1900 to 2199: with days at the edge of what Python knows no day before or after can be reckoned.
"""

import datetime as dt
import re
import unicodedata

_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{4})([0-9]{2})([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})月?|([0-9]{4})([0-9]{2})")
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_TIME = re.compile(r"([0-9]{1,2})[:时]([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?分?")


def mend_day(text: str) -> str:
    """A day written in one of the usual ways, in half-width signs, as ISO; any other text as it is."""
    found = _DAY.fullmatch(text)
    if not found:
        return text
    year, month, day = (part for part in found.groups() if part)
    return f"{year}-{month:0>2}-{day:0>2}"


def read_day(text: str) -> dt.date:
    """The day a text names; ValueError for any other text."""
    return _within(dt.date.fromisoformat(mend_day(_half_width(text))))


def read_month(text: str) -> dt.date:
    """The first day of the month a text names; ValueError for any other text."""
    found = _MONTH.fullmatch(_half_width(text))
    if not found:
        raise ValueError(f"{text!r} names no month")
    year, month = (int(part) for part in found.groups() if part)
    return _within(dt.date(year, month, 1))


def months_asked(since: str | None, until: str | None, *, today: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of whole months as a page was asked for them, not beyond today; the last twelve by default."""
    last = _month_or(until, today).replace(day=1)
    year_ago = last - dt.timedelta(days=330)
    first = min(_month_or(since, year_ago), last).replace(day=1)
    end = (last + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    return first, min(end, max(today, first))


def _month_or(text: str | None, otherwise: dt.date) -> dt.date:
    try:
        return read_month(text or "")
    except ValueError:
        return otherwise


def read_moment(text: str) -> dt.datetime:
    """Day and time of day, without a zone; ValueError for any other text."""
    plain = _half_width(text)
    day, _gap, time = plain.partition("T") if "T" in plain else plain.partition(" ")
    found = _TIME.fullmatch(time.strip())
    if not found:
        raise ValueError(f"{text!r} names no moment")
    return dt.datetime.combine(read_day(day), dt.time(int(found[1]), int(found[2])))


def _within(day: dt.date) -> dt.date:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError(f"{day} lies outside {_FIRST_YEAR} to {_LAST_YEAR}")
    return day


def _half_width(text: str) -> str:
    """Full-width digits, dashes, slashes and stops as their half-width ones; no spaces at the ends."""
    return unicodedata.normalize("NFKC", text).replace("。", ".").strip()
