"""Taking over articles by the hundred, already published elsewhere; taking over the same ones twice changes nothing."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.search import api as search
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.models import ArticlePage, ColumnPage, GovernmentSite
from zhengtong.systems.sites.selectors.found import entry_of
from zhengtong.systems.sites.services import editions
from zhengtong.systems.sites.services.files import note_uses
from zhengtong.systems.sites.services.telling import record, site_ref
from zhengtong.systems.sites.services.tree import plant


@dataclasses.dataclass(frozen=True, kw_only=True)
class ArticleWords:
    """An article as it comes: ``slug`` names it in its column, ``text`` is HTML as the editor writes it."""

    slug: str
    title: str
    published_on: dt.date
    source: str
    text: str
    summary: str = ""
    author: str = ""


@transaction.atomic
def import_articles(*, actor: Actor, site_code: str, articles: Mapping[str, Sequence[ArticleWords]]) -> int:
    """Put articles into columns of a site, by the columns' names in addresses; returns how many were new.

    Raises NotFound, NotPermitted.
    """
    permissions.check_may_open_sites(actor)
    site = GovernmentSite.objects.filter(tenant=actor.tenant, code=site_code).first()
    columns = {column.slug: column for column in ColumnPage.objects.filter(site=site)} if site is not None else {}
    strange = [slug for slug in articles if slug not in columns]
    if site is None or strange:
        raise NotFound(
            _("没有网站“%(site)s”，或者它没有栏目“%(column)s”。") % {"site": site_code, "column": "、".join(strange)}
        )
    new = {slug: _new_pages(site, columns[slug], rows) for slug, rows in articles.items()}
    pages = [page for found in new.values() for page in found]
    if not pages:
        return 0
    for slug, found in new.items():
        plant(columns[slug], found)
    note_uses(pages)
    search.index_many(
        tenant=actor.tenant, entries=[entry_of(page, columns[slug]) for slug, found in new.items() for page in found]
    )
    counts = {columns[slug].title: len(found) for slug, found in new.items() if found}
    record(actor, "sites.import", site_ref(site), columns=counts, count=len(pages))
    editions.renew(actor.tenant, [site.pk])
    return len(pages)


def _new_pages(site: GovernmentSite, above: ColumnPage, articles: Sequence[ArticleWords]) -> list[ArticlePage]:
    there = set(ArticlePage.objects.child_of(above).values_list("slug", flat=True))
    return [
        ArticlePage(
            title=one.title,
            slug=one.slug,
            tenant=site.tenant,
            site=site,
            published_on=one.published_on,
            source=one.source,
            author=one.author,
            summary=one.summary,
            body=[("text", one.text)],
        )
        for one in articles
        if one.slug not in there
    ]
