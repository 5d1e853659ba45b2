"""One step of a case: from the engine's effects to rows, events and jobs."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from zhengtong.capabilities.cases.constants import (
    END_RESULTS,
    CaseOutcome,
    CaseStatus,
    DeadlineKind,
    DeadlineState,
    Phase,
    WorkItemStatus,
)
from zhengtong.capabilities.cases.engine import steps
from zhengtong.capabilities.cases.engine.advance import advance, begin
from zhengtong.capabilities.cases.engine.marking import Marking
from zhengtong.capabilities.cases.engine.model import Graph, Node, Refused
from zhengtong.capabilities.cases.models import Case, Deadline, WorkItem
from zhengtong.capabilities.cases.rules import Limit
from zhengtong.capabilities.cases.rules.phases import accepts_cases
from zhengtong.capabilities.cases.selectors.processes import graph_of
from zhengtong.capabilities.cases.services import store
from zhengtong.capabilities.cases.services.clock import end_deadlines, event_fields, start_deadlines
from zhengtong.capabilities.cases.services.timers import due_time
from zhengtong.capabilities.identity import api as identity
from zhengtong.contracts.cases import CaseClosed, StepOpened
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.outbox import publish

RUN_SERVICE = "cases.run_service"


def begin_case(case: Case) -> list[steps.Effect]:
    """The engine's first step; sets the marking of a case that is not yet stored."""
    marking, effects = _engine(lambda graph: begin(graph, case.variables), case)
    case.marking = marking.to_json()
    return effects


def advance_case(case: Case, command: steps.Command) -> list[steps.Effect]:
    """The engine's next step on a locked case; raises Conflict when the command no longer fits."""
    before = Marking.from_json(case.marking)
    marking, effects = _engine(lambda graph: advance(graph, before, case.variables, command), case)
    case.marking = marking.to_json()
    return effects


def _engine(play: Any, case: Case) -> tuple[Marking, list[steps.Effect]]:
    try:
        result: tuple[Marking, list[steps.Effect]] = play(graph_of(case.process_id))
    except Refused as refusal:
        raise Conflict(str(refusal)) from refusal
    return result


def write_effects(case: Case, effects: Iterable[steps.Effect]) -> None:
    """Write what a step brought: tasks opened and cancelled, timers, jobs, and the end of the case."""
    graph = graph_of(case.process_id)
    effects = list(effects)
    cancelled = [e.token for e in effects if isinstance(e, steps.CancelTask)]
    disarmed = [e.token for e in effects if isinstance(e, steps.DisarmTimers)]
    if cancelled:
        _cancel_tasks(case, cancelled)
    if disarmed:
        store.execute(
            "update cases_processtimer set off = true where case_id = %s and token = any(%s) and fired_at is null",
            [case.id, disarmed],
        )
    _arm_timers(case, [e for e in effects if isinstance(e, steps.ArmTimer)])
    _open_tasks(case, graph, [e for e in effects if isinstance(e, steps.OpenTask)])
    for effect in effects:
        if isinstance(effect, steps.CallService):
            jobs.configure_task(RUN_SERVICE).defer(
                tenant=case.tenant, case_id=str(case.id), token=effect.token, topic=effect.topic
            )
        elif isinstance(effect, steps.Done):
            _close(case, _outcome_of(graph, effects))


def _open_tasks(case: Case, graph: Graph, effects: list[steps.OpenTask]) -> None:
    at = now()
    rows = [_task_row(case, graph.nodes[effect.node], effect, at) for effect in effects]
    store.insert("cases_workitem", rows)
    for row, effect in zip(rows, effects, strict=True):
        due = _start_step_limit(case, graph.nodes[effect.node], effect.item, row, at)
        if due is not None:
            store.execute("update cases_workitem set due_at = %s where id = %s", [due, row["id"]])
        publish(
            StepOpened(
                **event_fields(case),
                work_item_id=row["id"],
                node=row["node"],
                step=row["step"],
                phase=row["phase"],
                step_org_id=row["org_id"],
                step_org_name=row["org_name"],
                due_at=due,
            )
        )


