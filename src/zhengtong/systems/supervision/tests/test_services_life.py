"""The life of a card to its end: limits that run and pass, rechecks, letters, accountability, cards raised by hand."""

import contextlib
import datetime as dt
import uuid

import pytest
import time_machine

from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.identity.tests.factories import organisation
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.contracts.inspections import ReferralAnswered
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.loops import run_until_idle
from zhengtong.kernel.models import OutboxEvent
from zhengtong.systems.supervision import selectors, services
from zhengtong.systems.supervision.constants import SUPERVISOR
from zhengtong.systems.supervision.models import (
    Accountability,
    Card,
    CardAct,
    CardLimit,
    News,
    RuleVersion,
    WatchedEvent,
)
from zhengtong.systems.supervision.selectors import CardFilter
from zhengtong.systems.supervision.services import ticking
from zhengtong.systems.supervision.tests.county import (
    FIRE,
    LEAD,
    TENANT,
    Matter,
    install,
    official,
    supervisor,
    tell,
)

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)  # a Monday
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


def clerk():
    return official(FIRE, "clerk")


def limits(card):
    rows = CardLimit.objects.filter(card=card)
    return sorted((row.kind, row.state, row.due_on.day) for row in rows)


def days(clock, number):
    clock.move_to(START + dt.timedelta(days=number))
    run_until_idle()


def test_each_act_starts_the_clock_of_whoever_is_next(card):
    assert limits(card) == [("explain", "running", 12)]

    services.explain_card(actor=clerk(), card_id=card.id, text=WORDS)
    services.confirm_card(actor=supervisor(), card_id=card.id, reason="原因不成立。")
    services.report_correction(actor=clerk(), card_id=card.id, text="已增派人员。")
    services.send_card_back(actor=supervisor(), card_id=card.id, reason="仍有两件没有办结。")
    services.report_correction(actor=clerk(), card_id=card.id, text="两件已经办结。")
    services.close_card(actor=supervisor(), card_id=card.id, reason="复查属实。")

    assert limits(card) == [
        ("appeal", "ended", 16),
        ("explain", "met", 12),
        ("judge", "met", 16),
        ("recheck", "met", 16),
        ("recheck", "met", 16),
        ("rectify", "met", 23),
        ("rectify", "met", 23),
    ]
    view = selectors.card(supervisor(), card.id)
    assert [act.kind for act in view.acts] == ["explain", "confirm", "rectify", "send_back", "rectify", "close"]


def test_one_card_that_fails_keeps_no_other_from_being_overdue(card, clock, monkeypatch, caplog):
    for number in range(2, 5):
        Matter(f"980723-2026-{number}").deadline("step", "red", item=uuid.uuid4(), org=FIRE)
    run_until_idle()
    write = ticking.write_acts

    def failing(actor, done):
        if card.id in {one.card.id for one in done}:
            raise ValueError("broken")
        return write(actor, done)

    monkeypatch.setattr(ticking, "write_acts", failing)
    monkeypatch.setattr(ticking, "_BATCH", 2)
    clock.move_to(START + dt.timedelta(days=60))

    for _round in range(4):
        with contextlib.suppress(RuntimeError):
            services.tick_limits()

    overdue = set(CardAct.objects.filter(kind="overdue").values_list("card", flat=True))
    assert overdue == set(Card.objects.exclude(pk=card.id).values_list("id", flat=True))
    assert "broken" in caplog.text


def test_the_cards_of_a_batch_are_locked_some_at_a_time(card, clock, monkeypatch):
    for number in range(2, 6):
        Matter(f"980723-2026-{number}").deadline("step", "red", item=uuid.uuid4(), org=FIRE)
    run_until_idle()
    sizes = []
    tick = ticking._tick
    monkeypatch.setattr(ticking, "_tick", lambda tenant, pairs: sizes.append(len(pairs)) or tick(tenant, pairs))
    monkeypatch.setattr(ticking, "_CHUNK", 2)
    clock.move_to(START + dt.timedelta(days=60))

    assert services.tick_limits() == 5

    assert sizes == [2, 2, 1]


