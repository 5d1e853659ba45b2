"""Watching many limits at once: at midnight thousands pass, and every unit must see its own at the same time.

What is written is what ``watch`` would write for each of them, with a few statements for all.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence

from django.db import connection, transaction

from zhengtong.kernel.events import Event
from zhengtong.kernel.many import insert_all
from zhengtong.kernel.models import OutboxEvent
from zhengtong.systems.supervision.models import Card, WatchedCase, WatchedEvent
from zhengtong.systems.supervision.registry import Sighting, event_sources
from zhengtong.systems.supervision.services import noting, picture
from zhengtong.systems.supervision.services.board import touch
from zhengtong.systems.supervision.services.clearing import clear_passed
from zhengtong.systems.supervision.services.noting import number_of
from zhengtong.systems.supervision.services.raising import Watched, raise_all
from zhengtong.systems.supervision.services.watching import watch

_FEW = 8  # below that one by one is as quick
_STEPS = (
    "update supervision_watchedstep s set due_at = v.due_at,"
    " late_at = case when v.late and s.late_at is null then v.due_at else s.late_at end"
    " from unnest(%s::uuid[], %s::uuid[], %s::boolean[], %s::timestamptz[], %s::boolean[])"
    " v(case_id, step_id, acceptance, due_at, late)"
    " where s.case_id = v.case_id and s.done_at is null"
    " and (s.step_id = v.step_id or (v.acceptance and s.phase = 'accept'))"
)
_CASES = (
    "update supervision_watchedcase c set number = v.number, title = v.title, item_code = v.item_code,"
    " org_id = v.org_id, org_name = v.org_name, promised_due = v.promised_due, statutory_due = v.statutory_due,"
    " level = v.level, last_event_id = v.last_event_id, last_event_at = v.last_event_at"
    " from unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::uuid[], %s::text[], %s::timestamptz[],"
    " %s::timestamptz[], %s::text[], %s::uuid[], %s::timestamptz[])"
    " v(id, number, title, item_code, org_id, org_name, promised_due, statutory_due, level, last_event_id,"
    " last_event_at) where c.id = v.id"
)


@transaction.atomic
def watch_lamps(events: Sequence[Event]) -> list[Card]:
    """Take note of limits that came to their point, in their order, and raise their cards; harmless when repeated."""
    if len(events) < _FEW:
        return [card for event in events for card in watch(event)]
    lamps: dict[str, list[tuple[Event, Sighting]]] = defaultdict(list)
    for event in events:
        seen = event_sources.get(event.NAME).read(event)
        if seen is None or seen.change != "deadline" or seen.case_id is None:
            raise ValueError(f"{event.NAME} tells of no limit of a case")
        lamps[event.tenant].append((event, seen))
    return [card for tenant, found in lamps.items() for card in _watch_together(tenant, found)]


def _watch_together(tenant: str, found: Sequence[tuple[Event, Sighting]]) -> list[Card]:
    entries = _noted(found)
    cases = _locked_cases(tenant, [seen for _event, seen in found])
    watched = []
    for event, seen in found:
        case = cases[_key(seen)]
        picture.tell(case, seen, event_id=number_of(event), at=event.at)
        picture.limit(case, seen)
        watched.append(Watched(event, seen, case, entries[number_of(event)]))
    _write_cases(list(cases.values()))
    _write_steps([(cases[_key(seen)], seen) for _event, seen in found])
    raised = raise_all(watched)
    # afterwards: a limit may have come near and passed in one batch, and then its warning is over as well
    clear_passed(tenant, [seen for _event, seen in found])
    touch(tenant)
    return raised


def _key(seen: Sighting) -> uuid.UUID:
    if seen.case_id is None:
        raise ValueError("a lamp belongs to a case")
    return seen.case_id


def _noted(found: Sequence[tuple[Event, Sighting]]) -> dict[uuid.UUID, WatchedEvent]:
    """The entries of the log, those written before as they stand."""
    keys = [number_of(event) for event, _seen in found]
    entries = {row.event_id: row for row in WatchedEvent.objects.filter(event_id__in=keys)}
    places = dict(OutboxEvent.objects.filter(event_id__in=keys).values_list("event_id", "id"))
    fresh = [
        noting.row_of(places[number_of(event)], event, seen) for event, seen in found if number_of(event) not in entries
    ]
    noting.write(fresh)
    return entries | {row.event_id: row for row in fresh}


def _locked_cases(tenant: str, sightings: Sequence[Sighting]) -> dict[uuid.UUID, WatchedCase]:
    first = {_key(seen): seen for seen in reversed(sightings)}
    rows = WatchedCase.objects.filter(tenant=tenant, case_id__in=list(first))
    missing = set(first) - set(rows.values_list("case_id", flat=True))
    insert_all(
        [
            WatchedCase(tenant=tenant, case_id=key, number=seen.number, org_id=seen.org_id, org_name=seen.org_name)
            for key, seen in sorted(first.items())
            if key in missing
        ],
        ignore_conflicts=True,
    )
    return {case.case_id: case for case in rows.select_for_update().order_by("case_id")}


def _write_cases(cases: Sequence[WatchedCase]) -> None:
    rows = [
        (
            case.id,
            case.number,
            case.title,
            case.item_code,
            case.org_id,
            case.org_name,
            case.promised_due,
            case.statutory_due,
            case.level,
            case.last_event_id,
            case.last_event_at,
        )
        for case in cases
    ]
    with connection.cursor() as cursor:
        cursor.execute(_CASES, [list(column) for column in zip(*rows, strict=True)])


def _write_steps(pairs: Sequence[tuple[WatchedCase, Sighting]]) -> None:
    """Where the limits of steps end now, and since when they are late; the last word about a step counts."""
    rows: dict[tuple[uuid.UUID, uuid.UUID | None], tuple[uuid.UUID, uuid.UUID | None, bool, dt.datetime, bool]] = {}
    for case, seen in pairs:
        acceptance = seen.step_id is None and seen.deadline_kind == "acceptance"
        if seen.due_at is None or (seen.step_id is None and not acceptance):
            continue
        key = (case.id, seen.step_id)
        late = seen.level in ("red", "breach") or (key in rows and rows[key][4])
        rows[key] = (case.id, seen.step_id, acceptance, seen.due_at, late)
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_STEPS, [list(column) for column in zip(*rows.values(), strict=True)])
