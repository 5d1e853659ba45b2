"""Figures of complaints: by unit, kind, item, outcome and month; what of them is for everybody."""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Count as Counted
from django.db.models import Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.calendar import SHANGHAI, end_of_day, start_of_day
from zhengtong.kernel.clock import local_date, now
from zhengtong.systems.complaints.constants import LEADER, Ending, Finding, Kind, Satisfaction, State
from zhengtong.systems.complaints.models import Complaint
from zhengtong.systems.complaints.permissions import in_office
from zhengtong.systems.complaints.rules.figures import Count, total_of

_DONE = (State.ANSWERED, State.REVIEW, State.CLOSED)
_JUDGED = (Finding.FOUNDED, Finding.PARTLY, Finding.UNFOUNDED, Finding.UNCLEAR)
_SUMS = {
    "received": Counted("id", distinct=True),
    "open": Counted("id", distinct=True, filter=~Q(state__in=(State.CLOSED, State.ANSWERED))),
    "answered": Counted("id", distinct=True, filter=Q(answered_at__isnull=False)),
    "in_time": Counted("id", distinct=True, filter=Q(answered_at__isnull=False, in_time=True)),
    "judged": Counted("id", distinct=True, filter=Q(finding__in=_JUDGED)),
    "founded": Counted("id", distinct=True, filter=Q(finding__in=(Finding.FOUNDED, Finding.PARTLY))),
    "rated": Counted("id", distinct=True, filter=~Q(satisfaction="")),
    "satisfied": Counted("id", distinct=True, filter=Q(satisfaction__in=(Satisfaction.SATISFIED, Satisfaction.FAIRLY))),
    "refused": Counted("id", distinct=True, filter=Q(ending__in=(Ending.NOT_ACCEPTED, Ending.TRANSFERRED))),
}


@dataclasses.dataclass(frozen=True)
class Statistics:
    """Everything the page of figures shows, for a time by day of receipt."""

    since: dt.date
    until: dt.date
    total: Count
    units: tuple[Count, ...]
    kinds: tuple[Count, ...]
    items: tuple[Count, ...]
    outcomes: tuple[tuple[str, int], ...]
    months: tuple[Count, ...]


def statistics(*, actor: Actor, since: dt.date, until: dt.date) -> Statistics:
    """For the office of the county; for a unit's leader of what his unit handles."""
    rows = _of(actor).filter(received_at__gte=start_of_day(since), received_at__lt=end_of_day(until))
    kinds = _grouped(rows, "kind", lambda row: str(Kind(row["kind"]).label))
    return Statistics(
        since=since,
        until=until,
        total=total_of(kinds, _("合计")),
        units=tuple(_by_unit(rows)),
        kinds=tuple(kinds),
        items=tuple(_by_item(rows)),
        outcomes=_outcomes(rows),
        months=_by_month(rows, since, until),
    )


def public_totals(tenant: str) -> tuple[Count, list[Count]]:
    """This year so far, in all and by kind, for everybody; the caller hides small numbers."""
    since = local_date().replace(month=1, day=1)
    rows = Complaint.objects.filter(tenant=tenant, received_at__gte=start_of_day(since))
    kinds = _grouped(rows, "kind", lambda row: str(Kind(row["kind"]).label))
    return total_of(kinds, _("合计")), kinds


def handled_by(tenant: str, org_id: uuid.UUID, *, since: dt.date, until: dt.date) -> Count:
    """Complaints a unit handled, for appraisal: one row of figures."""
    rows = Complaint.objects.filter(tenant=tenant, handler_org_id=org_id)
    rows = rows.filter(received_at__gte=start_of_day(since), received_at__lt=end_of_day(until))
    return total_of(_grouped(rows, "tenant", lambda _row: ""))


def _of(actor: Actor) -> "QuerySet[Complaint]":
    rows = Complaint.objects.filter(tenant=actor.tenant)
    if in_office(actor):
        return rows
    if actor.kind == "official" and actor.has_role(LEADER) and actor.org_id is not None:
        return rows.filter(handler_org_id=actor.org_id, by_office=False)
    return rows.none()


def _grouped(
    rows: "QuerySet[Complaint]", key: str, label: Callable[[Mapping[str, Any]], str], *more: str
) -> list[Count]:
    late = Q(clocks__ended_at__isnull=True, clocks__due_at__lte=now()) & ~Q(state__in=(State.CLOSED, State.ANSWERED))
    sums = {**_SUMS, "late": Counted("id", distinct=True, filter=late)}
    found: Iterable[Mapping[str, Any]] = rows.order_by().values(key, *more).annotate(**sums)
    counts = [
        Count(key=str(row[key] or ""), label=label(row), **{name: int(row[name]) for name in sums}) for row in found
    ]
    return sorted(counts, key=lambda one: (-one.received, one.label))


def _by_unit(rows: "QuerySet[Complaint]") -> list[Count]:
    named = rows.filter(handler_org_id__isnull=False)
    merged: dict[str, list[Count]] = defaultdict(list)
    for one in _grouped(named, "handler_org_id", lambda row: str(row["handler_org_name"]), "handler_org_name"):
        merged[one.key].append(one)
    return [dataclasses.replace(total_of(parts, parts[0].label), key=key) for key, parts in merged.items()]


def _by_item(rows: "QuerySet[Complaint]") -> list[Count]:
    named = rows.exclude(item_code="")
    merged: dict[str, list[Count]] = defaultdict(list)
    for one in _grouped(named, "item_code", lambda row: str(row["subject_title"]), "subject_title"):
        merged[one.key].append(one)
    return [dataclasses.replace(total_of(parts, parts[0].label), key=key) for key, parts in merged.items()]


def _outcomes(rows: "QuerySet[Complaint]") -> tuple[tuple[str, int], ...]:
    found = rows.exclude(finding="").order_by().values_list("finding").annotate(n=Counted("id"))
    ended = rows.exclude(ending__in=("", Ending.ANSWERED)).order_by().values_list("ending").annotate(n=Counted("id"))
    said = [(str(Finding(key).label), n) for key, n in found] + [(str(Ending(key).label), n) for key, n in ended]
    return tuple(sorted(said, key=lambda one: -one[1]))


def _by_month(rows: "QuerySet[Complaint]", since: dt.date, until: dt.date) -> tuple[Count, ...]:
    dated = rows.annotate(month=TruncMonth("received_at", tzinfo=SHANGHAI))
    known = {one.key: one for one in _grouped(dated, "month", lambda row: "")}
    by_month = {key[:7]: one for key, one in known.items()}
    found, day = [], since.replace(day=1)
    while day <= until:
        key = f"{day:%Y-%m}"
        label = _("%(y)d年%(m)d月") % {"y": day.year, "m": day.month}
        found.append(dataclasses.replace(by_month.get(key, Count()), key=key, label=label))
        day = (day + dt.timedelta(days=32)).replace(day=1)
    return tuple(found)
