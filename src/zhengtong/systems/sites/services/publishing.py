"""Publishing what an editor wrote, and taking it down: the only ways a page changes before the public."""

import uuid
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.models import Page, Revision

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import REASON_MAX, REASON_MIN
from zhengtong.systems.sites.models import ArticlePage, GovernmentSite, SitePage
from zhengtong.systems.sites.rules.publishing import needs_second_person
from zhengtong.systems.sites.selectors.checking import found_on
from zhengtong.systems.sites.selectors.desk import page_in_reach
from zhengtong.systems.sites.services import editions
from zhengtong.systems.sites.services.standing import keep_in_step, stands, take_down
from zhengtong.systems.sites.services.telling import page_ref, record

_MOST_SAID: Final = 3


@transaction.atomic
def publish_page(*, actor: Actor, page_id: int, override_reason: str = "") -> SitePage:
    """Put the newest version before the public; ``override_reason`` says why in spite of what the checks block.

    Raises Conflict, Invalid, NotFound, NotPermitted.
    """
    page, site = _locked(actor, page_id)
    permissions.check_may_publish(actor, site)
    revision = page.latest_revision
    if revision is None or not page.has_unpublished_changes:
        raise Conflict(_("“%(title)s”没有待发布的修改，请刷新页面后再看。") % {"title": page.draft_title})
    signer = {one for one in (actor.person_id, actor.delegator_id) if one is not None}
    if needs_second_person(_writer(revision), signer):
        raise Conflict(_("这一版是您自己编辑的，须由另一位签发人发布。"))
    overridden = _checked(revision.as_object(), override_reason)
    again = page.first_published_at is not None
    PublishRevisionAction(revision, log_action=False).execute(skip_permission_checks=True)
    # Wagtail's action looks at the clock of the machine; the house has one clock
    moment = now()
    first = {} if again else {"first_published_at": moment}
    Page.objects.filter(pk=page.pk).update(last_published_at=moment, **first)
    page = page.specific_class.objects.select_related("site").get(pk=page.pk)
    record(actor, "sites.publish", page_ref(page), title=page.title, site=site.name, revision=revision.pk, **overridden)
    stands(page, site, again=again)
    copies = keep_in_step(actor, page) if isinstance(page, ArticlePage) else []
    editions.renew(page.tenant, [site.pk, *copies])
    return page


@transaction.atomic
def withdraw_page(*, actor: Actor, page_id: int, reason: str) -> SitePage:
    """Take a page down with its copies: it answers nowhere and is found nowhere; what it said stays in its versions.

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
    take_down(actor, page, site, reason)
    return page


def _locked(actor: Actor, page_id: int) -> tuple[SitePage, GovernmentSite]:
    page = page_in_reach(actor, page_id, for_update=True)
    if page.site is None:
        raise Conflict(_("这个网页还没有所属的网站。"))
    return page, page.site


def _checked(page: SitePage, reason: str) -> dict[str, Any]:
    """What the entry in the ledger says of checks that were overridden; raises Conflict while there is no reason."""
    blocking = [one for one in found_on(page) if one.blocks]
    if not blocking:
        return {}
    reason = reason.replace("\x00", "").strip()
    if not reason:
        said = "；".join(f"{one.place}：{one.message}" for one in blocking[:_MOST_SAID])
        raise Conflict(
            _("发布前检查有 %(n)d 处须先处理：%(said)s 确需发布的，请写明理由。") % {"n": len(blocking), "said": said}
        )
    if not REASON_MIN <= len(reason) <= REASON_MAX:
        raise Invalid(
            _("请写明仍要发布的理由，%(a)d 到 %(b)d 个字。") % {"a": REASON_MIN, "b": REASON_MAX},
            field="override_reason",
        )
    return {"override_reason": reason, "overridden": sorted({one.kind for one in blocking})}


def _writer(revision: Revision) -> uuid.UUID | None:
    return None if revision.user is None else revision.user.person_id
