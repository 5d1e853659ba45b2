"""Beside the drawing: what the compiler says to it, and the trial run. Both work without scripts as pages."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.capabilities.cases.engine.draw import svg
from zhengtong.capabilities.cases.engine.expressions import FLAG, LIST, TYPES
from zhengtong.capabilities.cases.engine.model import EngineError, Graph
from zhengtong.capabilities.cases.engine.rehearsal import OUTCOME, START, Move, Rehearsal, Waiting, read_value
from zhengtong.capabilities.cases.selectors.drafts import DraftView, draft_trials, draft_view
from zhengtong.capabilities.cases.selectors.processes import compile_drawing
from zhengtong.capabilities.cases.selectors.trials import read_moves, rehearse
from zhengtong.capabilities.cases.services.trials import record_trial, remove_trial
from zhengtong.capabilities.cases.web import words
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.plain_json import read_json
from zhengtong.kernel.policy import actor_of, requires

_SAMPLE_UNITS = 2


@requires("process_admin")
@require_POST
def check(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """What the compiler says to the drawing of the page, and whether the recorded trials still run on it."""
    actor = actor_of(request)
    view = draft_view(actor, draft_id)
    compiled = compile_drawing(actor.tenant, request.POST.get("xml") or view.bpmn_xml)
    trials = draft_trials(actor, draft_id, compiled.graph) if compiled.graph else ()
    context = {"refusals": words.refusals(compiled.refusals), "trials": trials}
    return render(request, "cases/parts/checks.html", context)


@requires("process_admin")
@require_http_methods(["GET", "POST"])
def trial(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Play the drawing: the moves so far travel with the page, nothing is kept until the trial is recorded."""
    actor = actor_of(request)
    view = draft_view(actor, draft_id)
    xml = request.POST.get("xml") or view.bpmn_xml
    compiled = compile_drawing(actor.tenant, xml)
    problem, act = "", request.POST.get("act", "")
    moves: list[Move] = []
    played = Rehearsal()
    if compiled.graph is not None:
        try:
            moves = list(read_moves(read_json(request.POST.get("moves") or "[]")))
            moves, played = _played(compiled.graph, moves, act, request)
        except ValueError as error:
            problem = str(error) if not isinstance(error, json.JSONDecodeError) else _("试运行的记录已经损坏。")
            played = rehearse(compiled.graph, moves)
        if act == "record" and not problem:
            try:
                plain = [move.to_json() for move in moves]
                record_trial(actor=actor, draft_id=draft_id, title=request.POST.get("title", ""), moves=plain)
                moves, played = [], Rehearsal()
                messages.success(request, _("试运行已经记录，以后每次改图都会自动重走一遍。"))
                if not _in_panel(request):
                    return redirect("processes:draft", draft_id=draft_id)
            except (Invalid, Conflict) as error:
                problem = error.message
    typed = request.POST if problem else {}
    context = _trial_context(actor, view, compiled.graph, moves, played, typed) | {
        "problem": problem or played.fault,
        "refusals": words.refusals(compiled.refusals),
        "title": request.POST.get("title", ""),
        "in_panel": _in_panel(request),
    }
    if _in_panel(request):
        return render(request, "cases/parts/trial.html", context, status=422 if problem else 200)
    context["picture"] = _picture(xml, played)
    return render(request, "cases/trial.html", context, status=422 if problem else 200)


@requires("process_admin")
@require_POST
def remove(request: HttpRequest, draft_id: uuid.UUID, trial_id: uuid.UUID) -> HttpResponse:
    """Take a recorded trial away."""
    remove_trial(actor=actor_of(request), draft_id=draft_id, trial_id=trial_id)
    messages.success(request, _("已删去这条试运行记录。"))
    return redirect(reverse("processes:draft", args=[draft_id]) + "#trials")


def _in_panel(request: HttpRequest) -> bool:
    return request.headers.get("X-Panel") == "1"


