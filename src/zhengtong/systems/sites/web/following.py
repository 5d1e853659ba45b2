"""Feeds and sitemaps: made anew whenever the site they tell of changes, told by its edition."""

import datetime as dt
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.policy import actor_of, public
from zhengtong.systems.sites.models import GovernmentSite
from zhengtong.systems.sites.selectors import following as reads
from zhengtong.systems.sites.selectors import public as selectors

_FEEDS: Final = {"atom": Atom1Feed, "rss": Rss201rev2Feed}
_SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XML: Final = "application/xml; charset=utf-8"


@public
@require_safe
def feed(request: HttpRequest, form: str, code: str, rest: str = "") -> HttpResponse:
    """The newest articles of a site or of one of its columns, as Atom or RSS."""
    site = _site(request, code)
    if form not in _FEEDS:
        raise Http404(_("没有这种订阅格式。"))
    known = _unchanged(request, f"{form}/{rest}", site)
    if known is not None:
        return known
    column = reads.column_at(site, rest) if rest else None
    if rest and column is None:
        raise Http404(_("没有这个栏目，它可能已经撤下或者移走了。"))
    base = reads.base_of(site)
    title = f"{site.name} - {column.title}" if column is not None else site.name
    address = column.relative_address() if column is not None else site.url
    written = _FEEDS[form](
        title=title,
        link=base + address,
        description=_("%(title)s的最新文章") % {"title": title},
        language=settings.LANGUAGE_CODE,
        feed_url=base + request.path,
        author_name=site.org_name,
    )
    for one in reads.newest_articles(site, column):
        written.add_item(
            title=one.title,
            link=one.address,
            description=one.summary,
            unique_id=one.address,
            author_name=one.source,
            pubdate=dt.datetime.combine(one.published_on, dt.time(), SHANGHAI),
            updateddate=one.changed_at,
        )
    return _kept(HttpResponse(written.writeString("utf-8"), content_type=written.content_type), f"{form}/{rest}", site)


@public
@require_safe
def sitemap(request: HttpRequest, code: str, leaf: int = 1) -> HttpResponse:
    """All published pages of a site for search engines."""
    site = _site(request, code)
    known = _unchanged(request, f"map/{leaf}", site)
    if known is not None:
        return known
    if not 1 <= leaf <= reads.sitemap_leaves([site])[site.code]:
        raise Http404(_("没有这一部分网站地图。"))
    answer = HttpResponse(content_type=_XML)
    written = _begun(answer, "urlset")
    for one in reads.mapped_pages(site, leaf):
        _line(written, "url", one.address, one.changed_at)
    written.endElement("urlset")
    return _kept(answer, f"map/{leaf}", site)


@public
@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The sitemaps of all sites of the county."""
    answer = HttpResponse(content_type=_XML)
    written = _begun(answer, "sitemapindex")
    sites = reads.open_sites(actor_of(request).tenant)
    for code, leaves in reads.sitemap_leaves(sites).items():
        for leaf in range(1, leaves + 1):
            path = reverse("sites:sitemap", args=[code] if leaf == 1 else [code, leaf])
            _line(written, "sitemap", str(settings.ZHENGTONG_BASE_URL).rstrip("/") + path, None)
    written.endElement("sitemapindex")
    return answer


@public
@require_safe
def overview(request: HttpRequest, code: str) -> HttpResponse:
    """网站地图 for people: every column with those below it, and how to follow the site."""
    site = _site(request, code)
    if not site.home.live:
        raise Http404(_("没有这个网页，它可能已经撤下或者移走了。"))
    home = site.home.specific
    home.site = site
    top = home.depth + 1
    lines = [
        (one.depth - top, one.title, selectors.page_path(site.code, site.home.url_path, one.url_path))
        for one in selectors.columns(site)
    ]
    answer = render(request, "sites/overview.html", {"site": site, "page": home, "lines": lines})
    patch_vary_headers(answer, ["Cookie"])
    return answer


def _site(request: HttpRequest, code: str) -> GovernmentSite:
    site = selectors.site_by_code(actor_of(request).tenant, code)
    if site is None:
        raise Http404(_("没有这个网站，它可能已经关停。"))
    return site


def _mark(what: str, site: GovernmentSite) -> str:
    return quote_etag(f"{site.edition}-{what.replace('/', '-')}")


def _unchanged(request: HttpRequest, what: str, site: GovernmentSite) -> HttpResponse | None:
    """304 for who holds what this edition of the site says; None where it has to be made."""
    answer: HttpResponse | None = get_conditional_response(request, etag=_mark(what, site))
    return answer


def _kept(answer: HttpResponse, what: str, site: GovernmentSite) -> HttpResponse:
    """May be kept, but is asked for again each time, so that what was taken down is gone at once."""
    answer.headers["ETag"], answer.headers["Cache-Control"] = _mark(what, site), "no-cache"
    return answer


def _begun(answer: HttpResponse, root: str) -> SimplerXMLGenerator:
    written = SimplerXMLGenerator(answer, "utf-8")
    written.startDocument()
    written.startElement(root, {"xmlns": _SITEMAP})
    return written


def _line(written: SimplerXMLGenerator, word: str, address: str, changed_at: dt.datetime | None) -> None:
    written.startElement(word, {})
    written.addQuickElement("loc", address)
    if changed_at is not None:
        written.addQuickElement("lastmod", changed_at.isoformat(timespec="seconds"))
    written.endElement(word)
