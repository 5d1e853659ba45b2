"""Refunds on the desk: asked for on the order's page, decided by another person, followed up."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import Role
from zhengtong.capabilities.payments import api, permissions
from zhengtong.capabilities.payments.constants import REASON_MAX, RefundKind, RefundState
from zhengtong.capabilities.payments.rules import fen_of, yuan
from zhengtong.capabilities.payments.web import desk, pages
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_datetime


@requires(Role.CLERK, Role.LEADER)
@require_POST
@never_cache
def ask(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """Ask for a refund of the amounts typed beside the lines; ``whole`` asks for all that is left."""
    actor = actor_of(request)
    view = api.order_for_desk(actor=actor, order_id=order_id)
    amounts: dict[uuid.UUID, int] = {}
    errors: dict[str, str] = {}
    for line in view.lines:
        typed = request.POST.get(f"line-{line.pk}", "").strip()
        fen = line.amount_fen - line.refunded_fen if "whole" in request.POST else fen_of(typed) if typed else 0
        if fen is None:
            errors[f"line-{line.pk}"] = _("“%(name)s”的金额看不懂，请写成数字，例如 12.50。") % {"name": line.name}
        else:
            amounts[line.pk] = fen
    reason = request.POST.get("reason", "").replace("\x00", "")
    if not errors:
        try:
            made = api.ask_refund(actor=actor, order_id=order_id, amounts=amounts, reason=reason)
        except Invalid as refusal:
            errors = dict(refusal.errors)
        except Conflict as refusal:
            if reason.strip():  # the page of the refusal gives it back
                raise
            messages.error(request, refusal.message)
            return redirect("payments:desk-order", order_id=order_id)
        else:
            messages.success(request, _("退费已经提出，等待本单位审批负责人批准。"))
            return redirect("payments:refund", refund_id=made.pk)
    return desk.order_page(request, order_id, refund_errors=errors, status=422)


@requires(*permissions.HANDLERS)
@require_safe
@never_cache
def waiting(request: HttpRequest) -> HttpResponse:
    """Refunds of the unit that wait for somebody."""
    actor = actor_of(request)
    page = api.refunds_to_do(actor=actor, page=request.GET.get("page"))
    context = desk.frame(actor, "refunds") | {
        "page": page,
        "rows": [
            {
                "number": row.number,
                "title": row.order.title,
                "amount": yuan(row.amount_fen),
                "state": row.get_state_display(),
                "reason": row.reason,
                "asked": row.asked_by or _("系统"),
                "at": row.created_at,
                "url": reverse("payments:refund", args=[row.pk]),
            }
            for row in page.rows
        ],
        "columns": [
            {"key": "number", "label": _("退费单号")},
            {"key": "title", "label": _("事由")},
            {"key": "amount", "label": _("金额"), "kind": "money"},
            {"key": "state", "label": _("状态")},
            {"key": "reason", "label": _("原因")},
            {"key": "asked", "label": _("提出人")},
            {"key": "at", "label": _("提出时间"), "kind": "datetime"},
        ],
    }
    return render(request, "payments/desk/refunds.html", context)


@requires(*permissions.HANDLERS)
@require_safe
@never_cache
def refund(request: HttpRequest, refund_id: uuid.UUID) -> HttpResponse:
    """One refund: what goes back, who asked, what may be done with it."""
    return _page(request, refund_id)


@requires(Role.LEADER, fresh_factor=True)
@require_POST
@never_cache
def decide(request: HttpRequest, refund_id: uuid.UUID) -> HttpResponse:
    """The leader's decision; who lets money out has just shown that it is he."""
    actor = actor_of(request)
    api.refund_for_desk(actor=actor, refund_id=refund_id)
    approve = request.POST.get("decision") == "approve"
    note = request.POST.get("note", "").replace("\x00", "").strip()[:REASON_MAX]
    if not approve and request.POST.get("decision") != "reject":
        return _page(request, refund_id, error=_("请选择同意或者不同意。"), status=422)
    try:
        api.decide_refund(actor=actor, refund_id=refund_id, approve=approve, note=note)
    except Invalid as refusal:
        return _page(request, refund_id, error=refusal.message, status=422)
    except Conflict as refusal:
        return _page(request, refund_id, error=refusal.message, status=409)
    messages.success(request, _("已经批准，系统向支付渠道退款。") if approve else _("已经不同意退费，理由告知缴费人。"))
    return redirect("payments:refund", refund_id=refund_id)


