"""One step of a case: from the engine's effects to rows, events and jobs."""

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import (
    END_RESULTS,
    OBJECT_KIND,
    PAPER_TO_COME,
    CaseOutcome,
    CaseStatus,
    DeadlineKind,
    DeadlineState,
    WorkItemStatus,
)
from zhengtong.capabilities.cases.engine import steps
from zhengtong.capabilities.cases.engine.advance import advance, begin
from zhengtong.capabilities.cases.engine.marking import Marking
from zhengtong.capabilities.cases.engine.model import EngineError, Graph, Node, Refused
from zhengtong.capabilities.cases.models import Case, Deadline, WorkItem
from zhengtong.capabilities.cases.selectors.drawn_tasks import (
    Unit,
    case_limit,
    phase_of,
    step_limit,
    unit_code,
    units_of,
    units_sent_to,
)
from zhengtong.capabilities.cases.selectors.processes import graph_of
from zhengtong.capabilities.cases.services import store
from zhengtong.capabilities.cases.services.batch import Batch
from zhengtong.capabilities.cases.services.clock import end_case, end_deadlines
from zhengtong.capabilities.cases.services.timers import due_time
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.cases import CaseClosed, StepCancelled, StepOpened
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.together import Together

log = logging.getLogger(__name__)

#: the act that ends a case without any end of its drawing
TERMINATE = "terminate"


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
    except EngineError as error:
        log.exception("the drawing of case %s cannot go on", case.number)
        raise Conflict(_("流程图在这一步有错误，办件没有改变，请联系流程管理员：%(why)s") % {"why": error}) from error
    return result


def write_effects(batch: Batch, effects: Iterable[steps.Effect]) -> None:
    """Carry out what a step brought: tasks opened and cancelled, timers, jobs, and the end of the case."""
    case = batch.case
    graph = graph_of(case.process_id)
    effects = list(effects)
    cancelled = [e.token for e in effects if isinstance(e, steps.CancelTask)]
    disarmed = [e.token for e in effects if isinstance(e, steps.DisarmTimers)]
    if cancelled:
        _cancel_tasks(batch, cancelled)
    if disarmed:
        store.execute(
            "update cases_processtimer set off = true where case_id = %s and token = any(%s) and fired_at is null",
            [case.id, disarmed],
        )
    _arm_timers(case, [e for e in effects if isinstance(e, steps.ArmTimer)])
    _open_tasks(batch, graph, [e for e in effects if isinstance(e, steps.OpenTask)])
    for effect in effects:
        if isinstance(effect, steps.CallService):
            batch.call(effect.token, effect.topic)
        elif isinstance(effect, steps.Done):
            _close(batch, CaseOutcome.TERMINATED if batch.why == TERMINATE else _outcome_of(graph, effects))


def _open_tasks(batch: Batch, graph: Graph, effects: list[steps.OpenTask]) -> None:
    units = _units(batch.case, graph, effects)
    opened = [(graph.nodes[effect.node], effect, new_id()) for effect in effects]
    batch.start(
        (DeadlineKind.STEP, step_limit(batch.case, node, effect.item), "", item_id)
        for node, effect, item_id in opened
        if effect.adhoc or case_limit(node) is None
    )
    due_times = {row["work_item_id"]: row["due_at"] for row in batch.deadlines}
    for (node, effect, item_id), unit in zip(opened, units, strict=True):
        limit = None if effect.adhoc else case_limit(node)
        due = due_times.get(item_id) if limit is None else due_of_case(batch, limit)
        row = _task_row(batch, node, effect, unit) | {"id": item_id, "due_at": due}
        batch.items.append(row)
        batch.tell(
            StepOpened,
            work_item_id=item_id,
            node=row["node"],
            step=row["step"],
            phase=row["phase"],
            step_org_id=row["org_id"],
            step_org_name=row["org_name"],
            due_at=due,
            why=batch.why,
            adhoc=row["adhoc"],
        )


def _units(case: Case, graph: Graph, effects: list[steps.OpenTask]) -> list[Unit]:
    """Who does each task: whom it was sent to when it was open before, else whom the drawing names."""
    sent = units_sent_to(case, [effect.node for effect in effects if not effect.adhoc])
    again = [None if effect.adhoc else sent.get((effect.node, effect.item or "")) for effect in effects]
    codes = [unit_code(graph.nodes[effect.node], effect.item or "", adhoc=bool(effect.adhoc)) for effect in effects]
    drawn = units_of(case, [code for code, unit in zip(codes, again, strict=True) if unit is None])
    return [unit or drawn[code] for code, unit in zip(codes, again, strict=True)]


