"""Articles in many sites: what was offered to whom, and where a page still answers."""

import dataclasses
import re
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Q, QuerySet

from zhengtong.capabilities.search import api as search
from zhengtong.kernel.actors import Actor, anonymous
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import ADMIN, PAGE_KIND, PUBLISHER, OfferState, SiteState, Takes
from zhengtong.systems.sites.models import ArticleOffer, ArticlePage, ColumnPage, FileUse, GovernmentSite
from zhengtong.systems.sites.rules.addresses import PREFIX
from zhengtong.systems.sites.selectors import public, reach

_LISTED = 20


@dataclasses.dataclass(frozen=True)
class Answer:
    """A place where a page can still be read: what kind of place, and its address."""

    place: str
    address: str


def taking_columns(article: ArticlePage) -> "QuerySet[ColumnPage]":
    """The published columns of other open sites that take articles."""
    rows = ColumnPage.objects.live().filter(tenant=article.tenant, site__state=SiteState.OPEN)
    return (
        rows.exclude(takes=Takes.NONE).exclude(site=article.site).select_related("site").order_by("site__code", "path")
    )


def offers_of(article: ArticlePage) -> list[ArticleOffer]:
    """To whom an article was offered."""
    rows = ArticleOffer.objects.filter(article=article).select_related("column__site", "copy__site")
    return list(rows.order_by("created_at"))


def offers_to(actor: Actor) -> "QuerySet[ArticleOffer]":
    """What waits for the actor's decision, the oldest first."""
    sites = GovernmentSite.objects.filter(permissions.reach(actor, PUBLISHER, ADMIN))
    rows = ArticleOffer.objects.filter(column__site__in=sites, state=OfferState.OFFERED)
    return rows.select_related("article__site", "column__site").order_by("created_at", "pk")


def named_page(tenant: str, word: str) -> ArticlePage | None:
    """An article by its number or its address, by path or below the host of its site."""
    rows = ArticlePage.objects.filter(tenant=tenant).select_related("site__home")
    if word.isdecimal():
        return rows.filter(pk=int(word)).first()
    path = re.sub(r"^https?://[^/]+", "", word).partition("?")[0]
    named = public.site_by_host(tenant, urlsplit(word).hostname or "") if "://" in word else None
    if named is not None and not path.startswith(PREFIX):
        path = named.url + path.lstrip("/")
    code, _slash, rest = path.removeprefix(PREFIX).partition("/")
    site = GovernmentSite.objects.select_related("home").filter(tenant=tenant, code=code).first()
    return None if site is None else rows.filter(url_path=f"{site.home.url_path}{rest.strip('/')}/").first()


def family_of(page: ArticlePage) -> list[ArticlePage]:
    """An article and its copies."""
    rows = ArticlePage.objects.filter(Q(pk=page.pk) | Q(origin_id=page.pk))
    return list(rows.select_related("site__home").order_by("path"))


def answers(page: ArticlePage) -> list[Answer]:
    """Every place where a page or a copy of it can still be read: by address, in lists, by search, by its files."""
    family = family_of(page)
    found = [one for member in family for one in _pages_and_lists(member)]
    hits: Any = search.search(actor=anonymous(page.tenant), query=page.title, kind=PAGE_KIND)
    addresses = {member.relative_address() for member in family}
    found += [Answer("检索", hit.url) for hit in hits.rows if hit.url in addresses]
    return found + _files(family)


def _pages_and_lists(page: ArticlePage) -> list[Answer]:
    site = page.site
    if site is None:
        return []
    address, found = page.relative_address(), []
    if public.published_page(site, address.removeprefix(site.url)) is not None:
        found.append(Answer("网页", address))
    column = ColumnPage.objects.filter(pk=page.get_parent().pk).first()
    if column is not None and ArticlePage.objects.live().child_of(column).filter(pk=page.pk).exists():
        found.append(Answer("栏目列表", address.rsplit("/", 2)[0] + "/"))
    if address in {line.url for line in public.newest_of(site, ArticlePage.objects.live().filter(site=site), _LISTED)}:
        found.append(Answer("主页模块", site.url))
    return found + [Answer("订阅和网站地图", one) for one in reach.named_in(site, page)]


def _files(family: list[ArticlePage]) -> list[Answer]:
    """Files the public can read because of these pages; what another page uses stays, and is not theirs alone."""
    uses = FileUse.objects.filter(page__in=[one.pk for one in family], page__live=True)
    rows = uses.select_related("picture", "document")
    files = [one.picture.address() if one.picture is not None else one.document and one.document.url for one in rows]
    return [Answer("图片和附件", address) for address in files if address]
