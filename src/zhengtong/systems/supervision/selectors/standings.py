"""What the possible moves of a card depend on: its limits, its doubts, its letters."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from django.db.models import Case, When

from zhengtong.kernel.clock import local_date
from zhengtong.systems.supervision.constants import CardActKind, LimitState
from zhengtong.systems.supervision.models import Card, CardAct, CardLimit, Doubt, Letter
from zhengtong.systems.supervision.rules import Standing

#: what runs comes before what is over: the limit that counts is the one that runs, else the newest
RUNNING_FIRST = Case(When(state=LimitState.RUNNING, then=0), default=1)


def standings(cards: Sequence[Card]) -> dict[uuid.UUID, Standing]:
    """The standing of each card, with four statements for all of them."""
    keys = [card.id for card in cards]
    last: dict[tuple[uuid.UUID, str], dt.date] = {}
    limits = CardLimit.objects.filter(card__in=keys).order_by(RUNNING_FIRST.desc(), "created_at", "id")
    for card_id, kind, due_on in limits.values_list("card_id", "kind", "due_on"):
        last[card_id, kind] = due_on
    appealed = _appealed(keys)
    doubted = set(Doubt.objects.filter(card__in=keys, settled_at__isnull=True).values_list("card_id", flat=True))
    awaiting = set(Letter.objects.filter(card__in=keys, replied_at__isnull=True).values_list("card_id", flat=True))
    today = local_date()
    return {
        card.id: Standing(
            today=today,
            explain_until=last.get((card.id, "explain"), card.explain_until),
            appeal_until=last.get((card.id, "appeal")),
            rectify_until=last.get((card.id, "rectify")),
            appealed=card.id in appealed,
            doubted=card.id in doubted,
            awaits_reply=card.id in awaiting,
        )
        for card in cards
    }


def standing_of(card: Card) -> Standing:
    """The standing of one card."""
    return standings([card])[card.id]


def _appealed(keys: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Cards whose unit has appealed after a confirmation."""
    found: set[uuid.UUID] = set()
    confirmed: set[uuid.UUID] = set()
    kinds = (CardActKind.CONFIRM, CardActKind.APPEAL)
    acts = CardAct.objects.filter(card__in=list(keys), kind__in=kinds).order_by("card_id", "no")
    for card_id, kind in acts.values_list("card_id", "kind"):
        if kind == CardActKind.CONFIRM:
            confirmed.add(card_id)
        elif card_id in confirmed:
            found.add(card_id)
    return found
