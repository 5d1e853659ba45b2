"""The outbox: events are written with the act and delivered after it, at least once, in order per object.

A relay never passes the oldest running transaction, so that an event of a slow transaction is not
overtaken. A handler that fails holds back later events of the same object only, and is tried again.
"""

import dataclasses
import datetime as dt
import json
import logging
import traceback
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.db import DatabaseError, connection, transaction

from zhengtong.kernel import simulation
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.events import Event, event_class
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.models import OutboxEvent
from zhengtong.kernel.together import Together

log = logging.getLogger(__name__)

_BATCH = 200
_LOCK = 0x7A746F62  # any fixed number: one relay at a time
_FIRST_RETRY = dt.timedelta(seconds=2)
_LAST_RETRY = dt.timedelta(minutes=10)

_INSERT = (
    "insert into kernel_outboxevent (event_id, tenant, name, object_kind, object_id, at, data, attempts, last_error)"
    " values "
)
_ROW = "(%s, %s, %s, %s, %s, %s, %s, 0, '')"

Handler = Callable[[Any], None]


@dataclasses.dataclass(frozen=True)
class Subscription:
    """``key`` names the subscriber for ever: it is what the inbox remembers."""

    key: str
    handler: Handler


_subscriptions: dict[str, list[Subscription]] = {}


def subscribe(event_name: str, handler: Handler, *, key: str) -> None:
    """Have ``handler(event)`` called for each event of that name, once per event; called in ``apps.ready()``."""
    known = _subscriptions.setdefault(event_name, [])
    if all(s.key != key for s in known):
        known.append(Subscription(key, handler))


def subscriptions() -> dict[str, list[Subscription]]:
    """All subscriptions by event name."""
    return _subscriptions


def publish(event: Event) -> None:
    """Write the event; must be called inside the transaction of the act it tells of."""
    publish_all([event])


def publish_all(events: Sequence[Event], *, into: Together | None = None) -> None:
    """Write events in their order with one statement; must be called inside the transaction of the act.

    ``into`` gathers them with other writes of the same step.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an event is published inside the transaction of its act")
    if not events:
        return
    rows = [
        value
        for event in events
        for value in (
            event.event_id or new_id(),
            event.tenant,
            event.NAME,
            event.object_ref.kind,
            event.object_ref.id,
            event.at,
            json.dumps(event.data()),
        )
    ]
    statement = Together() if into is None else into
    statement.add(_INSERT + ", ".join([_ROW] * len(events)), rows)
    if into is None:
        statement.run()


def latest_event_at() -> dt.datetime | None:
    """When the newest stored event happened, None before the first."""
    newest: dt.datetime | None = OutboxEvent.objects.order_by("-id").values_list("at", flat=True).first()
    return newest


def relay() -> int:
    """Deliver one batch; returns how many events were delivered (0 when idle or another relay is at work)."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [_LOCK])
        row = cursor.fetchone()
        if not row or not row[0]:
            return 0
        try:
            return _relay_batch()
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])


def _relay_batch() -> int:
    held: set[tuple[str, str]] = set()
    done: list[int] = []
    instant = now()
    for row in OutboxEvent.objects.filter(id__in=_ripe_ids()).order_by("id"):
        ref = (row.object_kind, row.object_id)
        if ref in held:
            continue
        if (row.next_try_at and row.next_try_at > instant) or not _deliver(row):
            held.add(ref)
        else:
            done.append(row.pk)
    # marked together: after a crash before this line they come again, and the inbox knows them
    OutboxEvent.objects.filter(pk__in=done).update(delivered_at=now(), last_error="")
    return len(done)


def _ripe_ids() -> list[int]:
    # a visible row from beyond our snapshot was written in another cluster and came here by a restore
    with connection.cursor() as cursor:
        cursor.execute(
            "select id from kernel_outboxevent where delivered_at is null and"
            " (xid < pg_snapshot_xmin(pg_current_snapshot()) or xid >= pg_snapshot_xmax(pg_current_snapshot())"
            " or xid = pg_current_xact_id_if_assigned())"
            " order by id limit %s",
            [_BATCH],
        )
        return [row[0] for row in cursor.fetchall()]


def _deliver(row: OutboxEvent) -> bool:
    event = event_class(row.name).restore(
        tenant=row.tenant,
        object_ref=ObjectRef(kind=row.object_kind, id=row.object_id),
        at=row.at,
        event_id=row.event_id,
        data=row.data,
    )
    failed: Exception | None = None
    for subscription in _subscriptions.get(row.name, []):
        try:
            with simulation.living(row.at), transaction.atomic():
                if _first_time(subscription.key, row.event_id):
                    subscription.handler(event)
        except Exception as error:  # noqa: BLE001  (any handler may fail in any way; it is told and tried again)
            # the others still hear of it now; this one is asked again later
            where = "".join(traceback.format_tb(error.__traceback__))
            told = (row.name, row.event_id, subscription.key, _told(error), where)
            log.error("event %s (%s) was not handled by %s: %s\n%s", *told)
            failed = failed or error
    if failed is not None:
        _postpone(row, failed)
        return False
    return True


def _first_time(key: str, event_id: uuid.UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into kernel_inboxkey (subscriber, event_id, handled_at) values (%s, %s, %s) on conflict do nothing",
            [key, event_id, now()],
        )
        return bool(cursor.rowcount)


def _postpone(row: OutboxEvent, error: Exception) -> None:
    wait = min(_FIRST_RETRY * 2 ** min(row.attempts, 16), _LAST_RETRY)
    OutboxEvent.objects.filter(pk=row.pk).update(
        attempts=row.attempts + 1, next_try_at=now() + wait, last_error=_told(error)
    )


def _told(error: Exception) -> str:
    """What may be kept of an error: a database's own words repeat the row, and with it personal data."""
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    if isinstance(error, DatabaseError):
        return f"{type(error).__name__} {constraint or ''}".strip()
    return f"{type(error).__name__}: {error}"[:500]
