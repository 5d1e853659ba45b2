"""What the public reads: a site, a page of it, what its modules list. Only what is published, only of open sites."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from django.core.paginator import Page as Leaf
from django.core.paginator import Paginator
from django.db.models import QuerySet
from wagtail.models import Page

from zhengtong.systems.sites.constants import PAGE_SIZE, SiteKind, SiteState
from zhengtong.systems.sites.models import ArticlePage, ColumnPage, GovernmentSite, SitePage
from zhengtong.systems.sites.rules.addresses import page_path


@dataclasses.dataclass(frozen=True)
class Line:
    """A line of a list: where it leads, its words, and of an article its day and summary."""

    title: str
    url: str
    day: dt.date | None = None
    summary: str = ""
    source: str = ""


def site_by_code(tenant: str, code: str) -> GovernmentSite | None:
    """The open site of that code."""
    rows = GovernmentSite.objects.filter(tenant=tenant, state=SiteState.OPEN, code=code)
    return rows.select_related("home").first()


def site_by_host(tenant: str, host: str) -> GovernmentSite | None:
    """The open site that answers under that host name."""
    rows = GovernmentSite.objects.filter(tenant=tenant, state=SiteState.OPEN, host=host)
    return rows.select_related("home").first()


def portal(tenant: str) -> GovernmentSite | None:
    """The county's portal."""
    rows = GovernmentSite.objects.filter(tenant=tenant, state=SiteState.OPEN, kind=SiteKind.PORTAL)
    return rows.select_related("home").first()


def published_page(site: GovernmentSite, rest: str) -> SitePage | None:
    """The page at ``rest`` below the site's home, if it and all above it are published."""
    path = site.home.url_path + (f"{rest.strip('/')}/" if rest.strip("/") else "")
    found = Page.objects.filter(url_path=path, path__startswith=site.home.path, live=True).first()
    if found is None or found.get_ancestors().filter(depth__gte=SitePage.HOME_DEPTH, live=False).exists():
        return None
    page: SitePage = found.specific
    page.site = site
    return page


def navigation(site: GovernmentSite) -> list[Line]:
    """The columns of a site, in its order."""
    rows = ColumnPage.objects.child_of(site.home).live().in_menu().order_by("path")
    return [Line(one.title, page_path(site.code, site.home.url_path, one.url_path)) for one in rows]


def above(page: SitePage) -> list[Line]:
    """The pages above a page, from the home down."""
    site = page.site
    if site is None:
        return []
    rows = page.get_ancestors().filter(depth__gte=SitePage.HOME_DEPTH).order_by("depth")
    return [Line(one.title, page_path(site.code, site.home.url_path, one.url_path)) for one in rows]


def newest(site: GovernmentSite, *, column: str = "", number: int = 7) -> list[Line]:
    """The newest articles of a column (by its slug), or of the whole site."""
    rows = ArticlePage.objects.live().filter(site=site)
    if column:
        above_them = ColumnPage.objects.filter(site=site, slug=column, live=True).first()
        if above_them is None:
            return []
        rows = rows.filter(path__startswith=above_them.path)
    return lines(site, rows.order_by("-published_on", "-pk")[:number])


def column_leaf(site: GovernmentSite, column: ColumnPage, number: int) -> "Leaf[ArticlePage]":
    """One leaf of all articles of a column, the newest first; the last leaf for a number beyond."""
    rows = ArticlePage.objects.live().child_of(column).order_by("-published_on", "-pk")
    return Paginator(rows.defer("body"), PAGE_SIZE).get_page(number)


def lines(site: GovernmentSite, rows: "QuerySet[ArticlePage] | Sequence[ArticlePage]") -> list[Line]:
    """Articles as lines of a list."""
    return [
        Line(
            title=one.title,
            url=page_path(site.code, site.home.url_path, one.url_path),
            day=one.published_on,
            summary=one.summary,
            source=one.source,
        )
        for one in rows
    ]


def article_of_column(site: GovernmentSite, column: str) -> ArticlePage | None:
    """The newest article of a column with its text, for a column that has but one."""
    rows = ArticlePage.objects.live().filter(site=site)
    above_them = ColumnPage.objects.filter(site=site, slug=column, live=True).first()
    if above_them is None:
        return None
    found = rows.child_of(above_them).order_by("-published_on", "-pk").first()
    if found is not None:
        found.site = site
    return found


def sites_of_kind(tenant: str, kind: str) -> list[GovernmentSite]:
    """The open sites of a kind, in the order of their codes."""
    rows = GovernmentSite.objects.filter(tenant=tenant, state=SiteState.OPEN, kind=kind)
    return list(rows.order_by("code"))
