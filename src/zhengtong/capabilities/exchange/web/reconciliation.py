"""Comparing with the upper platform: what was found for each day, and doing it now."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhengtong.capabilities.exchange import api
from zhengtong.capabilities.exchange.constants import OPERATORS, WATCHERS
from zhengtong.capabilities.exchange.permissions import may_operate
from zhengtong.capabilities.exchange.selectors.work_list import difference_words, reconciliations, title_of
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.dates import read_day
from zhengtong.kernel.errors import Conflict
from zhengtong.kernel.policy import actor_of, requires


@requires(*OPERATORS, *WATCHERS)
@require_GET
def days(request: HttpRequest) -> HttpResponse:
    """GET page: both sides of each day and data set, with the differences."""
    actor = actor_of(request)
    page = reconciliations(actor=actor, page=request.GET.get("page"))
    context = {
        "desk_title": _("数据上报"),
        "breadcrumbs": [{"label": _("数据上报"), "url": reverse("exchange:reports")}, {"label": _("上报对账")}],
        "rows": [
            {
                "day": row.day,
                "dataset": title_of(row.dataset),
                "lamp": {"state": "red", "label": _("有差异")}
                if row.differences
                else {"state": "green", "label": _("一致")},
                "ours": row.our_rows,
                "theirs": row.their_rows,
                "our_accepted": row.our_accepted,
                "their_accepted": row.their_accepted,
                "found": "；".join(difference_words(row.differences)) or "—",
                "checked": row.checked_at,
            }
            for row in page.rows
        ],
        "page": page,
        "may_operate": may_operate(actor),
        "today": local_date().isoformat(),
        "empty": {
            "title": _("还没有核对过"),
            "why": _("每天凌晨核对前一日；也可以在下面选一天现在就核对。"),
        },
    }
    return render(request, "exchange/reports/reconciliation.html", context)


@requires(*OPERATORS)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """POST day: compare all data sets of that day now."""
    try:
        day = read_day(request.POST.get("day", ""))
    except ValueError:
        messages.error(request, _("请选择要核对的日期。"))
        return HttpResponseRedirect(reverse("exchange:reconciliation"))
    try:
        found = api.reconcile(actor=actor_of(request), day=day)
    except Conflict as refusal:
        messages.error(request, refusal.message)
    else:
        differ = sum(bool(row.differences) for row in found)
        messages.success(
            request,
            _("已核对 %(n)d 个数据集，全部一致。") % {"n": len(found)}
            if not differ
            else _("已核对 %(n)d 个数据集，%(d)d 个有差异。") % {"n": len(found), "d": differ},
        )
    return HttpResponseRedirect(reverse("exchange:reconciliation"))
