"""The payer's pages: what is to be paid, one order, the way to the gateway and back."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhengtong.capabilities.payments import api
from zhengtong.capabilities.payments.registry import GatewayUnavailable, fee_subjects
from zhengtong.capabilities.payments.web import pages
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import actor_of, signed_in
from zhengtong.kernel.qr import qr_svg


@signed_in
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """All my orders: what is to be paid first."""
    actor = actor_of(request)
    page = api.my_orders(actor=actor, page=request.GET.get("page"))
    context: dict[str, Any] = {
        "page": page,
        "lines": [pages.order_line(row, reverse("payments:order", args=[row.pk])) for row in page.rows],
        "payer": actor.on_behalf_of or actor.name,
        "breadcrumbs": _crumbs(),
    }
    return render(request, "payments/mine.html", context)


@signed_in
@never_cache
@require_safe
def order(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """One order: what for, by what right, how to pay, receipt, refunds."""
    return _order_page(request, order_id)


@signed_in
@require_POST
@never_cache
def pay(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """Begin to pay and go to the gateway; a gateway elsewhere is reached by a link, as our pages post only here."""
    try:
        payment = api.start_payment(
            actor=actor_of(request), order_id=order_id, gateway=request.POST.get("gateway", "")[:40]
        )
    except (Conflict, Invalid) as refusal:
        return _order_page(request, order_id, error=refusal.message, status=409)
    except GatewayUnavailable:
        said = _("支付渠道暂时没有应答，没有扣款。请稍后再试。")
        return _order_page(request, order_id, error=said, status=503)
    here = payment.redirect_url.startswith(settings.ZHENGTONG_BASE_URL + "/")
    if here:
        return redirect(payment.redirect_url.removeprefix(settings.ZHENGTONG_BASE_URL))
    return redirect("payments:order", order_id=order_id)


@signed_in
@never_cache
@require_safe
def back(request: HttpRequest, payment_no: str) -> HttpResponse:
    """The payer comes back from the gateway; only the gateway itself says whether he paid."""
    payment = api.own_payment(actor=actor_of(request), payment_no=payment_no.replace("\x00", ""))
    messages.info(request, _("已经从支付渠道返回，缴费结果以本页显示为准。"))
    return redirect("payments:order", order_id=payment.order_id)


def _order_page(request: HttpRequest, order_id: uuid.UUID, *, error: str = "", status: int = 200) -> HttpResponse:
    view = api.own_order(actor=actor_of(request), order_id=order_id)
    row = view.row
    ref = ObjectRef(kind=row.subject_kind, id=row.subject_id)
    running = view.under_way
    context: dict[str, Any] = {
        "view": view,
        "error": error,
        "facts": pages.facts(row),
        "columns": pages.line_columns(refunds=bool(row.refunded_fen)),
        "rows": pages.line_rows(view),
        "amount": pages.yuan_words(row.total_fen),
        "refunded": pages.yuan_words(row.refunded_fen) if row.refunded_fen else "",
        "payments": pages.payment_rows(view),
        "refunds": pages.refund_rows(view, desk=False),
        "papers": pages.papers(view),
        "gateways": api.available_gateways() if view.payable else [],
        "running": running,
        "qr": mark_safe(qr_svg(running.qr_text))  # noqa: S308  (drawn from modules, holds no text)
        if running and running.qr_text and view.payable
        else "",
        "matter_url": fee_subjects.get(ref.kind).payer_url(ref) if ref.kind in fee_subjects else "",
        "breadcrumbs": [*_crumbs(reverse("payments:mine")), {"label": row.title, "url": ""}],
    }
    return render(request, "payments/order.html", context, status=status)


def _crumbs(url: str = "") -> list[dict[str, str]]:
    return [{"label": _("首页"), "url": "/"}, {"label": _("我的缴费"), "url": url}]
