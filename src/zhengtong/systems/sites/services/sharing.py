"""One article in many sites: offered by one, taken or declined by the other; the copy follows its original."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import REASON_MAX, REASON_MIN, OfferState, Takes
from zhengtong.systems.sites.models import ArticleOffer, ArticlePage, ColumnPage
from zhengtong.systems.sites.selectors.desk import page_in_reach
from zhengtong.systems.sites.selectors.sharing import taking_columns
from zhengtong.systems.sites.services import editions
from zhengtong.systems.sites.services.standing import TAKEN_OVER, stands
from zhengtong.systems.sites.services.telling import page_ref, record
from zhengtong.systems.sites.services.tree import plant


@transaction.atomic
def offer_article(*, actor: Actor, page_id: int, column_id: int, quoted: bool = False) -> ArticleOffer:
    """Offer a published article to a column of another site; a column that takes all takes it at once.

    Raises Conflict for what is not published, is a copy itself or was offered there before, NotFound, NotPermitted.
    """
    page = page_in_reach(actor, page_id, for_update=True)
    if not isinstance(page, ArticlePage) or page.site is None:
        raise Conflict(_("只有文章可以推送。"))
    permissions.check_may_publish(actor, page.site)
    if not page.live or page.origin_id is not None:
        raise Conflict(_("只能推送本网站自己已发布的文章。"))
    column = taking_columns(page).filter(pk=column_id).select_related("site__home").first()
    if column is None or column.site is None:
        raise NotFound(_("没有这个栏目，或者它不接收推送。"))
    if ArticleOffer.objects.filter(article=page, column=column).exclude(state=OfferState.DECLINED).exists():
        raise Conflict(_("这篇文章已经推送到这个栏目。"))
    offer = ArticleOffer.objects.create(tenant=page.tenant, article=page, column=column, quoted=quoted)
    record(
        actor, "sites.offer", page_ref(page), title=page.title, to=column.site.name, column=column.title, quoted=quoted
    )
    if column.takes == Takes.AUTO:
        _take(actor, offer, page, column)
    return offer


@transaction.atomic
def take_offer(*, actor: Actor, offer_id: uuid.UUID) -> ArticlePage:
    """Take an offered article into the column. Raises Conflict, NotFound, NotPermitted."""
    offer, article = _offered(actor, offer_id)
    return _take(actor, offer, article, offer.column)


@transaction.atomic
def decline_offer(*, actor: Actor, offer_id: uuid.UUID, reason: str) -> ArticleOffer:
    """Decline it with a reason the other site reads. Raises Conflict, Invalid, NotFound, NotPermitted."""
    offer, article = _offered(actor, offer_id)
    reason = reason.replace("\x00", "").strip()
    if not REASON_MIN <= len(reason) <= REASON_MAX:
        raise Invalid(
            _("请写明不接收的理由，%(a)d 到 %(b)d 个字。") % {"a": REASON_MIN, "b": REASON_MAX}, field="reason"
        )
    offer.state, offer.reason, offer.decided_at = OfferState.DECLINED, reason, now()
    offer.save(update_fields=["state", "reason", "decided_at"])
    record(actor, "sites.decline", page_ref(article), title=article.title, column=offer.column.title, reason=reason)
    return offer


def _offered(actor: Actor, offer_id: uuid.UUID) -> tuple[ArticleOffer, ArticlePage]:
    rows = ArticleOffer.objects.filter(tenant=actor.tenant, column__site__in=permissions.editable_sites(actor))
    found = rows.filter(pk=offer_id).values_list("article_id", flat=True).first()
    if found is None:
        raise NotFound(_("没有这个推送。"))
    # the article first, as its own acts lock it, so that two never wait for each other
    article = ArticlePage.objects.select_for_update(of=("self",)).get(pk=found)
    offer = ArticleOffer.objects.select_for_update(of=("self",)).select_related("column__site__home").get(pk=offer_id)
    if offer.column.site is None:
        raise Conflict(_("这个栏目还没有所属的网站。"))
    permissions.check_may_publish(actor, offer.column.site)
    if offer.state != OfferState.OFFERED:
        raise Conflict(_("这个推送已经办过了。"))
    return offer, article


def _take(actor: Actor, offer: ArticleOffer, article: ArticlePage, column: ColumnPage) -> ArticlePage:
    site = column.site
    if not article.live or site is None:
        raise Conflict(_("原文已经撤下。"))
    copy = ArticlePage(
        **{name: getattr(article, name) for name in TAKEN_OVER},
        slug=f"{article.slug[:200]}-{article.pk}",
        tenant=article.tenant,
        site=site,
        origin=article,
        quoted=offer.quoted,
    )
    if ColumnPage.objects.get(pk=column.pk).get_children().filter(slug=copy.slug).exists():
        copy.slug = f"{copy.slug}-{uuid.uuid4().hex[:6]}"
    plant(column, [copy])
    offer.state, offer.decided_at, offer.copy = OfferState.TAKEN, now(), copy
    offer.save(update_fields=["state", "decided_at", "copy"])
    record(actor, "sites.take", page_ref(copy), title=copy.title, site=site.name, original=str(article.pk))
    stands(copy, site, again=False)
    editions.renew(copy.tenant, [site.pk])
    return copy
