"""Mail over SMTP: taken, sent and marked one after another, none inside a transaction of the others."""

import smtplib
import uuid
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.notify.constants import Channel, DeliveryState
from zhengtong.capabilities.notify.models import Delivery, SiteMessage
from zhengtong.capabilities.notify.services.following import delivered, failed, locked, note_status, take

_BATCH = 20
_PERMANENT = 500


def send_mails() -> int:
    """Send one batch of mails; one refused mail holds up no other, a dead server costs one time-out a batch."""
    rows = take(Channel.MAIL, _BATCH)
    if not rows:
        return 0
    connection: BaseEmailBackend | None = None
    down: Exception | None = None
    for row in rows:
        if down is None:
            try:
                connection = _opened(connection)
            except (OSError, smtplib.SMTPException) as error:
                down = error
        if down is not None or connection is None:
            _mark(row.id, down)
            continue
        try:
            _mail_of(row, connection).send()
        except (OSError, smtplib.SMTPException) as error:
            _mark(row.id, error)
            _dropped(connection)
            connection = None
        else:
            _mark(row.id, None)
    _dropped(connection)
    note_status(Channel.MAIL, ok=down is None, detail=_words(down) if down else "")
    return len(rows)


def _opened(connection: BaseEmailBackend | None) -> BaseEmailBackend:
    """A connection to the server, the same for a whole batch; the file of a demonstration is one a mail."""
    if connection is not None and isinstance(connection, EmailBackend):
        return connection
    connection = get_connection()
    if isinstance(connection, EmailBackend):
        connection.open()
    return connection


def _dropped(connection: BaseEmailBackend | None) -> None:
    if isinstance(connection, EmailBackend):
        connection.close()


def _mail_of(row: Delivery, connection: BaseEmailBackend) -> EmailMessage:
    """The mail; its Message-ID is that of the delivery, so that a second copy is known as one."""
    message = row.message
    if message is None:
        raise RuntimeError("a mail carries a message")
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    return EmailMessage(
        subject=message.title,
        body=_text_of(message),
        to=[row.address],
        headers={"Message-ID": f"<{row.id}@{domain}>", "Auto-Submitted": "auto-generated"},
        connection=connection,
    )


def _text_of(message: SiteMessage) -> str:
    """The message, and where on the site its matter stands."""
    where = _("详情：%(address)s") % {"address": settings.ZHENGTONG_BASE_URL + message.link} if message.link else ""
    return f"{message.body}\n\n{where}".strip()


@transaction.atomic
def _mark(delivery_id: uuid.UUID, error: Exception | None) -> None:
    row = locked(delivery_id)
    if error is None:
        if row.state != DeliveryState.DELIVERED:
            delivered(row, proof={"accepted_by": settings.EMAIL_HOST or "file"})
    elif row.state == DeliveryState.SENDING:
        failed(row, _words(error), permanent=_is_permanent(error))


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _is_permanent(error: Exception) -> bool:
    """True when the server will not take this mail another time either: 5xx for the recipient or the content."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= _PERMANENT for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= _PERMANENT