def test_who_is_silent_is_reminded_then_overdue_and_then_the_judge_is_pressed(card, clock):
    days(clock, 1)
    assert CardLimit.objects.get(card=card).level == ""
    days(clock, 2)
    assert CardLimit.objects.get(card=card).level == "yellow"
    days(clock, 4)

    assert limits(card) == [("explain", "missed", 12), ("judge", "running", 20)]
    (row,) = selectors.cards(supervisor(), CardFilter(queue="judge"), by_clock=True).rows
    assert (row.number, row.lamp, row.due_on) == (card.number, "green", dt.date(2026, 11, 20))
    days(clock, 12)
    assert selectors.queue_counts(supervisor())["judge"] == (1, 1)
    overdue = OutboxEvent.objects.filter(name="supervision.card_overdue.v1").order_by("id")
    assert [(event.data["limit"], event.data["by_unit"]) for event in overdue] == [("explain", True), ("judge", False)]
    assert list(CardAct.objects.filter(card=card).values_list("kind", "state_after")) == [("overdue", "raised")] * 2
    assert Card.objects.get().state == "raised", "a limit that passes moves nothing by itself"


def test_a_holiday_decreed_meanwhile_moves_the_limits_of_cards(card, clock, monkeypatch):
    from zhengtong.capabilities.cases import api as cases
    from zhengtong.kernel.calendar import DayRow, WorkCalendar

    rows = [DayRow(dt.date(2026, 11, day), False, "临时放假", "县政府通知", local=True) for day in (11, 12)]
    decreed = WorkCalendar(rows, first_year=2026, last_year=2027)
    monkeypatch.setattr(cases, "calendar_of", lambda _tenant: decreed)
    days(clock, 4)

    assert limits(card) == [("explain", "running", 16)]


def test_a_confirmation_is_appealed_once(card):
    services.explain_card(actor=clerk(), card_id=card.id, text=WORDS)
    services.confirm_card(actor=supervisor(), card_id=card.id, reason="原因不成立。")
    services.appeal_card(actor=clerk(), card_id=card.id, text="期限内已经出具意见。")
    services.confirm_card(actor=supervisor(), card_id=card.id, reason="申诉不成立，维持。")

    with pytest.raises(Conflict, match="不能再次申诉"):
        services.appeal_card(actor=clerk(), card_id=card.id, text="再次申诉一遍。")
    assert {kind for kind, state, _day in limits(card) if state == "running"} == {"rectify", "appeal"}
    assert Card.objects.get().state == "confirmed"


def test_several_cards_are_confirmed_for_one_reason_and_others_are_told_why_not(card, clock):
    unit = ("H99", FIRE[1])
    Matter("980723-2026-2").deadline("step", "red", item=uuid.uuid4(), org=FIRE)
    own = supervisor()
    Matter("980723-2026-3").deadline("step", "red", item=uuid.uuid4(), org=(own.org_id, own.org_name))
    Matter("980723-2026-4").deadline("promised", "red")
    run_until_idle()
    cards = {row.case_number[-1]: row for row in Card.objects.filter(level="red")}
    services.explain_cards(actor=clerk(), card_ids=[cards["1"].id, cards["2"].id], text=WORDS)

    with pytest.raises(Invalid, match="同一条规则"):
        services.confirm_cards(actor=own, card_ids=[row.id for row in cards.values()], reason="逐件核实过。")
    done, left = services.confirm_cards(
        actor=own, card_ids=[cards[key].id for key in "123"], reason="逐件核实，情况属实。"
    )

    assert done == 2
    assert list(left) == [cards["3"].number]
    assert "回避" in left[cards["3"].number]
    assert unit[1] in {row.org_name for row in Card.objects.filter(state="confirmed")}
    assert CardAct.objects.filter(kind="confirm").count() == 2


