"""What an inspection found and was not put right becomes a card of the unit; late inspectors are nobody's card."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import transaction

from zhengtong.contracts.inspections import FindingReferred, RectificationOverdue, VisitEvent
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.loops import run_until_idle
from zhengtong.kernel.outbox import publish
from zhengtong.systems.supervision.models import Card
from zhengtong.systems.supervision.tests.county import RULES, TENANT, install

pytestmark = pytest.mark.django_db
UNIT = (uuid.uuid4(), "青禾县市场监督管理局")


def tell(kind: type[VisitEvent], **more: Any) -> None:
    visit = ObjectRef(kind="inspection_visit", id=str(uuid.uuid4()))
    event = kind(
        tenant=TENANT,
        object_ref=visit,
        at=dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC),
        plan_id=uuid.uuid4(),
        plan_number="督〔2026〕1号",
        kind="annual",
        subject="窗口作风督查",
        number="D2026001",
        target_kind="unit",
        org_id=UNIT[0],
        org_name=UNIT[1],
        **more,
    )
    with transaction.atomic():
        publish(event)
    run_until_idle()


def test_a_late_rectification_is_the_units_card_and_a_late_review_is_not() -> None:
    install(rows=RULES)

    tell(RectificationOverdue, stage="review", turn=1, due_on=dt.date(2026, 11, 6), by_unit=False)
    assert not Card.objects.exists()
    tell(RectificationOverdue, stage="rectify", turn=1, due_on=dt.date(2026, 11, 6), by_unit=True)

    card = Card.objects.get()
    assert (card.rule_key, card.level, card.org_id) == ("65-rectification-late", "yellow", UNIT[0])
    assert "11月6日" in card.explanation
    assert "窗口作风督查" in card.explanation


def test_a_finding_handed_over_is_a_red_card_that_names_the_point() -> None:
    install(rows=RULES)

    tell(FindingReferred, finding_id=uuid.uuid4(), point="工作日窗口有人值守", serious=True, turn=2)

    card = Card.objects.get()
    assert card.level == "red"
    assert "工作日窗口有人值守" in card.explanation
