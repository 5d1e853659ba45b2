"""What tests of the clock's arithmetic share: the decreed days of 2024 to 2026, and clocks drawn at random."""

import csv
import datetime as dt
from decimal import Decimal
from functools import cache

from hypothesis import strategies as st

from zhengtong.capabilities.cases.rules import STOP_REASONS, Limit, Pause, Unit
from zhengtong.capabilities.cases.tests.county import CALENDAR
from zhengtong.kernel.calendar import DayRow, WorkCalendar

DAY = dt.timedelta(days=1)
INSTANT = dt.timedelta(microseconds=1)
NINETY = Decimal("0.9")
ARTICLE_45 = "行政许可法 第四十五条"
HEARING = Pause(dt.date(2026, 9, 8), dt.date(2026, 9, 22), "hearing", ARTICLE_45)
TWENTY = Limit(20, Unit.WD)

starts = st.dates(dt.date(2024, 1, 1), dt.date(2026, 6, 30))
day_limits = st.builds(Limit, st.integers(1, 60), st.sampled_from([Unit.WD, Unit.D]))


@cache
def rows() -> tuple[DayRow, ...]:
    """The days that the notices of these years move."""
    return tuple(DayRow.from_record(record) for record in csv.DictReader(CALENDAR.splitlines()))


@cache
def calendar() -> WorkCalendar:
    """The working calendar of 2024 to 2028, the last two without a notice."""
    return WorkCalendar(rows(), first_year=2024, last_year=2028)


def of_2026(text: str) -> dt.date:
    """``of_2026("09-18")`` is 18 September 2026."""
    return dt.date.fromisoformat(f"2026-{text}")


@st.composite
def clocks(draw: st.DrawFn) -> tuple[dt.date, Limit, list[Pause]]:
    """A first day, a limit in days and up to three stops."""
    start = draw(starts)
    pauses = []
    for offset, length in draw(st.lists(st.tuples(st.integers(-5, 60), st.integers(0, 25)), max_size=3)):
        first = start + offset * DAY
        pauses.append(Pause(first, first + length * DAY, draw(st.sampled_from(sorted(STOP_REASONS))), ARTICLE_45))
    return start, draw(day_limits), pauses
