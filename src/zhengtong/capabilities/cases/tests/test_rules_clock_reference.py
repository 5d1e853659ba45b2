"""The clock against a slow one that walks day by day (or minute by minute) and shares no code with it."""

import calendar as months
import csv
import datetime as dt
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.cases.rules import (
    Extension,
    Limit,
    Pause,
    Unit,
    cap_warning_on,
    deadline_of,
    explain,
    last_day_of,
    used_days,
    warning_at,
)
from zhengtong.kernel.calendar import SHANGHAI, DayRow, WorkCalendar, start_of_day

DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(2025, 1, 1), dt.date(2032, 12, 31)
FOREVER = LAST - dt.date(2028, 12, 31)
HOLIDAYS = Path(__file__).parents[3] / "entry" / "demo" / "data" / "holidays.csv"


class Slow:
    """The reference: a table of days, and nothing but steps of one day."""

    def __init__(self, flipped: set[int], undecreed: set[int]) -> None:
        days = [FIRST + i * DAY for i in range((LAST - FIRST).days + 1)]
        self.works = {day: day.isoweekday() <= 5 for day in days}
        for offset in flipped:
            day = FIRST + offset * DAY
            self.works[day] = not self.works[day]
        self.undecreed = undecreed

    def fast(self) -> WorkCalendar:
        rows = [DayRow(day, works, "试", "试") for day, works in self.works.items() if works != (day.isoweekday() <= 5)]
        decreed = set(range(FIRST.year, LAST.year + 1)) - self.undecreed
        return WorkCalendar(rows, first_year=FIRST.year, last_year=LAST.year, decreed_years=decreed)

    def counts(self, day: dt.date, unit: Unit) -> bool:
        return unit is not Unit.WD or self.works[day]

    def last_of(self, pause: Pause) -> dt.date | None:
        """The last day of a stop: its own end or that of its cap, whichever comes first."""
        ends = [pause.end] if pause.end else []
        if pause.cap.amount is not None:
            day, left = pause.start, self.days_in(pause.start, pause.cap)
            while left:
                day += DAY
                left -= self.counts(day, pause.cap.unit)
            ends.append(day)
        return min(ends) if ends else None

    def stopped(self, pauses: list[Pause]) -> set[dt.date]:
        found = set()
        for pause in pauses:
            last, day = self.last_of(pause) or LAST, pause.start
            while day <= last:
                found.add(day)
                day += DAY
        return found

    def days_in(self, start: dt.date, limit: Limit) -> int:
        """Days of a limit: months and years end on the same number, or with the month."""
        amount = limit.amount or 0
        if limit.unit in (Unit.WD, Unit.D):
            return amount
        year, month = start.year, start.month
        for _ in range(amount * (12 if limit.unit is Unit.YEAR else 1)):
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        return (dt.date(year, month, min(start.day, months.monthrange(year, month)[1])) - start).days

    def walk(
        self, start: dt.date, limit: Limit, pauses: list[Pause], extensions: list[Extension], *, roll: bool
    ) -> tuple[dt.date | None, list[dt.date]]:
        """The last day and the days that count; None where an open stop comes first."""
        parts = [[limit.amount or 0, limit.unit]]
        for extension in extensions:
            if extension.unit is parts[-1][1]:
                parts[-1][0] += extension.amount
            else:
                parts.append([extension.amount, extension.unit])
        stopped, day, counted = self.stopped(pauses), start, []
        for amount, unit in parts:
            left = self.days_in(day, Limit(amount, unit))
            while left:
                day += DAY
                if day > LAST - FOREVER:
                    return None, counted
                if day not in stopped and self.counts(day, unit):
                    counted.append(day)
                    left -= 1
        while roll and counted and parts[-1][1] is not Unit.WD and (day in stopped or not self.works[day]):
            day += DAY
            if day > LAST - FOREVER:
                return None, counted
        return day, counted


calendars = st.builds(
    Slow,
    st.sets(st.integers(0, 1400), max_size=120),
    st.sets(st.integers(2025, 2028), max_size=2),
)
starts = st.dates(dt.date(2025, 1, 1), dt.date(2026, 6, 30))
day_units = st.sampled_from([Unit.WD, Unit.D])
caps = st.one_of(
    st.just(Limit.parse("NONE")),
    st.builds(Limit, st.integers(0, 30), day_units),
    st.builds(Limit, st.integers(1, 2), st.just(Unit.MONTH)),
)
limits = st.one_of(
    st.builds(Limit, st.integers(1, 60), day_units),
    st.builds(Limit, st.integers(1, 6), st.just(Unit.MONTH)),
    st.builds(Limit, st.just(1), st.just(Unit.YEAR)),
)
extensions = st.lists(
    st.one_of(
        st.builds(Extension, st.integers(1, 15), day_units, st.just("依据")),
        st.builds(Extension, st.integers(1, 2), st.just(Unit.MONTH), st.just("依据")),
    ),
    max_size=2,
)


