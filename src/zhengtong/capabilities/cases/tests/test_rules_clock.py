"""The legal clock: vectors of the reference, and properties against a slow day-by-day clock."""

import csv
import datetime as dt
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.capabilities.cases.rules import (
    EXTENSION_RULES,
    NO_LIMIT,
    STOP_REASONS,
    ClockState,
    Due,
    Extension,
    Lamp,
    Limit,
    Pause,
    Unit,
    acceptance_deadline,
    deadline_of,
    explain,
    lamp_of,
    project,
    used_days,
    warning_at,
)
from zhengtong.kernel.calendar import SHANGHAI, DayRow, OutOfCalendar, WorkCalendar, end_of_day, start_of_day

ROOT = Path(__file__).resolve().parents[5]
DAY = dt.timedelta(days=1)
INSTANT = dt.timedelta(microseconds=1)
NINETY = Decimal("0.9")
ARTICLE_45 = "行政许可法 第四十五条"
HEARING = Pause(dt.date(2026, 9, 8), dt.date(2026, 9, 22), "hearing", ARTICLE_45)
TWENTY = Limit(20, Unit.WD)


@cache
def rows() -> tuple[DayRow, ...]:
    shared = ROOT.parent / "shared/data/holidays.csv"
    table = shared if shared.exists() else ROOT / "src/zhengtong/entry/demo/data/holidays.csv"
    with table.open(encoding="utf-8", newline="") as file:
        return tuple(DayRow.from_record(record) for record in csv.DictReader(file))


@cache
def calendar() -> WorkCalendar:
    return WorkCalendar(rows(), first_year=2024, last_year=2028)


@cache
def slow_table() -> dict[dt.date, bool]:
    return {row.day: row.is_workday for row in rows()}


def slow_due(start: dt.date, amount: int, unit: Unit, pauses: list[Pause], *, roll: bool) -> dt.date:
    def works(day: dt.date) -> bool:
        return slow_table().get(day, day.isoweekday() <= 5)

    def paused(day: dt.date) -> bool:
        return any(pause.start <= day <= (pause.end or dt.date.max) for pause in pauses)

    day, left = start, amount
    while left:
        day += DAY
        left -= not paused(day) and (unit is not Unit.WD or works(day))
    while roll and unit is not Unit.WD and (not works(day) or paused(day)):
        day += DAY
    return day


starts = st.dates(dt.date(2024, 1, 1), dt.date(2026, 6, 30))
day_limits = st.builds(Limit, st.integers(1, 60), st.sampled_from([Unit.WD, Unit.D]))


@st.composite
def clocks(draw: st.DrawFn) -> tuple[dt.date, Limit, list[Pause]]:
    start = draw(starts)
    pauses = []
    for offset, length in draw(st.lists(st.tuples(st.integers(-5, 60), st.integers(0, 25)), max_size=3)):
        first = start + offset * DAY
        pauses.append(Pause(first, first + length * DAY, draw(st.sampled_from(sorted(STOP_REASONS))), ARTICLE_45))
    return start, draw(day_limits), pauses


def of_2026(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2026-{text}")


def due_date(start: dt.date, limit: Limit, pauses: list[Pause], calendar: WorkCalendar) -> dt.date:
    due = deadline_of(start, limit, pauses, (), calendar).due_date
    assert due is not None
    return due


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        ("02-13", "5 WD", "02-27"),
        ("02-13", "20 WD", "03-19"),
        ("02-13", "30 WD", "04-02"),
        ("04-30", "5 WD", "05-11"),
        ("09-18", "7 WD", "09-29"),
        ("09-18", "20 WD", "10-22"),
        ("01-30", "45 WD", "04-10"),
        ("01-30", "60 WD", "05-06"),
        ("09-01", "20 WD", "09-29"),
    ],
)
def test_vectors_of_the_reference(start: str, limit: str, due: str) -> None:
    computed = deadline_of(of_2026(start), Limit.parse(limit), (), (), calendar())

    assert computed == Due(of_2026(due), end_of_day(of_2026(due)))


def test_hearing_vector_first_day_of_the_pause_is_not_used() -> None:
    start = of_2026("09-01")

    due = deadline_of(start, TWENTY, [HEARING], (), calendar())

    assert due.due_date == of_2026("10-21")
    for until in ("09-07", "09-08", "09-22"):
        assert used_days(start, of_2026(until), Unit.WD, [HEARING], calendar()) == 4
    assert used_days(start, of_2026("10-21"), Unit.WD, [HEARING], calendar()) == 20


def test_day_limit_has_passed_at_midnight_in_shanghai() -> None:
    due = deadline_of(of_2026("04-30"), Limit(5, Unit.WD), (), (), calendar())

    assert due.due_at == dt.datetime(2026, 5, 12, tzinfo=SHANGHAI)


