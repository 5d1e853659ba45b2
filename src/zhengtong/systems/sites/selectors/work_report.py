"""Figures of the yearly work report of a site, and the rows behind each of them."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Least, TruncDate
from django.utils.translation import gettext as _

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.calendar import SHANGHAI, start_of_day
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.letters import letter_boxes
from zhengtong.kernel.paging import Page, page_read
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import ColumnKind, ReportState
from zhengtong.systems.sites.models import (
    ArticlePage,
    ColumnPage,
    GovernmentSite,
    SiteCheck,
    SiteFinding,
    SiteWorkReport,
)
from zhengtong.systems.sites.rules.work_report import average

_OPEN_KINDS = (ColumnKind.DISCLOSURE, ColumnKind.POLICIES, ColumnKind.NOTICES)
_FULLY_ONLINE, _PAGE = "IV", 50
_FROM_ROWS = frozenset(
    {"published", "about", "news", "open", "readings", "specials", "specials_new", "found", "closed"}
)


@dataclasses.dataclass(frozen=True)
class Behind:
    """One row behind a figure: its words, the day it counts by, and the key of its page where it is one."""

    title: str
    day: dt.date | None
    page_id: int | None = None


def figures_of(row: SiteWorkReport) -> Mapping[str, str]:
    """Every counted line, as it was published or as it stands now."""
    if row.frozen is not None:
        return {key: str(value) for key, value in row.frozen.items()}
    site, year = row.site, row.year
    counts = {key: rows.count() for key, rows in _rows(site, year).items()}
    received = ended = days = 0
    for _name, box in letter_boxes.items():  # noqa: PERF102  (a Registry, not a dict)
        one = box.year(site.tenant, year).get(site.org_id)
        if one is not None:
            received, ended, days = received + one.received, ended + one.ended, days + one.days
    mine = catalogue.ItemFilters(department=site.org_code, for_applicants=True)
    online = dataclasses.replace(mine, depth=_FULLY_ONLINE)
    base = site.in_full(site.url)
    checks = SiteCheck.objects.filter(site=site, day__year=year)
    return {
        "name": site.name,
        "url": base,
        "org": site.org_name,
        "kind": site.get_kind_display(),
        "identity_code": site.identity_code,
        "icp": site.icp,
        "police_filing": site.police_filing,
        **{key: str(number) for key, number in counts.items()},
        "items": str(catalogue.items(site.tenant, mine, size=1).total),
        "items_online": str(catalogue.items(site.tenant, online, size=1).total),
        "letters": str(received),
        "letters_ended": str(ended),
        "letters_days": average(days, ended),
        "days": str(checks.count()),
        "red_days": str(checks.filter(lamp="red").count()),
    }


def behind(row: SiteWorkReport, key: str, page: object = 1) -> Page[Behind]:
    """A page of what a figure was counted from; raises NotFound for a line that is not counted from rows of ours."""
    rows = _rows(row.site, row.year).get(key)
    if rows is None:
        raise NotFound(_("这个数没有可以打开的来源。"))
    return page_read(
        lambda start, stop: [_behind(one) for one in rows[start:stop]], page, size=_PAGE, total=rows.count()
    )


def _behind(one: SiteFinding | ColumnPage | ArticlePage) -> Behind:
    if isinstance(one, SiteFinding):
        return Behind(f"{one.get_indicator_display()}：{one.place}，{one.evidence}", one.opened_on)
    if isinstance(one, ColumnPage):
        at = one.first_published_at
        return Behind(one.title, at.astimezone(SHANGHAI).date() if at else None, one.pk)
    return Behind(one.title, one.counts_on, one.pk)


def opens(key: str) -> bool:
    """Whether a figure opens to rows."""
    return key in _FROM_ROWS


def _rows(site: GovernmentSite, year: int) -> "dict[str, QuerySet[Any]]":
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    online = TruncDate("first_published_at", tzinfo=SHANGHAI)
    # as the inspection counts: what was typed, unless it came online only later
    articles = ArticlePage.objects.filter(site=site, first_published_at__isnull=False, origin=None)
    articles = articles.annotate(counts_on=Least("published_on", online)).defer("body")
    articles = articles.filter(counts_on__gte=first, counts_on__lte=last).order_by("-counts_on", "-pk")
    columns = ColumnPage.objects.filter(site=site, first_published_at__lt=start_of_day(dt.date(year + 1, 1, 1)))
    special = columns.filter(kind=ColumnKind.SPECIAL, live=True).defer("modules").order_by("path")
    findings = SiteFinding.objects.filter(site=site).order_by("opened_on")
    return {
        "published": articles,
        "about": articles.filter(_below(columns, Q(kind=ColumnKind.ABOUT))),
        "news": articles.filter(_below(columns, Q(kind=ColumnKind.NEWS))),
        "open": articles.filter(_below(columns, Q(kind__in=_OPEN_KINDS) & ~Q(title__contains="解读"))),
        "readings": articles.filter(_below(columns, Q(title__contains="解读"))),
        "specials": special,
        "specials_new": special.filter(first_published_at__gte=start_of_day(first)),
        "found": findings.filter(opened_on__gte=first, opened_on__lte=last),
        "closed": findings.filter(closed_on__gte=first, closed_on__lte=last),
    }


def _below(columns: "QuerySet[ColumnPage]", which: Q) -> Q:
    paths = list(columns.filter(which).values_list("path", "depth"))
    found = Q(pk__in=[])
    for path, depth in paths:
        found |= Q(path__startswith=path, depth=depth + 1)
    return found


def desk_reports(actor: Actor) -> "QuerySet[SiteWorkReport]":
    """The reports of the sites within reach, the newest first."""
    rows = SiteWorkReport.objects.filter(permissions.inspected(actor, site="site__")).select_related("site")
    return rows.order_by("-year", "site__kind", "site__code")


def desk_report(actor: Actor, report_id: uuid.UUID) -> SiteWorkReport:
    """One of them; raises NotFound."""
    row = desk_reports(actor).filter(pk=report_id).first()
    if row is None:
        raise NotFound(_("没有找到这份工作年度报表。"))
    return row


def published(tenant: str) -> "QuerySet[SiteWorkReport]":
    """What everybody reads, the newest first."""
    rows = SiteWorkReport.objects.filter(tenant=tenant, state=ReportState.PUBLISHED).select_related("site")
    return rows.order_by("-year", "site__kind", "site__code")


def public_report(tenant: str, report_id: uuid.UUID) -> SiteWorkReport:
    """One that is published; raises NotFound."""
    row = published(tenant).filter(pk=report_id).first()
    if row is None:
        raise NotFound(_("没有找到这份工作年度报表。"))
    return row