@st.composite
def stops(draw: st.DrawFn, start: dt.date) -> list[Pause]:
    """Stops around a start: before it, in a row, over each other, open with and without a cap."""
    found = []
    for offset, length, cap in draw(
        st.lists(st.tuples(st.integers(-5, 60), st.one_of(st.none(), st.integers(0, 30)), caps), max_size=3)
    ):
        first = start + offset * DAY
        if first < FIRST:
            continue
        end = None if length is None else first + length * DAY
        found.append(Pause(first, end, "hearing", "行政许可法 第四十五条", cap))
    return found


@st.composite
def matters(draw: st.DrawFn) -> tuple[Slow, dt.date, Limit, list[Pause], list[Extension]]:
    start = draw(starts)
    return draw(calendars), start, draw(limits), draw(stops(start)), draw(extensions)


@given(matters(), st.booleans())
@settings(max_examples=150)
def test_the_last_day_is_the_one_of_the_slow_walk(matter, roll):
    slow, start, limit, pauses, more = matter

    due = deadline_of(start, limit, pauses, more, slow.fast(), roll_natural_days=roll)

    last, _counted = slow.walk(start, limit, pauses, more, roll=roll)
    assert (due.due_date, due.stopped) == (last, last is None)
    assert due.due_at == (start_of_day(last + DAY) if last else None)


@given(matters(), st.booleans())
@settings(max_examples=150)
def test_the_explanation_counts_the_days_of_the_slow_walk(matter, roll):
    slow, start, limit, pauses, more = matter
    last, counted = slow.walk(start, limit, pauses, more, roll=roll)

    lines = explain(start, limit, pauses, more, slow.fast(), roll_natural_days=roll)

    stopped = slow.stopped(pauses)
    assert [line.day for line in lines] == [start + i * DAY for i in range(len(lines))]
    assert [line.day for line in lines if line.counted] == counted
    assert [line.ordinal for line in lines if line.counted] == list(range(1, len(counted) + 1))
    assert all(line.paused == (line.day in stopped) for line in lines[1:])
    assert all(line.reason for line in lines)
    if last is not None:
        assert lines[-1].day == last
    own = slow.days_in(start, limit)
    assert [line.day for line in lines if line.extended] == counted[own:]


@given(matters())
@settings(max_examples=100)
def test_yellow_comes_with_the_day_whose_number_reaches_the_share(matter):
    slow, start, limit, pauses, more = matter
    total = len(slow.walk(start, limit, [], more, roll=False)[1])
    last, counted = slow.walk(start, limit, pauses, more, roll=False)
    wanted = -(-Fraction(9, 10) * total // 1)

    warned = warning_at(start, limit, pauses, more, slow.fast(), Decimal("0.9"))

    if len(counted) >= wanted and limit.unit in (Unit.WD, Unit.D) and all(part.unit is limit.unit for part in more):
        assert warned == start_of_day(counted[int(wanted) - 1])
    if warned is None:
        assert last is None


@given(calendars, starts, st.integers(0, 90), day_units, st.data())
@settings(max_examples=100)
def test_used_days_are_those_of_the_slow_walk(slow, start, later, unit, data):
    pauses, until = data.draw(stops(start)), start + later * DAY
    stopped = slow.stopped(pauses)

    used = used_days(start, until, unit, pauses, slow.fast())

    days = [start + i * DAY for i in range(1, later + 1)]
    assert used == sum(day not in stopped and slow.counts(day, unit) for day in days)


@given(calendars, starts, caps)
@settings(max_examples=100)
def test_a_cap_ends_where_the_slow_walk_ends_and_is_warned_of_before(slow, start, cap):
    pause = Pause(start, None, "testing", "行政许可法 第四十五条", cap)
    calendar = slow.fast()

    last, warned = last_day_of(pause, calendar), cap_warning_on(pause, calendar)

    assert last == slow.last_of(pause)
    assert (warned is None) == (last is None)
    if last is not None and warned is not None:
        assert start <= warned <= last
        assert not any(slow.works[warned + i * DAY] for i in range(1, (last - warned).days + 1))


@given(matters())
@settings(max_examples=100)
def test_a_date_is_provisional_when_a_day_it_counted_by_the_table_has_no_notice(matter):
    slow, start, limit, _pauses, _more = matter
    due = deadline_of(start, limit, [], [], slow.fast())
    last, _counted = slow.walk(start, limit, [], [], roll=True)
    assert last is not None

    looked_at = [start + i * DAY for i in range(1, (last - start).days + 1)]
    if limit.unit is not Unit.WD:
        fixed, _counted = slow.walk(start, limit, [], [], roll=False)
        assert fixed is not None
        looked_at = [day for day in looked_at if day >= fixed]

    assert due.provisional == any(day.year in slow.undecreed for day in looked_at)


@given(
    calendars,
    st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2026, 6, 30)),  # noqa: DTZ001  (hypothesis asks for naive bounds)
    st.one_of(
        st.builds(Limit, st.integers(1, 60), st.just(Unit.H)), st.builds(Limit, st.integers(1, 3000), st.just(Unit.MIN))
    ),
    st.data(),
)
@settings(max_examples=60)
def test_hours_and_minutes_are_those_of_a_walk_by_minutes(slow, moment, limit, data):
    start = moment.replace(second=0, microsecond=0, tzinfo=SHANGHAI)
    pauses = [
        Pause(first, first + length * DAY, "testing", "")
        for first, length in data.draw(
            st.lists(
                st.tuples(st.sampled_from([start.date() + i * DAY for i in range(4)]), st.integers(0, 4)), max_size=2
            )
        )
    ]
    stopped = slow.stopped(pauses)

    due = deadline_of(start, limit, pauses, [], slow.fast())

    now, left = start, (limit.amount or 0) * (60 if limit.unit is Unit.H else 1)
    while left:
        left -= now.date() not in stopped
        now += dt.timedelta(minutes=1)
    assert due.due_at == now
    assert due.due_date == (now - dt.timedelta(minutes=1)).date()
    lines = explain(start, limit, pauses, [], slow.fast())
    assert [line.day for line in lines] == [
        start.date() + i * DAY for i in range((due.due_date - start.date()).days + 1)
    ]
    assert all(line.paused == (line.day in stopped) == (not line.counted) for line in lines)
    assert sum(minutes_of(line.reason) for line in lines if line.counted) == (limit.amount or 0) * (
        60 if limit.unit is Unit.H else 1
    )


