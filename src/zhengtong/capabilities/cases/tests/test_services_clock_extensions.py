"""More time: asked for by the unit, decided once by the head the law names, told and recorded."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.models import ClockExtension, DeadlineMove
from zhengtong.capabilities.cases.tests.clockwork import (
    UNIT,
    accepted_case,
    acts,
    at,
    boss,
    clerk,
    clock_of,
    do,
    found_government,
    single_case,
    told,
)
from zhengtong.capabilities.cases.tests.county import found_county, officer
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import ParameterValue
from zhengtong.kernel.testing.work import do_all_work

pytestmark = pytest.mark.django_db
REASON = "现场情况复杂，需要补充核查"


@pytest.fixture
def clock():
    with time_machine.travel(at("2026-03-02"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def mayor(clock):
    found_county()
    return found_government()


@pytest.fixture
def single(mayor):
    case_id = single_case()
    do(clerk(), case_id, "accept", "accept")
    return case_id


def ask(case_id, days=10):
    return api.request_extension(actor=clerk(), case_id=case_id, days=days, reason=REASON)


def test_the_head_of_the_agency_grants_ten_days_once(single, clock):
    request = ask(single)
    api.approve_extension(actor=boss(), extension_id=request, note="同意")

    statutory, promised = clock_of(single, "statutory"), clock_of(single, "promised")
    calendar = api.calendar_of("980723")
    assert statutory.due_on == calendar.add_workdays(dt.date(2026, 3, 2), 30)
    assert promised.due_on == calendar.add_workdays(dt.date(2026, 3, 2), 18)
    assert statutory.limit_label == "20 个工作日，延长 10 个工作日"
    assert sum(line.extended for line in statutory.days) == 10
    assert "另经批准延长 10 个工作日" in statutory.sentence
    assert "青禾县市场监督管理局负责人批准延长 10 个工作日" in statutory.why
    assert {"cases.request_extension", "cases.grant_extension"} <= set(acts(single))
    assert told("extension_decided")[-1]["granted"] is True
    assert DeadlineMove.objects.filter(case_id=single, cause="extension").count() == 2
    with pytest.raises(Conflict, match="只能延长一次"):
        ask(single, days=1)


def test_joint_handling_is_extended_by_the_government(mayor):
    case_id = accepted_case()
    request = ask(case_id, days=15)

    with pytest.raises(NotPermitted, match="县人民政府"):
        api.approve_extension(actor=boss(), extension_id=request)
    waiting = api.extensions_to_decide(mayor)
    api.approve_extension(actor=mayor, extension_id=request)

    assert [one.id for one in waiting] == [request]
    assert api.extensions_to_decide(boss()) == ()
    assert clock_of(case_id, "statutory").due_on == dt.date(2026, 4, 21)
    assert api.case_view(actor=mayor, case_id=case_id).extensions[0].state == "granted"


def test_who_decides_sees_the_case_and_no_other(mayor):
    case_id = accepted_case()
    with pytest.raises(NotFound):
        api.case_view(actor=mayor, case_id=case_id)

    ask(case_id)

    assert api.case_view(actor=mayor, case_id=case_id).id == case_id
    with pytest.raises(NotFound):
        api.case_view(actor=officer("C01", "clerk"), case_id=case_id)


def test_the_one_who_asked_never_decides(single):
    request = api.request_extension(actor=boss(), case_id=single, days=5, reason=REASON)

    with pytest.raises(NotPermitted, match="不能自己批准"):
        api.approve_extension(actor=boss(), extension_id=request)

    with pytest.raises(IntegrityError, match="two_persons"), transaction.atomic():
        ClockExtension.objects.filter(pk=request).update(
            state="granted", decided_by_id=boss().person_id, decided_at=at("2026-03-03")
        )


@pytest.mark.parametrize("days", [0, 11])
def test_more_than_the_law_allows_is_refused(single, days):
    with pytest.raises(Invalid, match="最多延长 10 个工作日") as refusal:
        ask(single, days=days)

    assert refusal.value.field == "days"


def test_the_reason_is_needed_and_the_unit_is_the_owner(single):
    with pytest.raises(Invalid, match="理由"):
        api.request_extension(actor=clerk(), case_id=single, days=5, reason=" ")
    with pytest.raises(NotPermitted):
        api.request_extension(actor=officer("H05", "clerk"), case_id=single, days=5, reason=REASON)
    with pytest.raises(NotPermitted, match="经办人、审查人或者负责人"):
        api.request_extension(actor=officer(UNIT, "counter"), case_id=single, days=5, reason=REASON)


def test_a_request_is_decided_before_the_limit_ends_or_not_at_all(single, clock):
    request = ask(single)
    clock.move_to(at("2026-03-31", "00:00"))

    with pytest.raises(Conflict, match="已经届满"):
        api.approve_extension(actor=boss(), extension_id=request)
    with pytest.raises(Conflict):
        ask(single)

    assert clock_of(single, "statutory").due_on == dt.date(2026, 3, 30)


def test_a_refusal_needs_a_reason_and_leaves_the_dates_alone(single):
    request = ask(single)
    before = clock_of(single, "statutory").due_on

    with pytest.raises(Invalid, match="理由"):
        api.refuse_extension(actor=boss(), extension_id=request, note="")
    api.refuse_extension(actor=boss(), extension_id=request, note="可以按期办结")

    assert clock_of(single, "statutory").due_on == before
    with pytest.raises(Conflict, match="已经由"):
        api.approve_extension(actor=boss(), extension_id=request)
    assert ask(single) != request


def test_only_one_request_waits(single):
    ask(single)

    with pytest.raises(Conflict, match="正在等待批准"):
        ask(single)


def test_an_extension_after_the_promise_was_missed_takes_the_lamp_back(single, clock):
    clock.move_to(at("2026-03-13"))
    do_all_work()
    late = clock_of(single, "promised").lamp
    request = ask(single)

    api.approve_extension(actor=boss(), extension_id=request)
    healed = clock_of(single, "promised").lamp
    clock.move_to(at("2026-04-01"))
    do_all_work()

    assert (late, healed, clock_of(single, "promised").lamp) == ("red", "green", "red")
    levels = [event["level"] for event in told("deadline_reached") if event["kind"] == "promised"]
    assert levels == ["red", "red"]


def test_a_county_may_leave_its_promise_where_it_is(single):
    ParameterValue.objects.create(
        tenant="980723", key="cases.extensions_move_promise", value=False, valid_from=dt.date(2026, 1, 1)
    )
    request = ask(single)

    api.approve_extension(actor=boss(), extension_id=request)

    assert clock_of(single, "promised").due_on == dt.date(2026, 3, 12)
    assert clock_of(single, "statutory").due_on == dt.date(2026, 4, 14)


def test_a_case_of_hours_or_without_acceptance_is_not_extended(mayor):
    before = single_case(number="a")
    hours = single_case(number="b", limits={"statutory": api.Limit.parse("4 H"), "promised": api.Limit.parse("2 H")})
    do(clerk(), hours, "accept", "accept")

    with pytest.raises(Conflict, match="受理以后"):
        ask(before)
    with pytest.raises(Conflict, match="没有可以延长"):
        ask(hours)


def test_the_database_grants_one_extension_a_case(single):
    request = ask(single)
    api.approve_extension(actor=boss(), extension_id=request)
    row = ClockExtension.objects.get()

    row.pk, row._state.adding = None, True
    row.id = api.case_view(actor=clerk(), case_id=single).id
    with pytest.raises(IntegrityError, match="cases_extension_once"), transaction.atomic():
        row.save(force_insert=True)
