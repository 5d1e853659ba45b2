"""The legal clock: vectors of the reference, and properties against a slow day-by-day clock."""

import datetime as dt
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.capabilities.cases.rules import (
    EXTENSION_RULES,
    STOP_REASONS,
    Due,
    Extension,
    Limit,
    Pause,
    Unit,
    acceptance_deadline,
    deadline_of,
    explain,
    used_days,
)
from zhengtong.capabilities.cases.tests.known_days import (
    ARTICLE_45,
    DAY,
    HEARING,
    INSTANT,
    TWENTY,
    calendar,
    clocks,
    of_2026,
    rows,
    starts,
)
from zhengtong.kernel.calendar import SHANGHAI, DayRow, OutOfCalendar, WorkCalendar, end_of_day


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


def test_clock_that_starts_within_an_open_pause_uses_nothing() -> None:
    before = Pause(of_2026("08-25"), None, "hearing", ARTICLE_45)

    lines = explain(of_2026("09-01"), TWENTY, [before], (), calendar())

    assert [(line.day, line.counted) for line in lines] == [(of_2026("09-01"), False)]
    assert used_days(of_2026("09-01"), of_2026("09-30"), Unit.WD, [before], calendar()) == 0


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


def test_extension_in_another_unit_follows_the_limit() -> None:
    extra = Extension(1, Unit.MONTH, "地方规定")

    due = deadline_of(of_2026("03-02"), Limit(5, Unit.WD), (), (extra,), calendar())
    lines = explain(of_2026("03-02"), Limit(5, Unit.WD), (), (extra,), calendar())

    # 5 WD end on 03-09; one month later is 04-09, a Thursday.
    assert due.due_date == of_2026("04-09")
    assert sum(line.counted for line in lines) == 5 + 31


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


def test_a_pause_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Pause(of_2026("09-08"), of_2026("09-07"), "hearing", ARTICLE_45)
