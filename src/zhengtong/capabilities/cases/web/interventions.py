"""流程干预: requests of process administrators, and the second person's answer."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from zhengtong.capabilities.cases.permissions import WATCHERS
from zhengtong.capabilities.cases.selectors.hand_overs import HandOverView, hand_overs
from zhengtong.capabilities.cases.selectors.interventions import InterventionView, interventions, pending_interventions
from zhengtong.capabilities.cases.selectors.monitor import case_monitor
from zhengtong.capabilities.cases.services.interventions import (
    approve_intervention,
    refuse_intervention,
    request_intervention,
    take_back_intervention,
)
from zhengtong.capabilities.cases.web.monitor import case_context, version_context
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_datetime

_COLUMNS = (
    {"key": "kind", "label": gettext_lazy("方式")},
    {"key": "summary", "label": gettext_lazy("内容")},
    {"key": "case", "label": gettext_lazy("办件")},
    {"key": "reason", "label": gettext_lazy("理由")},
    {"key": "asked", "label": gettext_lazy("申请")},
    {"key": "state", "label": gettext_lazy("状态")},
)
_HAND_OVER_COLUMNS = (
    {"key": "units", "label": gettext_lazy("单位")},
    {"key": "reason", "label": gettext_lazy("依据")},
    {"key": "asked", "label": gettext_lazy("决定")},
    {"key": "progress", "label": gettext_lazy("进度")},
    {"key": "state", "label": gettext_lazy("状态")},
)
_MOVES: dict[str, tuple[Callable[..., Any], str]] = {
    "approve": (approve_intervention, "note"),
    "refuse": (refuse_intervention, "reason"),
    "take_back": (take_back_intervention, ""),
}
_DONE = {
    "approve": gettext_lazy("已批准并执行。"),
    "refuse": gettext_lazy("没有批准，办件没有变化。"),
    "take_back": gettext_lazy("已收回申请，办件没有变化。"),
}
_DETAILS = {"jump": ("work_item_id", "node"), "migrate": ("process_version_id",)}


@requires(*WATCHERS, "leader")
@require_GET
def request_list(request: HttpRequest) -> HttpResponse:
    """What waits for approval, and what was decided."""
    return render(request, "cases/interventions.html", _list_context(request))


@requires("process_admin", "leader", fresh_factor=True)
@require_POST
def decide(request: HttpRequest, request_id: uuid.UUID, move: str) -> HttpResponse:
    """Approve, refuse, or take back one's own; what was typed stays when it cannot be done."""
    if move not in _MOVES:
        raise NotFound(_("没有这项操作。"))
    service, field = _MOVES[move]
    typed = request.POST.get(field, "").strip() if field else ""
    try:
        service(actor=actor_of(request), request_id=request_id, **({field: typed} if field else {}))
    except (Invalid, Conflict) as error:
        context = _list_context(request) | {"problem": error.message}
        for entry in context["pending"]:
            if entry["row"].id == request_id:
                entry[field] = typed
        return render(request, "cases/interventions.html", context, status=409 if isinstance(error, Conflict) else 422)
    messages.success(request, str(_DONE[move]))
    return redirect("processes:interventions")


@requires("process_admin")
@require_POST
def ask(request: HttpRequest, case_id: uuid.UUID, kind: str) -> HttpResponse:
    """Ask for a jump, a reassignment or the migration of one case."""
    actor = actor_of(request)
    reason = request.POST.get("reason", "")
    try:
        request_intervention(actor=actor, case_id=case_id, kind=kind, reason=reason, detail=_detail(request, kind))
    except (Invalid, Conflict) as error:
        context = case_context(
            request,
            case_monitor(actor, case_id),
            failed=kind,
            problem=error.message,
            typed=dict(request.POST.items()),
        )
        return render(request, "cases/case.html", context, status=409 if isinstance(error, Conflict) else 422)
    messages.success(request, _("已申请，等另一名流程管理员或者主办单位负责人批准；批准以前办件没有变化。"))
    return redirect("processes:case", case_id=case_id)


