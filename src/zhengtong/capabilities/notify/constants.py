"""Words of messages: ways, states, acts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel import retention
from zhengtong.kernel.inventory import BACKUP_COPY, Activity, Basis


class Channel(models.TextChoices):
    """A way a message takes besides the site itself."""

    MAIL = "mail", _("邮件")
    SMS = "sms", _("短信")


class DeliveryState(models.TextChoices):
    """Where a delivery stands.

    ``sent``: the gateway has it, the report of the telephone is awaited; ``delivered``: the status report or the mail
    server says so; ``no_address``: the person has left no number; ``told``: somebody told the person in another way.
    """

    WAITING = "waiting", _("待发送")
    SENDING = "sending", _("正在发送")
    SENT = "sent", _("已交网关")
    DELIVERED = "delivered", _("已送达")
    RETRY = "retry", _("等待重发")
    GIVEN_UP = "given_up", _("未送达")
    NO_ADDRESS = "no_address", _("没有号码")
    TOLD = "told", _("已另行告知")


#: not yet at an end: the worker still has something to do or to wait for
UNDER_WAY = (DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.RETRY)
#: due to be sent when their moment comes
DUE = (DeliveryState.WAITING, DeliveryState.RETRY)
#: nobody got it: somebody has to look
FAILED = (DeliveryState.GIVEN_UP, DeliveryState.NO_ADDRESS)


class PartState(models.TextChoices):
    """Where one part of a short message stands."""

    WAITING = "waiting", _("待提交")
    SUBMITTED = "submitted", _("等待网关应答")
    ACCEPTED = "accepted", _("网关已接收")
    DELIVERED = "delivered", _("已送达")
    FAILED = "failed", _("失败")


class ToldBy(models.TextChoices):
    """How a person was told when no message arrived."""

    PHONE = "phone", _("电话")
    IN_PERSON = "in_person", _("当面")
    POST = "post", _("邮寄")
    OTHER = "other", _("其他")


DELIVERY_KIND = "delivery"
TEMPLATE_KIND = "message_template"

#: who may look at all deliveries of a county; who may change what messages say
OPERATORS = ("application_operator",)
TEMPLATE_KEEPERS = ("item_admin",)
#: who may look at the deliveries about matters they take part in
HANDLERS = ("clerk", "reviewer", "leader")

#: acts in the ledger → Chinese words
ACT_LABELS = {
    "notify.channels_chosen": "选择通知方式",
    "notify.delivered": "通知送达",
    "notify.given_up": "通知未送达，停止重发",
    "notify.retried": "重新发送通知",
    "notify.template_changed": "修改消息模板",
    "notify.told": "以其他方式告知",
}
#: kinds of objects in the ledger → Chinese words
OBJECT_LABELS = {DELIVERY_KIND: "通知投递", TEMPLATE_KIND: "消息模板"}

#: what messages are for
MESSAGES = Activity(
    purpose="把办事的进展告诉本人",
    basis=Basis.DUTY,
    kept="阅读以后",
    period=retention.days("messages", 730, label="站内消息保留时间（阅读以后）", source="本平台设定（待核实）"),
    copies=(BACKUP_COPY,),
)
ADDRESSES = Activity(
    purpose="发送短信和邮件",
    basis=Basis.DUTY,
    kept="发送结束以后",
    period=retention.days("addresses", 90, label="短信、邮件的地址和内容保留时间", source="本平台设定（待核实）"),
    copies=("短信网关、邮件服务器", BACKUP_COPY),
)
