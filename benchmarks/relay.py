"""The relay of the outbox: events delivered per second, against a loop that does the least a relay must do."""

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import transaction

from benchmarks.context import Context
from benchmarks.measure import Contestant, ratio, take_turns
from benchmarks.results import Result
from zhengtong.contracts.cases import CaseOpened
from zhengtong.kernel import outbox
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.ids import new_id

_KEY = "benchmarks.relay"
_PATIENCE = 120.0


def relay(context: Context, *, rounds: int, events: int) -> list[Result]:
    """Each event goes to one subscriber that does nothing: what is measured is the delivery itself."""
    plain = context.connect()
    with context.as_owner() as owner:
        owner.execute("update kernel_outboxevent set delivered_at = now()")  # what other benchmarks have left
    with _only_our_subscriber() as received:
        standings = take_turns(
            [
                Contestant("ours", lambda n: _ours(n, received), context.django_pid()),
                Contestant("plain", lambda n: _plain(plain, n), plain.info.backend_pid),
            ],
            rounds=rounds,
            pieces=events,
        )
    what = "写入并投递一批事件的速度之比：一个什么也不做的订阅方"
    against = "手写循环：每事件一个事务，去重并标记送达"
    return [
        Result("relay.to_plain_loop", ratio(standings, "ours", "plain"), what, against, "倍"),
        Result("relay.ours", standings["ours"].rate, "outbox：按对象保序、去重、失败隔离", "", "事件/秒"),
        Result("relay.plain", standings["plain"].rate, "手写循环", "", "事件/秒"),
        Result("relay.ours.client", standings["ours"].client_ms, "客户端处理器时间", "", "毫秒/事件"),
        Result("relay.ours.server", standings["ours"].server_ms, "数据库进程处理器时间", "", "毫秒/事件"),
    ]


@contextmanager
def _only_our_subscriber() -> Iterator[list[uuid.UUID | None]]:
    received: list[uuid.UUID | None] = []
    subscriptions, groups = outbox.subscriptions(), outbox.group_subscriptions()
    kept, kept_groups = dict(subscriptions), dict(groups)
    subscriptions.clear()
    groups.clear()
    outbox.subscribe(CaseOpened.NAME, lambda event: received.append(event.event_id), key=_KEY)
    try:
        yield received
    finally:
        subscriptions.clear()
        subscriptions.update(kept)
        groups.update(kept_groups)


def _ours(count: int, received: list[uuid.UUID | None]) -> None:
    received.clear()
    with transaction.atomic():
        outbox.publish_all([_event() for _ in range(count)])
    give_up = time.monotonic() + _PATIENCE
    while len(received) < count:
        # a relay does not pass the oldest running transaction, of whichever database of the cluster
        if not outbox.relay() and time.monotonic() > give_up:
            raise RuntimeError(f"{len(received)} of {count} events arrived")


def _event() -> CaseOpened:
    case_id = new_id()
    return CaseOpened(
        tenant="980723",
        object_ref=ObjectRef(kind="case", id=str(case_id)),
        at=now(),
        case_id=case_id,
        number=str(case_id),
        title="开办餐饮店一件事",
        item_code="1198072300720319364980131801000",
        org_id=case_id,
        org_name="青禾县市场监督管理局",
    )


def _plain(plain: psycopg.Connection[Any], count: int) -> None:
    with plain.transaction():
        rows = [(new_id(), CaseOpened.NAME, json.dumps(_event().data())) for _ in range(count)]
        plain.cursor().executemany("insert into bench.outbox (event_id, name, data) values (%s, %s, %s)", rows)
    waiting = plain.execute("select id, event_id, data from bench.outbox where delivered_at is null order by id")
    for number, event_id, _data in waiting.fetchall():
        with plain.transaction():
            plain.execute("insert into bench.inbox values (%s, %s) on conflict do nothing", [_KEY, event_id])
            plain.execute("update bench.outbox set delivered_at = now() where id = %s", [number])
