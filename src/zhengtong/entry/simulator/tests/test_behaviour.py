"""Behaviour is drawn from the seed alone, keeps to the calendar, and plants what it says."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.entry.simulator import behaviour
from zhengtong.entry.simulator.people import applicant_name, citizen_number, phone
from zhengtong.kernel.calendar import WorkCalendar

CALENDAR = WorkCalendar([], first_year=2025, last_year=2027)
FIRST = dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC)
LAST = dt.datetime(2026, 3, 30, 1, tzinfo=dt.UTC)
OUTCOMES = {
    "accept": ("accept", "supplement", "refuse"),
    "review": ("pass", "fail"),
    "decide": ("approve", "reject", "return"),
}
moments = st.integers(0, 319 * 86_400).map(lambda seconds: FIRST + dt.timedelta(seconds=seconds))


def task(key: str, phase: str, opened_at: dt.datetime = FIRST, days: int | None = 5, fate: str = "") -> behaviour.Task:
    return behaviour.Task(key, phase, OUTCOMES[phase], opened_at, days, fate)


def test_people_come_as_often_as_wanted_and_more_on_working_days() -> None:
    found = behaviour.comings(FIRST, LAST, 3000, 7, CALENDAR.is_workday)

    assert len(found) == 3000
    assert found == sorted(found)
    assert FIRST <= found[0] <= found[-1] <= LAST
    working = sum(CALENDAR.is_workday(at.astimezone(behaviour.LOCAL).date()) for at in found)
    assert working > 2600


def test_the_same_seed_gives_the_same_life() -> None:
    assert behaviour.comings(FIRST, LAST, 50, 7, CALENDAR.is_workday) == behaviour.comings(
        FIRST, LAST, 50, 7, CALENDAR.is_workday
    )
    assert behaviour.comings(FIRST, LAST, 50, 8, CALENDAR.is_workday) != behaviour.comings(
        FIRST, LAST, 50, 7, CALENDAR.is_workday
    )


@given(st.sampled_from(sorted(OUTCOMES)), moments, st.uuids(), st.integers(0, 45) | st.none())
def test_a_task_is_done_after_it_came_by_one_of_its_outcomes(
    phase: str, opened_at: dt.datetime, key: object, days: int | None
) -> None:
    asked = task(str(key), phase, opened_at, days)

    done = behaviour.handling(asked, 7, CALENDAR)

    assert done == behaviour.handling(asked, 7, CALENDAR)
    assert done.at > opened_at
    assert done.outcome in asked.outcomes
    assert done.opinion
    assert not done.fault
    local = done.at.astimezone(behaviour.LOCAL)
    assert CALENDAR.is_workday(local.date())
    assert 8 < local.hour < 18


def comings(number: int, days: int = 60) -> list[dt.datetime]:
    return behaviour.comings(FIRST, FIRST + dt.timedelta(days=days), number, 7, CALENDAR.is_workday)


@pytest.mark.parametrize("number", [behaviour.ALL_FROM, 200, 2000])
def test_every_kind_is_planted_about_as_often_as_it_says_and_early_enough_to_show(number: int) -> None:
    times = comings(number)

    found = behaviour.fates(times, times[-1], 7)

    assert found == behaviour.fates(times, times[-1], 7)
    for name, kind in behaviour.KINDS.items():
        planted = [one for one, fate in found.items() if fate == name]
        assert len(planted) == max(kind.least, round(kind.share * number)), name
        assert all(times[one] <= times[-1] - dt.timedelta(days=kind.days) for one in planted), name
    assert len(found) < 0.35 * number


def test_few_faults_fall_on_few_people_or_a_short_stretch() -> None:
    assert behaviour.fates(comings(20), LAST, 7) == {}
    short = comings(200, days=1)
    assert set(behaviour.fates(short, short[-1], 7).values()) == set(behaviour.KINDS)


@pytest.mark.parametrize(
    ("fate", "phase"), [(name, kind.phase) for name, kind in behaviour.KINDS.items() if kind.phase]
)
def test_what_is_planted_in_a_task_stands_in_its_phase_and_no_other(fate: str, phase: str) -> None:
    for number in range(50):
        for other in OUTCOMES:
            done = behaviour.handling(task(f"{fate}{number}", other, fate=fate), 7, CALENDAR)
            assert done.fault == (fate if other == phase else "")


def test_faults_look_as_they_are_called() -> None:
    def handled(fate: str, phase: str = "review") -> list[behaviour.Handling]:
        return [behaviour.handling(task(f"f{n}", phase, fate=fate), 7, CALENDAR) for n in range(300)]

    due = CALENDAR.add_workdays(FIRST.astimezone(behaviour.LOCAL).date(), 5)
    for fate, phase in (("accepted_late", "accept"), ("reviewed_late", "review"), ("decided_late", "decide")):
        assert all(one.at.astimezone(behaviour.LOCAL).date() > due for one in handled(fate, phase))
    assert all(one.at - FIRST < dt.timedelta(minutes=1) for one in handled("reviewed_in_seconds"))
    assert all(one.at.astimezone(behaviour.LOCAL).hour == 2 for one in handled("at_an_impossible_hour"))
    assert len({one.opinion for one in handled("copied_opinion")}) == 1
    assert {one.outcome for one in handled("refused_in_two_words", "accept")} == {"refuse"}
    assert {one.outcome for one in handled("decided_late", "decide")} == {"approve"}


def test_what_is_entered_afterwards_goes_minute_by_minute() -> None:
    opened = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC)

    decided = behaviour.handling(task("k", "decide", opened, fate="entered_afterwards"), 7, CALENDAR)
    accepted = behaviour.handling(task("k", "accept", opened, fate="entered_afterwards"), 7, CALENDAR)

    assert decided.fault == "entered_afterwards"
    assert dt.timedelta(minutes=1) < decided.at - opened < dt.timedelta(minutes=3)
    assert accepted.fault == ""
    assert accepted.at - opened > dt.timedelta(minutes=5)


def test_who_splits_comes_three_times_within_days() -> None:
    one, two = behaviour.splits(FIRST, behaviour.drawn(7, "split"))

    assert FIRST < one < two < FIRST + dt.timedelta(days=5)


def test_the_clock_that_stopped_on_the_last_day_runs_again_on_a_working_morning() -> None:
    friday = dt.datetime(2026, 1, 9, 8, 10, tzinfo=dt.UTC)

    assert behaviour.next_morning(friday, 2, CALENDAR) == dt.datetime(2026, 1, 12, 1, 30, tzinfo=dt.UTC)


def test_the_last_day_of_a_limit_is_the_day_before_its_midnight() -> None:
    due = dt.datetime(2026, 1, 9, 16, tzinfo=dt.UTC)  # 24:00 of the 9th in Shanghai

    assert behaviour.last_day(due).astimezone(behaviour.LOCAL).date() == dt.date(2026, 1, 9)


def test_applicants_are_different_and_generic() -> None:
    numbers = range(1700)

    assert len({citizen_number(number) for number in numbers}) == 1700
    assert len({phone(number) for number in numbers}) == 1700
    assert {len(applicant_name(number)) for number in numbers} == {3}
