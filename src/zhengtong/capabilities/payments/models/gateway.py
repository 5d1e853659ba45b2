"""What gateways told us, how their statements compare, and the book of the simulated one."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.payments.constants import ChargeState, DifferenceKind, FlowKind, RefundMode
from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row


class GatewayCallback(Row):
    """支付回调：a signed message of a gateway; one nonce is taken once.

    Personal data: none (numbers and amounts).
    """

    gateway = models.CharField(_("支付渠道"), max_length=40)
    nonce = models.CharField(_("随机串"), max_length=64)
    payment_no = models.CharField(_("支付单号"), max_length=60)
    gateway_no = models.CharField(_("渠道交易号"), max_length=80)
    amount_fen = models.BigIntegerField(_("金额（分）"))
    outcome = models.CharField(_("处理结果"), max_length=20)

    class Meta:
        verbose_name = _("支付回调")
        constraints = [models.UniqueConstraint(fields=["gateway", "nonce"], name="payments_callback_once")]
        indexes = [models.Index(fields=["payment_no"], name="payments_callback_of")]


class Reconciliation(Row):
    """对账：our payments and refunds of a day beside the gateway's statement.

    Personal data: none.
    """

    gateway = models.CharField(_("支付渠道"), max_length=40)
    day = models.DateField(_("账期"))
    entries = models.PositiveIntegerField(_("核对笔数"))
    paid_fen = models.BigIntegerField(_("收款（分）"))
    refunded_fen = models.BigIntegerField(_("退款（分）"))
    checked_at = models.DateTimeField(_("核对时间"))

    class Meta:
        verbose_name = _("对账")
        constraints = [models.UniqueConstraint(fields=["tenant", "gateway", "day"], name="payments_reconciled_once")]


class ReconciliationDifference(Row):
    """对账差异：an entry that one side lacks or has with another amount; somebody says what it was.

    ``payee_org_id`` is empty for money we know no order of. A difference that a later check no longer finds is closed
    by it.

    Personal data: name of the official who settled it, kept with the reconciliation.
    """

    PERSONAL_DATA = personal(of_official("settled_by"))

    reconciliation = models.ForeignKey(
        Reconciliation, on_delete=models.PROTECT, related_name="differences", verbose_name=_("对账")
    )
    kind = models.CharField(_("差异种类"), max_length=12, choices=DifferenceKind)
    flow = models.CharField(_("收支"), max_length=8, choices=FlowKind)
    no = models.CharField(_("支付单号"), max_length=60)
    gateway_no = models.CharField(_("渠道交易号"), max_length=80, blank=True)
    ours_fen = models.BigIntegerField(_("我方金额（分）"), null=True)
    theirs_fen = models.BigIntegerField(_("渠道金额（分）"), null=True)
    payee_org_id = models.UUIDField(_("收费单位标识"), null=True)
    settled_by = models.CharField(_("处理人"), max_length=60, blank=True)
    settled_note = models.CharField(_("处理说明"), max_length=300, blank=True)
    settled_at = models.DateTimeField(_("处理时间"), null=True)

    class Meta:
        verbose_name = _("对账差异")
        constraints = [
            models.UniqueConstraint(
                fields=["reconciliation", "flow", "no", "gateway_no"], name="payments_difference_once"
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_note="")
                | (Q(settled_at__isnull=False) & ~Q(settled_note="")),
                name="payments_difference_settled",
            ),
        ]


def _token() -> str:
    return secrets.token_urlsafe(24)


class SimulatedCharge(Row):
    """模拟支付渠道的交易：the simulated gateway's own book, never looked into by orders and payments.

    Personal data: none (title of the matter).
    """

    token = models.CharField(_("页面标识"), max_length=40, unique=True, default=_token)
    payment_no = models.CharField(_("支付单号"), max_length=60)
    gateway_no = models.CharField(_("交易号"), max_length=80, unique=True)
    amount_fen = models.BigIntegerField(_("应付金额（分）"))
    received_fen = models.BigIntegerField(_("实付金额（分）"), default=0)
    title = models.CharField(_("事由"), max_length=200)
    payee = models.CharField(_("收款单位"), max_length=120)
    return_url = models.CharField(_("返回地址"), max_length=500)
    notify_url = models.CharField(_("通知地址"), max_length=500)
    expires_at = models.DateTimeField(_("截止时间"))
    state = models.CharField(_("状态"), max_length=10, choices=ChargeState, default=ChargeState.WAITING)
    paid_at = models.DateTimeField(_("支付时间"), null=True)
    notify_left = models.PositiveSmallIntegerField(_("待发通知次数"), default=0)
    notify_at = models.DateTimeField(_("下次通知时间"), null=True)
    notify_tries = models.PositiveSmallIntegerField(_("通知失败次数"), default=0)
    refund_mode = models.CharField(_("退款方式"), max_length=10, choices=RefundMode, default=RefundMode.AT_ONCE)

    class Meta:
        verbose_name = _("模拟交易")
        indexes = [
            models.Index(fields=["payment_no"], name="payments_simulated_no"),
            models.Index(fields=["notify_at"], condition=Q(notify_left__gt=0), name="payments_simulated_due"),
        ]


class SimulatedRefund(Row):
    """模拟支付渠道的退款.

    Personal data: none.
    """

    refund_no = models.CharField(_("退费单号"), max_length=40, unique=True)
    charge = models.ForeignKey(
        SimulatedCharge, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("模拟交易")
    )
    gateway_no = models.CharField(_("退款号"), max_length=80, unique=True)
    amount_fen = models.BigIntegerField(_("金额（分）"))
    refused = models.BooleanField(_("已拒绝"), default=False)
    done_at = models.DateTimeField(_("退回时间"), null=True)

    class Meta:
        verbose_name = _("模拟退款")
