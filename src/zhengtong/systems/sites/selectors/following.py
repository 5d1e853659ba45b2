"""What readers follow from outside: newest articles for feeds, all addresses for sitemaps. Only what is published."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left
from django.urls import reverse
from wagtail.models import Page

from zhengtong.systems.sites.constants import SiteState
from zhengtong.systems.sites.models import ArticlePage, ColumnPage, GovernmentSite, SitePage
from zhengtong.systems.sites.rules.addresses import page_path
from zhengtong.systems.sites.selectors.public import columns

#: articles in a feed, the newest; addresses in one file of a sitemap (sitemaps.org allows 50 000)
FEED_LENGTH, SITEMAP_LENGTH = 30, 20_000


@dataclasses.dataclass(frozen=True)
class Followed:
    """An article as a feed tells of it: the address is whole, the days are of publishing and of the last change."""

    title: str
    address: str
    summary: str
    source: str
    published_on: dt.date
    changed_at: dt.datetime


@dataclasses.dataclass(frozen=True)
class Mapped:
    """A line of a sitemap: whole address and the moment of the last change."""

    address: str
    changed_at: dt.datetime | None


def base_of(site: GovernmentSite) -> str:
    """Where a site answers first of all, without a stroke at the end."""
    return f"https://{site.host}" if site.host else str(settings.ZHENGTONG_BASE_URL).rstrip("/")


def newest_articles(site: GovernmentSite, column: ColumnPage | None = None) -> list[Followed]:
    """The newest articles of a site or of a column and what is below it; quoted ones are told of by their own site."""
    rows = ArticlePage.objects.live().filter(_standing(site), site=site, quoted=False)
    if column is not None:
        rows = rows.filter(path__startswith=column.path)
    found = rows.order_by("-published_on", "-pk").values_list(
        "title", "url_path", "summary", "source", "published_on", "last_published_at", "first_published_at"
    )
    base, home = base_of(site), site.home.url_path
    return [
        Followed(title, base + page_path(site.code, home, path), summary, source, day, changed or first)
        for title, path, summary, source, day, changed, first in found[:FEED_LENGTH]
    ]


def column_at(site: GovernmentSite, rest: str) -> ColumnPage | None:
    """The published column at an address below the site's home."""
    path = f"{site.home.url_path}{rest.strip('/')}/"
    if path not in {one.url_path for one in columns(site)}:
        return None
    rows = ColumnPage.objects.live().filter(_standing(site), site=site, url_path=path)
    return rows.defer("modules").first()


def mapped_pages(site: GovernmentSite, leaf: int = 1) -> list[Mapped]:
    """One file's worth of the published pages of a site, the home first."""
    base, home = base_of(site), site.home.url_path
    rows = _pages(site).order_by("path").values_list("url_path", "last_published_at")
    found = rows[(leaf - 1) * SITEMAP_LENGTH : leaf * SITEMAP_LENGTH]
    return [Mapped(base + page_path(site.code, home, path), changed) for path, changed in found]


def sitemap_leaves(sites: Sequence[GovernmentSite]) -> dict[str, int]:
    """How many files the sitemap of each site takes, by its code: enough for every published page below its home."""
    long = Page.steplen * SitePage.HOME_DEPTH
    rows = Page.objects.live().filter(depth__gte=SitePage.HOME_DEPTH)
    counted = rows.annotate(top=Left("path", long)).order_by().values("top").annotate(number=Count("pk"))
    if len(sites) == 1:
        counted = counted.filter(path__startswith=sites[0].home.path)
    numbers = {row["top"]: row["number"] for row in counted}
    return {site.code: max(1, -(-numbers.get(site.home.path, 0) // SITEMAP_LENGTH)) for site in sites}


def open_sites(tenant: str) -> list[GovernmentSite]:
    """The open sites of a county with their homes, in the order of their codes."""
    rows = GovernmentSite.objects.filter(tenant=tenant, state=SiteState.OPEN).select_related("home")
    return list(rows.order_by("code"))


def told_of(page: ArticlePage) -> list[str]:
    """Where feeds or the sitemap of its site tell of an article: addresses of them."""
    site = page.site
    if site is None or site.state != SiteState.OPEN:
        return []
    whole = base_of(site) + page.relative_address()
    found = []
    if any(one.address == whole for one in newest_articles(site)):
        found.append(reverse("sites:feed", args=["atom", site.code]))
    if _pages(site).filter(pk=page.pk).exists():
        found.append(reverse("sites:sitemap", args=[site.code]))
    return found


def _pages(site: GovernmentSite) -> "QuerySet[Page]":
    quoted = ArticlePage.objects.filter(site=site, quoted=True).values("pk")
    rows = Page.objects.live().filter(_standing(site), path__startswith=site.home.path)
    return rows.exclude(pk__in=quoted)


def _standing(site: GovernmentSite) -> Q:
    """What no page above hides: below a column, or a home, that is not published nothing is read."""
    if not site.home.live:
        return Q(pk__in=[])
    hidden = ColumnPage.objects.filter(site=site, live=False, depth__gt=SitePage.HOME_DEPTH).values_list("path")
    found = Q()
    for (path,) in hidden:
        found &= ~Q(path__startswith=path)
    return found
