"""Publishing what an editor wrote, and taking it down, by the signature of one person."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import OPEN_SUBMISSION
from zhengtong.systems.sites.models import SitePage, Submission
from zhengtong.systems.sites.rules.publishing import needs_second_person
from zhengtong.systems.sites.selectors.reviewing import ReviewNeeds
from zhengtong.systems.sites.services.live import (
    check_found,
    checked_reason,
    locked,
    put_online,
    take_down,
    writers_since_published,
)
from zhengtong.systems.sites.services.scheduling import check_moments, plan_turns


@transaction.atomic
def publish_page(
    *,
    actor: Actor,
    page_id: int,
    go_live_at: dt.datetime | None = None,
    expire_at: dt.datetime | None = None,
    override_reason: str = "",
) -> SitePage:
    """Put the newest version before the public, at once or at ``go_live_at``, until ``expire_at``.

    ``override_reason`` says why in spite of what the checks block. Raises Conflict (also where the page has to be
    reviewed or the checks block), Invalid for moments and reasons, NotFound, NotPermitted.
    """
    page, site = locked(actor, page_id)
    permissions.check_may_publish(actor, site)
    revision = page.latest_revision
    if revision is None or not page.has_unpublished_changes:
        raise Conflict(_("“%(title)s”没有待发布的修改，请刷新页面后再看。") % {"title": page.draft_title})
    needed = ReviewNeeds(page.tenant).of(page)
    if needed or Submission.objects.filter(page_id=page.pk, state__in=OPEN_SUBMISSION).exists():
        raise Conflict(_("“%(title)s”须经审核才能发布，不能直接签发，请由编辑人送审。") % {"title": page.draft_title})
    signer = {one for one in (actor.person_id, actor.delegator_id) if one is not None}
    if any(needs_second_person(one, signer) for one in writers_since_published(page, revision)):
        raise Conflict(_("这一版是您自己编辑的，须由另一位签发人发布。"))
    check_moments(up=go_live_at, down=expire_at)
    check_found(actor, page, revision, override_reason, field="override_reason", at=go_live_at)
    if go_live_at is None:
        page = put_online(actor, page, site, revision)
    plan_turns(actor, page, site, revision, up=go_live_at, down=expire_at)
    return page


@transaction.atomic
def withdraw_page(*, actor: Actor, page_id: int, reason: str) -> SitePage:
    """Take a published page down, with its reason.

    Raises Conflict for a page that is not published or has published pages below it, Invalid, NotFound, NotPermitted.
    """
    page, site = locked(actor, page_id)
    permissions.check_may_publish(actor, site)
    take_down(actor, page, site, checked_reason(reason, _("撤下")))
    return page
