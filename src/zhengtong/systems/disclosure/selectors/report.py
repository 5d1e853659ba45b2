"""Tables of the yearly report, and the rows behind each of their figures."""

import dataclasses
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.disclosure.constants import AUTHORITY, UNIT_ROLES, ReportState
from zhengtong.systems.disclosure.models import CatalogueEntry, Remedy, YearlyReport
from zhengtong.systems.disclosure.rules import report as rules
from zhengtong.systems.disclosure.rules.outcomes import row_of
from zhengtong.systems.disclosure.selectors.statistics import counted_requests

#: figures of table 1 that the platform does not know: key → words
MANUAL = {
    "permits": "第二十条第（五）项 行政许可：本年处理决定数量（件）",
    "penalties": "第二十条第（六）项 行政处罚：本年处理决定数量（件）",
    "compulsory": "第二十条第（六）项 行政强制：本年处理决定数量（件）",
    "fees": "第二十条第（八）项 行政事业性收费：本年收费金额（万元）",
}


@dataclasses.dataclass(frozen=True)
class Tables:
    """The three tables of a report."""

    one: rules.Cells
    two: rules.Cells
    three: rules.Cells

    def as_json(self) -> dict[str, Any]:
        """As it is frozen."""
        return dataclasses.asdict(self)


@dataclasses.dataclass(frozen=True)
class Behind:
    """One row behind a figure."""

    id: uuid.UUID
    number: str
    org_name: str
    words: str


def tables_of(row: YearlyReport) -> Tables:
    """As they were published, or as they stand now."""
    if row.frozen is not None:
        return Tables(**row.frozen)
    return Tables(
        one=rules.table_one((item for _row, item in _entries(row)), row.year),
        two=rules.table_two((item for _row, item in _requests(row)), row.year),
        three=rules.table_three((item for _row, item in _remedies(row)), row.year),
    )


def behind(row: YearlyReport, table: str, line: str, column: str) -> list[Behind]:
    """The requests, remedies or entries a figure was counted from; raises NotFound for no figure of the report."""
    if table == "one":
        return _behind(_entries(row), rules.rows_of_entry, row.year, line, column, lambda one: one.kind)
    if table == "two":
        found = (pair for pair in _requests(row) if column in ("total", pair[1].column))
        return _behind(found, rules.rows_of_request, row.year, None, line, lambda one: one.column)
    if table == "three":
        return _behind(_remedies(row), rules.rows_of_remedy, row.year, line, column, lambda one: one.kind)
    raise NotFound(_("没有这个数。"))


def _behind(
    pairs: Iterable[tuple[Any, Any]],
    places: Callable[[Any, int], list[str]],
    year: int,
    line: str | None,
    place: str,
    kind: Callable[[Any], str],
) -> list[Behind]:
    found = []
    for row, item in pairs:
        if (line is None or kind(item) == line) and (place == "total" or place in places(item, year)):
            if place == "total" and not places(item, year):
                continue
            found.append(_said(row))
    return found


def _said(row: Any) -> Behind:
    if isinstance(row, CatalogueEntry):
        return Behind(row.id, row.index_number, row.org_name, row.title)
    if isinstance(row, Remedy):
        request = row.request
        return Behind(request.id, request.number, request.org_name, f"{row.get_kind_display()} {row.body}")
    return Behind(row.id, row.number, row.org_name, row.get_outcome_display() or row.get_state_display())


def _requests(row: YearlyReport) -> list[tuple[Any, rules.Asked]]:
    rows = counted_requests(row.tenant).filter(received_on__isnull=False, received_on__year__lte=row.year)
    if row.org_code:
        rows = rows.filter(org_code=row.org_code)
    fields = ("id", "number", "org_name", "applicant_kind", "received_on", "closed_at", "outcome", "state")
    return [
        (
            one,
            rules.Asked(
                key=str(one.id),
                column=one.applicant_kind,
                received_on=one.received_on,
                closed_on=local_date(one.closed_at) if one.closed_at else None,
                row=row_of(one.outcome),
            ),
        )
        for one in rows.only(*fields)
        if one.received_on is not None
    ]


def _remedies(row: YearlyReport) -> list[tuple[Any, rules.Contested]]:
    rows = Remedy.objects.filter(tenant=row.tenant, lodged_on__year__lte=row.year).select_related("request")
    if row.org_code:
        rows = rows.filter(request__org_code=row.org_code)
    return [(one, rules.Contested(str(one.id), one.kind, one.lodged_on, one.result, one.decided_on)) for one in rows]


def _entries(row: YearlyReport) -> list[tuple[Any, rules.Listed]]:
    rows = CatalogueEntry.objects.filter(tenant=row.tenant, state="published", kind__in=rules.ENTRY_KINDS)
    if row.org_code:
        rows = rows.filter(org_code=row.org_code)
    return [(one, rules.Listed(str(one.id), one.kind, one.made_on, one.ended_on)) for one in rows]


def carried_otherwise(row: YearlyReport) -> str:
    """A sentence where last year's published report carried another number over than this one takes up."""
    before = YearlyReport.objects.filter(tenant=row.tenant, org_code=row.org_code, year=row.year - 1).first()
    if before is None or before.frozen is None:
        return ""
    was, now = (
        rules.total_of_row(tables_of(one).two, key) for one, key in ((before, rules.NEXT), (row, rules.CARRIED))
    )
    if was == now:
        return ""
    return _("上一年度公布的结转 %(was)d 件，本年度结转 %(now)d 件，请核对拆分和补登的申请。") % {
        "was": was,
        "now": now,
    }


def published(tenant: str) -> "QuerySet[YearlyReport]":
    """What everybody reads, newest first."""
    return YearlyReport.objects.filter(tenant=tenant, state=ReportState.PUBLISHED).order_by("-year", "org_code")


def desk_reports(actor: Actor) -> "QuerySet[YearlyReport]":
    """What an officer reads: his unit's, the authority all."""
    if actor.kind != "official":
        return YearlyReport.objects.none()
    reach = Q(pk__in=[])
    if actor.has_role(AUTHORITY):
        reach |= Q(tenant=actor.tenant)
    if actor.org_id is not None and actor.has_role(*UNIT_ROLES):
        reach |= Q(tenant=actor.tenant, org_id=actor.org_id)
    return YearlyReport.objects.filter(reach).order_by("-year", "org_code")


def desk_report(actor: Actor, report_id: uuid.UUID) -> YearlyReport:
    """One of them; raises NotFound."""
    row = desk_reports(actor).filter(pk=report_id).first()
    if row is None:
        raise NotFound(_("没有找到这份年度报告。"))
    return row


def public_report(tenant: str, report_id: uuid.UUID) -> YearlyReport:
    """One that is published; raises NotFound."""
    row = published(tenant).filter(pk=report_id).first()
    if row is None:
        raise NotFound(_("没有找到这份年度报告。"))
    return row


def manual_of(row: YearlyReport) -> Mapping[str, str]:
    """Figures filled in by hand, every key of them."""
    return {key: str(row.manual.get(key, "")) for key in MANUAL}
