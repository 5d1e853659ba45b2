"""The desk: consultations and surveys of the unit, what waits first, lamps of feedback."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengtong.kernel.policy import actor_of, requires
from zhengtong.systems.opinions import api
from zhengtong.systems.opinions.constants import DESK_ROLES, OFFICERS, Phase
from zhengtong.systems.opinions.selectors.lists import DeskLine, desk_list
from zhengtong.systems.opinions.web.words import asked

_QUEUES = {
    "todo": gettext_lazy("待办"),
    Phase.OPEN.value: gettext_lazy("正在进行"),
    Phase.WAITING.value: gettext_lazy("尚未开始"),
    Phase.CLOSED.value: gettext_lazy("已截止"),
    Phase.ANSWERED.value: gettext_lazy("已公布采纳情况"),
    Phase.WITHDRAWN.value: gettext_lazy("已撤回"),
    "all": gettext_lazy("全部"),
}
_KINDS = {"topic": gettext_lazy("意见征集"), "poll": gettext_lazy("网上调查")}
_SHARED: tuple[dict[str, Any], ...] = (
    {"key": "title", "label": gettext_lazy("题目")},
    {"key": "org", "label": gettext_lazy("征集单位")},
    {"key": "phase", "label": gettext_lazy("状态")},
    {"key": "closes_on", "label": gettext_lazy("截止日期"), "kind": "date"},
)


@requires(*DESK_ROLES)
@never_cache
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Consultations or surveys in one state, what is due first on top."""
    actor = actor_of(request)
    what = request.GET.get("what", "topic")
    what = what if what in _KINDS else "topic"
    name = request.GET.get("queue", "todo" if actor.has_role(*OFFICERS) else "all")
    name = name if name in _QUEUES else "todo"
    text = asked(request, "q")
    page = desk_list(actor, what=what, queue=name, page=request.GET.get("page", 1), text=text)
    context: dict[str, Any] = {
        "desk_title": _("民意征集"),
        "breadcrumbs": [{"label": _("民意征集"), "url": ""}],
        "writes": actor.has_role(*OFFICERS),
        "what": what,
        "late": api.late(actor),
        "kinds": [
            {"label": label, "url": f"?what={key}&queue={name}", "active": key == what} for key, label in _KINDS.items()
        ],
        "tabs": [
            {"label": label, "url": f"?what={what}&queue={key}", "active": key == name and not text}
            for key, label in _QUEUES.items()
            if not (what == "poll" and key == Phase.ANSWERED.value)
        ],
        "filters": [
            {"name": "q", "label": _("按题目、编号查找"), "value": text},
            {"name": "what", "type": "hidden", "value": what},
        ],
        "columns": _columns(what),
        "rows": [_row(one) for one in page.rows],
        "page": page,
        "caption": _KINDS[what],
        "total": _("共 %(n)d 件") % {"n": page.total},
        "empty": {"title": _("这里没有"), "why": _("起草的、待签发的、截止后待公布采纳情况的，列在“待办”里。")},
    }
    return render(request, "opinions/desk.html", context)


def _columns(what: str) -> tuple[dict[str, Any], ...]:
    taken: dict[str, Any] = {"key": "taken", "label": _("答卷") if what == "poll" else _("意见"), "kind": "number"}
    number: dict[str, Any] = {"key": "number", "label": _("编号")}
    if what == "poll":
        return (*_SHARED, taken, number)
    return (*_SHARED, taken, {"key": "due", "label": _("公布采纳情况"), "kind": "lamp"}, number)


def _row(one: DeskLine) -> dict[str, Any]:
    return {
        "title": one.title,
        "org": one.org_name,
        "phase": one.phase.label,
        "closes_on": one.closes_on,
        "taken": one.taken_part,
        "due": {"state": one.lamp, "note": one.note},
        "number": one.number,
        "url": reverse(f"opinions:desk_{one.what}", args=[one.id]),
    }
