"""Several people at one case in any order: no opinion is lost, no task is dead, no join fires early or twice."""

import datetime as dt
import random

import pytest
import time_machine

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.constants import SignerPlace
from zhengtong.capabilities.cases.engine.marking import HELD, Marking
from zhengtong.capabilities.cases.engine.model import Kind
from zhengtong.capabilities.cases.models import Case, Opinion, WorkItem
from zhengtong.capabilities.cases.registry import service_topics
from zhengtong.capabilities.cases.selectors.processes import graph_of
from zhengtong.capabilities.cases.tests.county import UNITS, citizen, found_county, open_restaurant_case
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.errors import DomainError
from zhengtong.kernel.testing.work import do_all_work

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)  # a Monday, 10:00 in Shanghai
STEPS = 45
#: a few hands in every run, many in the full one
HANDS = [*range(6), *(pytest.param(n, marks=pytest.mark.full) for n in range(6, 60))]


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def town(clock, monkeypatch):
    for topic in ("issue_licence", "issue_refusal", "refuse_acceptance"):
        monkeypatch.setitem(service_topics._items, topic, lambda call: {"document": call.topic})
    found_county()
    return {
        code: [
            factories.official(f"{code.lower()}{n}", *roles, org_code=code, org_name=f"青禾县{name}", name=f"{code}{n}")
            for n, roles in enumerate((("clerk",), ("clerk",), ("leader",)))
        ]
        for code, name in UNITS.items()
    }


class Play:
    """One case, its people, and a random hand."""

    def __init__(self, people, applicant, case_id, hand):
        self.people, self.applicant, self.case_id, self.hand = people, applicant, case_id, hand
        self.said, self.count, self.refused = [], 0, 0

    @property
    def everybody(self):
        return [person for unit in self.people.values() for person in unit]

    def open_items(self):
        return list(WorkItem.objects.filter(case_id=self.case_id, status="open").order_by("token", "id"))

    def key(self):
        self.count += 1
        return f"k{self.count}"

    def text(self):
        self.said.append(f"意见{self.count}-{len(self.said)}")
        return self.said[-1]

    def attempt(self, act):
        before = len(self.said)
        try:
            act()
        except DomainError:
            del self.said[before:]
            self.refused += 1

    def person_for(self, item):
        unit = [p for p in self.everybody if p.org_id == item.org_id and p.has_role(item.role)]
        return self.hand.choice(unit or self.everybody)

    def complete(self, item, *, finishing=False):
        if item.role == "applicant":
            text = self.text()
            api.complete_step(
                actor=self.applicant,
                work_item_id=item.id,
                outcome="submit",
                opinion=text,
                command_key=self.key(),
                as_applicant=True,
            )
            return
        actor = self.person_for(item)
        view = api.work_item(actor=actor, work_item_id=item.id)
        outcomes = [code for code, _label in view.outcomes]
        good = [code for code in outcomes if code in ("accept", "agree", "pass", "approve")]
        outcome = good[0] if finishing and good else self.hand.choice(outcomes)
        holder = next((p for p in self.everybody if p.person_id == item.holder_id), actor)
        key, text = self.key(), self.text()
        for _press in range(self.hand.choice((1, 2))):
            api.complete_step(actor=holder, work_item_id=item.id, outcome=outcome, opinion=text, command_key=key)

    def returning(self, item):
        actor = self.person_for(item)
        targets = api.return_targets(actor=actor, work_item_id=item.id)
        if targets:
            target = self.hand.choice(targets)
            common = {"actor": actor, "work_item_id": item.id, "node": target.node, "command_key": self.key()}
            if target.whole:
                api.return_step(**common, reason=self.text())
            else:
                api.return_branch(**common, item=target.item or None, reason=self.text())

    def step(self):
        items = self.open_items()
        if not items:
            return
        item, hand = self.hand.choice(items), self.hand
        actor = self.person_for(item)
        colleague = hand.choice([p for p in self.everybody if p.org_id == actor.org_id])
        done = list(WorkItem.objects.filter(case_id=self.case_id, status="done").order_by("-done_at", "id"))
        acts = [
            lambda: self.complete(item),
            lambda: self.complete(item, finishing=True),
            lambda: self.complete(item, finishing=True),
            lambda: self.returning(item),
            lambda: api.claim_step(actor=actor, work_item_id=item.id),
            lambda: api.release_step(actor=actor, work_item_id=item.id),
            lambda: api.transfer_step(
                actor=actor, work_item_id=item.id, org_code=hand.choice(list(UNITS)), reason="归口"
            ),
            lambda: api.ask_colleague(
                actor=actor, work_item_id=item.id, person_id=colleague.person_id, reason="请看一看"
            ),
            lambda: api.answer_colleague(actor=colleague, work_item_id=item.id, text=self.text()),
            lambda: api.take_back_from_colleague(actor=actor, work_item_id=item.id),
            lambda: api.add_signer(
                actor=actor,
                work_item_id=item.id,
                org_code=hand.choice(list(UNITS)),
                where=hand.choice(SignerPlace.values),
                reason="会签",
                command_key=self.key(),
            ),
            lambda: api.remove_signer(
                actor=actor,
                work_item_id=item.id,
                signer_item_id=hand.choice(items).id,
                reason="不必",
                command_key=self.key(),
            ),
            lambda: done and self.recall(hand.choice(done[:3])),
            lambda: api.urge_step(actor=self.people["G22"][0], work_item_id=item.id),
            lambda: self.pause(),
            lambda: api.resume_clock(actor=self.people["G22"][0], case_id=self.case_id),
        ]
        self.attempt(hand.choice(acts))

    def recall(self, item):
        actor = next((p for p in self.everybody if p.person_id == item.done_by_id), self.everybody[0])
        api.recall_step(actor=actor, work_item_id=item.id, reason=self.text(), command_key=self.key())

    def pause(self):
        api.pause_clock(
            actor=self.people["G22"][0],
            case_id=self.case_id,
            reason_code=self.hand.choice(list(api.STOP_REASONS)),
            note="需要的时间",
            cap=api.Limit.parse("10 WD"),
        )

    def check(self):
        case = Case.objects.get(pk=self.case_id)
        texts = list(Opinion.objects.filter(case_id=case.id).values_list("text", flat=True))
        assert sorted(texts) == sorted(text for text in self.said if text in set(texts))
        assert set(self.said) <= set(texts), "an opinion was lost"
        graph, marking = graph_of(case.process_id), Marking.from_json(case.marking)
        waiting = {
            number
            for number, token in marking.tokens.items()
            if graph.nodes[token.node].kind is Kind.USER and token.mark != HELD and number not in marking.multi
        }
        items = self.open_items()
        assert {item.token for item in items} == waiting, "a task without a token, or a token without a task"
        nodes = [item.node for item in items if not item.adhoc]
        assert nodes.count("decide") <= 1, "the join fired twice"
        assert "decide" not in nodes or not any(node.startswith("review_") for node in nodes), "it fired early"
        for item in items:
            if item.org_id is not None:
                actor = next(p for p in self.everybody if p.org_id == item.org_id)
                assert api.handling_of(actor=actor, work_item_id=item.id).task.id == item.id

    def finish(self):
        for _round in range(60):
            items = self.open_items()
            if not items:
                break
            for item in items:
                if item.helper_id is not None:
                    helper = next(p for p in self.everybody if p.person_id == item.helper_id)
                    api.answer_colleague(actor=helper, work_item_id=item.id, text=self.text())
            before = len(items)
            for item in self.open_items():
                self.attempt(lambda item=item: self.complete(item, finishing=True))
            assert before
        do_all_work()


