"""What becomes of a delivery: taken, sent, delivered, tried again, given up, told in another way."""

import datetime as dt
import logging
import uuid
from collections.abc import Mapping

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify.constants import (
    DELIVERY_KIND,
    DUE,
    FAILED,
    Channel,
    DeliveryState,
    PartState,
    ToldBy,
)
from zhengtong.capabilities.notify.models import ChannelStatus, Delivery, ShortMessagePart
from zhengtong.capabilities.notify.rules import QuietHours, masked_mail, outcome_of_parts, pause_after
from zhengtong.capabilities.notify.selectors import delivery_of, may_act_on
from zhengtong.capabilities.notify.services.limits import limits_of
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted

log = logging.getLogger(__name__)

#: longer than a batch of mails to a dead server takes; past it the worker that took a delivery counts as killed
LEASE = dt.timedelta(minutes=15)
_PERMANENT_TRIES = 3
#: states of a status report that mean failure (CMPP 3.0 8.4.3, the same in 2.0)
REPORT_WORDS = {
    "EXPIRED": "短信超过有效期",
    "DELETED": "短信已被删除",
    "UNDELIV": "短信不可达",
    "UNKNOWN": "情况不明",
    "REJECTD": "短信被拒收",
}
_LATE = {DeliveryState.GIVEN_UP, DeliveryState.TOLD, DeliveryState.RETRY, DeliveryState.WAITING}


@transaction.atomic
def take(channel: Channel, most: int) -> list[Delivery]:
    """Take what is due, urgent ones first, so that no other worker sends it too; short messages wait for the morning.

    The transaction ends before anything is sent: a worker killed in between loses nothing, ``watch`` finds the row.
    """
    rows = (
        Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("message")
        .filter(channel=channel, state__in=DUE, next_try_at__lte=now())
        .order_by("-urgent", "next_try_at")[:most]
    )
    taken = []
    quiet: dict[str, QuietHours] = {}
    for row in rows:
        start = now()
        if channel == Channel.SMS and not row.urgent:
            if row.tenant not in quiet:
                quiet[row.tenant] = limits_of(row.tenant).quiet
            start = quiet[row.tenant].over_at(start)
        if start > now():
            row.next_try_at = row.not_before = start
            row.give_up_at = max(row.give_up_at, start) if row.give_up_at else None
        else:
            row.state, row.taken_until = DeliveryState.SENDING, start + LEASE
            row.attempts += 1
            taken.append(row)
        row.save(update_fields=["state", "taken_until", "attempts", "next_try_at", "not_before", "give_up_at"])
    return taken


def locked(delivery_id: uuid.UUID) -> Delivery:
    """The delivery, for this transaction alone."""
    return Delivery.objects.select_for_update(of=("self",)).select_related("message").get(pk=delivery_id)


def delivered(row: Delivery, *, proof: Mapping[str, object]) -> None:
    """The way to its end is proved: by the mail server's receipt or the telephone's report; an entry in the ledger."""
    row.state, row.delivered_at, row.taken_until, row.last_error = DeliveryState.DELIVERED, now(), None, ""
    row.sent_at = row.sent_at or now()
    row.save()
    _enter(row, "notify.delivered", proof)


def failed(row: Delivery, reason: str, *, permanent: bool = False) -> None:
    """An attempt failed: tried again after a growing pause, or given up when time or tries are over."""
    # a server's refusal repeats the address, which we keep encrypted only
    clean = reason.replace(row.address, _("（地址略）")) if row.address else reason
    row.last_error, row.taken_until = clean[:300], None
    limits = limits_of(row.tenant)
    end = row.give_up_at or row.created_at + limits.horizon
    over = permanent and row.attempts >= _PERMANENT_TRIES
    over = over or (row.channel == Channel.SMS and row.attempts >= limits.most_sends)
    if over or now() >= end:
        give_up(row)
        return
    pause = pause_after(row.attempts, longest=limits.longest_pause)
    row.state, row.next_try_at = DeliveryState.RETRY, min(now() + pause, end)
    row.save()
    log.warning("delivery %s by %s failed (attempt %s)", row.id, row.channel, row.attempts)


def give_up(row: Delivery) -> None:
    """No more attempts: visible to who can do something about it, and an entry in the ledger."""
    row.state, row.taken_until = DeliveryState.GIVEN_UP, None
    row.save()
    _enter(row, "notify.given_up", {"error": row.last_error})
    log.warning("delivery %s by %s was given up after %s attempts", row.id, row.channel, row.attempts)


