"""What one supervisor proposes another decides: not he, nor his deputy, nor the one in whose post he proposed."""

import datetime as dt
import uuid

import pytest
import time_machine

from zhengtong.capabilities.identity.tests.factories import acting_for, organisation
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotPermitted
from zhengtong.kernel.loops import run_until_idle
from zhengtong.systems.supervision import selectors, services
from zhengtong.systems.supervision.models import Card
from zhengtong.systems.supervision.selectors import Choice
from zhengtong.systems.supervision.selectors import bulk as bulk_selectors
from zhengtong.systems.supervision.services import drafting, reports, score_formulas, score_targets, scores
from zhengtong.systems.supervision.tests import scored_county
from zhengtong.systems.supervision.tests.county import FIRE, Matter, install, official
from zhengtong.systems.supervision.tests.scored_county import MONTH
from zhengtong.systems.supervision.tests.test_drafts import composed, tried

pytestmark = pytest.mark.django_db
WORDS = "已经逐项核对，情况属实。"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC), tick=False):
        yield


def leader(*roles: str) -> Actor:
    return official((uuid.UUID(int=0x02), "县纪委监委"), "supervisor", "leader", *roles)


def late_card() -> Card:
    install()
    Matter().deadline("step", "red", item=uuid.uuid4(), org=FIRE)
    run_until_idle()
    return Card.objects.get()


def bulk():
    late_card()
    choice = Choice(unit=FIRE[0])

    def ask(actor):
        return services.propose_bulk_cancel(
            actor=actor, choice=choice, cause="other", reason="国庆调休安排变更。", evidence="国办发明电〔2026〕9号"
        )

    def decide(actor, row):
        services.decide_bulk_cancel(actor=actor, batch_id=row.id, agreed=True, reason=WORDS, digest=row.digest)

    return ask, decide, lambda actor, row: bulk_selectors.batch(actor, row.id).decidable_by(actor)


def account():
    card = late_card()
    services.explain_card(actor=official(FIRE, "clerk"), card_id=card.id, text="当日人手不足，没有按时办完。")
    services.confirm_card(actor=leader("counter"), card_id=card.id, reason="原因不成立。")

    def ask(actor):
        return services.propose_account(actor=actor, card_id=card.id, kind="提醒谈话", post="审查岗", reason=WORDS)

    def decide(actor, row):
        services.decide_account(actor=actor, measure_id=row.id, agreed=True, reason=WORDS)

    return ask, decide, lambda actor, _row: selectors.to_decide(actor) == (0, 1)


def rule():
    def ask(actor):
        draft = composed(actor)
        tried(draft, actor)
        return drafting.submit_draft(actor=actor, draft_id=draft.id)

    return ask, lambda actor, row: drafting.enable_draft(actor=actor, draft_id=row.id), drafting.may_decide


def formula():
    scored_county.prepared()

    def ask(actor):
        row = score_formulas.draft_formula(actor=actor, key="model-a")
        return score_formulas.move_formula(actor=actor, formula_id=row.id, move="submit")

    return ask, lambda actor, row: score_formulas.move_formula(actor=actor, formula_id=row.id, move="enable"), None


def score():
    scored_county.prepared()

    def ask(actor):
        return scores.propose_scores(actor=actor, month=MONTH, key="model-a", reason="")

    def decide(actor, run):
        scores.decide_scores(actor=actor, run_id=run.id, agreed=True, reason=WORDS, digest=run.inputs_digest)

    return ask, decide, scores.may_publish


def report():
    scored_county.prepared()

    def decide(actor, row):
        reports.decide_report(actor=actor, report_id=row.id, agreed=True, reason=WORDS, digest=row.digest)

    return lambda actor: reports.propose_report(actor=actor, month=MONTH, reason=""), decide, reports.may_publish


def deduction():
    unit = organisation("H05", FIRE[1])
    given = {"decided_on": "2026-10-20", "kind": "warning", "document": "青纪处〔2026〕3号", "reason": "失职处分两人"}

    def ask(actor):
        return score_targets.propose_deduction(actor=actor, org_name=unit.name, persons="2", **given)

    def decide(actor, row):
        score_targets.decide_deduction(actor=actor, deduction_id=row.id, agreed=True, reason=WORDS)

    return ask, decide, None


@pytest.mark.parametrize("place", [bulk, account, rule, formula, score, report, deduction])
def test_neither_the_proposer_nor_his_deputy_nor_whom_he_stood_in_for_decides(place):
    proposer, absent, deputy, other = leader(), leader("clerk"), leader("reviewer"), leader("process_admin")
    ask, decide, offered = place()

    row = ask(acting_for(proposer, absent))

    tied = (absent, acting_for(deputy, proposer), acting_for(deputy, absent))
    for nobody in (proposer, acting_for(proposer, other), *tied):
        assert offered is None or not offered(nobody, row)
        with pytest.raises(NotPermitted, match="不能"):
            decide(nobody, row)
    assert offered is None or offered(other, row)
    decide(other, row)
