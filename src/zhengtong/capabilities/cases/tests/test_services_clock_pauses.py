"""Stops of the clock: the vector of the reference, caps that end by themselves, warnings, what is told."""

import datetime as dt

import pytest
import time_machine

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.models import ClockPause, Deadline, DeadlineMove
from zhengtong.capabilities.cases.tests.clockwork import accepted_case, acts, at, clerk, clock_of, told
from zhengtong.capabilities.cases.tests.county import found_county
from zhengtong.kernel.errors import Conflict
from zhengtong.kernel.testing.work import do_all_work

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def clock():
    with time_machine.travel(at("2026-09-01"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def case_id(clock):
    found_county()
    return accepted_case()


def stop(case_id, *, reason="hearing", cap="NONE"):
    api.pause_clock(actor=clerk(), case_id=case_id, reason_code=reason, note="需要组织听证", cap=api.Limit.parse(cap))


def instant(text):
    return dt.datetime.fromisoformat(text)


def walk(clock, first, last):
    """Live through the days, letting the worker do what has come."""
    moment = at(first)
    while moment <= at(last):
        clock.move_to(moment)
        do_all_work()
        moment += DAY


def test_the_vector_of_the_reference_with_a_hearing(case_id, clock):
    clock.move_to(at("2026-09-08"))
    stop(case_id)
    clock.move_to(at("2026-09-23"))
    api.resume_clock(actor=clerk(), case_id=case_id)

    statutory = clock_of(case_id, "statutory")

    assert statutory.due_on == dt.date(2026, 10, 21)
    assert sum(line.counted for line in statutory.days) == 20
    assert [line.day for line in statutory.days if line.paused] == [dt.date(2026, 9, 8) + DAY * i for i in range(15)]
    assert "停止计时：听证" in statutory.sentence
    assert "听证结束，恢复计时" in statutory.why


def test_a_capped_stop_is_warned_of_and_ends_by_itself(case_id, clock):
    clock.move_to(at("2026-09-08"))
    stop(case_id, reason="expert_review", cap="5 WD")
    planned = clock_of(case_id, "statutory")
    pause = ClockPause.objects.get()

    walk(clock, "2026-09-09", "2026-09-14")
    before_the_last_day = told("pause_ending")
    walk(clock, "2026-09-15", "2026-09-15")
    warned = told("pause_ending")
    still = api.case_view(actor=clerk(), case_id=case_id).paused
    clock.move_to(at("2026-09-16", "00:00"))
    do_all_work()

    after = clock_of(case_id, "statutory")
    view = api.case_view(actor=clerk(), case_id=case_id)
    assert pause.cap_day == dt.date(2026, 9, 15)
    assert (before_the_last_day, len(warned), still) == ([], 1, True)
    assert (planned.state, after.state) == ("paused", "running")
    assert planned.due_on == after.due_on
    assert not view.paused
    assert view.pauses[0].ended_by_cap
    assert view.pauses[0].end_day == dt.date(2026, 9, 15)
    assert told("clock_resumed")[-1]["by_cap"] is True
    assert {"cases.pause_warned", "cases.pause_capped"} <= set(acts(case_id))
    with pytest.raises(Conflict, match="没有停止计时"):
        api.resume_clock(actor=clerk(), case_id=case_id)


def test_a_capped_stop_that_ends_early_moves_the_date_forward(case_id, clock):
    clock.move_to(at("2026-09-08"))
    stop(case_id, reason="testing", cap="10 WD")
    planned = clock_of(case_id, "promised").due_on
    clock.move_to(at("2026-09-10"))

    api.resume_clock(actor=clerk(), case_id=case_id)

    assert (planned, clock_of(case_id, "promised").due_on) == (dt.date(2026, 9, 28), dt.date(2026, 9, 15))
    moves = DeadlineMove.objects.filter(case_id=case_id, deadline__kind="promised").order_by("created_at")
    assert [(move.cause, move.old_due_on.isoformat(), move.new_due_on.isoformat()) for move in moves] == [
        ("pause", "2026-09-11", "2026-09-28"),
        ("resume", "2026-09-28", "2026-09-15"),
    ]
    assert [event["kind"] for event in told("deadline_moved")].count("promised") == 2


def test_no_lamp_lights_while_the_clock_stands_still(case_id, clock):
    clock.move_to(at("2026-09-08"))
    stop(case_id)

    walk(clock, "2026-09-09", "2026-12-20")

    assert told("deadline_reached") == []
    assert set(Deadline.objects.filter(case_id=case_id, kind="promised").values_list("state", "due_on")) == {
        ("paused", None)
    }


def test_a_stop_after_the_promise_was_missed_does_not_heal_it(case_id, clock):
    clock.move_to(at("2026-09-14"))
    do_all_work()
    stop(case_id, reason="testing", cap="3 WD")

    promised = clock_of(case_id, "promised")

    assert (promised.due_on, promised.state, promised.lamp) == (dt.date(2026, 9, 11), "running", "red")
    assert clock_of(case_id, "statutory").state == "paused"


def test_resuming_tells_the_new_dates(case_id, clock):
    clock.move_to(at("2026-09-08"))
    stop(case_id)
    clock.move_to(at("2026-09-23"))

    api.resume_clock(actor=clerk(), case_id=case_id)

    resumed = told("clock_resumed")[-1]
    assert instant(resumed["statutory_due_at"]) == at("2026-10-22", "00:00")
    assert instant(resumed["promised_due_at"]) == at("2026-09-30", "00:00")
    assert told("clock_paused")[-1]["pause_id"] == str(ClockPause.objects.get().id)


def test_acceptance_tells_both_dates(case_id):
    accepted = told("case_accepted")[-1]

    assert instant(accepted["promised_due_at"]) == at("2026-09-12", "00:00")
    assert instant(accepted["statutory_due_at"]) == at("2026-09-30", "00:00")
