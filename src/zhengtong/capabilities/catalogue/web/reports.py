"""Reports for those who answer for the list: 网上办理率 (J-29) and 流程优化 (S-51)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.catalogue.constants import PowerType
from zhengtong.kernel.dates import read_day
from zhengtong.kernel.errors import DomainError
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.sheets import XLSX, Sheet, xlsx

_READERS = ("item_editor", "item_admin", "legal_reviewer", "leader", "supervisor", "process_admin")
_GAPS = {"unit": _("部门"), "code": _("实施编码"), "name": _("事项"), "depth": _("网办深度"), "missing": _("还缺什么")}


@requires(*_READERS)
@require_safe
def online(request: HttpRequest) -> HttpResponse:
    """GET type (a power type, ``all`` for all people apply for), department, export=xlsx."""
    actor = actor_of(request)
    kind = request.GET.get("type", PowerType.LICENCE)
    kind = "" if kind == "all" else kind if kind in PowerType.values else PowerType.LICENCE.value
    department = request.GET.get("department", "")[:20].replace("\x00", "")
    report = api.depth_report(actor.tenant, power_type=kind, department=department)
    names = {share.key: share.label for share in report.units}
    if request.GET.get("export") == "xlsx":
        return _sheet(report)
    context = {
        "desk_title": _("网上办理率"),
        "report": report,
        "department_name": names.get(department, ""),
        "shares": [
            {
                "label": share.label,
                "url": f"?type={kind or 'all'}&department={share.key}#gaps",
                "total": share.total,
                "online": share.online,
                "percent": f"{share.percent} %",
            }
            for share in report.units
        ],
        "share_columns": [
            {"key": "label", "label": _("部门")},
            {"key": "total", "label": _("全部（项）"), "kind": "number"},
            {"key": "online", "label": _("网上可办（项）"), "kind": "number"},
            {"key": "percent", "label": _("占比"), "kind": "number"},
        ],
        "bars": [
            {"label": share.label, "value": share.total - share.online}
            for share in report.units
            if share.online < share.total
        ],
        "gaps": [
            {
                "name": gap.name,
                "url": reverse("catalogue:item", args=[gap.code]),
                "depth": gap.depth,
                "missing": "；".join(gap.missing),
            }
            for gap in report.gaps
        ],
        "columns": [
            {"key": "name", "label": _("事项")},
            {"key": "depth", "label": _("网办深度")},
            {"key": "missing", "label": _("还缺什么")},
        ],
        "filters": _filters(kind, department, names),
    }
    return render(request, "catalogue/reports/online.html", context)


def _sheet(report: api.DepthReport) -> HttpResponse:
    rows = [
        {"unit": gap.unit, "code": gap.code, "name": gap.name, "depth": gap.depth, "missing": "；".join(gap.missing)}
        for gap in report.gaps
    ]
    answer = HttpResponse(xlsx([Sheet(_("未全程网办事项"), _GAPS, rows)]), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="online-depth.xlsx"'
    return answer


def _filters(kind: str, department: str, names: dict[str, str]) -> list[dict[str, Any]]:
    types = [*((t.value, str(t.label)) for t in PowerType), ("all", _("全部可申请的事项"))]
    units = [("", _("全部")), *names.items()]
    return [
        {"name": "type", "label": _("事项类型"), "type": "select", "options": types, "value": kind or "all"},
        {"name": "department", "label": _("部门"), "type": "select", "options": units, "value": department},
    ]


@requires(*_READERS)
@require_safe
def improvements(request: HttpRequest) -> HttpResponse:
    """GET since (a day: compared with the version then in force), department: what changes of items have spared."""
    actor = actor_of(request)
    text = request.GET.get("since", "")
    try:
        since = read_day(text) if text else None
    except ValueError:
        since = None
    found = api.improvements(actor.tenant, since=since, department=request.GET.get("department", "")[:20])
    units = api.improvements_by_unit(found)
    context = {
        "desk_title": _("流程优化"),
        "wrong_day": bool(text) and since is None,
        "found": [_line(each) for each in found],
        "columns": [
            {"key": "name", "label": _("事项")},
            {"key": "unit", "label": _("部门")},
            {"key": "versions", "label": _("版本")},
            *({"key": f"c{place}", "label": label} for place, label in enumerate(_MEASURES)),
            {"key": "score", "label": _("综合"), "kind": "number"},
        ],
        "bars": [
            {"label": unit["label"], "value": unit["score"], "note": _("%(n)d 项有优化") % {"n": unit["items"]}}
            for unit in units
        ],
        "filters": [{"name": "since", "label": _("与哪一天相比"), "type": "date", "value": text}],
    }
    return render(request, "catalogue/reports/improvements.html", context)


@requires(*_READERS)
@require_safe
def improvement(request: HttpRequest, code: str) -> HttpResponse:
    """One item before and after: the four measures, what was added and dropped, both flows."""
    actor = actor_of(request)
    made, first, last = api.improvement_of(actor.tenant, code.replace("\x00", ""))
    context = {
        "desk_title": made.name,
        "made": made,
        "sides": [
            {"title": title % {"version": view.version}, "view": view, "picture": _picture(view)}
            for title, view in ((_("改前：第 %(version)d 版"), first), (_("改后：第 %(version)d 版"), last))
        ],
    }
    return render(request, "catalogue/reports/improvement.html", context)


_MEASURES = (_("办理环节"), _("承诺时限"), _("提交材料"), _("到现场次数"))


def _line(each: Any) -> dict[str, Any]:
    cells = {f"c{place}": _words(change) for place, change in enumerate(each.changes)}
    return {
        "name": each.name,
        "url": reverse("catalogue:improvement", args=[each.code]),
        "unit": each.org_name,
        "versions": f"v{each.before} → v{each.after}",
        "score": each.score,
        **cells,
    }


def _words(change: Any) -> str:
    if change.before == change.after:
        return str(change.after)
    return f"{change.before} → {change.after}"


def _picture(version: api.ItemVersionView) -> str:
    if not version.process_key:
        return ""
    try:
        return mark_safe(cases.process_picture(version.tenant, version.process_key))  # noqa: S308 - escaped by the engine
    except DomainError:
        return ""
