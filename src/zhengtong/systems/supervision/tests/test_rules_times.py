"""Working time: against a count of every quarter of an hour; rounding; percentiles."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.kernel.calendar import DayRow, WorkCalendar, local_day
from zhengtong.systems.supervision.rules.times import DAY, percentile, rounded, working_seconds

CALENDAR = WorkCalendar(
    [DayRow(dt.date(2026, 11, 18), is_workday=False, name="本地放假", source="测试", local=True)],
    first_year=2026,
    last_year=2026,
)
BEGIN = dt.datetime(2026, 11, 12, 16, tzinfo=dt.UTC)
QUARTER = dt.timedelta(minutes=15)
moments = st.integers(0, 900).map(lambda n: BEGIN + n * QUARTER)


@settings(max_examples=150, deadline=None)
@given(moments, moments, st.lists(st.tuples(moments, moments).map(lambda pair: tuple(sorted(pair))), max_size=3))
def test_it_is_what_counting_every_quarter_gives(begin, end, stops):
    counted = 0
    at = begin
    while at < end:
        stopped = any(since <= at < until for since, until in stops)
        counted += 900 * (CALENDAR.is_workday(local_day(at)) and not stopped)
        at += QUARTER

    assert working_seconds(CALENDAR, begin, end, stops) == counted


def test_times_are_rounded_as_they_are_shown():
    assert [rounded(one) for one in (0, 899, 900, DAY - 1)] == [0, 0, 900, DAY - 900]
    assert [rounded(one) for one in (DAY, DAY + 8639, DAY + 8640)] == [DAY, DAY, DAY + 8640]
    assert rounded(31 * DAY + 5) == 31 * DAY


@given(st.lists(st.integers(0, 20), min_size=1, max_size=40), st.sampled_from([0.5, 0.9]))
def test_a_percentile_is_the_smallest_value_that_enough_do_not_exceed(values, share):
    counts = {value: values.count(value) for value in values}

    found = percentile(counts, share)

    assert sum(value <= found for value in values) >= share * len(values)
    assert sum(value < found for value in values) < share * len(values)
