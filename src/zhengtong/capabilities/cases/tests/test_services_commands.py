"""What people do to a task besides completing it: hands, signers, returns, recalls, reminders."""

import dataclasses
import datetime as dt

import pytest
import time_machine

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.models import Deadline, Opinion, Prompt, WorkItem, WorkItemMove
from zhengtong.capabilities.cases.registry import service_topics
from zhengtong.capabilities.cases.tests.county import UNITS, citizen, found_county, open_restaurant_case
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.actors import system
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.models import OutboxEvent
from zhengtong.kernel.testing.work import do_all_work

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)  # a Monday, 10:00 in Shanghai


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(clock, monkeypatch):
    for topic in ("issue_licence", "issue_refusal", "refuse_acceptance"):
        monkeypatch.setitem(service_topics._items, topic, lambda call: {"document": call.topic})
    found_county()


def person(username, code, *roles, name="李二"):
    return factories.official(username, *roles, org_code=code, org_name=f"青禾县{UNITS[code]}", name=name)


def item_of(case_id, node, **more):
    return WorkItem.objects.filter(case_id=case_id, node=node, status="open", **more).get()


def done(actor, case_id, node, outcome, opinion="意见", key=None, **more):
    item = item_of(case_id, node, **more)
    key = key or f"{node}-{item.token}-{item.id}"
    api.complete_step(actor=actor, work_item_id=item.id, outcome=outcome, opinion=opinion, command_key=key)
    return item


@pytest.fixture
def people(county):
    return {
        "clerk": person("clerk", "G22", "clerk"),
        "clerk2": person("clerk2", "G22", "clerk", name="王五"),
        "leader": person("leader", "G22", "leader", name="赵六"),
        "fire": person("fire", "H05", "clerk", name="钱七"),
        "fire_leader": person("fire_leader", "H05", "leader", name="孙八"),
        "sign": person("sign", "G11", "clerk", name="周九"),
        "housing": person("housing", "G10", "clerk", name="吴十"),
        "tobacco": person("tobacco", "H04", "clerk", name="郑甲"),
        "supervisor": person("supervisor", "G22", "supervisor", name="冯乙"),
    }


@pytest.fixture
def case_id(people):
    return open_restaurant_case(citizen())


@pytest.fixture
def in_review(people, case_id):
    done(people["clerk"], case_id, "accept", "accept")
    return case_id


REVIEWS = {"fire": "review_fire", "sign": "review_signboard", "housing": "review_housing", "tobacco": "review_tobacco"}


def review(people, case_id, *who):
    for one in who or REVIEWS:
        done(people[one], case_id, REVIEWS[one], "agree", f"{one}同意")


def test_what_one_has_taken_nobody_else_completes(people, case_id):
    item = item_of(case_id, "accept")
    api.claim_step(actor=people["clerk"], work_item_id=item.id)
    api.claim_step(actor=people["clerk"], work_item_id=item.id)

    with pytest.raises(NotPermitted, match="李二"):
        done(people["clerk2"], case_id, "accept", "accept")
    with pytest.raises(NotPermitted):
        api.claim_step(actor=people["clerk2"], work_item_id=item.id)

    assert WorkItemMove.objects.filter(work_item=item).count() == 1
    assert api.desk(actor=people["clerk"], queue="todo").total == 1
    assert api.desk(actor=people["clerk2"], queue="todo").total == 0
    assert api.desk(actor=people["clerk2"], queue="held").total == 1
    done(people["clerk"], case_id, "accept", "accept")


def test_leader_gives_a_task_to_another_who_is_told(people, case_id):
    item = item_of(case_id, "accept")
    api.claim_step(actor=people["clerk"], work_item_id=item.id)

    api.assign_step(
        actor=people["leader"], work_item_id=item.id, person_id=people["clerk2"].person_id, reason="李二外出"
    )
    do_all_work()

    assert item_of(case_id, "accept").holder == "王五"
    assert [m.title for m in notify.inbox(actor=people["clerk2"]).rows] == ["有事项交给您办理"]
    with pytest.raises(NotPermitted):
        api.release_step(actor=people["clerk"], work_item_id=item.id)
    api.release_step(actor=people["leader"], work_item_id=item.id)
    assert item_of(case_id, "accept").holder_id is None