def test_a_supervisor_raises_a_card_on_evidence(clock):
    install()
    organisation("H05", FIRE[1])
    from zhengtong.capabilities.identity import api as identity

    unit = identity.organisation(TENANT, "H05")
    rule = RuleVersion.objects.filter(active=True).order_by("key").first()
    given = {"rule_id": rule.id, "org_id": unit.id, "reference": "投诉 2026-18", "text": "要求申请人重复提交复印件。"}

    raised = services.raise_by_hand(actor=supervisor(), evidence_kind="complaint", **given)
    with pytest.raises(Invalid, match="证据"):
        services.raise_by_hand(actor=supervisor(), evidence_kind="", **given)
    with pytest.raises(NotPermitted):
        services.raise_by_hand(actor=clerk(), evidence_kind="complaint", **given)
    insider = official((unit.id, unit.name), SUPERVISOR)
    with pytest.raises(NotPermitted, match="回避"):
        services.raise_by_hand(actor=insider, evidence_kind="complaint", **given)

    view = selectors.card(supervisor(), raised.id)
    assert (view.row.org_name, view.row.state, view.evidence["reference"]) == (unit.name, "raised", "投诉 2026-18")
    assert [act.kind for act in view.acts] == ["raise"]
    assert OutboxEvent.objects.get(name="supervision.card_raised.v1").data["cause_id"] == str(raised.event_id)


def test_a_letter_is_numbered_and_replied_to(card):
    services.explain_card(actor=clerk(), card_id=card.id, text=WORDS)
    services.confirm_card(actor=supervisor(), card_id=card.id, reason="原因不成立。")

    letter = services.issue_letter(
        actor=supervisor(), card_id=card.id, findings="三件申请超期没有答复。", advice="建立每日清零制度。"
    )
    with pytest.raises(Conflict, match="还没有回复"):
        services.issue_letter(actor=supervisor(), card_id=card.id, findings="三件申请超期。", advice="再建一个制度。")
    services.reply_letter(actor=clerk(), card_id=card.id, text="已建立制度并公布。")

    (view,) = selectors.letters(clerk(), card.id)
    assert "监建" in view.number
    assert (view.reply_by, view.reply) == (dt.date(2026, 11, 30), "已建立制度并公布。")
    assert view.number == letter.number
    document = selectors.letter_document(clerk(), letter.id)
    assert documents.read_file(actor=clerk(), document_id=document)[1].startswith(b"%PDF")
    with pytest.raises(NotPermitted):
        documents.read_file(actor=official(LEAD, "clerk"), document_id=document)
    assert ("reply", "met", 30) in limits(card)


def test_accountability_takes_a_second_person_who_leads(card):
    services.explain_card(actor=clerk(), card_id=card.id, text=WORDS)
    with pytest.raises(Conflict, match="认定以后"):
        _propose(card)
    services.confirm_card(actor=supervisor(), card_id=card.id, reason="原因不成立。")
    with pytest.raises(Invalid, match="方式"):
        services.propose_account(
            actor=supervisor(), card_id=card.id, kind="游街", post="审查岗", reason="多次超期没有整改。"
        )

    row = _propose(card)
    boss = official((uuid.UUID(int=0x02), "县纪委监委"), SUPERVISOR, "leader")
    deputy = official((uuid.UUID(int=0x02), "县纪委监委"), SUPERVISOR, "reviewer")
    for nobody in (supervisor(), deputy, clerk()):
        with pytest.raises(NotPermitted):
            services.decide_account(actor=nobody, measure_id=row.id, agreed=True, reason="情况属实，同意。")
    services.decide_account(actor=boss, measure_id=row.id, agreed=True, reason="情况属实，同意。")

    (view,) = selectors.measures_of(clerk(), card.id)
    assert (view.kind, view.post, view.state) == ("提醒谈话", "审查岗", "approved")
    assert CardAct.objects.filter(card=card, kind="account").count() == 1
    assert Accountability.objects.get().decided_by_id != row.proposed_by_id
    with pytest.raises(Conflict, match="已经由"):
        services.decide_account(actor=boss, measure_id=row.id, agreed=False, reason="再决定一次。")


def _propose(card):
    return services.propose_account(
        actor=supervisor(), card_id=card.id, kind="提醒谈话", post="审查岗", reason="多次超期没有整改。"
    )


