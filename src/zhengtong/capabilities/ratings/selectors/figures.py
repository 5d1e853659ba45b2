"""Figures of counted ratings for published pages, statistics and reports."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from zhengtong.capabilities.ratings.constants import SMALLEST_PUBLISHED, Turn
from zhengtong.capabilities.ratings.models import Rating
from zhengtong.capabilities.ratings.rules.figures import Figures, masked, published, total_of
from zhengtong.capabilities.ratings.rules.grades import GRADES
from zhengtong.kernel import parameters
from zhengtong.kernel.calendar import end_of_day, start_of_day


def figures(
    tenant: str,
    *,
    org_id: uuid.UUID | None = None,
    item: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Figures:
    """All counted first ratings of a time (days included) together, for a unit or an item where given; unmasked.

    Follow-up ratings (追评) and ratings after rectification are not counted again; ratings judged malicious or
    mistaken are in ``excluded`` only.
    """
    rows = _counted(_rows(tenant, org_id=org_id, item=item, since=since, until=until))
    return total_of(_grouped(rows, "tenant", lambda _row: ""))


def figures_by_unit(tenant: str, *, since: dt.date | None = None, until: dt.date | None = None) -> list[Figures]:
    """The same by rated unit, most ratings first; unmasked."""
    rows = _counted(_rows(tenant, since=since, until=until))
    return _grouped(rows, "org_id", lambda row: row["org_name"])


def figures_by_item(
    tenant: str, *, org_id: uuid.UUID | None = None, since: dt.date | None = None, until: dt.date | None = None
) -> list[Figures]:
    """The same by item (of a unit); matters without an item go by their title; unmasked."""
    rows = _counted(_rows(tenant, org_id=org_id, since=since, until=until))
    return _grouped(rows, "item_code", lambda row: row["title"])


def published_figures(
    tenant: str, *, org_id: uuid.UUID | None = None, since: dt.date | None = None, until: dt.date | None = None
) -> tuple[list[Figures], Figures]:
    """What everybody may see: units, or the items of one, with small numbers masked, and the total."""
    smallest = int(parameters.value(SMALLEST_PUBLISHED, tenant=tenant))
    units, whole = published(figures_by_unit(tenant, since=since, until=until), smallest)
    if org_id is None:
        return units, whole
    items, total = published(figures_by_item(tenant, org_id=org_id, since=since, until=until), smallest)
    if any(unit.masked and unit.org_id == org_id for unit in units):
        # what the list of units hides, the list of one unit's items must not tell
        return [masked(item) for item in items], masked(total)
    return items, total


def _rows(
    tenant: str,
    *,
    org_id: uuid.UUID | None = None,
    item: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> "QuerySet[Rating]":
    rows = Rating.objects.filter(tenant=tenant, turn=Turn.FIRST)
    if org_id is not None:
        rows = rows.filter(org_id=org_id)
    if item:
        rows = rows.filter(item_code=item)
    if since is not None:
        rows = rows.filter(created_at__gte=start_of_day(since))
    if until is not None:
        rows = rows.filter(created_at__lt=end_of_day(until))
    return rows


def _counted(rows: "QuerySet[Rating]") -> Iterable[dict[str, Any]]:
    in_time = Q(follow_up__contacted_at__lte=F("follow_up__contact_due_at"))
    found: Iterable[Any] = (
        rows.values("tenant", "org_id", "org_name", "item_code", "title", "grade", "follow_up__verdict")
        .annotate(
            n=Count("id"),
            answered=Count("id", filter=Q(follow_up__contacted_at__isnull=False)),
            in_time=Count("id", filter=in_time),
        )
        .order_by("org_id", "item_code")
    )
    return found


def _grouped(rows: Iterable[dict[str, Any]], key: str, label: Callable[[dict[str, Any]], str]) -> list[Figures]:
    found: dict[Any, dict[str, Any]] = {}
    for row in rows:
        name = row[key] or row["title"]
        group = found.setdefault(
            name,
            {"grades": dict.fromkeys(GRADES, 0), "answered": 0, "in_time": 0, "excluded": 0, "label": label(row)}
            | {"org_id": row["org_id"]},
        )
        if row["follow_up__verdict"]:
            group["excluded"] += row["n"]
            continue
        group["grades"][row["grade"]] += row["n"]
        group["answered"] += row["answered"]
        group["in_time"] += row["in_time"]
    made = [Figures(key=str(name), **group) for name, group in found.items()]
    return sorted(made, key=lambda row: (-row.rated, row.label))
