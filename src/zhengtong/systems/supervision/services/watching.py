"""Watching: one event, in one transaction: the log, the picture of the case, its cards, the version of the board."""

from django.db import transaction

from zhengtong.kernel.events import Event
from zhengtong.systems.supervision.models import Card, WatchedCase
from zhengtong.systems.supervision.registry import event_sources
from zhengtong.systems.supervision.services import picture
from zhengtong.systems.supervision.services.board import touch
from zhengtong.systems.supervision.services.clearing import clear_warnings
from zhengtong.systems.supervision.services.doubting import doubt_moved
from zhengtong.systems.supervision.services.noting import note, number_of
from zhengtong.systems.supervision.services.raising import raise_cards


@transaction.atomic
def watch(event: Event) -> list[Card]:
    """Take note of an event and raise the cards its rules ask for; returns these.

    Harmless when repeated: the picture does not change again, and no card is raised twice for one fact.
    """
    seen = event_sources.get(event.NAME).read(event)
    entry = note(event, seen)
    if seen is None:
        return []
    case = None
    if seen.case_id is not None:
        case = picture.locked_case(event.tenant, seen)
        picture.apply(case, seen, event_id=number_of(event), at=event.at)
        clear_warnings(seen, case)
        doubt_moved(event, seen)
    elif entry.case_id is not None:
        case = WatchedCase.objects.select_for_update().filter(tenant=event.tenant, case_id=entry.case_id).first()
    raised = raise_cards(event, seen, case, entry)
    touch(event.tenant)
    return raised
