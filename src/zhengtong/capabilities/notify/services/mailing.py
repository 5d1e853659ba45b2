"""Mail over SMTP: taken, sent and marked one after another, none inside a transaction of the others."""

import smtplib
import socket
import ssl
import uuid
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.notify.constants import Channel, DeliveryState
from zhengtong.capabilities.notify.models import Delivery, SiteMessage
from zhengtong.capabilities.notify.selectors import corrected_address
from zhengtong.capabilities.notify.services.following import delivered, failed, locked, note_status, take

_BATCH = 20
_PERMANENT = 500
#: the first that fits says what is wrong
_FAULTS: tuple[tuple[type[Exception], Any], ...] = (
    (smtplib.SMTPServerDisconnected, gettext_lazy("发信服务器中断了连接")),
    (TimeoutError, gettext_lazy("发信服务器没有应答（超时）")),
    (ConnectionRefusedError, gettext_lazy("连接不上发信服务器（对方没有接听）")),
    (socket.gaierror, gettext_lazy("找不到发信服务器的地址（域名解析失败）")),
    (ssl.SSLError, gettext_lazy("和发信服务器的加密连接建立不起来")),
    (ConnectionError, gettext_lazy("和发信服务器的连接中断")),
)


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
        _follow_correction(row)
        try:
            _mail_of(row, connection).send()
        except (OSError, smtplib.SMTPException, ValueError) as error:
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


def _follow_correction(row: Delivery) -> None:
    """The first attempt goes where an earlier mail about the same matter was sent after its address was corrected."""
    found = corrected_address(row) if row.attempts == 1 and not row.corrected_from else ""
    if found:
        row.corrected_from, row.address = row.address, found
        row.save(update_fields=["corrected_from", "address"])


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
    """What went wrong, for the people who look after it; the server's own answer where it gave one."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        said = _("发信服务器拒收这个地址") if code >= _PERMANENT else _("发信服务器暂时不收这个地址的邮件")
        return f"{said}（{_answer(code, text)}）"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _("发信服务器不接受账号或者密码（%(answer)s）") % {"answer": _answer(error.smtp_code, error.smtp_error)}
    if isinstance(error, smtplib.SMTPResponseException):
        return _("发信服务器没有接收这封邮件（%(answer)s）") % {"answer": _answer(error.smtp_code, error.smtp_error)}
    for kind, said in _FAULTS:
        if isinstance(error, kind):
            return str(said)
    if isinstance(error, ValueError):  # the words of the error repeat address or title
        return _("这封邮件的地址或者标题不合邮件的格式，没有发出。请更正地址后重新发送，或者另行告知。")
    return _("发信出错：%(error)s") % {"error": f"{type(error).__name__}: {error}"}


def _answer(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}".strip()


def _is_permanent(error: Exception) -> bool:
    """True when this mail will not go another time either: 5xx for the recipient or the content, or no mail at all."""
    if isinstance(error, ValueError):
        return True
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= _PERMANENT for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= _PERMANENT
