"""延长审批期限 (行政许可法 第四十二条): asked for by the unit, decided on once by the head the law names."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import permissions
from zhengtong.capabilities.cases.constants import OBJECT_KIND, CaseStatus, DeadlineKind, ExtensionState, MoveCause
from zhengtong.capabilities.cases.models import Case, ClockExtension, Deadline
from zhengtong.capabilities.cases.rules import NO_LIMIT, Limit, Unit
from zhengtong.capabilities.cases.rules.extension import extension_problem, rule_for
from zhengtong.capabilities.cases.rules.statute import ExtensionRule
from zhengtong.capabilities.cases.selectors.extensions import approving_body, is_joint
from zhengtong.capabilities.cases.services import clock, store
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.cases import ExtensionDecided, ExtensionRequested
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.outbox import publish

_OPEN = ("running", "paused")
_MAX_REASON = 500


@transaction.atomic
def request_extension(*, actor: Actor, case_id: uuid.UUID, days: int, reason: str) -> uuid.UUID:
    """Ask for ``days`` more working days; ``reason`` is what the applicant will be told. Returns the request.

    Raises NotPermitted outside the owning unit, Invalid for a wrong length or no reason, Conflict when the case may
    not be extended (any more) or a request already waits.
    """
    case = store.lock_case(case_id, actor.tenant)
    permissions.check_owning_unit(actor, case)
    if actor.person_id is None:
        raise NotPermitted(_("延长期限须由主办单位工作人员提出。"))
    if not reason.strip() or len(reason) > _MAX_REASON:
        raise Invalid(
            _("请写明延长的理由，不超过 %(most)d 字：理由须告知申请人。") % {"most": _MAX_REASON}, field="reason"
        )
    rule = rule_for(joint=is_joint(case))
    if not 1 <= days <= (rule.extra.amount or 0):
        raise Invalid(_problem(case, rule, days), field="days")
    _check_may_extend(case, rule, days)
    if ClockExtension.objects.filter(case_id=case.id, state=ExtensionState.ASKED).exists():
        raise Conflict(_("已经提出过延长申请，正在等待批准，不用重复提出。"))
    body = approving_body(case)
    heads = {one.person_id for one in identity.people_in(case.tenant, body.id, "leader")}
    if heads and heads <= {actor.person_id, actor.delegator_id}:
        raise Conflict(
            _("%(body)s没有另一位负责人可以批准：提出延长的人不能自己批准，请由其他经办人提出。") % {"body": body.name}
        )
    row = ClockExtension.objects.create(
        tenant=case.tenant,
        case=case,
        rule=rule.code,
        amount=days,
        unit=str(rule.extra.unit),
        basis=rule.legal_basis,
        reason=reason.strip(),
        approver_org_id=body.id,
        approver_org_name=body.name,
        asked_by=actor.name,
        asked_by_id=actor.person_id,
        asked_for_id=actor.delegator_id,
    )
    payload = {"days": days, "reason": row.reason, "approver": body.name}
    _record(actor, case, "cases.request_extension", payload, rule.legal_basis)
    publish(
        ExtensionRequested(
            **clock.event_fields(case),
            extension_id=row.id,
            days=days,
            approver_org_id=body.id,
            approver_org_name=body.name,
        )
    )
    return row.id


@transaction.atomic
def approve_extension(*, actor: Actor, extension_id: uuid.UUID, note: str = "") -> None:
    """Grant a request before the statutory limit ends: the limits move, each move is recorded and told.

    Raises NotPermitted for anybody but a leader of the body the law names, and for the one who asked; Conflict when
    it was decided already or comes too late.
    """
    case, row = _locked(actor, extension_id)
    _check_may_extend(case, rule_for(joint=row.rule == "joint"), row.amount)
    _decide(actor, row, ExtensionState.GRANTED, note)
    reason = _("%(body)s负责人批准延长 %(days)d 个工作日") % {"body": row.approver_org_name, "days": row.amount}
    moves = clock.reproject(case, cause=MoveCause.EXTENSION, reason=reason)
    payload = {"days": row.amount, "note": row.note, "moves": [move.to_json() for move in moves]}
    _record(actor, case, "cases.grant_extension", payload, row.basis)
    publish(_decided(case, row, granted=True))


@transaction.atomic
def refuse_extension(*, actor: Actor, extension_id: uuid.UUID, note: str) -> None:
    """Refuse a request, with the reason; raises what ``approve_extension`` raises, and Invalid without a reason."""
    case, row = _locked(actor, extension_id)
    if not note.strip():
        raise Invalid(_("不予批准须写明理由。"), field="note")
    _decide(actor, row, ExtensionState.REFUSED, note)
    _record(actor, case, "cases.refuse_extension", {"days": row.amount, "note": row.note}, row.basis)
    publish(_decided(case, row, granted=False))


def _locked(actor: Actor, extension_id: uuid.UUID) -> tuple[Case, ClockExtension]:
    found = ClockExtension.objects.filter(tenant=actor.tenant, pk=extension_id).values_list("case_id", flat=True)
    case_id = found.first()
    if case_id is None:
        raise NotFound(_("没有找到这个延长申请。"))
    case = store.lock_case(case_id, actor.tenant)
    row = ClockExtension.objects.select_for_update().get(pk=extension_id)
    permissions.check_may_decide_extension(
        actor, case, approver_org_id=row.approver_org_id, approver=row.approver_org_name
    )
    refused = _("提出延长的人不能自己批准，请由本单位另一位负责人批准。")
    identity.check_second_person(actor, row.asked_by_id, row.asked_for_id, refused)
    if row.state != ExtensionState.ASKED:
        raise Conflict(_("这个延长申请已经由%(who)s处理。") % {"who": row.decided_by})
    return case, row


def _decide(actor: Actor, row: ClockExtension, state: ExtensionState, note: str) -> None:
    row.state, row.note = state, note.strip()
    row.decided_by, row.decided_by_id, row.decided_at = actor.name, actor.person_id, now()
    row.save(update_fields=["state", "note", "decided_by", "decided_by_id", "decided_at"])


def _check_may_extend(case: Case, rule: ExtensionRule, days: int) -> None:
    if case.status != CaseStatus.OPEN or case.accepted_on is None:
        raise Conflict(_("办件受理以后、作出决定以前才能延长期限。"))
    problem = _problem(case, rule, days)
    if problem:
        raise Conflict(problem)


def _problem(case: Case, rule: ExtensionRule, days: int) -> str:
    row = Deadline.objects.filter(case_id=case.id, kind=DeadlineKind.STATUTORY, state__in=_OPEN).first()
    return extension_problem(
        rule,
        days,
        statutory=Limit(row.amount, Unit(row.unit)) if row else NO_LIMIT,
        due_at=row.due_at if row else None,
        granted=ClockExtension.objects.filter(case_id=case.id, state=ExtensionState.GRANTED).exists(),
        now=now(),
    )


def _decided(case: Case, row: ClockExtension, *, granted: bool) -> ExtensionDecided:
    dues = clock.running_dues(case.id) if granted else {}
    return ExtensionDecided(
        **clock.event_fields(case), extension_id=row.id, granted=granted, days=row.amount, basis=row.basis, **dues
    )


def _record(actor: Actor, case: Case, act: str, payload: Mapping[str, Any], basis: str) -> None:
    ref = ObjectRef(kind=OBJECT_KIND, id=str(case.id))
    ledger.append(actor=actor, act=act, object_ref=ref, payload=payload, basis=basis)
