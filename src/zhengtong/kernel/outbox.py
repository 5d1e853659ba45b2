"""The outbox: events are written with the act and delivered after it, at least once, in order per object.

Two kinds of subscribers, each with a relay: those who take events one by one (``relay_singly``), and groups who take
many at once (``relay_groups``), each group at its own pace. An event is delivered when all have had it; what each has
had the inbox knows, written in the transaction of its handler. A handler that fails is tried again and holds back
later events of the same object: for its own group only, or for all those who take events one by one.
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
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db import DatabaseError, connection, transaction

from zhengtong.kernel import simulation, tracing
from zhengtong.kernel.clock import now
from zhengtong.kernel.events import Event
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.many import insert_values
from zhengtong.kernel.models import OutboxEvent
from zhengtong.kernel.outbox_rows import Waiting, first_time, first_times, handled_by, waiting
from zhengtong.kernel.together import Together

log = logging.getLogger(__name__)

_BATCH = 200
_GROUP = 500
_IN_A_ROW = 10
_SEVERAL = 20
_AHEAD = 5_000  # of a group's waiting events so many are looked at; those of objects that wait are passed over
_LOCK = 0x7A746F62  # any fixed number: one relay at a time, and one of each group
_FIRST_RETRY = dt.timedelta(seconds=2)
_LAST_RETRY = dt.timedelta(minutes=10)

_INSERT = (
    "insert into kernel_outboxevent (event_id, tenant, name, object_kind, object_id, at, data, attempts, last_error)"
    " values "
)
_COLUMNS = 7  # bound values of one row
_ROW = "(%s, %s, %s, %s, %s, %s, %s, 0, '')"

Handler = Callable[[Any], None]
GroupHandler = Callable[[Sequence[Any]], None]


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
    urgent: bool = False


_subscriptions: dict[str, list[Subscription]] = {}
_groups: dict[str, list[GroupSubscription]] = {}
#: which those who take events one by one have had and a group has not: not asked of the inbox again and again
_told: dict[uuid.UUID, str] = {}
#: when a group that failed at an event, by key and event, is asked again (monotonic), and how often it has been
_again: dict[tuple[str, uuid.UUID], tuple[float, int]] = {}


def subscribe(event_name: str, handler: Handler, *, key: str) -> None:
    """Have ``handler(event)`` called for each event of that name, once per event; called in ``apps.ready()``."""
    _refuse_both_ways(key, _groups)
    known = _subscriptions.setdefault(event_name, [])
    if all(s.key != key for s in known):
        known.append(Subscription(key, handler))


def subscribe_group(event_name: str, handler: GroupHandler, *, key: str, urgent: bool = False) -> None:
    """Have ``handler(events)`` called for many events at once, in their order; called in ``apps.ready()``.

    For subscribers that must keep up when thousands of things happen at one instant: they wait for nobody who takes
    events one by one, and hold up nobody. Each event comes once, in order per object, and in order where one handler
    takes several names. When the handler fails it is called again for each event alone, so that one bad event holds
    up only the later ones of its own object. All events of one key come this way, or none (ValueError). ``urgent``
    groups have their turn before the others.
    """
    _refuse_both_ways(key, _subscriptions)
    known = _groups.setdefault(event_name, [])
    if all(s.key != key for s in known):
        known.append(GroupSubscription(key, handler, urgent))


def _refuse_both_ways(key: str, others: "dict[str, list[Any]]") -> None:
    if any(one.key == key for known in others.values() for one in known):
        raise ValueError(f"{key} takes events one by one or in groups, not both: their order would be lost")


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
    if tracing.in_request():
        # the line that leads from the number of a request to those of its events
        log.info("events %s", ", ".join(f"event:{rows[n]} {rows[n + 2]}" for n in range(0, len(rows), _COLUMNS)))
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
    """Hand on one batch to everybody; returns how many events came forward (0 when idle or others are at work)."""
    return max(relay_groups(), relay_singly())


def relay_singly() -> int:
    """Hand one batch to those who take events one by one; returns how many came forward."""
    with _alone("") as alone:
        return _relay_singly() if alone else 0


def relay_groups() -> int:
    """Hand some batches to each group; returns how many events the group took that took most.

    A group that finds a whole batch is asked again before the others: in a storm the urgent ones come first.
    """
    return max((_several_batches(key) for key in groups()), default=0)


def _several_batches(key: str) -> int:
    taken = 0
    for _number in range(_IN_A_ROW):
        batch = relay_group(key)
        taken += batch
        if batch < _GROUP:
            break
    return taken


def relay_group(key: str) -> int:
    """Hand one batch to a group; returns how many events it took."""
    with _alone(key) as alone:
        return _relay_group(key) if alone else 0


def lags(key: str) -> bool:
    """Whether there are events that a group has not had yet."""
    names = [name for name, known in _groups.items() if any(one.key == key for one in known)]
    return bool(waiting(limit=1, names=names, by=key))


def groups() -> list[str]:
    """The keys of all groups, the urgent ones first, else in the order in which they subscribed."""
    known = sorted((one for several in _groups.values() for one in several), key=lambda one: not one.urgent)
    return list(dict.fromkeys(one.key for one in known))


@contextlib.contextmanager
def _alone(key: str) -> Iterator[bool]:
    """Whether this relay is the only one of its kind, wherever the others run."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s, hashtext(%s))", [_LOCK, key])
        row = cursor.fetchone()
        if not row or not row[0]:
            yield False
            return
        try:
            yield True
        finally:
            cursor.execute("select pg_advisory_unlock(%s, hashtext(%s))", [_LOCK, key])


