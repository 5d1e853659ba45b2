"""Keeping the rows that figures are counted from: brought up to date by events, built again at will."""

import datetime as dt
import functools
import logging
import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.transactions import hold
from zhengtong.systems.service_hall.constants import (
    FIGURES_KIND,
    LIST_KIND,
    TRIPS_BEFORE,
    Channel,
    DeliveryState,
    DeliveryWay,
    MaterialSource,
    MaterialState,
    SittingState,
)
from zhengtong.systems.service_hall.models import (
    Application,
    CaseFigure,
    Delivery,
    MaterialFile,
    Sitting,
    SupplementNotice,
)
from zhengtong.systems.service_hall.rules.figures import actual_trips

log = logging.getLogger(__name__)

_BATCH = 500
_LOOKED_BACK = dt.timedelta(days=3)  # a night or two may have been missed
_FOUND = ("tenant", "case_id", "number", "item_code", "item_name", "item_version_id", "channel", "submitted_at")
_KEPT = tuple(
    field.attname for field in CaseFigure._meta.concrete_fields if field.name not in ("id", "application", "created_at")
)


def refresh_cases(*, tenant: str, case_ids: Collection[uuid.UUID]) -> None:
    """Bring the rows of cases up to date; nothing for cases of other systems. Safe to repeat, in any order."""
    _refresh(tenant, Application.objects.filter(tenant=tenant, case_id__in=case_ids))


def rebuild_figures(tenant: str) -> int:
    """Build all rows of a tenant again, in batches, while work goes on; returns how many there are."""
    count, after = 0, uuid.UUID(int=0)
    while True:
        rows = Application.objects.filter(tenant=tenant, case_id__isnull=False, pk__gt=after).order_by("pk")
        keys = list(rows.values_list("pk", flat=True)[:_BATCH])
        if not keys:
            break
        count += _refresh(tenant, Application.objects.filter(pk__in=keys))
        after = keys[-1]
    with transaction.atomic():
        ledger.append(
            actor=system(tenant),
            act="service_hall.rebuild_figures",
            object_ref=ObjectRef(kind=FIGURES_KIND, id=tenant),
            payload={"cases": count},
        )
    return count


def tend_figures() -> int:
    """Every night: rows that are missing, and those of papers that were collected of late (no event tells of it)."""
    count = 0
    since = now() - _LOOKED_BACK
    for tenant in identity.tenants():
        rows = Application.objects.filter(tenant=tenant, case_id__isnull=False)
        missing = rows.filter(figure__isnull=True)
        collected = rows.filter(delivery__done_at__gte=since)
        for wanted in (missing, collected):
            keys = list(wanted.values_list("pk", flat=True))
            for start in range(0, len(keys), _BATCH):
                count += _refresh(tenant, Application.objects.filter(pk__in=keys[start : start + _BATCH]))
    return count


def record_export(*, actor: Actor, name: str, rows: int, narrowed: Mapping[str, str] | None = None) -> None:
    """A list with persons in it was taken out: who, which list, how many rows, narrowed to what."""
    with transaction.atomic():
        ledger.append(
            actor=actor,
            act="service_hall.export",
            object_ref=ObjectRef(kind=LIST_KIND, id=name),
            payload={"rows": rows, "narrowed": dict(narrowed or {})},
            purpose="导出清单",
        )


@transaction.atomic
def _refresh(tenant: str, wanted: "QuerySet[Application]") -> int:
    # who reads first must write first, or what is older overwrites what is newer
    hold(f"service_hall:figures:{tenant}")
    applications = list(_with_counts(wanted.filter(case_id__isnull=False)))
    keys = [row["case_id"] for row in applications]
    marks = cases.marks_of(tenant=tenant, case_ids=keys)
    before = {day: _trips_before(tenant, day) for day in {local_date(row["submitted_at"]) for row in applications}}
    rows = [_row(tenant, row, marks[row["case_id"]], before) for row in applications if row["case_id"] in marks]
    CaseFigure.objects.bulk_create(rows, update_conflicts=True, unique_fields=["application"], update_fields=_KEPT)
    return len(rows)


def _counted(rows: Any) -> Subquery:
    """How many rows belong to the application of the outer query."""
    by_application = rows.filter(application=OuterRef("pk")).order_by().values("application")
    return Subquery(by_application.annotate(n=Count("pk")).values("n"), output_field=IntegerField())


def _with_counts(wanted: "QuerySet[Application]") -> Any:
    files = MaterialFile.objects.filter(state=MaterialState.CURRENT)
    in_person = Q(way__in=[DeliveryWay.WINDOW, DeliveryWay.TOWNSHIP], state=DeliveryState.DONE)
    return wanted.annotate(
        notices_n=_counted(SupplementNotice.objects.all()),
        papers_n=_counted(files),
        reused_n=_counted(files.exclude(source_kind=MaterialSource.GIVEN)),
        sat_n=_counted(Sitting.objects.filter(state=SittingState.DONE)),
        collected_n=_counted(Delivery.objects.filter(in_person)),
    ).values(*_FOUND, "notices_n", "papers_n", "reused_n", "sat_n", "collected_n", key=F("pk"))


def _row(
    tenant: str, found: Mapping[str, Any], marks: cases.CaseMarks, before: Mapping[dt.date, Mapping[str, int]]
) -> CaseFigure:
    applied_on = local_date(found["submitted_at"])
    usual = before[applied_on]
    sat = max(found["sat_n"] or 0, int(found["channel"] != Channel.ONLINE))
    visits = _visits(tenant, found["item_version_id"])
    return CaseFigure(
        tenant=tenant,
        application_id=found["key"],
        case_id=marks.case_id,
        number=marks.number,
        item_code=found["item_code"],
        item_name=found["item_name"],
        org_id=marks.org_id,
        org_name=marks.org_name,
        channel=found["channel"],
        applied_on=applied_on,
        accepted_on=marks.accepted_on,
        closed_on=marks.closed_on,
        outcome=marks.outcome,
        days=marks.days,
        promised_days=marks.promised_days,
        statutory_days=marks.statutory_days,
        late_on=marks.late_on,
        statutory_late=marks.statutory_late,
        notices=found["notices_n"] or 0,
        papers=found["papers_n"] or 0,
        reused=found["reused_n"] or 0,
        trips=actual_trips(sat=sat, collected=bool(found["collected_n"]), visits=visits),
        trips_before=usual.get(found["item_code"], usual[""]),
    )


@functools.lru_cache(maxsize=4096)
def _visits(tenant: str, version_id: uuid.UUID) -> int | None:
    """How often the guide said that one has to come; a published version never changes."""
    return catalogue.item_version(version_id, tenant=tenant).visits


def _trips_before(tenant: str, on: dt.date) -> dict[str, int]:
    found = parameters.value(TRIPS_BEFORE, tenant=tenant, on=on)
    return {"": 0, **{str(code): int(count) for code, count in found.items()}}
