"""Building the read model again from the stored events, and raising cards that are missing."""

import dataclasses
import uuid

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.events import Event, event_class
from zhengtong.kernel.models import InboxKey, OutboxEvent
from zhengtong.systems.supervision.constants import SUBSCRIBER
from zhengtong.systems.supervision.models import Card, WatchedCase
from zhengtong.systems.supervision.registry import event_sources
from zhengtong.systems.supervision.services import picture
from zhengtong.systems.supervision.services.board import touch
from zhengtong.systems.supervision.services.watching import watch


@dataclasses.dataclass(frozen=True)
class RebuildReport:
    """What a rebuild did: cases built again, events read, cards that had been missing."""

    cases: int
    events: int
    cards: int


def handled_events(tenant: str) -> "QuerySet[OutboxEvent]":
    """Stored events that supervision has seen or that are delivered; the others come by themselves."""
    seen = InboxKey.objects.filter(subscriber=SUBSCRIBER, event_id=OuterRef("event_id"))
    rows = OutboxEvent.objects.filter(tenant=tenant, name__in=_names())
    return rows.filter(Q(delivered_at__isnull=False) | Exists(seen))


def _names() -> list[str]:
    return [name for name, _ in event_sources.items()]


def rebuild(tenant: str) -> RebuildReport:
    """Build the read model of a tenant again and raise what is missing; no card is doubled, none is taken away.

    One transaction a case, so that watching goes on meanwhile. A case whose first events are no longer stored is
    not emptied before it is read again.
    """
    read = 0
    before = Card.objects.filter(tenant=tenant).count()
    newest, cases = _stored_by_case(tenant)
    for case_id, numbers in cases.items():
        read += _rebuild_case(tenant, case_id, numbers, newest)
    missing = Card.objects.filter(tenant=tenant).count() - before
    with transaction.atomic():
        touch(tenant)
        ledger.append(
            actor=system(tenant),
            act="supervision.rebuild",
            object_ref=ObjectRef(kind="supervision", id=tenant),
            payload={"cases": len(cases), "events": read, "cards": missing},
        )
    return RebuildReport(cases=len(cases), events=read, cards=missing)


def _stored_by_case(tenant: str) -> tuple[int, dict[uuid.UUID, list[int]]]:
    """The newest id and the ids of all stored events of each case; only ids are held in memory."""
    newest, found = 0, dict[uuid.UUID, list[int]]()
    rows = OutboxEvent.objects.filter(tenant=tenant, name__in=_names()).order_by("id")
    for newest, case_id in rows.values_list("id", "data__case_id").iterator(chunk_size=2000):
        if case_id:
            found.setdefault(uuid.UUID(case_id), []).append(newest)
    return newest, found


@transaction.atomic
def _rebuild_case(tenant: str, case_id: uuid.UUID, numbers: list[int], newest: int) -> int:
    case = WatchedCase.objects.select_for_update().filter(tenant=tenant, case_id=case_id).first()
    # asked anew under the lock: what was handled since the list was made is part of the picture, too
    stored = handled_events(tenant).filter(Q(id__in=numbers) | Q(id__gt=newest, data__case_id=str(case_id)))
    events = [_restored(row) for row in stored.order_by("id")]
    sightings = [event_sources.get(event.NAME).read(event) for event in events]
    whole = any(seen is not None and seen.change == "opened" for seen in sightings)
    if case is not None and whole:
        picture.blank(case)
    for event in events:
        watch(event)
    return len(events)


def _restored(row: OutboxEvent) -> Event:
    return event_class(row.name).restore(
        tenant=row.tenant,
        object_ref=ObjectRef(kind=row.object_kind, id=row.object_id),
        at=row.at,
        event_id=row.event_id,
        data=row.data,
    )
