"""Events published by hand, delivered by the outbox, seen by supervision."""

import datetime as dt
import importlib
import uuid

import pytest
import time_machine
from django.db import DatabaseError, transaction

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.loops import run_until_idle
from zhengtong.kernel.models import InboxKey, OutboxEvent
from zhengtong.systems.supervision import selectors
from zhengtong.systems.supervision.models import Card, CardAct, RuleVersion, WatchedCase, WatchedStep
from zhengtong.systems.supervision.selectors import CardFilter
from zhengtong.systems.supervision.services import rebuild, watch
from zhengtong.systems.supervision.tests.county import FIRE, LEAD, OTHER, TENANT, Matter, install, supervisor
from zhengtong.systems.supervision.web.board import delay_words

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)  # a Monday, 10:00 in Shanghai


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def rules(clock):
    install()


def keys() -> list[str]:
    return list(Card.objects.order_by("number").values_list("rule_key", flat=True))


def test_the_picture_follows_the_events():
    matter, item = Matter(), uuid.uuid4()
    matter.step_opened(item)
    matter.opened()
    matter.accepted()
    run_until_idle()

    case = WatchedCase.objects.get()
    assert (case.number, case.org_name, case.open_steps, case.accepted_on) == (
        matter.number,
        LEAD[1],
        1,
        dt.date(2026, 11, 9),
    )

    matter.step_done(item)
    matter.closed()
    run_until_idle()

    case.refresh_from_db()
    step = WatchedStep.objects.get()
    assert (case.open_steps, case.outcome, case.in_time) == (0, "approved", True)
    assert (step.outcome, step.post_name, step.done_at) == ("agree", "审查岗", START)


def test_a_step_that_was_never_done_is_dropped_when_the_case_ends():
    matter, item = Matter(), uuid.uuid4()
    matter.opened()
    matter.step_opened(item)
    matter.closed(outcome="withdrawn")
    run_until_idle()

    step = WatchedStep.objects.get()
    assert (step.dropped, step.done_at) == (True, None)
    assert WatchedCase.objects.get().open_steps == 0


def test_a_late_step_gives_one_red_card_to_the_unit_that_has_it():
    matter, item = Matter(), uuid.uuid4()
    matter.opened()
    matter.step_opened(item)
    event = matter.deadline("step", "red", item=item, org=FIRE)
    run_until_idle()

    card = Card.objects.get()
    assert (card.rule_key, card.level, card.state) == ("21-step-late", "red", "raised")
    assert (card.org_id, card.org_name) == FIRE
    assert card.arithmetic.startswith("自2026年11月9日的次日起算 8 个工作日")
    assert card.explanation.startswith("青禾县消防救援大队办理的“消防审查”环节")
    assert card.event_id == event.event_id
    assert card.evidence["kind"] == "step"
    assert card.explain_until == dt.date(2026, 11, 12)
    assert WatchedStep.objects.get().late_at == START


def test_a_card_is_in_the_ledger_and_told_on():
    Matter().deadline("promised", "red")
    run_until_idle()

    card = Card.objects.get()
    acts = [
        e.act for e in ledger.entries_of(object_ref=ObjectRef(kind="supervision_card", id=str(card.id)), tenant=TENANT)
    ]
    assert acts == ["supervision.raise_card"]
    told = OutboxEvent.objects.get(name="supervision.card_raised.v1")
    assert (told.data["card_number"], told.data["cause_id"]) == (card.number, str(card.event_id))


def test_the_same_event_delivered_twice_raises_one_card():
    matter, item = Matter(), uuid.uuid4()
    event = matter.deadline("step", "red", item=item, org=FIRE)
    run_until_idle()
    before = list(Card.objects.values())

    InboxKey.objects.all().delete()
    OutboxEvent.objects.update(delivered_at=None)
    run_until_idle()
    watch(event)

    assert list(Card.objects.values()) == before


def test_the_same_limit_told_by_another_event_raises_no_second_card():
    matter, deadline = Matter(), uuid.uuid4()
    matter.deadline("promised", "red", deadline_id=deadline)
    matter.deadline("promised", "red", deadline_id=deadline)
    run_until_idle()

    assert keys() == ["31-case-late"]


def test_the_database_refuses_a_double_card_by_itself():
    Matter().deadline("promised", "red")
    run_until_idle()
    card = Card.objects.get()
    card.pk, card.number, card.event_id = uuid.uuid4(), "2026-999999", uuid.uuid4()

    with pytest.raises(DatabaseError), transaction.atomic():
        card.save(force_insert=True)


