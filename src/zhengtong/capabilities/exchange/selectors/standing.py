"""How each data set stands: last package, what waits and since when, what was refused, rows by day."""

import dataclasses
import datetime as dt
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import TruncDate

from zhengtong.capabilities.exchange.constants import STUCK, PackageState, Verdict
from zhengtong.capabilities.exchange.models import ChangedRow, ReportedRow, ReportPackage, ReportStream
from zhengtong.capabilities.exchange.registry import DataSet, data_sets
from zhengtong.capabilities.trust import api as trust
from zhengtong.capabilities.trust.constants import CertificateRole, CertificateStatus
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.clock import local_date, now

_DAYS = 14


@dataclasses.dataclass(frozen=True, kw_only=True)
class DataSetStanding:
    """One data set of a county.

    ``waiting`` rows are in no package yet, ``open_packages`` are not verified, ``stuck`` ones wait for a person;
    ``behind_since`` is the oldest change the upper platform has not verified, None when it has everything.
    """

    dataset: DataSet
    last_sequence: int
    last_built_at: dt.datetime | None
    last_settled_at: dt.datetime | None
    waiting: int
    held: int
    open_packages: int
    stuck: int
    refused: int
    accepted: int
    behind_since: dt.datetime | None
    failures: int
    next_try_at: dt.datetime | None
    last_error: str

    @property
    def lag(self) -> dt.timedelta:
        """How far behind it is."""
        return now() - self.behind_since if self.behind_since else dt.timedelta()


def standings(*, tenant: str) -> list[DataSetStanding]:
    """All data sets; four statements, however many there are."""
    streams = {row.dataset: row for row in ReportStream.objects.filter(tenant=tenant)}
    marks = _by_dataset(
        ChangedRow.objects.filter(tenant=tenant),
        waiting=Count("id", filter=Q(held_at__isnull=True)),
        held=Count("id", filter=Q(held_at__isnull=False)),
        oldest=Min("marked_at", filter=Q(held_at__isnull=True)),
    )
    packages = _by_dataset(
        ReportPackage.objects.filter(tenant=tenant),
        open=Count("id", filter=~Q(state=PackageState.SETTLED)),
        stuck=Count("id", filter=Q(state__in=STUCK)),
        oldest=Min("created_at", filter=~Q(state=PackageState.SETTLED)),
        built=Max("created_at"),
        settled=Max("settled_at"),
    )
    rows = _by_dataset(
        ReportedRow.objects.filter(tenant=tenant, latest=True),
        refused=Count("id", filter=Q(verdict=Verdict.REFUSED)),
        accepted=Count("id", filter=Q(verdict=Verdict.ACCEPTED)),
    )
    found = []
    for code, dataset in data_sets.items():
        mark, package, row = marks.get(code, {}), packages.get(code, {}), rows.get(code, {})
        stream = streams.get(code)
        oldest = [one for one in (mark.get("oldest"), package.get("oldest")) if one is not None]
        found.append(
            DataSetStanding(
                dataset=dataset,
                last_sequence=stream.last_sequence if stream else 0,
                last_built_at=package.get("built"),
                last_settled_at=package.get("settled"),
                waiting=mark.get("waiting", 0),
                held=mark.get("held", 0),
                open_packages=package.get("open", 0),
                stuck=package.get("stuck", 0),
                refused=row.get("refused", 0),
                accepted=row.get("accepted", 0),
                behind_since=min(oldest) if oldest else None,
                failures=stream.failures if stream else 0,
                next_try_at=stream.next_try_at if stream else None,
                last_error=stream.last_error if stream else "",
            )
        )
    return found


def rows_by_day(*, tenant: str, dataset: str = "") -> list[dict[str, object]]:
    """Of the last 14 days: rows that went into packages, by what became of them."""
    today = local_date()
    first = today - dt.timedelta(days=_DAYS - 1)
    rows = ReportedRow.objects.filter(
        tenant=tenant, package__created_at__gte=dt.datetime.combine(first, dt.time(), SHANGHAI)
    )
    if dataset:
        rows = rows.filter(dataset=dataset)
    counted = rows.annotate(day=TruncDate("package__created_at", tzinfo=SHANGHAI)).order_by().values("day", "verdict")
    counts = {(one["day"], one["verdict"]): one["n"] for one in counted.annotate(n=Count("id"))}
    days = [first + dt.timedelta(days=number) for number in range(_DAYS)]
    return [
        {
            "label": f"{day.month}/{day.day}",
            **{str(verdict): counts.get((day, verdict), 0) for verdict in Verdict.values},
        }
        for day in days
    ]


def county_certificate(*, tenant: str) -> trust.CertificateInfo | None:
    """The certificate with which the county signs what it hands over, None while there is none."""
    found = [
        row
        for row in trust.certificates(tenant=tenant)
        if row.role == CertificateRole.EXCHANGE and row.status == CertificateStatus.ACTIVE
    ]
    return max(found, key=lambda row: row.not_before) if found else None


def _by_dataset(rows: "QuerySet[Any]", **counts: Any) -> dict[str, dict[str, Any]]:
    return {one["dataset"]: one for one in rows.order_by().values("dataset").annotate(**counts)}
