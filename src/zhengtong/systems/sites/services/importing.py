"""Taking over articles by the hundred, already published elsewhere; taking over the same ones twice changes nothing."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

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
def import_articles(*, actor: Actor, site_code: str, column: str, articles: Sequence[ArticleWords]) -> int:
    """Put articles into a column of a site; returns how many were new. Raises NotFound, NotPermitted."""
    permissions.check_may_open_sites(actor)
    site = GovernmentSite.objects.filter(tenant=actor.tenant, code=site_code).first()
    above = ColumnPage.objects.filter(site=site, slug=column).first() if site is not None else None
    if site is None or above is None:
        raise NotFound(_("没有网站“%(site)s”，或者它没有栏目“%(column)s”。") % {"site": site_code, "column": column})
    there = set(ArticlePage.objects.child_of(above).values_list("slug", flat=True))
    pages = [
        ArticlePage(
            title=one.title,
            slug=one.slug,
            tenant=actor.tenant,
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
    if not pages:
        return 0
    plant(above, pages)
    note_uses(pages)
    search.index_many(tenant=actor.tenant, entries=[entry_of(page, above) for page in pages])
    record(actor, "sites.import", site_ref(site), column=above.title, count=len(pages))
    editions.renew(actor.tenant, [site.pk])
    return len(pages)
