"""Old events are taken away by the database's administrator only: what was read from them stays."""

import datetime as dt
import time
import uuid

import psycopg
import time_machine

from zhengtong.kernel.loops import run_until_idle
from zhengtong.kernel.models import OutboxEvent
from zhengtong.systems.supervision.models import WatchedCase, WatchedStep
from zhengtong.systems.supervision.services import rebuild
from zhengtong.systems.supervision.tests.county import TENANT, Matter, install

START = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)


def test_a_case_whose_first_events_are_gone_is_not_emptied(
    superuser_connection: psycopg.Connection[tuple[object, ...]],
) -> None:
    with time_machine.travel(START, tick=False):
        install()
        matter, item = Matter(), uuid.uuid4()
        matter.opened()
        matter.step_opened(item)
        deliver_all()
        superuser_connection.execute(
            "delete from kernel_outboxevent where name in ('cases.case_opened.v1', 'cases.step_opened.v1')"
        )
        matter.accepted()
        deliver_all()
        before = picture()

        rebuild(TENANT)

    assert len(before) == 2
    assert picture() == before


def deliver_all() -> None:
    """Until nothing waits: transactions of tests beside this one hold events back, and rightly so."""
    for _ in range(1000):
        run_until_idle()
        if not OutboxEvent.objects.filter(delivered_at__isnull=True).exists():
            return
        time.sleep(0.02)
    raise AssertionError("events are not delivered")


def picture() -> list[dict[str, object]]:
    """What supervision knows, without the keys of its own rows."""
    rows = [*WatchedCase.objects.order_by("number").values(), *WatchedStep.objects.order_by("step_id").values()]
    return [{key: value for key, value in row.items() if key not in ("id", "created_at")} for row in rows]
