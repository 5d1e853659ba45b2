"""Days, months and moments as people type them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.kernel.dates import months_asked, read_day, read_moment, read_month

DAY = dt.date(2026, 11, 2)
WAYS = ["{0}-{1:02}-{2:02}", "{0}/{1}/{2}", "{0}.{1}.{2}", "{0}年{1}月{2}日", " {0}-{1}-{2} ", "{0}{1:02}{2:02}"]
_WIDE = str.maketrans("0123456789-/.", "０１２３４５６７８９－／．")


@given(st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)), st.sampled_from(WAYS), st.booleans())
def test_a_day_is_read_in_every_usual_way(day: dt.date, way: str, wide: bool) -> None:
    text = way.format(day.year, day.month, day.day)

    assert read_day(text.translate(_WIDE) if wide else text) == day


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026-13-01", "2026-02-30", "11/22/2026", "26-1-1", "明天", "2026-11", "\x00"),
        *("1899-12-31", "2200-01-01", "9999-12-31", "0001-01-01"),
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_day(text)


@pytest.mark.parametrize("text", ["2026-11", "2026/11", "2026年11月", "２０２６年１１月", "202611"])
def test_a_month_is_read_in_every_usual_way(text: str) -> None:
    assert read_month(text) == dt.date(2026, 11, 1)


@pytest.mark.parametrize("text", ["", "2026-13", "2026", "11月", "2026-11-22", "0001-01", "9999-12"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_month(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-02T09:05",
        "2026-11-02 09:05:00",
        "2026年11月2日 9:05",
        "2026/11/2 9时05分",
        "２０２６－１１－０２　０９：０５",
    ],
)
def test_a_moment_is_read_in_every_usual_way(text: str) -> None:
    assert read_moment(text) == dt.datetime.combine(DAY, dt.time(9, 5))


@pytest.mark.parametrize("text", ["", "2026-11-02", "2026-11-02T25:00", "09:05"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_moment(text)


def test_a_page_asked_for_months_gets_whole_ones_that_have_begun() -> None:
    today = dt.date(2026, 11, 22)

    assert months_asked(None, None, today=today) == (dt.date(2025, 12, 1), today)
    assert months_asked("2026-01", "2026-02", today=today) == (dt.date(2026, 1, 1), dt.date(2026, 2, 28))
    assert months_asked("2026-05", "2026-02", today=today) == (dt.date(2026, 2, 1), dt.date(2026, 2, 28))
    assert months_asked("x", "2027-03", today=today) == (dt.date(2026, 4, 1), today)
    assert months_asked("2027-02", "2027-03", today=today) == (dt.date(2027, 2, 1), dt.date(2027, 2, 1))
