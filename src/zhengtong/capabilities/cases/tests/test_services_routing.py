"""A task finds its officer: rules, turns, absences, delegates, what comes back, and what waits for the leader."""

import datetime as dt
import uuid

import pytest
import time_machine

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.models import Absence, RoutingRule, WorkItem, WorkItemMove
from zhengtong.capabilities.cases.registry import areas_of_county, items_of_unit, service_topics
from zhengtong.capabilities.cases.services import routing
from zhengtong.capabilities.cases.tests.county import TENANT, UNITS, citizen, found_county, open_restaurant_case
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify.models import SiteMessage
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.testing.work import do_all_work

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)  # a Monday, 10:00 in Shanghai
ITEM = "1198072300720319364980131801000"
TODAY = dt.date(2026, 11, 9)


@pytest.fixture(autouse=True)
def county(monkeypatch):
    for topic in ("issue_licence", "issue_refusal", "refuse_acceptance"):
        monkeypatch.setitem(service_topics._items, topic, lambda call: {"document": call.topic})
    monkeypatch.setattr(items_of_unit, "_items", {"here": lambda tenant, org_id: [(ITEM, "开办餐饮店一件事")]})
    monkeypatch.setattr(areas_of_county, "_items", {"here": lambda tenant: [("980723100", "城关镇")]})
    with time_machine.travel(START, tick=False):
        found_county()
        yield


def person(username, *roles, code="G22", name="李二"):
    return factories.official(username, *roles, org_code=code, org_name=f"青禾县{UNITS[code]}", name=name)


@pytest.fixture
def zhang():
    return person("zhang", "clerk", name="张岗")


@pytest.fixture
def li():
    return person("liguan", "clerk", name="李岗")


@pytest.fixture
def boss():
    return person("boss", "leader", name="赵局")


def arrives(number="1"):
    case_id = open_restaurant_case(citizen(), number=f"980723-2026-{number}")
    do_all_work()
    return WorkItem.objects.get(case_id=case_id, node="accept")


def test_without_a_rule_the_task_waits_for_anybody(zhang, li, boss):
    item = arrives()

    assert item.holder_id is None
    assert not WorkItemMove.objects.exists()


def test_a_new_task_goes_to_the_officer_the_leader_named(zhang, li, boss):
    routing.set_routing(actor=boss, mode="fixed", officers=[li.person_id], item_code=ITEM)

    item = arrives()

    assert item.holder == "李岗"
    assert item.hand_note == "由李岗承办：本事项指定"
    move = WorkItemMove.objects.get()
    assert (move.kind, move.by, move.to_person_id) == ("route", "系统", li.person_id)
    entries = ledger.entries_of(ObjectRef(kind="case", id=str(item.case_id)), TENANT)
    assert "cases.move.route" in {entry.act for entry in entries}
    assert SiteMessage.objects.get(person_id=li.person_id).title == "有事项分派给您办理"
    held = api.desk(actor=zhang, queue="held").rows  # everybody who could do it still sees it
    assert [one.holder for one in held] == ["李岗"]
    assert [one.id for one in api.desk(actor=li, queue="todo").rows] == [item.id]


def test_taking_what_was_given_makes_it_ones_own_and_the_leader_may_give_it_to_another(zhang, li, boss):
    routing.set_routing(actor=boss, mode="fixed", officers=[li.person_id])
    item = arrives()

    api.claim_step(actor=li, work_item_id=item.id)
    item.refresh_from_db()
    assert (item.holder, item.hand_note) == ("李岗", "")
    api.assign_step(actor=boss, work_item_id=item.id, person_id=zhang.person_id, reason="李岗外出")

    item.refresh_from_db()
    assert (item.holder, item.hand_note) == ("张岗", "")
    do_all_work()
    item.refresh_from_db()
    assert item.holder == "张岗"


