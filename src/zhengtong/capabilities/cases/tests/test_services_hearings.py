"""Hearings from the right that is told to the minutes; the clock stands still meanwhile, and nobody decides."""

import datetime as dt

import pytest
import time_machine

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.models import ClockPause, Deadline, Hearing, WorkItem
from zhengtong.capabilities.cases.tests.clockwork import (
    accepted_case,
    acts,
    at,
    boss,
    clerk,
    clock_of,
    do,
    single_case,
    told,
)
from zhengtong.capabilities.cases.tests.county import citizen, found_county, officer
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.ids import new_id
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


def announce(case_id, day, host_id=None):
    api.announce_hearing(
        actor=clerk(), case_id=case_id, day=day, place="三楼会议室", host_id=host_id or new_id(), host="主持人甲"
    )


def hold(case_id, minutes="双方到场，申请人陈述了意见。"):
    api.hold_hearing(actor=clerk(), case_id=case_id, minutes=minutes)


def view(case_id):
    return api.case_view(actor=clerk(), case_id=case_id).hearing


def ready_to_decide():
    case_id = single_case()
    do(clerk(), case_id, "accept", "accept")
    do(clerk(), case_id, "examine", "pass")
    return case_id


def asked(clock, day="2026-09-08", **more):
    """A case accepted on 1 September whose applicant asks for a hearing on the day."""
    case_id = accepted_case()
    api.tell_hearing_right(actor=clerk(), case_id=case_id)
    clock.move_to(at(day))
    api.request_hearing(actor=citizen(), case_id=case_id, text="对招牌的大小有异议", as_applicant=True)
    return case_id


def test_a_hearing_from_the_right_to_the_minutes(county, clock):
    case_id = asked(clock)
    told_until, hold_by = clock_of(case_id, "hearing_ask").due_on, clock_of(case_id, "hearing_hold").due_on

    with pytest.raises(Invalid, match="7 个工作日前通知"):
        announce(case_id, dt.date(2026, 9, 16))
    with pytest.raises(Invalid, match="20 个工作日内"):
        announce(case_id, dt.date(2026, 10, 20))
    with pytest.raises(Invalid, match="请选择工作日"):
        announce(case_id, dt.date(2026, 10, 3))
    announce(case_id, dt.date(2026, 9, 17))
    with pytest.raises(Conflict, match="还没有到"):
        hold(case_id)
    clock.move_to(at("2026-09-18"))
    with pytest.raises(Invalid, match="笔录"):
        hold(case_id, " ")
    hold(case_id)

    assert (told_until, hold_by) == (dt.date(2026, 9, 8), dt.date(2026, 10, 12))
    assert clock_of(case_id, "hearing_hold").state == "met"
    assert [event["step"] for event in told("hearing_moved")] == ["told", "requested", "announced", "held"]
    row = Hearing.objects.get()
    assert (row.held_on, row.request_text, row.recorded_by) == (
        dt.date(2026, 9, 17),  # the announced day, also when it is entered on the next
        "对招牌的大小有异议",
        clerk().name,
    )
    assert "听证已于2026年9月17日在三楼会议室举行" in view(case_id).sentence


def test_the_clock_stands_still_from_the_request_to_the_hearing_and_says_so(county, clock):
    case_id = asked(clock)

    assert clock_of(case_id, "promised").state == "paused"
    announce(case_id, dt.date(2026, 9, 17))
    clock.move_to(at("2026-09-17", "15:00"))
    hold(case_id)

    # used 09-02…04 and 07; then 09-18, 20 (a make-up Sunday), 21 and 22
    promised = clock_of(case_id, "promised")
    assert (promised.state, promised.due_on) == ("running", dt.date(2026, 9, 22))
    assert "停止计时：听证（行政许可法 第四十五条） 10 天" in promised.sentence
    assert "听证结束，恢复计时" in promised.why
    pause = ClockPause.objects.get()
    assert (pause.start_day, pause.end_day) == (dt.date(2026, 9, 8), dt.date(2026, 9, 17))
    assert pause.cap_day == dt.date(2026, 10, 12)
    assert {"cases.pause_clock", "cases.resume_clock", "cases.hearing_held"} <= set(acts(case_id))


def test_a_request_that_is_declined_lets_the_clock_run_again_from_that_day(county, clock):
    case_id = asked(clock)
    clock.move_to(at("2026-09-10"))

    with pytest.raises(Invalid, match="理由"):
        api.decline_hearing(actor=clerk(), case_id=case_id, reason="")
    api.decline_hearing(actor=clerk(), case_id=case_id, reason="申请人撤回听证申请")

    assert clock_of(case_id, "promised").due_on == dt.date(2026, 9, 15)
    assert clock_of(case_id, "hearing_hold").state == "cancelled"
    assert not view(case_id).bars_decision
    assert "申请人撤回听证申请" in view(case_id).sentence
    assert told("hearing_moved")[-1]["step"] == "declined"
    for again in (
        lambda: api.decline_hearing(actor=clerk(), case_id=case_id, reason="再次"),
        lambda: announce(case_id, dt.date(2026, 9, 21)),
        lambda: hold(case_id),
    ):
        with pytest.raises(Conflict, match="不组织听证"):
            again()


