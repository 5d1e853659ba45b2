"""How dates, money, numbers and personal data are written for readers; no Django, no HTML."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from zhengtong.kernel.calendar import SHANGHAI

MASK = "*"
_LEAST_HIDDEN = 4


def _local(value: dt.datetime) -> dt.datetime:
    return value.astimezone(SHANGHAI) if value.tzinfo else value


def cn_date(value: object) -> str:
    """``2026年11月21日``; aware times are first turned into Shanghai time; anything that is no date becomes empty."""
    if isinstance(value, dt.datetime):
        value = _local(value)
    if not isinstance(value, dt.date):
        return ""
    return f"{value.year}年{value.month}月{value.day}日"


def cn_day(value: object) -> str:
    """``11月21日``: the short form where the year is plain from the page."""
    return cn_date(value).partition("年")[2]


def cn_time(value: object) -> str:
    """``14:32`` in Shanghai time; empty for anything that is no time."""
    if isinstance(value, dt.datetime):
        value = _local(value)
    return f"{value:%H:%M}" if isinstance(value, dt.datetime | dt.time) else ""


def cn_datetime(value: object) -> str:
    """``2026年11月21日 14:32``; a date without time stays a date."""
    return f"{cn_date(value)} {cn_time(value)}".strip()


def money(value: object) -> str:
    """``1,250.00 元``, rounded to the cent half up as in bookkeeping; empty when the value is no number."""
    try:
        amount = Decimal(str(value)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return ""
    return f"{amount:,} 元" if amount.is_finite() else ""


def group4(value: object) -> str:
    """Groups of four, parted by spaces, so that a number can be read out over the telephone."""
    text = "".join(str("" if value is None else value).split())
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def mask_name(value: object) -> str:
    """``张*``: the first character stays."""
    text = str(value or "").strip()
    return text[:1] + MASK * (len(text) - 1)


def _mask_middle(text: str, head: int, tail: int) -> str:
    if len(text) < head + tail + _LEAST_HIDDEN:
        return text[:1] + MASK * max(len(text) - 1, 0)
    return text[:head] + MASK * (len(text) - head - tail) + text[-tail:]


def mask_id(value: object) -> str:
    """``980***********1234``: three in front, four at the end, the birthday never shown."""
    return _mask_middle(str(value or "").strip(), 3, 4)


def mask_phone(value: object) -> str:
    """``138****5678``: three in front, four at the end."""
    return _mask_middle(str(value or "").strip(), 3, 4)