def test_what_a_person_gave_back_is_not_sent_to_him_again(zhang, li, boss):
    routing.set_routing(actor=boss, mode="fixed", officers=[li.person_id])
    item = arrives()

    api.release_step(actor=li, work_item_id=item.id, reason="应当回避")
    do_all_work()
    again = routing.route_step(tenant=TENANT, work_item_id=item.id, org_id=item.org_id)

    assert again is None
    item.refresh_from_db()
    assert item.holder_id is None


def test_the_turn_goes_round(zhang, li, boss):
    routing.set_routing(actor=boss, mode="turn", officers=[zhang.person_id, li.person_id])

    assert [arrives(number).holder for number in "123"] == ["张岗", "李岗", "张岗"]


def test_the_least_loaded_gets_it(zhang, li, boss):
    routing.set_routing(actor=boss, mode="load")
    first = arrives("1")

    second = arrives("2")

    assert {first.holder, second.holder} == {"张岗", "李岗"}


def test_who_is_on_leave_is_passed_over_and_his_substitute_stands_in(zhang, li, boss):
    routing.set_routing(actor=boss, mode="fixed", officers=[li.person_id])
    routing.note_absence(
        actor=boss,
        person_id=li.person_id,
        from_day=TODAY,
        until_day=dt.date(2026, 11, 25),
        substitute_id=zhang.person_id,
    )

    item = arrives()

    assert item.holder == "张岗"
    assert item.hand_note == "由张岗承办：本单位指定，代李岗办理；李岗请假至11月25日"


def test_who_is_back_early_gets_his_tasks_again(zhang, li, boss):
    routing.set_routing(actor=boss, mode="fixed", officers=[li.person_id, zhang.person_id])
    absence = routing.note_absence(actor=boss, person_id=li.person_id, from_day=TODAY, until_day=dt.date(2026, 11, 25))
    assert arrives("1").holder == "张岗"

    routing.end_absence(actor=boss, absence_id=absence)

    assert arrives("2").holder == "李岗"
    with pytest.raises(Conflict):
        routing.end_absence(actor=boss, absence_id=absence)


def test_who_delegated_his_post_is_passed_over_for_the_delegate(zhang, li, boss):
    routing.set_routing(actor=boss, mode="fixed", officers=[li.person_id])
    identity.delegate_post(
        actor=li,
        delegate_id=zhang.person_id,
        roles=["clerk"],
        valid_from=TODAY,
        valid_until=dt.date(2026, 11, 20),
        reason="外出学习",
    )

    item = arrives()

    assert item.holder == "张岗"
    assert "李岗已委托张岗至11月20日" in item.hand_note


def test_a_delegate_from_elsewhere_acts_in_the_post_so_it_stays_the_delegators(li, boss):
    other = person("other", "clerk", code="H05", name="孙岗")
    routing.set_routing(actor=boss, mode="fixed", officers=[li.person_id])
    identity.delegate_post(
        actor=li,
        delegate_id=other.person_id,
        roles=["clerk"],
        valid_from=TODAY,
        valid_until=dt.date(2026, 11, 20),
        reason="外出学习",
    )

    item = arrives()

    assert item.holder == "李岗"
    assert "孙岗代行" in item.hand_note


def test_who_left_his_post_is_passed_over(zhang, li, boss):
    routing.set_routing(actor=boss, mode="fixed", officers=[li.person_id, zhang.person_id])
    people = [one.person_id for one in identity.people_in(TENANT, li.org_id, "clerk")]
    RoutingRule.objects.update(
        officers=[{"id": str(uuid.uuid4()), "name": "钱岗"}, *RoutingRule.objects.get().officers]
    )

    item = arrives()

    assert li.person_id in people
    assert item.hand_note == "由李岗承办：本单位指定；钱岗已不在岗"


def test_nobody_there_leaves_it_to_the_unit_and_tells_the_leader(li, boss):
    routing.set_routing(actor=boss, mode="fixed", officers=[li.person_id])
    routing.note_absence(actor=boss, person_id=li.person_id, from_day=TODAY, until_day=dt.date(2026, 11, 25))

    item = arrives()
    do_all_work()

    assert item.holder_id is None
    message = SiteMessage.objects.get(person_id=boss.person_id)
    assert message.title == "有事项没有人承办"
    assert "李岗请假至11月25日" in message.body


