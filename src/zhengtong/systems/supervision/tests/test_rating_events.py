"""Supervision watches ratings: of cases only, and without changing the picture of a case."""

import datetime as dt
import uuid

import pytest
from django.db import transaction

from zhengtong.contracts.ratings import BadRatingOverdue, RatingGiven
from zhengtong.contracts.service_centre import TicketFinished
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.events import Event
from zhengtong.kernel.loops import run_until_idle
from zhengtong.kernel.outbox import publish
from zhengtong.systems.supervision.models import Card, WatchedCase
from zhengtong.systems.supervision.services import rebuild
from zhengtong.systems.supervision.tests.county import RULES, TENANT, Matter, install
from zhengtong.systems.supervision.tests.test_replay import application
from zhengtong.systems.supervision.web.trail import evidence_rows

pytestmark = pytest.mark.django_db


def tell(event: Event) -> None:
    with transaction.atomic():
        publish(event)
    run_until_idle()


def rating(kind: type[Event], case_id: uuid.UUID | None, number: str = "1", **more) -> Event:
    key = uuid.uuid4()
    return kind(
        tenant=TENANT,
        object_ref=ObjectRef(kind="rating", id=str(key)),
        at=dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC),
        rating_id=key,
        subject=ObjectRef(kind="application", id=str(uuid.uuid4())),
        service="close",
        number=number,
        title="小餐饮许可",
        item_code="A1",
        org_id=uuid.uuid4(),
        org_name="青禾县市场监督管理局",
        case_id=case_id,
        **more,
    )


GIVEN = {"grade": "dissatisfied", "bad": True, "turn": "first", "channel": "tablet", "own_device": True}


def test_a_rating_of_no_case_or_by_nobody_known_is_passed_over() -> None:
    tell(rating(RatingGiven, None, **GIVEN))
    tell(rating(RatingGiven, uuid.uuid4(), anonymous=True, **GIVEN))

    assert not WatchedCase.objects.exists()


def test_a_rating_leaves_the_picture_of_its_case_as_it_is_also_after_a_rebuild() -> None:
    matter = Matter()
    matter.opened()
    matter.closed()
    run_until_idle()
    before = WatchedCase.objects.values("outcome", "closed_at", "open_steps", "level").get()

    tell(rating(RatingGiven, matter.case_id, matter.number, **GIVEN))
    tell(
        rating(
            BadRatingOverdue,
            matter.case_id,
            matter.number,
            stage="contact",
            due_at=dt.datetime(2026, 11, 10, 16, tzinfo=dt.UTC),
        )
    )
    rebuild(TENANT)

    assert WatchedCase.objects.values("outcome", "closed_at", "open_steps", "level").get() == before


def test_the_evidence_of_a_rating_is_said_in_chinese() -> None:
    rows = evidence_rows({"event": RatingGiven.NAME, "service": "close", **GIVEN})

    assert [row["value"] for row in rows] == ["收到评价", "办结", "不满意", "政务大厅平板电脑", "是"]


def finished_ticket(item: str, at: dt.datetime) -> Event:
    key = uuid.uuid4()
    return TicketFinished(
        tenant=TENANT,
        object_ref=ObjectRef(kind="service_ticket", id=str(key)),
        at=at,
        ticket_id=key,
        number="A001",
        place="county",
        place_name="青禾县政务服务中心",
        zone="A",
        item_code=item,
        item_name="小餐饮许可",
        window=1,
        window_id=uuid.uuid4(),
        org_id=uuid.uuid4(),
        org_name="青禾县市场监督管理局",
        operator_id=None,
        taken_at=at - dt.timedelta(minutes=20),
        called_at=at - dt.timedelta(minutes=9),
        wait_seconds=660,
        handling_seconds=540,
        appointed=False,
    )


@pytest.mark.parametrize(
    ("item", "hours", "flagged"), [(None, 0, True), ("A1", 2, False), ("A1", 25, True), ("B2", 2, True)]
)
def test_who_came_to_a_window_for_it_may_have_rated_there(item: str | None, hours: int, *, flagged: bool) -> None:
    install(rows=RULES)
    matter = Matter()
    matter.opened()
    application(matter)
    if item is not None:
        tell(finished_ticket(item, dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC) - dt.timedelta(hours=hours)))

    tell(rating(RatingGiven, matter.case_id, matter.number, **(GIVEN | {"grade": "satisfied", "bad": False})))

    assert Card.objects.filter(rule_key="56-rated-at-the-counter").exists() is flagged
