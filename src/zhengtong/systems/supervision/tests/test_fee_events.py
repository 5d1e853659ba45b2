"""A fee beyond the published list becomes a red card of the unit that collects; old events say nothing of the list."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import transaction

from zhengtong.contracts.payments import OrderRaised
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.loops import run_until_idle
from zhengtong.kernel.models import OutboxEvent
from zhengtong.kernel.outbox import publish
from zhengtong.systems.supervision.models import Card, WatchedEvent
from zhengtong.systems.supervision.services import rebuild
from zhengtong.systems.supervision.tests.county import RULES, TENANT, install

pytestmark = pytest.mark.django_db
UNIT = (uuid.uuid4(), "青禾县市场监督管理局")
#: fields that events told before had not
NEW = ("title", "item_code", "listed_fen", "beyond_fen", "list_basis")


def ordered(**more: Any) -> None:
    event = OrderRaised(
        tenant=TENANT,
        object_ref=ObjectRef(kind="fee_order", id=str(uuid.uuid4())),
        at=dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC),
        order_id=uuid.uuid4(),
        number="F2026-000001",
        subject=ObjectRef(kind="application", id=str(uuid.uuid4())),
        payee_org_id=UNIT[0],
        payee_org_name=UNIT[1],
        total_fen=6000,
        **more,
    )
    with transaction.atomic():
        publish(event)
    run_until_idle()


def beyond(fen: int) -> dict[str, Any]:
    listed = {"listed_fen": 1000, "beyond_fen": fen, "list_basis": "证书工本费 10 元/证（某条例 第一条）"}
    return {"title": "小餐饮许可", "item_code": "0711", **listed}


def test_more_than_the_list_allows_is_a_red_card_that_names_the_list() -> None:
    install(rows=RULES)

    ordered(**beyond(0))
    assert not Card.objects.exists()
    ordered(**beyond(5000))

    card = Card.objects.get()
    assert (card.rule_key, card.level, card.org_id) == ("67-beyond-the-list", "red", UNIT[0])
    assert "超出清单公布的标准 50 元" in card.explanation
    assert "证书工本费 10 元/证（某条例 第一条）" in card.explanation


def test_events_told_before_the_list_was_named_are_read_and_raise_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = OrderRaised.data
    with monkeypatch.context() as before:
        before.setattr(OrderRaised, "data", lambda self: {k: v for k, v in whole(self).items() if k not in NEW})
        ordered(**beyond(5000))
    assert not set(NEW) & set(OutboxEvent.objects.get(name=OrderRaised.NAME).data)
    install(rows=RULES)

    rebuild(TENANT)

    assert WatchedEvent.objects.get(name=OrderRaised.NAME).number == "F2026-000001"
    assert not Card.objects.exists()


def test_a_card_that_was_missing_comes_with_a_rebuild_once() -> None:
    ordered(**beyond(150))
    assert not Card.objects.exists()
    install(rows=RULES)

    rebuild(TENANT)
    rebuild(TENANT)

    assert "超出清单公布的标准 1.5 元" in Card.objects.get().explanation