@requires("process_admin")
@require_POST
def ask_migration(request: HttpRequest, version_id: uuid.UUID) -> HttpResponse:
    """Ask that all running cases of a version move to another version."""
    detail = {"from_version_id": str(version_id), "to_version_id": request.POST.get("to_version_id", "")}
    reason = request.POST.get("reason", "")
    try:
        request_intervention(actor=actor_of(request), case_id=None, kind="migrate_all", reason=reason, detail=detail)
    except (Invalid, Conflict) as error:
        context = version_context(
            request, version_id, failed=True, problem=error.message, typed=dict(request.POST.items())
        )
        return render(request, "cases/version.html", context, status=409 if isinstance(error, Conflict) else 422)
    messages.success(request, _("已申请整版迁移，批准以后逐件迁移；不能迁移的件留在原来的版本，并说明原因。"))
    return redirect("processes:interventions")


def _detail(request: HttpRequest, kind: str) -> dict[str, str]:
    if kind == "reassign":
        way, _colon, target = request.POST.get("to", "").partition(":")
        key = "person_id" if way == "person" else "org_code"
        return {"work_item_id": request.POST.get("work_item_id", ""), key: target}
    return {name: request.POST.get(name, "") for name in _DETAILS.get(kind, ())}


def _list_context(request: HttpRequest) -> dict[str, Any]:
    actor = actor_of(request)
    page = interventions(actor=actor, page=request.GET.get("page"))
    return {
        "desk_title": _("流程监控"),
        "breadcrumbs": [{"label": _("流程监控"), "url": reverse("processes:monitor")}, {"label": _("流程干预")}],
        "pending": [_shown(row) for row in pending_interventions(actor)],
        "may_decide": actor.has_role("process_admin", "leader"),
        "columns": _COLUMNS,
        "rows": [_cells(row) for row in page.rows],
        "page": page,
        "empty": {"title": _("没有流程干预"), "why": _("跳转、改派、迁移都要另一人批准，申请后出现在这里。")},
        "hand_over_columns": _HAND_OVER_COLUMNS,
        "hand_overs": [_hand_over_cells(row) for row in hand_overs(actor)],
    }


def _hand_over_cells(row: HandOverView) -> dict[str, str]:
    state = _("移交完毕 %(when)s") % {"when": cn_datetime(row.finished_at)} if row.finished_at else _("正在移交")
    return {
        "units": _("%(old)s移交%(new)s") % {"old": row.from_org_name, "new": row.to_org_name},
        "reason": row.reason,
        "asked": f"{row.asked_by} {cn_datetime(row.asked_at)}",
        "progress": _("已移交 %(moved)d 件，共 %(total)d 件") % {"moved": row.moved, "total": row.total},
        "state": state,
    }


def _shown(row: InterventionView) -> dict[str, Any]:
    url = reverse("processes:case", args=[row.case_id]) if row.case_id else ""
    facts = [
        {"label": _("办件"), "value": f"{row.title}（{row.number}）" if row.number else _("整版"), "url": url},
        {"label": _("理由"), "value": row.reason},
        {"label": _("申请"), "value": f"{row.requested_by} {cn_datetime(row.requested_at)}"},
    ]
    return {"row": row, "facts": facts}


def _cells(row: InterventionView) -> dict[str, Any]:
    decided = f"{row.decided_by} {cn_datetime(row.decided_at)}" if row.decided_at else ""
    return {
        "kind": row.kind_label,
        "summary": row.summary,
        "case": row.number or _("整版"),
        "reason": row.reason,
        "asked": f"{row.requested_by} {cn_datetime(row.requested_at)}",
        "state": " ".join(part for part in (row.state_label, decided, row.note) if part),
        "url": reverse("processes:case", args=[row.case_id]) if row.case_id else "",
    }
