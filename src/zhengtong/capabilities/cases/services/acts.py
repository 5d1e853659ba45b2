"""What people and the platform do to a case: open, complete, withdraw, answer a service, fire a timer, pause."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import permissions
from zhengtong.capabilities.cases.constants import OBJECT_KIND, WITHDRAW_MESSAGE, CaseStatus, DeadlineState
from zhengtong.capabilities.cases.engine import steps as engine
from zhengtong.capabilities.cases.engine.advance import waiting_messages
from zhengtong.capabilities.cases.engine.marking import Marking
from zhengtong.capabilities.cases.models import Case, WorkItem
from zhengtong.capabilities.cases.rules import Limit
from zhengtong.capabilities.cases.rules.phases import clock_moves, may_supplement, opinion_needed
from zhengtong.capabilities.cases.selectors.processes import active_process, graph_of
from zhengtong.capabilities.cases.services import clock, store, timers
from zhengtong.capabilities.cases.services.steps import advance_case, begin_case, open_item, write_effects
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.cases import CaseAccepted, CaseOpened, StepDone
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.outbox import publish


@transaction.atomic
def open_case(
    *,
    actor: Actor,
    number: str,
    title: str,
    item_code: str,
    process_key: str,
    owner_org_id: uuid.UUID,
    owner_org_name: str,
    subject_ref: ObjectRef,
    limits: Mapping[str, Limit],
    bases: Mapping[str, str] | None = None,
    departments: Sequence[str] = (),
    step_limits: Mapping[str, Limit] | None = None,
    variables: Mapping[str, Any] | None = None,
) -> uuid.UUID:
    """Open a case on the active version of a process and start the limit for acceptance.

    ``limits`` gives acceptance, promised, statutory, supplement and delivery; ``step_limits`` the limit of a
    unit's task by organisation code. Raises NotFound when the process is not deployed.
    """
    at = now()
    case = Case(
        id=new_id(),
        tenant=actor.tenant,
        created_at=at,
        number=number,
        title=title,
        item_code=item_code,
        process=active_process(actor.tenant, process_key),
        variables={"departments": list(departments), **(variables or {})},
        org_id=owner_org_id,
        org_name=owner_org_name,
        subject_kind=subject_ref.kind,
        subject_id=subject_ref.id,
        clock_plan={
            "limits": {kind: str(limit) for kind, limit in limits.items() if limit.is_set},
            "bases": dict(bases or {}),
            "steps": {code: str(limit) for code, limit in (step_limits or {}).items()},
        },
    )
    effects = begin_case(case)
    case.save(force_insert=True)
    clock.start_deadlines(case, clock.plan_entries(case, ["acceptance"]), started_at=at)
    write_effects(case, effects)
    _record(actor, case, "cases.open", {"number": number, "item": item_code, "process": str(case.process_id)})
    publish(CaseOpened(**clock.event_fields(case)))
    return case.id


@transaction.atomic
def complete_step(
    *,
    actor: Actor,
    work_item_id: uuid.UUID,
    outcome: str,
    opinion: str = "",
    variables: Mapping[str, Any] | None = None,
    command_key: str,
    as_applicant: bool = False,
) -> uuid.UUID:
    """Complete a task with an outcome of its drawing; the same ``command_key`` twice does nothing the second time.

    Raises NotPermitted for the wrong unit or role, Invalid for an unknown outcome or a missing opinion,
    Conflict when the task is no longer open. Returns the case.
    """
    case_id = WorkItem.objects.filter(tenant=actor.tenant, pk=work_item_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotFound(_("没有找到这个待办事项。"))
    case = store.lock_case(case_id, actor.tenant)
    if not store.remember_command(case.id, command_key, now()):
        return case.id
    item = open_item(case, work_item_id)
    permissions.check_may_complete(actor, item, as_applicant=as_applicant)
    label = _checked_outcome(case, item, outcome, opinion)
    case.variables = {**case.variables, **(variables or {}), "outcome": outcome}
    effects = advance_case(case, engine.Complete(token=item.token))
    _write_done(actor, case, item, outcome, label, opinion)
    _move_clock(case, item.phase, outcome)
    write_effects(case, effects)
    store.save_progress(case)
    _record(actor, case, f"cases.{item.phase}.{outcome}", {"step": item.step, "outcome": outcome, "opinion": opinion})
    return case.id


@transaction.atomic
def withdraw_case(*, actor: Actor, case_id: uuid.UUID, reason: str, command_key: str) -> None:
    """The applicant takes the application back; the caller has checked that it is the applicant's own."""
    case = store.lock_case(case_id, actor.tenant)
    if not store.remember_command(case.id, command_key, now()):
        return
    _check_open(case)
    case.variables = {**case.variables, "outcome": "withdraw"}
    command = _withdrawal(case)
    write_effects(case, advance_case(case, command))
    store.save_progress(case)
    _record(actor, case, "cases.withdraw", {"reason": reason})


