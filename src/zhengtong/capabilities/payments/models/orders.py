"""Orders to pay, their lines, payments, refunds. All amounts are whole fen."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.payments.constants import (
    ACCOUNTING,
    PENDING_REFUNDS,
    OrderState,
    PayerKind,
    PaymentState,
    RefundKind,
    RefundState,
    UncreditedCause,
)
from zhengtong.kernel.inventory import of_citizen, of_official, personal
from zhengtong.kernel.models import Row


class FeeOrder(Row):
    """缴费单：what one payer has to pay to one unit for one matter.

    ``command_key`` makes raising it repeatable; ``pay_first`` bars the matter's decision until it is paid.

    Personal data: payer's name; kept as accounting records (十年，待核实).
    """

    PERSONAL_DATA = personal(
        of_citizen("payer_name", "payer_person_id", "payer_ward_id", activity=ACCOUNTING),
        of_official("raised_by", "raised_by_id"),
    )

    number = models.CharField(_("缴费单号"), max_length=40)
    subject_kind = models.CharField(_("所属对象类型"), max_length=40)
    subject_id = models.CharField(_("所属对象标识"), max_length=64)
    title = models.CharField(_("缴费事由"), max_length=200)
    item_code = models.CharField(_("事项编码"), max_length=64, blank=True)
    payee_org_id = models.UUIDField(_("收费单位标识"))
    payee_org_name = models.CharField(_("收费单位"), max_length=120)
    payer_kind = models.CharField(_("缴费人类别"), max_length=8, choices=PayerKind)
    payer_person_id = models.UUIDField(_("缴费人标识"))
    payer_legal_id = models.UUIDField(_("缴费法人标识"), null=True)
    payer_ward_id = models.UUIDField(_("被监护人标识"), null=True)
    payer_name = models.CharField(_("缴费人"), max_length=120)
    total_fen = models.BigIntegerField(_("应缴金额（分）"))
    paid_fen = models.BigIntegerField(_("已缴金额（分）"), default=0)
    refunded_fen = models.BigIntegerField(_("已退金额（分）"), default=0)
    state = models.CharField(_("状态"), max_length=10, choices=OrderState, default=OrderState.OPEN)
    pay_first = models.BooleanField(_("缴费后才作决定"), default=False)
    expires_at = models.DateTimeField(_("缴费截止"))
    raised_by_id = models.UUIDField(_("开具人标识"), null=True)
    raised_by = models.CharField(_("开具人"), max_length=60)
    raised_by_org = models.CharField(_("开具单位"), max_length=120, blank=True)
    command_key = models.CharField(_("防重复标识"), max_length=80)
    paid_at = models.DateTimeField(_("缴费时间"), null=True)
    closed_at = models.DateTimeField(_("作废或者过期时间"), null=True)
    close_reason = models.CharField(_("作废原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("缴费单")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="payments_order_number_once"),
            models.UniqueConstraint(
                fields=["tenant", "subject_kind", "subject_id", "payee_org_id", "command_key"],
                name="payments_order_raised_once",
            ),
            models.CheckConstraint(
                condition=Q(total_fen__gt=0, paid_fen__gte=0, refunded_fen__gte=0, refunded_fen__lte=F("paid_fen")),
                name="payments_order_amounts",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "cancelled", "expired"], paid_fen=0, paid_at__isnull=True)
                | Q(state="paid", paid_fen=F("total_fen"), refunded_fen=0, paid_at__isnull=False)
                | Q(
                    state="partly",
                    paid_fen=F("total_fen"),
                    refunded_fen__gt=0,
                    refunded_fen__lt=F("total_fen"),
                    paid_at__isnull=False,
                )
                | Q(state="refunded", paid_fen=F("total_fen"), refunded_fen=F("total_fen"), paid_at__isnull=False),
                name="payments_order_state",
            ),
            models.CheckConstraint(
                condition=Q(payer_kind="person", payer_legal_id__isnull=True)
                | Q(payer_kind="legal", payer_legal_id__isnull=False),
                name="payments_order_payer",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["cancelled", "expired"], closed_at__isnull=False)
                | Q(state__in=["open", "paid", "partly", "refunded"]),
                name="payments_order_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "subject_kind", "subject_id"], name="payments_order_subject"),
            models.Index(fields=["tenant", "payer_person_id", "-created_at"], name="payments_order_mine"),
            models.Index(fields=["tenant", "payer_legal_id", "-created_at"], name="payments_order_legal"),
            models.Index(fields=["tenant", "payee_org_id", "-created_at"], name="payments_order_desk"),
            models.Index(fields=["expires_at"], condition=Q(state="open"), name="payments_order_due"),
        ]


class FeeLine(Row):
    """缴费项目：one charge of an order, with its standard, its basis and who pays less for what reason.

    Personal data: none beyond the order's.
    """

    order = models.ForeignKey(FeeOrder, on_delete=models.PROTECT, related_name="lines", verbose_name=_("缴费单"))
    no = models.PositiveSmallIntegerField(_("序号"))
    name = models.CharField(_("收费项目"), max_length=200)
    standard = models.CharField(_("收费标准"), max_length=200, blank=True)
    basis = models.CharField(_("收费依据"), max_length=300)
    unit = models.CharField(_("计费单位"), max_length=40, blank=True)
    unit_fen = models.BigIntegerField(_("单价（分）"))
    quantity = models.DecimalField(_("数量"), max_digits=10, decimal_places=3)
    gross_fen = models.BigIntegerField(_("应收（分）"))
    reduction_fen = models.BigIntegerField(_("减免（分）"), default=0)
    reduction_basis = models.CharField(_("减免依据"), max_length=300, blank=True)
    amount_fen = models.BigIntegerField(_("实收（分）"))
    refunded_fen = models.BigIntegerField(_("已退（分）"), default=0)

    class Meta:
        verbose_name = _("缴费项目")
        ordering = ("no",)
        constraints = [
            models.UniqueConstraint(fields=["order", "no"], name="payments_line_once"),
            models.CheckConstraint(
                condition=Q(
                    unit_fen__gte=0,
                    quantity__gt=0,
                    reduction_fen__gte=0,
                    amount_fen__gte=0,
                    amount_fen=F("gross_fen") - F("reduction_fen"),
                    refunded_fen__gte=0,
                    refunded_fen__lte=F("amount_fen"),
                ),
                name="payments_line_amounts",
            ),
            models.CheckConstraint(
                condition=Q(reduction_fen=0) | ~Q(reduction_basis=""), name="payments_line_reduction_basis"
            ),
        ]


class Payment(Row):
    """缴款：one way of a payer to the gateway; ``uncredited`` says why money that came in goes back.

    ``no`` is the number the gateway knows it by; a second transaction under one number gets ``no`` with a suffix.

    Personal data: who began it; kept with the order.
    """

    PERSONAL_DATA = personal(of_citizen("started_by_id", activity=ACCOUNTING))

    order = models.ForeignKey(FeeOrder, on_delete=models.PROTECT, related_name="payments", verbose_name=_("缴费单"))
    no = models.CharField(_("支付单号"), max_length=60, unique=True)
    gateway = models.CharField(_("支付渠道"), max_length=40)
    gateway_no = models.CharField(_("渠道交易号"), max_length=80, null=True)
    amount_fen = models.BigIntegerField(_("应付金额（分）"))
    received_fen = models.BigIntegerField(_("到账金额（分）"), null=True)
    state = models.CharField(_("状态"), max_length=10, choices=PaymentState, default=PaymentState.STARTED)
    uncredited = models.CharField(_("未计入原因"), max_length=8, choices=UncreditedCause, blank=True, default="")
    redirect_url = models.CharField(_("支付地址"), max_length=500, blank=True)
    qr_text = models.CharField(_("扫码内容"), max_length=500, blank=True)
    started_by_id = models.UUIDField(_("发起人标识"), null=True)
    paid_at = models.DateTimeField(_("到账时间"), null=True)
    next_query_at = models.DateTimeField(_("下次查询时间"), null=True)
    queries = models.PositiveIntegerField(_("查询次数"), default=0)
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("缴款")
        constraints = [
            models.UniqueConstraint(fields=["gateway", "gateway_no"], name="payments_transaction_once"),
            models.UniqueConstraint(
                fields=["order"], condition=Q(state="succeeded", uncredited=""), name="payments_order_paid_once"
            ),
            models.UniqueConstraint(
                fields=["order", "gateway"], condition=Q(state="started"), name="payments_one_under_way"
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0)
                & (
                    Q(
                        state="succeeded",
                        gateway_no__isnull=False,
                        received_fen__isnull=False,
                        paid_at__isnull=False,
                    )
                    | Q(state__in=["started", "failed", "lapsed"], received_fen__isnull=True, uncredited="")
                ),
                name="payments_payment_whole",
            ),
            models.CheckConstraint(
                condition=Q(received_fen__isnull=True) | Q(received_fen=F("amount_fen")) | ~Q(uncredited=""),
                name="payments_credited_is_exact",
            ),
        ]
        indexes = [
            models.Index(fields=["next_query_at"], condition=Q(state="started"), name="payments_to_query"),
            models.Index(fields=["tenant", "gateway", "paid_at"], name="payments_paid_on"),
        ]

    @property
    def opened(self) -> bool:
        """Whether the gateway has said where to pay; until then it is asked again under the same number."""
        return bool(self.redirect_url or self.qr_text)


class Refund(Row):
    """退费：money of one payment that goes back, asked for by one official and approved by another.

    Personal data: names of the officials, and the reason; kept with the order.
    """

    PERSONAL_DATA = personal(
        of_official("asked_by", "asked_by_id", "asked_for_id", "decided_by", "decided_by_id"),
        of_citizen("reason", activity=ACCOUNTING),
    )

    order = models.ForeignKey(FeeOrder, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("缴费单"))
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("缴款"))
    number = models.CharField(_("退费单号"), max_length=40, unique=True)
    kind = models.CharField(_("种类"), max_length=10, choices=RefundKind)
    state = models.CharField(_("状态"), max_length=10, choices=RefundState)
    amount_fen = models.BigIntegerField(_("退费金额（分）"))
    reason = models.CharField(_("退费原因"), max_length=300)
    asked_by_id = models.UUIDField(_("申请人标识"), null=True)
    asked_by = models.CharField(_("退费申请人"), max_length=60, blank=True)
    asked_for_id = models.UUIDField(_("所代的人标识"), null=True)
    decided_by_id = models.UUIDField(_("审批人标识"), null=True)
    decided_by = models.CharField(_("退费审批人"), max_length=60, blank=True)
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    decision_note = models.CharField(_("审批意见"), max_length=300, blank=True)
    gateway_no = models.CharField(_("渠道退款号"), max_length=80, blank=True)
    next_try_at = models.DateTimeField(_("下次处理时间"), null=True)
    attempts = models.PositiveIntegerField(_("处理次数"), default=0)
    note = models.CharField(_("渠道说明"), max_length=300, blank=True)
    done_at = models.DateTimeField(_("退款时间"), null=True)

    class Meta:
        verbose_name = _("退费")
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payments_refund_amount"),
            models.CheckConstraint(
                condition=Q(asked_by_id__isnull=True)
                | Q(decided_by_id__isnull=True)
                | Q(state="dropped")
                | ~Q(asked_by_id=F("decided_by_id")),
                name="payments_refund_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_at__isnull=False), name="payments_refund_done_at"
            ),
            models.CheckConstraint(
                condition=Q(kind="returned")
                | Q(state__in=["proposed", "asked", "rejected", "dropped"])
                | Q(asked_by_id__isnull=False, decided_by_id__isnull=False),
                name="payments_refund_approved",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=~Q(kind="returned") & Q(state__in=[str(state) for state in PENDING_REFUNDS]),
                name="payments_one_refund_at_a_time",
            ),
            models.UniqueConstraint(fields=["payment"], condition=Q(kind="returned"), name="payments_returned_once"),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state__in=["approved", "sent"]), name="payments_refund_to_do"
            ),
            models.Index(fields=["tenant", "state", "created_at"], name="payments_refund_list"),
        ]


class RefundLine(Row):
    """退费项目：how much of one line goes back.

    Personal data: none.
    """

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="lines", verbose_name=_("退费"))
    line = models.ForeignKey(FeeLine, on_delete=models.PROTECT, related_name="+", verbose_name=_("缴费项目"))
    amount_fen = models.BigIntegerField(_("退费金额（分）"))

    class Meta:
        verbose_name = _("退费项目")
        constraints = [
            models.UniqueConstraint(fields=["refund", "line"], name="payments_refund_line_once"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payments_refund_line_amount"),
        ]


class PaymentCounter(models.Model):
    """The last number of an order, payment or refund drawn on a day.

    Personal data: none.
    """

    id = models.BigAutoField(primary_key=True)
    tenant = models.CharField(_("租户"), max_length=12)
    series = models.CharField(_("种类"), max_length=1)
    day = models.DateField(_("日期"))
    last = models.PositiveIntegerField(_("最后序号"))

    class Meta:
        verbose_name = _("缴费编号计数")
        constraints = [models.UniqueConstraint(fields=["tenant", "series", "day"], name="payments_counter_once")]
