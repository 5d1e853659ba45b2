"""Rows that somebody has to put right: why they came back, where they are put right, sending them again."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhengtong.capabilities.exchange import api
from zhengtong.capabilities.exchange.constants import HANDLERS, OPERATORS, WATCHERS
from zhengtong.capabilities.exchange.permissions import may_see_all
from zhengtong.capabilities.exchange.registry import data_sets
from zhengtong.capabilities.exchange.selectors.work_list import held_rows, refused_rows
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.policy import actor_of, requires


@requires(*OPERATORS, *WATCHERS, *HANDLERS)
@require_GET
def refused(request: HttpRequest) -> HttpResponse:
    """GET dataset, page: the county's rows for operators, the unit's own for its officials."""
    return _page(request)


@requires(*OPERATORS, *HANDLERS)
@require_POST
def resend(request: HttpRequest) -> HttpResponse:
    """POST rows (keys), reason: report them again with what they say now."""
    try:
        ids = [uuid.UUID(one) for one in request.POST.getlist("rows")]
    except ValueError:
        ids = []
    try:
        count = api.resend_rows(actor=actor_of(request), row_ids=ids, reason=request.POST.get("reason", ""))
    except (Invalid, Conflict, NotPermitted) as refusal:
        return _page(request, errors={refusal.field: refusal.message})
    messages.success(request, _("%(n)d 条记录将随下一个上报包重报。") % {"n": count})
    return HttpResponseRedirect(reverse("exchange:refused"))


def _page(request: HttpRequest, *, errors: dict[str, str] | None = None) -> HttpResponse:
    actor = actor_of(request)
    asked = request.POST if request.method == "POST" else request.GET
    dataset = asked.get("dataset", "")
    page = refused_rows(actor=actor, page=asked.get("page"), dataset=dataset)
    held = held_rows(actor=actor, dataset=dataset)
    root = [{"label": _("数据上报"), "url": reverse("exchange:reports")}] if may_see_all(actor) else []
    context = {
        "desk_title": _("数据上报"),
        "breadcrumbs": [*root, {"label": _("退回的记录")}],
        "filters": [
            {
                "name": "dataset",
                "label": _("数据集"),
                "type": "select",
                "options": [("", _("全部")), *((code, one.title) for code, one in data_sets.items())],
                "value": dataset,
            }
        ],
        "total": _("共 %(n)d 条") % {"n": page.total + len(held)},
        "rows": [*held, *page.rows],
        "page": page,
        "dataset": dataset,
        "may_resend": any(row.may_resend for row in (*held, *page.rows)),
        "chosen": set(request.POST.getlist("rows")),
        "reason": request.POST.get("reason", ""),
        "errors": errors or {},
    }
    return render(request, "exchange/reports/refused.html", context, status=422 if errors else 200)
