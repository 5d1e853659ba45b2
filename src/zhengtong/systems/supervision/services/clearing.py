"""Warnings go away by themselves: the limit was met in time, or it passed and a graver card stands for it."""

import uuid
from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import system
from zhengtong.systems.supervision.constants import CardState
from zhengtong.systems.supervision.models import Card
from zhengtong.systems.supervision.registry import Sighting
from zhengtong.systems.supervision.services.acting import Done, write_acts

_UNJUDGED = (CardState.RAISED, CardState.EXPLAINED)
_PASSED = ("red", "breach")


def clear_warnings(tenant: str, sightings: Iterable[Sighting]) -> int:
    """Take away warnings whose limit was met in time, or was passed and so gave a graver card; returns how many.

    Of each case there is at most one sighting.
    """
    passed: list[uuid.UUID] = []
    ended: dict[uuid.UUID, Sighting] = {}
    for seen in sightings:
        if seen.change == "deadline":
            if seen.deadline_id is not None and seen.level in _PASSED:
                passed.append(seen.deadline_id)
        elif seen.case_id is not None and (seen.met or seen.change == "closed"):
            ended[seen.case_id] = seen
    gone = _warnings(tenant, Q(deadline_id__among=passed) & ~Q(level__in=_PASSED)) if passed else []
    met = _warnings(tenant, Q(case_id__among=list(ended))) if ended else []
    done = [Done(card, "clear", _("期限已过，不再预警。"), CardState.CLOSED) for card in gone]
    done += [
        Done(card, "clear", _("已在期限内办理。"), CardState.CLOSED)
        for card in met
        if card.case_id is not None and _ends(ended[card.case_id], card)
    ]
    write_acts(system(tenant), done)
    return len(done)


def _ends(seen: Sighting, card: Card) -> bool:
    """Whether what was seen of a case meets the limit a card warns of."""
    if seen.change == "closed":
        return True
    if card.deadline_kind == "step":
        return "step" in seen.met and card.step_id == seen.step_id
    return card.deadline_kind in seen.met


def _warnings(tenant: str, wanted: Q) -> list[Card]:
    rows = Card.objects.filter(wanted, tenant=tenant, warning=True, state__in=_UNJUDGED).order_by("id")
    return list(rows.select_for_update(of=("self",)).select_related("rule"))