def _task_row(case: Case, node: Node, effect: steps.OpenTask, at: dt.datetime) -> dict[str, Any]:
    org_id, org_name = _unit(case, node, effect.item)
    return {
        "id": new_id(),
        "tenant": case.tenant,
        "created_at": at,
        "case_id": case.id,
        "token": effect.token,
        "node": node.id,
        "step": node.name,
        "phase": node.settings.get("phase", "review"),
        "role": node.settings.get("role", "clerk"),
        "org_id": org_id,
        "org_name": org_name,
        "status": str(WorkItemStatus.OPEN),
        "outcome": "",
        "opened_at": at,
        "done_by": "",
        "done_post": "",
    }


def _unit(case: Case, node: Node, item: str | None) -> tuple[uuid.UUID | None, str]:
    unit = node.settings.get("unit", "lead")
    if unit == "applicant":
        return None, ""
    if unit == "lead":
        return case.org_id, case.org_name
    organisation = identity.organisation(case.tenant, item if unit == "item" and item else unit)
    return organisation.id, organisation.name


def _start_step_limit(
    case: Case, node: Node, item: str | None, row: Mapping[str, Any], at: dt.datetime
) -> dt.datetime | None:
    """When the task is due; accepting and supplementing are limited by the case's own deadlines."""
    accepting = accepts_cases(tuple(node.outcomes))
    if accepting or row["phase"] == Phase.SUPPLEMENT:
        own = DeadlineKind.ACCEPTANCE if accepting else DeadlineKind.SUPPLEMENT
        running = Deadline.objects.filter(case_id=case.id, kind=own, state=DeadlineState.RUNNING)
        due: dt.datetime | None = running.values_list("due_at", flat=True).first()
        return due
    limit = _step_limit(case, node, item)
    return start_deadlines(case, [(DeadlineKind.STEP, limit, "", row["id"])], started_at=at).get(DeadlineKind.STEP)


def _step_limit(case: Case, node: Node, item: str | None) -> Limit:
    planned: Mapping[str, str] = case.clock_plan["steps"]
    code = item or node.settings.get("unit", "")
    return Limit.parse(planned.get(code) or node.settings.get("limit") or "NONE")


def _arm_timers(case: Case, effects: list[steps.ArmTimer]) -> None:
    store.insert(
        "cases_processtimer",
        [
            {
                "id": new_id(),
                "tenant": case.tenant,
                "created_at": now(),
                "case_id": case.id,
                "token": effect.token,
                "node": effect.node,
                "due_at": due_time(case.tenant, effect.duration, now()),
                "off": False,
            }
            for effect in effects
        ],
    )


def _cancel_tasks(case: Case, tokens: list[int]) -> None:
    ids = list(WorkItem.objects.filter(case_id=case.id, token__in=tokens, status="open").values_list("id", flat=True))
    if ids:
        store.execute("update cases_workitem set status = 'cancelled' where id = any(%s)", [ids])
        end_deadlines(case.id, state=DeadlineState.CANCELLED, work_items=ids)


def _close(case: Case, outcome: CaseOutcome) -> None:
    case.outcome = str(outcome)
    case.status = str(CaseStatus.CLOSED)
    case.closed_at = now()
    withdrawn = outcome == CaseOutcome.WITHDRAWN
    end_deadlines(case.id, state=DeadlineState.CANCELLED if withdrawn else DeadlineState.MET)
    late = Deadline.objects.filter(case_id=case.id, kind=DeadlineKind.PROMISED, level="red").exists()
    publish(CaseClosed(**event_fields(case), outcome=case.outcome, opened_at=case.created_at, in_time=not late))


def _outcome_of(graph: Graph, effects: Iterable[steps.Effect]) -> CaseOutcome:
    """What the last end event of the drawing says; a case that was cut short was withdrawn."""
    ends = [effect.node for effect in effects if isinstance(effect, steps.Ended)]
    result = graph.nodes[ends[-1]].settings.get("result", "") if ends else ""
    return END_RESULTS.get(result, CaseOutcome.WITHDRAWN)


def open_item(case: Case, work_item_id: uuid.UUID) -> WorkItem:
    """The open task of a locked case; Conflict when somebody was faster or it was taken back."""
    item = WorkItem.objects.filter(case_id=case.id, pk=work_item_id).first()
    if item is None or item.status != WorkItemStatus.OPEN:
        raise Conflict(_("这个环节已经由他人办结或已撤回，没有重复提交。请刷新后查看最新状态。"))
    return item
