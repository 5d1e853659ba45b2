"""办理路径: which processes cases went by, one process with its bottlenecks and ways, one way, one case."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.sheets import Sheet
from zhengtong.kernel.ui import exports
from zhengtong.systems.supervision.constants import SUPERVISOR
from zhengtong.systems.supervision.selectors import paths
from zhengtong.systems.supervision.selectors.path_times import PathFilter, StepFigures, Times
from zhengtong.systems.supervision.web import cards
from zhengtong.systems.supervision.web import path_words as words

_LEADER = "leader"
_DAYS = 60
_MOST_DAYS = 366
_CASES = {"key": "cases", "label": gettext_lazy("办件"), "kind": "number"}
_MEDIAN = {"key": "median", "label": gettext_lazy("中位用时")}
_FITNESS = {"key": "fitness", "label": gettext_lazy("符合度")}
PROCESS_COLUMNS = (
    {"key": "title", "label": gettext_lazy("流程")},
    {"key": "version", "label": gettext_lazy("版本")},
    _CASES,
    {"key": "deviating", "label": gettext_lazy("有偏离的"), "kind": "number"},
    {"key": "looping", "label": gettext_lazy("有重复的"), "kind": "number"},
    _FITNESS,
    _MEDIAN,
)
VARIANT_COLUMNS = (
    {"key": "way", "label": gettext_lazy("路径")},
    _CASES,
    {"key": "share", "label": gettext_lazy("占比")},
    _MEDIAN,
    _FITNESS,
    {"key": "loops", "label": gettext_lazy("重复环节"), "kind": "number"},
)
STEP_COLUMNS = (
    {"key": "name", "label": gettext_lazy("环节")},
    {"key": "count", "label": gettext_lazy("办结次数"), "kind": "number"},
    {"key": "total", "label": gettext_lazy("到达至办结中位")},
    {"key": "waited", "label": gettext_lazy("等待中位")},
    {"key": "waited_90", "label": gettext_lazy("等待九成以内")},
    {"key": "worked", "label": gettext_lazy("办理中位")},
    {"key": "worked_90", "label": gettext_lazy("办理九成以内")},
    {"key": "late", "label": gettext_lazy("超期占比")},
    {"key": "peers", "label": gettext_lazy("其他单位、事项中位")},
)
UNIT_COLUMNS = (
    {"key": "name", "label": gettext_lazy("环节")},
    {"key": "unit", "label": gettext_lazy("单位")},
    {"key": "count", "label": gettext_lazy("办结次数"), "kind": "number"},
    {"key": "total", "label": gettext_lazy("到达至办结中位")},
    {"key": "total_90", "label": gettext_lazy("九成以内")},
    {"key": "late", "label": gettext_lazy("超期占比")},
    {"key": "step", "label": gettext_lazy("该环节全部中位")},
)
FLOW_COLUMNS = (
    {"key": "source", "label": gettext_lazy("从")},
    {"key": "target", "label": gettext_lazy("到")},
    {"key": "count", "label": gettext_lazy("经过次数"), "kind": "number"},
    {"key": "loop", "label": gettext_lazy("回路")},
)
CASE_COLUMNS = (
    {"key": "number", "label": gettext_lazy("办件编号")},
    {"key": "title", "label": gettext_lazy("事项")},
    {"key": "unit", "label": gettext_lazy("主办单位")},
    {"key": "faults", "label": gettext_lazy("偏离")},
    {"key": "closed", "label": gettext_lazy("办结"), "kind": "datetime"},
    {"key": "took", "label": gettext_lazy("用时")},
)
FAULT_COLUMNS = (
    {"key": "kind", "label": gettext_lazy("偏离")},
    {"key": "name", "label": gettext_lazy("环节")},
    {"key": "at", "label": gettext_lazy("时间"), "kind": "datetime"},
    {"key": "who", "label": gettext_lazy("单位和岗位")},
)


@requires(SUPERVISOR, _LEADER)
@require_GET
def overview_page(request: HttpRequest) -> HttpResponse:
    """Every process version that cases of the choice went by."""
    actor, wanted = actor_of(request), _wanted(request)
    rows = paths.process_rows(actor, wanted)
    if request.GET.get("export"):
        title = str(_("办理路径"))
        return exports.download(title, exports.sheet_of(title, PROCESS_COLUMNS, map(_process_row, rows)))
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": [{"label": _("办理路径"), "url": ""}],
        "filters": _filters(request, wanted),
        "columns": PROCESS_COLUMNS,
        "rows": [_process_row(row) | {"url": _url("paths_process", wanted, row.process_id)} for row in rows],
        "export_url": cards.export_url(request),
        "empty": {
            "title": _("这段时间没有可以核对的办件"),
            "why": _("只有记录了流程版本的办件才能与流程图核对。请更换日期或者条件。"),
        },
    }
    return render(request, "supervision/paths/overview.html", context)


@requires(SUPERVISOR, _LEADER)
@require_GET
def process_page(request: HttpRequest, process_id: uuid.UUID) -> HttpResponse:
    """One version: bottlenecks on the drawing, its steps, its arrows, the ways cases took."""
    actor, wanted = actor_of(request), _wanted(request)
    found = paths.process_paths(actor, process_id, wanted)
    title = f"{found.title} {_version(found.version)}"
    if request.GET.get("export"):
        return exports.download(title, *_sheets(found))
    names = paths.names_of(process_id)
    slow = words.slowness(found.steps)
    steps = [_step_row(one, slow) for one in found.steps]
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": _crumbs(wanted, {"label": title, "url": ""}),
        "title": title,
        "found": found,
        "fitness": "—" if found.sums.fitness is None else f"{found.sums.fitness}%",
        "formula": f"{found.sums.fit} ÷ {found.sums.whole}" if found.sums.whole else "",
        "median": words.duration(found.median),
        "filters": _filters(request, wanted),
        "picture": words.bottlenecks(found) if found.steps or found.flows else "",
        "step_columns": STEP_COLUMNS if any(one.peers for one in found.steps) else STEP_COLUMNS[:-1],
        "steps": steps,
        "unit_columns": UNIT_COLUMNS,
        "units": [row for one in found.steps if len(one.units) > 1 for row in _unit_rows(one)],
        "flow_columns": FLOW_COLUMNS,
        "flows": _flow_rows(found),
        "columns": VARIANT_COLUMNS,
        "rows": [
            _variant_row(one) | {"way": words.way_cell(one, names)} | _to_variant(one, wanted, process_id)
            for one in found.variants
        ],
        "more": max(found.variant_total - len(found.variants), 0),
        "export_url": cards.export_url(request),
        "empty": {"title": _("没有符合条件的办件"), "why": _("请更换日期或者条件。")},
    }
    return render(request, "supervision/paths/process.html", context)


@requires(SUPERVISOR, _LEADER)
@require_GET
def variant_page(request: HttpRequest, process_id: uuid.UUID, variant_id: uuid.UUID) -> HttpResponse:
    """One way: drawn, and the cases that took it."""
    actor, wanted = actor_of(request), _wanted(request)
    drawn, row = paths.variant(actor, process_id, variant_id)
    size = exports.MOST_ROWS if request.GET.get("export") else 20
    page = paths.variant_cases(actor, variant_id, wanted, page=request.GET.get("page"), size=size)
    if request.GET.get("export"):
        title = str(_("同一路径的办件"))
        return exports.download(title, exports.sheet_of(title, CASE_COLUMNS, map(_case_line, page.rows)))
    names = words.names_of(drawn)
    title = f"{drawn.title} {_version(drawn.version)}"
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": _crumbs(
            wanted,
            {"label": title, "url": _url("paths_process", wanted, process_id)},
            {"label": _("办理路径"), "url": ""},
        ),
        "way": words.way(row.legs, names, row.deviations),
        "told": words.deviations(row.deviations, names),
        "fitness": words.fitness(row.fit, row.whole),
        "picture": words.way_drawn(drawn, row),
        "columns": CASE_COLUMNS,
        "rows": [
            _case_cells(one) | {"url": reverse("supervision:paths_case", args=[one.case_id])} for one in page.rows
        ],
        "page": page,
        "total": _("共 %(n)d 件") % {"n": page.total},
        "export_url": cards.export_url(request),
        "empty": {"title": _("没有符合条件的办件"), "why": _("请更换日期或者条件。")},
    }
    return render(request, "supervision/paths/variant.html", context)


@requires(SUPERVISOR, _LEADER)
@require_GET
def case_page(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """The way of one case, with each deviation, its time and post."""
    actor = actor_of(request)
    found = paths.case_way(actor, case_id)
    if found is None:
        raise NotFound(_("没有找到这个办件的办理路径。"))
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": [_home(), {"label": found.number, "url": ""}],
        "way": found,
        "trail_url": reverse("supervision:case", args=[case_id]) if actor.has_role(SUPERVISOR) else "",
        **way_context(found),
    }
    return render(request, "supervision/paths/case.html", context)


def way_context(found: paths.CaseWay) -> dict[str, Any]:
    """What the part with the way of a case shows."""
    return {
        "way_process": f"{found.process.title} {_version(found.process.version)}",
        "way_fitness": words.fitness(found.variant.fit, found.variant.whole),
        "way_loops": found.variant.loops,
        "way_picture": words.way_drawn(found.process, found.variant, found.times),
        "way_text": words.way(found.variant.legs, words.names_of(found.process), found.variant.deviations),
        "fault_columns": FAULT_COLUMNS,
        "faults": words.fault_rows(found.faults),
        "no_faults": {"title": _("按流程图办理，没有偏离"), "why": ""},
    }


# --- what was asked for ----------------------------------------------------------------------------------------


def _wanted(request: HttpRequest) -> PathFilter:
    until = cards.as_day(request.GET.get("until", "")) or local_date()
    # whole months are counted beforehand
    since = cards.as_day(request.GET.get("since", "")) or (until - dt.timedelta(days=_DAYS)).replace(day=1)
    since, until = min(since, until), max(since, until)
    return PathFilter(
        since=max(since, until - dt.timedelta(days=_MOST_DAYS - 1)),
        until=until,
        item=request.GET.get("item", "").replace("\x00", "")[:50],
        unit=cards.as_uuid(request.GET.get("unit", "")),
        running=request.GET.get("state") == "running",
    )


def _query(wanted: PathFilter) -> str:
    told = {
        "since": wanted.since,
        "until": wanted.until,
        "item": wanted.item,
        "unit": wanted.unit or "",
        "state": "running" if wanted.running else "",
    }
    return urlencode({name: str(value) for name, value in told.items() if value})


def _url(name: str, wanted: PathFilter, *arguments: uuid.UUID) -> str:
    return f"{reverse(f'supervision:{name}', args=arguments)}?{_query(wanted)}"


def _filters(request: HttpRequest, wanted: PathFilter) -> list[dict[str, Any]]:
    actor = actor_of(request)
    units = [(str(key), name) for key, name in paths.units_with_paths(actor)]
    items = paths.items_with_paths(actor)
    running = "running" if wanted.running else ""
    found = [
        _select("state", _("办件"), [("", _("已办结")), ("running", _("在办"))], running),
        {"name": "since", "label": _("自"), "type": "date", "value": wanted.since.isoformat()},
        {"name": "until", "label": _("至"), "type": "date", "value": wanted.until.isoformat()},
        _select("item", _("事项"), [("", _("全部")), *items], wanted.item),
    ]
    return [*found, _select("unit", _("单位"), [("", _("全部")), *units], str(wanted.unit or ""))] if units else found


def _select(name: str, label: str, options: Iterable[tuple[str, str]], chosen: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "type": "select",
        "options": list(options),
        "value": chosen,
    }


def _crumbs(wanted: PathFilter, *more: dict[str, str]) -> list[dict[str, str]]:
    return [_home() | {"url": _url("paths", wanted)}, *more]


def _home() -> dict[str, str]:
    return {"label": str(_("办理路径")), "url": reverse("supervision:paths")}


def _version(number: int) -> str:
    return _("第 %(n)d 版") % {"n": number}


# --- rows ------------------------------------------------------------------------------------------------------


def _process_row(row: paths.ProcessRow) -> dict[str, Any]:
    return {
        "title": row.title,
        "version": _version(row.version),
        "cases": row.sums.cases,
        "deviating": row.sums.deviating,
        "looping": row.sums.looping,
        "fitness": words.fitness(row.sums.fit, row.sums.whole),
        "median": words.duration(row.median),
    }


def _variant_row(row: paths.VariantRow) -> dict[str, Any]:
    return {
        "cases": row.cases,
        "share": f"{row.share}%",
        "median": words.duration(row.median),
        "fitness": words.fitness(row.fit, row.whole),
        "loops": row.loops,
    }


def _to_variant(row: paths.VariantRow, wanted: PathFilter, process_id: uuid.UUID) -> dict[str, str]:
    return {"url": _url("paths_variant", wanted, process_id, row.id)}


def _share(part: int, whole: int) -> str:
    return f"{part * 100 // whole}%（{part}）" if part else "0%"


def _step_row(one: StepFigures, slow: dict[str, str]) -> dict[str, Any]:
    mark = {"slowest": _("（最慢）"), "slow": _("（较慢）")}.get(slow.get(one.node, ""), "")
    return {
        "name": f"{one.name}{mark}",
        "count": one.own.count,
        "total": words.duration(one.own.total[0]),
        "waited": words.duration(one.own.waited[0]),
        "waited_90": words.duration(one.own.waited[1]),
        "worked": words.duration(one.own.worked[0]),
        "worked_90": words.duration(one.own.worked[1]),
        "late": _share(one.own.late, one.own.count),
        "peers": words.duration(one.peers.total[0]) if one.peers else "—",
    }


def _unit_rows(one: StepFigures) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "unit": name,
            "count": times.count,
            "total": words.duration(times.total[0]),
            "total_90": words.duration(times.total[1]),
            "late": _share(times.late, times.count),
            "step": words.duration(one.own.total[0]),
        }
        for name, times in one.units
    ]


def _flow_rows(found: paths.ProcessPaths) -> list[dict[str, Any]]:
    return [
        {"source": source, "target": target, "count": found.flows[flow], "loop": _("回路") if back else ""}
        for flow, source, target, back in paths.arrows_of(found.process_id)
        if flow in found.flows
    ]


def _case_cells(one: paths.PathCase) -> dict[str, Any]:
    return {
        "number": one.number,
        "title": one.title,
        "unit": one.org_name,
        "faults": words.faults_cell(one.faults),
        "closed": one.closed_at or "",
        "took": words.duration(one.seconds),
    }


def _case_line(one: paths.PathCase) -> dict[str, Any]:
    """The same for a workbook."""
    return _case_cells(one) | {"faults": words.faults_text(one.faults)}


def _sheets(found: paths.ProcessPaths) -> Sequence[Sheet]:
    """Everything on the page as sheets; times as numbers of working days."""
    names = paths.names_of(found.process_id)
    ways = [
        {
            "way": words.way(one.legs, names, one.deviations),
            "told": words.deviations(one.deviations, names),
            "cases": one.cases,
            "share": one.share,
            "median": words.days(one.median),
            "fit": one.fit,
            "whole": one.whole,
            "loops": one.loops,
        }
        for one in found.variants
    ]
    steps = [_numbers(one.name, unit, times) for one in found.steps for unit, times in (("", one.own), *one.units)]
    return (
        Sheet(str(_("路径")), {key: str(label) for key, label in _WAY_HEADS.items()}, iter(ways)),
        Sheet(str(_("环节用时")), {key: str(label) for key, label in _TIME_HEADS.items()}, iter(steps)),
        exports.sheet_of(str(_("连线")), FLOW_COLUMNS, _flow_rows(found)),
    )


_WAY_HEADS = {
    "way": gettext_lazy("路径"),
    "told": gettext_lazy("偏离"),
    "cases": gettext_lazy("办件"),
    "share": gettext_lazy("占比（%）"),
    "median": gettext_lazy("中位用时（工作日）"),
    "fit": gettext_lazy("符合的环节"),
    "whole": gettext_lazy("应有环节"),
    "loops": gettext_lazy("重复环节"),
}
_TIME_HEADS = {
    "name": gettext_lazy("环节"),
    "unit": gettext_lazy("单位（空为全部）"),
    "count": gettext_lazy("办结次数"),
    "waited": gettext_lazy("等待中位（工作日）"),
    "waited_90": gettext_lazy("等待九成以内（工作日）"),
    "worked": gettext_lazy("办理中位（工作日）"),
    "worked_90": gettext_lazy("办理九成以内（工作日）"),
    "late": gettext_lazy("超期次数"),
}


def _numbers(name: str, unit: str, times: Times) -> dict[str, Any]:
    return {
        "name": name,
        "unit": unit,
        "count": times.count,
        "waited": words.days(times.waited[0]),
        "waited_90": words.days(times.waited[1]),
        "worked": words.days(times.worked[0]),
        "worked_90": words.days(times.worked[1]),
        "late": times.late,
    }