def test_a_rule_of_a_place_counts_for_applications_from_there(zhang, li, boss):
    routing.set_routing(actor=boss, mode="fixed", officers=[li.person_id])
    routing.set_routing(actor=boss, mode="fixed", officers=[zhang.person_id], area="980723100")
    unit = identity.organisation(TENANT, "G22")

    def opened(number, area):
        case_id = api.open_case(
            actor=citizen(),
            number=number,
            title="开办餐饮店一件事",
            item_code=ITEM,
            process_key="restaurant",
            owner_org_id=unit.id,
            owner_org_name=unit.name,
            subject_ref=ObjectRef(kind="application", id=number),
            limits={},
            variables={"area": area},
        )
        do_all_work()
        return WorkItem.objects.get(case_id=case_id, node="accept").holder

    assert opened("a", "980723100204") == "张岗"
    assert opened("b", "980723200000") == "李岗"


def test_work_sent_back_returns_to_who_did_it_and_a_transferred_task_follows_the_rule_there(zhang, li, boss):
    fire = [person(f"fire{n}", "clerk", code="H05", name=name) for n, name in enumerate(("消甲", "消乙"))]
    chief = person("chief", "leader", code="H05", name="消队")
    routing.set_routing(actor=chief, mode="turn", officers=[one.person_id for one in fire])
    item = arrives()
    api.complete_step(actor=zhang, work_item_id=item.id, outcome="accept", command_key="a")
    do_all_work()
    assert WorkItem.objects.get(node="review_fire").holder == "消甲"
    sign = WorkItem.objects.get(node="review_signboard")
    api.transfer_step(
        actor=person("cboss", "leader", code="G11", name="城局"), work_item_id=sign.id, org_code="H05", reason="代办"
    )
    do_all_work()

    sign.refresh_from_db()
    assert sign.holder == "消乙"
    tobacco = person("tobacco", "clerk", code="H04", name="烟岗")
    housing = person("housing", "clerk", code="G10", name="住岗")
    doing = {"review_fire": fire[0], "review_signboard": fire[1], "review_tobacco": tobacco, "review_housing": housing}
    for node, actor in doing.items():
        task = WorkItem.objects.get(node=node)
        api.complete_step(actor=actor, work_item_id=task.id, outcome="agree", opinion="同意", command_key=node)
    decide = WorkItem.objects.get(node="decide")
    api.return_branch(actor=boss, work_item_id=decide.id, node="review_signboard", reason="请核实", command_key="r")
    do_all_work()

    back = WorkItem.objects.get(node="review_signboard", status="open")
    assert back.holder == "消乙"
    assert "上一轮由他办理" in back.hand_note


def test_ones_own_step_may_be_taken_back_while_the_next_one_was_only_given_out(zhang, li, boss):
    fire = person("fire", "clerk", code="H05", name="消甲")
    routing.set_routing(actor=person("chief", "leader", code="H05", name="消队"), mode="turn")
    item = arrives()
    api.complete_step(actor=zhang, work_item_id=item.id, outcome="accept", command_key="a")
    do_all_work()
    assert WorkItem.objects.get(node="review_fire").holder == "消甲"
    for code, node in (("G11", "signboard"), ("G10", "housing"), ("H04", "tobacco")):
        actor = person(f"c{node}", "clerk", code=code, name="某")
        api.complete_step(
            actor=actor,
            work_item_id=WorkItem.objects.get(node=f"review_{node}").id,
            outcome="agree",
            opinion="同意",
            command_key=node,
        )
    routing.set_routing(actor=boss, mode="fixed", officers=[boss.person_id], phase="decide")
    mine = WorkItem.objects.get(node="review_fire")
    api.complete_step(actor=fire, work_item_id=mine.id, outcome="agree", opinion="同意", command_key="f")
    do_all_work()
    assert WorkItem.objects.get(node="decide").holder == "赵局"

    api.recall_step(actor=fire, work_item_id=mine.id, reason="写错了", command_key="back")

    assert WorkItem.objects.filter(node="review_fire", status="open").exists()


