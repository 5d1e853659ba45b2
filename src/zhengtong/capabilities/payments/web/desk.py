"""The desk of the unit that collects: its orders with totals, one order, cancelling."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhengtong.capabilities.payments import api, permissions
from zhengtong.capabilities.payments.registry import fee_subjects
from zhengtong.capabilities.payments.rules import yuan
from zhengtong.capabilities.payments.web import pages
from zhengtong.capabilities.payments.web.forms import OrderFilterForm
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.sheets import XLSX, Sheet, xlsx

_SHEET = {
    "number": _("缴费单号"),
    "title": _("事由"),
    "payer": _("缴费人"),
    "line": _("收费项目"),
    "basis": _("收费依据"),
    "unit": _("单价（元）"),
    "quantity": _("数量"),
    "reduction": _("减免（元）"),
    "amount": _("金额（元）"),
    "refunded": _("已退（元）"),
    "state": _("状态"),
    "raised": _("开具时间"),
    "paid": _("缴费时间"),
}


def frame(actor: Actor, here: str) -> dict[str, Any]:
    """The desk around a page; ``here`` is orders, refunds or reconciliation."""
    waiting = api.refunds_to_do(actor=actor).total
    places = (
        ("orders", _("缴费单"), "payments:desk", None),
        ("refunds", _("退费"), "payments:refunds", waiting or None),
        ("reconciliation", _("对账"), "payments:reconciliation", None),
    )
    return {
        "desk_title": _("收费"),
        "desk_nav": [
            {"label": label, "url": reverse(name), "count": count, "active": key == here}
            for key, label, name, count in places
        ],
        "desk_user": {"unit": actor.org_name, "post": actor.post_name, "name": actor.name},
        "breadcrumbs": [{"label": _("收费"), "url": reverse("payments:desk")}],
    }


@requires(*permissions.HANDLERS)
@require_safe
@never_cache
def orders(request: HttpRequest) -> HttpResponse:
    """GET q, state, since, until, page, export=xlsx."""
    actor = actor_of(request)
    form = OrderFilterForm(request.GET or None)
    filters = form.filters() if form.is_bound else api.OrderFilters()
    if request.GET.get("export") == "xlsx":
        sheet = Sheet(_("缴费单"), _SHEET, api.export_rows(actor=actor, filters=filters))
        answer = HttpResponse(xlsx([sheet]), content_type=XLSX)
        answer["Content-Disposition"] = 'attachment; filename="fee-orders.xlsx"'
        return answer
    page = api.unit_orders(actor=actor, filters=filters, page=request.GET.get("page"))
    days = api.unit_totals(actor=actor, filters=filters)
    context = frame(actor, "orders") | {
        "form": form,
        "page": page,
        "rows": [_row(each) for each in page.rows],
        "columns": [
            {"key": "number", "label": _("缴费单号")},
            {"key": "title", "label": _("事由")},
            {"key": "payer", "label": _("缴费人")},
            {"key": "total", "label": _("金额"), "kind": "money"},
            {"key": "refunded", "label": _("已退"), "kind": "money"},
            {"key": "state", "label": _("状态")},
            {"key": "raised", "label": _("开具时间"), "kind": "datetime"},
        ],
        "days": [
            {"day": each.day, "count": each.count, "paid": yuan(each.paid_fen), "back": yuan(each.refunded_fen)}
            for each in days
        ],
        "day_columns": [{"key": "day", "label": _("缴费日期"), "kind": "date"}, *_total_columns()],
        "items": [
            {
                "name": each["name"],
                "count": each["count"],
                "paid": yuan(each["paid_fen"]),
                "back": yuan(each["back_fen"]),
            }
            for each in api.item_totals(actor=actor, filters=filters)
        ],
        "item_columns": [{"key": "name", "label": _("收费项目")}, *_total_columns()],
        "totals": {
            "count": sum(each.count for each in days),
            "paid": yuan(sum(each.paid_fen for each in days)),
            "back": yuan(sum(each.refunded_fen for each in days)),
        },
    }
    return render(request, "payments/desk/orders.html", context)


@requires(*permissions.HANDLERS)
@require_safe
@never_cache
def order(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """One order for the unit that collects it, or an official of the matter."""
    return order_page(request, order_id)


@requires(*permissions.HANDLERS)
@require_POST
@never_cache
def cancel(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """Take an unpaid order back."""
    actor = actor_of(request)
    api.order_for_desk(actor=actor, order_id=order_id)
    reason = request.POST.get("reason", "").replace("\x00", "")
    try:
        api.cancel_order(actor=actor, order_id=order_id, reason=reason)
    except Invalid as refusal:
        return order_page(request, order_id, cancel_error=refusal.message, status=422)
    except Conflict as refusal:
        if reason.strip():  # the page of the refusal gives it back
            raise
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("缴费单已经作废，已通知缴费人。"))
    return redirect("payments:desk-order", order_id=order_id)


def order_page(
    request: HttpRequest,
    order_id: uuid.UUID,
    *,
    refund_errors: dict[str, str] | None = None,
    cancel_error: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of an order; what was typed and refused comes back with its sentences."""
    actor = actor_of(request)
    view = api.order_for_desk(actor=actor, order_id=order_id)
    row = view.row
    ref = ObjectRef(kind=row.subject_kind, id=row.subject_id)
    typed = request.POST if refund_errors is not None else {}
    context = frame(actor, "orders") | {
        "view": view,
        "facts": pages.facts(row),
        "columns": pages.line_columns(refunds=True),
        "rows": pages.line_rows(view),
        "amount": pages.yuan_words(row.total_fen),
        "payments": pages.payment_rows(view),
        "refunds": pages.refund_rows(view, desk=True),
        "papers": pages.papers(view),
        "matter_url": fee_subjects.get(ref.kind).desk_url(actor, ref) if ref.kind in fee_subjects else "",
        "may_refund": view.refundable and permissions.may_ask_refund(actor, row),
        "may_cancel": row.state == "open" and permissions.may_cancel(actor, row),
        "refund_errors": refund_errors or {},
        "refund_lines": [
            {
                "name": f"line-{line.pk}",
                "label": _("%(name)s（最多 %(most)s）")
                % {"name": line.name, "most": pages.yuan_words(line.amount_fen - line.refunded_fen)},
                "value": typed.get(f"line-{line.pk}", ""),
                "error": (refund_errors or {}).get(f"line-{line.pk}", ""),
            }
            for line in view.lines
            if line.amount_fen > line.refunded_fen
        ],
        "reason": typed.get("reason", ""),
        "reason_error": (refund_errors or {}).get("reason", ""),
        "cancel_error": cancel_error,
        "cancel_reason": request.POST.get("reason", "") if cancel_error else "",
        "breadcrumbs": [
            {"label": _("收费"), "url": reverse("payments:desk")},
            {"label": row.number, "url": ""},
        ],
    }
    return render(request, "payments/desk/order.html", context, status=status)


def _row(each: Any) -> dict[str, Any]:
    return {
        "number": each.number,
        "title": each.title,
        "payer": each.payer_name,
        "total": yuan(each.total_fen),
        "refunded": yuan(each.refunded_fen) if each.refunded_fen else None,
        "state": each.get_state_display(),
        "raised": each.created_at,
        "url": reverse("payments:desk-order", args=[each.pk]),
    }


def _total_columns() -> list[dict[str, str]]:
    return [
        {"key": "count", "label": _("笔数"), "kind": "number"},
        {"key": "paid", "label": _("收款"), "kind": "money"},
        {"key": "back", "label": _("退款"), "kind": "money"},
    ]
