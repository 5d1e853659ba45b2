"""What people and the platform do to a case: open, complete, withdraw, answer a service, fire a timer, pause."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import permissions
from zhengtong.capabilities.cases.constants import WITHDRAW_MESSAGE
from zhengtong.capabilities.cases.engine import steps as engine
from zhengtong.capabilities.cases.engine.advance import waiting_messages
from zhengtong.capabilities.cases.engine.marking import Marking
from zhengtong.capabilities.cases.models import Case, WorkItem
from zhengtong.capabilities.cases.rules import Limit
from zhengtong.capabilities.cases.rules.phases import NO_MOVES, ClockMoves, clock_moves, may_supplement, opinion_needed
from zhengtong.capabilities.cases.selectors.clocks import hearing_open
from zhengtong.capabilities.cases.selectors.processes import active_process_id, graph_of, process_version_id
from zhengtong.capabilities.cases.selectors.tasks import outcomes_of
from zhengtong.capabilities.cases.services import clock, store, timers
from zhengtong.capabilities.cases.services.batch import Batch
from zhengtong.capabilities.cases.services.steps import (
    TERMINATE,
    advance_and_write,
    advance_case,
    begin_case,
    check_case_open,
    check_item_open,
    write_effects,
    write_step,
)
from zhengtong.contracts.cases import CaseAccepted, CaseOpened, StepDone
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.fields import blind_index
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.loops import due_first, each

#: what cannot be undone by the one who caused it: a service has been asked, or an end was reached
_TIMERS = 50
_FINAL = (engine.CallService, engine.Ended, engine.Done)


@transaction.atomic
def open_case(
    *,
    actor: Actor,
    number: str,
    title: str,
    item_code: str,
    process_key: str,
    process_version: int | None = None,
    owner_org_id: uuid.UUID,
    owner_org_name: str,
    subject_ref: ObjectRef,
    limits: Mapping[str, Limit],
    bases: Mapping[str, str] | None = None,
    departments: Sequence[str] = (),
    step_limits: Mapping[str, Limit] | None = None,
    variables: Mapping[str, Any] | None = None,
    renewal_of_until: dt.date | None = None,
) -> uuid.UUID:
    """Open a case on a version of a process (the active one where none is named), start the limit for acceptance.

    ``limits`` gives acceptance, promised, statutory, supplement and delivery; ``step_limits`` the limit of a
    unit's task by organisation code; ``renewal_of_until`` the last day of the licence that is to be renewed.
    Raises NotFound when the process or the version is not deployed, Invalid for a licence that has ended.
    """
    at = now()
    case = Case(
        id=new_id(),
        tenant=actor.tenant,
        created_at=at,
        number=number,
        title=title,
        item_code=item_code,
        process_id=active_process_id(actor.tenant, process_key)
        if process_version is None
        else process_version_id(actor.tenant, process_key, process_version),
        variables={"departments": list(departments), **(variables or {})},
        org_id=owner_org_id,
        org_name=owner_org_name,
        subject_kind=subject_ref.kind,
        subject_id=subject_ref.id,
        clock_plan={
            "limits": {kind: str(limit) for kind, limit in limits.items() if limit.is_set},
            "bases": dict(bases or {}),
            "steps": {code: str(limit) for code, limit in (step_limits or {}).items()},
            **clock.renewal_plan(renewal_of_until),
        },
    )
    effects = begin_case(case)
    batch = Batch(case, at)
    batch.start([*clock.plan_entries(case, ["acceptance"]), *clock.renewal_entries(case)])
    write_effects(batch, effects)
    batch.tell(CaseOpened, process_id=case.process_id)
    payload = {"number": number, "item": item_code, "process": str(case.process_id)}
    write_step(actor, batch, "cases.open", payload, save=store.insert_case)
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
    case, item = store.take_item(work_item_id, actor.tenant, command_key, now())
    if item is None:
        return case.id
    batch = Batch(case)
    check_item_open(item)
    permissions.check_may_complete(actor, item, as_applicant=as_applicant)
    label = _checked_outcome(case, item, outcome, opinion)
    batch.cause_id = item.id
    decided = store.outcome_of_node(case.id, item.node) if item.adhoc else outcome
    case.variables = {**case.variables, **(variables or {}), "outcome": decided}
    moves = NO_MOVES if item.adhoc else clock_moves(item.phase, outcome, deemed=case.deemed_accepted)
    effects = advance_case(case, engine.Complete(token=item.token))
    recallable = not item.adhoc and moves == NO_MOVES and not any(isinstance(e, _FINAL) for e in effects)
    _finish(actor, batch, item, moves, outcome=outcome, label=label, text=opinion.strip(), recallable=recallable)
    _move_clock(batch, moves)
    write_effects(batch, effects)
    payload = {"step": item.step, "outcome": outcome, "opinion": opinion}
    write_step(actor, batch, f"cases.{'adhoc' if item.adhoc else item.phase}.{outcome}", payload)
    return case.id


@transaction.atomic
def withdraw_case(*, actor: Actor, case_id: uuid.UUID, reason: str, command_key: str) -> bool:
    """The applicant takes the application back; the caller has checked that it is the applicant's own.

    False when the same command was carried out before.
    """
    case = store.lock_case(case_id, actor.tenant)
    if not store.remember_command(case.id, command_key, now()):
        return False
    check_case_open(case)
    case.variables = {**case.variables, "outcome": "withdraw"}
    advance_and_write(actor, case, _withdrawal(case), "cases.withdraw", {"reason": reason})
    return True


@transaction.atomic
def terminate_case(*, actor: Actor, case_id: uuid.UUID, reason: str, command_key: str) -> bool:
    """终止办理: the unit answerable ends a case without a decision; the caller has checked that there is a ground.

    False when the same command was carried out before. Conflict once the decision is made.
    """
    case = store.lock_case(case_id, actor.tenant)
    if not store.remember_command(case.id, command_key, now()):
        return False
    permissions.check_owning_unit(actor, case)
    if not actor.has_role("clerk", "leader"):
        raise NotPermitted(_("终止办理由%(org)s的经办人或者负责人决定。") % {"org": case.org_name})
    check_case_open(case)
    if not reason.strip():
        raise Invalid(_("请写明终止办理的理由：理由须书面告知申请人。"), field="reason")
    if WorkItem.objects.filter(case_id=case.id, status="done", outcome__in=("approve", "reject")).exists():
        raise Conflict(_("决定已经作出，不能终止办理。"))
    batch = Batch(case, why=TERMINATE)
    write_effects(batch, advance_case(case, engine.Cancel()))
    write_step(actor, batch, "cases.terminate", {"reason": reason.strip()})
    return True


@transaction.atomic
def finish_service(*, tenant: str, case_id: uuid.UUID, token: int, result: Mapping[str, Any]) -> None:
    """The answer of a service task; an answer that is no longer awaited changes nothing."""
    case = store.lock_case(case_id, tenant)
    if str(token) not in case.marking["t"]:
        return
    case.variables = {**case.variables, **result}
    payload = {"token": token, "result": dict(result)}
    advance_and_write(system(tenant), case, engine.ServiceDone(token=token), "cases.service_done", payload)


@transaction.atomic
def fail_service(*, tenant: str, case_id: uuid.UUID, token: int, code: str) -> None:
    """A service that said no: the nearest error event that catches ``code`` goes on; Conflict when none does."""
    case = store.lock_case(case_id, tenant)
    if str(token) not in case.marking["t"]:
        return
    payload = {"token": token, "code": code}
    command = engine.ServiceFailed(token=token, code=code)
    advance_and_write(system(tenant), case, command, "cases.service_failed", payload)


def fire_timers() -> int:
    """Fire the drawn timers that have run out; each in its own transaction, one failing holds up no other."""
    return each(_fire, due_first(_fire, timers.due_timers(), size=_TIMERS))


@transaction.atomic
def _fire(timer_id: uuid.UUID, case_id: uuid.UUID, tenant: str) -> int:
    case = store.lock_case(case_id, tenant)
    timer = timers.take(timer_id)
    if timer is None:
        return 0
    command = engine.FireTimer(token=timer.token, node=timer.node)
    advance_and_write(system(tenant), case, command, "cases.timer", {"node": timer.node})
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
    outcomes = outcomes_of(item.adhoc, graph_of(case.process_id).nodes[item.node])
    if outcome not in outcomes:
        raise Invalid(_("请选择办理结论。"), field="outcome")
    if outcome == "supplement" and not may_supplement(deemed=case.deemed_accepted):
        raise Invalid(
            _("收到材料已超过 5 个工作日没有告知，依法视为受理，不能再要求补正，请直接办理受理。"), field="outcome"
        )
    if outcome == "refuse" and case.accepted_on is not None:
        raise Invalid(
            _("办件已经受理（含依法视为受理），不能再作出不予受理决定；不符合条件的，经审查依法作出不予许可决定。"),
            field="outcome",
        )
    if outcome in ("approve", "reject") and hearing_open(case.id):
        raise Invalid(_("申请人有权要求听证的期限未满，或者听证还没有举行，听证结束后才能作出决定。"), field="outcome")
    if opinion_needed(outcome) and not opinion.strip():
        raise Invalid(
            _("请填写理由：作出“%(label)s”须向申请人说明理由。") % {"label": outcomes[outcome]}, field="opinion"
        )
    return outcomes[outcome]


def _finish(
    actor: Actor,
    batch: Batch,
    item: WorkItem,
    moves: ClockMoves,
    *,
    outcome: str,
    label: str,
    text: str,
    recallable: bool,
) -> None:
    opinion = {
        "outcome": outcome,
        "label": label,
        "text": text,
        # the columns are of officials; whose case it is says the case itself
        "author": actor.name if actor.kind in ("official", "system") else "",
        "author_id": actor.person_id,
        "post_name": actor.post_name,
        "org_name": actor.org_name,
    }
    batch.finish(item, kinds=moves.met, opinion=opinion, recallable=recallable)
    batch.tell(
        StepDone,
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
        with_opinion=bool(text),
        opinion_length=len(text),
        opinion_digest=blind_index(text),
    )


def _move_clock(batch: Batch, moves: ClockMoves) -> None:
    case = batch.case
    if moves.started:
        batch.start(clock.plan_entries(case, moves.started))
    if moves.accepts and case.accepted_on is None:
        case.accepted_on = local_date(batch.at)
        batch.tell(CaseAccepted, accepted_on=case.accepted_on, **clock.due_fields(batch.deadlines))