# --- one by one ------------------------------------------------------------------------------------------------------


def _relay_singly() -> int:
    held: set[tuple[str, str]] = set()
    had: dict[uuid.UUID, str] = {}
    for row in _next_batch(now()):
        if row.ref in held:
            continue
        if _deliver(row):
            had[row.event_id] = row.name
        else:
            held.add(row.ref)
    _told.update(had)
    return max(len(had), _settle())


def _next_batch(instant: dt.datetime) -> list[Waiting]:
    """What is to be told next; what waits for a new trial, and later events of its object, take nobody's place."""
    rows = waiting(limit=_BATCH, without=list(_told))
    if any(row.next_try_at is not None and row.next_try_at > instant for row in rows):
        return waiting(limit=_BATCH, without=list(_told), free_at=instant)
    return rows


def _deliver(row: Waiting) -> bool:
    try:
        event = row.restored()
    except Exception as error:  # noqa: BLE001  (an event of another version; it must not stop all the others)
        _tell_failure(row, "restored", error)
        _postpone(row, error)
        return False
    failed: Exception | None = None
    for subscription in _subscriptions.get(row.name, []):
        try:
            with (
                tracing.within(f"event:{row.event_id}"),
                simulation.living(row.at),
                transaction.atomic(),
            ):
                if first_time(subscription.key, row.event_id):
                    subscription.handler(event)
        except Exception as error:  # noqa: BLE001  (any handler may fail in any way; it is told and tried again)
            # the others still hear of it now; this one is asked again later
            _tell_failure(row, subscription.key, error)
            failed = failed or error
    if failed is not None:
        _postpone(row, failed)
        return False
    return True


def _settle() -> int:
    """Mark what everybody has had; after a crash before this the events come again, and the inbox knows them."""
    known = handled_by([event_id for event_id, name in _told.items() if name in _groups], groups())
    over = [
        event_id
        for event_id, name in _told.items()
        if {one.key for one in _groups.get(name, [])} <= known.get(event_id, set())
    ]
    if over:
        OutboxEvent.objects.filter(event_id__in=over).update(delivered_at=now(), last_error="")
    for event_id in over:
        del _told[event_id]
    return len(over)