def test_a_transferred_card_goes_on(card):
    services.explain_card(actor=clerk(), card_id=card.id, text=WORDS)
    services.confirm_card(actor=supervisor(), card_id=card.id, reason="原因不成立。")

    services.transfer_card(actor=supervisor(), card_id=card.id, reason="请督查跟进整改。")

    told = OutboxEvent.objects.filter(name="supervision.card_moved.v1").order_by("id").last()
    assert (told.data["act"], told.data["state"]) == ("transfer", "confirmed")
    assert (told.data["rule_name"], told.data["to_inspect"]) == (card.rule.name, "请督查跟进整改。")
    acts = [
        one.act
        for one in ledger.entries_of(object_ref=ObjectRef(kind="supervision_card", id=str(card.id)), tenant=TENANT)
    ]
    assert "supervision.transfer" in acts
    kept = WatchedEvent.objects.filter(name="supervision.card_moved.v1").order_by("position").last()
    assert kept is None or "to_inspect" not in kept.fields


def test_what_inspection_found_stands_in_the_history_and_moves_nothing(card):
    services.explain_card(actor=clerk(), card_id=card.id, text=WORDS)
    services.confirm_card(actor=supervisor(), card_id=card.id, reason="原因不成立。")
    services.transfer_card(actor=supervisor(), card_id=card.id, reason="请督查跟进整改。")
    before = limits(card)
    assert not News.objects.filter(about="transfer").exists()
    assert [act.kind for act in selectors.card(clerk(), card.id).acts] == ["explain", "confirm"]
    assert [act.kind for act in selectors.card(supervisor(), card.id).acts] == ["explain", "confirm", "transfer"]

    answered(card, words="督查检查 DC2026-001-01：检查 3 条，不合格 1 条，整改到位。")
    answered(card, card_id=uuid.uuid4())

    for reader in (clerk(), supervisor()):
        view = selectors.card(reader, card.id)
        assert [act.kind for act in view.acts] == ["explain", "confirm", "transfer", "inspect"]
        assert view.acts[-1].text == "青禾县纪委监委：督查检查 DC2026-001-01：检查 3 条，不合格 1 条，整改到位。"
        assert view.row.state == "confirmed"
    assert limits(card) == before
    services.transfer_card(actor=supervisor(), card_id=card.id, reason="还要再看一次。")
    assert [act.kind for act in selectors.card(clerk(), card.id).acts][-1] == "inspect"


def test_a_right_to_appeal_that_was_not_used_is_nobody_s_delay(card, clock):
    services.explain_card(actor=clerk(), card_id=card.id, text=WORDS)
    services.confirm_card(actor=supervisor(), card_id=card.id, reason="原因不成立。")
    days(clock, 20)

    shown = {one.kind: (one.lamp, one.state_label) for one in selectors.card(clerk(), card.id).limits}

    assert shown["appeal"] == ("none", "已过")
    assert shown["rectify"] == ("red", "逾期")


def answered(card, **changes):
    told = {"card_id": card.id, "words": "没有发现问题。", "ending": "passed", "number": "DC2026-001-01", "findings": 1}
    tell(
        ReferralAnswered(
            tenant=TENANT,
            object_ref=ObjectRef(kind="inspection_referral", id=str(uuid.uuid4())),
            at=START,
            card_number=card.number,
            org_id=card.org_id,
            org_name=card.org_name,
            office="青禾县纪委监委",
            **told | changes,
        )
    )
    run_until_idle()


def test_many_cards_of_one_night_make_one_message_a_person(clock):
    from zhengtong.capabilities.identity.tests.factories import official as account

    install()
    reader = account("fire", "clerk", org_code="H05", org_name=FIRE[1])
    unit = (reader.org_id, reader.org_name)
    for number in range(12):
        Matter(f"980723-2026-{number}").deadline("step", "red", item=uuid.uuid4(), org=unit)
    run_until_idle()

    assert Card.objects.filter(org_id=unit[0], level="red").count() == 12
    assert not News.objects.exists()
    assert notify.unread(actor=reader) == 1
    (message,) = notify.inbox(actor=reader).rows
    assert message.title == "亮牌：红牌 12 张"
