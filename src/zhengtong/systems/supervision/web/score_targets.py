"""年度目标 and 年度扣分: set, import, report, review."""

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.sheets import Sheet
from zhengtong.kernel.ui import exports
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.kernel.uploads import MAX_BYTES
from zhengtong.systems.supervision.constants import SUPERVISOR, UNIT_ROLES, ProposalState
from zhengtong.systems.supervision.models import TargetReport, YearDeduction
from zhengtong.systems.supervision.permissions import is_supervisor
from zhengtong.systems.supervision.rules.score_targets import BOUNDS, PERIODS
from zhengtong.systems.supervision.rules.scores import shown
from zhengtong.systems.supervision.selectors import score_targets as selectors
from zhengtong.systems.supervision.selectors import scores
from zhengtong.systems.supervision.services import score_targets as services
from zhengtong.systems.supervision.web import score_words as words
from zhengtong.systems.supervision.web.cards import export_url

TARGET_COLUMNS = (
    {"key": "name", "label": gettext_lazy("目标")},
    {"key": "org", "label": gettext_lazy("单位")},
    {"key": "period", "label": gettext_lazy("考核期")},
    {"key": "goal", "label": gettext_lazy("目标值")},
    {"key": "actual", "label": gettext_lazy("完成值"), "kind": "number"},
    {"key": "reached", "label": gettext_lazy("完成程度"), "kind": "number"},
    {"key": "weight", "label": gettext_lazy("权重"), "kind": "number"},
    {"key": "state", "label": gettext_lazy("状态")},
)
_DEDUCTION_COLUMNS = (
    {"key": "org", "label": gettext_lazy("单位")},
    {"key": "on", "label": gettext_lazy("处分决定日期")},
    {"key": "kind", "label": gettext_lazy("处分种类")},
    {"key": "persons", "label": gettext_lazy("人数"), "kind": "number"},
    {"key": "document", "label": gettext_lazy("文号")},
    {"key": "by", "label": gettext_lazy("提出")},
    {"key": "state", "label": gettext_lazy("状态")},
)
_TENTH = Decimal("0.1")
_FIELDS = ("year", "period", "unit_name", "name", "measure", "bound", "goal", "unit", "weight", "basis")


def target_rows(found: Sequence[selectors.Progress]) -> list[dict[str, Any]]:
    """Targets as lists show them."""
    return [
        {
            "name": one.target.name,
            "org": one.target.org_name,
            "period": f"{one.target.year} {PERIODS[one.target.period]}",
            "goal": f"{BOUNDS[one.target.at_most]} {shown(one.target.goal)}{one.target.unit}",
            "actual": "" if one.actual is None else f"{shown(one.actual)}{one.target.unit}",
            "reached": _("没有数据，暂不计")
            if one.reached is None
            else f"{shown((one.reached * 100).quantize(_TENTH))}%",
            "weight": shown(one.target.weight),
            "state": _state(one),
            "url": reverse("supervision_scores:target", args=[one.target.id]),
        }
        for one in found
    ]


def _state(one: selectors.Progress) -> str:
    if not one.reported:
        return _("系统统计：%(label)s") % {"label": selectors.measure_label(one.target.measure)}
    return str(one.latest.get_state_display()) if one.latest else _("待填报")


@requires(SUPERVISOR, *UNIT_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def target_list(request: HttpRequest) -> HttpResponse:
    """年度目标: all for supervisors, who set one here; those of his own unit for an official."""
    actor = actor_of(request)
    errors: Mapping[str, str] = {}
    if request.method == "POST":
        row = {name: request.POST.get(name, "").replace("\x00", "")[:200] for name in _FIELDS}
        try:
            services.set_target(actor=actor, row=row)
        except Invalid as error:
            errors = error.errors or {"name": error.message}
        else:
            messages.success(request, _("目标已下达。"))
            return redirect("supervision_scores:targets")
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 and 2000 <= int(asked) <= 2100 else local_date().year
    rows = target_rows(selectors.progress(actor, year))
    title = _("%(year)d年度目标") % {"year": year}
    if request.GET.get("export"):
        return exports.download(title, exports.sheet_of(title, TARGET_COLUMNS, rows))
    points = selectors.unit_scores(actor.tenant, year)
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": words.crumbs((_("年度目标"), "")) if is_supervisor(actor) else [{"label": title, "url": ""}],
        "title": title,
        "sets": is_supervisor(actor),
        "own_points": shown(points[actor.org_id]) if actor.org_id in points else "",
        "filters": [{"name": "year", "label": _("年度"), "type": "text", "value": str(year)}],
        "columns": TARGET_COLUMNS,
        "rows": rows,
        "export_url": export_url(request),
        "empty": {"title": _("这一年还没有目标"), "why": _("目标由监察员逐个下达，或者用表格导入。")},
        "fields": _form(request, year, errors) if is_supervisor(actor) else [],
        "errors": errors,
    }
    return render(request, "supervision/scores/targets.html", context, status=422 if errors else 200)


