"""A page comes before the public, a page goes: what signing, reviewing, the clock and closing all end in."""

import datetime as dt
import uuid
from typing import Final

from django.utils.translation import gettext as _
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.models import Page, Revision

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.systems.sites.constants import REASON_MAX, REASON_MIN, SiteState, Turn, TurnState
from zhengtong.systems.sites.models import ArticlePage, GovernmentSite, Schedule, SitePage
from zhengtong.systems.sites.selectors.checking import found_on
from zhengtong.systems.sites.selectors.desk import page_in_reach
from zhengtong.systems.sites.services import editions
from zhengtong.systems.sites.services.standing import fall, keep_in_step, stands
from zhengtong.systems.sites.services.telling import page_ref, record

_MOST_SAID: Final = 3


def locked(actor: Actor, page_id: int) -> tuple[SitePage, GovernmentSite]:
    """A page of a site the actor keeps, locked until the transaction ends. Raises NotFound, Conflict when closed."""
    page = page_in_reach(actor, page_id, for_update=True)
    if page.site is None:
        raise Conflict(_("这个网页还没有所属的网站。"))
    if page.site.state == SiteState.CLOSED:
        raise Conflict(_("“%(site)s”已经关停，内容只保存、不再改动。") % {"site": page.site.name})
    return page, page.site


def checked_reason(reason: str, what: str, *, field: str = "reason") -> str:
    """A reason without its blanks; raises Invalid for one too short or too long."""
    reason = reason.replace("\x00", "").strip()
    if not REASON_MIN <= len(reason) <= REASON_MAX:
        raise Invalid(
            _("请写明%(what)s的理由，%(a)d 到 %(b)d 个字。") % {"what": what, "a": REASON_MIN, "b": REASON_MAX},
            field=field,
        )
    return reason


def check_found(
    actor: Actor, page: SitePage, revision: Revision, reason: str, *, field: str, at: dt.datetime | None
) -> None:
    """Write a reason that overrides what the checks block in this version ``at`` its moment to the ledger.

    Raises Conflict where they block and no reason is given, Invalid for a reason too short.
    """
    blocking = [one for one in found_on(revision.as_object(), at=at) if one.blocks]
    if not blocking:
        return
    if not reason.replace("\x00", "").strip():
        said = "；".join(f"{one.place}：{one.message}" for one in blocking[:_MOST_SAID])
        raise Conflict(
            _("发布前检查有 %(n)d 处须先处理：%(said)s 确需发布的，请写明理由。") % {"n": len(blocking), "said": said}
        )
    reason = checked_reason(reason, _("仍要发布"), field=field)
    kinds = sorted({one.kind for one in blocking})
    record(actor, "sites.override", page_ref(page), title=page.draft_title, reason=reason, found=kinds)


def put_online(actor: Actor, page: SitePage, site: GovernmentSite, revision: Revision) -> SitePage:
    """Show one version; the caller holds the page locked and has found that the actor may."""
    again = page.first_published_at is not None
    end_turns(page, Turn.UP, _("已经提前发布"))
    PublishRevisionAction(revision, log_action=False).execute(skip_permission_checks=True)
    # Wagtail's action looks at the clock of the machine; the house has one clock
    moment = now()
    first = {} if again else {"first_published_at": moment}
    Page.objects.filter(pk=page.pk).update(last_published_at=moment, **first)
    page = page.specific_class.objects.select_related("site").get(pk=page.pk)
    record(actor, "sites.publish", page_ref(page), title=page.title, site=site.name, revision=revision.pk)
    stands(page, site, again=again)
    copies = keep_in_step(actor, page) if isinstance(page, ArticlePage) else []
    editions.renew(page.tenant, [site.pk, *copies])
    return page


def take_down(actor: Actor, page: SitePage, site: GovernmentSite, reason: str) -> None:
    """Show it and its copies no more; the caller holds the page locked and has found that the actor may.

    Raises Conflict for a page that is not published or has published pages below it.
    """
    if not page.live:
        raise Conflict(_("“%(title)s”没有发布，不用撤下。") % {"title": page.title})
    below = Page.objects.descendant_of(page).live().count()
    if below:
        raise Conflict(
            _("“%(title)s”下面还有 %(n)d 个已发布的网页，请先撤下它们。") % {"title": page.title, "n": below}
        )
    for one in fall(actor, page, site, reason):
        end_turns(one, Turn.DOWN, _("已经提前撤下"))


def end_turns(page: Page, turn: str, note: str) -> None:
    """What was to happen at a later moment has happened, or cannot happen any more."""
    rows = Schedule.objects.filter(page_id=page.pk, turn=turn, state=TurnState.WAITING)
    rows.update(state=TurnState.CANCELLED, done_at=now(), note=note)


def writers_since_published(page: SitePage, revision: Revision) -> set[uuid.UUID]:
    """Who wrote the versions from the published one, without it, up to ``revision``."""
    rows = page.revisions.filter(pk__gt=page.live_revision_id or 0, pk__lte=revision.pk)
    found = rows.exclude(user__person_id=None).values_list("user__person_id", flat=True)
    return set(found)
