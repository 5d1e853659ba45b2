"""The working-day calendar against the decreed table and against a slow day-by-day count."""

import csv
import datetime as dt
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.kernel.calendar import (
    SHANGHAI,
    DayNote,
    DayRow,
    OutOfCalendar,
    WorkCalendar,
    end_of_day,
    local_day,
)

ROOT = Path(__file__).resolve().parents[4]
DEMO_TABLE = ROOT / "src/zhengtong/entry/demo/data/holidays.csv"
FIRST, LAST = dt.date(2024, 1, 1), dt.date(2028, 12, 31)
DAY = dt.timedelta(days=1)
dates = st.dates(FIRST, LAST)


@cache
def decreed_records() -> list[dict[str, str]]:
    with DEMO_TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def calendar() -> WorkCalendar:
    return WorkCalendar(map(DayRow.from_record, decreed_records()), first_year=2024, last_year=2028)


@cache
def slow_table() -> dict[dt.date, bool]:
    return {dt.date.fromisoformat(row["day"]): row["kind"] == "makeup_workday" for row in decreed_records()}


def slow_is_workday(day: dt.date) -> bool:
    return slow_table().get(day, day.isoweekday() <= 5)


def day_of_2026(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2026-{text}")


@pytest.mark.parametrize(("year", "workdays"), [(2024, 251), (2025, 248), (2026, 248)])
def test_decreed_years_have_their_number_of_working_days(year: int, workdays: int) -> None:
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)

    counted = sum(calendar().is_workday(first + dt.timedelta(days=i)) for i in range((last - first).days + 1))

    assert counted == workdays
    # 1 January is a day of rest in every year, so leaving it out as day zero changes nothing.
    assert calendar().workdays_between(first, last) == workdays


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("02-13", 5, "02-27"),
        ("02-13", 20, "03-19"),
        ("02-13", 30, "04-02"),
        ("04-30", 5, "05-11"),
        ("09-18", 7, "09-29"),
        ("09-18", 20, "10-22"),
        ("09-18", 40, "11-19"),
        ("01-30", 45, "04-10"),
        ("01-30", 60, "05-06"),
        ("09-30", 1, "10-08"),
        ("09-01", 20, "09-29"),
        ("02-09", 20, "03-13"),
    ],
)
def test_vectors_of_2026(start: str, n: int, due: str) -> None:
    assert calendar().add_workdays(day_of_2026(start), n) == day_of_2026(due)


@pytest.mark.parametrize(
    ("day", "note"),
    [
        ("03-09", DayNote(True, "工作日")),
        ("03-08", DayNote(False, "周末")),
        ("10-01", DayNote(False, "国庆节")),
        ("10-10", DayNote(True, "国庆节调休上班")),
        ("10-04", DayNote(False, "国庆节")),
    ],
)
def test_describe_says_why(day: str, note: DayNote) -> None:
    assert calendar().describe(day_of_2026(day)) == note


def test_local_day_overrides_the_national_one() -> None:
    national = DayRow(dt.date(2026, 10, 10), True, "国庆节", "国务院办公厅通知")
    local_rest = DayRow(dt.date(2026, 10, 10), False, "民族节日", "县人民政府通告", local=True)
    local_work = DayRow(dt.date(2026, 10, 11), True, "防汛", "县人民政府通告", local=True)

    ours = WorkCalendar([local_rest, national, local_work], first_year=2026, last_year=2026, decreed_years=[2026])

    assert ours.describe(local_rest.day) == DayNote(False, "本地放假（民族节日）")
    assert ours.describe(local_work.day) == DayNote(True, "本地上班（防汛）")
    assert not ours.is_workday(local_rest.day)
    assert ours.workdays_between(dt.date(2026, 10, 9), dt.date(2026, 10, 11)) == 1


def test_year_without_its_notice_is_provisional() -> None:
    assert calendar().decreed_years == {2024, 2025, 2026}
    assert calendar().provisional_years == {2027, 2028}
    assert calendar().describe(dt.date(2027, 10, 1)) == DayNote(True, "工作日", provisional=True)
    assert calendar().touches_provisional(dt.date(2026, 12, 1), dt.date(2027, 1, 1))
    assert not calendar().touches_provisional(dt.date(2024, 1, 1), dt.date(2026, 12, 31))