def settle(row: Delivery, *, reason: str, permanent: bool = False) -> None:
    """Draw the conclusion from the parts of a short message; the row is locked."""
    parts = list(row.parts.order_by("number"))
    outcome = outcome_of_parts(part.state for part in parts)
    if outcome == "delivered":
        if row.state != DeliveryState.DELIVERED:
            proof = {"gateway_ids": [part.gateway_message_id for part in parts], "reports": [p.report for p in parts]}
            delivered(row, proof=proof)
    elif outcome == "sent":
        if row.state not in (DeliveryState.SENT, DeliveryState.TOLD):
            row.state, row.sent_at, row.taken_until, row.last_error = DeliveryState.SENT, now(), None, ""
            row.save()
    elif outcome == "failed" and row.state not in _LATE:
        failed(row, reason, permanent=permanent)


@transaction.atomic
def apply_report(*, message_id: str, state: str) -> bool:
    """A telephone's report for one part; False when no part bears that id (yet). May come twice, late, in any order."""
    newest = ShortMessagePart.objects.filter(gateway_message_id=message_id).order_by("-id").values_list("delivery_id")
    found = newest.first()
    if found is None:
        return False
    row = locked(found[0])
    part = row.parts.filter(gateway_message_id=message_id).order_by("-id").first()
    if part is None:
        return False
    if state == "ACCEPTD" or part.state == PartState.DELIVERED:
        return True  # on its way still, or known already
    part.state = PartState.DELIVERED if state == "DELIVRD" else PartState.FAILED
    part.report, part.changed_at = state[:40], now()
    part.save(update_fields=["state", "report", "changed_at"])
    words = REPORT_WORDS.get(state, "没有送达")
    settle(row, reason=_("手机没有收到：%(words)s（%(state)s）") % {"words": words, "state": state})
    return True


def watch() -> int:
    """Find what was left behind: deliveries whose worker was killed, reports that never came."""
    stale = Delivery.objects.filter(state=DeliveryState.SENDING, taken_until__lt=now()).values_list("id", flat=True)
    done = sum(_take_back(delivery_id) for delivery_id in stale[:100])
    shortest = now() - dt.timedelta(hours=1)
    waiting = Delivery.objects.filter(channel=Channel.SMS, state=DeliveryState.SENT, sent_at__lt=shortest)
    for tenant in list(waiting.order_by().values_list("tenant", flat=True).distinct()):
        late = waiting.filter(tenant=tenant, sent_at__lt=now() - limits_of(tenant).report_wait)
        done += sum(_without_report(delivery_id) for delivery_id in late.values_list("id", flat=True)[:100])
    return done


@transaction.atomic
def _take_back(delivery_id: uuid.UUID) -> int:
    row = locked(delivery_id)
    if row.state != DeliveryState.SENDING or row.taken_until is None or row.taken_until >= now():
        return 0
    row.parts.filter(state=PartState.SUBMITTED).update(state=PartState.FAILED, changed_at=now())
    failed(row, _("发送进程中断，不知道是否已经发出"))
    return 1


@transaction.atomic
def _without_report(delivery_id: uuid.UUID) -> int:
    row = locked(delivery_id)
    if row.state != DeliveryState.SENT:
        return 0
    # not sent again: the telephone may well have it
    row.last_error = _("网关已接收，但一直没有送达报告")
    give_up(row)
    return 1


def give_up_overdue(channel: Channel, reason: str) -> int:
    """While a channel is closed: give up what has waited beyond its time."""
    rows = Delivery.objects.filter(channel=channel, state__in=DUE, give_up_at__lte=now()).values_list("id", flat=True)
    return sum(_overdue(delivery_id, reason) for delivery_id in rows[:100])


@transaction.atomic
def _overdue(delivery_id: uuid.UUID, reason: str) -> int:
    row = locked(delivery_id)
    if row.state not in DUE:
        return 0
    row.last_error = reason[:300]
    give_up(row)
    return 1


def note_status(channel: Channel, *, ok: bool, detail: str = "") -> None:
    """Remember whether a channel's server can be reached; written only when that changes."""
    tenant = settings.ZHENGTONG_TENANT
    known = ChannelStatus.objects.filter(tenant=tenant, channel=channel).first()
    if known is not None and known.ok == ok and (ok or known.detail == detail[:300]):
        return
    since = known.since if known is not None and known.ok == ok else now()
    values = {"ok": ok, "since": since, "detail": detail[:300]}
    ChannelStatus.objects.update_or_create(tenant=tenant, channel=channel, defaults=values)


