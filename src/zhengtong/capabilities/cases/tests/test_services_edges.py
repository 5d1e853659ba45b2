"""Acts at the edge of a case's life: closed while paused, handed over, delegated in part, stuck in its drawing."""

import dataclasses
import datetime as dt

import pytest
import time_machine

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.models import Case, Deadline, ProcessTimer, Prompt, WorkItem
from zhengtong.capabilities.cases.registry import service_topics
from zhengtong.capabilities.cases.services import acts, handover, lamps, special, ticking
from zhengtong.capabilities.cases.tests.clockwork import acts as ledger_acts
from zhengtong.capabilities.cases.tests.clockwork import at, told
from zhengtong.capabilities.cases.tests.county import UNITS, citizen, found_county, officer, open_restaurant_case
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted

pytestmark = pytest.mark.django_db
TENANT = "980723"


@pytest.fixture
def clock():
    with time_machine.travel(at("2026-11-09"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(clock, monkeypatch):
    for topic in ("issue_licence", "issue_refusal", "refuse_acceptance"):
        monkeypatch.setitem(service_topics._items, topic, lambda call: {"document": call.topic})
    found_county()


def person(username, code, *roles, name="李二"):
    return factories.official(username, *roles, org_code=code, org_name=f"青禾县{UNITS[code]}", name=name)


def item_of(case_id, node, **more):
    return WorkItem.objects.get(case_id=case_id, node=node, status="open", **more)


def done(actor, case_id, node, outcome, **more):
    item = item_of(case_id, node, **more)
    api.complete_step(
        actor=actor, work_item_id=item.id, outcome=outcome, opinion="意见", command_key=f"{node}-{item.token}"
    )
    return item


@pytest.fixture
def clerk(county):
    return person("clerk", "G22", "clerk")


@pytest.fixture
def leader(county):
    return person("leader", "G22", "leader", name="赵六")


def accepted(clerk, **more):
    case_id = open_restaurant_case(citizen(), **more)
    done(clerk, case_id, "accept", "accept")
    return case_id


def test_a_stop_of_the_clock_ends_silently_with_its_case(clerk, clock):
    case_id = accepted(clerk)
    api.pause_clock(actor=clerk, case_id=case_id, reason_code="testing", note="送检十日", cap=api.Limit.parse("10 WD"))
    api.withdraw_case(actor=citizen(), case_id=case_id, reason="不办了", command_key="w")

    clock.shift(dt.timedelta(days=40))
    special.tick_pauses()

    assert told("pause_ending") == []
    assert told("clock_resumed") == []
    assert not api.case_view(actor=clerk, case_id=case_id).paused
    with pytest.raises(Conflict):
        api.resume_clock(actor=clerk, case_id=case_id)


def test_a_stop_of_an_invented_past_is_left_to_its_simulator(clerk, clock, monkeypatch):
    case_id = accepted(clerk)
    api.pause_clock(actor=clerk, case_id=case_id, reason_code="testing", note="送检十日", cap=api.Limit.parse("10 WD"))
    clock.shift(dt.timedelta(days=40))

    monkeypatch.setattr(ticking, "not_before", lambda: at("2026-12-19"))
    special.tick_pauses()
    assert api.case_view(actor=clerk, case_id=case_id).paused
    monkeypatch.setattr(ticking, "not_before", lambda: None)
    special.tick_pauses()
    assert not api.case_view(actor=clerk, case_id=case_id).paused


def test_what_the_law_has_accepted_is_not_refused_acceptance(clerk, clock):
    case_id = open_restaurant_case(citizen())
    clock.shift(dt.timedelta(days=14))
    lamps.tick()

    with pytest.raises(Invalid, match="视为受理"):
        done(clerk, case_id, "accept", "refuse")
    done(clerk, case_id, "accept", "accept")


def test_one_lamp_that_fails_does_not_keep_the_others_dark(clerk, clock, monkeypatch):
    first = open_restaurant_case(citizen())
    second = open_restaurant_case(citizen(), number="980723-2026-2")
    lit = lamps.store.lock_case

    def lock_case(case_id, tenant):
        if case_id == first:
            raise Conflict("这一件锁不上")
        return lit(case_id, tenant)

    monkeypatch.setattr(lamps.store, "lock_case", lock_case)
    clock.shift(dt.timedelta(days=30))

    with pytest.raises(RuntimeError):
        lamps.tick()

    assert Deadline.objects.get(case_id=second, kind="acceptance").level == "red"
    assert Deadline.objects.get(case_id=first, kind="acceptance").level == ""


def test_one_timer_whose_drawing_cannot_go_on_holds_up_no_other(clerk, clock, monkeypatch):
    first, second = accepted(clerk), accepted(clerk, number="980723-2026-2")
    for case_id in (first, second):
        ProcessTimer.objects.create(tenant=TENANT, case_id=case_id, token=1, node="t", due_at=at("2026-11-09"))
    fired = []

    def step(actor, case, command, act, payload):
        if case.id == first:
            raise Conflict("流程图在这一步有错误")
        fired.append(case.id)

    monkeypatch.setattr(acts, "advance_and_write", step)
    clock.shift(dt.timedelta(days=1))

    with pytest.raises(RuntimeError):
        acts.fire_timers()

    assert fired == [second]


def test_a_request_for_more_time_goes_over_with_the_unit(clerk, clock):
    item = identity.organisation(TENANT, "G22")
    case_id = api.open_case(
        actor=citizen(),
        number="980723-2026-9",
        title="食品经营许可",
        item_code="1",
        process_key="standard",
        owner_org_id=item.id,
        owner_org_name=item.name,
        subject_ref=ObjectRef(kind="application", id="980723-2026-9"),
        limits={"acceptance": api.Limit.parse("5 WD"), "statutory": api.Limit.parse("20 WD")},
    )
    done(clerk, case_id, "accept", "accept")
    person("boss", "G22", "leader", name="赵六")
    asked = api.request_extension(actor=clerk, case_id=case_id, days=5, reason="须实地核查")
    decree = identity.Decree(effective_on=dt.date(2026, 11, 9), document_number="青政发〔2026〕1号", reason="机构改革")

    identity.merge_organisations(actor=system(TENANT), codes=["G22"], into_code="G10", decree=decree)

    head = officer("G10", "leader")
    assert [one.id for one in api.extensions_to_decide(head)] == [asked]
    api.approve_extension(actor=head, extension_id=asked)


def test_nobody_asks_for_more_time_whom_nobody_could_answer(county):
    unit = identity.organisation(TENANT, "G22")
    leader = person("only", "G22", "leader", "clerk", name="赵六")
    case_id = api.open_case(
        actor=citizen(),
        number="980723-2026-9",
        title="食品经营许可",
        item_code="1",
        process_key="standard",
        owner_org_id=unit.id,
        owner_org_name=unit.name,
        subject_ref=ObjectRef(kind="application", id="980723-2026-9"),
        limits={"acceptance": api.Limit.parse("5 WD"), "statutory": api.Limit.parse("20 WD")},
    )
    done(leader, case_id, "accept", "accept")

    with pytest.raises(Conflict, match="另一位负责人"):
        api.request_extension(actor=leader, case_id=case_id, days=5, reason="须实地核查")


def test_a_delegate_for_certain_items_does_nothing_with_others(clerk, leader):
    case_id = accepted(clerk)
    deputy = dataclasses.replace(leader, delegated_by="赵六", delegated_items=frozenset({"另一事项"}))
    item = item_of(case_id, "review_fire")

    with pytest.raises(NotPermitted):
        api.pause_clock(actor=deputy, case_id=case_id, reason_code="testing", note="x", cap=api.Limit.parse("10 WD"))
    with pytest.raises(NotPermitted):
        api.supervise_step(actor=deputy, work_item_id=item.id, text="x", answer_by=dt.date(2026, 11, 20))
    with pytest.raises(NotFound):
        api.case_view(actor=deputy, case_id=case_id)
    assert api.desk(actor=deputy, queue="waiting").total == 0

    other = open_restaurant_case(citizen(), number="980723-2026-2")
    with pytest.raises(NotPermitted):
        api.transfer_step(actor=deputy, work_item_id=item_of(other, "accept").id, org_code="G10", reason="归口")
    right = dataclasses.replace(deputy, delegated_items=frozenset({Case.objects.get(pk=other).item_code}))
    assert api.case_view(actor=right, case_id=other).id == other


def test_the_applicant_is_not_urged_like_an_office(clerk, leader):
    case_id = open_restaurant_case(citizen())
    done(clerk, case_id, "accept", "supplement")
    item = item_of(case_id, "supplement")

    with pytest.raises(Conflict, match="申请人"):
        api.urge_step(actor=clerk, work_item_id=item.id)
    with pytest.raises(Conflict, match="申请人"):
        api.supervise_step(actor=leader, work_item_id=item.id, text="x", answer_by=dt.date(2026, 11, 20))
    assert api.handling_of(actor=leader, work_item_id=item.id).acts == frozenset()


def test_a_second_press_supervises_once(clerk, leader):
    case_id = accepted(clerk)
    item = item_of(case_id, "review_fire")

    first = api.supervise_step(actor=leader, work_item_id=item.id, text="说明原因", answer_by=dt.date(2026, 11, 20))
    again = api.supervise_step(actor=leader, work_item_id=item.id, text="说明原因", answer_by=dt.date(2026, 11, 20))

    assert first == again
    assert Prompt.objects.count() == 1


def test_a_department_does_not_take_another_off_the_joint_review(clerk):
    case_id = accepted(clerk, process_key="joint")
    fire = person("fire", "H05", "clerk")
    mine = item_of(case_id, "review", item="H05")
    theirs = item_of(case_id, "review", item="G10")

    with pytest.raises(NotPermitted):
        api.remove_signer(actor=fire, work_item_id=mine.id, signer_item_id=theirs.id, reason="不必", command_key="r")

    assert all(not one.removable for one in api.handling_of(actor=fire, work_item_id=mine.id).signers)
    api.add_signer(actor=fire, work_item_id=mine.id, org_code="G22", where="before", reason="核对", command_key="a")
    added = item_of(case_id, "review", adhoc="before")
    api.remove_signer(actor=fire, work_item_id=mine.id, signer_item_id=added.id, reason="不必", command_key="r2")


def test_a_task_done_meanwhile_is_not_handed_over(clerk, monkeypatch):
    heir = person("heir", "G22", "clerk", name="王五")
    case_id = open_restaurant_case(citizen())
    item = item_of(case_id, "accept")
    api.claim_step(actor=clerk, work_item_id=item.id)
    lock = handover.store.lock_case_of_item

    def lock_late(work_item_id, tenant):
        monkeypatch.setattr(handover.store, "lock_case_of_item", lock)
        done(clerk, case_id, "accept", "accept")
        return lock(work_item_id, tenant)

    monkeypatch.setattr(handover.store, "lock_case_of_item", lock_late)
    handover.hand_over_person_work(
        actor=system(TENANT), person_id=clerk.person_id, org_id=clerk.org_id, to_person_id=heir.person_id, reason="调离"
    )

    item.refresh_from_db()
    assert (item.status, item.holder_id) == ("done", clerk.person_id)


def test_an_approved_reassignment_is_one_entry_with_a_label(clerk, leader):
    case_id = accepted(clerk)
    item = item_of(case_id, "review_fire")
    asked = api.request_intervention(
        actor=officer("G22", "process_admin"),
        case_id=case_id,
        kind="reassign",
        reason="无人办理",
        detail={"work_item_id": str(item.id), "org_code": "G22"},
    )
    before = len(ledger_acts(case_id))

    api.approve_intervention(actor=leader, request_id=asked)

    assert ledger_acts(case_id)[before:] == ["cases.intervene.reassign"]


def test_no_jump_to_the_licence_before_the_decision(clerk):
    case_id = accepted(clerk)
    item = item_of(case_id, "review_fire")

    with pytest.raises(Conflict, match="决定"):
        api.request_intervention(
            actor=officer("G22", "process_admin"),
            case_id=case_id,
            kind="jump",
            reason="快办",
            detail={"work_item_id": str(item.id), "node": "issue_licence"},
        )


def test_the_head_finds_what_somebody_of_another_role_has_taken(clerk, leader):
    case_id = open_restaurant_case(citizen())
    api.claim_step(actor=clerk, work_item_id=item_of(case_id, "accept").id)

    assert api.desk(actor=leader, queue="held").total == 1
