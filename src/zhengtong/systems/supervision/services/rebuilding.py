"""Building the read model again from the stored events, and raising cards that are missing."""

import dataclasses
import uuid
from collections.abc import Iterator, Mapping

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.events import Event, event_class
from zhengtong.kernel.models import InboxKey, OutboxEvent
from zhengtong.systems.supervision.constants import SUBSCRIBER
from zhengtong.systems.supervision.models import Card, WatchedCase, WatchedEvent
from zhengtong.systems.supervision.registry import event_sources
from zhengtong.systems.supervision.services.board import touch
from zhengtong.systems.supervision.services.noting import row_of, write
from zhengtong.systems.supervision.services.watching import watch, watch_all

_BATCH = 1000


@dataclasses.dataclass(frozen=True)
class RebuildReport:
    """What a rebuild did: cases built again, events read, cards that had been missing, entries of the log written."""

    cases: int
    events: int
    cards: int
    entries: int = 0


def handled_events(tenant: str) -> "QuerySet[OutboxEvent]":
    """Stored events that supervision has seen or that are delivered; the others come by themselves."""
    seen = InboxKey.objects.filter(subscriber=SUBSCRIBER, event_id=OuterRef("event_id"))
    rows = OutboxEvent.objects.filter(tenant=tenant, name__in=_names())
    return rows.filter(Q(delivered_at__isnull=False) | Exists(seen))


def _names() -> list[str]:
    return [name for name, _ in event_sources.items()]


def rebuild(tenant: str) -> RebuildReport:
    """Build the read model of a tenant again and raise what is missing; no card is doubled, none is taken away.

    One transaction for some cases, so that watching goes on meanwhile. A case whose first events are no longer stored
    is not emptied before it is read again. The log comes first, in the order of recording: facts lean on it.
    """
    read = 0
    entries = rebuild_log(tenant)
    before = Card.objects.filter(tenant=tenant).count()
    newest, cases = _stored_by_case(tenant)
    for part in _parts(cases):
        read += _rebuild_cases(tenant, part, newest)
    read += _watch_again(tenant)
    missing = Card.objects.filter(tenant=tenant).count() - before
    with transaction.atomic():
        touch(tenant)
        ledger.append(
            actor=system(tenant),
            act="supervision.rebuild",
            object_ref=ObjectRef(kind="supervision", id=tenant),
            payload={"cases": len(cases), "events": read, "cards": missing, "entries": entries},
        )
    return RebuildReport(cases=len(cases), events=read, cards=missing, entries=entries)


def rebuild_log(tenant: str) -> int:
    """Write the log again from the stored events, batch by batch; entries whose events are gone stay.

    Returns how many entries were written. Each keeps its place, so watching may go on meanwhile.
    """
    written, after = 0, 0
    while True:
        with transaction.atomic():
            stored = list(handled_events(tenant).filter(id__gt=after).order_by("id")[:_BATCH])
            if not stored:
                return written
            events = [(row.id, _restored(row)) for row in stored]
            rows = [row_of(place, event, event_sources.get(event.NAME).read(event)) for place, event in events]
            WatchedEvent.objects.filter(position__in=[row.position for row in rows]).delete()
            write(rows)
        written, after = written + len(rows), stored[-1].id


def _watch_again(tenant: str) -> int:
    """Raise the missing cards of events that are about no case."""
    stored = handled_events(tenant).filter(Q(data__case_id__isnull=True) | Q(data__case_id=None)).order_by("id")
    read = 0
    for row in stored.iterator(chunk_size=_BATCH):
        watch(_restored(row))
        read += 1
    return read


def _stored_by_case(tenant: str) -> tuple[int, dict[uuid.UUID, list[int]]]:
    """The newest id and the ids of all stored events of each case; only ids are held in memory."""
    newest, found = 0, dict[uuid.UUID, list[int]]()
    rows = OutboxEvent.objects.filter(tenant=tenant, name__in=_names()).order_by("id")
    for newest, case_id in rows.values_list("id", "data__case_id").iterator(chunk_size=2000):
        if case_id:
            found.setdefault(uuid.UUID(case_id), []).append(newest)
    return newest, found


def _parts(cases: Mapping[uuid.UUID, list[int]]) -> Iterator[dict[uuid.UUID, list[int]]]:
    """Cases by some hundreds of events."""
    part: dict[uuid.UUID, list[int]] = {}
    for case_id, numbers in cases.items():
        part[case_id] = numbers
        if sum(map(len, part.values())) >= _BATCH:
            yield part
            part = {}
    if part:
        yield part


@transaction.atomic
def _rebuild_cases(tenant: str, cases: Mapping[uuid.UUID, list[int]], newest: int) -> int:
    known = WatchedCase.objects.select_for_update().filter(tenant=tenant, case_id__among=list(cases))
    list(known.order_by("case_id").values_list("pk"))
    # asked anew under the lock: what was handled since the list was made is part of the picture, too
    numbers = [number for of_case in cases.values() for number in of_case]
    later = Q(id__gt=newest, data__case_id__in=[str(key) for key in cases])
    stored = handled_events(tenant).filter(Q(id__among=numbers) | later)
    events = [_restored(row) for row in stored.order_by("id")]
    sightings = [event_sources.get(event.NAME).read(event) for event in events]
    whole = {seen.case_id for seen in sightings if seen is not None and seen.change == "opened" and seen.case_id}
    watch_all(events, anew=whole)
    return len(events)


def _restored(row: OutboxEvent) -> Event:
    return event_class(row.name).restore(
        tenant=row.tenant,
        object_ref=ObjectRef(kind=row.object_kind, id=row.object_id),
        at=row.at,
        event_id=row.event_id,
        data=row.data,
    )
