"""Special procedures that stop the legal clock (行政许可法 第四十五条)."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import permissions
from zhengtong.capabilities.cases.constants import OBJECT_KIND, CaseStatus
from zhengtong.capabilities.cases.models import ClockPause
from zhengtong.capabilities.cases.rules import STOP_REASONS, Limit
from zhengtong.capabilities.cases.services import clock, store
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.cases import ClockPaused, ClockResumed
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.outbox import publish


@transaction.atomic
def pause_clock(*, actor: Actor, case_id: uuid.UUID, reason_code: str, note: str, cap: Limit) -> None:
    """Stop the clock for a reason of law; ``note`` is what the applicant is told, ``cap`` how long it may take."""
    case = store.lock_case(case_id, actor.tenant)
    permissions.check_owning_unit(actor, case)
    reason = STOP_REASONS.get(reason_code)
    if reason is None:
        raise Invalid(_("请选择法律规定的停止计时事由。"), field="reason_code")
    if not note.strip():
        raise Invalid(_("请写明需要的时间和原因：停止计时须书面告知申请人。"), field="note")
    if case.status != CaseStatus.OPEN or case.accepted_on is None:
        raise Conflict(_("办件受理以后、办结以前才能停止计时。"))
    if ClockPause.objects.filter(case_id=case.id, end_day__isnull=True).exists():
        raise Conflict(_("这个办件已经停止计时，恢复以后才能再次停止。"))
    ClockPause.objects.create(
        tenant=case.tenant,
        case=case,
        reason_code=reason.code,
        basis=reason.legal_basis,
        note=note.strip(),
        cap_amount=cap.amount,
        cap_unit=str(cap.unit) if cap.is_set else "",
        start_day=local_date(),
        stopped_by=actor.name,
    )
    clock.reproject(case)
    ledger.append(
        actor=actor,
        act="cases.pause_clock",
        object_ref=ObjectRef(kind=OBJECT_KIND, id=str(case.id)),
        payload={"reason": reason.code, "note": note, "cap": str(cap)},
        basis=reason.legal_basis,
    )
    publish(ClockPaused(**clock.event_fields(case), reason_code=reason.code, basis=reason.legal_basis))


@transaction.atomic
def resume_clock(*, actor: Actor, case_id: uuid.UUID) -> None:
    """Let the clock run again from today; the days of the pause are not counted."""
    case = store.lock_case(case_id, actor.tenant)
    permissions.check_owning_unit(actor, case)
    pause = ClockPause.objects.filter(case_id=case.id, end_day__isnull=True).first()
    if pause is None:
        raise Conflict(_("这个办件没有停止计时。"))
    pause.end_day = max(pause.start_day, local_date() - dt.timedelta(days=1))
    pause.save(update_fields=["end_day"])
    clock.reproject(case)
    ledger.append(
        actor=actor,
        act="cases.resume_clock",
        object_ref=ObjectRef(kind=OBJECT_KIND, id=str(case.id)),
        payload={"reason": pause.reason_code, "until": pause.end_day.isoformat()},
        basis=pause.basis,
    )
    publish(ClockResumed(**clock.event_fields(case), reason_code=pause.reason_code))
