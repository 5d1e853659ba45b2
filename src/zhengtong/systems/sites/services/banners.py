"""Emergency banners: proposed by one, approved by another, ended early with a reason."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.contracts.sites import BannerEnded, BannerRaised
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.outbox import publish
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import BANNER_KIND, REASON_MAX, REASON_MIN, BannerLevel
from zhengtong.systems.sites.models import Banner, GovernmentSite
from zhengtong.systems.sites.rules import banners as rules
from zhengtong.systems.sites.services import editions
from zhengtong.systems.sites.services.telling import record


@transaction.atomic
def propose_banner(
    *,
    actor: Actor,
    words: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    level: str = BannerLevel.ORANGE,
    address: str = "",
    site_codes: Sequence[str] = (),
) -> Banner:
    """Propose a banner over chosen sites, or all where none is chosen. Raises Invalid, NotPermitted."""
    permissions.check_may_raise_banners(actor)
    words, address = " ".join(words.replace("\x00", "").split()), address.strip()
    if actor.person_id is None:
        raise NotPermitted(_("紧急提示由网站群管理员办理。"))
    wrong = rules.problem(words, starts_at, ends_at, now())
    if wrong:
        raise Invalid(wrong, field="words")
    if level not in BannerLevel.values:
        raise Invalid(_("请选择级别。"), field="level")
    if address and not address.startswith(("https://", "http://", "/gov/")):
        raise Invalid(_("链接要以 https:// 或者 /gov/ 开头。"), field="address")
    codes = sorted(set(site_codes))
    if GovernmentSite.objects.filter(tenant=actor.tenant, code__in=codes).count() != len(codes):
        raise Invalid(_("有的网站标识不存在，请核对。"), field="site_codes")
    row = Banner.objects.create(
        tenant=actor.tenant,
        words=words,
        address=address[:300],
        level=level,
        site_codes=codes,
        starts_at=starts_at,
        ends_at=ends_at,
        proposed_by=actor.person_id,
    )
    record(actor, "sites.banner_propose", _ref(row), words=words, sites=codes, ends_at=ends_at.isoformat())
    return row


@transaction.atomic
def approve_banner(*, actor: Actor, banner_id: uuid.UUID) -> Banner:
    """Approve what another proposed: it stands from its beginning on, at once when that is past.

    Raises Conflict, NotFound, NotPermitted.
    """
    row = _locked(actor, banner_id)
    if row.approved_at is not None or row.ended_at is not None:
        raise Conflict(_("这条紧急提示已经办过了。"))
    people = {one for one in (actor.person_id, actor.delegator_id) if one is not None}
    if not people or row.proposed_by in people:
        raise Conflict(_("这条紧急提示是您自己提出的，须由另一人批准。"))
    if row.ends_at <= now():
        raise Conflict(_("这条紧急提示的结束时间已经过去。"))
    row.approved_by, row.approved_at = actor.person_id, now()
    row.begun = row.starts_at <= row.approved_at
    row.save(update_fields=["approved_by", "approved_at", "begun"])
    record(actor, "sites.banner_approve", _ref(row), words=row.words)
    publish(BannerRaised(tenant=row.tenant, object_ref=_ref(row), at=now(), level=row.level, sites=len(row.site_codes)))
    _renew([row])
    return row


@transaction.atomic
def end_banner(*, actor: Actor, banner_id: uuid.UUID, reason: str) -> Banner:
    """End it early, or refuse what was proposed; one person is enough.

    Raises Conflict, Invalid, NotFound, NotPermitted.
    """
    row = _locked(actor, banner_id)
    reason = reason.replace("\x00", "").strip()
    if not REASON_MIN <= len(reason) <= REASON_MAX:
        raise Invalid(_("请写明理由，%(a)d 到 %(b)d 个字。") % {"a": REASON_MIN, "b": REASON_MAX}, field="reason")
    if row.ended_at is not None or row.ends_at <= now():
        raise Conflict(_("这条紧急提示已经结束。"))
    row.ended_by, row.ended_at, row.end_reason = actor.person_id, now(), reason
    row.save(update_fields=["ended_by", "ended_at", "end_reason"])
    record(actor, "sites.banner_end", _ref(row), words=row.words, reason=reason)
    publish(BannerEnded(tenant=row.tenant, object_ref=_ref(row), at=now()))
    if row.approved_at is not None:
        _renew([row])
    return row


@transaction.atomic
def turn_banners() -> int:
    """Have pages made anew over which a banner has just begun or run out; returns how many banners it were."""
    moment = now()
    rows = Banner.objects.select_for_update(skip_locked=True).filter(approved_at__isnull=False, ended_at__isnull=True)
    begun = list(rows.filter(begun=False, starts_at__lte=moment))
    over = list(rows.filter(over=False, ends_at__lte=moment))
    Banner.objects.filter(pk__in=[row.pk for row in begun]).update(begun=True)
    Banner.objects.filter(pk__in=[row.pk for row in over]).update(over=True)
    _renew([*begun, *over])
    return len(begun) + len(over)


def _renew(rows: Sequence[Banner]) -> None:
    """The sites these banners stand over; all of a county at once where one of them stands over all."""
    for tenant in sorted({row.tenant for row in rows}):
        of = [row for row in rows if row.tenant == tenant]
        codes = {code for row in of for code in row.site_codes}
        sites = GovernmentSite.objects.filter(tenant=tenant, code__in=codes).values_list("pk", flat=True)
        editions.renew(tenant, list(sites) if all(row.site_codes for row in of) else None)


def _locked(actor: Actor, banner_id: uuid.UUID) -> Banner:
    permissions.check_may_raise_banners(actor)
    row = Banner.objects.select_for_update().filter(tenant=actor.tenant, pk=banner_id).first()
    if row is None:
        raise NotFound(_("没有这条紧急提示。"))
    return row


def _ref(row: Banner) -> ObjectRef:
    return ObjectRef(kind=BANNER_KIND, id=str(row.pk))
