"""Trial runs as pages show them, and what still stands between a draft and its approval."""

import dataclasses
import datetime as dt
import uuid

from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.engine.model import Graph
from zhengtong.capabilities.cases.engine.rehearsal import Move, Rehearsal, read_moves, rehearse
from zhengtong.capabilities.cases.models import ProcessDraft, ProcessTrial
from zhengtong.capabilities.cases.selectors.processes import compile_drawing

__all__ = ["Move", "Rehearsal", "TrialView", "read_moves", "rehearse", "submission_problems", "trials_of"]


@dataclasses.dataclass(frozen=True)
class TrialView:
    """A recorded trial and how it goes on the drawing of this moment; ``problem`` is empty when it still ends well."""

    id: uuid.UUID
    title: str
    moves: int
    ending: str
    steps: tuple[str, ...]
    problem: str
    recorded_by: str
    recorded_at: dt.datetime


def trials_of(draft: ProcessDraft, graph: Graph | None) -> tuple[TrialView, ...]:
    """The recorded trials of a draft, each played again on this graph."""
    return tuple(_view(trial, graph) for trial in draft.trials.order_by("created_at"))


def _view(trial: ProcessTrial, graph: Graph | None) -> TrialView:
    moves = read_moves(trial.moves)
    played = rehearse(graph, moves) if graph is not None else Rehearsal()
    return TrialView(
        id=trial.id,
        title=trial.title,
        moves=len(moves),
        ending=played.ending or trial.ending,
        steps=played.steps,
        problem=_problem(played, known=graph is not None),
        recorded_by=trial.recorded_by,
        recorded_at=trial.created_at,
    )


def _problem(played: Rehearsal, *, known: bool) -> str:
    if not known:
        return _("图纸还有问题，现在不能试运行。")
    if played.fault:
        return played.fault
    return "" if played.complete else _("走完所有步骤后办件没有结束。")


def submission_problems(draft: ProcessDraft) -> list[str]:
    """Why a draft cannot be put in force yet, one sentence each; empty when nothing is in the way."""
    compiled = compile_drawing(draft.tenant, draft.bpmn_xml)
    if compiled.graph is None:
        return [refusal.message for refusal in compiled.refusals]
    if draft.base is not None and draft.base.active and draft.base.bpmn_xml == draft.bpmn_xml:
        return [_("图纸与现行版本完全相同。")]
    trials = trials_of(draft, compiled.graph)
    if not trials:
        return [_("还没有试运行记录：请至少完整试运行一次，走到结束，并保存记录。")]
    return [_("试运行“%(title)s”没有通过：%(why)s") % {"title": t.title, "why": t.problem} for t in trials if t.problem]
