"""Watching: one event, in one transaction: the picture of the case, its cards, the version of the board."""

from django.db import transaction

from zhengtong.kernel.events import Event
from zhengtong.systems.supervision.models import Card
from zhengtong.systems.supervision.registry import event_sources
from zhengtong.systems.supervision.services import picture
from zhengtong.systems.supervision.services.board import touch
from zhengtong.systems.supervision.services.raising import clear_warnings, number_of, raise_cards


@transaction.atomic
def watch(event: Event) -> list[Card]:
    """Take note of an event and raise the cards its rules ask for; returns these.

    Harmless when repeated: the picture does not change again, and no card is raised twice for one fact.
    """
    seen = event_sources.get(event.NAME).read(event)
    if seen is None:
        return []
    case = picture.locked_case(event.tenant, seen)
    picture.apply(case, seen, event_id=number_of(event), at=event.at)
    clear_warnings(seen, case)
    raised = raise_cards(event, seen, case)
    touch(event.tenant)
    return raised