def minutes_of(reason: str) -> int:
    """What a line of the explanation says it counts, in minutes."""
    words = reason.rpartition("计入")[2].split()
    return sum(
        int(number) * (60 if unit.startswith("小时") else 1)
        for number, unit in zip(words[::2], words[1::2], strict=True)
    )


# --- the vectors of the domain reference, typed as they stand there -------------------------------------------------


@pytest.fixture(scope="module")
def year_2026():
    with HOLIDAYS.open(encoding="utf-8", newline="") as file:
        rows = [DayRow.from_record(record) for record in csv.DictReader(file)]
    return WorkCalendar(rows, first_year=2024, last_year=2027)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("02-13", 5, "02-27"),
        ("02-13", 20, "03-19"),
        ("02-13", 30, "04-02"),
        ("04-30", 5, "05-11"),
        ("09-18", 7, "09-29"),
        ("09-18", 20, "10-22"),
        ("01-30", 45, "04-10"),
        ("01-30", 60, "05-06"),
        ("09-01", 20, "09-29"),
        ("02-09", 20, "03-13"),
    ],
)
def test_vectors_of_working_days(year_2026, start, days, due):
    first, last = (dt.date.fromisoformat(f"2026-{text}") for text in (start, due))

    assert deadline_of(first, Limit(days, Unit.WD), [], [], year_2026).due_date == last
    assert year_2026.workdays_between(first, last) == days


def test_2026_has_248_working_days(year_2026):
    assert year_2026.workdays_between(dt.date(2025, 12, 31), dt.date(2026, 12, 31)) == 248


def test_make_up_days_of_2026_work_and_half_holidays_change_nothing(year_2026):
    for text in ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10"):
        assert year_2026.is_workday(dt.date.fromisoformat(f"2026-{text}"))
    assert not year_2026.is_workday(dt.date(2026, 3, 8))  # a Sunday, as without the half holiday
    for text in ("05-04", "06-01"):
        day = dt.date.fromisoformat(f"2026-{text}")
        assert year_2026.is_workday(day) == (text == "06-01")


def test_vector_with_a_hearing(year_2026):
    hearing = Pause(dt.date(2026, 9, 8), dt.date(2026, 9, 22), "hearing", "行政许可法 第四十五条")
    start, twenty = dt.date(2026, 9, 1), Limit(20, Unit.WD)

    assert used_days(start, dt.date(2026, 9, 7), Unit.WD, [hearing], year_2026) == 4
    assert deadline_of(start, twenty, [hearing], [], year_2026).due_date == dt.date(2026, 10, 21)
    joint = Extension(15, Unit.WD, "行政许可法 第四十二条第二款")
    assert deadline_of(dt.date(2026, 1, 30), Limit(45, Unit.WD), [], [joint], year_2026).due_date == dt.date(2026, 5, 6)
