"""Words of payments: states of orders, payments and refunds, what a reconciliation finds, parameters."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel import parameters, retention
from zhengtong.kernel.inventory import LEDGER_COPY, Activity, Basis

ORDER_KIND = "fee_order"
REFUND_KIND = "fee_refund"
RECONCILIATION_KIND = "fee_reconciliation"
#: the kind of messages to payers
NEWS = "payments.order"


class OrderState(models.TextChoices):
    """待缴费→已缴费→（部分退费、已退费）；没有缴费的可以作废，过期的失效。"""

    OPEN = "open", _("待缴费")
    PAID = "paid", _("已缴费")
    PARTLY_REFUNDED = "partly", _("部分退费")
    REFUNDED = "refunded", _("已退费")
    CANCELLED = "cancelled", _("已作废")
    EXPIRED = "expired", _("已过期")


#: money came in and counts
SETTLED = (OrderState.PAID, OrderState.PARTLY_REFUNDED, OrderState.REFUNDED)


class PayerKind(models.TextChoices):
    """Who pays."""

    PERSON = "person", _("个人")
    LEGAL = "legal", _("法人")


class PaymentState(models.TextChoices):
    """One way to the gateway: 已发起→已到账；或者失败、没有完成."""

    STARTED = "started", _("等待支付结果")
    SUCCEEDED = "succeeded", _("已到账")
    FAILED = "failed", _("支付失败")
    LAPSED = "lapsed", _("没有完成")


class UncreditedCause(models.TextChoices):
    """Why money that came in does not count for the order and goes back."""

    NONE = "", _("计入缴费单")
    DOUBLE = "double", _("重复缴费")
    AMOUNT = "amount", _("金额与缴费单不符")
    CLOSED = "closed", _("缴费单已作废或者过期")


class RefundKind(models.TextChoices):
    """Why money goes back."""

    ASKED = "asked", _("申请退费")
    PROPOSED = "proposed", _("撤回或者没有受理，系统建议退费")
    RETURNED = "returned", _("不应收取，系统退回")


class RefundState(models.TextChoices):
    """建议→待审批→待退款→银行处理中→已退款；或者不同意、被渠道拒绝、不退."""

    PROPOSED = "proposed", _("建议退费，待经办人确认")
    ASKED = "asked", _("待审批")
    REJECTED = "rejected", _("审批不同意")
    APPROVED = "approved", _("已批准，等待退款")
    SENT = "sent", _("支付渠道处理中")
    DONE = "done", _("已退款")
    FAILED = "failed", _("支付渠道拒绝，需要处理")
    DROPPED = "dropped", _("不退费")


#: states in which a refund still is to end; at most one of an order at a time
PENDING_REFUNDS = (
    RefundState.PROPOSED,
    RefundState.ASKED,
    RefundState.APPROVED,
    RefundState.SENT,
    RefundState.FAILED,
)


class DifferenceKind(models.TextChoices):
    """What does not agree between the gateway's statement and our rows."""

    ONLY_GATEWAY = "only_gateway", _("渠道有、我方没有")
    ONLY_OURS = "only_ours", _("我方有、渠道没有")
    AMOUNT = "amount", _("金额不一致")


class FlowKind(models.TextChoices):
    """Which way money went."""

    PAYMENT = "payment", _("缴费")
    REFUND = "refund", _("退款")


class ChargeState(models.TextChoices):
    """A transaction in the book of the simulated gateway."""

    WAITING = "waiting", _("等待支付")
    PAID = "paid", _("支付成功")
    DECLINED = "declined", _("支付失败")


class RefundMode(models.TextChoices):
    """How the simulated gateway takes a refund."""

    AT_ONCE = "at_once", _("立即退回")
    SLOW = "slow", _("处理中，一分钟后退回")
    REFUSED = "refused", _("拒绝退款")


REASON_MIN = 4  # characters of a reason
REASON_MAX = 300

DAYS_TO_PAY = parameters.declare(
    "payments.days_to_pay",
    default=15,
    label="缴费单的缴费期限（期满未缴的自动失效，可以重新开具）",
    unit="日",
    source="本地收费规则",
    confirmed=False,
).key
LAPSE_HOURS = parameters.declare(
    "payments.lapse_hours",
    default=24,
    label="发起支付后多久没有结果就不再查询",
    unit="小时",
    source="本地收费规则；以支付渠道的约定为准",
    confirmed=False,
).key
CALLBACK_WINDOW = parameters.declare(
    "payments.callback_window",
    default=600,
    label="支付渠道回调的时间戳与本机相差多久以内有效",
    unit="秒",
    source="本地安全策略",
    confirmed=True,
).key
RECONCILE_HOUR = parameters.declare(
    "payments.reconcile_hour",
    default=2,
    label="每天几点以后核对前一日的账",
    unit="时",
    source="以支付渠道出具对账单的时间为准",
    confirmed=False,
).key
RECEIPT_NOTICE = parameters.declare(
    "payments.receipt_notice",
    default="本凭据只证明已经缴费，不是财政电子票据。财政电子票据由财政部门的票据系统开具（衔接办法待核实）。",
    label="缴费凭据底部说明",
    unit="",
    source="财政票据管理办法；电子票据系统不在本平台",
    confirmed=False,
).key

ACT_LABELS = {
    "payments.raise": "开具缴费单",
    "payments.cancel": "作废缴费单",
    "payments.expire": "缴费单过期",
    "payments.start": "发起支付",
    "payments.fail": "支付失败",
    "payments.lapse": "支付没有结果，不再查询",
    "payments.pay": "缴费到账",
    "payments.return": "退回不应收取的款项",
    "payments.refund_propose": "建议退费",
    "payments.refund_ask": "申请退费",
    "payments.refund_approve": "批准退费",
    "payments.refund_reject": "不同意退费",
    "payments.refund_drop": "决定不退费",
    "payments.refund_retry": "重新提交退款",
    "payments.refund_sent": "退款提交支付渠道",
    "payments.refund_done": "退款完成",
    "payments.refund_failed": "支付渠道拒绝退款",
    "payments.reconcile": "核对收款",
    "payments.difference_settle": "处理对账差异",
}
OBJECT_LABELS = {ORDER_KIND: "缴费单", REFUND_KIND: "退费", RECONCILIATION_KIND: "对账"}

#: what orders and payments hold data for
ACCOUNTING = Activity(
    purpose="收取规费，入账和对账",
    basis=Basis.DUTY,
    kept="会计凭证保管期限",
    period=retention.days("accounting", 3653, label="缴费记录保管期限", source="会计档案管理办法（十年，待核实）"),
    stays="会计凭证，保管期限内不得销毁",
    copies=(LEDGER_COPY,),
)
