"""Feeds and site maps: the same answer for everybody, kept on the shelf like the pages they name.

Addresses are made of the settings and the record of the site, never of the host a request names: what is kept
is read by others.
"""

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengtong.kernel.clock import now
from zhengtong.kernel.policy import actor_of, public
from zhengtong.systems.sites.models import ColumnPage, GovernmentSite, HomePage
from zhengtong.systems.sites.rules.linked_data import printable
from zhengtong.systems.sites.selectors import public as selectors
from zhengtong.systems.sites.selectors import reach
from zhengtong.systems.sites.web import shelving
from zhengtong.systems.sites.web.hosted import at_its_host

CONTENT_TYPE: Final = "application/xml; charset=utf-8"


class _Rss(Rss201rev2Feed):
    def latest_post_date(self) -> Any:
        """Of an empty feed: now, by the clock of the house."""
        return super().latest_post_date() if self.items else now()


class _Atom(Atom1Feed):
    def latest_post_date(self) -> Any:
        """Of an empty feed: now, by the clock of the house."""
        return super().latest_post_date() if self.items else now()


_FORMS: Final[dict[str, type[SyndicationFeed]]] = {"rss": _Rss, "atom": _Atom}


@public
@require_safe
def feed(request: HttpRequest, code: str, form: str, rest: str = "") -> HttpResponse:
    """The newest articles of a site or of one of its columns."""
    site, page = _found(request, code, rest)
    column = page if isinstance(page, ColumnPage) else None
    if column is None and not isinstance(page, HomePage):
        raise Http404(_("没有这个订阅。"))
    away = at_its_host(request, site)
    if away is not None:
        return away
    title = f"{column.title} - {site.name}" if column else site.name
    here = site.in_full(page.relative_address())
    made = _FORMS[form](
        title=printable(title),
        link=here,
        description=printable((column.intro if column else "") or title),
        language="zh-CN",
        feed_url=f"{here}{form}.xml",
        author_name=site.org_name,
    )
    for entry in reach.feed(site, column):
        address = site.in_full(entry.address)
        made.add_item(
            title=entry.title,
            link=address,
            description=entry.summary,
            unique_id=address,
            pubdate=entry.shown,
            updateddate=entry.changed,
            author_name=entry.source,
        )
    return _told(request, site, HttpResponse(made.writeString("utf-8"), content_type=CONTENT_TYPE), rest)


@public
@require_safe
def site_map(request: HttpRequest, code: str, leaf: int = 1) -> HttpResponse:
    """The addresses of a site for search engines."""
    site, _home = _found(request, code, "")
    lines = reach.map_leaf(site, leaf) if leaf else []
    if not lines:
        raise Http404(_("没有这一页网站地图。"))
    away = at_its_host(request, site)
    if away is not None:
        return away
    context = {"lines": [(site.in_full(line.address), line.changed) for line in lines]}
    answer = render(request, "sites/reach/map.xml", context, content_type=CONTENT_TYPE)
    return _told(request, site, answer, "")


@public
@require_safe
def overview(request: HttpRequest, code: str) -> HttpResponse:
    """网站地图 for people: every column, and how to subscribe."""
    site, home = _found(request, code, "")
    away = at_its_host(request, site)
    if away is not None:
        return away
    context = {"site": site, "page": home, "lines": reach.overview(site)}
    return _told(request, site, render(request, "sites/reach/overview.html", context), "-/map/")


@public
@require_safe
def group_map(request: HttpRequest) -> HttpResponse:
    """The site maps of all open sites of the county."""
    found = [
        site.in_full(f"{site.url}sitemap{f'-{leaf}' if leaf > 1 else ''}.xml")
        for site, leaves in reach.mapped_sites(actor_of(request).tenant)
        for leaf in range(1, leaves + 1)
    ]
    answer = render(request, "sites/reach/index.xml", {"maps": found}, content_type=CONTENT_TYPE)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _found(request: HttpRequest, code: str, rest: str) -> tuple[GovernmentSite, Any]:
    site = selectors.site_by_code(actor_of(request).tenant, code)
    page = selectors.published_page(site, rest) if site is not None else None
    if site is None or page is None:
        raise Http404(_("没有这个网站或者栏目，它可能已经撤下或者移走了。"))
    return site, page


def _told(request: HttpRequest, site: GovernmentSite, answer: HttpResponse, rest: str) -> HttpResponse:
    answer.headers["Cache-Control"] = "no-cache"  # as the pages: what was taken down is gone at once
    patch_vary_headers(answer, ["Cookie"])
    shelving.offer(request, site, rest)
    return answer
