"""Pages that come up or go down at a moment: asked for with a signature, carried out by the worker."""

import datetime as dt
import logging
import uuid

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Revision

from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, DomainError, Invalid, NotFound
from zhengtong.kernel.loops import each
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import Turn, TurnState
from zhengtong.systems.sites.models import GovernmentSite, Schedule, SitePage
from zhengtong.systems.sites.rules.scheduling import why_not
from zhengtong.systems.sites.services.live import checked_reason, end_turns, locked, put_online, take_down
from zhengtong.systems.sites.services.telling import desk_url, page_ref, record

log = logging.getLogger(__name__)

_BATCH = 100


def check_moments(*, up: dt.datetime | None, down: dt.datetime | None) -> None:
    """Raises Invalid for a moment that has passed, and for a page that would go before it comes."""
    bad = why_not(now(), up=up, down=down)
    if bad == "up":
        raise Invalid(_("定时发布的时刻须在现在以后。"), field="go_live_at")
    if bad == "down":
        raise Invalid(_("到期撤下的时刻须在发布以后。"), field="expire_at")


def plan_turns(
    actor: Actor,
    page: SitePage,
    site: GovernmentSite,
    revision: Revision | None,
    *,
    up: dt.datetime | None,
    down: dt.datetime | None,
) -> None:
    """Note both moments in place of earlier ones; the caller holds the page locked and has checked everything."""
    for turn, at in ((Turn.UP, up), (Turn.DOWN, down)):
        if at is None:
            continue
        end_turns(page, turn, _("另定了时刻"))
        Schedule.objects.create(
            tenant=page.tenant,
            site=site,
            page_id=page.pk,
            revision=revision if turn == Turn.UP else None,
            title=page.draft_title,
            turn=turn,
            due_at=at,
            asked_by_id=actor.person_id,
            asked_by=actor.name,
        )
        record(actor, "sites.schedule", page_ref(page), title=page.draft_title, turn=turn.value, at=at.isoformat())


@transaction.atomic
def schedule_down(*, actor: Actor, page_id: int, at: dt.datetime) -> None:
    """Have a published page go down at a moment. Raises Conflict, Invalid, NotFound, NotPermitted."""
    page, site = locked(actor, page_id)
    permissions.check_may_publish(actor, site)
    if not page.live:
        raise Conflict(_("“%(title)s”没有发布，不用定撤下的时刻。") % {"title": page.draft_title})
    check_moments(up=None, down=at)
    plan_turns(actor, page, site, None, up=None, down=at)


@transaction.atomic
def cancel_schedule(*, actor: Actor, schedule_id: uuid.UUID, reason: str) -> Schedule:
    """Take a moment back before it has come. Raises Conflict, Invalid, NotFound, NotPermitted."""
    found = Schedule.objects.filter(pk=schedule_id, tenant=actor.tenant).first()
    if found is None or found.page_id is None:
        raise NotFound(_("没有这个定时。"))
    page, site = locked(actor, found.page_id)
    permissions.check_may_publish(actor, site)
    reason = checked_reason(reason, _("取消定时"))
    row = Schedule.objects.select_for_update().get(pk=schedule_id)
    if row.state != TurnState.WAITING:
        raise Conflict(_("这个定时已经执行或者取消，请刷新后查看。"))
    row.state, row.done_at, row.note = TurnState.CANCELLED, now(), reason
    row.save(update_fields=["state", "done_at", "note"])
    record(actor, "sites.unschedule", page_ref(page), title=row.title, turn=row.turn, reason=reason)
    return row


def run_due() -> int:
    """One batch of what is due, the earliest first; one that fails holds up no other."""
    due = Schedule.objects.filter(state=TurnState.WAITING, due_at__lte=now()).order_by("due_at", "pk")
    return each(_turn, due.values_list("pk", "tenant", "page_id")[:_BATCH])


@transaction.atomic
def _turn(schedule_id: uuid.UUID, tenant: str, page_id: int | None) -> int:
    actor = system(tenant)
    try:
        # the page first, as everywhere
        page, site = locked(actor, page_id or 0)
        row = _waiting(schedule_id)
        if row is None:
            return 0
        # what was begun is undone where it cannot be ended
        with transaction.atomic():
            _carry_out(actor, row, page, site)
    except DomainError as refusal:
        row = _waiting(schedule_id)
        if row is not None:
            _fail(actor, row, refusal.message)
    return 1


def _waiting(schedule_id: uuid.UUID) -> Schedule | None:
    return Schedule.objects.select_for_update().filter(pk=schedule_id, state=TurnState.WAITING).first()


def _carry_out(actor: Actor, row: Schedule, page: SitePage, site: GovernmentSite) -> None:
    if row.turn == Turn.DOWN:
        if not page.live:
            raise Conflict(_("到时网页没有发布，没有可以撤下的。"))
        _done(row)
        take_down(actor, page, site, _("%(who)s设定的期限已到") % {"who": row.asked_by})
        return
    if row.revision is None:
        raise Conflict(_("审定的那一版已经不在。"))
    _done(row)
    put_online(actor, page, site, row.revision)


def _done(row: Schedule) -> None:
    row.state, row.done_at = TurnState.DONE, now()
    row.save(update_fields=["state", "done_at"])


def _fail(actor: Actor, row: Schedule, why: str) -> None:
    """It will not happen by itself any more: whoever asked for it is told."""
    row.state, row.done_at, row.note = TurnState.FAILED, now(), why[:500]
    row.save(update_fields=["state", "done_at", "note"])
    if row.page_id is None:
        log.error("schedule %s of a page that is gone: %s", row.pk, why)
        return
    ref = page_ref(row.page_id)
    record(actor, "sites.schedule_failed", ref, title=row.title, turn=row.turn, why=why)
    if row.asked_by_id is not None:
        notify.send_message(
            tenant=row.tenant,
            person_id=row.asked_by_id,
            title=_("定时%(turn)s没有执行：%(title)s") % {"turn": row.get_turn_display(), "title": row.title[:100]},
            body=_("“%(title)s”到时没有%(turn)s：%(why)s请查看后办理。")
            % {"title": row.title, "turn": row.get_turn_display(), "why": why},
            object_ref=ref,
            link=desk_url(row.page_id),
        )
