"""Behaviour is drawn from the seed alone, keeps to the calendar, and plants what it says."""

import datetime as dt

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


def task(key: str, phase: str, opened_at: dt.datetime = FIRST, days: int | None = 5) -> behaviour.Task:
    return behaviour.Task(key, phase, OUTCOMES[phase], opened_at, days)


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
    if not done.fault:
        local = done.at.astimezone(behaviour.LOCAL)
        assert CALENDAR.is_workday(local.date())
        assert 8 < local.hour < 18


def test_every_fault_is_planted_about_as_often_as_it_says() -> None:
    for fault, (phase, share) in behaviour.FAULTS.items():
        handled = [behaviour.handling(task(f"{fault}{number}", phase), 7, CALENDAR) for number in range(4000)]
        planted = [one for one in handled if one.fault == fault]

        assert 0.5 * share < len(planted) / 4000 < 1.6 * share, fault


def test_faults_look_as_they_are_called() -> None:
    handled = [behaviour.handling(task(f"f{number}", "review"), 7, CALENDAR) for number in range(3000)]
    late = [one for one in handled if one.fault == "reviewed_late"]
    quick = [one for one in handled if one.fault == "reviewed_in_seconds"]
    night = [one for one in handled if one.fault == "at_an_impossible_hour"]

    due = CALENDAR.add_workdays(FIRST.astimezone(behaviour.LOCAL).date(), 5)
    assert late
    assert all(one.at.astimezone(behaviour.LOCAL).date() > due for one in late)
    assert quick
    assert all(one.at - FIRST < dt.timedelta(minutes=1) for one in quick)
    assert night
    assert all(one.at.astimezone(behaviour.LOCAL).hour == 2 for one in night)


def test_what_is_wrong_with_a_whole_case_is_drawn_by_the_case() -> None:
    planted = [behaviour.case_fault(str(number), 7) for number in range(6000)]

    for fault, share in behaviour.CASE_FAULTS.items():
        assert 0.5 * share < planted.count(fault) / 6000 < 1.6 * share, fault
    case = str(planted.index("entered_afterwards"))
    opened = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC)
    decided = behaviour.handling(behaviour.Task("k", "decide", OUTCOMES["decide"], opened, 5, case), 7, CALENDAR)
    assert decided.fault == "entered_afterwards"
    assert dt.timedelta(minutes=1) < decided.at - opened < dt.timedelta(minutes=3)
    by_night = behaviour.Task("k", "decide", OUTCOMES["decide"], opened + dt.timedelta(hours=12), 5, case)
    assert behaviour.handling(by_night, 7, CALENDAR).fault != "entered_afterwards"


def test_few_come_three_times_with_the_same_thing() -> None:
    again = [behaviour.splits(str(number), FIRST, 7) for number in range(4000)]

    several = [times for times in again if times]
    assert 10 < len(several) < 60
    assert all(FIRST < one < two < FIRST + dt.timedelta(days=5) for one, two in several)


def test_the_last_day_of_a_limit_is_the_day_before_its_midnight() -> None:
    due = dt.datetime(2026, 1, 9, 16, tzinfo=dt.UTC)  # 24:00 of the 9th in Shanghai

    assert behaviour.last_day(due).astimezone(behaviour.LOCAL).date() == dt.date(2026, 1, 9)


def test_applicants_are_different_and_generic() -> None:
    numbers = range(1700)

    assert len({citizen_number(number) for number in numbers}) == 1700
    assert len({phone(number) for number in numbers}) == 1700
    assert {len(applicant_name(number)) for number in numbers} == {3}