def test_a_hearing_that_is_never_held_stops_the_clock_no_longer_than_the_law_gives_for_it(county, clock):
    case_id = asked(clock)

    live_to(clock, "2026-10-13", "00:00")

    pause = ClockPause.objects.get()
    assert (pause.end_day, pause.ended_by_cap) == (dt.date(2026, 10, 12), True)
    assert clock_of(case_id, "promised").state == "running"
    assert view(case_id).bars_decision
    # the notice is late already: only the first day that it allows is left
    with pytest.raises(Invalid, match="只能定在最早的一天：2026-10-22"):
        announce(case_id, dt.date(2026, 10, 23))
    announce(case_id, dt.date(2026, 10, 22))
    clock.move_to(at("2026-10-22"))
    hold(case_id)
    assert not view(case_id).bars_decision


def test_a_stop_that_is_open_goes_on_and_the_hearings_own_begins_when_it_ends(county, clock):
    case_id = accepted_case()
    api.tell_hearing_right(actor=clerk(), case_id=case_id)
    clock.move_to(at("2026-09-03"))
    api.pause_clock(actor=clerk(), case_id=case_id, reason_code="inspection", note="送检", cap=api.Limit.parse("NONE"))
    clock.move_to(at("2026-09-08"))
    api.request_hearing(actor=citizen(), case_id=case_id, as_applicant=True)
    clock.move_to(at("2026-09-11"))

    api.resume_clock(actor=clerk(), case_id=case_id)

    found = list(ClockPause.objects.order_by("start_day").values_list("reason_code", "start_day", "end_day", "cap_day"))
    assert found == [
        ("inspection", dt.date(2026, 9, 3), dt.date(2026, 9, 10), None),
        ("hearing", dt.date(2026, 9, 11), None, dt.date(2026, 10, 12)),
    ]
    assert clock_of(case_id, "promised").state == "paused"


def test_a_hearing_asked_for_after_five_days_is_refused(county, clock):
    case_id = accepted_case()
    api.tell_hearing_right(actor=clerk(), case_id=case_id)
    assert view(case_id).may_ask
    live_to(clock, "2026-09-09", "00:00")

    with pytest.raises(Conflict, match="5 个工作日"):
        api.request_hearing(actor=clerk(), case_id=case_id)

    assert clock_of(case_id, "hearing_ask").state == "missed"
    assert not Deadline.objects.filter(kind="hearing_hold").exists()
    assert not ClockPause.objects.exists()
    assert (view(case_id).state, view(case_id).bars_decision) == ("lapsed", False)


def test_no_decision_while_a_hearing_can_be_asked_for_or_has_not_been_held(county, clock):
    case_id = ready_to_decide()
    api.tell_hearing_right(actor=clerk(), case_id=case_id)

    with pytest.raises(Invalid, match="听证"):
        do(boss(), case_id, "decide", "reject")
    api.request_hearing(actor=citizen(), case_id=case_id, as_applicant=True)
    with pytest.raises(Invalid, match="听证"):
        do(boss(), case_id, "decide", "reject")
    announce(case_id, dt.date(2026, 9, 10))
    clock.move_to(at("2026-09-10"))
    hold(case_id)

    do(boss(), case_id, "decide", "reject")

    with pytest.raises(Conflict, match="已经作出"):
        api.tell_hearing_right(actor=clerk(), case_id=single_decided())


def single_decided():
    """A second case whose decision is made and whose papers are being made."""
    case_id = single_case(number="980723-2026-8")
    do(clerk(), case_id, "accept", "accept")
    do(clerk(), case_id, "examine", "pass")
    do(boss(), case_id, "decide", "approve")
    return case_id


def test_who_reviewed_the_case_does_not_preside(county, clock):
    case_id = ready_to_decide()
    api.tell_hearing_right(actor=clerk(), case_id=case_id)
    api.request_hearing(actor=clerk(), case_id=case_id)

    with pytest.raises(Invalid, match="不能主持"):
        announce(case_id, dt.date(2026, 9, 11), host_id=clerk().person_id)


def test_another_unit_has_no_part_in_it(county, clock):
    case_id = asked(clock)
    other = officer("H05", "leader")

    for act in (
        lambda: api.announce_hearing(
            actor=other, case_id=case_id, day=dt.date(2026, 9, 17), place="x", host_id=new_id(), host="x"
        ),
        lambda: api.hold_hearing(actor=other, case_id=case_id, minutes="x"),
        lambda: api.decline_hearing(actor=other, case_id=case_id, reason="x"),
    ):
        with pytest.raises(NotPermitted, match="主办"):
            act()
    assert WorkItem.objects.filter(case_id=case_id, status="open").exists()