def _form(request: HttpRequest, year: int, errors: Mapping[str, str]) -> list[dict[str, Any]]:
    choices = {
        "period": [(label, label) for label in PERIODS.values()],
        "measure": [(label, label) for label in selectors.measures()],
        "bound": [(label, label) for label in BOUNDS],
    }
    return [
        {
            "name": name,
            "label": services.COLUMNS[name],
            "kind": "select" if name in choices else "text",
            "choices": choices.get(name, ()),
            "value": request.POST.get(name, str(year) if name == "year" else ""),
            "error": errors.get(name, ""),
            "required": name not in ("unit", "basis"),
        }
        for name in _FIELDS
    ]


@requires(SUPERVISOR)
@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """Targets by a workbook: all lines or none, each wrong line named."""
    errors: Mapping[str, str] = {}
    refused = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise Invalid(_("请选择要导入的 xlsx 表格。"), field="file")
            targets = services.import_targets(actor=actor_of(request), data=file.read(3 * 1024 * 1024))
        except Invalid as error:
            refused, errors = error.message, error.errors
        else:
            messages.success(request, _("已导入 %(n)d 个目标。") % {"n": len(targets)})
            return redirect("supervision_scores:targets")
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": words.crumbs((_("年度目标"), reverse("supervision_scores:targets")), (_("导入"), "")),
        "refused": refused,
        "columns": ({"key": "line", "label": _("行")}, {"key": "why", "label": _("问题")}),
        "rows": [{"line": line, "why": why} for line, why in errors.items() if line != "file"],
        "measures": "、".join(selectors.measures()),
        "periods": "、".join(PERIODS.values()),
    }
    return render(request, "supervision/scores/import.html", context, status=422 if refused else 200)


@requires(SUPERVISOR)
@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """The workbook to fill in, with one line as an example."""
    example = {
        "year": local_date().year,
        "period": PERIODS["year"],
        "unit_name": actor_of(request).org_name or _("（单位全称）"),
        "name": _("按期办结率"),
        "measure": _("按期办结率"),
        "bound": BOUNDS[0],
        "goal": 98,
        "unit": "%",
        "weight": 30,
        "basis": _("（考核文件名称和文号）"),
    }
    return exports.download(_("年度目标导入模板"), Sheet(_("年度目标"), services.COLUMNS, [example]))


@requires(SUPERVISOR, *UNIT_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def target_page(request: HttpRequest, target_id: uuid.UUID) -> HttpResponse:
    """One target with what was reported of it; its unit reports here."""
    actor = actor_of(request)
    error: Invalid | Conflict | None = None
    if request.method == "POST":
        file = request.FILES.get("file")
        given = (file.name or _("佐证材料"), file.read(MAX_BYTES + 1)) if file is not None else None
        try:
            services.report_target(
                actor=actor,
                target_id=target_id,
                value=request.POST.get("value", ""),
                text=request.POST.get("text", ""),
                file=given,
            )
        except (Invalid, Conflict) as refused:
            error = refused
        else:
            messages.success(request, _("已填报，等待监察员审核。"))
            return redirect("supervision_scores:target", target_id=target_id)
    return _target(request, actor, target_id, error=error)


def _target(
    request: HttpRequest, actor: Actor, target_id: uuid.UUID, *, error: Invalid | Conflict | None = None
) -> HttpResponse:
    found = selectors.one_target(actor, target_id)
    row, target = target_rows([found])[0], found.target
    facts = [
        (_("单位"), target.org_name),
        (_("考核期"), row["period"]),
        (_("指标"), selectors.measure_label(target.measure)),
        (_("目标值"), row["goal"]),
        (_("完成值"), row["actual"] or "—"),
        (_("完成程度"), row["reached"]),
        (_("权重"), row["weight"]),
        (_("依据"), target.basis or "—"),
        (_("下达人"), target.set_by),
    ]
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": [
            {"label": _("年度目标"), "url": reverse("supervision_scores:targets")},
            {"label": target.name, "url": ""},
        ],
        "target": target,
        "facts": [{"label": label, "value": value} for label, value in facts],
        "reports": [_report(actor, one) for one in selectors.reports_of(target)],
        "may_report": found.reported and not found.waits and actor.org_id == target.org_id,
        "reported": found.reported,
        "errors": {getattr(error, "field", "") or "text": error.message} if error else {},
        "value": request.POST.get("value", ""),
        "text": request.POST.get("text", ""),
        "review": request.POST.get("review", ""),
    }
    return render(request, "supervision/scores/target.html", context, status=422 if error else 200)


