"""What payers' and officials' pages show of an order: lines, payments, refunds, as rows of tables."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.payments import api
from zhengtong.capabilities.payments.constants import OrderState, RefundState
from zhengtong.capabilities.payments.models import FeeOrder, Payment
from zhengtong.capabilities.payments.rules import yuan
from zhengtong.capabilities.payments.services.papers import quantity_words
from zhengtong.kernel.ui.formats import cn_date, cn_datetime, money


def yuan_words(fen: int) -> str:
    """``1,250.00 元``."""
    return money(yuan(fen))


def line_columns(*, refunds: bool) -> list[dict[str, str]]:
    """Heads of the table of charges."""
    columns = [
        {"key": "name", "label": _("收费项目")},
        {"key": "standard", "label": _("标准")},
        {"key": "quantity", "label": _("数量")},
        {"key": "reduction", "label": _("减免")},
        {"key": "amount", "label": _("金额"), "kind": "money"},
        {"key": "basis", "label": _("依据")},
    ]
    return [*columns, {"key": "refunded", "label": _("已退"), "kind": "money"}] if refunds else columns


def line_rows(view: api.OrderView) -> list[dict[str, Any]]:
    """The charges of an order."""
    return [
        {
            "name": line.name,
            "standard": line.standard,
            "quantity": quantity_words(line.quantity, line.unit),
            "reduction": f"{yuan_words(line.reduction_fen)}（{line.reduction_basis}）" if line.reduction_fen else "",
            "amount": yuan(line.amount_fen),
            "basis": line.basis,
            "refunded": yuan(line.refunded_fen),
        }
        for line in view.lines
    ]


def facts(order: FeeOrder) -> list[dict[str, Any]]:
    """The head of an order."""
    rows = [
        (_("缴费单号"), order.number),
        (_("事由"), order.title),
        (_("收费单位"), order.payee_org_name),
        (_("缴费人"), order.payer_name),
        (_("应缴金额"), yuan_words(order.total_fen)),
        (_("状态"), order.get_state_display()),
        (_("缴费截止"), last_day(order) if order.state == OrderState.OPEN else ""),
        (_("缴费时间"), cn_datetime(order.paid_at)),
        (_("已退金额"), yuan_words(order.refunded_fen) if order.refunded_fen else ""),
        (_("开具"), _("%(org)s %(name)s %(at)s") % _raised(order)),
        (_("原因"), order.close_reason),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def last_day(order: FeeOrder) -> str:
    """The last day to pay; the moment itself is the midnight after it."""
    return cn_date(order.expires_at - dt.timedelta(seconds=1))


def payment_rows(view: api.OrderView) -> list[dict[str, Any]]:
    """What happened at the gateways, newest first."""
    return [
        {
            "at": payment.paid_at or payment.created_at,
            "title": f"{api.gateway_label(payment.gateway)}：{_payment_words(payment)}",
            "note": _("支付单号 %(no)s") % {"no": payment.no}
            + (f"，{_('渠道交易号')} {payment.gateway_no}" if payment.gateway_no else ""),
        }
        for payment in reversed(view.payments)
    ]


def refund_rows(view: api.OrderView, *, desk: bool) -> list[dict[str, Any]]:
    """Refunds, newest first; the payer sees no names of officials."""
    shown = view.refunds if desk else view.shown_refunds
    return [
        {
            "at": one.row.done_at or one.row.decided_at or one.row.created_at,
            "title": _("%(amount)s：%(state)s")
            % {"amount": yuan_words(one.row.amount_fen), "state": one.row.get_state_display()},
            "note": "；".join(
                filter(
                    None,
                    [
                        _("退费单号 %(no)s") % {"no": one.row.number},
                        one.row.reason,
                        "、".join(f"{part.line.name} {yuan_words(part.amount_fen)}" for part in one.lines),
                        one.row.decision_note if one.row.state == RefundState.REJECTED else "",
                    ],
                )
            ),
            "url": reverse("payments:refund", args=[one.row.pk]) if desk else "",
        }
        for one in reversed(shown)
    ]


def papers(view: api.OrderView) -> list[dict[str, str]]:
    """Receipt and notices that can be had."""
    found = [view.receipt, *(one.paper for one in view.refunds)]
    return [
        {
            "title": paper.title,
            "number": paper.number,
            "url": reverse("papers:file", args=[paper.id, "pdf"]),
            "details_url": reverse("papers:paper", args=[paper.id]),
        }
        for paper in found
        if paper is not None
    ]


def order_line(order: FeeOrder, url: str) -> dict[str, Any]:
    """An order in lists of pages of matters."""
    return {
        "order": order,
        "url": url,
        "amount": yuan_words(order.total_fen),
        "refunded": yuan_words(order.refunded_fen) if order.refunded_fen else "",
        "state": order.get_state_display(),
        "last_day": last_day(order) if order.state == OrderState.OPEN else "",
    }


def _payment_words(payment: Payment) -> str:
    amount = yuan_words(payment.received_fen or payment.amount_fen)
    if payment.uncredited:
        return _("到账 %(amount)s，%(cause)s，原路退回") % {
            "amount": amount,
            "cause": payment.get_uncredited_display(),
        }
    return f"{payment.get_state_display()} {amount}"


def _raised(order: FeeOrder) -> dict[str, str]:
    return {"org": order.raised_by_org, "name": order.raised_by, "at": cn_datetime(order.created_at)}
