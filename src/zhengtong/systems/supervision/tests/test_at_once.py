"""Two presses at the same moment begin one draft, and give every list of cancellations a number of its own."""

import datetime as dt
import time
import uuid
from collections.abc import Iterator

import pytest
import time_machine

from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.loops import run_until_idle
from zhengtong.kernel.testing.two_at_once import meeting
from zhengtong.systems.supervision import services
from zhengtong.systems.supervision.constants import SUPERVISOR
from zhengtong.systems.supervision.models import BulkCancel, Card, RuleDraft
from zhengtong.systems.supervision.selectors import Choice
from zhengtong.systems.supervision.services import drafting
from zhengtong.systems.supervision.tests.county import FIRE, LEAD, Matter, install, official, supervisor

pytestmark = pytest.mark.usefixtures("committed_db", "clock")
SAID = {"cause": "holiday", "reason": "国庆调休安排变更，时限应当顺延。", "evidence": "国办发明电〔2026〕9号"}


@pytest.fixture
def clock(committed_db: str) -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC), tick=False):
        install()
        for org in (FIRE, LEAD):
            Matter(f"980723-2026-{org[0].int}").deadline("step", "red", item=uuid.uuid4(), org=org)
        let_cards_be_issued(2)
        yield


def let_cards_be_issued(number: int) -> None:
    """Relay until they are there: events wait while a transaction of any database of the cluster is open."""
    for _again in range(1200):
        run_until_idle()
        if Card.objects.count() == number:
            return
        time.sleep(0.05)
    raise AssertionError("the cards are not issued")


def propose(unit: uuid.UUID, who: int = 1) -> BulkCancel:
    actor = official((uuid.UUID(int=who), "县纪委监委"), SUPERVISOR)
    return services.propose_bulk_cancel(actor=actor, choice=Choice(unit=unit), **SAID)


def test_an_empty_rule_is_begun_once_however_often_it_is_pressed() -> None:
    def press() -> RuleDraft:
        return drafting.draft_rule(actor=supervisor())

    second = meeting(press, press)

    assert RuleDraft.objects.get() == second


def test_lists_of_cancellations_proposed_at_once_have_numbers_of_their_own() -> None:
    second = meeting(lambda: propose(FIRE[0]), lambda: propose(LEAD[0]))

    assert isinstance(second, BulkCancel)
    assert sorted(BulkCancel.objects.values_list("number", flat=True)) == ["C2026-0001", "C2026-0002"]


def test_a_card_is_on_one_list_however_often_it_is_pressed() -> None:
    answer = meeting(lambda: propose(FIRE[0]), lambda: propose(FIRE[0]))

    assert isinstance(answer, Invalid)
    assert BulkCancel.objects.get().cards.count() == 1
