"""Publishing what an editor wrote, and taking it down: the only ways a page changes before the public."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.models import Page, Revision

from zhengtong.capabilities.search import api as search
from zhengtong.contracts.sites import PagePublished, PageWithdrawn
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.outbox import publish
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import PAGE_KIND, REASON_MAX, REASON_MIN
from zhengtong.systems.sites.models import ArticlePage, GovernmentSite, SitePage
from zhengtong.systems.sites.models.files import wordless_pictures
from zhengtong.systems.sites.rules.publishing import needs_second_person
from zhengtong.systems.sites.selectors.desk import page_in_reach
from zhengtong.systems.sites.selectors.found import entry_of
from zhengtong.systems.sites.services import editions
from zhengtong.systems.sites.services.files import note_uses
from zhengtong.systems.sites.services.telling import page_event, page_ref, record


@transaction.atomic
def publish_page(*, actor: Actor, page_id: int) -> SitePage:
    """Put the newest version before the public. Raises Conflict, NotFound, NotPermitted."""
    page, site = _locked(actor, page_id)
    permissions.check_may_publish(actor, site)
    revision = page.latest_revision
    if revision is None or not page.has_unpublished_changes:
        raise Conflict(_("“%(title)s”没有待发布的修改，请刷新页面后再看。") % {"title": page.draft_title})
    signer = {one for one in (actor.person_id, actor.delegator_id) if one is not None}
    if needs_second_person(_writer(revision), signer):
        raise Conflict(_("这一版是您自己编辑的，须由另一位签发人发布。"))
    wordless = wordless_pictures(revision.as_object())
    if wordless:
        raise Conflict(_("有 %(n)d 张图片没有替代文字，请退回编辑人补上，或者注明只是装饰。") % {"n": wordless})
    again = page.first_published_at is not None
    PublishRevisionAction(revision, log_action=False).execute(skip_permission_checks=True)
    # Wagtail's action looks at the clock of the machine; the house has one clock
    moment = now()
    first = {} if again else {"first_published_at": moment}
    Page.objects.filter(pk=page.pk).update(last_published_at=moment, **first)
    page = page.specific_class.objects.select_related("site").get(pk=page.pk)
    note_uses([page])
    record(actor, "sites.publish", page_ref(page), title=page.title, site=site.name, revision=revision.pk)
    publish(PagePublished(**page_event(page, site, _column(page)), again=again))
    if isinstance(page, ArticlePage):
        search.index_many(tenant=page.tenant, entries=[entry_of(page)])
    editions.renew(page.tenant, [site.pk])
    return page


@transaction.atomic
def withdraw_page(*, actor: Actor, page_id: int, reason: str) -> SitePage:
    """Take a page down: it answers nowhere and is found nowhere; what it said stays in its versions.

    Raises Conflict for a page that is not published or has published pages below it, Invalid, NotFound, NotPermitted.
    """
    page, site = _locked(actor, page_id)
    permissions.check_may_publish(actor, site)
    reason = reason.replace("\x00", "").strip()
    if not REASON_MIN <= len(reason) <= REASON_MAX:
        raise Invalid(_("请写明撤下的理由，%(a)d 到 %(b)d 个字。") % {"a": REASON_MIN, "b": REASON_MAX}, field="reason")
    if not page.live:
        raise Conflict(_("“%(title)s”没有发布，不用撤下。") % {"title": page.title})
    below = Page.objects.descendant_of(page).live().count()
    if below:
        raise Conflict(
            _("“%(title)s”下面还有 %(n)d 个已发布的网页，请先撤下它们。") % {"title": page.title, "n": below}
        )
    page.unpublish(log_action=False)
    record(actor, "sites.withdraw", page_ref(page), title=page.title, site=site.name, reason=reason)
    publish(PageWithdrawn(**page_event(page, site, _column(page))))
    if isinstance(page, ArticlePage):
        search.remove(tenant=page.tenant, kind=PAGE_KIND, object_id=str(page.pk))
    editions.renew(page.tenant, [site.pk])
    return page


def _locked(actor: Actor, page_id: int) -> tuple[SitePage, GovernmentSite]:
    page = page_in_reach(actor, page_id, for_update=True)
    if page.site is None:
        raise Conflict(_("这个网页还没有所属的网站。"))
    return page, page.site


def _writer(revision: Revision) -> uuid.UUID | None:
    return None if revision.user is None else revision.user.person_id


def _column(page: SitePage) -> str:
    """The title of the column it stands in, its own where it is one."""
    above = page.get_parent() if isinstance(page, ArticlePage) else page
    return str(above.title)