@pytest.mark.parametrize("seed", HANDS)
def test_any_order_of_acts_by_several_people_keeps_every_opinion_and_every_task_alive(town, clock, seed):
    hand = random.Random(seed)
    applicant = citizen()
    case_id = open_restaurant_case(applicant, number=f"case-{seed}")
    play = Play(town, applicant, case_id, hand)

    for _number in range(STEPS):
        clock.shift(dt.timedelta(minutes=hand.randint(1, 400)))
        play.step()
        play.check()
    play.finish()

    case = Case.objects.get(pk=case_id)
    assert case.status == "closed", [(i.node, i.adhoc, i.org_name) for i in play.open_items()]
    assert set(play.said) <= set(Opinion.objects.filter(case_id=case_id).values_list("text", flat=True))
    assert play.refused < STEPS


@pytest.mark.parametrize("seed", range(4))
def test_withdrawal_in_the_middle_of_anything_ends_the_case_and_keeps_what_was_said(town, clock, seed):
    hand = random.Random(1000 + seed)
    applicant = citizen()
    case_id = open_restaurant_case(applicant, number=f"case-{seed}")
    play = Play(town, applicant, case_id, hand)
    for _number in range(hand.randint(3, 15)):
        play.step()

    play.attempt(lambda: api.withdraw_case(actor=applicant, case_id=case_id, reason="不办了", command_key="w"))

    case = Case.objects.get(pk=case_id)
    if case.outcome == "withdrawn":
        assert not play.open_items()
    assert set(play.said) <= set(Opinion.objects.filter(case_id=case_id).values_list("text", flat=True))