@transaction.atomic
def finish_service(*, tenant: str, case_id: uuid.UUID, token: int, result: Mapping[str, Any]) -> None:
    """The answer of a service task; an answer that is no longer awaited changes nothing."""
    case = store.lock_case(case_id, tenant)
    if str(token) not in case.marking["t"]:
        return
    case.variables = {**case.variables, **result}
    write_effects(case, advance_case(case, engine.ServiceDone(token=token)))
    store.save_progress(case)
    _record(system(tenant), case, "cases.service_done", {"token": token, "result": dict(result)})


def fire_timers() -> int:
    """Fire the drawn timers that have run out; each in its own transaction, one failing holds up no other."""
    return sum(_fire(*due) for due in timers.due_timers())


@transaction.atomic
def _fire(timer_id: uuid.UUID, case_id: uuid.UUID, tenant: str) -> int:
    case = store.lock_case(case_id, tenant)
    timer = timers.take(timer_id)
    if timer is None:
        return 0
    write_effects(case, advance_case(case, engine.FireTimer(token=timer.token, node=timer.node)))
    store.save_progress(case)
    _record(system(tenant), case, "cases.timer", {"node": timer.node})
    return 1


def _withdrawal(case: Case) -> engine.Command:
    """The drawing's own way of withdrawing; where it has one, it also says until when."""
    graph = graph_of(case.process_id)
    if WITHDRAW_MESSAGE not in graph.message_names():
        return engine.Cancel()
    waits = waiting_messages(graph, Marking.from_json(case.marking))
    if all(message.name != WITHDRAW_MESSAGE for message in waits):
        raise Conflict(_("决定已经作出，正在制发文书，不能再撤回。"))
    return engine.Message(WITHDRAW_MESSAGE)


def _checked_outcome(case: Case, item: WorkItem, outcome: str, opinion: str) -> str:
    outcomes = graph_of(case.process_id).nodes[item.node].outcomes or {"done": _("办结")}
    if outcome not in outcomes:
        raise Invalid(_("请选择办理结论。"), field="outcome")
    if outcome == "supplement" and not may_supplement(deemed=case.deemed_accepted):
        raise Invalid(
            _("收到材料已超过 5 个工作日没有告知，依法视为受理，不能再要求补正，请直接办理受理。"), field="outcome"
        )
    if opinion_needed(outcome) and not opinion.strip():
        raise Invalid(
            _("请填写理由：作出“%(label)s”须向申请人说明理由。") % {"label": outcomes[outcome]}, field="opinion"
        )
    return outcomes[outcome]


def _write_done(actor: Actor, case: Case, item: WorkItem, outcome: str, label: str, opinion: str) -> None:
    at = now()
    store.execute(
        "update cases_workitem set status = 'done', outcome = %s, done_at = %s, done_by_id = %s, done_by = %s,"
        " done_post = %s where id = %s",
        [outcome, at, actor.person_id, actor.name, actor.post_name, item.id],
    )
    store.insert(
        "cases_opinion",
        [
            {
                "id": new_id(),
                "tenant": case.tenant,
                "created_at": at,
                "case_id": case.id,
                "work_item_id": item.id,
                "outcome": outcome,
                "outcome_label": label,
                "text": opinion.strip(),
                "author": actor.name,
                "author_id": actor.person_id,
                "post_name": actor.post_name,
                "org_name": actor.org_name,
            }
        ],
    )
    clock.end_deadlines(case.id, state=DeadlineState.MET, work_items=[item.id])
    publish(
        StepDone(
            **clock.event_fields(case),
            work_item_id=item.id,
            node=item.node,
            step=item.step,
            phase=item.phase,
            outcome=outcome,
            step_org_id=item.org_id,
            step_org_name=item.org_name,
            post_name=actor.post_name,
            person_id=actor.person_id,
            opened_at=item.opened_at,
            with_opinion=bool(opinion.strip()),
        )
    )


def _move_clock(case: Case, phase: str, outcome: str) -> None:
    moves = clock_moves(phase, outcome, deemed=case.deemed_accepted)
    if moves.met:
        clock.end_deadlines(case.id, state=DeadlineState.MET, kinds=moves.met)
    if moves.started:
        clock.start_deadlines(case, clock.plan_entries(case, moves.started), started_at=now())
    if moves.accepts and case.accepted_on is None:
        case.accepted_on = local_date()
        publish(CaseAccepted(**clock.event_fields(case), accepted_on=case.accepted_on))


def _check_open(case: Case) -> None:
    if case.status != CaseStatus.OPEN:
        raise Conflict(_("这个办件已经办结，不能再操作。"))


def _record(actor: Actor, case: Case, act: str, payload: Mapping[str, Any]) -> None:
    ledger.append(actor=actor, act=act, object_ref=ObjectRef(kind=OBJECT_KIND, id=str(case.id)), payload=payload)