def test_start_given_as_instant_is_its_legal_day() -> None:
    late_evening_utc = dt.datetime(2026, 4, 29, 17, 0, tzinfo=dt.UTC)

    assert deadline_of(late_evening_utc, Limit(5, Unit.WD), (), (), calendar()).due_date == of_2026("05-11")


@given(clocks(), st.booleans())
def test_due_date_is_the_slow_walk(clock: tuple[dt.date, Limit, list[Pause]], roll: bool) -> None:
    start, limit, pauses = clock

    due = deadline_of(start, limit, pauses, (), calendar(), roll_natural_days=roll)

    assert due.due_date == slow_due(start, limit.amount or 0, limit.unit, pauses, roll=roll)


@given(clocks())
def test_explanation_counts_exactly_the_limit_and_ends_with_the_due_date(
    clock: tuple[dt.date, Limit, list[Pause]],
) -> None:
    start, limit, pauses = clock

    lines = explain(start, limit, pauses, (), calendar())

    due = due_date(start, limit, pauses, calendar())
    assert [line.day for line in lines] == [start + i * DAY for i in range((due - start).days + 1)]
    assert [line.ordinal for line in lines if line.counted] == list(range(1, (limit.amount or 0) + 1))
    assert all(line.ordinal is None for line in lines if not line.counted)
    assert not lines[0].counted
    assert all(line.reason for line in lines)


@given(clocks())
def test_a_pause_equals_a_calendar_in_which_its_days_do_not_work(clock: tuple[dt.date, Limit, list[Pause]]) -> None:
    start, limit, pauses = clock
    working = Limit(limit.amount, Unit.WD)
    paused = {p.start + i * DAY for p in pauses if p.end for i in range((p.end - p.start).days + 1)}
    paused = {day for day in paused if day.year >= 2024}
    rest = [DayRow(day, False, "停止计时", "", local=True) for day in paused]

    closed = WorkCalendar((*rows(), *rest), first_year=2024, last_year=2028)

    assert due_date(start, working, pauses, calendar()) == due_date(start, working, [], closed)
    assert due_date(start, working, pauses, calendar()) == due_date(start, working, pauses[::-1], calendar())


@given(clocks())
def test_used_days_reach_the_limit_on_the_due_date_and_not_before(clock: tuple[dt.date, Limit, list[Pause]]) -> None:
    start, limit, pauses = clock
    due = deadline_of(start, limit, pauses, (), calendar(), roll_natural_days=False).due_date
    assert due is not None

    def used(until: dt.date) -> int:
        return used_days(start, until, limit.unit, pauses, calendar())

    assert used(start) == 0
    assert used(due) == limit.amount
    assert used(due - DAY) == (limit.amount or 0) - 1


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


def test_clock_that_starts_within_an_open_pause_uses_nothing() -> None:
    before = Pause(of_2026("08-25"), None, "hearing", ARTICLE_45)

    lines = explain(of_2026("09-01"), TWENTY, [before], (), calendar())

    assert [(line.day, line.counted) for line in lines] == [(of_2026("09-01"), False)]
    assert used_days(of_2026("09-01"), of_2026("09-30"), Unit.WD, [before], calendar()) == 0


def test_pause_after_the_promise_has_passed_does_not_heal_it() -> None:
    late = Pause(of_2026("09-18"), None, "testing", ARTICLE_45)
    state = ClockState(of_2026("09-01"), Limit(8, Unit.WD), TWENTY, (late,))

    projection = project(state, calendar(), NINETY)

    assert projection.promised.due_date == of_2026("09-11")
    assert projection.statutory.stopped
    assert projection.lamp(start_of_day(of_2026("12-01"))) is Lamp.RED


@pytest.mark.parametrize("end", [None, dt.date(2026, 12, 1)])
def test_beyond_its_cap_a_pause_no_longer_stops_the_clock(end: dt.date | None) -> None:
    capped = Pause(of_2026("09-08"), end, "expert_review", ARTICLE_45, cap=Limit(5, Unit.WD))
    as_if = Pause(of_2026("09-08"), of_2026("09-15"), "expert_review", ARTICLE_45)

    due = deadline_of(of_2026("09-01"), TWENTY, [capped], (), calendar())

    assert due == deadline_of(of_2026("09-01"), TWENTY, [as_if], (), calendar())


@given(starts)
def test_extension_rules_add_up(start: dt.date) -> None:
    for rule in EXTENSION_RULES.values():
        extra = Extension(rule.extra.amount or 0, rule.extra.unit, rule.legal_basis)

        due = deadline_of(start, rule.limit, (), (extra,), calendar())

        assert due.due_date == calendar().add_workdays(start, (rule.limit.amount or 0) + (rule.extra.amount or 0))


def test_statutory_numbers_are_those_of_the_act() -> None:
    assert {(rule.limit.label, rule.extra.label) for rule in EXTENSION_RULES.values()} == {
        ("20 个工作日", "10 个工作日"),
        ("45 个工作日", "15 个工作日"),
    }
    assert "、".join(reason.label for reason in STOP_REASONS.values()) == (
        "听证、招标、拍卖、检验、检测、检疫、鉴定、专家评审"
    )
    assert {reason.legal_basis for reason in STOP_REASONS.values()} == {ARTICLE_45}


