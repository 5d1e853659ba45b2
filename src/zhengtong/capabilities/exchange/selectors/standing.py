"""How each data set stands: last package, what waits and since when, what was refused, rows by day."""

import dataclasses
import datetime as dt
from typing import Any

from django.db.models import Count, DateTimeField, Max, Min, Q, QuerySet, Value
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
    """All data sets; two statements, however many there are."""
    streams = {row.dataset: row for row in ReportStream.objects.filter(tenant=tenant)}
    counted = _counted(tenant)
    found = []
    for code, dataset in data_sets.items():
        mark, package, row = (counted.get((part, code), {}) for part in ("marks", "packages", "rows"))
        stream = streams.get(code)
        oldest = [one for one in (mark.get("oldest"), package.get("oldest")) if one is not None]
        found.append(
            DataSetStanding(
                dataset=dataset,
                last_sequence=stream.last_sequence if stream else 0,
                last_built_at=package.get("built"),
                last_settled_at=package.get("settled"),
                waiting=mark.get("one", 0),
                held=mark.get("two", 0),
                open_packages=package.get("one", 0),
                stuck=package.get("two", 0),
                refused=row.get("one", 0),
                accepted=row.get("two", 0),
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


def _counted(tenant: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Marks, packages and rows of each data set, by part and data set.

    One statement sees one moment: what is put into a package meanwhile is neither counted twice nor nowhere.
    """
    is_open, nothing = ~Q(state=PackageState.SETTLED), Value(None, output_field=DateTimeField())
    marks = _part(
        "marks",
        ChangedRow.objects.filter(tenant=tenant),
        one=Count("id", filter=Q(held_at__isnull=True)),
        two=Count("id", filter=Q(held_at__isnull=False)),
        oldest=Min("marked_at", filter=Q(held_at__isnull=True)),
        built=nothing,
        settled=nothing,
    )
    packages = _part(
        "packages",
        ReportPackage.objects.filter(tenant=tenant),
        one=Count("id", filter=is_open),
        two=Count("id", filter=Q(state__in=STUCK)),
        oldest=Min("created_at", filter=is_open),
        built=Max("created_at"),
        settled=Max("settled_at"),
    )
    rows = _part(
        "rows",
        ReportedRow.objects.filter(tenant=tenant, latest=True),
        one=Count("id", filter=Q(verdict=Verdict.REFUSED)),
        two=Count("id", filter=Q(verdict=Verdict.ACCEPTED)),
        oldest=nothing,
        built=nothing,
        settled=nothing,
    )
    return {(found["part"], found["dataset"]): found for found in marks.union(packages, rows, all=True)}


def _part(name: str, rows: "QuerySet[Any]", **counted: Any) -> "QuerySet[Any]":
    part: QuerySet[Any] = rows.order_by().values("dataset").annotate(part=Value(name), **counted)
    return part