@transaction.atomic
def retry_delivery(*, actor: Actor, delivery_id: uuid.UUID, reason: str, address: str = "") -> Delivery:
    """Send again what was given up, with a new horizon; a mail to ``address`` where that is given, and so what follows
    about the same matter. Raises NotFound, NotPermitted, Invalid (naming each field), Conflict.
    """
    row = _for_act(actor, delivery_id)
    wanted = address.strip()
    why, corrected = _checked(reason, wanted if row.channel == Channel.MAIL and wanted != row.address else "")
    if row.state not in FAILED:
        raise Conflict(_("这条通知现在是“%(state)s”，不需要重新发送。") % {"state": row.get_state_display()})
    if row.message is None:
        raise Conflict(_("验证码已经过期，不能重新发送，请本人重新获取。"))
    row.state, row.next_try_at, row.attempts, row.last_error = DeliveryState.WAITING, now(), 0, ""
    row.give_up_at = now() + limits_of(row.tenant).horizon
    facts = {"reason": why}
    if corrected:
        facts |= {"former_address": masked_mail(row.address), "address": masked_mail(corrected)}
        row.corrected_from, row.address = row.corrected_from or row.address, corrected
    row.save()
    # parts the telephone never reported on may have arrived; who asks for it wants the whole message again
    row.parts.exclude(state=PartState.DELIVERED).update(state=PartState.WAITING, changed_at=now())
    _enter(row, "notify.retried", facts, actor=actor)
    return row


@transaction.atomic
def tell_otherwise(*, actor: Actor, delivery_id: uuid.UUID, how: str, note: str) -> Delivery:
    """Record that the person was told by telephone, in person or by post. Raises as ``retry_delivery``."""
    row = _for_act(actor, delivery_id)
    if how not in ToldBy.values:
        raise Invalid(_("请选择用什么方式告知。"), field="how")
    what = _reason(note, field="note")
    if row.state in (DeliveryState.DELIVERED, DeliveryState.TOLD):
        raise Conflict(_("这条通知现在是“%(state)s”，不需要另行告知。") % {"state": row.get_state_display()})
    row.state, row.taken_until = DeliveryState.TOLD, None
    row.told_how, row.told_note, row.told_at = how, what, now()
    row.told_by_id, row.told_by_name = actor.person_id, actor.name[:60]
    row.save()
    _enter(row, "notify.told", {"how": how, "note": what}, actor=actor)
    return row


def _for_act(actor: Actor, delivery_id: uuid.UUID) -> Delivery:
    if not may_act_on(actor, delivery_of(actor=actor, delivery_id=delivery_id)):
        raise NotPermitted(_("您可以查看这条通知，但不能重新发送或者登记告知。"))
    return locked(delivery_id)


def _checked(reason: str, address: str) -> tuple[str, str]:
    """Both as they are kept; Invalid names whichever is wrong."""
    errors = {}
    why = ""
    try:
        why = _reason(reason)
    except Invalid as refusal:
        errors["reason"] = refusal.message
    try:
        validate_email(address or "name@example.cn")
    except ValidationError:
        errors["address"] = _("电子邮箱格式不对，应类似 name@example.cn。")
    if errors:
        raise Invalid(_("请更正标出的内容。"), errors=errors)
    return why, address


def _reason(text: str, *, field: str = "reason") -> str:
    clean = " ".join(text.split())
    if len(clean) < 5:
        raise Invalid(_("请写明情况，至少 5 个字。"), field=field)
    if len(clean) > 300:
        raise Invalid(_("最多写 300 个字。"), field=field)
    return clean


def _enter(row: Delivery, act: str, facts: Mapping[str, object], *, actor: Actor | None = None) -> None:
    """An entry about a delivery, with the matter it is about."""
    about = f"{row.message.object_kind}:{row.message.object_id}" if row.message else ""
    ledger.append(
        actor=actor or system(row.tenant),
        act=act,
        object_ref=ObjectRef(kind=DELIVERY_KIND, id=str(row.id)),
        payload={"channel": row.channel, "attempts": row.attempts, "about": about, **facts},
    )
