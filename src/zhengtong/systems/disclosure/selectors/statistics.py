"""Figures of requests: by unit, channel, outcome and month."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Count as Counted
from django.db.models import Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.systems.disclosure.constants import AskKind, Channel, ClockKind, State
from zhengtong.systems.disclosure.models import DisclosureRequest
from zhengtong.systems.disclosure.permissions import visible
from zhengtong.systems.disclosure.rules.figures import Count, total_of
from zhengtong.systems.disclosure.rules.outcomes import CHOICES, SPLIT

_OPENED = ("already", "provide", "partial")
_LABELS = dict(CHOICES)


@dataclasses.dataclass(frozen=True)
class Statistics:
    """Everything the page of figures shows, for a time by day of receipt."""

    since: dt.date
    until: dt.date
    total: Count
    units: tuple[Count, ...]
    channels: tuple[Count, ...]
    outcomes: tuple[tuple[str, int], ...]
    months: tuple[Count, ...]


def counted_requests(tenant: str) -> "QuerySet[DisclosureRequest]":
    """Requests for information as the figures count them: a split one by its parts, no corrections of own data."""
    rows = DisclosureRequest.objects.filter(tenant=tenant, kind=AskKind.INFORMATION)
    return rows.exclude(outcome=SPLIT)


def statistics(*, actor: Actor, since: dt.date, until: dt.date) -> Statistics:
    """For the authority of the county; for a unit of its own."""
    rows = counted_requests(actor.tenant).filter(visible(actor))
    rows = rows.filter(received_on__gte=since, received_on__lte=until)
    units = _grouped(rows, "org_code", lambda row: str(row["org_name"]), "org_name")
    ended = rows.exclude(outcome="").order_by().values_list("outcome").annotate(n=Counted("id"))
    return Statistics(
        since=since,
        until=until,
        total=total_of(units, _("合计")),
        units=tuple(units),
        channels=tuple(_grouped(rows, "channel", lambda row: str(Channel(row["channel"]).label))),
        outcomes=tuple(sorted(((_LABELS[key], n) for key, n in ended), key=lambda one: -one[1])),
        months=_by_month(rows, since, until),
    )


def _grouped(
    rows: "QuerySet[DisclosureRequest]", key: str, label: Callable[[Mapping[str, Any]], str], *more: str
) -> list[Count]:
    late = Q(clocks__kind=ClockKind.ANSWER, clocks__ended_at__isnull=True, clocks__due_at__lte=now())
    answered = Q(state=State.CLOSED, in_time__isnull=False)
    sums = {
        "received": Counted("id", distinct=True),
        "open": Counted("id", distinct=True, filter=~Q(state=State.CLOSED)),
        "late": Counted("id", distinct=True, filter=late),
        "answered": Counted("id", distinct=True, filter=answered),
        "in_time": Counted("id", distinct=True, filter=answered & Q(in_time=True)),
        "opened": Counted("id", distinct=True, filter=answered & Q(outcome__in=_OPENED)),
        "remedies": Counted("remedies", distinct=True),
    }
    # prefixed, for a later sum would take "in_time" for the sum of that name
    found = rows.order_by().values(key, *more).annotate(**{f"n_{name}": one for name, one in sums.items()})
    counts = [
        Count(key=str(row[key] or ""), label=label(row), **{name: int(row[f"n_{name}"]) for name in sums})
        for row in found
    ]
    return sorted(counts, key=lambda one: (-one.received, one.label))


def _by_month(rows: "QuerySet[DisclosureRequest]", since: dt.date, until: dt.date) -> tuple[Count, ...]:
    known = {
        one.key[:7]: one for one in _grouped(rows.annotate(month=TruncMonth("received_on")), "month", lambda _: "")
    }
    found, day = [], since.replace(day=1)
    while day <= until:
        key = f"{day:%Y-%m}"
        label = _("%(y)d年%(m)d月") % {"y": day.year, "m": day.month}
        found.append(dataclasses.replace(known.get(key, Count()), key=key, label=label))
        day = (day + dt.timedelta(days=32)).replace(day=1)
    return tuple(found)
