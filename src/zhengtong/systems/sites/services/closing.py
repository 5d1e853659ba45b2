"""关停: asked for, examined by a second person, announced, archived, closed; what the site said is kept."""

import datetime as dt
import hashlib
import uuid

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.search import api as search
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import (
    ADMIN,
    CLOSING_DAYS,
    OPEN_SUBMISSION,
    PAGE_KIND,
    ClosingState,
    SiteKind,
    SiteState,
    Turn,
    TurnState,
)
from zhengtong.systems.sites.models import ArticlePage, Closing, GovernmentSite, Schedule, Submission
from zhengtong.systems.sites.services import editions
from zhengtong.systems.sites.services.live import checked_reason
from zhengtong.systems.sites.services.review_plans import site_to_keep
from zhengtong.systems.sites.services.reviewing import end_review
from zhengtong.systems.sites.services.telling import record, site_ref

_URL_MAX, _WHERE_MAX = 500, 200


@transaction.atomic
def ask_to_close(*, actor: Actor, site_id: uuid.UUID, reason: str, moved_to: str, moved_url: str = "") -> Closing:
    """申请关停, saying where what it offers is found from then on. Raises Conflict, Invalid, NotFound, NotPermitted."""
    site = site_to_keep(actor, site_id)
    permissions.check_may_publish(actor, site)
    if actor.person_id is None:
        raise NotPermitted(_("关停由网站的签发人申请。"))
    reason = checked_reason(reason, _("关停"))
    moved_to, moved_url = moved_to.replace("\x00", "").strip(), moved_url.replace("\x00", "").strip()
    if not 2 <= len(moved_to) <= _WHERE_MAX:
        raise Invalid(_("请写明网站的内容转到哪里，2 到 %(n)d 个字。") % {"n": _WHERE_MAX}, field="moved_to")
    if moved_url and (not moved_url.startswith(("https://", "http://", "/gov/")) or len(moved_url) > _URL_MAX):
        raise Invalid(_("新网址须以 https:// 或者 /gov/ 开头。"), field="moved_url")
    if site.kind == SiteKind.PORTAL:
        raise Conflict(_("县门户网站不能关停。"))
    open_states = (ClosingState.ASKED, ClosingState.NOTICE, ClosingState.CLOSED)
    if Closing.objects.filter(site=site, state__in=open_states).exists():
        raise Conflict(_("“%(site)s”已经申请关停或者关停。") % {"site": site.name})
    row = Closing.objects.create(
        tenant=site.tenant,
        site=site,
        reason=reason,
        moved_to=moved_to,
        moved_url=moved_url,
        asked_by_id=actor.person_id,
        asked_for_id=actor.delegator_id,
        asked_by=actor.name,
    )
    record(actor, "sites.ask_to_close", site_ref(site), site=site.name, reason=reason, moved_to=moved_to)
    return row


@transaction.atomic
def decide_closing(*, actor: Actor, closing_id: uuid.UUID, agree: bool, opinion: str = "") -> Closing:
    """审核, by a second person who keeps the group; agreed, the notice stands on the site's pages for its days.

    Raises Conflict, Invalid (no reason for a refusal), NotFound, NotPermitted.
    """
    row = _row(actor, closing_id)
    refused = _("关停须由另一人审核，申请人不能审核自己的申请。")
    identity.check_second_person(actor, row.asked_by_id, row.asked_for_id, refused)
    if row.state != ClosingState.ASKED:
        raise Conflict(_("这个申请已经审核，请刷新后查看。"))
    opinion = checked_reason(opinion, _("不同意")) if not agree else opinion.replace("\x00", "").strip()[:500]
    row.state = ClosingState.NOTICE if agree else ClosingState.REFUSED
    row.decided_by_id, row.decided_by, row.opinion = actor.person_id, actor.name, opinion
    if agree:
        days = int(parameters.value(CLOSING_DAYS, tenant=row.tenant))
        row.notice_until = local_date() + dt.timedelta(days=days)
    row.save()
    until = row.notice_until.isoformat() if row.notice_until else ""
    payload = {"agree": agree, "opinion": opinion, "notice_until": until}
    record(actor, "sites.decide_closing", site_ref(row.site), site=row.site.name, **payload)
    editions.renew(row.tenant, [row.site_id])
    return row


@transaction.atomic
def close_site(*, actor: Actor, closing_id: uuid.UUID) -> Closing:
    """归档、关停 after the days of the notice: pages answer with the notice, none is removed.

    Raises Conflict before that day, NotFound, NotPermitted.
    """
    row = _row(actor, closing_id)
    site = row.site
    if row.state != ClosingState.NOTICE or row.notice_until is None:
        raise Conflict(_("“%(site)s”不在公告期，不能关停。") % {"site": site.name})
    if local_date() <= row.notice_until:
        raise Conflict(_("公告到%(day)s，期满以后才能关停。") % {"day": f"{row.notice_until:%Y-%m-%d}"})
    for one in Submission.objects.select_for_update().filter(site=site, state__in=OPEN_SUBMISSION):
        end_review(actor, one, _("网站关停"))
    waiting = Schedule.objects.filter(site=site, state=TurnState.WAITING, turn__in=Turn.values)
    waiting.update(state=TurnState.CANCELLED, done_at=now(), note=_("网站关停"))
    row.archived_pages, row.archive_digest = _archive(site)
    row.state, row.closed_at = ClosingState.CLOSED, now()
    row.save()
    site.state = SiteState.CLOSED
    site.save(update_fields=["state"])
    for key in ArticlePage.objects.live().filter(site=site).values_list("pk", flat=True):
        search.remove(tenant=site.tenant, kind=PAGE_KIND, object_id=str(key))
    payload = {"site": site.name, "pages": row.archived_pages, "digest": row.archive_digest, "moved_to": row.moved_to}
    record(actor, "sites.close", site_ref(site), **payload)
    editions.renew(site.tenant, [site.pk])
    return row


def _row(actor: Actor, closing_id: uuid.UUID) -> Closing:
    """A request, locked after its site; only for who keeps the group."""
    if actor.kind != "official" or not actor.has_role(ADMIN):
        raise NotPermitted(_("网站关停由网站群管理员审核和办理。"))
    found = Closing.objects.filter(pk=closing_id, tenant=actor.tenant).values_list("site_id", flat=True).first()
    if found is None:
        raise NotFound(_("没有这个关停申请。"))
    site = site_to_keep(actor, found)
    row = Closing.objects.select_for_update().get(pk=closing_id)
    row.site = site
    return row


def _archive(site: GovernmentSite) -> tuple[int, str]:
    """How many pages are kept, and one digest of all their published words: what is kept can be compared with it."""
    digest, number = hashlib.sha256(), 0
    kept = Page.objects.filter(path__startswith=site.home.path, live=True).order_by("pk").specific(defer=False)
    for page in kept.iterator(chunk_size=100):
        digest.update(page.to_json().encode())
        number += 1
    return number, digest.hexdigest()
