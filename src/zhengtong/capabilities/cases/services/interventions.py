"""流程干预: jump, reassign, migrate. Asked for by a process administrator, done when a second person approves."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import permissions
from zhengtong.capabilities.cases.constants import InterventionKind, InterventionState
from zhengtong.capabilities.cases.models import Case, Intervention
from zhengtong.capabilities.cases.services import clock, store
from zhengtong.capabilities.cases.services.intervening import CARRY_OUT, PLANS, Plan, start_migration_of_all
from zhengtong.capabilities.cases.services.steps import check_case_open
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.cases import CaseIntervened
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.outbox import publish


@transaction.atomic
def request_intervention(
    *, actor: Actor, case_id: uuid.UUID | None, kind: str, reason: str, detail: Mapping[str, Any]
) -> uuid.UUID:
    """Ask for a jump, a reassignment or a migration; what the engine would refuse now is refused now.

    ``detail``: jump ``{"work_item_id", "node"}``; reassign ``{"work_item_id", "org_code"}`` or
    ``{"work_item_id", "person_id"}``; migrate ``{"process_version_id"}``; migrate_all (no case)
    ``{"from_version_id", "to_version_id"}``. Raises NotPermitted, Invalid, Conflict.
    """
    permissions.check_process_admin(actor)
    if kind not in InterventionKind.values or (case_id is None) != (kind == InterventionKind.MIGRATE_ALL):
        raise Invalid(_("请选择干预方式。"), field="kind")
    if not reason.strip():
        raise Invalid(_("请写明理由：流程干预会记入责任认定账目，批准人和监察人员都会看到。"), field="reason")
    case = None if case_id is None else store.lock_case(case_id, actor.tenant)
    if case is not None:
        check_case_open(case)
        if Intervention.objects.filter(case_id=case.id, state=InterventionState.PENDING).exists():
            raise Conflict(_("这个办件已有一项干预等待批准，批准或退回以后才能再申请。"))
    plan = _plan(actor, case, kind, detail)
    row = Intervention.objects.create(
        tenant=actor.tenant,
        case=case,
        kind=kind,
        detail=dict(plan.detail),
        summary=plan.summary[:300],
        reason=reason.strip(),
        requested_by=actor.name,
        requested_by_id=actor.person_id,  # type: ignore[misc]  # an official has a person
        requested_for_id=actor.delegator_id,
    )
    _record(actor, row, "cases.request_intervention", {"reason": reason, "detail": row.detail})
    return row.id


@transaction.atomic
def approve_intervention(*, actor: Actor, request_id: uuid.UUID, note: str = "") -> None:
    """The second person approves and the intervention is carried out at once; Conflict when it no longer fits."""
    row, case = _pending(actor, request_id)
    permissions.check_may_approve(actor, case)
    if case is not None:
        check_case_open(case)
    plan = _plan(actor, case, row.kind, row.detail)
    _decide(actor, row, InterventionState.DONE, note)
    payload = {"reason": row.reason, "detail": row.detail, "requested_by": row.requested_by}
    if case is None:
        _record(actor, row, f"cases.intervene.{row.kind}", payload)
        start_migration_of_all(row)
        return
    CARRY_OUT[row.kind](actor, case, plan, payload | {"intervention": str(row.id)})
    publish(CaseIntervened(**clock.event_fields(case), kind=row.kind, intervention_id=row.id))


@transaction.atomic
def refuse_intervention(*, actor: Actor, request_id: uuid.UUID, reason: str) -> None:
    """The second person does not approve; nothing has changed in the case."""
    row, case = _pending(actor, request_id)
    permissions.check_may_approve(actor, case)
    if not reason.strip():
        raise Invalid(_("请写明不批准的理由。"), field="reason")
    _decide(actor, row, InterventionState.REFUSED, reason)
    _record(actor, row, "cases.refuse_intervention", {"reason": reason})


@transaction.atomic
def take_back_intervention(*, actor: Actor, request_id: uuid.UUID) -> None:
    """The one who asked no longer wants it."""
    row, _case = _pending(actor, request_id, own=True)
    row.state, row.decided_at = InterventionState.TAKEN_BACK, now()
    row.save(update_fields=["state", "decided_at"])
    _record(actor, row, "cases.take_back_intervention", {})


def _plan(actor: Actor, case: Case | None, kind: str, detail: Mapping[str, Any]) -> Plan:
    try:
        return PLANS[kind](actor, case, detail)
    except (KeyError, ValueError) as error:
        raise Invalid(_("申请的内容不完整，请重新填写。"), field="detail") from error


def _pending(actor: Actor, request_id: uuid.UUID, *, own: bool = False) -> tuple[Intervention, Case | None]:
    """A request that waits, with its case locked first; only another's, or only one's ``own``."""
    found = Intervention.objects.filter(pk=request_id, tenant=actor.tenant)
    case_id = found.values_list("case_id", flat=True).first()
    case = None if case_id is None else store.lock_case(case_id, actor.tenant)
    row = found.select_for_update().first()
    if row is None:
        raise NotFound(_("没有找到这项流程干预申请。"))
    if row.state == InterventionState.TAKEN_BACK:
        raise Conflict(_("申请人已经收回这项申请。"))
    if row.state != InterventionState.PENDING:
        raise Conflict(_("这项申请已经由%(name)s处理。") % {"name": row.decided_by})
    if own and row.requested_by_id != actor.person_id:
        raise NotPermitted(_("只有申请的本人可以收回。"))
    if not own:
        refused = _("流程干预须由另一人批准，申请人不能批准自己的申请。")
        identity.check_second_person(actor, row.requested_by_id, row.requested_for_id, refused)
    return row, case


def _decide(actor: Actor, row: Intervention, state: InterventionState, note: str) -> None:
    row.state, row.note, row.decided_at = state, note.strip(), now()
    row.decided_by, row.decided_by_id = actor.name, actor.person_id
    row.save(update_fields=["state", "note", "decided_at", "decided_by", "decided_by_id"])


def _record(actor: Actor, row: Intervention, act: str, payload: Mapping[str, Any]) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind="intervention", id=str(row.id)),
        payload={"kind": row.kind, "case": str(row.case_id or ""), "summary": row.summary, **payload},
    )