# --- in groups -------------------------------------------------------------------------------------------------------


def _relay_group(key: str) -> int:
    handlers = {name: one.handler for name, known in _groups.items() for one in known if one.key == key}
    failing = any(one == key for one, _event_id in _again)
    rows = waiting(limit=_AHEAD if failing else _GROUP, names=list(handlers), by=key)
    rows = _in_turn(key, rows)[:_GROUP] if failing else rows
    taken = 0
    # what was invented lives in its own instant: neighbours of the same instant go together
    for (_at, _number), several in itertools.groupby(
        rows, key=lambda row: (row.at if _invented(row.at) else None, id(handlers[row.name]))
    ):
        part = list(several)
        taken += _hand_over_all(GroupSubscription(key, handlers[part[0].name]), part)
    return taken


def _in_turn(key: str, rows: Iterable[Waiting]) -> list[Waiting]:
    """Those of the rows before which no event of their object waits for a new trial."""
    held: set[tuple[str, str]] = set()
    found, moment = [], time.monotonic()
    for row in rows:
        at, _times = _again.get((key, row.event_id), (0.0, 0))
        if row.ref in held or at > moment:
            held.add(row.ref)
        else:
            found.append(row)
    return found


def _hand_over_all(group: GroupSubscription, rows: Sequence[Waiting]) -> int:
    try:
        _hand_over(group, rows)
    except Exception:  # noqa: BLE001  (any handler may fail in any way; each event is then tried alone)
        return _one_by_one(group, rows)
    return len(rows)


def _hand_over(group: GroupSubscription, rows: Sequence[Waiting]) -> None:
    with simulation.living(rows[0].at if _invented(rows[0].at) else None), transaction.atomic():
        fresh = first_times(group.key, [row.event_id for row in rows])
        events = [row.restored() for row in rows if row.event_id in fresh]
        if events:
            group.handler(events)
    for row in rows if _again else ():
        _again.pop((group.key, row.event_id), None)


def _one_by_one(group: GroupSubscription, rows: Sequence[Waiting]) -> int:
    held: set[tuple[str, str]] = set()
    taken = 0
    for row in rows:
        if row.ref in held:
            continue
        try:
            _hand_over(group, [row])
        except Exception as error:  # noqa: BLE001  (as above; it is told and tried again)
            _tell_failure(row, group.key, error)
            held.add(row.ref)
            _at, times = _again.get((group.key, row.event_id), (0.0, 0))
            _again[group.key, row.event_id] = (time.monotonic() + _pause(times).total_seconds(), times + 1)
            # of the row only what people look at: when the others are asked again is not changed by it
            OutboxEvent.objects.filter(pk=row.id).update(attempts=times + 1, last_error=_words_of(error))
        else:
            taken += 1
    return taken


def _invented(at: dt.datetime) -> bool:
    return not isinstance(simulation.living(at), contextlib.nullcontext)


# --- failures --------------------------------------------------------------------------------------------------------


def _tell_failure(row: Waiting, key: str, error: Exception) -> None:
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("event %s (%s) was not handled by %s: %s\n%s", row.name, row.event_id, key, _words_of(error), where)


def _postpone(row: Waiting, error: Exception) -> None:
    OutboxEvent.objects.filter(pk=row.id).update(
        attempts=row.attempts + 1, next_try_at=now() + _pause(row.attempts), last_error=_words_of(error)
    )


def _pause(times: int) -> dt.timedelta:
    return min(_FIRST_RETRY * int(2 ** min(times, 16)), _LAST_RETRY)


def _words_of(error: Exception) -> str:
    """What may be kept of an error: a database's own words repeat the row, and with it personal data."""
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    if isinstance(error, DatabaseError):
        return f"{type(error).__name__} {constraint or ''}".strip()
    return f"{type(error).__name__}: {error}"[:500]
