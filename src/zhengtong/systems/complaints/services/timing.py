"""More time and stops of the limit to answer: asked for by the unit, decided by the supervisor, each with its cap."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.systems.complaints import permissions
from zhengtong.systems.complaints.constants import EXTENSION_MOST, SUSPEND_CAP, ActKind, ClockKind, ExtensionState
from zhengtong.systems.complaints.models import Complaint, ComplaintExtension, ComplaintPause
from zhengtong.systems.complaints.selectors.identities import unnamed
from zhengtong.systems.complaints.services import clocks
from zhengtong.systems.complaints.services.taking import handler_takes, office_takes, reason_of
from zhengtong.systems.complaints.services.telling import (
    record,
    tell_office,
    tell_unit,
    tell_writer,
    words_of,
    write_act,
)

_ONE_DAY = dt.timedelta(days=1)


@transaction.atomic
def ask_time(*, actor: Actor, complaint_id: uuid.UUID, days: int, reason: str) -> ComplaintExtension:
    """The unit asks for more working days, once, before the limit has passed."""
    row = handler_takes(actor, complaint_id, "ask_time")
    most = int(parameters.value(EXTENSION_MOST, tenant=row.tenant))
    if not 1 <= days <= most:
        raise Invalid(_("最多延长 %(n)d 个工作日。") % {"n": most}, field="days")
    clock = row.clocks.filter(kind=ClockKind.ANSWER, ended_at__isnull=True).first()
    if clock is None or (clock.due_at is not None and now() >= clock.due_at):
        raise Conflict(_("期限已经过了，不能再申请延长。请尽快报送答复。"))
    if actor.person_id is None:
        raise Conflict(_("延长期限由工作人员申请。"))
    asked = ComplaintExtension.objects.create(
        tenant=row.tenant,
        complaint=row,
        days=days,
        reason=unnamed(row, reason_of(reason, field="reason")),
        asked_by=actor.name,
        asked_by_id=actor.person_id,
        asked_for_id=actor.delegator_id,
    )
    write_act(row, actor, ActKind.ASK_TIME, f"{days} 个工作日：{asked.reason}", shared=True)
    record(actor, row, "complaints.ask_time", {"days": days, "reason": asked.reason})
    tell_office(row, title=_("申请延长期限"), body=_("%(what)s的承办单位申请延长期限。") % {"what": words_of(row)})
    return asked


@transaction.atomic
def decide_time(*, actor: Actor, complaint_id: uuid.UUID, grant: bool, note: str) -> ComplaintExtension:
    """Grant the days asked for, or not, with the reason; the person who wrote is told of a longer limit and why."""
    row = office_takes(actor, complaint_id, "time")
    asked = row.extensions.select_for_update().get(state=ExtensionState.ASKED)
    if permissions.needs_another(actor, row, asked.asked_by_id, asked.asked_for_id):
        raise Conflict(_("延长期限由监察机构的另一人决定，申请人、他当时所代的人和代他办理的人都不能决定。"))
    asked.note = unnamed(row, reason_of(note))
    asked.state = ExtensionState.GRANTED if grant else ExtensionState.REFUSED
    asked.decided_by, asked.decided_by_id, asked.decided_at = actor.name, actor.person_id, now()
    asked.save()
    if grant:
        clocks.reproject(row)
        words = _("延长 %(n)d 个工作日：%(why)s") % {"n": asked.days, "why": asked.note}
        write_act(row, actor, ActKind.GRANT_TIME, words, told=True, shared=True)
        record(actor, row, "complaints.grant_time", {"days": asked.days, "note": asked.note})
        body = _("您的%(what)s情况复杂，办理期限延长 %(n)d 个工作日。") % {"what": words_of(row), "n": asked.days}
        tell_writer(row, title=_("办理期限延长"), body=body)
    else:
        write_act(row, actor, ActKind.REFUSE_TIME, asked.note, shared=True)
        record(actor, row, "complaints.refuse_time", {"note": asked.note})
    tell_unit(row, title=_("延长期限已决定"), body=_("%(what)s申请延长期限，已有决定。") % {"what": words_of(row)})
    return asked


@transaction.atomic
def suspend(*, actor: Actor, complaint_id: uuid.UUID, reason: str) -> ComplaintPause:
    """Stop the limit to answer (a court, an appraisal, the person himself is awaited), at most for the cap."""
    row = office_takes(actor, complaint_id, "suspend")
    cap = cases.Limit.parse(str(parameters.value(SUSPEND_CAP, tenant=row.tenant)))
    why = unnamed(row, reason_of(reason, most=200))
    today = local_date()
    if row.pauses.filter(start_day__lte=today, end_day__gte=today).exists():
        raise Conflict(_("今天已经中止过一次，请明天再办。"))
    pause = ComplaintPause.objects.create(
        tenant=row.tenant,
        complaint=row,
        reason=why,
        start_day=today,
        cap_amount=cap.amount or 0,
        cap_unit=str(cap.unit),
        cap_day=cases.last_day_from(row.tenant, today, cap),
        stopped_by=actor.name,
    )
    clocks.reproject(row)
    write_act(row, actor, ActKind.SUSPEND, why, told=True, shared=True)
    record(actor, row, "complaints.suspend", {"reason": why, "until": pause.cap_day})
    body = _("您的%(what)s中止计算期限，事由和最迟恢复的日期请在查询页面查看。") % {"what": words_of(row)}
    tell_writer(row, title=_("期限中止计算"), body=body)
    return pause


@transaction.atomic
def resume(*, actor: Actor, complaint_id: uuid.UUID) -> Complaint:
    """Let the limit run again, from today."""
    row = office_takes(actor, complaint_id, "resume")
    end_pause(row)
    write_act(row, actor, ActKind.RESUME, told=True, shared=True)
    record(actor, row, "complaints.resume")
    return row


def end_pause(row: Complaint, *, last: dt.date | None = None) -> bool:
    """End the open stop of a locked complaint with yesterday, or with ``last``; True when there was one."""
    pause = row.pauses.select_for_update().filter(end_day__isnull=True).first()
    if pause is None:
        return False
    pause.end_day = max(pause.start_day, last or local_date() - _ONE_DAY)
    pause.save(update_fields=["end_day"])
    clocks.reproject(row)
    return True