def test_a_waiver_ends_the_waiting_and_is_final_for_the_applicant(county, clock):
    case_id = ready_to_decide()
    with pytest.raises(Conflict, match="还没有告知"):
        api.waive_hearing(actor=citizen(), case_id=case_id)
    api.tell_hearing_right(actor=clerk(), case_id=case_id)

    api.waive_hearing(actor=citizen(), case_id=case_id)

    with pytest.raises(Conflict, match="不用重复"):
        api.waive_hearing(actor=citizen(), case_id=case_id)
    with pytest.raises(Conflict, match="放弃听证，不能再申请"):
        api.request_hearing(actor=citizen(), case_id=case_id, as_applicant=True)
    found = view(case_id)
    assert (found.state, found.bars_decision, found.may_enter) == ("waived", False, True)
    assert "申请人于2026年9月1日声明放弃听证" in found.sentence
    assert told("hearing_moved")[-1]["step"] == "waived"
    assert acts(case_id)[-1] == "cases.hearing_waived"
    assert clock_of(case_id, "hearing_ask").state == "cancelled"
    do(boss(), case_id, "decide", "approve")
    with pytest.raises(Conflict, match="已经作出"):
        api.request_hearing(actor=clerk(), case_id=case_id)


def test_who_asked_or_let_the_time_pass_has_nothing_to_waive(county, clock):
    asked_for = asked(clock)
    with pytest.raises(Conflict, match="已经申请了听证"):
        api.waive_hearing(actor=citizen(), case_id=asked_for)
    late = accepted_case(number="980723-2026-2")
    api.tell_hearing_right(actor=clerk(), case_id=late)
    live_to(clock, "2026-09-16", "00:00")

    with pytest.raises(Conflict, match="已经届满"):
        api.waive_hearing(actor=citizen(), case_id=late)


def test_a_neighbour_may_still_ask_on_paper_within_the_time_the_applicant_waived(county, clock):
    case_id = ready_to_decide()
    api.tell_hearing_right(actor=clerk(), case_id=case_id)
    api.waive_hearing(actor=citizen(), case_id=case_id)
    clock.move_to(at("2026-09-08"))

    api.request_hearing(actor=clerk(), case_id=case_id, text="邻居认为油烟影响居住")

    assert view(case_id).state == "requested"
    with pytest.raises(Invalid, match="听证"):
        do(boss(), case_id, "decide", "approve")
    other = single_case(number="980723-2026-8")
    do(clerk(), other, "accept", "accept")
    api.tell_hearing_right(actor=clerk(), case_id=other)
    api.waive_hearing(actor=citizen(), case_id=other)
    live_to(clock, "2026-09-16", "00:00")
    assert not view(other).may_enter
    with pytest.raises(Conflict, match="5 个工作日"):
        api.request_hearing(actor=clerk(), case_id=other)


def test_who_has_the_review_in_hand_does_not_preside(county, clock):
    case_id = single_case()
    do(clerk(), case_id, "accept", "accept")
    item = WorkItem.objects.get(case_id=case_id, node="examine", status="open")
    api.claim_step(actor=clerk(), work_item_id=item.id)
    api.tell_hearing_right(actor=clerk(), case_id=case_id)
    api.request_hearing(actor=clerk(), case_id=case_id)

    with pytest.raises(Invalid, match="不能主持"):
        announce(case_id, dt.date(2026, 9, 11), host_id=clerk().person_id)
    assert str(clerk().person_id) not in dict(api.hosts_for_hearing(actor=clerk(), case_id=case_id))


@pytest.mark.parametrize("request_first", [False, True])
def test_a_hearing_of_a_case_that_was_withdrawn_waits_for_nothing(county, clock, request_first):
    case_id = accepted_case()
    api.tell_hearing_right(actor=clerk(), case_id=case_id)
    if request_first:
        api.request_hearing(actor=citizen(), case_id=case_id, as_applicant=True)

    api.withdraw_case(actor=citizen(), case_id=case_id, reason="不办了", command_key="w")

    found = view(case_id)
    assert (found.state, found.bars_decision, found.may_enter) == ("dropped", False, False)
    assert found.sentence == "2026年9月1日告知了听证权利；办件已经办结，不再组织听证。"


def test_each_notice_of_a_hearing_has_its_number(county, clock):
    case_id = asked(clock)
    announce(case_id, dt.date(2026, 9, 17))
    announce(case_id, dt.date(2026, 9, 18))

    assert view(case_id).notices == 2
    assert [event["notice"] for event in told("hearing_moved") if event["step"] == "announced"] == [1, 2]
