"""Limits in natural days, months and hours, of zero length and none at all."""

import datetime as dt
from decimal import Decimal

import pytest

from zhengtong.capabilities.cases.rules import (
    NO_LIMIT,
    ClockState,
    Due,
    Extension,
    Lamp,
    Limit,
    Pause,
    Unit,
    deadline_of,
    explain,
    lamp_of,
    warning_at,
)
from zhengtong.capabilities.cases.tests.known_days import (
    ARTICLE_45,
    HEARING,
    INSTANT,
    NINETY,
    TWENTY,
    calendar,
    of_2026,
)
from zhengtong.kernel.calendar import SHANGHAI, end_of_day, start_of_day


def test_natural_days_roll_over_the_holiday_and_say_so() -> None:
    start, limit = of_2026("09-21"), Limit(10, Unit.D)

    rolled = deadline_of(start, limit, (), (), calendar())
    fixed = deadline_of(start, limit, (), (), calendar(), roll_natural_days=False)
    lines = explain(start, limit, (), (), calendar())

    assert (rolled.due_date, fixed.due_date) == (of_2026("10-08"), of_2026("10-01"))
    assert lines[-2].reason == "顺延：国庆节"
    assert lines[-1].reason == "届满日逢休息日，顺延至本日"


def test_natural_days_do_not_roll_into_a_pause() -> None:
    start, limit = of_2026("09-21"), Limit(10, Unit.D)
    after_holiday = Pause(of_2026("10-08"), of_2026("10-09"), "testing", ARTICLE_45)
    open_end = Pause(of_2026("10-08"), None, "testing", ARTICLE_45)

    rolled = deadline_of(start, limit, [after_holiday], (), calendar())
    stopped = deadline_of(start, limit, [open_end], (), calendar())

    # 10-10 is the make-up Saturday after National Day.
    assert rolled.due_date == of_2026("10-10")
    assert stopped == Due(None, None, stopped=True)
    assert explain(start, limit, [open_end], (), calendar())[-1].reason.startswith("顺延：停止计时")


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        ("2026-01-31", "1 MONTH", "2026-02-28"),
        ("2026-03-10", "3 MONTH", "2026-06-10"),
        ("2024-02-29", "1 YEAR", "2025-02-28"),
        ("2025-12-15", "6 MONTH", "2026-06-15"),
    ],
)
def test_months_end_on_the_same_number_or_the_last_day(start: str, limit: str, due: str) -> None:
    computed = deadline_of(dt.date.fromisoformat(start), Limit.parse(limit), (), (), calendar())

    assert computed.due_date == dt.date.fromisoformat(due)


def test_month_and_its_extension_are_counted_as_one_term() -> None:
    extra = Extension(1, Unit.MONTH, "专门规定")

    assert deadline_of(of_2026("01-31"), Limit(1, Unit.MONTH), (), (extra,), calendar()).due_date == of_2026("03-31")


def test_hours_run_through_the_night_and_stand_still_in_a_pause() -> None:
    start = dt.datetime(2026, 9, 7, 22, 0, tzinfo=SHANGHAI)
    limit = Limit(4, Unit.H)

    plain = deadline_of(start, limit, (), (), calendar())
    paused = deadline_of(start, limit, [HEARING], (), calendar())

    assert plain.due_at == dt.datetime(2026, 9, 8, 2, 0, tzinfo=SHANGHAI)
    assert paused.due_at == dt.datetime(2026, 9, 23, 2, 0, tzinfo=SHANGHAI)
    assert warning_at(start, limit, (), (), calendar(), Decimal("0.5")) == dt.datetime(2026, 9, 8, tzinfo=SHANGHAI)
    assert [line.counted for line in explain(start, limit, [HEARING], (), calendar())] == [True, *[False] * 15, True]


def test_hours_that_end_at_midnight_belong_to_the_day_before_a_pause() -> None:
    start = dt.datetime(2026, 9, 7, 22, 0, tzinfo=SHANGHAI)

    due = deadline_of(start, Limit(120, Unit.MIN), [HEARING], (), calendar())

    assert due == Due(of_2026("09-07"), start_of_day(of_2026("09-08")))


def test_hours_need_an_instant_and_do_not_mix_with_days() -> None:
    instant = dt.datetime(2026, 9, 7, 22, 0, tzinfo=SHANGHAI)

    with pytest.raises(ValueError, match="aware instant"):
        deadline_of(of_2026("09-07"), Limit(4, Unit.H), (), (), calendar())
    with pytest.raises(ValueError, match="cannot extend"):
        deadline_of(instant, Limit(4, Unit.H), (), (Extension(1, Unit.WD, ""),), calendar())
    with pytest.raises(ValueError, match="cannot extend"):
        deadline_of(instant, TWENTY, (), (Extension(1, Unit.H, ""),), calendar())


@pytest.mark.parametrize("start", ["09-18", "10-01"])
def test_zero_is_the_same_day_even_on_a_holiday(start: str) -> None:
    day = of_2026(start)
    state = ClockState(day, Limit(0, Unit.WD), Limit(0, Unit.WD))

    assert deadline_of(day, Limit(0, Unit.WD), (), (), calendar()).due_date == day
    assert deadline_of(day, Limit(0, Unit.D), (), (), calendar()).due_date == day
    assert [line.reason for line in explain(day, Limit(0, Unit.WD), (), (), calendar())] == ["当日办结"]
    assert lamp_of(end_of_day(day) - INSTANT, state, calendar(), NINETY) is Lamp.GREEN
    assert lamp_of(end_of_day(day), state, calendar(), NINETY) is Lamp.BREACH


def test_no_limit_is_never_due() -> None:
    state = ClockState(of_2026("09-18"), NO_LIMIT, NO_LIMIT)

    assert deadline_of(of_2026("09-18"), NO_LIMIT, (), (), calendar()) == Due(None, None)
    assert explain(of_2026("09-18"), NO_LIMIT, (), (), calendar()) == []
    assert lamp_of(dt.datetime(2028, 1, 1, tzinfo=SHANGHAI), state, calendar(), NINETY) is Lamp.GREEN


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("8 WD", "8 个工作日"),
        ("7 D", "7 日"),
        ("3 MONTH", "3 个月"),
        ("1 YEAR", "1 年"),
        ("2 H", "2 小时"),
        ("30 MIN", "30 分钟"),
        ("0 WD", "当日"),
        ("NONE", "未规定时限"),
    ],
)
def test_limits_read_and_write(text: str, label: str) -> None:
    limit = Limit.parse(text)

    assert str(limit) == text
    assert limit.label == label


@pytest.mark.parametrize("text", ["", "8", "WD", "-1 WD", "8 WEEKS", "8WD", "八 WD", "8.5 WD"])
def test_unreadable_limits_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Limit.parse(text)
