"""Pages of the import: sending a list in, its report row by row, entering it, getting it back with reasons."""

import json
import uuid
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengtong.capabilities.catalogue import api, engine, rules
from zhengtong.capabilities.catalogue.constants import LineOutcome, LineVerdict, ListState
from zhengtong.capabilities.catalogue.models import ItemList
from zhengtong.capabilities.catalogue.selectors import import_lists
from zhengtong.capabilities.catalogue.web import authoring_frame as frames
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.policy import actor_of, requires

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_REFRESH = 4  # seconds between looks at a running import
_TONES = {"held": "red", "duplicate": "yellow"}


@requires(*frames.EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def lists(request: HttpRequest) -> HttpResponse:
    """The lists sent in, and the form for the next one; POST file, sender."""
    actor = actor_of(request)
    errors: dict[str, str] = {}
    sender = request.POST.get("sender", "").strip()[:100]
    if request.method == "POST":
        sent = request.FILES.get("file")
        if sent is None:
            errors["file"] = _("请选择要导入的表格文件。")
        elif (sent.size or 0) > engine.MAX_BYTES:
            errors["file"] = _("文件超过 20 MB。请删去图片和无关的工作表后再上传。")
        else:
            try:
                row = api.receive_list(actor=actor, name=sent.name or "", content=sent.read(), sender=sender)
            except Invalid as refusal:
                errors[refusal.field or "file"] = refusal.message
            else:
                return redirect("catalogue:import_list", row.id)
    context = page_frame(request, actor)
    context |= {
        "page": import_lists.lists_of(actor, request.GET.get("page")),
        "errors": errors,
        "sender": sender or actor.org_name,
    }
    return render(request, "catalogue/import/lists.html", context, status=422 if errors else 200)


@requires(*frames.EDITORS)
@require_GET
@never_cache
def report(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """What became of a list row by row; GET verdict, code, outcome, page."""
    actor = actor_of(request)
    row = import_lists.list_of(actor, list_id)
    return report_page(request, actor, row)


def report_page(
    request: HttpRequest, actor: Actor, row: ItemList, *, problem: str = "", status: int = 200
) -> HttpResponse:
    """The report of a list, with the sentence of a refusal on top."""
    wanted = {name: request.GET.get(name, "")[:40] for name in ("verdict", "code", "outcome")}
    page = import_lists.lines_of(row, **wanted, page=request.GET.get("page"))
    context = page_frame(request, actor, row)
    context |= {
        "row": row,
        "page": page,
        "lines": [_line(line) for line in page.rows],
        "figures": _figures(row),
        "outcomes": outcome_words(row),
        "entered": row.state == ListState.ENTERED,
        "several": sum(sheet["read"] for sheet in row.summary.get("sheets", [])) > 1,
        "codes": import_lists.codes_in(row),
        "filters": _filters(row),
        "sheets": row.summary.get("sheets", []),
        "remarks": row.summary.get("remarks", []),
        "running": row.state == ListState.ENTERING,
        "enterable": row.state != ListState.ENTERING and row.summary.get("accepted", 0) > 0,
        "stopped": row.state == ListState.STOPPED,
        "state_label": ListState(row.state).label,
        "problem": problem,
    }
    response = render(request, "catalogue/import/report.html", context, status=status)
    if row.state == ListState.ENTERING:
        response["Refresh"] = str(_REFRESH)
    return response


@requires(*frames.EDITORS)
@require_POST
@never_cache
def enter(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """Enter the good rows as drafts."""
    actor = actor_of(request)
    try:
        row = api.enter_list(actor=actor, list_id=list_id)
    except Invalid as refusal:
        return report_page(request, actor, import_lists.list_of(actor, list_id), problem=refusal.message, status=422)
    if row.state == ListState.ENTERED:
        words = "，".join(outcome_words(row))
        messages.success(request, _("已导入：%(words)s。草稿在“事项编制”里，核对后送审。") % {"words": words})
    return redirect("catalogue:import_list", row.id)


@requires(*frames.EDITORS)
@require_GET
def returned(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """The list in its own layout with verdict and reasons beside every row."""
    row = import_lists.list_of(actor_of(request), list_id)
    stem = row.file_name.rpartition(".")[0] or row.file_name
    return _download(import_lists.returned(row), XLSX, f"{stem}-核对结果.xlsx")


@requires(*frames.EDITORS)
@require_GET
def report_json(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """The report as JSON, as the command writes it."""
    row = import_lists.list_of(actor_of(request), list_id)
    text = json.dumps(import_lists.report_of(row), ensure_ascii=False, indent=1)
    stem = row.file_name.rpartition(".")[0] or row.file_name
    return _download(text.encode(), "application/json; charset=utf-8", f"{stem}-核对结果.json")


@requires(*frames.EDITORS)
@require_GET
def template(request: HttpRequest, form: str) -> HttpResponse:
    """Our own empty list, as ``xlsx`` with choices or as ``csv``."""
    if form == "csv":
        return _download(engine.template_csv(), "text/csv; charset=utf-8", "事项导入模板.csv")
    return _download(engine.template_xlsx(), XLSX, "事项导入模板.xlsx")


def page_frame(request: HttpRequest, actor: Actor, row: ItemList | None = None) -> dict[str, Any]:
    """The desk around the pages of the import."""
    context = frames.frame(request, actor)
    crumbs = [*context["breadcrumbs"], {"label": _("导入表格"), "url": reverse("catalogue:import")}]
    if row is not None:
        crumbs.append({"label": row.file_name, "url": reverse("catalogue:import_list", args=[row.id])})
    for entry in context["desk_nav"]:
        entry["active"] = entry.get("url") == reverse("catalogue:import")
    context["breadcrumbs"] = crumbs
    return context


def outcome_words(row: ItemList) -> list[str]:
    """新增草稿 3 项, … of the outcomes that occur, in their order."""
    counts = row.summary.get("items", {})
    return [f"{label} {counts[key]} 项" for key, label in LineOutcome.choices if counts.get(key)]


def _line(line: Any) -> dict[str, Any]:
    order = {"hold": 0, "skip": 1, "warn": 2, "info": 3}
    problems = sorted(line.problems, key=lambda each: order[each["severity"]])
    outcome = line.outcome or line.planned
    return {
        "line": line,
        "verdict": LineVerdict(line.verdict).label,
        "tone": _TONES.get(line.verdict, ""),
        "outcome": LineOutcome(outcome).label if outcome else "",
        "statutory": _limit_words(line.statutory_limit),
        "promised": _limit_words(line.promised_limit),
        "weighty": [each for each in problems if each["severity"] in ("hold", "skip")],
        "lighter": [each for each in problems if each["severity"] in ("warn", "info")],
    }


def _limit_words(text: str) -> str:
    return rules.words_of(text) if text else "—"


def _figures(row: ItemList) -> list[dict[str, Any]]:
    base = reverse("catalogue:import_list", args=[row.id])
    return [
        {
            "value": row.summary.get(str(verdict), 0),
            "label": str(label),
            "tone": _TONES.get(str(verdict), "") if row.summary.get(str(verdict)) else "",
            "url": f"{base}?verdict={verdict}#rows",
        }
        for verdict, label in LineVerdict.choices
    ]


def _filters(row: ItemList) -> list[dict[str, Any]]:
    all_ = ("", _("全部"))
    codes = [(code, f"{words}（{count}）") for code, _severity, words, count in import_lists.codes_in(row)]
    outcomes = [(str(key), str(label)) for key, label in LineOutcome.choices if key]
    verdicts = [(str(key), str(label)) for key, label in LineVerdict.choices]
    return [
        {"name": "verdict", "label": _("核对结果"), "type": "select", "options": [all_, *verdicts]},
        {"name": "code", "label": _("问题"), "type": "select", "options": [all_, *codes]},
        {"name": "outcome", "label": _("对清单的影响"), "type": "select", "options": [all_, *outcomes]},
    ]


def _download(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
