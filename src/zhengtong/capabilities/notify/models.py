"""Tables of messages."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.notify.constants import MailState
from zhengtong.kernel.fields import EncryptedTextField
from zhengtong.kernel.models import Row


class SiteMessage(Row):
    """A message to a person, read on the site.

    Personal data: text about the person's own matters; kept two years after it was read.
    """

    person_id = models.UUIDField(_("收信人标识"))
    title = models.CharField(_("标题"), max_length=120)
    body = models.TextField(_("内容"))
    object_kind = models.CharField(_("对象类型"), max_length=40)
    object_id = models.CharField(_("对象标识"), max_length=64)
    link = models.CharField(_("链接"), max_length=300, blank=True)
    read_at = models.DateTimeField(_("阅读时间"), null=True)

    class Meta:
        verbose_name = _("站内消息")
        indexes = [models.Index(fields=["tenant", "person_id", "-created_at"], name="notify_message_inbox")]


class Mail(Row):
    """A mail to be sent, tried again with growing pauses, given up visibly.

    Personal data: address (encrypted) and text; kept 90 days after it was sent.
    """

    message = models.ForeignKey(SiteMessage, on_delete=models.PROTECT, related_name="mails", verbose_name=_("消息"))
    address = EncryptedTextField(_("地址"))
    state = models.CharField(_("状态"), max_length=10, choices=MailState, default=MailState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("发送次数"), default=0)
    next_try_at = models.DateTimeField(_("下次发送时间"))
    sent_at = models.DateTimeField(_("发送时间"), null=True)
    last_error = models.CharField(_("最近错误"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("邮件")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="notify_mail_sent_at",
            )
        ]
        indexes = [
            models.Index(fields=["next_try_at"], name="notify_mail_waiting", condition=Q(state="waiting")),
            models.Index(fields=["message"], name="notify_mail_message"),
        ]
