"""Queueing and sending."""

import datetime as dt
import logging
import uuid

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.notify.constants import MAX_ATTEMPTS, MailState
from zhengtong.capabilities.notify.models import Mail, SiteMessage
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import NotFound

log = logging.getLogger(__name__)

_BATCH = 20
_FIRST_PAUSE = dt.timedelta(seconds=30)


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
    """Write a site message and queue a mail where an address is given; part of the caller's transaction.

    The caller's act is the ledger's entry; ``link`` is a path of the site, where the matter itself stands.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a message belongs to the transaction of the act it tells of")
    message = SiteMessage.objects.create(
        tenant=tenant,
        person_id=person_id,
        title=title,
        body=body,
        object_kind=object_ref.kind,
        object_id=object_ref.id,
        link=link,
    )
    if email:
        Mail.objects.create(tenant=tenant, message=message, address=email, next_try_at=now())
    return message.id


def send_waiting() -> int:
    """Send one batch of mails; each is taken, sent and marked in a transaction of its own."""
    waiting = Mail.objects.filter(state=MailState.WAITING, next_try_at__lte=now()).order_by("next_try_at")
    return sum(_send(mail_id) for mail_id in waiting.values_list("id", flat=True)[:_BATCH])


@transaction.atomic
def _send(mail_id: uuid.UUID) -> int:
    rows = Mail.objects.select_for_update(skip_locked=True, of=("self",)).select_related("message")
    mail = rows.filter(pk=mail_id, state=MailState.WAITING, next_try_at__lte=now()).first()
    if mail is None:
        return 0
    mail.attempts += 1
    try:
        EmailMessage(subject=mail.message.title, body=_mail_text(mail.message), to=[mail.address]).send()
    except OSError as error:
        # smtplib's errors are OSErrors too: connection, refusal, time-out
        _failed(mail, error)
    else:
        mail.state, mail.sent_at, mail.last_error = MailState.SENT, now(), ""
    mail.save()
    return 1


def _mail_text(message: SiteMessage) -> str:
    """The message, and where on the site its matter stands."""
    where = _("详情：%(address)s") % {"address": settings.ZHENGTONG_BASE_URL + message.link} if message.link else ""
    return f"{message.body}\n\n{where}".strip()


def _failed(mail: Mail, error: Exception) -> None:
    # a mail server's refusal repeats the address, which we keep encrypted only
    mail.last_error = f"{type(error).__name__}: {error}".replace(mail.address, _("（地址略）"))[:300]
    mail.next_try_at = now() + _FIRST_PAUSE * 2**mail.attempts
    if mail.attempts >= MAX_ATTEMPTS:
        mail.state = MailState.GIVEN_UP
    log.warning("mail %s was not sent (attempt %s): %s", mail.id, mail.attempts, type(error).__name__)


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