def test_what_an_absent_officer_holds_is_shared_out(zhang, li, boss):
    item = arrives()
    api.claim_step(actor=li, work_item_id=item.id)
    routing.set_routing(actor=boss, mode="load")
    routing.note_absence(actor=boss, person_id=li.person_id, from_day=TODAY, until_day=dt.date(2026, 11, 25))

    assert routing.share_out_tasks(actor=boss, person_id=li.person_id) == 1

    item.refresh_from_db()
    assert item.holder == "张岗"
    assert WorkItemMove.objects.filter(kind="route", by="赵局").exists()


def test_without_a_rule_what_is_shared_out_waits_for_anybody(zhang, li, boss):
    item = arrives()
    api.claim_step(actor=li, work_item_id=item.id)

    assert routing.share_out_tasks(actor=boss, person_id=li.person_id) == 1

    item.refresh_from_db()
    assert item.holder_id is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"mode": "lottery"}, "mode"),
        ({"mode": "fixed"}, "officers"),
        ({"mode": "turn", "officers": [uuid.uuid4()]}, "officers"),
        ({"mode": "turn", "item_code": "none"}, "item_code"),
        ({"mode": "turn", "area": "980723999"}, "area"),
        ({"mode": "turn", "phase": "lunch"}, "phase"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(zhang, boss, wrong, field):
    with pytest.raises(Invalid) as refused:
        routing.set_routing(actor=boss, **wrong)

    assert refused.value.field == field
    assert not RoutingRule.objects.exists()


def test_only_the_leader_of_the_unit_makes_rules_and_notes_absences(zhang, li, boss):
    other = person("oboss", "leader", code="H05", name="消队")
    rule = routing.set_routing(actor=boss, mode="load")

    with pytest.raises(NotPermitted):
        routing.set_routing(actor=zhang, mode="load")
    with pytest.raises(NotPermitted):
        routing.share_out_tasks(actor=zhang, person_id=li.person_id)
    with pytest.raises(Invalid):
        routing.note_absence(actor=other, person_id=li.person_id, from_day=TODAY, until_day=TODAY)
    with pytest.raises(NotFound):
        routing.drop_routing(actor=other, rule_id=rule)
    routing.drop_routing(actor=boss, rule_id=rule)
    assert not RoutingRule.objects.exists()


@pytest.mark.parametrize(
    ("from_day", "until_day"),
    [
        (dt.date(2026, 11, 12), dt.date(2026, 11, 11)),
        (dt.date(2026, 11, 1), dt.date(2026, 11, 5)),
        (TODAY, dt.date(2028, 1, 1)),
    ],
)
def test_absences_that_make_no_sense_are_refused(li, boss, from_day, until_day):
    with pytest.raises(Invalid):
        routing.note_absence(actor=boss, person_id=li.person_id, from_day=from_day, until_day=until_day)

    assert not Absence.objects.exists()


def test_a_rule_for_the_same_thing_is_replaced(zhang, li, boss):
    first = routing.set_routing(actor=boss, mode="fixed", officers=[li.person_id])

    second = routing.set_routing(actor=boss, mode="load")

    assert first == second
    assert RoutingRule.objects.get().mode == "load"


def test_a_case_may_end_without_a_decision(zhang, boss):
    item = arrives()
    with pytest.raises(Invalid):
        api.terminate_case(actor=zhang, case_id=item.case_id, reason=" ", command_key="t")
    with pytest.raises(NotPermitted):
        api.terminate_case(
            actor=person("out", "clerk", code="H05"), case_id=item.case_id, reason="没有补交", command_key="u"
        )

    assert api.terminate_case(actor=zhang, case_id=item.case_id, reason="没有补交", command_key="v")

    case = api.case_view(actor=system(TENANT), case_id=item.case_id)
    assert (case.status, case.outcome_label) == ("closed", "终止办理")
    assert not case.open_items
    assert not api.terminate_case(actor=zhang, case_id=item.case_id, reason="没有补交", command_key="v")
