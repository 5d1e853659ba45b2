"""The log, and that a rule tried over the past flags exactly what it flagged while it happened."""

import datetime as dt
import random
import uuid

import pytest
import time_machine

from zhengtong.contracts import cases, documents, service_hall
from zhengtong.contracts.ratings import RatingGiven
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.loops import run_until_idle
from zhengtong.kernel.models import OutboxEvent
from zhengtong.kernel.outbox import relay
from zhengtong.systems.supervision.models import Card, RuleVersion, WatchedEvent
from zhengtong.systems.supervision.services import rebuild
from zhengtong.systems.supervision.services.trying import TriedRule, replayed
from zhengtong.systems.supervision.tests.county import FIRE, LEAD, RULES, TENANT, Matter, install, tell

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)
PEOPLE = [uuid.UUID(int=100 + number) for number in range(3)]


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        install(rows=RULES)
        yield traveller


def application(matter, *, applicant="a", online=True):
    return tell(
        service_hall.ApplicationSubmitted(
            tenant=TENANT,
            object_ref=ObjectRef(kind="application", id=str(matter.case_id)),
            at=now(),
            application_id=matter.case_id,
            case_id=matter.case_id,
            number=matter.number,
            item_code="1198",
            org_id=LEAD[0],
            org_name=LEAD[1],
            online=online,
            applicant=applicant,
        )
    )


def act(matter, person, post, phase, outcome, *, seconds=600, text="x", length=4):
    return tell(
        cases.StepDone(
            **matter.common(),
            work_item_id=uuid.uuid4(),
            node=phase,
            step=phase,
            phase=phase,
            outcome=outcome,
            step_org_id=FIRE[0],
            step_org_name=FIRE[1],
            post_name=post,
            person_id=person,
            opened_at=now() - dt.timedelta(seconds=seconds),
            with_opinion=True,
            opinion_length=length,
            opinion_digest=text,
        )
    )


def rated(matter, device, *, anonymous=False):
    return tell(
        RatingGiven(
            tenant=TENANT,
            object_ref=ObjectRef(kind="rating", id=str(uuid.uuid4())),
            at=now(),
            rating_id=uuid.uuid4(),
            subject=ObjectRef(kind="application", id=str(matter.case_id)),
            service="close",
            number=matter.number,
            title="小餐饮许可",
            item_code="1198",
            org_id=LEAD[0],
            org_name=LEAD[1],
            case_id=matter.case_id,
            anonymous=anonymous,
            grade="very_satisfied",
            bad=False,
            turn="first",
            channel="tablet",
            own_device=True,
            device_id=device,
        )
    )


def licence(matter):
    return tell(
        documents.DocumentIssued(
            tenant=TENANT,
            object_ref=ObjectRef(kind="document", id=str(uuid.uuid4())),
            at=now(),
            document_id=uuid.uuid4(),
            subject_ref=ObjectRef(kind="application", id=str(matter.case_id)),
            kind="licence",
            title="食品经营许可证",
            number="JY1",
            org_id=LEAD[0],
            org_name=LEAD[1],
            file_id=uuid.uuid4(),
            verification_code="x",
            sealed=True,
        )
    )


def live():
    return set(Card.objects.values_list("rule_key", "event_id"))


def replay():
    found = set()
    for rule in RuleVersion.objects.filter(tenant=TENANT):
        tried = TriedRule.of({name: getattr(rule, name) for name in rule.__dict__ if not name.startswith("_")})
        flags = replayed(tried, TENANT, since=START - dt.timedelta(days=1), until=START + dt.timedelta(days=90))
        found |= {(rule.key, flag.row.event_id) for flag in flags}
    return found


def something(dice, matters, deadlines):
    """One random event of one of the matters."""
    matter, device = dice.choice(matters), uuid.UUID(int=1)
    person, post = dice.choice(PEOPLE), dice.choice(["受理岗", "审查岗", "决定岗"])
    phase, outcome = dice.choice(
        [("accept", "accept"), ("review", "agree"), ("review", "disagree"), ("decide", "approve")]
    )
    deadline = deadlines[matter.number]
    return dice.choice(
        [
            lambda: application(matter, applicant=dice.choice("ab")),
            lambda: matter.accepted(),
            lambda: act(
                matter,
                person,
                post,
                phase,
                outcome,
                seconds=dice.choice([20, 900]),
                text=dice.choice("xy"),
                length=dice.choice([3, 30]),
            ),
            lambda: act(matter, person, post, phase, outcome, seconds=dice.choice([20, 900])),
            lambda: matter.supplement_told(dice.choice([1, 2])),
            lambda: matter.deadline("promised", dice.choice(["yellow", "red"]), deadline_id=deadline),
            lambda: matter.paused(),
            lambda: rated(matter, device, anonymous=dice.random() < 0.2),
            lambda: licence(matter),
        ]
    )


