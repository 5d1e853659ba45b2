"""What stands before the public: copies kept in step with their original, and everything taken down together."""

import uuid

from zhengtong.capabilities.search import api as search
from zhengtong.contracts.sites import PagePublished, PageWithdrawn
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.outbox import publish
from zhengtong.systems.sites.constants import PAGE_KIND, OfferState
from zhengtong.systems.sites.models import ArticleOffer, ArticlePage, GovernmentSite, SitePage
from zhengtong.systems.sites.selectors.found import entry_of
from zhengtong.systems.sites.services import editions
from zhengtong.systems.sites.services.files import note_uses
from zhengtong.systems.sites.services.telling import page_event, page_ref, record

#: what a copy takes from its original
TAKEN_OVER = (
    "title",
    "seo_title",
    "search_description",
    "published_on",
    "source",
    "author",
    "summary",
    "keywords",
    "body",
)


def column_of(page: SitePage) -> str:
    """The title of the column a page stands in, its own where it is one."""
    above = page.get_parent() if isinstance(page, ArticlePage) else page
    return str(above.title)


def stands(page: SitePage, site: GovernmentSite, *, again: bool) -> None:
    """Files, search and event of a page that has just come before the public; part of the caller's transaction."""
    note_uses([page])
    publish(PagePublished(**page_event(page, site, column_of(page)), again=again))
    if isinstance(page, ArticlePage):
        search.index_many(tenant=page.tenant, entries=[entry_of(page)])


def keep_in_step(actor: Actor, original: ArticlePage) -> list[uuid.UUID]:
    """Let the copies say what the original says now, part of the caller's transaction; returns the sites to renew."""
    moment, copies = now(), live_copies(original)
    for copy, site in copies:
        fields = {name: getattr(original, name) for name in TAKEN_OVER}
        ArticlePage.objects.filter(pk=copy.pk).update(
            **fields, draft_title=original.title, last_published_at=moment, latest_revision_created_at=moment
        )
        copy.refresh_from_db(fields=[*TAKEN_OVER, "last_published_at"])
        record(actor, "sites.step", page_ref(copy), title=copy.title, site=site.name, original=str(original.pk))
        stands(copy, site, again=True)
    return [site.pk for _copy, site in copies]


def fall(actor: Actor, page: SitePage, site: GovernmentSite, reason: str) -> list[SitePage]:
    """Take a page and all copies of it down at once, part of the caller's transaction; returns them."""
    all_of_it: list[tuple[SitePage, GovernmentSite]] = [(page, site)]
    if isinstance(page, ArticlePage):
        all_of_it += live_copies(page)
    for one, of in all_of_it:
        one.unpublish(log_action=False)
        record(actor, "sites.withdraw", page_ref(one), title=one.title, site=of.name, reason=reason)
        publish(PageWithdrawn(**page_event(one, of, column_of(one))))
        if isinstance(one, ArticlePage):
            search.remove(tenant=one.tenant, kind=PAGE_KIND, object_id=str(one.pk))
    ArticleOffer.objects.filter(article_id=page.pk, state=OfferState.OFFERED).update(
        state=OfferState.DECLINED, reason="原文已撤下", decided_at=now()
    )
    editions.renew(page.tenant, [of.pk for _one, of in all_of_it])
    return [one for one, _of in all_of_it]


def live_copies(original: ArticlePage) -> list[tuple[ArticlePage, GovernmentSite]]:
    """The published copies of an article with their sites, locked, in the order of the tree."""
    rows = ArticlePage.objects.filter(origin_id=original.pk, live=True).select_for_update(of=("self",))
    copies = rows.select_related("site__home").order_by("path")
    return [(copy, copy.site) for copy in copies if copy.site is not None]
