"""Applying for a seal, and the decision of a second person."""

import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust.constants import (
    ACT_APPLIED,
    ACT_APPROVED,
    ACT_REFUSED,
    SEAL_APPLICATION,
    ApplicationStatus,
    SealKind,
)
from zhengtong.capabilities.trust.models import Seal, SealApplication
from zhengtong.capabilities.trust.permissions import require_applicant, require_manager
from zhengtong.capabilities.trust.selectors import find_seal
from zhengtong.capabilities.trust.services.making import forget_keys, keep_seal, prepare_seal
from zhengtong.capabilities.trust.services.reasons import checked_reason
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted


def apply_for_seal(*, actor: Actor, kind: str, reason: str) -> SealApplication:
    """申请本单位的电子印章，由安全管理员审批（申请与审批不得为同一人）。

    Raises NotPermitted, Invalid, Conflict when the unit has such a seal or an application is waiting.
    """
    require_applicant(actor)
    if kind not in SealKind.values:
        raise Invalid(_("印章种类不正确，请选择公章或行政审批专用章。"), field="kind")
    reason = checked_reason(reason, _("请填写申请理由。"))
    if actor.org_id is None or actor.person_id is None:
        raise NotPermitted(_("只有本单位的审批负责人或经办人可以申请电子印章。"))
    if find_seal(tenant=actor.tenant, org_id=actor.org_id, kind=kind) is not None:
        raise Conflict(_("本单位已有这种印章，不能重复申请。需要更换的，请先办理注销。"), field="kind")
    try:
        with transaction.atomic():
            row = SealApplication.objects.create(
                tenant=actor.tenant,
                org_id=actor.org_id,
                org_name=actor.org_name,
                kind=kind,
                reason=reason,
                applicant_id=actor.person_id,
                applicant_name=actor.name[:80],
                applicant_for_id=actor.delegator_id,
            )
            _record(actor, ACT_APPLIED, row)
    except IntegrityError as error:
        raise Conflict(_("本单位申请这种印章正在等待审批，请勿重复申请。"), field="kind") from error
    return row


def approve_application(*, actor: Actor, application_id: uuid.UUID) -> Seal:
    """批准申请并制章；审批人必须是申请人以外的安全管理员。"""
    asked = _decidable(actor, application_id)
    made = prepare_seal(actor=actor, org_id=asked.org_id, org_name=asked.org_name, kind=asked.kind)
    try:
        with transaction.atomic():
            row = _decidable(actor, application_id, lock=True)
            row.seal = seal = keep_seal(actor, made)
            _decide(actor, row, ApplicationStatus.APPROVED, "", ACT_APPROVED)
    except Exception:
        forget_keys(made)  # somebody decided meanwhile: nothing of this seal stays
        raise
    return seal


def refuse_application(*, actor: Actor, application_id: uuid.UUID, reason: str) -> SealApplication:
    """不批准申请，须说明理由。"""
    reason = checked_reason(reason, _("请填写不批准的理由。"))
    with transaction.atomic():
        row = _decidable(actor, application_id, lock=True)
        _decide(actor, row, ApplicationStatus.REFUSED, reason, ACT_REFUSED)
    return row


def _decidable(actor: Actor, application_id: uuid.UUID, *, lock: bool = False) -> SealApplication:
    require_manager(actor)
    rows = SealApplication.objects.filter(tenant=actor.tenant, id=application_id)
    row = (rows.select_for_update() if lock else rows).first()
    if row is None:
        raise NotFound(_("没有找到这份印章申请。"))
    if row.status != ApplicationStatus.WAITING:
        raise Conflict(_("这份申请已经办结，不能重复审批。"))
    refused = _("申请人不能审批自己的申请，请由另一位安全管理员办理。")
    identity.check_second_person(actor, row.applicant_id, row.applicant_for_id, refused)
    return row


def _decide(actor: Actor, row: SealApplication, status: ApplicationStatus, reason: str, act: str) -> None:
    row.status, row.decision_reason, row.decided_at = status, reason, now()
    row.decided_by_id, row.decided_by_name = actor.person_id, actor.name[:80]
    row.save()
    _record(actor, act, row)


def _record(actor: Actor, act: str, row: SealApplication) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind=SEAL_APPLICATION, id=str(row.id)),
        payload={"org": row.org_name, "kind": row.kind, "reason": row.reason, "decision": row.decision_reason},
    )
