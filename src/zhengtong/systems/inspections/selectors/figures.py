"""Figures of inspections of a year: by unit, plan and month; the totals for everybody."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Count as Counted
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.calendar import SHANGHAI, end_of_day, start_of_day
from zhengtong.kernel.clock import local_date, now
from zhengtong.systems.inspections import permissions
from zhengtong.systems.inspections.constants import FindingState, PlanState, Result
from zhengtong.systems.inspections.models import Plan, Visit
from zhengtong.systems.inspections.rules.figures import Count, total_of
from zhengtong.systems.inspections.selectors.draws import is_public

_SUMS = {
    "visits": Counted("id", distinct=True),
    "points": Counted("results", distinct=True, filter=~Q(results__result=Result.NONE)),
    "bad": Counted("findings", distinct=True),
    "serious": Counted("findings", distinct=True, filter=Q(findings__serious=True)),
    "passed": Counted("findings", distinct=True, filter=Q(findings__state=FindingState.PASSED)),
    "referred": Counted("findings", distinct=True, filter=Q(findings__state=FindingState.REFERRED)),
    "open": Counted("findings", distinct=True, filter=Q(findings__state=FindingState.OPEN)),
}


@dataclasses.dataclass(frozen=True)
class Statistics:
    """Everything the page of figures shows, for visits done in a year."""

    year: int
    total: Count
    units: tuple[Count, ...]
    plans: tuple[Count, ...]
    months: tuple[Count, ...]
    points: tuple[tuple[str, int], ...]


def statistics(*, actor: Actor, year: int) -> Statistics:
    """For the office of the county, for a leader of his own unit."""
    rows = Visit.objects.filter(permissions.visible_visits(actor), done_at__isnull=False)
    if not permissions.in_office(actor):
        rows = rows.filter(Q(org_id=actor.org_id) | Q(plan__org_id=actor.org_id))
    rows = _of_year(rows, year)
    units = _grouped(rows, "org_id", "org_name")
    named = rows.filter(findings__isnull=False).values_list("findings__title").annotate(n=Counted("findings__id"))
    return Statistics(
        year=year,
        total=total_of(units, _("合计")),
        units=units,
        plans=_grouped(rows, "plan_id", "plan__subject"),
        months=_by_month(rows, year),
        points=tuple(named.order_by("-n", "findings__title")[:10]),
    )


def public_totals(tenant: str) -> Count:
    """This year so far, in one line, without units and persons."""
    rows = _of_year(Visit.objects.filter(tenant=tenant, done_at__isnull=False), local_date().year)
    return total_of(_grouped(rows, "tenant", "tenant"))


def units_visited(tenant: str) -> int:
    """How many units were inspected this year."""
    rows = _of_year(Visit.objects.filter(tenant=tenant, done_at__isnull=False), local_date().year)
    return rows.values("org_id").distinct().count()


def public_plans(tenant: str, most: int = 10) -> list[Plan]:
    """Plans whose draw everybody may see, newest first."""
    rows = Plan.objects.filter(tenant=tenant, state__in=(PlanState.DRAWN, PlanState.CLOSED)).order_by("-starts_on")
    return [plan for plan in rows[: most * 2] if is_public(plan)][:most]


def _of_year(rows: "QuerySet[Visit]", year: int) -> "QuerySet[Visit]":
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    return rows.filter(done_at__gte=start_of_day(first), done_at__lt=end_of_day(last))


def _grouped(rows: "QuerySet[Visit]", key: str, label: str) -> tuple[Count, ...]:
    late = Q(rectification__running=True, rectification__stage="rectify", rectification__due_at__lte=now())
    sums = {**_SUMS, "late": Counted("id", distinct=True, filter=late)}
    found = rows.order_by().values(key).annotate(label=Max(label), **sums)  # a unit may have been renamed
    counts = [_count(str(row[key]), str(row["label"]), row) for row in found]
    return tuple(sorted(counts, key=lambda one: (-one.bad, one.label)))


def _count(key: str, label: str, row: Mapping[str, Any]) -> Count:
    numbers = {name: int(row[name]) for name in (*_SUMS, "late") if name in row}
    return Count(key=key, label=label, **numbers)


def _by_month(rows: "QuerySet[Visit]", year: int) -> tuple[Count, ...]:
    dated = rows.order_by().values(month=TruncMonth("done_at", tzinfo=SHANGHAI)).annotate(**_SUMS)
    known = {row["month"].month: row for row in dated}
    last = local_date().month if year == local_date().year else 12
    return tuple(_count(f"{year}-{m:02d}", _("%(m)d月") % {"m": m}, known.get(m, {})) for m in range(1, last + 1))
