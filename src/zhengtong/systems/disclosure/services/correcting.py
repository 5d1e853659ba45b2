"""Before a request can be answered: confirmed with who sent it, corrected once, its reasons given."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.disclosure.constants import (
    CORRECT_WITHIN,
    TEXT_MAX,
    TEXT_MIN,
    ActKind,
    ClockKind,
    LetterKind,
    State,
)
from zhengtong.systems.disclosure.models import DisclosureRequest
from zhengtong.systems.disclosure.selectors.clocks import last_day
from zhengtong.systems.disclosure.services import clocks
from zhengtong.systems.disclosure.services.letters import write_letter
from zhengtong.systems.disclosure.services.submitting import start_answer
from zhengtong.systems.disclosure.services.taking import applicant_takes, unit_takes, words_in
from zhengtong.systems.disclosure.services.telling import record, tell_applicant, tell_unit, words_of, write_act

_MOST_DAYS = 60


@transaction.atomic
def confirm(*, actor: Actor, request_id: uuid.UUID, confirmed_on: dt.date) -> DisclosureRequest:
    """The applicant confirmed a letter or a fax: that day is the day of receipt. Raises Invalid."""
    row = unit_takes(actor, request_id, "confirm")
    if not row.arrived_on <= confirmed_on <= local_date():
        raise Invalid(_("确认日期在送达日期和今天之间。"), field="confirmed_on")
    row.received_on, row.state = confirmed_on, State.HANDLING
    row.save(update_fields=["received_on", "state"])
    write_act(row, actor, ActKind.CONFIRM, cn_date(confirmed_on), told=True)
    record(actor, row, "disclosure.confirm", {"confirmed_on": confirmed_on})
    start_answer(row, on=confirmed_on)
    words = _("您的政府信息公开申请已经登记。收到申请之日：%(day)s。") % {"day": cn_date(confirmed_on)}
    write_letter(row, actor, LetterKind.RECEIPT, [words])
    return row


@transaction.atomic
def ask_correction(*, actor: Actor, request_id: uuid.UUID, text: str, days: int) -> DisclosureRequest:
    """Say once what is missing and until when (第三十条); the limit to answer begins anew with the corrected request.

    Raises Conflict when the seven days are over, Invalid.
    """
    row = unit_takes(actor, request_id, "correct")
    said = words_in(text)
    if not 1 <= days <= _MOST_DAYS:
        raise Invalid(_("补正期限写 1 到 %(n)d 个工作日。") % {"n": _MOST_DAYS}, field="days")
    if row.received_on is not None and local_date() > last_day(row.tenant, row.received_on, CORRECT_WITHIN):
        raise Conflict(_("收到申请已经超过 7 个工作日，不能再要求补正，请按现有内容答复。"))
    clocks.end(row, ClockKind.ANSWER, judged=False)
    clock = clocks.begin(row, ClockKind.CORRECTION, days=days)
    row.state = State.CORRECTING
    row.save(update_fields=["state"])
    due = cn_date(clock.due_on) if clock.due_on else ""
    write_act(row, actor, ActKind.CORRECT, _("%(said)s（%(due)s前补正）") % {"said": said, "due": due}, told=True)
    record(actor, row, "disclosure.correct", {"text": said, "days": days})
    last = _("请于%(due)s前补正。答复期限自收到补正的申请之日起计算；无正当理由逾期不补正的，视为放弃申请。")
    opening = _("您的申请内容不明确，需要补正下列内容：")
    write_letter(row, actor, LetterKind.CORRECTION, [opening, said, last % {"due": due}])
    body = _("您的%(what)s需要补正，请于%(due)s前补正。") % {"what": words_of(row), "due": due}
    tell_applicant(row, title=_("申请需要补正"), body=body)
    return row


@transaction.atomic
def correct(
    *,
    actor: Actor,
    request_id: uuid.UUID,
    text: str,
    title: str = "",
    bearer: bool = False,
    taken_down: bool = False,
) -> DisclosureRequest:
    """The corrected request arrives, by who asked or taken down by the unit; the limit to answer begins today."""
    if taken_down:
        row = unit_takes(actor, request_id, "corrected")
    else:
        row = applicant_takes(actor, request_id, "corrected", bearer=bearer)
    said = words_in(text, least=TEXT_MIN, most=TEXT_MAX)
    clocks.end(row, ClockKind.CORRECTION)
    row.content, row.corrected_on, row.state = said, local_date(), State.HANDLING
    if title.strip():
        row.title = words_in(title, field="title", least=2, most=120)
    row.save(update_fields=["content", "title", "corrected_on", "state"])
    write_act(row, actor, ActKind.CORRECTED, told=True)
    record(actor, row, "disclosure.corrected")
    start_answer(row, on=row.corrected_on)
    return row


@transaction.atomic
def ask_reasons(*, actor: Actor, request_id: uuid.UUID, text: str) -> DisclosureRequest:
    """Number or frequency is clearly beyond reason: the applicant is asked why (第三十五条); the limit runs on."""
    row = unit_takes(actor, request_id, "ask_reasons")
    said = words_in(text)
    if row.reasons_asked_at is not None:
        raise Conflict(_("已经要求申请人说明过理由。"))
    row.reasons_asked_at = now()
    row.save(update_fields=["reasons_asked_at"])
    write_act(row, actor, ActKind.ASK_REASONS, said, told=True)
    record(actor, row, "disclosure.ask_reasons", {"text": said})
    opening = _("您申请公开政府信息的数量、频次明显超过合理范围，请说明理由：")
    write_letter(row, actor, LetterKind.REASONS, [opening, said])
    body = _("请说明您的%(what)s的理由。") % {"what": words_of(row)}
    tell_applicant(row, title=_("请说明申请理由"), body=body)
    return row


@transaction.atomic
def give_reasons(*, actor: Actor, request_id: uuid.UUID, text: str, bearer: bool = False) -> DisclosureRequest:
    """Who asked says why he needs so much."""
    row = applicant_takes(actor, request_id, "give_reasons", bearer=bearer)
    row.reasons = words_in(text)
    row.save(update_fields=["reasons"])
    write_act(row, None, ActKind.GIVE_REASONS, row.reasons, told=True)
    record(actor, row, "disclosure.give_reasons")
    tell_unit(row, title=_("申请人说明了理由"), body=_("%(what)s：申请人说明了理由。") % {"what": words_of(row)})
    return row
