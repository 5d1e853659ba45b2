"""流程监控: running processes, one version with its numbers on the drawing, one case on the drawing."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from zhengtong.capabilities.cases.selectors import monitor as selectors
from zhengtong.capabilities.cases.selectors.drafts import versions
from zhengtong.capabilities.cases.web import words
from zhengtong.capabilities.cases.web.asking import ask_forms, migration_form
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_datetime
from zhengtong.kernel.ui.lamps import lamp_of

WATCHING = ("process_admin", "supervisor", "leader")
_PROCESS_COLUMNS = (
    {"key": "title", "label": gettext_lazy("流程")},
    {"key": "version", "label": gettext_lazy("版本")},
    {"key": "cases", "label": gettext_lazy("在办件"), "kind": "number"},
    {"key": "tasks", "label": gettext_lazy("待办环节"), "kind": "number"},
    {"key": "late", "label": gettext_lazy("其中超期")},
)
_LOAD_COLUMNS = (
    {"key": "name", "label": gettext_lazy("环节")},
    {"key": "kind", "label": gettext_lazy("类型")},
    {"key": "count", "label": gettext_lazy("在办"), "kind": "number"},
    {"key": "late", "label": gettext_lazy("其中超期")},
)
_CASE_COLUMNS = (
    {"key": "number", "label": gettext_lazy("办件编号")},
    {"key": "title", "label": gettext_lazy("事项")},
    {"key": "standing", "label": gettext_lazy("正在办理")},
    {"key": "holders", "label": gettext_lazy("在谁手上")},
    {"key": "opened", "label": gettext_lazy("收到申请"), "kind": "datetime"},
    {"key": "late", "label": gettext_lazy("时限")},
)
_STEP_COLUMNS = (
    {"key": "name", "label": gettext_lazy("环节")},
    {"key": "unit", "label": gettext_lazy("办理单位")},
    {"key": "who", "label": gettext_lazy("办理人")},
    {"key": "opened", "label": gettext_lazy("到达"), "kind": "datetime"},
    {"key": "done", "label": gettext_lazy("办结"), "kind": "datetime"},
    {"key": "state", "label": gettext_lazy("状态")},
    {"key": "opinions", "label": gettext_lazy("意见"), "kind": "number"},
)


@requires(*WATCHING)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Every version on which cases run."""
    rows = selectors.running_processes(actor_of(request))
    context = {
        "desk_title": _("流程监控"),
        "breadcrumbs": [{"label": _("流程监控")}],
        "columns": _PROCESS_COLUMNS,
        "rows": [_process_cells(row) for row in rows],
        "empty": {"title": _("没有在办的件"), "why": _("您能看到的流程现在都没有在办件。")},
    }
    return render(request, "cases/monitor.html", context)


@requires(*WATCHING)
@require_GET
def version_page(request: HttpRequest, version_id: uuid.UUID) -> HttpResponse:
    """The drawing of a version, what stands where, and the cases behind a number."""
    return render(request, "cases/version.html", version_context(request, version_id))


def version_context(request: HttpRequest, version_id: uuid.UUID, **more: Any) -> dict[str, Any]:
    """What the page of a version shows; ``more`` is what could not be asked for and what was typed."""
    actor = actor_of(request)
    found = selectors.version_monitor(actor, version_id)
    node = request.GET.get("node", "").replace("\x00", "")
    page = selectors.standing_cases(actor, version_id, node=node, page=request.GET.get("page"))
    draws = actor.has_role("process_admin")
    chosen = next((load.name for load in found.loads if load.node == node), node)
    return {
        "desk_title": _("流程监控"),
        "breadcrumbs": [_home(), {"label": f"{found.title} {_version(found.version)}"}],
        "version": found,
        "version_label": _version(found.version),
        "picture": words.drawn(found.drawing),
        "columns": _LOAD_COLUMNS,
        "rows": [_load_cells(version_id, load, node) for load in found.loads],
        "empty": {"title": _("这一版现在没有您能看到的在办件"), "why": ""},
        "case_columns": _CASE_COLUMNS,
        "cases": [_case_cells(row) for row in page.rows],
        "page": page,
        "node": node,
        "caption": _("停在“%(name)s”的办件") % {"name": chosen} if node else _("在办的件"),
        "total": _("共 %(n)d 件") % {"n": page.total},
        "no_cases": {"title": _("没有在办的件"), "why": ""},
        "draws": draws,
        "others": [row for row in versions(actor) if row.key == found.key and row.id != version_id] if draws else [],
        "form": migration_form(actor, found) if draws else None,
        **more,
    }


