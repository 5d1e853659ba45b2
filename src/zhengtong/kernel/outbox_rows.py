"""What the relays read: events that wait and may be told by now, and who has had which."""

import datetime as dt
import json
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from django.db import connection

from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.events import Event, event_class
from zhengtong.kernel.transactions import OLDEST_RUNNING

# The oldest running transaction is never passed, so that an event of a slow one is not overtaken. A visible row from
# beyond our snapshot was written in another cluster and came here by a restore.
_WAITING: Final = (
    "select e.id, e.event_id, e.tenant, e.name, e.object_kind, e.object_id, e.at, e.data::text, e.attempts,"  # noqa: S608  (our own expression)
    " e.next_try_at from kernel_outboxevent e where e.delivered_at is null and"
    f" (e.xid < {OLDEST_RUNNING} or e.xid >= pg_snapshot_xmax(pg_current_snapshot())"
    " or e.xid = pg_current_xact_id_if_assigned())"
)
# written as a value, not as a join: always one look into the index, however large the inbox is
_NOT_HAD: Final = (
    " and e.name = any(%s)"
    " and (select i.id from kernel_inboxkey i where i.subscriber = %s and i.event_id = e.event_id) is null"
)

# nothing of the same object, up to this event, waits for a new trial
_FREE: Final = (
    " and (select w.id from kernel_outboxevent w where w.object_kind = e.object_kind and w.object_id = e.object_id"
    " and w.delivered_at is null and w.next_try_at > %s and w.id <= e.id limit 1) is null"
)


class Waiting(NamedTuple):
    """An event of the outbox that not everybody has had; ``data`` is JSON."""

    id: int
    event_id: uuid.UUID
    tenant: str
    name: str
    object_kind: str
    object_id: str
    at: dt.datetime
    data: str
    attempts: int
    next_try_at: dt.datetime | None

    @property
    def ref(self) -> tuple[str, str]:
        """The object, whose events keep their order."""
        return (self.object_kind, self.object_id)

    def restored(self) -> Event:
        """The event as it was published."""
        return event_class(self.name).restore(
            tenant=self.tenant,
            object_ref=ObjectRef(kind=self.object_kind, id=self.object_id),
            at=self.at,
            event_id=self.event_id,
            data=json.loads(self.data),
        )


def waiting(
    *,
    limit: int,
    without: Sequence[uuid.UUID] = (),
    names: Sequence[str] = (),
    by: str = "",
    free_at: dt.datetime | None = None,
) -> list[Waiting]:
    """Events that wait, oldest first; ``by``: of those ``names`` which that subscriber has not had.

    ``free_at``: only those before which, at that instant, no event of their object waits for a new trial.
    """
    statement, values = _WAITING, list[Any]()
    if without:
        statement, values = f"{statement} and e.event_id <> all(%s)", [list(without)]
    if by:
        statement, values = statement + _NOT_HAD, [*values, list(names), by]
    if free_at is not None:
        statement, values = statement + _FREE, [*values, free_at]
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} order by e.id limit %s", [*values, limit])
        return [Waiting._make(row) for row in cursor.fetchall()]


def first_time(key: str, event_id: uuid.UUID) -> bool:
    """Note that a subscriber has an event; False when it was noted before. Part of the caller's transaction."""
    return bool(first_times(key, [event_id]))


def first_times(key: str, event_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Note that a subscriber has these events; gives those it has not had before. Part of the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into kernel_inboxkey (subscriber, event_id, handled_at)"
            " select %s, event, %s from unnest(%s::uuid[]) event on conflict do nothing returning event_id",
            [key, now(), list(event_ids)],
        )
        return {row[0] for row in cursor.fetchall()}


def handled_by(event_ids: Sequence[uuid.UUID], keys: Sequence[str]) -> dict[uuid.UUID, set[str]]:
    """Which of these subscribers have had which of these events."""
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    if event_ids and keys:
        with connection.cursor() as cursor:
            cursor.execute(
                "select i.event_id, i.subscriber from unnest(%s::uuid[]) e"
                " join kernel_inboxkey i on i.event_id = e and i.subscriber = any(%s)",
                [list(event_ids), list(keys)],
            )
            for event_id, key in cursor.fetchall():
                found[event_id].add(key)
    return found
