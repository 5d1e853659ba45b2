"""Writing messages and queueing their deliveries, in the transaction of the act they tell of."""

import dataclasses
import uuid
from collections.abc import Mapping

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.notify.constants import Channel
from zhengtong.capabilities.notify.models import ChannelChoice, Delivery, SiteMessage
from zhengtong.capabilities.notify.registry import message_kinds
from zhengtong.capabilities.notify.rules import filled, title_of
from zhengtong.capabilities.notify.selectors import wording_of
from zhengtong.capabilities.notify.services.limits import limits_of
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import lives_in_the_past, now
from zhengtong.kernel.errors import NotFound


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Notice:
    """A message and where it goes."""

    tenant: str
    person_id: uuid.UUID
    kind: str
    title: str
    body: str
    object_ref: ObjectRef
    link: str
    email: str
    sms: str
    phone: str
    urgent: bool
    required: bool


def send(
    *,
    tenant: str,
    person_id: uuid.UUID,
    kind: str,
    values: Mapping[str, object],
    object_ref: ObjectRef,
    link: str = "",
    email: str = "",
    phone: str = "",
    code: str = "",
) -> uuid.UUID:
    """Tell a person something of a declared kind, in the county's words (those of the item ``code`` first).

    A site message always; a mail where ``email`` is given; a short message where the kind has one and a gateway is
    set up: to ``phone``, else to the number identity knows, which the worker looks up, not the request. ``values``
    gives every variable the kind declares; ``link`` is a path of the site. Raises LookupError for an unknown kind and
    ValueError for a missing value. Part of the caller's transaction; the caller's act is the ledger's entry.
    """
    declared = message_kinds.get(kind)
    if declared.sms_only:
        raise ValueError(f"{kind} is a code, which never stands on the site")
    missing = [name for name in declared.variables if name not in values]
    if missing:
        raise ValueError(f"{kind}: no value for {', '.join(missing)}")
    words = wording_of(tenant, declared, code)
    notice = _Notice(
        tenant=tenant,
        person_id=person_id,
        kind=kind,
        title=title_of(filled(words.title, values)),
        body=filled(words.body, values),
        object_ref=object_ref,
        link=link,
        email=email,
        sms=filled(words.sms, values),
        phone=phone,
        urgent=declared.urgent,
        required=declared.required,
    )
    return _write(notice)


def send_message(
    *,
    tenant: str,
    person_id: uuid.UUID,
    title: str,
    body: str,
    object_ref: ObjectRef,
    link: str = "",
    email: str = "",
) -> uuid.UUID:
    """Write a site message in free words and queue a mail where an address is given; part of the transaction.

    The caller's act is the ledger's entry; ``link`` is a path of the site, where the matter itself stands.
    """
    notice = _Notice(
        tenant=tenant,
        person_id=person_id,
        kind="",
        title=title_of(title),
        body=body,
        object_ref=object_ref,
        link=link,
        email=email,
        sms="",
        phone="",
        urgent=False,
        required=False,
    )
    return _write(notice)


def words_of_code(*, tenant: str, kind: str, values: Mapping[str, object], code: str = "") -> str:
    """The short message around a one-time code, in the county's words (those of the item ``code`` first).

    Raises LookupError for an unknown kind and ValueError for a missing value.
    """
    return filled(wording_of(tenant, message_kinds.get(kind), code).sms, values)


def sms_is_set_up() -> bool:
    """Whether short messages go out at all."""
    return bool(settings.ZHENGTONG_SMS_GATEWAY)


@transaction.atomic
def send_code(*, tenant: str, person_id: uuid.UUID, phone: str, text: str) -> bool:
    """Send a code to a telephone at once, also at night, and keep it off the site; False without a gateway."""
    if not sms_is_set_up():
        return False
    Delivery.objects.create(
        tenant=tenant,
        person_id=person_id,
        channel=Channel.SMS,
        address=phone,
        text=text,
        urgent=True,
        next_try_at=now(),
        give_up_at=now() + limits_of(tenant).urgent,
    )
    return True


@transaction.atomic
def mark_read(*, actor: Actor, message_id: uuid.UUID) -> SiteMessage:
    """The actor's own message, now read; NotFound for another's."""
    message = (
        SiteMessage.objects.filter(tenant=actor.tenant, person_id=actor.person_id, pk=message_id).first()
        if actor.person_id
        else None
    )
    if message is None:
        raise NotFound(_("没有找到这条消息。"))
    if message.read_at is None:
        message.read_at = now()
        message.save(update_fields=["read_at"])
    return message


def _write(notice: _Notice) -> uuid.UUID:
    if not connection.in_atomic_block:
        raise RuntimeError("a message belongs to the transaction of the act it tells of")
    message = SiteMessage.objects.create(
        tenant=notice.tenant,
        person_id=notice.person_id,
        kind=notice.kind,
        title=notice.title,
        body=notice.body,
        object_kind=notice.object_ref.kind,
        object_id=notice.object_ref.id,
        link=notice.link,
    )
    if lives_in_the_past():
        return message.id  # nobody waits for a mail about a day that is only simulated
    ways = [Channel.MAIL] if notice.email else []
    if notice.sms and sms_is_set_up():
        ways.append(Channel.SMS)
    wanted = ways if notice.required or not ways else _wanted(notice, ways)
    if wanted:
        Delivery.objects.bulk_create(_deliveries(notice, message, wanted))
    return message.id


def _wanted(notice: _Notice, ways: list[Channel]) -> list[Channel]:
    """The channels the person has not switched off."""
    choice = ChannelChoice.objects.filter(tenant=notice.tenant, person_id=notice.person_id).first()
    return [way for way in ways if choice is None or getattr(choice, way.value)]


def _deliveries(notice: _Notice, message: SiteMessage, ways: list[Channel]) -> list[Delivery]:
    present, limits = now(), limits_of(notice.tenant)
    rows = []
    for way in ways:
        by_sms = way == Channel.SMS
        start = limits.quiet.over_at(present) if by_sms and not notice.urgent else present
        rows.append(
            Delivery(
                tenant=notice.tenant,
                message=message,
                person_id=notice.person_id,
                channel=way,
                address=notice.phone if by_sms else notice.email,
                text=notice.sms if by_sms else "",
                urgent=notice.urgent,
                not_before=start if start > present else None,
                next_try_at=start,
                give_up_at=start + (limits.urgent if notice.urgent else limits.horizon),
            )
        )
    return rows