@requires(*WATCHING)
@require_GET
def case_page(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """One case on its drawing, its history, and what a process administrator may ask for."""
    actor = actor_of(request)
    return render(request, "cases/case.html", case_context(request, selectors.case_monitor(actor, case_id)))


def case_context(
    request: HttpRequest, found: selectors.CaseMonitor, *, failed: str = "", **more: Any
) -> dict[str, Any]:
    """What the page of a case shows; ``failed`` could not be asked for, ``more`` says why and what was typed."""
    actor = actor_of(request)
    process = f"{found.process_title} {_version(found.version)}"
    facts = [
        (_("办件编号"), found.number, ""),
        (_("主办单位"), found.org_name, ""),
        (_("收到申请"), cn_datetime(found.opened_at), ""),
        (_("流程"), process, reverse("processes:version", args=[found.version_id])),
        (_("状态"), found.status_label, ""),
        (_("正在等待"), "、".join(found.waiting), ""),
    ]
    return {
        "desk_title": _("流程监控"),
        "breadcrumbs": [
            _home(),
            {"label": process, "url": reverse("processes:version", args=[found.version_id])},
            {"label": found.number},
        ],
        "case": found,
        "facts": [{"label": label, "value": value, "url": url} for label, value, url in facts if value],
        "picture": words.drawn(found.drawing),
        "columns": _STEP_COLUMNS,
        "rows": [_step_cells(step) for step in found.steps],
        **ask_forms(request, actor, found, failed),
        "failed": failed,
        **more,
    }


def _home() -> dict[str, str]:
    return {"label": _("流程监控"), "url": reverse("processes:monitor")}


def _version(number: int) -> str:
    return _("第 %(n)d 版") % {"n": number}


def _process_cells(row: selectors.RunningProcess) -> dict[str, Any]:
    return {
        "title": format_html('<span>{}<br><span class="zt-quiet">{}</span></span>', row.title, row.key),
        "version": _version(row.version) + ("" if row.active else _("（停用）")),
        "cases": row.cases,
        "tasks": row.tasks,
        "late": _late(row.late),
        "url": reverse("processes:version", args=[row.version_id]),
    }


def _late(count: int) -> SafeString | str:
    """A red lamp with the number, nothing when nothing is late."""
    if not count:
        return ""
    lamp = {"lamp": lamp_of("overdue"), "label": _("超期"), "note": str(count)}
    return render_to_string("ui/components/lamp.html", lamp)


def _load_cells(version_id: uuid.UUID, load: selectors.NodeLoad, chosen: str) -> dict[str, Any]:
    return {
        "name": load.name,
        "kind": load.kind,
        "count": load.count,
        "late": _late(load.late),
        "active": load.node == chosen,
        "url": f"{reverse('processes:version', args=[version_id])}?node={load.node}#cases",
    }


def _case_cells(row: selectors.StandingCase) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": format_html('<span>{}<br><span class="zt-quiet">{}</span></span>', row.title, row.org_name),
        "standing": row.standing,
        "holders": row.holders,
        "opened": row.opened_at,
        "late": _late(1) if row.late else "",
        "url": reverse("processes:case", args=[row.id]),
    }


def _step_cells(step: selectors.Step) -> dict[str, Any]:
    return {
        "name": step.name,
        "unit": format_html(
            '<span>{}<br><span class="zt-quiet">{}</span></span>', step.org_name, words.role_label(step.role)
        ),
        "who": step.who or "—",
        "opened": step.opened_at,
        "done": step.done_at or "",
        "state": format_html("{} {}", step.status_label, _late(1) if step.late else ""),
        "opinions": step.opinions,
    }
