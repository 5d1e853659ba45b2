"""Nobody is blamed for a holiday, an outage or a wrong rule: bulk cancellation, doubts, outages."""

import dataclasses
import datetime as dt
import uuid

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.cases import DeadlineMoved
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.loops import run_until_idle
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.supervision import selectors, services
from zhengtong.systems.supervision.constants import SUPERVISOR
from zhengtong.systems.supervision.models import BulkCancel, Card, CardAct, Doubt, HeldCard, RuleVersion, ScoreRun
from zhengtong.systems.supervision.rules.weighing import digest_of
from zhengtong.systems.supervision.selectors import CardFilter, Choice
from zhengtong.systems.supervision.selectors import bulk as bulk_selectors
from zhengtong.systems.supervision.services import bulk
from zhengtong.systems.supervision.services.score_formulas import install_formulas
from zhengtong.systems.supervision.tests.county import FIRE, LEAD, TENANT, Matter, install, official, supervisor, tell

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)
SAID = {"reason": "国庆调休安排变更，时限应当顺延。", "evidence": "国办发明电〔2026〕9号"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        install()
        yield traveller


def second():
    return official((uuid.UUID(int=0x02), "县纪委监委"), SUPERVISOR, "reviewer")


def late(count, *, org=FIRE, first=0):
    matters = [Matter(f"980723-2026-{first + number}") for number in range(count)]
    limits = [(matter, uuid.uuid4(), uuid.uuid4()) for matter in matters]
    for matter, item, deadline in limits:
        matter.deadline("step", "red", item=item, org=org, deadline_id=deadline)
    run_until_idle()
    return limits


def moved(matter, deadline, *, days):
    tell(
        DeadlineMoved(
            **matter.common(),
            deadline_id=deadline,
            kind="step",
            cause="calendar",
            reason="节假日安排调整",
            old_due_at=START,
            due_at=START + dt.timedelta(days=days),
        )
    )
    run_until_idle()


def test_two_supervisors_cancel_a_list_that_nobody_can_change(monkeypatch):
    monkeypatch.setattr(bulk, "_CHUNK", 2)
    late(5)
    late(1, org=LEAD, first=50)
    own = supervisor()
    late(1, org=(own.org_id, own.org_name), first=60)
    rule = RuleVersion.objects.get(key="21-step-late", active=True)
    choice = Choice(rule_id=rule.id, since=dt.date(2026, 11, 9), until=dt.date(2026, 11, 9))

    found = selectors.preview(own, choice)
    assert (found.total, found.own_unit) == (6, 1)
    assert {(one.org_name, one.cards_before, one.cards_after) for one in found.effect} == {
        (FIRE[1], 5, 0),
        (LEAD[1], 1, 0),
    }
    row = services.propose_bulk_cancel(actor=own, choice=choice, cause="holiday", **SAID)
    assert selectors.preview(own, choice).total == 0, "a card is on one list at a time"
    with pytest.raises(NotPermitted, match="不能自己核准"):
        services.decide_bulk_cancel(actor=own, batch_id=row.id, agreed=True, reason="自己核准。", digest=row.digest)
    with pytest.raises(Conflict, match="清单与您看到的不一致"):
        services.decide_bulk_cancel(actor=second(), batch_id=row.id, agreed=True, reason="已经核对。", digest="x")
    assert row.digest == digest_of(Card.objects.exclude(org_id=own.org_id).values_list("number", flat=True))

    judged = Card.objects.filter(org_id=LEAD[0]).get()
    services.cancel_card(actor=second(), card_id=judged.id, reason="单独撤销的一张。")
    services.decide_bulk_cancel(
        actor=second(), batch_id=row.id, agreed=True, reason="清单逐张核对过。", digest=row.digest
    )
    do_all_work()

    view = selectors.batch(own, row.id)
    assert (view.row.state, view.row.done, view.row.cancelled) == ("done", 6, 5)
    assert {outcome for _card, outcome in view.page.rows} == {"已撤销", "此前已经了结（已撤销），没有撤销"}
    assert Card.objects.filter(state="cancelled").count() == 6
    assert CardAct.objects.filter(kind="cancel", text__contains=row.number).count() == 5
    entries = ledger.entries_of(object_ref=ObjectRef(kind="supervision_bulk_cancel", id=str(row.id)), tenant=TENANT)
    assert sorted(entry.act for entry in entries) == [
        "supervision.approve_bulk_cancel",
        "supervision.bulk_cancel",
        "supervision.propose_bulk_cancel",
    ]
    assert not services.carry_out_bulk_cancel(tenant=TENANT, batch_id=row.id), "repeating does nothing"


def test_neither_a_deputy_of_the_proposer_nor_the_unit_itself_confirms_a_list():
    late(2)
    row = services.propose_bulk_cancel(actor=supervisor(), choice=Choice(unit=FIRE[0]), cause="other", **SAID)
    deputy = dataclasses.replace(second(), delegator_id=supervisor().person_id)
    own = official(FIRE, SUPERVISOR)

    for actor, why in ((deputy, "代他办理的人都不能自己批准"), (own, "应当回避")):
        assert not bulk_selectors.batch(actor, row.id).decidable_by(actor)
        for agreed in (True, False):
            with pytest.raises(NotPermitted, match=why):
                services.decide_bulk_cancel(
                    actor=actor, batch_id=row.id, agreed=agreed, reason="已经核对。", digest=row.digest
                )
    assert bulk_selectors.batch(second(), row.id).decidable_by(second())
    assert BulkCancel.objects.get().state == "proposed"


def test_a_refused_list_cancels_nothing_and_an_empty_choice_is_no_choice():
    late(2)
    with pytest.raises(Invalid, match="没有符合条件"):
        services.propose_bulk_cancel(actor=supervisor(), choice=Choice(), cause="other", **SAID)
    row = services.propose_bulk_cancel(actor=supervisor(), choice=Choice(unit=FIRE[0]), cause="other", **SAID)

    services.decide_bulk_cancel(
        actor=second(), batch_id=row.id, agreed=False, reason="证据不足，退回。", digest=row.digest
    )
    do_all_work()

    assert set(Card.objects.values_list("state", flat=True)) == {"raised"}
    with pytest.raises(DatabaseError), transaction.atomic():
        BulkCancel.objects.filter(pk=row.pk).update(decided_by_id=row.proposed_by_id)


def test_a_limit_that_moved_later_marks_its_card_and_may_pass_anew(clock):
    ((matter, item, deadline), other) = late(2)
    moved(matter, deadline, days=3)

    doubt = Doubt.objects.get()
    assert (doubt.card.case_number, doubt.cause, doubt.settled_at) == (matter.number, "holiday", None)
    assert "节假日安排调整" in doubt.text
    moved(matter, deadline, days=4)
    assert Doubt.objects.count() == 1, "one doubt for one cause"
    assert [row.case_number for row in selectors.cards(supervisor(), CardFilter(queue="doubt")).rows] == [matter.number]
    found = selectors.preview(supervisor(), Choice(doubt="holiday"))
    assert found.total == 1

    row = services.propose_bulk_cancel(actor=supervisor(), choice=Choice(doubt="any"), cause="holiday", **SAID)
    services.decide_bulk_cancel(actor=second(), batch_id=row.id, agreed=True, reason="逐张核对过。", digest=row.digest)
    do_all_work()
    assert Doubt.objects.get().settled_at is not None

    clock.move_to(START + dt.timedelta(days=4))
    matter.deadline("step", "red", item=item, org=FIRE, deadline_id=deadline)
    run_until_idle()
    assert sorted(Card.objects.filter(deadline_id=deadline).values_list("state", flat=True)) == ["cancelled", "raised"]
    assert Card.objects.filter(deadline_id=other[2]).count() == 1


def test_a_doubted_card_may_be_kept():
    ((matter, _item, deadline),) = late(1)
    card = Card.objects.get()
    with pytest.raises(Conflict, match="依据没有变化"):
        services.keep_card(actor=supervisor(), card_id=card.id, reason="牌仍然成立。")
    moved(matter, deadline, days=1)

    services.keep_card(actor=supervisor(), card_id=card.id, reason="顺延以后仍然超期。")

    assert Doubt.objects.get().settled_at is not None
    assert Card.objects.get().state == "raised"


def outage(*, since, until=None, areas=()):
    return services.declare_outage(
        actor=supervisor(),
        starts_at=since,
        ends_at=until,
        concerned=areas,
        reason="政务云机房断电，全县系统停机。",
        evidence="运维单 2026-11-09",
    )


def test_what_passes_in_a_declared_outage_waits_for_judgement(clock):
    row = outage(since=START - dt.timedelta(hours=1))
    late(9)

    assert not Card.objects.exists()
    assert HeldCard.objects.filter(state="waiting").count() == 9
    assert selectors.held_total(supervisor()) == 9
    ids = list(HeldCard.objects.order_by("id").values_list("id", flat=True))
    services.judge_held(
        actor=supervisor(), outage_id=row.id, held_ids=ids[:8], raised=False, reason="停机期间无法办理。"
    )
    services.judge_held(
        actor=supervisor(), outage_id=row.id, held_ids=ids[8:], raised=True, reason="停机以前已经应当办结。"
    )

    (card,) = Card.objects.all()
    assert (card.level, card.org_name, card.rule_key) == ("red", FIRE[1], "21-step-late")
    assert selectors.outage(supervisor(), row.id)[0].judged == 9
    clock.move_to(START + dt.timedelta(hours=2))
    services.end_outage(actor=supervisor(), outage_id=row.id, ends_at=START + dt.timedelta(hours=1))
    late(1, first=70)
    assert Card.objects.count() == 2


def test_an_outage_declared_afterwards_marks_what_was_raised_in_it(clock):
    late(2)
    clock.move_to(START + dt.timedelta(hours=3))
    late(1, first=70)

    outage(since=START - dt.timedelta(hours=1), until=START + dt.timedelta(hours=1), areas=["审批"])

    assert sorted(Doubt.objects.values_list("card__case_number", "cause")) == [
        ("980723-2026-0", "outage"),
        ("980723-2026-1", "outage"),
    ]


def test_an_outage_is_declared_by_supervisors_for_a_time_that_was():
    for wrong in (
        {"since": START + dt.timedelta(hours=1)},
        {"since": START, "until": START},
        {"since": START, "areas": ["x"]},
    ):
        with pytest.raises(Invalid):
            outage(**wrong)
    with pytest.raises(NotPermitted):
        services.declare_outage(
            actor=official(FIRE, "clerk"), starts_at=START.astimezone(SHANGHAI), ends_at=None, concerned=(), **SAID
        )


def test_a_cancelled_card_is_raised_again_by_a_rule_and_stays_cancelled(clock):
    late(1)
    old = Card.objects.get()
    rule = RuleVersion.objects.filter(active=True).order_by("key").first()
    with pytest.raises(Conflict, match="已经撤销"):
        services.raise_again(actor=supervisor(), card_id=old.id, rule_id=rule.id, reason="规则更正后重新亮牌。")
    services.cancel_card(actor=supervisor(), card_id=old.id, reason="规则写错，先行撤销。")

    new = services.raise_again(actor=supervisor(), card_id=old.id, rule_id=rule.id, reason="规则更正后重新亮牌。")

    assert (new.org_name, new.case_number, new.evidence["again"]) == (old.org_name, old.case_number, old.number)
    assert sorted(Card.objects.values_list("state", flat=True)) == ["cancelled", "raised"]


def test_the_preview_says_what_units_would_score_and_writes_nothing(client_of):
    install_formulas(actor=system(TENANT))
    late(2)
    late(1, org=LEAD, first=5)
    fallen = Choice(unit=FIRE[0])
    before = (ScoreRun.objects.count(), Card.objects.filter(state="cancelled").count())

    found = bulk_selectors.score_effect(supervisor(), bulk_selectors.falling_ids(supervisor(), fallen))

    fire = next(one for one in found if one.org_name == FIRE[1])
    assert fire.before.score.total < fire.after.score.total
    assert (fire.before.score.counts["red"], fire.after.score.counts["red"]) == (2, 0)
    assert (fire.before.place, fire.after.place) == (2, 1)
    # the other unit keeps its score and loses its place
    lead = next(one for one in found if one.org_name == LEAD[1])
    assert (lead.before.score.total, lead.before.place) == (lead.after.score.total, 1)
    assert lead.after.place == 2
    assert (ScoreRun.objects.count(), Card.objects.filter(state="cancelled").count()) == before

    page = client_of("supervisor").get(reverse("supervision:bulk_new"), {"unit": str(FIRE[0])}).content.decode()
    assert "得分和名次的变化" in page
    batch = services.propose_bulk_cancel(actor=supervisor(), choice=fallen, cause="outage", **SAID)
    seen = client_of("supervisor").get(reverse("supervision:batch", args=[batch.id])).content.decode()
    assert "得分和名次的变化" in seen