def test_transfer_moves_the_task_to_another_unit_and_the_limit_keeps_running(people, in_review):
    item = item_of(in_review, "review_fire")
    before = Deadline.objects.get(work_item=item).due_at

    with pytest.raises(NotPermitted):
        api.transfer_step(actor=people["fire"], work_item_id=item.id, org_code="G10", reason="归口")
    with pytest.raises(Invalid, match="本来就由"):
        api.transfer_step(actor=people["fire_leader"], work_item_id=item.id, org_code="H05", reason="归口")
    api.transfer_step(actor=people["fire_leader"], work_item_id=item.id, org_code="G10", reason="场所属于在建工程")

    do_all_work()
    moved = item_of(in_review, "review_fire")
    assert [m.title for m in notify.inbox(actor=people["housing"]).rows] == ["有事项转给本单位办理"]
    assert moved.org_name == "青禾县住房和城乡建设局"
    assert Deadline.objects.get(work_item=moved).due_at == before
    with pytest.raises(NotPermitted):
        done(people["fire"], in_review, "review_fire", "agree")
    done(people["housing"], in_review, "review_fire", "agree")


def test_colleague_is_asked_and_the_task_comes_back(people, case_id):
    item = item_of(case_id, "accept")
    api.ask_colleague(
        actor=people["clerk"], work_item_id=item.id, person_id=people["clerk2"].person_id, reason="请看租赁合同"
    )

    with pytest.raises(NotPermitted, match="王五"):
        done(people["clerk"], case_id, "accept", "accept")
    assert api.desk(actor=people["clerk2"], queue="todo").total == 1
    api.answer_colleague(actor=people["clerk2"], work_item_id=item.id, text="合同有效")

    done(people["clerk"], case_id, "accept", "accept")
    assert (
        Opinion.objects.filter(work_item=item).values_list("outcome", flat=True).order_by("created_at")[0] == "advice"
    )


def test_leader_returns_one_branch_only_and_the_others_keep_their_work(people, in_review):
    review(people, in_review)
    decide = item_of(in_review, "decide")

    targets = api.return_targets(actor=people["leader"], work_item_id=decide.id)
    fire = next(t for t in targets if t.node == "review_fire" and not t.whole)
    api.return_branch(
        actor=people["leader"], work_item_id=decide.id, node=fire.node, reason="消防意见不明确", command_key="r1"
    )

    assert set(WorkItem.objects.filter(case_id=in_review, status="open").values_list("node", flat=True)) == {
        "review_fire"
    }
    assert Opinion.objects.filter(case_id=in_review, outcome="return").get().text == "消防意见不明确"
    done(people["fire"], in_review, "review_fire", "agree", "补充说明")
    assert item_of(in_review, "decide").status == "open"
    assert Opinion.objects.filter(case_id=in_review, outcome="agree").count() == 5


def test_a_decided_or_accepted_case_does_not_go_back_behind_the_law(people, in_review):
    review(people, in_review)
    decide = item_of(in_review, "decide")

    nodes = {t.node for t in api.return_targets(actor=people["leader"], work_item_id=decide.id)}

    assert "accept" not in nodes
    with pytest.raises(Conflict, match="已经受理"):
        api.return_step(actor=people["leader"], work_item_id=decide.id, node="accept", reason="重来", command_key="r2")
    with pytest.raises(Invalid):
        api.return_branch(
            actor=people["leader"], work_item_id=decide.id, node="review_fire", reason=" ", command_key="r3"
        )


def test_one_takes_his_own_step_back_while_nobody_has_touched_what_came_of_it(people, in_review):
    review(people, in_review, "sign", "housing", "tobacco")
    item = done(people["fire"], in_review, "review_fire", "agree", "写错了")

    api.recall_step(actor=people["fire"], work_item_id=item.id, reason="意见写错", command_key="back")

    assert set(WorkItem.objects.filter(case_id=in_review, status="open").values_list("node", flat=True)) == {
        "review_fire"
    }
    done(people["fire"], in_review, "review_fire", "agree", "改好了")
    assert item_of(in_review, "decide").status == "open"
    texts = set(Opinion.objects.filter(case_id=in_review).values_list("text", flat=True))
    assert {"写错了", "意见写错", "改好了"} <= texts