def _report(actor: Actor, one: TargetReport) -> dict[str, Any]:
    waits = one.state == "reported"
    return {
        "one": one,
        "value": shown(one.value),
        "file_url": reverse("supervision_scores:evidence", args=[one.id]) if one.file_id else "",
        "reviews": waits and is_supervisor(actor) and one.target.org_id != actor.org_id,
    }


@requires(SUPERVISOR)
@require_POST
def review(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """A supervisor accepts or returns what a unit reported."""
    actor = actor_of(request)
    accepted = request.POST.get("accepted") == "yes"
    try:
        report = services.review_report(
            actor=actor, report_id=report_id, accepted=accepted, review=request.POST.get("review", "")
        )
    except (Invalid, Conflict) as error:
        known = TargetReport.objects.filter(tenant=actor.tenant, pk=report_id).first()
        if known is None:
            raise
        return _target(request, actor, known.target_id, error=error)
    messages.success(request, _("已审核通过。") if accepted else _("已退回单位。"))
    return redirect("supervision_scores:target", target_id=report.target_id)


@requires(SUPERVISOR, *UNIT_ROLES)
@require_GET
def evidence(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """The evidence of a report, for supervisors and the unit that reported."""
    actor = actor_of(request)
    report = TargetReport.objects.filter(tenant=actor.tenant, pk=report_id).first()
    if report is None or report.file_id is None:
        raise NotFound(_("没有找到这份佐证材料。"))
    selectors.one_target(actor, report.target_id)
    file, content = storage.read(tenant=actor.tenant, file_id=report.file_id)
    response = HttpResponse(content, content_type=file.content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@requires(SUPERVISOR)
@require_http_methods(["GET", "HEAD", "POST"])
def deduction_list(request: HttpRequest) -> HttpResponse:
    """年度扣分: discipline that takes points from a year, and the form that proposes one."""
    names = ("org_name", "decided_on", "kind", "persons", "document", "reason")
    typed = {name: request.POST.get(name, "").replace("\x00", "") for name in names}
    if request.method == "POST":
        try:
            services.propose_deduction(actor=actor_of(request), **typed)
        except Invalid as error:
            return _deductions(request, typed, error.errors)
        messages.success(request, _("已提出，请另一位监察员核准。"))
        return redirect("supervision_scores:deductions")
    return _deductions(request, typed, {})


def _deductions(request: HttpRequest, typed: Mapping[str, str], errors: Mapping[str, str]) -> HttpResponse:
    actor = actor_of(request)
    kinds = services.discipline_kinds()
    rows = list(scores.deductions(actor))
    waiting = [row for row in rows if row.state == ProposalState.PROPOSED]
    context = {
        "desk_title": _("电子监察"),
        "breadcrumbs": words.crumbs((_("年度扣分"), "")),
        "columns": _DEDUCTION_COLUMNS,
        "rows": [_deduction(row, kinds) for row in rows],
        "waiting": [
            {"row": row, "said": _deduction(row, kinds)}
            for row in waiting
            if identity.is_second_person(actor, row.proposed_by_id, row.proposed_for_id)
        ],
        "kinds": list(kinds.items()),
        "typed": typed,
        "errors": errors,
        "empty": {"title": _("没有年度扣分"), "why": _("受处分人员所在的单位，按处分种类和人数扣年度得分。")},
    }
    return render(request, "supervision/scores/deductions.html", context, status=422 if errors else 200)


def _deduction(row: YearDeduction, kinds: Mapping[str, str]) -> dict[str, Any]:
    return {
        "org": row.org_name,
        "on": cn_date(row.decided_on),
        "kind": kinds.get(row.kind, row.kind),
        "persons": row.persons,
        "document": row.document,
        "by": f"{row.proposed_by}：{row.reason}",
        "state": f"{row.get_state_display()} {row.decided_by}".strip(),
    }


@requires(SUPERVISOR, fresh_factor=True)
@require_POST
def decide_deduction(request: HttpRequest, deduction_id: uuid.UUID) -> HttpResponse:
    """The second person agrees or not."""
    try:
        services.decide_deduction(
            actor=actor_of(request),
            deduction_id=deduction_id,
            agreed=request.POST.get("agreed") == "yes",
            reason=request.POST.get("reason", ""),
        )
    except (Invalid, Conflict) as error:
        return _deductions(request, {}, {"decision": error.message})
    messages.success(request, _("已处理。"))
    return redirect("supervision_scores:deductions")