def test_lamps_of_one_case_from_yellow_to_breach():
    matter, promised = Matter(), uuid.uuid4()
    matter.opened()
    matter.deadline("promised", "yellow", deadline_id=promised)
    run_until_idle()
    assert keys() == ["30-case-near"]

    matter.deadline("promised", "red", deadline_id=promised)
    matter.deadline("statutory", "breach")
    run_until_idle()

    assert {c.rule_key: c.state for c in Card.objects.all()} == {
        "30-case-near": "closed",
        "31-case-late": "raised",
        "32-case-breach": "raised",
    }
    assert WatchedCase.objects.get().level == "breach"


def test_a_warning_goes_by_itself_when_the_step_is_done_in_time():
    matter, item, other = Matter(), uuid.uuid4(), uuid.uuid4()
    matter.deadline("step", "yellow", item=item, org=FIRE)
    matter.deadline("step", "yellow", item=other, org=FIRE)
    matter.step_done(item)
    run_until_idle()

    assert {c.step_id: c.state for c in Card.objects.all()} == {item: "closed", other: "raised"}
    act = CardAct.objects.get()
    assert (act.kind, act.text, act.person_id) == ("clear", "已在期限内办理。", None)


def test_a_red_card_does_not_go_by_itself():
    matter, item = Matter(), uuid.uuid4()
    matter.deadline("step", "red", item=item, org=FIRE)
    matter.step_done(item)
    matter.closed()
    run_until_idle()

    assert Card.objects.get().state == "raised"


def test_nobody_is_blamed_for_the_applicants_own_time():
    matter = Matter()
    matter.deadline("supplement", "red")
    run_until_idle()

    assert keys() == []


def test_acceptance_in_silence_is_a_red_card_and_a_hint():
    matter, item = Matter(), uuid.uuid4()
    matter.opened()
    matter.step_opened(item, LEAD, phase="accept")
    matter.deadline("acceptance", "red")
    matter.accepted(deemed=True)
    run_until_idle()

    assert keys() == ["11-acceptance-late", "12-accepted-by-law"]
    assert "2026年11月9日 起视为受理" in Card.objects.get(rule_key="12-accepted-by-law").explanation
    assert WatchedStep.objects.get().late_at == START


@pytest.mark.parametrize(("with_opinion", "raised"), [(False, ["40-no-reason"]), (True, [])])
def test_a_refusal_without_reason(with_opinion, raised):
    Matter().step_done(uuid.uuid4(), "disagree", with_opinion=with_opinion)
    run_until_idle()

    assert keys() == raised


def test_the_second_supplement_notice_is_a_card_even_before_the_case_was_told():
    matter = Matter()
    matter.supplement_told(1)
    matter.supplement_told(2)
    matter.opened()
    run_until_idle()

    card = Card.objects.get()
    assert (card.rule_key, card.rule.confirmed, card.org_name) == ("41-second-supplement", False, LEAD[1])
    case = WatchedCase.objects.get()
    assert (case.supplements, case.title) == (2, "开办餐饮店一件事")


def test_while_the_clock_stands_still_no_step_has_a_date():
    matter, item = Matter(), uuid.uuid4()
    matter.step_opened(item)
    matter.paused()
    run_until_idle()
    assert (WatchedCase.objects.get().paused, WatchedStep.objects.get().due_at) == (True, None)

    matter.resumed()
    run_until_idle()
    assert not WatchedCase.objects.get().paused


def test_evidence_names_no_person():
    Matter().step_done(uuid.uuid4(), "refuse", with_opinion=False)
    run_until_idle()

    assert "person_id" not in Card.objects.get().evidence


def test_cards_are_numbered_without_gaps_and_anew_each_year(clock):
    Matter().deadline("promised", "red")
    Matter("980723-2026-2").deadline("promised", "red")
    run_until_idle()
    clock.move_to(dt.datetime(2026, 12, 31, 17, tzinfo=dt.UTC))  # 2027 in Shanghai
    Matter("980723-2026-3").deadline("promised", "red")
    run_until_idle()

    assert list(Card.objects.order_by("number").values_list("number", flat=True)) == [
        "2026-000001",
        "2026-000002",
        "2027-000001",
    ]


def test_two_tenants_stay_apart():
    install(OTHER)
    here, there = Matter(), Matter("980724-2026-1", tenant=OTHER)
    here.deadline("promised", "red")
    there.deadline("promised", "red")
    there.deadline("statutory", "breach")
    run_until_idle()

    for tenant, number, cards in ((TENANT, here.number, 1), (OTHER, there.number, 2)):
        watcher = supervisor(tenant)
        found = selectors.cards(watcher, CardFilter())
        assert (found.total, {row.case_number for row in found.rows}) == (cards, {number})
        assert selectors.board(watcher).totals.breach == cards - 1


