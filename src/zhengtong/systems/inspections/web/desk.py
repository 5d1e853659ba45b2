"""The desk: what waits for this person, the queues of visits."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengtong.kernel.policy import actor_of, requires
from zhengtong.systems.inspections import api
from zhengtong.systems.inspections.constants import DESK_ROLES
from zhengtong.systems.inspections.permissions import in_office
from zhengtong.systems.inspections.web.words import (
    PLAN_COLUMNS,
    REFERRAL_COLUMNS,
    VISIT_COLUMNS,
    desk_context,
    plan_rows,
    referral_rows,
    visit_rows,
)

_SHOWN = 20
_QUEUES = {
    "todo": gettext_lazy("待办"),
    "coming": gettext_lazy("待检查"),
    "rectify": gettext_lazy("整改中"),
    "done": gettext_lazy("已办结"),
}


@requires(*DESK_ROLES)
@never_cache
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Visits of the actor's reach, plans and referred cards that wait for him."""
    actor = actor_of(request)
    name = request.GET.get("queue", "todo")
    name = name if name in _QUEUES else "todo"
    page = api.queue(actor=actor, name=name, page=request.GET.get("page", 1))
    context: dict[str, Any] = {
        **desk_context(),
        "office": in_office(actor),
        "tabs": [{"label": label, "url": f"?queue={key}", "active": key == name} for key, label in _QUEUES.items()],
        "columns": VISIT_COLUMNS,
        "rows": visit_rows(page.rows),
        "page": page,
        "total": _("共 %(n)d 次检查") % {"n": page.total},
        "empty": {
            "title": _("这里没有检查"),
            "why": _("抽中您检查、或者要您单位整改的，会出现在这里并且发消息告诉您。"),
        },
        "plan_columns": PLAN_COLUMNS,
        "plans": plan_rows(api.plans_waiting(actor)) if name == "todo" else [],
        "referral_columns": REFERRAL_COLUMNS,
        "referrals": referral_rows(api.referrals_waiting(actor)[:_SHOWN]) if name == "todo" else [],
    }
    return render(request, "inspections/desk.html", context)
