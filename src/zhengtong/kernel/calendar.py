"""Working days: a table of decreed days over the Monday-to-Friday rule, never a formula for holidays.

Rest days and make-up working days are fixed each year by a notice of the State Council (国务院办公厅放假安排).
A year without its notice is *provisional*: it is computed by Monday to Friday and says so, so that every date
that leans on it can be marked and computed again later. Beyond the built years the calendar raises.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Self
from zoneinfo import ZoneInfo

from zhengtong.kernel.errors import DomainError

SHANGHAI = ZoneInfo("Asia/Shanghai")
PROVISIONAL_NOTE = "待国务院办公厅公布放假安排后重算"
_ONE_DAY = dt.timedelta(days=1)
_KINDS = {"holiday": False, "makeup_workday": True}


class OutOfCalendar(DomainError):
    """A date outside the built years was asked for; a deadline there would be a guess."""


@dataclass(frozen=True)
class DayRow:
    """One day that departs from Monday to Friday; a ``local`` row overrides the national one of the same day."""

    day: dt.date
    is_workday: bool
    name: str
    source: str
    local: bool = False

    @classmethod
    def from_record(cls, record: Mapping[str, str]) -> Self:
        """Read the columns day, kind (holiday or makeup_workday), name, notice; KeyError for another kind."""
        day = dt.date.fromisoformat(record["day"])
        return cls(day, _KINDS[record["kind"]], record["name"], record["notice"])


@dataclass(frozen=True)
class DayNote:
    """Whether a day counts as a working day, and why, in Chinese."""

    counted: bool
    reason: str
    provisional: bool = False


class WorkCalendar:
    """The working days of the whole years ``first_year`` to ``last_year``.

    ``decreed_years`` names the years whose notice is known. Left out, a year counts as decreed when its national
    rows hold 1 October, a rest day of every notice; so neither local rows nor half a notice make a year decreed.
    """

    def __init__(
        self, rows: Iterable[DayRow], *, first_year: int, last_year: int, decreed_years: Collection[int] | None = None
    ) -> None:
        self.first_day = dt.date(first_year, 1, 1)
        self.last_day = dt.date(last_year, 12, 31)
        self._rows: dict[dt.date, DayRow] = {}
        national: set[dt.date] = set()
        for row in sorted(rows, key=lambda row: row.local):
            self._add_row(row)
            if not row.local:
                national.add(row.day)
        if decreed_years is None:
            decreed_years = {day.year for day in national if (day.month, day.day) == (10, 1)}
        years = frozenset(range(first_year, last_year + 1))
        self.decreed_years = years.intersection(decreed_years)
        self.provisional_years = years - self.decreed_years
        span = (self.last_day - self.first_day).days + 1
        days = [self.first_day + dt.timedelta(days=i) for i in range(span)]
        flags = [self._is_workday(day) for day in days]
        # _upto[i] = working days among the first i days; a count between two dates is one subtraction.
        self._upto = list(accumulate(flags, initial=0))
        self._workdays = [day for day, flag in zip(days, flags, strict=True) if flag]

    def is_workday(self, day: dt.date) -> bool:
        """Whether ``day`` is a working day; OutOfCalendar outside the built years."""
        self._index(day)
        return self._is_workday(day)

    def add_workdays(self, start: dt.date, n: int) -> dt.date:
        """The n-th working day after ``start`` (day zero not counted); ``start`` itself for 0; before it for n < 0."""
        index = self._index(start)
        if n == 0:
            return start
        position = self._upto[index + 1] + n - 1 if n > 0 else self._upto[index] + n
        if not 0 <= position < len(self._workdays):
            raise self._beyond()
        return self._workdays[position]

    def workdays_between(self, a: dt.date, b: dt.date) -> int:
        """Working days after ``a`` up to and including ``b``; negative when ``b`` lies before ``a``."""
        return self._upto[self._index(b) + 1] - self._upto[self._index(a) + 1]

    def touches_provisional(self, a: dt.date, b: dt.date) -> bool:
        """Whether any day from ``a`` to ``b`` lies in a year whose notice is not known yet."""
        return any(year in self.provisional_years for year in range(a.year, b.year + 1))

    def describe(self, day: dt.date) -> DayNote:
        """Whether ``day`` is a working day and why: 工作日, 周末, 国庆节, 国庆节调休上班, 本地放假（…）."""
        self._index(day)
        provisional = day.year in self.provisional_years
        row = self._rows.get(day)
        if row is None:
            counted = day.weekday() < 5
            return DayNote(counted, "工作日" if counted else "周末", provisional)
        if row.local:
            return DayNote(row.is_workday, f"{'本地上班' if row.is_workday else '本地放假'}（{row.name}）", provisional)
        return DayNote(row.is_workday, f"{row.name}调休上班" if row.is_workday else row.name, provisional)

    def _add_row(self, row: DayRow) -> None:
        earlier = self._rows.get(row.day)
        if not self.first_day <= row.day <= self.last_day:
            raise ValueError(f"calendar row {row.day} lies outside {self.first_day} to {self.last_day}")
        if earlier is not None and earlier.local == row.local:
            raise ValueError(f"two calendar rows for {row.day}")
        self._rows[row.day] = row

    def _is_workday(self, day: dt.date) -> bool:
        row = self._rows.get(day)
        return day.weekday() < 5 if row is None else row.is_workday

    def _index(self, day: dt.date) -> int:
        if not self.first_day <= day <= self.last_day:
            raise self._beyond()
        return (day - self.first_day).days

    def _beyond(self) -> OutOfCalendar:
        first, last = self.first_day.year, self.last_day.year
        return OutOfCalendar(
            f"工作日历只编制了 {first} 年至 {last} 年，无法计算此范围以外的期限，请管理员先维护工作日历。"
        )


def local_day(moment: dt.datetime) -> dt.date:
    """The legal day (Asia/Shanghai) of an aware instant; ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a legal day needs an aware instant")
    return moment.astimezone(SHANGHAI).date()


def start_of_day(day: dt.date) -> dt.datetime:
    """The instant 00:00 Asia/Shanghai of ``day``."""
    return dt.datetime.combine(day, dt.time(), SHANGHAI)


def end_of_day(day: dt.date) -> dt.datetime:
    """The instant 24:00 Asia/Shanghai of ``day``: from here on the day has passed."""
    return start_of_day(day + _ONE_DAY)