def _task_row(batch: Batch, node: Node, effect: steps.OpenTask, unit: Unit) -> dict[str, Any]:
    return {
        "tenant": batch.case.tenant,
        "created_at": batch.at,
        "case_id": batch.case.id,
        "token": effect.token,
        "node": node.id,
        "step": node.name,
        "phase": phase_of(node),
        "role": node.settings.get("role", "clerk"),
        "org_id": unit[0],
        "org_name": unit[1],
        "status": str(WorkItemStatus.OPEN),
        "outcome": "",
        "adhoc": effect.adhoc,
        "item": effect.item or "",
        "cause_id": batch.cause_id,
        "opened_at": batch.at,
        "done_by": "",
        "done_post": "",
    }


def due_of_case(batch: Batch, kind: DeadlineKind) -> dt.datetime | None:
    """When a limit of the case itself runs out: one that this step starts, or one that is running."""
    for row in batch.deadlines:
        if row["kind"] == kind and row["state"] == DeadlineState.RUNNING:
            started: dt.datetime | None = row["due_at"]
            return started
    running = Deadline.objects.filter(case_id=batch.case.id, kind=kind, state=DeadlineState.RUNNING)
    due: dt.datetime | None = running.values_list("due_at", flat=True).first()
    return due


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


def _cancel_tasks(batch: Batch, tokens: list[int]) -> None:
    case = batch.case
    rows = store.cancel_items(case.id, tokens)
    if not rows:
        return
    end_deadlines(case.id, state=DeadlineState.CANCELLED, work_items=[row["work_item_id"] for row in rows])
    for row in rows:
        batch.tell(StepCancelled, why=batch.why, **row)


def _close(batch: Batch, outcome: CaseOutcome) -> None:
    case = batch.case
    case.outcome = str(outcome)
    case.status = str(CaseStatus.CLOSED)
    case.closed_at = batch.at
    withdrawn = outcome == CaseOutcome.WITHDRAWN
    batch.write_rows()  # what this very step has started ends with the case
    # a paper that is still to be handed over is delivered when the applicant has it: see ``delivery``
    kept = DeadlineKind.DELIVERY if case.variables.get(PAPER_TO_COME) and not withdrawn else ""
    late = end_case(case.id, state=DeadlineState.CANCELLED if withdrawn else DeadlineState.MET, but=kept)
    batch.tell(CaseClosed, outcome=case.outcome, opened_at=case.created_at, in_time=not late)


def _outcome_of(graph: Graph, effects: Iterable[steps.Effect]) -> CaseOutcome:
    """What the last end event of the drawing says; a case that was cut short was withdrawn."""
    ends = [effect.node for effect in effects if isinstance(effect, steps.Ended)]
    result = graph.nodes[ends[-1]].settings.get("result", "") if ends else ""
    return END_RESULTS.get(result, CaseOutcome.WITHDRAWN)


def check_item_open(item: WorkItem) -> None:
    """Conflict when somebody was faster or the task was taken back."""
    if item.status != WorkItemStatus.OPEN:
        raise Conflict(_("这个环节已经由他人办结或已撤回，没有重复提交。请刷新后查看最新状态。"))


def locked_open_item(actor: Actor, work_item_id: uuid.UUID) -> tuple[Case, WorkItem]:
    """An open task of the actor's tenant with its case, both read under the case's lock; NotFound, Conflict."""
    case = store.lock_case_of_item(work_item_id, actor.tenant)
    item = store.lock_item(case, work_item_id)
    check_item_open(item)
    return case, item


def advance_and_write(actor: Actor, case: Case, command: steps.Command, act: str, payload: Mapping[str, Any]) -> None:
    """Carry a command out on a locked case, with its entry in the ledger."""
    batch = Batch(case, why=act.removeprefix("cases."))
    effects = advance_case(case, command)
    write_effects(batch, effects)
    held = [effect.node for effect in effects if isinstance(effect, steps.StillOpen)]
    write_step(actor, batch, act, {**payload, "still_open": held} if held else payload)


def write_step(
    actor: Actor,
    batch: Batch,
    act: str,
    payload: Mapping[str, Any],
    *,
    save: Callable[[Case, Together], None] = store.save_progress,
) -> None:
    """Write what a step gathered, then its entry in the ledger."""
    case, statement = batch.case, Together()
    save(case, statement)
    batch.write(statement)
    ref = ObjectRef(kind=OBJECT_KIND, id=str(case.id))
    ledger.append(actor=actor, act=act, object_ref=ref, payload=payload, into=statement)
    statement.run()
    batch.enqueue()


def check_case_open(case: Case) -> None:
    """Conflict on a case that has ended."""
    if case.status != CaseStatus.OPEN:
        raise Conflict(_("这个办件已经办结，不能再操作。"))