def test_recall_is_refused_for_another_after_a_claim_and_for_what_has_legal_effect(people, in_review):
    accepted = WorkItem.objects.get(case_id=in_review, node="accept")
    with pytest.raises(Conflict, match="效力"):
        api.recall_step(actor=people["clerk"], work_item_id=accepted.id, reason="x", command_key="a")
    review(people, in_review, "sign", "housing", "tobacco")
    item = done(people["fire"], in_review, "review_fire", "agree")
    with pytest.raises(Conflict, match="本人"):
        api.recall_step(actor=people["sign"], work_item_id=item.id, reason="x", command_key="b")
    api.claim_step(actor=people["leader"], work_item_id=item_of(in_review, "decide").id)

    with pytest.raises(Conflict, match="签收"):
        api.recall_step(actor=people["fire"], work_item_id=item.id, reason="x", command_key="c")


@pytest.mark.parametrize("where", ["before", "after", "parallel"])
def test_added_signer_signs_and_the_case_moves_on_once_both_have(people, in_review, where):
    review(people, in_review, "sign", "housing", "tobacco")
    item = item_of(in_review, "review_fire")
    api.add_signer(
        actor=people["fire"],
        work_item_id=item.id,
        org_code="G10",
        where=where,
        reason="请住建核对楼栋",
        command_key="add",
    )
    api.add_signer(
        actor=people["fire"], work_item_id=item.id, org_code="G10", where=where, reason="再按一次", command_key="add"
    )

    if where == "after":
        done(people["fire"], in_review, "review_fire", "agree", adhoc="")
        done(people["housing"], in_review, "review_fire", "agree", adhoc="after")
    else:
        done(people["housing"], in_review, "review_fire", "agree", adhoc=where)
        assert not WorkItem.objects.filter(case_id=in_review, node="decide").exists()
        done(people["fire"], in_review, "review_fire", "agree", adhoc="")

    assert WorkItem.objects.filter(case_id=in_review, node="decide", status="open").count() == 1
    assert Opinion.objects.filter(case_id=in_review, outcome="agree").count() == 5


def test_signer_before_blocks_the_task_until_he_has_signed_or_is_taken_off(people, in_review):
    item = item_of(in_review, "review_fire")
    api.add_signer(
        actor=people["fire"], work_item_id=item.id, org_code="G10", where="before", reason="核对", command_key="1"
    )
    with pytest.raises(Conflict, match="前加签"):
        done(people["fire"], in_review, "review_fire", "agree", adhoc="")

    signer = item_of(in_review, "review_fire", adhoc="before")
    api.remove_signer(
        actor=people["fire"], work_item_id=item.id, signer_item_id=signer.id, reason="不必了", command_key="2"
    )

    done(people["fire"], in_review, "review_fire", "agree", adhoc="", key="again")
    signer.refresh_from_db()
    assert signer.status == "cancelled"


def test_acceptance_can_only_be_signed_before(people, case_id):
    item = item_of(case_id, "accept")

    with pytest.raises(Invalid, match="前加签"):
        api.add_signer(
            actor=people["clerk"], work_item_id=item.id, org_code="G10", where="after", reason="x", command_key="1"
        )


def test_urging_tells_the_unit_and_not_too_often(people, in_review, clock):
    item = item_of(in_review, "review_fire")

    api.urge_step(actor=people["clerk"], work_item_id=item.id, text="请抓紧")
    do_all_work()

    assert [m.title for m in notify.inbox(actor=people["fire"]).rows] == ["催办提醒"]
    with pytest.raises(Conflict, match="刚刚"):
        api.urge_step(actor=people["clerk"], work_item_id=item.id)
    with pytest.raises(NotPermitted):
        api.urge_step(actor=people["sign"], work_item_id=item.id)
    clock.shift(dt.timedelta(hours=25))
    api.urge_step(actor=people["clerk"], work_item_id=item.id)


def test_supervision_asks_for_an_answer_by_a_day(people, in_review):
    item = item_of(in_review, "review_fire")
    day = dt.date(2026, 11, 12)

    with pytest.raises(NotPermitted):
        api.supervise_step(actor=people["clerk"], work_item_id=item.id, text="说明原因", answer_by=day)
    with pytest.raises(Invalid):
        api.supervise_step(
            actor=people["supervisor"], work_item_id=item.id, text="说明", answer_by=dt.date(2026, 11, 1)
        )
    prompt = api.supervise_step(actor=people["supervisor"], work_item_id=item.id, text="说明原因", answer_by=day)
    api.answer_prompt(actor=people["fire"], prompt_id=prompt, text="明日现场核查")

    assert Prompt.objects.get(pk=prompt).answer == "明日现场核查"
    with pytest.raises(Conflict):
        api.answer_prompt(actor=people["fire"], prompt_id=prompt, text="再答")


