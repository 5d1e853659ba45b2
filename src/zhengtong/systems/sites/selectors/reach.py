"""What feeds and site maps name: published pages that answer, and nothing else."""

import dataclasses
import datetime as dt
from typing import Final

from django.db.models import Count, QuerySet

from zhengtong.systems.sites.constants import SiteState
from zhengtong.systems.sites.models import ArticlePage, ColumnPage, GovernmentSite, SitePage
from zhengtong.systems.sites.rules.addresses import page_path
from zhengtong.systems.sites.rules.linked_data import moment_of, printable
from zhengtong.systems.sites.selectors.public import Column, columns

#: articles a feed names, addresses one file of a site map holds: the protocol allows 50,000, the shelf a megabyte
FEED_LENGTH: Final = 30
MAP_LENGTH: Final = 5_000


@dataclasses.dataclass(frozen=True)
class Entry:
    """An article in a feed: ``address`` by path, ``shown`` and ``changed`` the moments of its publication."""

    title: str
    address: str
    summary: str
    source: str
    shown: dt.datetime
    changed: dt.datetime


@dataclasses.dataclass(frozen=True)
class MapLine:
    """An address in a site map, by path, and when it changed last."""

    address: str
    changed: dt.datetime | None


@dataclasses.dataclass(frozen=True)
class OverviewLine:
    """A column in the overview for people: how deep it stands, 0 for the first level, its title and address."""

    level: int
    title: str
    address: str


def column_over(page: SitePage) -> Column | None:
    """The nearest published column an article stands in, the page itself where it is one."""
    if page.site is None or not page.path:
        return None
    over = [one for one in columns(page.site) if page.path.startswith(one.path)]
    return max(over, key=lambda one: one.depth, default=None)


def answering_articles(site: GovernmentSite) -> "QuerySet[ArticlePage]":
    """The published articles of a site that answer: all columns above them are published, too."""
    rows = ArticlePage.objects.live().filter(site=site)
    for path in _shut(site):
        rows = rows.exclude(path__startswith=path)
    return rows


def feed(site: GovernmentSite, column: ColumnPage | None = None) -> list[Entry]:
    """The newest articles of a site, or of one column of it, the newest first."""
    rows = answering_articles(site)
    if column is not None:
        rows = rows.filter(path__startswith=column.path, depth=column.depth + 1)
    found = rows.order_by("-published_on", "-pk").values_list(
        "title", "url_path", "summary", "source", "published_on", "first_published_at", "last_published_at"
    )
    entries = []
    for title, url_path, summary, source, day, first, last in found[:FEED_LENGTH]:
        shown = moment_of(day, first)
        address = page_path(site.code, site.home.url_path, url_path)
        entries.append(
            Entry(printable(title), address, printable(summary), printable(source), shown, max(shown, last or shown))
        )
    return entries


def map_leaf(site: GovernmentSite, leaf: int) -> list[MapLine]:
    """One leaf, from 1, of the addresses of a site: home and columns first, then articles; empty beyond the last.

    What only leads to an article of another site is named by that site.
    """
    first, last = (leaf - 1) * MAP_LENGTH, leaf * MAP_LENGTH
    fields = ("url_path", "last_published_at")
    shut = tuple(_shut(site))
    tops = [(site.home.url_path, site.home.last_published_at)]
    open_columns = ColumnPage.objects.live().filter(site=site).order_by("path").values_list("path", *fields)
    tops += [(url_path, at) for path, url_path, at in open_columns if not path.startswith(shut)]
    rows = answering_articles(site).filter(quoted=False).order_by("-published_on", "-pk").values_list(*fields)
    found = [*tops[first:last]]
    if last > len(tops):
        found += list(rows[max(first - len(tops), 0) : last - len(tops)])
    return [MapLine(page_path(site.code, site.home.url_path, url_path), at) for url_path, at in found]


def overview(site: GovernmentSite) -> list[OverviewLine]:
    """The columns of a site that answer, in the order of its tree."""
    shut, top = tuple(_shut(site)), SitePage.HOME_DEPTH + 1
    return [
        OverviewLine(one.depth - top, one.title, page_path(site.code, site.home.url_path, one.url_path))
        for one in columns(site)
        if not one.path.startswith(shut)
    ]


def mapped_sites(tenant: str) -> list[tuple[GovernmentSite, int]]:
    """The open sites of a county whose home is published, each with how many leaves its map has at most."""
    rows = GovernmentSite.objects.filter(tenant=tenant, state=SiteState.OPEN, home__live=True).order_by("code")
    pages: dict[object, int] = {}
    live = (ArticlePage.objects.live().filter(quoted=False), ColumnPage.objects.live())
    for kept in live:
        counted = kept.filter(tenant=tenant).order_by().values_list("site").annotate(Count("pk"))
        for key, number in counted:
            pages[key] = pages.get(key, 1) + number
    return [(site, -(-pages.get(site.pk, 1) // MAP_LENGTH)) for site in rows]


def named_in(site: GovernmentSite, page: ArticlePage) -> list[str]:
    """Names of the feeds and maps of a site that name the article: for whoever asks where it can still be read."""
    address = page.relative_address()
    if not site.home.live:
        return []
    found = []
    column = ColumnPage.objects.live().filter(pk=page.get_parent().pk).first()
    for label, of, base in (("site", None, site.url), ("column", column, address.rsplit("/", 2)[0] + "/")):
        if label == "column" and of is None:
            continue
        if address in {entry.address for entry in feed(site, of)}:
            found.append(f"{base}rss.xml")
    if answering_articles(site).filter(quoted=False, pk=page.pk).exists():
        found.append(f"{site.url}sitemap.xml")
    return found


def _shut(site: GovernmentSite) -> list[str]:
    """Paths of the columns that are not published: nothing below them answers."""
    return list(ColumnPage.objects.filter(site=site, live=False).values_list("path", flat=True))