@requires(Role.CLERK, Role.LEADER)
@require_POST
@never_cache
def handle(request: HttpRequest, refund_id: uuid.UUID) -> HttpResponse:
    """Take up or drop a proposal; send what the gateway refused once more."""
    actor = actor_of(request)
    api.refund_for_desk(actor=actor, refund_id=refund_id)
    act = request.POST.get("act")
    try:
        if act == "confirm":
            api.confirm_proposal(actor=actor, refund_id=refund_id)
            messages.success(request, _("退费已经提出，等待本单位审批负责人批准。"))
        elif act == "retry":
            api.retry_refund(actor=actor, refund_id=refund_id)
            messages.success(request, _("已经重新提交支付渠道。"))
        else:
            reason = request.POST.get("reason", "").replace("\x00", "")
            api.drop_refund(actor=actor, refund_id=refund_id, reason=reason)
            messages.success(request, _("已经决定不退费，理由已记录。"))
    except Invalid as refusal:
        return _page(request, refund_id, error=refusal.message, status=422)
    except Conflict as refusal:
        return _page(request, refund_id, error=refusal.message, status=409)
    return redirect("payments:refund", refund_id=refund_id)


def _page(request: HttpRequest, refund_id: uuid.UUID, *, error: str = "", status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    row, view = api.refund_for_desk(actor=actor, refund_id=refund_id)
    asker = permissions.may_ask_refund(actor, row.order)
    mine = next(one for one in view.refunds if one.row.pk == row.pk)
    facts = [
        (_("退费单号"), row.number),
        (_("缴费单"), row.order.number),
        (_("事由"), row.order.title),
        (_("缴费人"), row.order.payer_name),
        (_("退费金额"), pages.yuan_words(row.amount_fen)),
        (_("种类"), row.get_kind_display()),
        (_("原因"), row.reason),
        (_("状态"), row.get_state_display()),
        (_("提出人"), row.asked_by),
        (_("审批"), f"{row.decided_by} {cn_datetime(row.decided_at)}".strip()),
        (_("意见"), row.decision_note),
        (_("支付渠道"), api.gateway_label(row.payment.gateway)),
        (_("渠道退款号"), row.gateway_no),
        (_("渠道说明"), row.note),
        (_("退款时间"), cn_datetime(row.done_at)),
    ]
    context: dict[str, Any] = desk.frame(actor, "refunds") | {
        "row": row,
        "facts": [{"label": label, "value": value} for label, value in facts if value],
        "lines": [{"name": part.line.name, "amount": yuan(part.amount_fen)} for part in mine.lines],
        "columns": [
            {"key": "name", "label": _("收费项目")},
            {"key": "amount", "label": _("退费金额"), "kind": "money"},
        ],
        "paper": next((one for one in pages.papers(view) if mine.paper and one["number"] == mine.paper.number), None),
        "order_url": reverse("payments:desk-order", args=[row.order_id]),
        "may_decide": row.state == RefundState.ASKED and permissions.may_decide_refund(actor, row),
        "waits_for_other": row.state == RefundState.ASKED
        and not identity.is_second_person(actor, row.asked_by_id, row.asked_for_id),
        "may_confirm": asker and row.state == RefundState.PROPOSED,
        "may_retry": asker and row.state == RefundState.FAILED,
        "may_drop": asker
        and row.kind != RefundKind.RETURNED
        and row.state in (RefundState.PROPOSED, RefundState.FAILED),
        "error": error,
        "note": request.POST.get("note", "")[:REASON_MAX],
        "reason": request.POST.get("reason", "")[:REASON_MAX],
        "breadcrumbs": [
            {"label": _("收费"), "url": reverse("payments:desk")},
            {"label": _("退费"), "url": reverse("payments:refunds")},
            {"label": row.number, "url": ""},
        ],
    }
    return render(request, "payments/desk/refund.html", context, status=status)
