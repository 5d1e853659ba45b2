"""The outbox: events are written with the act and delivered after it, at least once, in order per object.

A relay never passes the oldest running transaction, so that an event of a slow transaction is not
overtaken. A handler that fails holds back later events of the same object only, and is tried again.
"""

import contextlib
import dataclasses
import datetime as dt
import itertools
import json
import logging
import time
import traceback
import uuid
from collections.abc import Callable, Sequence, Set
from typing import Any, NamedTuple

from django.db import DatabaseError, connection, transaction

from zhengtong.kernel import simulation
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.events import Event, event_class
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.many import insert_values
from zhengtong.kernel.models import OutboxEvent
from zhengtong.kernel.together import Together

log = logging.getLogger(__name__)

_BATCH = 200
_GROUP = 500
_SEVERAL = 20
_MANY = 100
_TURN = 0.5  # seconds of slow handlers after which it is looked whether the groups have something new
_AHEAD = 5_000  # so far ahead of the others those see who take many events at once
_LOCK = 0x7A746F62  # any fixed number: one relay at a time
_FIRST_RETRY = dt.timedelta(seconds=2)
_LAST_RETRY = dt.timedelta(minutes=10)

_INSERT = (
    "insert into kernel_outboxevent (event_id, tenant, name, object_kind, object_id, at, data, attempts, last_error)"
    " values "
)
_ROW = "(%s, %s, %s, %s, %s, %s, %s, 0, '')"

Handler = Callable[[Any], None]
GroupHandler = Callable[[Sequence[Any]], None]
Restored = tuple[OutboxEvent, Event]


@dataclasses.dataclass(frozen=True)
class Subscription:
    """``key`` names the subscriber for ever: it is what the inbox remembers."""

    key: str
    handler: Handler


@dataclasses.dataclass(frozen=True)
class GroupSubscription:
    """A subscriber that takes many events at once: ``handler`` gets them in their order, in one transaction."""

    key: str
    handler: GroupHandler


_subscriptions: dict[str, list[Subscription]] = {}
_groups: dict[str, list[GroupSubscription]] = {}
#: events that a group, by its key, has had and others have not: not asked of the inbox again and again
_handed: set[tuple[str, uuid.UUID]] = set()


def subscribe(event_name: str, handler: Handler, *, key: str) -> None:
    """Have ``handler(event)`` called for each event of that name, once per event; called in ``apps.ready()``."""
    known = _subscriptions.setdefault(event_name, [])
    if all(s.key != key for s in known):
        known.append(Subscription(key, handler))


def subscribe_group(event_name: str, handler: GroupHandler, *, key: str) -> None:
    """Have ``handler(events)`` called for all events of a relayed batch at once; called in ``apps.ready()``.

    For subscribers that must keep up when thousands of things happen at one instant. Each event comes once, in order
    per object. When the handler fails it is called again for each event alone, so that one bad event holds up only
    the later ones of its own object.
    """
    known = _groups.setdefault(event_name, [])
    if all(s.key != key for s in known):
        known.append(GroupSubscription(key, handler))


def subscriptions() -> dict[str, list[Subscription]]:
    """All subscriptions by event name."""
    return _subscriptions


def group_subscriptions() -> dict[str, list[GroupSubscription]]:
    """All subscriptions that take many events at once, by event name."""
    return _groups


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
    if into is None and len(events) >= _SEVERAL:
        insert_values("kernel_outboxevent", [_values(event) for event in events])
        return
    rows = [value for event in events for value in (*list(_values(event).values())[:6], json.dumps(event.data()))]
    statement = Together() if into is None else into
    statement.add(_INSERT + ", ".join([_ROW] * len(events)), rows)
    if into is None:
        statement.run()


def _values(event: Event) -> dict[str, Any]:
    return {
        "event_id": event.event_id or new_id(),
        "tenant": event.tenant,
        "name": event.NAME,
        "object_kind": event.object_ref.kind,
        "object_id": event.object_ref.id,
        "at": event.at,
        "data": event.data(),
        "attempts": 0,
        "last_error": "",
    }


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
    ahead = _ripe()
    failed, handed = _deliver_groups(ahead)
    if handed >= _MANY:
        return handed  # more of them may be waiting already; the others have their turn right after
    give_way = time.monotonic() + _TURN
    held: set[tuple[str, str]] = set()
    done: list[OutboxEvent] = []
    instant = now()
    for row in OutboxEvent.objects.filter(id__in=[one.id for one in ahead[:_BATCH]]).order_by("id"):
        if done and _groups and time.monotonic() > give_way:
            break
        ref = (row.object_kind, row.object_id)
        if ref in held:
            continue
        waits = row.next_try_at is not None and row.next_try_at > instant
        if waits or not _deliver(row, failed.get(row.event_id)):
            held.add(ref)
        else:
            done.append(row)
    # marked together: after a crash before this line they come again, and the inbox knows them
    OutboxEvent.objects.filter(pk__in=[row.pk for row in done]).update(delivered_at=now(), last_error="")
    _forget({row.event_id for row in done})
    return len(done)


class _Ripe(NamedTuple):
    """What must be known of an event before it is read."""

    id: int
    event_id: uuid.UUID
    name: str
    ref: tuple[str, str]
    next_try_at: dt.datetime | None


