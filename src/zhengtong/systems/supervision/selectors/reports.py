"""电子监察月报 as it was frozen: who may read which, the newest, the one everybody may see."""

import datetime as dt
import uuid

from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of
from zhengtong.systems.supervision.constants import UNIT_ROLES, ScoreState
from zhengtong.systems.supervision.models import SupervisionReport
from zhengtong.systems.supervision.permissions import is_supervisor, reads_reports
from zhengtong.systems.supervision.rules.report_figures import MonthTally

_ISSUED = (ScoreState.PUBLISHED, ScoreState.SUPERSEDED)


def visible_reports(actor: Actor) -> Q:
    """All for supervisors; those that were published for leaders and for who answers for a unit's cards."""
    if is_supervisor(actor):
        return Q(tenant=actor.tenant)
    if actor.kind != "official" or not actor.has_role(*UNIT_ROLES):
        return Q(pk__in=[])
    return Q(tenant=actor.tenant, state__in=_ISSUED)


def reports(actor: Actor, *, page: object = 1, size: int = 24) -> Page[SupervisionReport]:
    """The reports and their issues, the newest first."""
    rows = SupervisionReport.objects.filter(visible_reports(actor)).defer("figures", "sentences")
    return page_of(rows.order_by("-month", "-version"), page, size=size)


def report(actor: Actor, report_id: uuid.UUID, *, whole: bool = True) -> SupervisionReport:
    """One report; the whole of it only for supervisors and leaders. NotFound for others."""
    found = SupervisionReport.objects.filter(visible_reports(actor), pk=report_id).first()
    if found is None or (whole and not reads_reports(actor)):
        raise NotFound(_("没有找到这份月报。没有公布的月报只有监察员能看。"))
    return found


def last_of(tenant: str, month: dt.date) -> SupervisionReport | None:
    """The newest issue of a month that was not refused."""
    rows = SupervisionReport.objects.filter(tenant=tenant, month=month).exclude(state=ScoreState.REFUSED)
    return rows.order_by("-version").first()


def months_reported(tenant: str) -> set[dt.date]:
    """Months that have a report, published or waiting for the second person."""
    rows = SupervisionReport.objects.filter(tenant=tenant).exclude(state=ScoreState.REFUSED)
    return set(rows.values_list("month", flat=True))


def newest_published(tenant: str) -> SupervisionReport | None:
    """The report of the last month that was published, in the issue that stands."""
    return SupervisionReport.objects.filter(tenant=tenant, state=ScoreState.PUBLISHED).order_by("-month").first()


def newest_totals(tenant: str) -> tuple[dt.date, MonthTally] | None:
    """The month and the county's totals of that report, without all the rest of it."""
    rows = SupervisionReport.objects.filter(tenant=tenant, state=ScoreState.PUBLISHED).order_by("-month")
    found = rows.values_list("month", "figures__whole").first()
    return (found[0], MonthTally.from_json(found[1])) if found else None
