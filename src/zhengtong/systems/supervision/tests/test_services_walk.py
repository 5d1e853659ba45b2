"""Real cases of the engine: limits pass by themselves, and supervision sees it."""

import datetime as dt

import pytest
import time_machine

from zhengtong.capabilities.cases import api as engine
from zhengtong.capabilities.cases.models import WorkItem
from zhengtong.capabilities.cases.registry import service_topics
from zhengtong.capabilities.cases.tests.county import TENANT, citizen, found_county, officer, open_restaurant_case
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.tests.factories import official
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.supervision import selectors
from zhengtong.systems.supervision.models import Card, WatchedCase
from zhengtong.systems.supervision.services import rebuild
from zhengtong.systems.supervision.tests.county import install, supervisor

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)  # a Monday, 10:00 in Shanghai
REVIEWS = {"H05": "fire", "G11": "signboard", "G10": "housing", "H04": "tobacco"}


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def county(clock, monkeypatch):
    for topic in ("issue_licence", "issue_refusal", "refuse_acceptance"):
        monkeypatch.setitem(service_topics._items, topic, lambda call: {"document": call.topic})
    found_county()
    install()


def complete(code, case_id, node, outcome, opinion="符合要求", role="clerk"):
    item = WorkItem.objects.filter(case_id=case_id, node=node, status="open").get()
    engine.complete_step(
        actor=officer(code, role), work_item_id=item.id, outcome=outcome, opinion=opinion, command_key=str(item.id)
    )


def days_pass(clock, days, *, since=START):
    for day in range(1, days + 1):
        clock.move_to(since + dt.timedelta(days=day))
        do_all_work()


def cards():
    return {(card.rule_key, card.org_name): card for card in Card.objects.all()}


def test_one_unit_sleeps_and_gets_exactly_one_red_card(county, clock):
    case_id = open_restaurant_case(citizen())
    complete("G22", case_id, "accept", "accept")
    for code in ("G11", "G10", "H04"):
        complete(code, case_id, f"review_{REVIEWS[code]}", "agree")

    # five working days from Monday the 9th end with Monday the 16th, 24:00 in Shanghai
    clock.move_to(dt.datetime(2026, 11, 16, 15, 59, 59, tzinfo=dt.UTC))
    do_all_work()
    assert {card.level for card in cards().values()} == {"yellow"}
    clock.move_to(dt.datetime(2026, 11, 16, 16, 0, 1, tzinfo=dt.UTC))
    do_all_work()

    red = Card.objects.get(level="red")
    fire = identity.organisation(TENANT, "H05")
    assert (red.org_id, red.org_name) == (fire.id, fire.name)
    assert (red.rule_key, red.rule.version) == ("21-step-late", 1)
    assert red.arithmetic == "自2026年11月9日的次日起算 5 个工作日，其间不计周末 2 天，截至2026年11月16日。"
    assert "2026年11月16日届满" in red.explanation
    assert (Card.objects.get(level="yellow").state, red.state) == ("closed", "raised")
    assert (red.created_at - red.raised_at) <= dt.timedelta(seconds=2)


def test_the_overdue_list_names_unit_step_and_how_late(county, clock):
    case_id = open_restaurant_case(citizen())
    complete("G22", case_id, "accept", "accept")
    for code in ("G11", "G10", "H04"):
        complete(code, case_id, f"review_{REVIEWS[code]}", "agree")
    days_pass(clock, 10)  # Thursday the 19th: three working days after the 16th

    page = selectors.late_steps(supervisor())

    (row,) = page.rows
    assert (row.org_name, row.days_late, row.number) == ("青禾县消防救援大队", 3, "980723-2026-1")
    assert row.open


def test_a_whole_case_that_sleeps_reaches_every_level_once(county, clock):
    case_id = open_restaurant_case(citizen())
    complete("G22", case_id, "accept", "accept")

    days_pass(clock, 40)
    days_pass(clock, 2, since=START + dt.timedelta(days=40))

    lead = "青禾县市场监督管理局"
    of_case = {key for key, org in cards() if org == lead}
    assert of_case == {"30-case-near", "31-case-late", "32-case-breach"}
    late = [card for (key, _org), card in cards().items() if key == "21-step-late"]
    assert {card.org_name for card in late} == {identity.organisation(TENANT, code).name for code in REVIEWS}
    assert Card.objects.filter(level__in=["red", "breach"]).count() == 6
    case = WatchedCase.objects.get()
    assert (case.level, case.open_steps, case.closed_at) == ("breach", 4, None)


def test_acceptance_in_silence(county, clock):
    open_restaurant_case(citizen())

    days_pass(clock, 8)

    assert {"10-acceptance-near", "11-acceptance-late", "12-accepted-by-law"} <= {key for key, _org in cards()}
    assert WatchedCase.objects.get().deemed_accepted
    board = selectors.board(supervisor())
    assert [(step.org_name, step.phase) for step in board.late_steps] == [("青禾县市场监督管理局", "accept")]


def test_a_case_in_time_leaves_no_card_and_counts_as_in_time(county, clock):
    case_id = open_restaurant_case(citizen())
    complete("G22", case_id, "accept", "accept")
    for code, node in REVIEWS.items():
        complete(code, case_id, f"review_{node}", "agree")
    complete("G22", case_id, "decide", "approve", role="leader")
    do_all_work()

    assert not Card.objects.exists()
    case = WatchedCase.objects.get()
    assert (case.outcome, case.in_time, case.open_steps) == ("approved", True, 0)
    trail = selectors.case_trail(supervisor(), case_id)
    assert len(trail.steps) == 6
    assert all(step.done_at for step in trail.steps)


def test_rebuilding_after_a_real_walk_gives_the_same(county, clock):
    case_id = open_restaurant_case(citizen())
    complete("G22", case_id, "accept", "accept")
    days_pass(clock, 12)
    before = selectors.board(supervisor())
    raised = list(Card.objects.order_by("id").values())

    report = rebuild(TENANT)

    after = selectors.board(supervisor())
    assert (after.totals, after.units, after.late_steps) == (before.totals, before.units, before.late_steps)
    assert list(Card.objects.order_by("id").values()) == raised
    assert report.cards == 0


def test_the_people_of_the_unit_are_told(county, clock):
    clerk = official("fire-clerk", "clerk", org_code="H05", org_name="青禾县消防救援大队")
    neighbour = official("urban-clerk", "clerk", org_code="G11", org_name="青禾县城市管理和综合执法局")
    case_id = open_restaurant_case(citizen())
    complete("G22", case_id, "accept", "accept")
    for code in ("G11", "G10", "H04"):
        complete(code, case_id, f"review_{REVIEWS[code]}", "agree")

    days_pass(clock, 9)

    told = [message.title for message in notify.inbox(actor=clerk).rows]
    of_cards = [title for title in told if not title.startswith("提示：")]
    assert len(of_cards) == Card.objects.filter(org_name="青禾县消防救援大队").count() > 0
    assert len(told) > len(of_cards)  # hinted at before, which is no card
    assert notify.unread(actor=neighbour) == 0
