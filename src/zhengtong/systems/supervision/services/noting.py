"""Keeping the log: what is written of an event, once, at its place in the order of recording."""

import uuid
from collections.abc import Sequence
from typing import Any

from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.events import Event
from zhengtong.kernel.many import insert_all
from zhengtong.kernel.models import OutboxEvent
from zhengtong.systems.supervision.models import WatchedEvent
from zhengtong.systems.supervision.registry import PRIVATE_FIELDS, Sighting, event_sources


def number_of(event: Event) -> uuid.UUID:
    """The event's own number; ValueError for one that the outbox has not numbered."""
    if event.event_id is None:
        raise ValueError("only an event that the outbox has numbered can be watched")
    return event.event_id


def note_all(told: Sequence[tuple[Event, Sighting | None]]) -> dict[uuid.UUID, WatchedEvent]:
    """The entries of events by their numbers, written where it is the first time; part of the caller's transaction."""
    keys = [number_of(event) for event, _seen in told]
    entries = {row.event_id: row for row in WatchedEvent.objects.filter(event_id__among=keys)}
    places = dict(OutboxEvent.objects.filter(event_id__among=keys).values_list("event_id", "id"))
    fresh = [row_of(places[key], *one) for key, one in zip(keys, told, strict=True) if key not in entries]
    write(fresh)
    return entries | {row.event_id: row for row in fresh}


def write(rows: Sequence[WatchedEvent]) -> None:
    """Write entries in their order; those that are there stay. Papers and fees find the case of their matter."""
    if any(_looks_for_case(row) for row in rows):
        _link(rows)
    insert_all(rows, ignore_conflicts=True)


def _link(rows: Sequence[WatchedEvent]) -> None:
    """By what was recorded before each of them only: written again, the log comes out the same."""
    subjects = {row.subject for row in rows if _looks_for_case(row)}
    stored = WatchedEvent.objects.filter(
        tenant__in={row.tenant for row in rows}, subject__in=subjects, case_id__isnull=False
    )
    first: dict[str, tuple[int, uuid.UUID]] = {}
    told = [(row.subject, row.position, row.case_id) for row in rows if row.subject in subjects and row.case_id]
    for subject, position, case_id in [*stored.values_list("subject", "position", "case_id"), *told]:
        if case_id is not None and position <= first.get(subject, (position, case_id))[0]:
            first[subject] = (position, case_id)
    for row in rows:
        found = first.get(row.subject)
        if found is not None and found[0] < row.position and _looks_for_case(row):
            row.case_id = found[1]


def _looks_for_case(row: WatchedEvent) -> bool:
    return row.case_id is None and bool(row.subject) and "case_id" not in event_sources.get(row.name).hidden


def row_of(position: int, event: Event, seen: Sighting | None) -> WatchedEvent:
    """What the log says of an event: its fields without persons, and the columns rules count by.

    Of an event that must not lead to its matter (``EventSource.hidden``) nothing that names the matter is kept.
    """
    source = event_sources.get(event.NAME)
    hidden = source.hidden if seen is None else frozenset[str]()
    told = {name: value for name, value in event.data().items() if name not in PRIVATE_FIELDS | hidden}

    def of_event(name: str, otherwise: Any = None) -> Any:
        return otherwise if name in hidden else getattr(event, name, otherwise)

    of = seen or Sighting(
        change="noted",
        case_id=None,
        number=of_event("number", ""),
        org_id=getattr(event, "org_id", None),  # type: ignore[arg-type]  # an event that raises no card may name none
        org_name=getattr(event, "org_name", ""),
    )
    return WatchedEvent(
        position=position,
        tenant=event.tenant,
        event_id=number_of(event),
        name=event.NAME,
        area=source.area,
        occurred_at=event.at,
        case_id=of.case_id or of_event("case_id"),
        number=of.number,
        subject="" if "subject" in hidden else _subject(event),
        step_id=of.step_id or of_event("work_item_id"),
        org_id=of.org_id,
        org_name=of.org_name,
        step_org_id=of.step_org_id or of_event("step_org_id"),
        step_org_name=of.step_org_name or of_event("step_org_name", ""),
        item_code=of.item_code or of_event("item_code", "") or of_event("code", ""),
        post_name=of_event("post_name", ""),
        person_id=of_event("person_id") or of_event("operator_id"),
        phase=of_event("phase", ""),
        node=of_event("node", ""),
        outcome=of_event("outcome", ""),
        applicant=of_event("applicant", ""),
        text_digest=of_event("opinion_digest", ""),
        device_id=of_event("device_id"),
        fields=told,
    )


def _subject(event: Event) -> str:
    """The matter an event is about: what it names as such, else the object it belongs to."""
    named = getattr(event, "subject", None) or getattr(event, "subject_ref", None)
    return str(named if isinstance(named, ObjectRef) else event.object_ref)
