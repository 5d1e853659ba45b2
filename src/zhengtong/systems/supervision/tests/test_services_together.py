"""Thousands of limits of one instant: taken in together, the same as one by one, with few statements."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhengtong.kernel import outbox
from zhengtong.kernel.loops import run_until_idle
from zhengtong.systems.supervision import handlers, selectors
from zhengtong.systems.supervision.models import Board, Card, CardAct, CardLimit, WatchedCase, WatchedEvent, WatchedStep
from zhengtong.systems.supervision.tests.county import FIRE, LEAD, OTHER, TENANT, Matter, install, supervisor

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        install()
        yield traveller


def night(count, *, tenant=TENANT):
    """Cases with a step and an acceptance, whose limits come near and pass; some pass twice, some are told first."""
    for number in range(count):
        matter, item, step, promised = Matter(f"980723-2026-{number}", tenant), uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
        if number % 3:
            matter.opened()
            matter.step_opened(item, phase="accept" if number % 2 else "review")
    run_until_idle()
    cases = list(WatchedCase.objects.filter(tenant=tenant).order_by("number"))
    known = {case.number: case for case in cases}
    for number in range(count):
        case = known.get(f"980723-2026-{number}")
        matter = Matter(f"980723-2026-{number}", tenant, case_id=case.case_id if case else uuid.uuid4())
        item, step, promised = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
        if case:
            item = case.steps.get().step_id
        matter.deadline("step", "yellow", item=item, org=FIRE, deadline_id=step)
        matter.deadline("step", "red", item=item, org=FIRE, deadline_id=step)
        matter.deadline("acceptance", "red")
        if number % 2:
            matter.deadline("promised", "red", deadline_id=promised)
            matter.deadline("statutory", "breach")


def picture(tenant=TENANT):
    return {
        "cards": sorted(
            Card.objects.filter(tenant=tenant).values_list(
                "rule_key", "case_number", "level", "state", "org_name", "explanation", "case_title"
            )
        ),
        "acts": sorted(
            CardAct.objects.filter(tenant=tenant).values_list("card__rule_key", "card__case_number", "kind", "no")
        ),
        "limits": sorted(
            CardLimit.objects.filter(tenant=tenant).values_list("card__case_number", "kind", "state", "due_on")
        ),
        "cases": sorted(
            WatchedCase.objects.filter(tenant=tenant).values_list(
                "number", "title", "level", "promised_due", "statutory_due", "open_steps"
            )
        ),
        "steps": sorted(
            WatchedStep.objects.filter(tenant=tenant).values_list("case__number", "step", "late_at", "due_at", "phase"),
            key=str,
        ),
        "log": WatchedEvent.objects.filter(tenant=tenant).count(),
    }


def test_together_gives_what_one_by_one_gives(monkeypatch):
    night(6)
    run_until_idle()
    at_once = picture()
    assert len({row[0] for row in at_once["cards"]}) >= 4
    assert any(act[2] == "clear" for act in at_once["acts"])

    # the same night in another county, each limit by itself
    monkeypatch.setattr(outbox, "_GROUP", 1)
    install(OTHER)
    night(6, tenant=OTHER)
    run_until_idle()

    assert picture(OTHER) == at_once


def test_hundreds_of_limits_cost_few_statements_and_one_version(monkeypatch):
    monkeypatch.setattr(outbox, "_subscriptions", {})  # what others do with each of them is theirs
    for number in range(300):
        Matter(f"980723-2026-{number}").deadline("promised", "red")
    before = Board.objects.get(tenant=TENANT).version

    with CaptureQueriesContext(connection) as asked:
        assert outbox.relay() == 300

    assert Card.objects.filter(level="red").count() == 300
    assert len(asked) < 100
    assert Board.objects.get(tenant=TENANT).version - before <= 3
    numbers = sorted(Card.objects.values_list("number", flat=True))
    assert numbers == [f"2026-{number:06d}" for number in range(1, 301)]
    assert selectors.board(supervisor()).totals.red == 300


def test_one_bad_event_in_a_batch_holds_up_only_its_own_case(monkeypatch):
    matters = [Matter(f"980723-2026-{number}") for number in range(10)]
    for matter in matters:
        matter.deadline("promised", "red")
    matters[3].deadline("statutory", "breach")
    bad = matters[3].number
    real = handlers.watch_all

    def watch_all(events):
        if any(event.number == bad for event in events):
            raise RuntimeError("broken")
        return real(events)

    monkeypatch.setattr(handlers, "watch_all", watch_all)
    outbox.relay()

    assert Card.objects.count() == 9
    assert not Card.objects.filter(case_number=bad).exists()
    monkeypatch.setattr(handlers, "watch_all", real)
    outbox._again.clear()
    run_until_idle()
    assert sorted(Card.objects.filter(case_number=bad).values_list("level", flat=True)) == ["breach", "red"]
    assert set(Card.objects.values_list("org_name", flat=True)) == {LEAD[1]}
