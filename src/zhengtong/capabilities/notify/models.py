"""Tables of messages."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.notify.constants import ADDRESSES, MESSAGES, Channel, DeliveryState, PartState, ToldBy
from zhengtong.capabilities.notify.rules import masked_mail
from zhengtong.kernel.fields import EncryptedTextField
from zhengtong.kernel.inventory import of_citizen, of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.kernel.ui.formats import mask_phone


class SiteMessage(Row):
    """A message to a person, read on the site.

    Personal data: text about the person's own matters; kept two years after it was read.
    """

    PERSONAL_DATA = personal(of_citizen("person_id", "title", "body", activity=MESSAGES))

    person_id = models.UUIDField(_("收信人标识"))
    kind = models.CharField(_("消息种类"), max_length=60, blank=True, db_default="", default="")
    title = models.CharField(_("标题"), max_length=120)
    body = models.TextField(_("内容"))
    object_kind = models.CharField(_("对象类型"), max_length=40)
    object_id = models.CharField(_("对象标识"), max_length=64)
    link = models.CharField(_("链接"), max_length=300, blank=True)
    read_at = models.DateTimeField(_("阅读时间"), null=True)

    class Meta:
        verbose_name = _("站内消息")
        indexes = [
            models.Index(fields=["tenant", "person_id", "-created_at"], name="notify_message_inbox"),
            models.Index(fields=["object_kind", "object_id"], name="notify_message_object"),
        ]


class Delivery(Row):
    """A message on its way to one person by one channel: tried again with growing pauses, given up visibly.

    The table keeps the name it had when mail was the only channel: renaming it would stop a running town. A code
    has no message on the site: ``text`` alone goes out. ``taken_until``: a worker is sending; past that moment it
    was killed and another one takes over. ``corrected_from``: the address that did not work, where it was corrected.

    Personal data: addresses and text (encrypted); kept 90 days after its end.
    """

    PERSONAL_DATA = personal(
        of_citizen("person_id", "address", "corrected_from", "text", activity=ADDRESSES),
        of_official("told_by_id", "told_by_name", "told_note"),
    )

    message = models.ForeignKey(
        SiteMessage, on_delete=models.PROTECT, related_name="deliveries", null=True, verbose_name=_("消息")
    )
    person_id = models.UUIDField(_("收信人标识"), null=True)
    channel = models.CharField(
        _("方式"), max_length=10, choices=Channel, default=Channel.MAIL, db_default=Channel.MAIL.value
    )
    address = EncryptedTextField(_("地址"))
    corrected_from = EncryptedTextField(_("更正前的地址"), blank=True, default="", db_default="")
    text = EncryptedTextField(_("短信内容"), blank=True, default="", db_default="")
    urgent = models.BooleanField(_("不受免打扰时段限制"), default=False, db_default=False)
    state = models.CharField(_("状态"), max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("发送次数"), default=0)
    not_before = models.DateTimeField(_("最早发送时间"), null=True)
    next_try_at = models.DateTimeField(_("下次发送时间"))
    give_up_at = models.DateTimeField(_("停止重发时间"), null=True)
    taken_until = models.DateTimeField(_("占用至"), null=True)
    sent_at = models.DateTimeField(_("发送时间"), null=True)
    delivered_at = models.DateTimeField(_("送达时间"), null=True)
    last_error = models.CharField(_("最近错误"), max_length=300, blank=True)
    told_how = models.CharField(_("另行告知方式"), max_length=10, choices=ToldBy, blank=True, default="", db_default="")
    told_note = models.CharField(_("另行告知情况"), max_length=300, blank=True, default="", db_default="")
    told_by_id = models.UUIDField(_("告知人标识"), null=True)
    told_by_name = models.CharField(_("告知人"), max_length=60, blank=True, default="", db_default="")
    told_at = models.DateTimeField(_("告知时间"), null=True)

    class Meta:
        db_table = "notify_mail"
        verbose_name = _("通知投递")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "delivered"]) | Q(sent_at__isnull=False),
                name="notify_delivery_sent_at",
            ),
            models.CheckConstraint(
                condition=~Q(state="delivered") | Q(delivered_at__isnull=False), name="notify_delivery_delivered_at"
            ),
            models.CheckConstraint(
                condition=~Q(state="told") | Q(told_at__isnull=False), name="notify_delivery_told_at"
            ),
            models.UniqueConstraint(fields=["message", "channel"], name="notify_delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["channel", "next_try_at"],
                name="notify_delivery_due",
                condition=Q(state__in=["waiting", "retry"]),
            ),
            models.Index(
                fields=["channel", "state"], name="notify_delivery_flying", condition=Q(state__in=["sending", "sent"])
            ),
            models.Index(fields=["tenant", "-created_at"], name="notify_delivery_list"),
        ]

    @property
    def masked_address(self) -> str:
        """The address as pages show it."""
        return masked_mail(self.address) if self.channel == Channel.MAIL else mask_phone(self.address)


class ShortMessagePart(Row):
    """One part of a short message at the gateway, found again by the id in its status report.

    Personal data: none.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="parts", verbose_name=_("投递"))
    number = models.PositiveSmallIntegerField(_("序号"))
    state = models.CharField(_("状态"), max_length=10, choices=PartState, default=PartState.WAITING)
    gateway_message_id = models.CharField(_("网关消息标识"), max_length=16, blank=True)
    report = models.CharField(_("状态报告"), max_length=40, blank=True)
    changed_at = models.DateTimeField(_("更新时间"))

    class Meta:
        verbose_name = _("短信分段")
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="notify_part_once")]
        indexes = [
            models.Index(
                fields=["gateway_message_id"], name="notify_part_gateway_id", condition=~Q(gateway_message_id="")
            )
        ]


