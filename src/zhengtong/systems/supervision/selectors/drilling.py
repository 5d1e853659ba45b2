"""From the county to a unit to a day: how many cards were raised, and what became of them."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import TruncDate

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.calendar import SHANGHAI, end_of_day, start_of_day
from zhengtong.systems.supervision.constants import OPEN_STATES
from zhengtong.systems.supervision.models import Card
from zhengtong.systems.supervision.permissions import visible_cards


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tallied:
    """Cards of a unit or of a day: by level, cancelled ones counted apart; ``standing`` still ask for something."""

    org_id: uuid.UUID | None = None
    org_name: str = ""
    day: dt.date | None = None
    raised: int
    hint: int
    yellow: int
    red: int
    breach: int
    cancelled: int
    standing: int


_COUNTS: dict[str, Any] = {
    "raised": Count("pk"),
    **{
        level: Count("pk", filter=Q(level=level) & ~Q(state="cancelled"))
        for level in ("hint", "yellow", "red", "breach")
    },
    "cancelled": Count("pk", filter=Q(state="cancelled")),
    "standing": Count("pk", filter=Q(state__in=OPEN_STATES)),
}


def _tallied(rows: Any) -> list[Tallied]:
    return [Tallied(**row) for row in rows]


def by_unit(actor: Actor, since: dt.date, until: dt.date) -> list[Tallied]:
    """Each unit with cards raised from a day to a day, the most first."""
    rows: Any = _between(actor, since, until).values("org_id").annotate(org_name=Max("org_name"), **_COUNTS)
    return _tallied(rows.order_by("-raised", "org_name"))


def by_day(actor: Actor, since: dt.date, until: dt.date, *, unit: uuid.UUID | None = None) -> list[Tallied]:
    """Each day with cards raised, the first day first; of one unit, or of all in the actor's scope."""
    rows = _between(actor, since, until)
    if unit is not None:
        rows = rows.filter(org_id=unit)
    days: Any = rows.annotate(day=TruncDate("raised_at", tzinfo=SHANGHAI)).values("day").annotate(**_COUNTS)
    return _tallied(days.order_by("day"))


def _between(actor: Actor, since: dt.date, until: dt.date) -> "QuerySet[Card]":
    return Card.objects.filter(
        visible_cards(actor), raised_at__gte=start_of_day(since), raised_at__lt=end_of_day(until)
    )