def test_a_supervisor_of_some_units_supervises_no_others(people, in_review):
    item = item_of(in_review, "review_fire")
    office = factories.organisation("A02", "青禾县政务督查室")
    narrow = dataclasses.replace(people["supervisor"], scopes=(("supervisor", "unit"),), org_id=office.id)
    ask = {"work_item_id": item.id, "text": "说明原因", "answer_by": dt.date(2026, 11, 12)}

    with pytest.raises(NotPermitted, match="不在您的监察范围内"):
        api.supervise_step(actor=narrow, **ask)
    with pytest.raises(NotPermitted, match="不在您的监察范围内"):
        api.supervise_step(actor=dataclasses.replace(narrow, delegated_items=frozenset({"other"})), **ask)
    assert not Prompt.objects.exists()

    own = dataclasses.replace(narrow, org_id=people["fire"].org_id)
    assert api.supervise_step(actor=own, **ask) == Prompt.objects.get().id


def test_a_cancelled_task_is_told_to_those_who_watch(people, in_review):
    review(people, in_review)
    decide = item_of(in_review, "decide")

    api.return_branch(
        actor=people["leader"], work_item_id=decide.id, node="review_fire", reason="不明确", command_key="r"
    )

    told = OutboxEvent.objects.filter(name="cases.step_cancelled.v1").values_list("data", flat=True)
    assert [str(decide.id) in str(one) for one in told] == [True]


def test_what_was_sent_to_another_unit_is_done_again_there(people, in_review):
    item = item_of(in_review, "review_fire")
    api.transfer_step(actor=people["fire_leader"], work_item_id=item.id, org_code="G11", reason="招牌消防一并审查")
    done(people["sign"], in_review, "review_fire", "agree")
    review(people, in_review, "sign", "housing", "tobacco")
    decision = item_of(in_review, "decide")

    api.return_branch(
        actor=people["leader"], work_item_id=decision.id, node="review_fire", reason="请补充", command_key="back"
    )

    again = item_of(in_review, "review_fire")
    assert (again.id != item.id, again.org_name) == (True, "青禾县城市管理和综合执法局")
    done(people["sign"], in_review, "review_fire", "agree")
    # and a second time, though the task that was opened there was sent nowhere itself
    api.return_branch(
        actor=people["leader"],
        work_item_id=item_of(in_review, "decide").id,
        node="review_fire",
        reason="再补充",
        command_key="back again",
    )
    assert item_of(in_review, "review_fire").org_name == "青禾县城市管理和综合执法局"


def test_what_was_sent_to_a_unit_that_is_gone_is_done_again_by_its_heir(people, in_review):
    item = item_of(in_review, "review_fire")
    api.transfer_step(actor=people["fire_leader"], work_item_id=item.id, org_code="G11", reason="招牌消防一并审查")
    done(people["sign"], in_review, "review_fire", "agree")
    review(people, in_review, "sign", "housing", "tobacco")
    decree = identity.Decree(effective_on=START.date(), document_number="青政发〔2026〕1号", reason="机构改革")
    identity.merge_organisations(actor=system("980723"), codes=["G11"], into_code="H04", decree=decree)

    api.return_branch(
        actor=people["leader"],
        work_item_id=item_of(in_review, "decide").id,
        node="review_fire",
        reason="请补充",
        command_key="back",
    )

    assert item_of(in_review, "review_fire").org_name == "青禾县烟草专卖局"


def test_what_only_changed_hands_inside_its_unit_is_done_again_where_it_is_drawn(people, in_review):
    api.claim_step(actor=people["fire"], work_item_id=item_of(in_review, "review_fire").id)
    review(people, in_review)

    api.return_branch(
        actor=people["leader"],
        work_item_id=item_of(in_review, "decide").id,
        node="review_fire",
        reason="请补充",
        command_key="back",
    )

    assert item_of(in_review, "review_fire").org_name == "青禾县消防救援大队"