def test_local_rows_or_half_a_notice_do_not_make_a_year_decreed() -> None:
    local = DayRow(dt.date(2027, 10, 1), False, "本地", "县人民政府通告", local=True)
    half = DayRow(dt.date(2028, 1, 1), False, "元旦", "国务院办公厅通知")

    ours = WorkCalendar([local, half], first_year=2027, last_year=2028)

    assert ours.provisional_years == {2027, 2028}


@pytest.mark.parametrize("day", [FIRST - DAY, LAST + DAY])
def test_outside_the_built_years_it_raises(day: dt.date) -> None:
    for ask in (
        lambda: calendar().is_workday(day),
        lambda: calendar().describe(day),
        lambda: calendar().add_workdays(day, 0),
        lambda: calendar().workdays_between(day, day),
    ):
        with pytest.raises(OutOfCalendar, match="工作日历只编制了 2024 年至 2028 年"):
            ask()


def test_counting_past_either_end_raises() -> None:
    with pytest.raises(OutOfCalendar):
        calendar().add_workdays(LAST - DAY, 2)
    with pytest.raises(OutOfCalendar):
        calendar().add_workdays(FIRST + DAY, -1)


def test_contradicting_rows_are_refused() -> None:
    row = DayRow(dt.date(2026, 10, 1), False, "国庆节", "甲")
    again = DayRow(dt.date(2026, 10, 1), True, "国庆节", "乙")

    with pytest.raises(ValueError, match="two calendar rows for 2026-10-01"):
        WorkCalendar([row, again], first_year=2026, last_year=2026)
    with pytest.raises(ValueError, match="lies outside"):
        WorkCalendar([row], first_year=2027, last_year=2027)


@given(start=st.dates(FIRST + 200 * DAY, LAST - 200 * DAY), n=st.integers(-100, 100))
def test_adding_is_the_slow_walk(start: dt.date, n: int) -> None:
    day, left, step = start, abs(n), DAY if n > 0 else -DAY
    while left:
        day += step
        left -= slow_is_workday(day)

    assert calendar().add_workdays(start, n) == day


@given(a=dates, b=dates, c=dates)
def test_counting_is_the_slow_count_and_adds_up(a: dt.date, b: dt.date, c: dt.date) -> None:
    low, high = min(a, b), max(a, b)
    slow = sum(slow_is_workday(low + dt.timedelta(days=i)) for i in range(1, (high - low).days + 1))

    assert calendar().workdays_between(low, high) == slow
    assert calendar().workdays_between(high, low) == -slow
    assert calendar().workdays_between(a, b) + calendar().workdays_between(b, c) == calendar().workdays_between(a, c)


def test_legal_day_is_the_one_of_shanghai() -> None:
    assert local_day(dt.datetime(2026, 9, 1, 16, 0, tzinfo=dt.UTC)) == dt.date(2026, 9, 2)
    assert end_of_day(dt.date(2026, 9, 1)) == dt.datetime(2026, 9, 1, 16, 0, tzinfo=dt.UTC)
    assert end_of_day(dt.date(2026, 9, 1)).tzinfo is SHANGHAI
    with pytest.raises(ValueError, match="aware"):
        local_day(dt.datetime(2026, 9, 1))  # noqa: DTZ001  a naive instant is the point


@pytest.mark.parametrize(("year", "holidays", "makeup"), [(2024, 28, 8), (2025, 28, 5), (2026, 33, 6)])
def test_the_table_holds_as_many_days_as_the_decrees_name(year: int, holidays: int, makeup: int) -> None:
    """Days off and make-up workdays of the yearly notices of the State Council's office, weekends included."""
    days = [row for row in decreed_records() if row["day"].startswith(str(year))]

    assert [sum(row["kind"] == kind for row in days) for kind in ("holiday", "makeup_workday")] == [holidays, makeup]
    assert all(dt.date.fromisoformat(row["day"]).isoweekday() > 5 for row in days if row["kind"] == "makeup_workday")
