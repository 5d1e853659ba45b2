"""The time figures are about: a month, a quarter, a year or any days, and what it is compared with."""

import calendar
import dataclasses
import datetime as dt
import re

#: what is asked for begins no earlier; the year before it is there to be compared with
EARLIEST = dt.date(2000, 1, 1)
_MONTH = re.compile(r"(20[0-9]{2}|1999)-(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"(20[0-9]{2}|1999)-Q([1-4])")
_YEAR = re.compile(r"20[0-9]{2}|1999")
FREE = "free"
_ONE_DAY = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True)
class Period:
    """Days ``first`` to ``last`` (both counted); ``key`` is what the address says: 2026-10, 2026-Q4, 2026 or free.

    ``last`` is no later than the day it was asked on; ``end`` is the last day of the whole month, quarter or year.
    """

    key: str
    first: dt.date
    last: dt.date
    end: dt.date

    @property
    def running(self) -> bool:
        """True while some of it is still to come."""
        return self.last < self.end

    @property
    def label(self) -> str:
        """2026年10月, 2026年第4季度, 2026年, or the days; a running one says how far it goes."""
        if self.key == FREE:
            return f"{_day(self.first)}至{_day(self.last)}"
        name = f"{self.first.year}年"
        if "Q" in self.key:
            name += f"第{self.key[-1]}季度"
        elif "-" in self.key:
            name += f"{self.first.month}月"
        return f"{name}（至{self.last.month}月{self.last.day}日）" if self.running else name

    @property
    def before_words(self) -> str:
        """What the time before it is called."""
        if self.key == FREE:
            return "之前同样天数"
        return "上季度" if "Q" in self.key else "上月" if "-" in self.key else "上年"

    @property
    def last_year_words(self) -> str:
        """What the same time a year ago is called."""
        return "去年同月" if _MONTH.fullmatch(self.key) else "去年同期"

    def before(self) -> "Period":
        """The month, quarter, year or as many days before it; as far into it as this one has come."""
        if self.key == FREE:
            last = self.first - _ONE_DAY
            return Period(FREE, last - (self.last - self.first), last, last)
        whole = whole_period(_key_of(self.key, self.first - _ONE_DAY))
        return _cut(whole, self.last - self.first) if self.running else whole

    def last_year(self) -> "Period":
        """The same days a year ago."""
        first, last = _year_back(self.first), _year_back(self.last)
        if self.key == FREE:
            return Period(FREE, first, last, last)
        whole = whole_period(_key_of(self.key, first))
        return dataclasses.replace(whole, last=last) if self.running else whole


def period_of(key: str, *, today: dt.date, first: dt.date | None = None, last: dt.date | None = None) -> Period:
    """The time an address asks for; anything strange, and what lies in the future, gives the current month."""
    if key == FREE and first is not None and last is not None:
        last = min(last, today)
        if EARLIEST <= first <= last:
            return Period(FREE, first, last, last)
    known = any(form.fullmatch(key) for form in (_MONTH, _QUARTER, _YEAR))
    whole = whole_period(key if known else f"{today:%Y-%m}")
    if not EARLIEST <= whole.first <= today:
        whole = whole_period(f"{today:%Y-%m}")
    return dataclasses.replace(whole, last=min(whole.last, today))


def whole_period(key: str) -> Period:
    """A month (2026-10), quarter (2026-Q4) or year (2026) with all its days; ValueError for anything else."""
    if found := _MONTH.fullmatch(key):
        year, first_month, months = int(found[1]), int(found[2]), 1
    elif found := _QUARTER.fullmatch(key):
        year, first_month, months = int(found[1]), int(found[2]) * 3 - 2, 3
    elif _YEAR.fullmatch(key):
        year, first_month, months = int(key), 1, 12
    else:
        raise ValueError(f"{key} is no month, quarter or year")
    last_month = first_month + months - 1
    end = dt.date(year, last_month, calendar.monthrange(year, last_month)[1])
    return Period(key, dt.date(year, first_month, 1), end, end)


def choices(today: dt.date) -> list[tuple[str, str]]:
    """Keys and names to choose from: thirteen months, five quarters, three years, the newest first."""
    found, day = [], today
    for _number in range(13):
        found.append(f"{day:%Y-%m}")
        day = day.replace(day=1) - _ONE_DAY
    day = today
    for _number in range(5):
        quarter = whole_period(_key_of("Q", day))
        found.append(quarter.key)
        day = quarter.first - _ONE_DAY
    found += [str(today.year - back) for back in range(3)]
    return [(key, whole_period(key).label) for key in found]


def months_until(last: dt.date, count: int) -> list[Period]:
    """So many whole months, the last one that of the day, the oldest first."""
    found, day = [], last
    for _number in range(count):
        found.append(whole_period(f"{day:%Y-%m}"))
        day = day.replace(day=1) - _ONE_DAY
    return found[::-1]


def _key_of(like: str, day: dt.date) -> str:
    """The key of the month, quarter or year that a day is in."""
    if "Q" in like:
        return f"{day.year}-Q{(day.month + 2) // 3}"
    return f"{day:%Y-%m}" if "-" in like else str(day.year)


def _cut(whole: Period, length: dt.timedelta) -> Period:
    return dataclasses.replace(whole, last=min(whole.first + length, whole.end))


def _year_back(day: dt.date) -> dt.date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