def _played(graph: Graph, moves: list[Move], act: str, request: HttpRequest) -> tuple[list[Move], Rehearsal]:
    """The moves after what the reader pressed, and where they lead; a move that does not fit is not kept."""
    if act == "reset":
        return [], Rehearsal()
    if act == "undo":
        moves = moves[:-1]
    elif act == "start":
        moves = [Move(START, variables=_typed(graph, request, {}))]
    elif act.startswith("{"):
        before = rehearse(graph, moves)
        move = Move.from_json(read_json(act))
        wanted = [*moves, Move(move.do, move.node, move.item, move.outcome, _typed(graph, request, before.variables))]
        after = rehearse(graph, wanted)
        if after.fault and not before.fault:
            raise ValueError(after.fault)
        return wanted, after
    return moves, rehearse(graph, moves)


def _typed(graph: Graph, request: HttpRequest, current: Any) -> dict[str, object]:
    """Variables as typed in the form that differ from what they are."""
    found = {}
    for name, kind in graph.variables.items():
        if name == OUTCOME or kind not in TYPES:
            continue
        value = read_value(request.POST.get(f"var.{name}", ""), kind)
        given = f"var.{name}" in request.POST or kind == FLAG
        if given and (name not in current or current[name] != value):
            found[name] = value
    return found


def _trial_context(
    actor: Actor,
    view: DraftView,
    graph: Graph | None,
    moves: list[Move],
    played: Rehearsal,
    typed: Mapping[str, str],
) -> dict[str, Any]:
    names = words.unit_names(actor.tenant)
    return {
        "desk_title": _("流程管理"),
        "breadcrumbs": [
            {"label": _("流程管理"), "url": reverse("processes:list")},
            {"label": view.row.title, "url": reverse("processes:draft", args=[view.row.id])},
            {"label": _("试运行")},
        ],
        "draft": view,
        "moves": json.dumps([move.to_json() for move in moves], ensure_ascii=False),
        "started": bool(moves),
        "played": played,
        "waiting": [_waiting(entry, names) for entry in played.waiting],
        "variables": _variables(graph, played, list(names), typed) if graph else [],
        "marks": {"active": sorted(played.active), "done": sorted(played.done), "flows": sorted(played.flows)},
    }


def _waiting(entry: Waiting, names: dict[str, str]) -> dict[str, Any]:
    base = {"do": entry.do, "node": entry.node, "item": entry.item}
    labels = {"task": _("办结"), "service": _("系统办完"), "timer": _("到时"), "message": _("收到消息")}
    choices = entry.outcomes or {"": labels[entry.do]}
    who = " ".join(
        part for part in (words.unit_label(entry.unit, entry.item, names), words.role_label(entry.role)) if part
    )
    kinds = {"task": who, "service": _("由系统办理"), "timer": _("等待时间"), "message": _("等待消息")}
    return {
        "node": entry.node,
        "name": entry.name,
        "who": kinds[entry.do],
        "limit": words.limit_label(entry.limit),
        "acts": [
            {"value": json.dumps(base | {"outcome": code}, ensure_ascii=False), "label": label}
            for code, label in choices.items()
        ]
        + [
            {
                "value": json.dumps(base | {"do": "error", "outcome": code}),
                "label": _("返回错误 %(code)s") % {"code": code},
            }
            for code in entry.errors
        ],
    }


def _variables(graph: Graph, played: Rehearsal, codes: list[str], typed: Mapping[str, str]) -> list[dict[str, Any]]:
    """The fields of the variables, as they are or, after a refusal, as they were ``typed``."""
    found = []
    for name, kind in graph.variables.items():
        if name == OUTCOME:
            continue
        value = played.variables.get(name)
        if value is None and kind == LIST and not played.steps:
            value = codes[:_SAMPLE_UNITS]
        text = "，".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
        on = value is True
        if typed:
            text, on = typed.get(f"var.{name}", text), f"var.{name}" in typed
        found.append({"name": name, "kind": kind, "label": TYPES.get(kind, kind), "value": text, "on": on})
    return found


def _picture(xml: str, played: Rehearsal) -> str:
    try:
        flows = dict.fromkeys(played.flows, "passed")
        return words.drawn(svg(xml, active=played.active, done=played.done, marks=flows))
    except EngineError:
        return ""