def test_a_tenant_without_rules_raises_nothing_but_is_watched():
    matter = Matter("980724-2026-1", tenant=OTHER)
    matter.opened()
    matter.deadline("promised", "red")
    run_until_idle()

    assert not Card.objects.exists()
    assert WatchedCase.objects.get(tenant=OTHER).level == "red"


def test_a_rule_judges_only_what_happened_while_it_was_in_force():
    RuleVersion.objects.filter(key="31-case-late").update(active=False, valid_until=START)
    Matter().deadline("promised", "red")
    run_until_idle()

    assert keys() == []


# --- rebuilding ------------------------------------------------------------------------------------------------------


def picture() -> list[dict]:
    cases = list(WatchedCase.objects.order_by("number").values())
    steps = list(WatchedStep.objects.order_by("step_id").values())
    hidden = ("id", "created_at")
    return [{key: value for key, value in row.items() if key not in hidden} for row in cases + steps]


def busy_county() -> None:
    for number in range(3):
        matter, first, second = Matter(f"980723-2026-{number}"), uuid.uuid4(), uuid.uuid4()
        matter.opened()
        matter.step_opened(first)
        matter.supplement_told(2)
        matter.deadline("step", "yellow", item=first, org=FIRE)
        matter.step_done(first)
        matter.step_opened(second)
        matter.deadline("step", "red", item=second, org=FIRE)
        if number:
            matter.closed(in_time=False)
    run_until_idle()


def test_rebuilding_gives_the_same_picture_and_no_second_card():
    busy_county()
    before, cards = picture(), list(Card.objects.order_by("id").values())
    WatchedCase.objects.update(title="走样", level="red", supplements=9)
    WatchedStep.objects.filter(outcome="agree").delete()

    report = rebuild(TENANT)

    assert picture() == before
    assert list(Card.objects.order_by("id").values()) == cards
    assert (report.cases, report.cards) == (3, 0)


def test_rebuilding_from_nothing_gives_the_same_picture():
    busy_county()
    before = [{k: v for k, v in row.items() if k != "case_id"} for row in picture()]
    WatchedCase.objects.all().delete()

    rebuild(TENANT)

    assert [{k: v for k, v in row.items() if k != "case_id"} for row in picture()] == before


def test_rebuilding_raises_what_is_missing():
    RuleVersion.objects.all().update(active=False, valid_until=dt.datetime(2026, 6, 1, tzinfo=dt.UTC))
    busy_county()
    assert keys() == []
    RuleVersion.objects.all().delete()
    install()

    report = rebuild(TENANT)

    assert report.cards == len(keys()) == 9
    assert Card.objects.filter(rule_key="20-step-near", state="closed").count() == 3


def test_rebuilding_leaves_alone_what_is_not_delivered_yet():
    matter = Matter()
    matter.opened()
    run_until_idle()
    matter.deadline("promised", "red")

    rebuild(TENANT)
    assert keys() == []

    run_until_idle()
    assert keys() == ["31-case-late"]


def test_rebuilding_touches_one_tenant():
    install(OTHER)
    Matter("980724-2026-1", tenant=OTHER).opened()
    busy_county()
    WatchedCase.objects.filter(tenant=OTHER).update(title="不动")

    rebuild(TENANT)

    assert WatchedCase.objects.get(tenant=OTHER).title == "不动"


def test_lag_is_the_age_of_the_oldest_event_not_yet_seen(clock):
    assert selectors.lag(TENANT) == 0
    first = Matter().opened()
    clock.shift(dt.timedelta(seconds=7))
    Matter("980723-2026-2").opened()

    assert selectors.lag(TENANT) == 7
    assert selectors.lag(OTHER) == 0
    watch(first)
    assert selectors.lag(TENANT) == 7, "seen outside the outbox: the inbox does not know of it"
    run_until_idle()
    assert selectors.lag(TENANT) == 0


def test_a_past_in_the_making_is_told_and_is_no_delay(clock, monkeypatch):
    Matter().opened()
    clock.shift(dt.timedelta(seconds=50))
    assert delay_words(selectors.board(supervisor())) == ""
    clock.shift(dt.timedelta(minutes=10))
    late = selectors.board(supervisor())
    assert "晚了约 10 分钟" in delay_words(late)
    assert "不用操作" in delay_words(late)

    made = importlib.import_module("zhengtong.systems.supervision.selectors.board")
    monkeypatch.setattr(made, "not_before", now)

    found = selectors.board(supervisor())
    assert (found.lag_seconds, found.behind) == (0, False)
    assert "正在生成" in delay_words(found)