def _deliver_groups(ahead: Sequence[_Ripe]) -> tuple[dict[uuid.UUID, Exception], int]:
    """Hand events to those who take many at once, far ahead of the others.

    Gives the events that failed, with the error, and how many there were.

    An event before which its object tells of something that goes one by one, or that waits, is left for its turn.
    """
    _forget({event_id for _key, event_id in _handed} - {one.event_id for one in ahead})
    wanted: dict[GroupSubscription, list[int]] = {}
    single: set[tuple[str, str]] = set()
    instant = now()
    for one in ahead:
        groups = _groups.get(one.name, [])
        if not groups or (one.next_try_at is not None and one.next_try_at > instant):
            single.add(one.ref)
        elif one.ref not in single:
            for subscription in groups:
                if (subscription.key, one.event_id) not in _handed:
                    wanted.setdefault(subscription, []).append(one.id)
    failed: dict[uuid.UUID, Exception] = {}
    for subscription, ids in wanted.items():
        for start in range(0, len(ids), _GROUP):
            rows = OutboxEvent.objects.filter(id__in=ids[start : start + _GROUP]).order_by("id")
            failed |= _hand_over_all(subscription, [(row, _restored(row)) for row in rows])
    return failed, len({number for ids in wanted.values() for number in ids})


def _hand_over_all(subscription: GroupSubscription, rows: Sequence[Restored]) -> dict[uuid.UUID, Exception]:
    try:
        _hand_over(subscription, rows)
    except Exception:  # noqa: BLE001  (any handler may fail in any way; each event is then tried alone)
        return _one_by_one(subscription, rows)
    _handed.update((subscription.key, row.event_id) for row, _event in rows)
    return {}


def _hand_over(subscription: GroupSubscription, rows: Sequence[Restored]) -> None:
    # what was invented lives in its own instant: neighbours of the same instant go together
    for at, group in itertools.groupby(rows, key=lambda pair: pair[0].at if _invented(pair[0].at) else None):
        several = list(group)
        with simulation.living(at), transaction.atomic():
            fresh = _first_times(subscription.key, [row.event_id for row, _event in several])
            events = [event for row, event in several if row.event_id in fresh]
            if events:
                subscription.handler(events)


def _forget(event_ids: Set[uuid.UUID]) -> None:
    _handed.difference_update([pair for pair in _handed if pair[1] in event_ids])


def _invented(at: dt.datetime) -> bool:
    return not isinstance(simulation.living(at), contextlib.nullcontext)


def _one_by_one(subscription: GroupSubscription, rows: Sequence[Restored]) -> dict[uuid.UUID, Exception]:
    held: set[tuple[str, str]] = set()
    failed: dict[uuid.UUID, Exception] = {}
    for row, event in rows:
        ref = (row.object_kind, row.object_id)
        if ref in held:
            continue
        try:
            _hand_over(subscription, [(row, event)])
        except Exception as error:  # noqa: BLE001  (as above; it is told and tried again)
            _tell_failure(row, subscription.key, error)
            held.add(ref)
            failed[row.event_id] = error
        else:
            _handed.add((subscription.key, row.event_id))
    return failed


def _ripe() -> list[_Ripe]:
    # a visible row from beyond our snapshot was written in another cluster and came here by a restore
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, event_id, name, object_kind, object_id, next_try_at from kernel_outboxevent"
            " where delivered_at is null and"
            " (xid < pg_snapshot_xmin(pg_current_snapshot()) or xid >= pg_snapshot_xmax(pg_current_snapshot())"
            " or xid = pg_current_xact_id_if_assigned())"
            " order by id limit %s",
            [_AHEAD if _groups else _BATCH],
        )
        return [_Ripe(row[0], row[1], row[2], (row[3], row[4]), row[5]) for row in cursor.fetchall()]


def _restored(row: OutboxEvent) -> Event:
    return event_class(row.name).restore(
        tenant=row.tenant,
        object_ref=ObjectRef(kind=row.object_kind, id=row.object_id),
        at=row.at,
        event_id=row.event_id,
        data=row.data,
    )


def _deliver(row: OutboxEvent, failed: Exception | None) -> bool:
    event = _restored(row)
    for group in _groups.get(row.name, []) if failed is None else []:
        if (group.key, row.event_id) in _handed:
            continue
        try:
            _hand_over(group, [(row, event)])
        except Exception as error:  # noqa: BLE001  (as below)
            _tell_failure(row, group.key, error)
            failed = failed or error
    for subscription in _subscriptions.get(row.name, []):
        try:
            with simulation.living(row.at), transaction.atomic():
                if _first_time(subscription.key, row.event_id):
                    subscription.handler(event)
        except Exception as error:  # noqa: BLE001  (any handler may fail in any way; it is told and tried again)
            # the others still hear of it now; this one is asked again later
            _tell_failure(row, subscription.key, error)
            failed = failed or error
    if failed is not None:
        _postpone(row, failed)
        return False
    return True


def _tell_failure(row: OutboxEvent, key: str, error: Exception) -> None:
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("event %s (%s) was not handled by %s: %s\n%s", row.name, row.event_id, key, _told(error), where)


def _first_time(key: str, event_id: uuid.UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into kernel_inboxkey (subscriber, event_id, handled_at) values (%s, %s, %s) on conflict do nothing",
            [key, event_id, now()],
        )
        return bool(cursor.rowcount)


def _first_times(key: str, event_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into kernel_inboxkey (subscriber, event_id, handled_at)"
            " select %s, event, %s from unnest(%s::uuid[]) event on conflict do nothing returning event_id",
            [key, now(), list(event_ids)],
        )
        return {row[0] for row in cursor.fetchall()}


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