def test_extension_moves_the_promise_unless_told_otherwise() -> None:
    extra = (Extension(10, Unit.WD, "行政许可法 第四十二条第一款"),)
    moving = ClockState(of_2026("03-02"), Limit(8, Unit.WD), TWENTY, (), extra)
    keeping = ClockState(of_2026("03-02"), Limit(8, Unit.WD), TWENTY, (), extra, extensions_move_promise=False)

    moved, kept = project(moving, calendar(), NINETY), project(keeping, calendar(), NINETY)

    assert moved.promised.due_date == calendar().add_workdays(of_2026("03-02"), 18)
    assert kept.promised.due_date == calendar().add_workdays(of_2026("03-02"), 8)
    assert moved.statutory == kept.statutory
    assert moved.statutory.due_date == calendar().add_workdays(of_2026("03-02"), 30)


def test_extension_in_another_unit_follows_the_limit() -> None:
    extra = Extension(1, Unit.MONTH, "地方规定")

    due = deadline_of(of_2026("03-02"), Limit(5, Unit.WD), (), (extra,), calendar())
    lines = explain(of_2026("03-02"), Limit(5, Unit.WD), (), (extra,), calendar())

    # 5 WD end on 03-09; one month later is 04-09, a Thursday.
    assert due.due_date == of_2026("04-09")
    assert sum(line.counted for line in lines) == 5 + 31


def test_warning_counts_through_an_extension_in_another_unit() -> None:
    start, extra = of_2026("03-02"), (Extension(10, Unit.D, "地方规定"),)

    def warning(ratio: str) -> dt.datetime | None:
        return warning_at(start, Limit(10, Unit.WD), (), extra, calendar(), Decimal(ratio))

    # 10 WD end on 03-16; 20 days in all, so 0.75 is the fifth natural day after it.
    assert warning("0.25") == start_of_day(of_2026("03-09"))
    assert warning("0.75") == start_of_day(of_2026("03-21"))


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


def test_without_a_promise_the_statutory_limit_warns() -> None:
    state = ClockState(of_2026("03-02"), NO_LIMIT, TWENTY)

    projection = project(state, calendar(), NINETY)

    assert projection.promised == projection.statutory
    assert projection.yellow_at == start_of_day(calendar().add_workdays(of_2026("03-02"), 18))


def test_deadline_in_an_undecreed_year_is_marked_provisional() -> None:
    def due(start: str, limit: str, *, roll: bool = True) -> Due:
        return deadline_of(of_2026(start), Limit.parse(limit), (), (), calendar(), roll_natural_days=roll)

    assert due("12-30", "1 WD") == Due(of_2026("12-31"), end_of_day(of_2026("12-31")))
    assert due("12-30", "2 WD") == Due(dt.date(2027, 1, 1), end_of_day(dt.date(2027, 1, 1)), provisional=True)
    assert due("12-30", "5 D").provisional
    assert not due("12-30", "5 D", roll=False).provisional
    lines = explain(of_2026("12-30"), Limit(2, Unit.WD), (), (), calendar())
    assert [line.provisional for line in lines] == [False, False, True]


def test_only_counted_days_make_a_deadline_provisional() -> None:
    only_2026 = WorkCalendar([row for row in rows() if row.day.year == 2026], first_year=2025, last_year=2027)
    capped = Pause(of_2026("12-30"), None, "testing", ARTICLE_45, cap=Limit(5, Unit.WD))

    day_zero_before = deadline_of(dt.date(2025, 12, 31), Limit(1, Unit.WD), (), (), only_2026)
    same_day = deadline_of(dt.date(2027, 3, 1), Limit(0, Unit.WD), (), (), only_2026)
    by_cap = deadline_of(of_2026("12-28"), Limit(3, Unit.D), [capped], (), only_2026, roll_natural_days=False)

    assert (day_zero_before.due_date, day_zero_before.provisional) == (of_2026("01-04"), False)
    assert not same_day.provisional
    assert by_cap.provisional


def test_deadline_beyond_the_built_years_raises() -> None:
    with pytest.raises(OutOfCalendar):
        deadline_of(dt.date(2028, 12, 20), TWENTY, (), (), calendar())


def test_silence_accepts_back_to_the_day_of_receipt() -> None:
    acceptance = acceptance_deadline(of_2026("04-30"), calendar())

    assert acceptance.notice_due.due_date == of_2026("05-11")
    assert acceptance.deemed_accepted_on(end_of_day(of_2026("05-11")) - INSTANT) is None
    assert acceptance.deemed_accepted_on(end_of_day(of_2026("05-11"))) == of_2026("04-30")


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


def test_a_pause_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Pause(of_2026("09-08"), of_2026("09-07"), "hearing", ARTICLE_45)
