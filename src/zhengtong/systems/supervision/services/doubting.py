"""依据已变: what a card rested on changed afterwards; it is marked and proposed for cancellation, never taken away."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhengtong.contracts.cases import DeadlineMoved
from zhengtong.kernel.actors import system
from zhengtong.kernel.clock import now
from zhengtong.kernel.events import Event
from zhengtong.kernel.ui.formats import cn_datetime
from zhengtong.systems.supervision.constants import OPEN_STATES, CardActKind, Cause
from zhengtong.systems.supervision.models import Card, Doubt, Outage
from zhengtong.systems.supervision.registry import Sighting
from zhengtong.systems.supervision.services.acting import Done, write_acts
from zhengtong.systems.supervision.services.placing import area_of, outage_of, passed_at


def doubt_moved(event: Event, seen: Sighting) -> int:
    """Mark the open cards of a limit whose end was moved beyond the instant at which they were raised."""
    if not isinstance(event, DeadlineMoved) or seen.deadline_id is None or seen.due_at is None:
        return 0
    cards = [
        card for card in _open_cards(event.tenant).filter(deadline_id=seen.deadline_id) if _due_then(card) < seen.due_at
    ]
    cause = Cause.HOLIDAY if event.cause == "calendar" else Cause.OTHER
    text = _("亮牌以后，时限因%(why)s重新计算，届满时刻改为%(due)s，亮牌的依据已经变化，建议撤销。") % {
        "why": event.reason or _("依法调整"),
        "due": cn_datetime(seen.due_at),
    }
    return mark(event.tenant, cards, cause=cause, text=text)


def doubt_outage(outage: Outage) -> int:
    """Mark the open cards whose limit passed while the systems were down."""
    cards = [
        card
        for card in _open_cards(outage.tenant).filter(deadline_id__isnull=False, raised_at__gte=outage.starts_at)
        if outage_of([outage], area=area_of(card), at=passed_at(card)) is not None
    ]
    text = _("时限届满时系统处于登记的故障时段内（%(why)s），建议核定后撤销。") % {"why": outage.reason}
    return mark(outage.tenant, cards, cause=Cause.OUTAGE, text=text)


def mark(tenant: str, cards: Sequence[Card], *, cause: str, text: str) -> int:
    """Mark locked cards as resting on something that changed; those marked for the same cause stay as they are."""
    known = set(
        Doubt.objects.filter(card__in=[card.id for card in cards], cause=cause, settled_at__isnull=True).values_list(
            "card_id", flat=True
        )
    )
    fresh = [card for card in cards if card.id not in known]
    Doubt.objects.bulk_create(Doubt(tenant=tenant, card=card, cause=cause, text=text) for card in fresh)
    write_acts(system(tenant), [Done(card, CardActKind.MARK, text, card.state) for card in fresh])
    return len(fresh)


def settle(cards: Sequence[Card]) -> None:
    """The doubts about cards are settled: they were cancelled, or somebody held that they stand."""
    Doubt.objects.filter(card__in=[card.id for card in cards], settled_at__isnull=True).update(settled_at=now())


def _open_cards(tenant: str) -> "QuerySet[Card]":
    rows = Card.objects.filter(tenant=tenant, state__in=OPEN_STATES).order_by("id")
    return rows.select_for_update(of=("self",)).select_related("rule")


def _due_then(card: Card) -> dt.datetime:
    due = card.evidence.get("due_at")
    return dt.datetime.fromisoformat(due) if isinstance(due, str) else card.raised_at
