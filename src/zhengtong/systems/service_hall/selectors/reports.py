"""Monthly reports as they were made."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of
from zhengtong.systems.service_hall.models import MonthlyReport
from zhengtong.systems.service_hall.permissions import FIGURE_READERS
from zhengtong.systems.service_hall.rules.figures import Tally


def reports(*, actor: Actor, page: object = 1, size: int = 24) -> Page[MonthlyReport]:
    """All reports and their versions, the newest first; none for who reads no statistics."""
    rows = MonthlyReport.objects.filter(tenant=actor.tenant).defer("figures", "sentences")
    if not _may_read(actor):
        rows = rows.none()
    return page_of(rows.order_by("-month", "-version"), page, size=size)


def report_of(*, actor: Actor, report_id: uuid.UUID) -> MonthlyReport:
    """One report; NotFound for who reads no statistics, and for other counties."""
    row = MonthlyReport.objects.filter(tenant=actor.tenant, pk=report_id).first()
    if row is None or not _may_read(actor):
        raise NotFound(_("没有找到这份月报。"))
    return row


def months_reported(tenant: str) -> set[dt.date]:
    """Months that have a report."""
    return set(MonthlyReport.objects.filter(tenant=tenant).values_list("month", flat=True).distinct())


def newest_version(*, tenant: str, month: dt.date) -> int:
    """The number of a month's last version, 0 before the first."""
    found = (
        MonthlyReport.objects.filter(tenant=tenant, month=month).order_by("-version").values_list("version", flat=True)
    )
    return found.first() or 0


def latest_report(tenant: str) -> MonthlyReport | None:
    """The last version of the last month that was reported."""
    return MonthlyReport.objects.filter(tenant=tenant).order_by("-month", "-version").first()


def latest_totals(tenant: str) -> tuple[dt.date, Tally] | None:
    """The month and the county's totals of that report, without all the rest of it."""
    rows = MonthlyReport.objects.filter(tenant=tenant).order_by("-month", "-version")
    found = rows.values_list("month", "figures__whole").first()
    return (found[0], Tally.from_json(found[1])) if found else None


def _may_read(actor: Actor) -> bool:
    return actor.kind == "system" or (actor.kind == "official" and actor.has_role(*FIGURE_READERS))
