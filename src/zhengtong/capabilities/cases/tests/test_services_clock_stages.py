"""Acceptance, supplement, delivery, renewal: which limit begins and ends with what, and what silence means."""

import datetime as dt

import pytest
import time_machine

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.models import WorkItem
from zhengtong.capabilities.cases.registry import service_topics
from zhengtong.capabilities.cases.tests.clockwork import (
    acts,
    at,
    boss,
    clerk,
    clock_of,
    do,
    single_case,
    told,
)
from zhengtong.capabilities.cases.tests.county import citizen, found_county, open_restaurant_case
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.testing.work import do_all_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(at("2026-09-01"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(clock):
    found_county()


def live_to(clock, day, time="10:00"):
    clock.move_to(at(day, time))
    do_all_work()


def test_the_fifth_working_day_is_still_in_time(county, clock):
    case_id = open_restaurant_case(citizen())

    live_to(clock, "2026-09-08", "23:59")

    assert not api.case_view(actor=clerk(), case_id=case_id).deemed_accepted
    do(clerk(), case_id, "accept", "supplement")
    assert clock_of(case_id, "acceptance").state == "met"


def test_silence_accepts_back_to_the_day_of_receipt(county, clock):
    case_id = open_restaurant_case(citizen())

    live_to(clock, "2026-09-09", "00:00")

    view = api.case_view(actor=clerk(), case_id=case_id)
    assert (view.accepted_on, view.deemed_accepted) == (dt.date(2026, 9, 1), True)
    assert clock_of(case_id, "promised").due_on == dt.date(2026, 9, 11)
    assert clock_of(case_id, "statutory").due_on == dt.date(2026, 9, 29)
    assert told("case_accepted")[-1]["promised_due_at"] is not None


def test_silence_after_a_supplement_accepts_back_to_the_day_it_came(county, clock):
    case_id = open_restaurant_case(citizen())
    clock.move_to(at("2026-09-03"))
    do(clerk(), case_id, "accept", "supplement")
    clock.move_to(at("2026-09-17"))
    do(citizen(), case_id, "supplement", "submit", as_applicant=True)
    anew = clock_of(case_id, "acceptance")

    live_to(clock, "2026-09-24", "00:00")

    view = api.case_view(actor=clerk(), case_id=case_id)
    assert (anew.started_on, anew.due_on) == (dt.date(2026, 9, 17), dt.date(2026, 9, 23))
    assert (view.accepted_on, view.deemed_accepted) == (dt.date(2026, 9, 17), True)
    assert clock_of(case_id, "promised").started_on == dt.date(2026, 9, 17)
    assert clock_of(case_id, "promised").due_on == dt.date(2026, 9, 29)
    with pytest.raises(Invalid, match="视为受理"):
        do(clerk(), case_id, "accept", "supplement")


def test_material_that_came_in_the_night_came_on_that_legal_day(county, clock):
    clock.move_to(at("2026-09-01", "23:59"))

    case_id = open_restaurant_case(citizen())

    assert clock_of(case_id, "acceptance").started_on == dt.date(2026, 9, 1)


def test_delivery_runs_ten_days_from_the_decision_and_is_met_by_the_paper(county, clock, monkeypatch):
    monkeypatch.setitem(service_topics._items, "issue_licence", lambda call: {"document": "x"})
    case_id = single_case()
    do(clerk(), case_id, "accept", "accept")
    review(case_id)
    clock.move_to(at("2026-09-04"))
    do(boss(), case_id, "decide", "approve")

    started = clock_of(case_id, "delivery")
    promised = clock_of(case_id, "promised")
    clock.move_to(at("2026-09-07"))
    do_all_work()

    assert (started.started_on, started.due_on) == (dt.date(2026, 9, 4), dt.date(2026, 9, 18))
    assert promised.state == "met"
    assert clock_of(case_id, "delivery").state == "met"
    assert clock_of(case_id, "delivery").ended_at == at("2026-09-07")


def test_a_licence_that_does_not_come_lights_the_lamp_of_delivery(county, clock, monkeypatch):
    def broken(call):
        raise RuntimeError("no paper")

    monkeypatch.setitem(service_topics._items, "issue_licence", broken)
    case_id = single_case()
    do(clerk(), case_id, "accept", "accept")
    review(case_id)
    do(boss(), case_id, "decide", "approve")

    clock.move_to(at("2026-09-16", "00:00"))
    api.tick()

    assert [(event["kind"], event["level"]) for event in told("deadline_reached")] == [("delivery", "red")]


def review(case_id):
    for item in WorkItem.objects.filter(case_id=case_id, status="open", phase="review"):
        do(clerk(), case_id, item.node, "pass")


def test_without_a_promise_the_statutory_limit_warns(county, clock):
    case_id = single_case(limits={"promised": api.Limit.parse("NONE")})
    do(clerk(), case_id, "accept", "accept")

    live_to(clock, "2026-09-28")

    assert clock_of(case_id, "promised").due_on == clock_of(case_id, "statutory").due_on
    levels = [(event["kind"], event["level"]) for event in told("deadline_reached") if event["kind"] != "step"]
    assert levels == [("promised", "yellow")]


# --- renewal -------------------------------------------------------------------------------------------------------


def test_an_undecided_renewal_is_deemed_granted_when_the_licence_ends(county, clock):
    case_id = single_case(renewal_of_until=dt.date(2026, 12, 5))
    do(clerk(), case_id, "accept", "accept")

    live_to(clock, "2026-12-05", "23:59")
    before = api.case_view(actor=clerk(), case_id=case_id).renewal_deemed_on
    live_to(clock, "2026-12-06", "00:00")

    view = api.case_view(actor=clerk(), case_id=case_id)
    assert before is None
    assert (view.renewal_deemed_on, view.status) == (dt.date(2026, 12, 5), "open")
    assert told("renewal_deemed")[-1]["licence_until"] == "2026-12-05"
    assert "cases.deem_renewed" in acts(case_id)
    assert clock_of(case_id, "renewal").due_on == dt.date(2026, 12, 5)


def test_a_renewal_asked_for_too_late_is_not_deemed(county, clock):
    case_id = single_case(renewal_of_until=dt.date(2026, 10, 12))

    live_to(clock, "2026-10-20")

    assert api.case_view(actor=clerk(), case_id=case_id).renewal_deemed_on is None
    assert told("renewal_deemed") == []
    assert clock_of(case_id, "renewal").state == "cancelled"


def test_a_decision_in_time_ends_the_renewal_clock(county, clock, monkeypatch):
    monkeypatch.setitem(service_topics._items, "issue_refusal", lambda call: {"document": "x"})
    case_id = single_case(renewal_of_until=dt.date(2026, 12, 5))
    do(clerk(), case_id, "accept", "accept")
    review(case_id)
    do(boss(), case_id, "decide", "reject")

    live_to(clock, "2026-12-20")

    assert clock_of(case_id, "renewal").state == "met"
    assert told("renewal_deemed") == []


def test_a_licence_that_has_ended_cannot_be_renewed(county):
    with pytest.raises(Invalid, match="不能延续"):
        single_case(renewal_of_until=dt.date(2026, 8, 31))
