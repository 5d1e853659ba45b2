"""What unit and supervisor do with a card, and what nobody may do."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import ObjectRef, anonymous
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.loops import run_until_idle
from zhengtong.kernel.models import OutboxEvent
from zhengtong.systems.supervision import selectors
from zhengtong.systems.supervision.models import Card, CardAct
from zhengtong.systems.supervision.selectors import CardFilter
from zhengtong.systems.supervision.services import (
    appeal_card,
    cancel_card,
    close_card,
    confirm_card,
    explain_card,
    report_correction,
)
from zhengtong.systems.supervision.tests.county import FIRE, LEAD, OTHER, TENANT, Matter, install, official, supervisor

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)
WORDS = "窗口停电，已于当日补办。"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def card(clock):
    install()
    Matter().deadline("step", "red", item=uuid.uuid4(), org=FIRE)
    run_until_idle()
    return Card.objects.get()


def fire_clerk():
    return official(FIRE, "clerk")


def snapshot():
    return (
        list(Card.objects.values("state", "cancel_reason")),
        CardAct.objects.count(),
        OutboxEvent.objects.filter(name="supervision.card_moved.v1").count(),
    )


def test_the_whole_life_of_a_card_that_stands(card):
    explain_card(actor=fire_clerk(), card_id=card.id, text=WORDS)
    confirm_card(actor=supervisor(), card_id=card.id, reason="原因不成立，予以认定。")
    report_correction(actor=fire_clerk(), card_id=card.id, text="已增派人员，当日办结。")
    close_card(actor=supervisor(), card_id=card.id, reason="复查属实，予以销号。")

    view = selectors.card(supervisor(), card.id)
    assert view.row.state == "closed"
    assert [act.kind for act in view.acts] == ["explain", "confirm", "rectify", "close"]
    assert view.acts[0].text == WORDS
    assert view.moves == ("account",)
    acts = [
        e.act for e in ledger.entries_of(object_ref=ObjectRef(kind="supervision_card", id=str(card.id)), tenant=TENANT)
    ]
    assert sorted(acts) == sorted(
        [
            "supervision.raise_card",
            "supervision.explain",
            "supervision.confirm",
            "supervision.rectify",
            "supervision.close",
        ]
    )
    moved = OutboxEvent.objects.filter(name="supervision.card_moved.v1").order_by("id")
    assert [event.data["state"] for event in moved] == ["explained", "confirmed", "rectified", "closed"]


def test_a_cancelled_card_stays_visible_with_its_reason(card):
    appeal_card(actor=fire_clerk(), card_id=card.id, text="期限内已经出具意见。")
    cancel_card(actor=supervisor(), card_id=card.id, reason="申诉属实，系统时间有误。")

    found = selectors.cards(supervisor(), CardFilter())
    assert [(row.state, row.level) for row in found.rows] == [("cancelled", "red")]
    assert selectors.card(fire_clerk(), card.id).cancel_reason == "申诉属实，系统时间有误。"
    assert selectors.board(supervisor()).totals.red == 0


@pytest.mark.parametrize(
    "actor",
    [
        official(LEAD, "clerk"),
        official(LEAD, "clerk", "leader"),
        official(FIRE, "clerk", tenant=OTHER),
        anonymous(TENANT),
        official(FIRE, "process_admin"),
    ],
    ids=["other unit", "unit of the case", "other tenant", "stranger", "no unit role"],
)
def test_nobody_but_the_unit_explains(card, actor):
    before = snapshot()

    for speak in (explain_card, appeal_card, report_correction):
        with pytest.raises((NotFound, NotPermitted)):
            speak(actor=actor, card_id=card.id, text=WORDS)

    assert snapshot() == before


def test_a_supervisor_cannot_speak_for_the_unit(card):
    with pytest.raises(NotPermitted, match="责任单位是青禾县消防救援大队"):
        explain_card(actor=supervisor(), card_id=card.id, text=WORDS)


@pytest.mark.parametrize("judge", [confirm_card, cancel_card, close_card])
def test_a_unit_cannot_judge_itself(card, judge):
    before = snapshot()
    for actor in (fire_clerk(), official(FIRE, "leader"), official(FIRE, "clerk", "supervisor")):
        with pytest.raises(NotPermitted):
            judge(actor=actor, card_id=card.id, reason="自己认为没有问题。")
    with pytest.raises(NotFound):
        judge(actor=supervisor(OTHER), card_id=card.id, reason="别的县的监察员。")

    assert snapshot() == before


def test_a_supervisor_of_the_responsible_unit_must_stand_aside(card):
    with pytest.raises(NotPermitted, match="回避"):
        cancel_card(actor=official(FIRE, "supervisor"), card_id=card.id, reason="本单位的牌。")


@pytest.mark.parametrize("reason", ["", "   ", "四个字。", "\x00\x00\x00\x00\x00"])
def test_a_reason_must_be_typed(card, reason):
    before = snapshot()

    with pytest.raises(Invalid, match="5 个字"):
        cancel_card(actor=supervisor(), card_id=card.id, reason=reason)

    assert snapshot() == before


def test_no_confirmation_before_the_unit_has_spoken_or_its_time_is_over(card, clock):
    with pytest.raises(Conflict, match="11月12日"):
        confirm_card(actor=supervisor(), card_id=card.id, reason="事实清楚，予以认定。")

    clock.move_to(dt.datetime(2026, 11, 12, 16, 0, 1, tzinfo=dt.UTC))  # the 13th in Shanghai
    confirm_card(actor=supervisor(), card_id=card.id, reason="逾期没有说明，予以认定。")
    assert Card.objects.get().state == "confirmed"


def test_what_is_over_stays_over(card):
    cancel_card(actor=supervisor(), card_id=card.id, reason="不属于该单位职责。")
    before = snapshot()

    for act in (cancel_card, confirm_card, close_card):
        with pytest.raises(Conflict):
            act(actor=supervisor(), card_id=card.id, reason="再处理一次。")
    with pytest.raises(Conflict):
        explain_card(actor=fire_clerk(), card_id=card.id, text=WORDS)

    assert snapshot() == before


def test_the_database_keeps_cards_and_words(card):
    explain_card(actor=fire_clerk(), card_id=card.id, text=WORDS)
    act = CardAct.objects.get()

    for attempt in (
        lambda: Card.objects.all().delete(),
        lambda: CardAct.objects.all().delete(),
        lambda: CardAct.objects.filter(pk=act.pk).update(text="改写"),
        lambda: Card.objects.filter(pk=card.pk).update(explanation="改写"),
        lambda: Card.objects.filter(pk=card.pk).update(state="cancelled"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_a_card_that_is_over_cannot_be_opened_again_in_the_database(card):
    cancel_card(actor=supervisor(), card_id=card.id, reason="不属于该单位职责。")

    with pytest.raises(IntegrityError), transaction.atomic():
        Card.objects.update(state="raised", cancel_reason="")


def test_an_official_sees_his_unit_only(card):
    Matter("980723-2026-2").deadline("promised", "red")
    run_until_idle()

    assert [row.org_name for row in selectors.cards(fire_clerk(), CardFilter()).rows] == [FIRE[1]]
    assert selectors.cards(supervisor(), CardFilter()).total == 2
    assert selectors.cards(supervisor(), CardFilter(unit=FIRE[0])).total == 1
    assert selectors.cards(fire_clerk(), CardFilter(unit=LEAD[0])).total == 0
    for nobody in (anonymous(TENANT), official(FIRE, "audit_admin"), supervisor(OTHER)):
        assert selectors.cards(nobody, CardFilter()).total == 0
    for reader in (fire_clerk(), official(LEAD, "clerk")):
        with pytest.raises(NotPermitted):
            selectors.board(reader)


def test_filters(card, clock):
    clock.move_to(START + dt.timedelta(days=1))
    Matter("980723-2026-2").deadline("statutory", "breach")
    run_until_idle()
    cancel_card(actor=supervisor(), card_id=card.id, reason="不属于该单位职责。")

    def numbers(**wanted):
        return [row.case_number for row in selectors.cards(supervisor(), CardFilter(**wanted)).rows]

    assert numbers() == ["980723-2026-2", "980723-2026-1"]
    assert numbers(level="breach") == ["980723-2026-2"]
    assert numbers(state="open") == ["980723-2026-2"]
    assert numbers(state="cancelled") == ["980723-2026-1"]
    assert numbers(day=dt.date(2026, 11, 9)) == ["980723-2026-1"]
    assert numbers(number="980723-2026-2") == ["980723-2026-2"]
    assert numbers(number=card.number) == ["980723-2026-1"]
    assert numbers(level="breach", number="980723-2026-1") == []
