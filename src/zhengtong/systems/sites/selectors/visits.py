"""How often sites were read: by month and day, by page, by column."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum
from wagtail.models import Page

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.paging import Page as Leaf
from zhengtong.kernel.paging import page_of
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.models import GovernmentSite, VisitCount
from zhengtong.systems.sites.rules.visits import days_of

MOST_PAGES = 30
_COLUMNS = """
select c.title, sum(v.views) from sites_visitcount v
join wagtailcore_page p on p.id = v.page_id
join wagtailcore_page c on c.depth = %s and p.path like c.path || '%%' and c.path like %s
where v.site_id = %s and v.page_id > 0 and v.day between %s and %s
group by c.id, c.title, c.path order by sum(v.views) desc, c.path
"""


@dataclasses.dataclass(frozen=True)
class Read:
    """A page or column and how often it was read; ``address`` is empty for what is gone."""

    title: str
    views: int
    address: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Month:
    """What a site had in a month: totals, each day in its order, the columns and the pages read most."""

    views: int
    visitors: int
    days: Sequence[tuple[dt.date, int, int]]
    columns: Sequence[Read]
    pages: Sequence[Read]


def sites_read(actor: Actor, month: dt.date, number: object) -> "Leaf[Any]":
    """The sites the actor keeps, the most read in the month first, each with its ``views`` and ``visitors``."""
    days = days_of(month)
    counted = Q(visits__page_id=0, visits__day__gte=days[0], visits__day__lte=days[-1])
    rows = permissions.editable_sites(actor).annotate(
        views=Sum("visits__views", filter=counted, default=0),
        visitors=Sum("visits__visitors", filter=counted, default=0),
    )
    return page_of(rows.order_by("-views", "code"), number, size=50)


def month_of(site: GovernmentSite, month: dt.date) -> Month:
    """How often a site was read in a month; the sum of its days is the month."""
    days = days_of(month)
    rows = VisitCount.objects.filter(site=site, day__gte=days[0], day__lte=days[-1])
    by_day = {day: (views, visitors) for day, views, visitors in _totals(rows)}
    counted = [(day, *by_day.get(day, (0, 0))) for day in days]
    return Month(
        views=sum(views for _day, views, _visitors in counted),
        visitors=sum(visitors for _day, _views, visitors in counted),
        days=counted,
        columns=_columns(site, days),
        pages=_pages(site, rows),
    )


def _totals(rows: "QuerySet[VisitCount]") -> list[tuple[dt.date, int, int]]:
    return list(rows.filter(page_id=0).values_list("day", "views", "visitors"))


def _columns(site: GovernmentSite, days: Sequence[dt.date]) -> list[Read]:
    home = site.home
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [home.depth + 1, home.path + "%", site.pk, days[0], days[-1]])
        return [Read(title, int(views)) for title, views in cursor.fetchall()]


def _pages(site: GovernmentSite, rows: "QuerySet[VisitCount]") -> list[Read]:
    found = rows.filter(page_id__gt=0).values("page_id").annotate(number=Sum("views"))
    most = [(row["page_id"], row["number"]) for row in found.order_by("-number", "page_id")[:MOST_PAGES]]
    pages = Page.objects.filter(pk__in=[key for key, _number in most]).specific(defer=True)
    known = {page.pk: page for page in pages}
    lines = []
    for key, number in most:
        page = known.get(key)
        if page is None:
            lines.append(Read("（已经删除的网页）", number))
            continue
        page.site = site
        lines.append(Read(page.title, number, page.relative_address() if page.live else ""))
    return lines