class MessageTemplate(Row):
    """The words a county gives to a kind of message, for all items or for one; never changed: a new version follows.

    ``built_in``: from this version on the words that come with the platform count again.

    Personal data: the name of the official who wrote them; kept as long as the platform.
    """

    PERSONAL_DATA = personal(of_official("changed_by_id", "changed_by_name"))

    kind = models.CharField(_("消息种类"), max_length=60)
    code = models.CharField(_("事项编码"), max_length=50, blank=True)
    version = models.PositiveIntegerField(_("版本"))
    title = models.CharField(_("标题"), max_length=120, blank=True)
    body = models.TextField(_("内容"), blank=True)
    sms = models.CharField(_("短信"), max_length=500, blank=True)
    built_in = models.BooleanField(_("恢复默认"), default=False)
    changed_by_id = models.UUIDField(_("修改人标识"))
    changed_by_name = models.CharField(_("修改人"), max_length=60)
    reason = models.CharField(_("修改理由"), max_length=300)

    class Meta:
        verbose_name = _("消息模板")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind", "code", "version"], name="notify_template_version")
        ]


class ChannelChoice(Row):
    """By which channels a person wants to hear, besides the site.

    Personal data: the choice; kept as long as the account.
    """

    PERSONAL_DATA = personal(of_citizen("person_id", activity=MESSAGES))

    person_id = models.UUIDField(_("本人标识"))
    mail = models.BooleanField(_("邮件"), default=True)
    sms = models.BooleanField(_("短信"), default=True)
    changed_at = models.DateTimeField(_("选择时间"))

    class Meta:
        verbose_name = _("通知方式")
        constraints = [models.UniqueConstraint(fields=["tenant", "person_id"], name="notify_choice_once")]


class ChannelStatus(Row):
    """Whether the server of a channel could be reached when the worker last tried, and since when that is so.

    Personal data: none.
    """

    channel = models.CharField(_("方式"), max_length=10, choices=Channel)
    ok = models.BooleanField(_("正常"))
    since = models.DateTimeField(_("自何时"))
    detail = models.CharField(_("情况"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("通道状态")
        constraints = [models.UniqueConstraint(fields=["tenant", "channel"], name="notify_status_once")]