def test_what_happened_and_what_is_replayed_raise_the_same_cards(clock):
    dice = random.Random(7)
    matters = [Matter(f"980723-2026-{number}") for number in range(1, 7)]
    deadlines = {matter.number: uuid.uuid4() for matter in matters}
    for matter in matters:
        matter.opened()
    for _ in range(50):
        clock.shift(dt.timedelta(minutes=dice.choice([1, 5, 300, 900])))
        something(dice, matters, deadlines)()
        if dice.random() < 0.2:
            relay()
    run_until_idle()
    raised = live()

    assert len({key for key, _event in raised}) > 7
    assert replay() == raised
    kept = list(WatchedEvent.objects.order_by("position").values())
    WatchedEvent.objects.all().delete()
    report = rebuild(TENANT)

    assert list(WatchedEvent.objects.order_by("position").values()) == kept
    assert (report.entries, report.cards) == (len(kept), 0)
    assert live() == raised


def test_the_log_holds_no_person_in_its_fields_and_leads_to_no_anonymous_rater(clock):
    matter = Matter()
    application(matter, applicant="digest")
    act(matter, PEOPLE[0], "审查岗", "review", "agree")
    rated(matter, uuid.UUID(int=1), anonymous=True)
    run_until_idle()

    rows = {row.name: row for row in WatchedEvent.objects.all()}
    step, rating = rows["cases.step_done.v1"], rows["ratings.rating_given.v1"]
    assert (step.person_id, step.post_name, step.text_digest) == (PEOPLE[0], "审查岗", "x")
    assert not {"person_id", "applicant", "opinion_digest"} & {name for row in rows.values() for name in row.fields}
    assert (rating.case_id, rating.number, rating.subject) == (None, "", "")
    assert not {"case_id", "number", "subject", "rating_id"} & set(rating.fields)
    assert set(WatchedEvent.objects.values_list("position", flat=True)) == set(
        OutboxEvent.objects.filter(name__in=rows).values_list("id", flat=True)
    )


def test_a_paper_finds_the_case_of_its_matter(clock):
    matter = Matter()
    matter.opened()
    application(matter)
    licence(matter)
    act(matter, PEOPLE[0], "决定岗", "decide", "approve")
    licence(matter)
    run_until_idle()

    (card,) = Card.objects.filter(rule_key="48-paper-before-decision")
    assert (card.case_id, card.case_number) == (matter.case_id, matter.number)
    assert card.evidence["facts"] == {"decided_before": False}


def test_a_window_of_the_rule_takes_the_place_of_the_facts_own(clock):
    RuleVersion.objects.filter(key="51-copied-opinion").update(window_days=2)
    for number, day in ((1, 0), (2, 3), (3, 4)):
        clock.move_to(START + dt.timedelta(days=day))
        act(Matter(f"980723-2026-{number}"), PEOPLE[0], "审查岗", "review", "agree", length=30)
    run_until_idle()

    (card,) = Card.objects.filter(rule_key="51-copied-opinion")
    assert card.case_number == "980723-2026-3"
    assert card.evidence["facts"] == {"same_text_by_person": 2}
    assert "统计期内共 2 件" in card.explanation


def test_once_a_case_is_once_a_case(clock):
    RuleVersion.objects.filter(key="50-in-seconds").update(once_per_case=True)
    matter, other = Matter(), Matter("980723-2026-2")
    for one in (matter, matter, other):
        act(one, PEOPLE[0], "审查岗", "review", "agree", seconds=10)
    run_until_idle()

    cards = Card.objects.filter(rule_key="50-in-seconds")
    assert sorted(cards.values_list("case_number", flat=True)) == ["980723-2026-1", "980723-2026-2"]
    assert {event for key, event in replay() if key == "50-in-seconds"} == set(cards.values_list("event_id", flat=True))
