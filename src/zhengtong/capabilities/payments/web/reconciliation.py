"""Days that were compared with the gateways' statements, and what did not agree."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhengtong.capabilities.payments import api, permissions
from zhengtong.capabilities.payments.registry import GatewayUnavailable
from zhengtong.capabilities.payments.rules import yuan
from zhengtong.capabilities.payments.web import desk
from zhengtong.capabilities.payments.web.forms import CheckForm
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import actor_of, requires


@requires(*permissions.HANDLERS)
@require_safe
@never_cache
def days(request: HttpRequest) -> HttpResponse:
    """Days and differences."""
    return _page(request, CheckForm(), {})


@requires(*permissions.HANDLERS)
@require_POST
@never_cache
def check(request: HttpRequest) -> HttpResponse:
    """Compare a day now."""
    form = CheckForm(request.POST)
    if not form.is_valid():
        return _page(request, form, {}, status=422)
    try:
        row = api.reconcile(actor=actor_of(request), **form.cleaned_data)
    except Invalid as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return _page(request, form, {}, status=422)
    except GatewayUnavailable:
        messages.error(request, _("支付渠道没有给出对账单，请稍后再试。"))
        return redirect("payments:reconciliation")
    count = row.differences.filter(settled_at__isnull=True).count()
    messages.success(
        request,
        _("核对 %(entries)d 笔，差异 %(count)d 笔。") % {"entries": row.entries, "count": count},
    )
    return redirect("payments:reconciliation")


@requires(*permissions.HANDLERS)
@require_POST
@never_cache
def settle(request: HttpRequest, difference_id: uuid.UUID) -> HttpResponse:
    """Say what a difference was."""
    note = request.POST.get("note", "").replace("\x00", "")
    try:
        api.settle_difference(actor=actor_of(request), difference_id=difference_id, note=note)
    except Invalid as refusal:
        return _page(request, CheckForm(), {str(difference_id): (note, refusal.message)}, status=422)
    except Conflict as refusal:
        if note.strip():  # the page of the refusal gives it back
            raise
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("处理说明已经记录。"))
    return redirect("payments:reconciliation")


def _page(
    request: HttpRequest, form: CheckForm, refused: dict[str, tuple[str, str]], *, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    page = api.reconciliations(actor=actor, page=request.GET.get("page"))
    found = api.differences(actor=actor, page=request.GET.get("differences"))
    context = desk.frame(actor, "reconciliation") | {
        "form": form,
        "page": page,
        "rows": [
            {
                "day": row.day,
                "gateway": api.gateway_label(row.gateway),
                "entries": row.entries,
                "paid": yuan(row.paid_fen),
                "back": yuan(row.refunded_fen),
                "open": _("%(count)d 笔") % {"count": row.open_count} if row.open_count else _("没有"),
                "checked": row.checked_at,
            }
            for row in page.rows
        ],
        "columns": [
            {"key": "day", "label": _("账期"), "kind": "date"},
            {"key": "gateway", "label": _("支付渠道")},
            {"key": "entries", "label": _("笔数"), "kind": "number"},
            {"key": "paid", "label": _("收款"), "kind": "money"},
            {"key": "back", "label": _("退款"), "kind": "money"},
            {"key": "open", "label": _("待处理差异")},
            {"key": "checked", "label": _("核对时间"), "kind": "datetime"},
        ],
        "found": found,
        "differences": [
            {
                "row": row,
                "ours": None if row.ours_fen is None else yuan(row.ours_fen),
                "theirs": None if row.theirs_fen is None else yuan(row.theirs_fen),
                "typed": refused.get(str(row.pk), ("", ""))[0],
                "error": refused.get(str(row.pk), ("", ""))[1],
            }
            for row in found.rows
        ],
    }
    return render(request, "payments/desk/reconciliation.html", context, status=status)
