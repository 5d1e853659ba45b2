"""More time: twenty working days once, or a time agreed on for very much; asked by an officer, granted by the head."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.disclosure.constants import (
    DELAY_MOST,
    EXTENSION_MOST,
    ActKind,
    ClockKind,
    ExtensionKind,
    ExtensionState,
    LetterKind,
)
from zhengtong.systems.disclosure.models import RequestExtension
from zhengtong.systems.disclosure.permissions import heads
from zhengtong.systems.disclosure.services import clocks
from zhengtong.systems.disclosure.services.letters import write_letter
from zhengtong.systems.disclosure.services.taking import head_takes, unit_takes, words_in
from zhengtong.systems.disclosure.services.telling import record, tell_applicant, tell_unit, words_of, write_act

_MOST = {ExtensionKind.EXTENSION: EXTENSION_MOST, ExtensionKind.DELAY: DELAY_MOST}


@transaction.atomic
def ask_time(
    *, actor: Actor, request_id: uuid.UUID, days: int, reason: str, kind: str = ExtensionKind.EXTENSION
) -> RequestExtension:
    """Ask the head for more working days, before the limit has passed. Raises Invalid, Conflict."""
    row = unit_takes(actor, request_id, "ask_delay" if kind == ExtensionKind.DELAY else "ask_time")
    most = int(parameters.value(_MOST[ExtensionKind(kind)], tenant=row.tenant))
    if not 1 <= days <= most:
        raise Invalid(_("最多延长 %(n)d 个工作日。") % {"n": most}, field="days")
    clock = row.clocks.filter(kind=ClockKind.ANSWER, ended_at__isnull=True).first()
    if clock is None or (clock.due_at is not None and now() >= clock.due_at):
        raise Conflict(_("答复期限已经过了，不能再延长。请尽快答复。"))
    if row.extensions.filter(state=ExtensionState.ASKED).exists():
        raise Conflict(_("还有一次延长没有决定。"))
    if actor.person_id is None:
        raise Conflict(_("延长期限由工作人员申请。"))
    asked = RequestExtension.objects.create(
        tenant=row.tenant,
        request=row,
        kind=kind,
        days=days,
        reason=words_in(reason),
        asked_by=actor.name,
        asked_by_id=actor.person_id,
        stood_for_id=actor.delegator_id,
    )
    write_act(row, actor, ActKind.ASK_TIME, _("%(n)d 个工作日：%(why)s") % {"n": days, "why": asked.reason})
    record(actor, row, "disclosure.ask_time", {"kind": kind, "days": days, "reason": asked.reason})
    body = _("%(what)s申请延长期限，请决定。") % {"what": words_of(row)}
    tell_unit(row, title=_("延长期限待批准"), body=body, people=heads(row))
    return asked


@transaction.atomic
def decide_time(*, actor: Actor, request_id: uuid.UUID, grant: bool, note: str) -> RequestExtension:
    """The head, who did not ask himself, grants the days or not; who asked for information is told in writing."""
    row = head_takes(actor, request_id, "time")
    asked = row.extensions.select_for_update().get(state=ExtensionState.ASKED)
    own = _("延长期限由另一位负责人批准，提出的人不能批准自己的申请。")
    identity.check_second_person(actor, asked.asked_by_id, asked.stood_for_id, own)
    asked.note = words_in(note, least=2)
    asked.state = ExtensionState.GRANTED if grant else ExtensionState.REFUSED
    asked.decided_by, asked.decided_by_id, asked.decided_at = actor.name, actor.person_id, now()
    asked.save()
    if not grant:
        write_act(row, actor, ActKind.REFUSE_TIME, asked.note)
        record(actor, row, "disclosure.refuse_time", {"note": asked.note})
        return asked
    clocks.reproject(row)
    clock = row.clocks.filter(kind=ClockKind.ANSWER, ended_at__isnull=True).first()
    due = cn_date(clock.due_on) if clock and clock.due_on else ""
    words = _("延长 %(n)d 个工作日：%(why)s") % {"n": asked.days, "why": asked.reason}
    write_act(row, actor, ActKind.GRANT_TIME, words, told=True)
    record(actor, row, "disclosure.grant_time", {"kind": asked.kind, "days": asked.days})
    body = _("因%(why)s，经本机关政府信息公开工作机构负责人同意，答复期限延长 %(n)d 个工作日。") % {
        "why": asked.reason,
        "n": asked.days,
    }
    last = _("延长后最迟于%(due)s前答复。") % {"due": due} if due else ""
    write_letter(row, actor, LetterKind.EXTENSION, [body, last])
    told = _("您的%(what)s答复期限延长 %(n)d 个工作日。") % {"what": words_of(row), "n": asked.days}
    tell_applicant(row, title=_("答复期限延长"), body=told)
    return asked
