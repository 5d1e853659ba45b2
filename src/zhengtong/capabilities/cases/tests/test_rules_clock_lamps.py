"""Which lamp a clock shows when: warnings, promises, extensions, stops."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    project,
    used_days,
    warning_at,
)
from zhengtong.capabilities.cases.tests.known_days import ARTICLE_45, INSTANT, NINETY, TWENTY, calendar, clocks, of_2026
from zhengtong.kernel.calendar import SHANGHAI, start_of_day


@given(clocks(), st.integers(1, 60), st.integers(1, 100))
def test_lamp_never_goes_back(clock: tuple[dt.date, Limit, list[Pause]], promised: int, percent: int) -> None:
    start, statutory, pauses = clock
    promise = Limit(min(promised, statutory.amount or 0), statutory.unit)
    state = ClockState(start, promise, statutory, tuple(pauses))
    ratio = Decimal(percent) / 100
    projection = project(state, calendar(), ratio)
    moments = sorted(
        at + shift
        for at in (projection.yellow_at, projection.promised.due_at, projection.statutory.due_at)
        if at is not None
        for shift in (-INSTANT, dt.timedelta(0))
    )

    severities = [lamp_of(moment, state, calendar(), ratio).severity for moment in moments]

    assert severities == sorted(severities)
    assert severities[0] == 0
    assert severities[-1] == Lamp.BREACH.severity


def test_lamp_of_the_restaurant_case() -> None:
    state = ClockState(of_2026("09-18"), Limit(8, Unit.WD), TWENTY)

    def lamp(text: str) -> Lamp:
        return lamp_of(dt.datetime.fromisoformat(f"2026-{text}+08:00"), state, calendar(), NINETY)

    # Days 1 to 7: 09-20 (make-up Sunday) to 09-29 without 09-25…27; the 8th is 09-30.
    assert lamp("09-29T23:59:59") is Lamp.GREEN
    assert lamp("09-30T00:00:00") is Lamp.YELLOW
    assert lamp("09-30T23:59:59") is Lamp.YELLOW
    assert lamp("10-01T00:00:00") is Lamp.RED
    assert lamp("10-22T23:59:59") is Lamp.RED
    assert lamp("10-23T00:00:00") is Lamp.BREACH


def test_warning_comes_with_the_first_day_that_reaches_the_share() -> None:
    start = of_2026("03-02")

    def warning(limit: str, ratio: str) -> dt.datetime | None:
        return warning_at(start, Limit.parse(limit), (), (), calendar(), Decimal(ratio))

    assert warning("20 WD", "0.9") == start_of_day(calendar().add_workdays(start, 18))
    assert warning("20 WD", "0.55") == start_of_day(calendar().add_workdays(start, 11))
    assert warning("1 WD", "0.9") == start_of_day(of_2026("03-03"))
    assert warning("0 WD", "0.9") is None
    assert warning("NONE", "0.9") is None
    with pytest.raises(ValueError, match="yellow_ratio"):
        warning("20 WD", "90")


def test_open_pause_stops_the_clock_and_the_lamp() -> None:
    hearing = Pause(of_2026("09-08"), None, "hearing", ARTICLE_45)
    state = ClockState(of_2026("09-01"), Limit(8, Unit.WD), TWENTY, (hearing,))
    next_year = dt.datetime(2027, 9, 1, tzinfo=SHANGHAI)

    due = deadline_of(state.start, TWENTY, [hearing], (), calendar())
    lines = explain(state.start, TWENTY, [hearing], (), calendar(), until=of_2026("09-10"))

    assert due == Due(None, None, stopped=True)
    assert lamp_of(next_year, state, calendar(), NINETY) is Lamp.GREEN
    assert used_days(of_2026("09-01"), of_2026("09-30"), Unit.WD, [hearing], calendar()) == 4
    assert lines[-1].day == of_2026("09-10")
    assert lines[-1].reason == "停止计时：听证（行政许可法 第四十五条）"
    assert sum(line.counted for line in lines) == 4


def test_pause_after_the_promise_has_passed_does_not_heal_it() -> None:
    late = Pause(of_2026("09-18"), None, "testing", ARTICLE_45)
    state = ClockState(of_2026("09-01"), Limit(8, Unit.WD), TWENTY, (late,))

    projection = project(state, calendar(), NINETY)

    assert projection.promised.due_date == of_2026("09-11")
    assert projection.statutory.stopped
    assert projection.lamp(start_of_day(of_2026("12-01"))) is Lamp.RED


def test_extension_moves_the_promise_unless_told_otherwise() -> None:
    extra = (Extension(10, Unit.WD, "行政许可法 第四十二条第一款"),)
    moving = ClockState(of_2026("03-02"), Limit(8, Unit.WD), TWENTY, (), extra)
    keeping = ClockState(of_2026("03-02"), Limit(8, Unit.WD), TWENTY, (), extra, extensions_move_promise=False)

    moved, kept = project(moving, calendar(), NINETY), project(keeping, calendar(), NINETY)

    assert moved.promised.due_date == calendar().add_workdays(of_2026("03-02"), 18)
    assert kept.promised.due_date == calendar().add_workdays(of_2026("03-02"), 8)
    assert moved.statutory == kept.statutory
    assert moved.statutory.due_date == calendar().add_workdays(of_2026("03-02"), 30)


def test_warning_counts_through_an_extension_in_another_unit() -> None:
    start, extra = of_2026("03-02"), (Extension(10, Unit.D, "地方规定"),)

    def warning(ratio: str) -> dt.datetime | None:
        return warning_at(start, Limit(10, Unit.WD), (), extra, calendar(), Decimal(ratio))

    # 10 WD end on 03-16; 20 days in all, so 0.75 is the fifth natural day after it.
    assert warning("0.25") == start_of_day(of_2026("03-09"))
    assert warning("0.75") == start_of_day(of_2026("03-21"))


def test_without_a_promise_the_statutory_limit_warns() -> None:
    state = ClockState(of_2026("03-02"), NO_LIMIT, TWENTY)

    projection = project(state, calendar(), NINETY)

    assert projection.promised == projection.statutory
    assert projection.yellow_at == start_of_day(calendar().add_workdays(of_2026("03-02"), 18))
