"""Watching: events, in one transaction: the log, the pictures of their cases, their cards, the version of the board.

One event or a thousand take the same way, with about as many statements: at midnight limits pass together, and every
unit must see its own at the same time.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from django.db import transaction

from zhengtong.kernel.events import Event
from zhengtong.systems.supervision.models import Card
from zhengtong.systems.supervision.registry import event_sources
from zhengtong.systems.supervision.services.board import touch
from zhengtong.systems.supervision.services.clearing import clear_warnings
from zhengtong.systems.supervision.services.doubting import doubt_moved
from zhengtong.systems.supervision.services.noting import note_all, number_of
from zhengtong.systems.supervision.services.pathing import note_paths
from zhengtong.systems.supervision.services.picture import Pictures
from zhengtong.systems.supervision.services.raising import Watched, raise_all


def watch(event: Event) -> list[Card]:
    """Take note of an event and raise the cards its rules ask for; returns these.

    Harmless when repeated: the picture does not change again, and no card is raised twice for one fact.
    """
    return watch_all([event])


@transaction.atomic
def watch_all(events: Sequence[Event], *, anew: Collection[uuid.UUID] = ()) -> list[Card]:
    """Take note of events in their order, as ``watch`` does for each; returns the cards that were raised.

    The pictures of the cases ``anew`` are built from nothing: the events are all that happened in them.
    """
    tenants: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        tenants[event.tenant].append(event)
    return [card for tenant in sorted(tenants) for card in _watch(tenant, tenants[tenant], anew=anew)]


def _watch(tenant: str, events: Sequence[Event], *, anew: Collection[uuid.UUID]) -> list[Card]:
    told = [(event, event_sources.get(event.NAME).read(event)) for event in events]
    entries = note_all(told)
    sightings = [(event, seen) for event, seen in told if seen is not None]
    if not sightings:
        return []
    named = [entries[number_of(event)].case_id for event, seen in sightings if seen.case_id is None]
    pictures = Pictures(tenant, [seen for _event, seen in sightings], also=[key for key in named if key is not None])
    pictures.blank(anew)
    watched = []
    for event, seen in sightings:
        entry = entries[number_of(event)]
        watched.append(Watched(event, seen, pictures.case(seen.case_id or entry.case_id), entry))
    raised = []
    for wave in _waves(watched):
        of_cases = [one for one in wave if one.seen.case_id is not None]
        for one in of_cases:
            pictures.apply(one.seen, event_id=number_of(one.event), at=one.event.at)
        clear_warnings(tenant, [one.seen for one in of_cases])
        for one in of_cases:
            doubt_moved(one.event, one.seen)
        raised += raise_all(wave)
    pictures.write()
    note_paths(watched)
    touch(tenant)
    return raised


def _waves(watched: Sequence[Watched]) -> Iterator[list[Watched]]:
    """The events in their order, so that each wave has at most one of a case: what came before is in force then."""
    waves: dict[int, list[Watched]] = defaultdict(list)
    reached: dict[uuid.UUID | str, int] = defaultdict(int)
    for one in watched:
        key = one.case.case_id if one.case else str(one.event.object_ref)
        waves[reached[key]].append(one)
        reached[key] += 1
    yield from (waves[number] for number in sorted(waves))
