"""What the public reads: a site, a page of it, what its modules list. Only what is published, only of open sites."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.core.paginator import Page as Leaf
from django.core.paginator import Paginator
from django.db.models import QuerySet
from wagtail.models import Page

from zhengtong.systems.sites.constants import PAGE_SIZE, SiteKind, SiteState
from zhengtong.systems.sites.models import ArticlePage, ColumnPage, GovernmentSite, SiteLook, SitePage
from zhengtong.systems.sites.rules.addresses import page_path


@dataclasses.dataclass(frozen=True)
class Line:
    """A line of a list: where it leads, its words, and of an article its day and summary."""

    title: str
    url: str
    day: dt.date | None = None
    summary: str = ""
    source: str = ""


class Column(NamedTuple):
    """A published column: its place in the tree, its words, whether menus name it."""

    path: str
    depth: int
    slug: str
    title: str
    url_path: str
    in_menus: bool
    kind: str = ""


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


def look_of(site: GovernmentSite) -> SiteLook | None:
    """What a site shows over its theme; read once for each site that was read."""
    kept = site.__dict__
    if "_look" not in kept:
        kept["_look"] = SiteLook.objects.select_related("site", "emblem", "header").filter(site_id=site.pk).first()
    found: SiteLook | None = kept["_look"]
    return found


def published_page(site: GovernmentSite, rest: str) -> SitePage | None:
    """The page at ``rest`` below the site's home, if it and all above it are published."""
    path = site.home.url_path + (f"{rest.strip('/')}/" if rest.strip("/") else "")
    found = Page.objects.filter(url_path=path, path__startswith=site.home.path, live=True).first()
    if found is None or not _all_live(site, found):
        return None
    page: SitePage = found.specific
    page.site = site
    return page


def _all_live(site: GovernmentSite, page: Page) -> bool:
    """Whether all pages above are published; the home and the columns are known without asking."""
    if page.depth <= SitePage.HOME_DEPTH:
        return True
    if not site.home.live:
        return False
    unknown = page.depth - SitePage.HOME_DEPTH - 1
    if not unknown:
        return True
    if unknown == 1:
        return any(page.path.startswith(column.path) for column in columns(site))
    return not page.get_ancestors().filter(depth__gte=SitePage.HOME_DEPTH, live=False).exists()


def columns(site: GovernmentSite) -> "Sequence[Column]":
    """The published columns of a site in the order of its tree, asked for once for each time the site was read."""
    held: list[Column] | None = site.__dict__.get("_columns")
    if held is None:
        rows = ColumnPage.objects.filter(site=site, live=True).order_by("path")
        found = rows.values_list("path", "depth", "slug", "title", "url_path", "show_in_menus", "kind")
        held = site.__dict__["_columns"] = [Column(*row) for row in found]
    return held


def navigation(site: GovernmentSite) -> list[Line]:
    """The columns of a site, in its order."""
    top = SitePage.HOME_DEPTH + 1
    return [
        Line(one.title, page_path(site.code, site.home.url_path, one.url_path))
        for one in columns(site)
        if one.depth == top and one.in_menus
    ]


def above(page: SitePage) -> list[Line]:
    """The pages above a page, from the home down."""
    site = page.site
    if site is None:
        return []
    held: list[Line] | None = page.__dict__.get("_above")
    if held is not None:
        return held
    rows = page.get_ancestors().filter(depth__gte=SitePage.HOME_DEPTH).order_by("depth")
    found = rows.values_list("title", "url_path")
    lines = [Line(title, page_path(site.code, site.home.url_path, url_path)) for title, url_path in found]
    page.__dict__["_above"] = lines  # the breadcrumb and the structured data both ask
    return lines


def newest_of(site: GovernmentSite, rows: "QuerySet[ArticlePage]", number: int | None) -> list[Line]:
    """Articles of a site as lines of a list, in their order; at most ``number``."""
    found = rows.values_list("title", "url_path", "published_on", "summary", "source")
    home = site.home.url_path
    return [
        Line(title, page_path(site.code, home, url_path), day, summary, source)
        for title, url_path, day, summary, source in found[:number]
    ]


def column_leaf(site: GovernmentSite, column: ColumnPage, number: int) -> "Leaf[ArticlePage]":
    """One leaf of all articles of a column, the newest first; the last leaf for a number beyond."""
    rows = ArticlePage.objects.live().child_of(column).order_by("-published_on", "-pk")
    return Paginator(rows.defer("body"), PAGE_SIZE).get_page(number)


def newest_article(site: GovernmentSite, column: Column) -> ArticlePage | None:
    """The newest article of a column with its text, for a column that has but one."""
    rows = ArticlePage.objects.live().filter(site=site, path__startswith=column.path, depth=column.depth + 1)
    found = rows.order_by("-published_on", "-pk").first()
    if found is not None:
        found.site = site
    return found


def sites_of_kind(tenant: str, kind: str) -> list[GovernmentSite]:
    """The open sites of a kind, in the order of their codes."""
    rows = GovernmentSite.objects.filter(tenant=tenant, state=SiteState.OPEN, kind=kind)
    return list(rows.order_by("code"))
