"""The answer: drafted by whoever handles it, approved by the supervisor, told to who wrote."""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.contracts.complaints import ComplaintAnswered
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.outbox import publish
from zhengtong.systems.complaints import permissions
from zhengtong.systems.complaints.constants import (
    TEXT_MAX,
    TEXT_MIN,
    ActKind,
    ClockKind,
    DraftState,
    Ending,
    Finding,
    Measure,
    State,
)
from zhengtong.systems.complaints.models import Complaint, ComplaintDraft
from zhengtong.systems.complaints.rules.handling import refusal_of_finding
from zhengtong.systems.complaints.selectors.identities import unnamed
from zhengtong.systems.complaints.services import clocks
from zhengtong.systems.complaints.services.deciding import close
from zhengtong.systems.complaints.services.taking import handler_takes, locked, office_takes, reason_of
from zhengtong.systems.complaints.services.telling import (
    event_fields,
    record,
    tell_office,
    tell_unit,
    tell_writer,
    words_of,
    write_act,
)
from zhengtong.systems.complaints.services.timing import end_pause

_ANSWER_FIELDS = [
    "answer",
    "finding",
    "measures",
    "answered_by_id",
    "answered_for_id",
    "answered_at",
    "in_time",
    "state",
    "satisfaction",
    "satisfaction_text",
]


@transaction.atomic
def submit_draft(
    *,
    actor: Actor,
    complaint_id: uuid.UUID,
    text: str,
    finding: str,
    measures: Sequence[str] = (),
    facts: str = "",
) -> ComplaintDraft:
    """The handling unit reports what it found and how it would answer. Raises Conflict, Invalid, NotPermitted."""
    row = handler_takes(actor, complaint_id, "draft")
    text, facts = text.replace("\x00", "").strip(), facts.replace("\x00", "").strip()
    errors = {}
    if not TEXT_MIN <= len(text) <= TEXT_MAX:
        errors["text"] = _("请写明答复，%(a)d 到 %(b)d 个字。") % {"a": TEXT_MIN, "b": TEXT_MAX}
    if not TEXT_MIN <= len(facts) <= TEXT_MAX:
        errors["facts"] = _("请写明调查核实的情况，%(a)d 到 %(b)d 个字。") % {"a": TEXT_MIN, "b": TEXT_MAX}
    chosen = [measure for measure in measures if measure in Measure.values]
    refusal = refusal_of_finding(row.kind, finding, chosen)
    if refusal:
        errors["finding"] = refusal
    if errors:
        raise Invalid(_("还有 %(n)d 处需要改正，已填写的内容都在。") % {"n": len(errors)}, errors=errors)
    if actor.person_id is None:
        raise Conflict(_("答复由工作人员起草。"))
    draft = ComplaintDraft.objects.create(
        tenant=row.tenant,
        complaint=row,
        no=row.drafts.count() + 1,
        text=text,
        finding=finding,
        measures=chosen,
        facts=facts,
        by_name=actor.name,
        by_id=actor.person_id,
        by_for_id=actor.delegator_id,
        org_name=actor.org_name,
    )
    row.state = State.DRAFTED
    row.save(update_fields=["state"])
    write_act(row, actor, ActKind.DRAFT, _("第 %(no)d 稿") % {"no": draft.no}, shared=True)
    record(actor, row, "complaints.draft", {"no": draft.no, "finding": finding, "measures": chosen})
    if not row.by_office:
        tell_office(row, title=_("答复待审定"), body=_("%(what)s的答复已报送。") % {"what": words_of(row)})
    return draft


@transaction.atomic
def return_draft(*, actor: Actor, complaint_id: uuid.UUID, reason: str) -> Complaint:
    """Send the draft back to be written anew; the limit runs on."""
    row = office_takes(actor, complaint_id, "return")
    draft = _open_draft(row)
    draft.note, draft.state = unnamed(row, reason_of(reason)), DraftState.RETURNED
    draft.decided_by_id = actor.person_id
    draft.save(update_fields=["note", "state", "decided_by_id"])
    row.state = State.ASSIGNED
    row.save(update_fields=["state"])
    write_act(row, actor, ActKind.RETURN, draft.note, shared=True)
    record(actor, row, "complaints.return", {"no": draft.no, "reason": draft.note})
    tell_unit(row, title=_("答复退回修改"), body=_("%(what)s的答复退回修改，期限照常计算。") % {"what": words_of(row)})
    return row


@transaction.atomic
def approve_answer(*, actor: Actor, complaint_id: uuid.UUID, text: str = "") -> Complaint:
    """Approve the draft (in the words ``text`` where the supervisor changed them) and tell the answer.

    After the second turn it is final. What the office wrote itself is approved by another of its people, where there
    is one. Raises Conflict, Invalid, NotPermitted.
    """
    row = office_takes(actor, complaint_id, "answer")
    draft = _open_draft(row)
    if permissions.needs_another(actor, row, draft.by_id, draft.by_for_id):
        raise Conflict(_("答复由监察机构的另一人审定，起草人不能审定自己的稿子，他当时所代的人和代他办理的人也不能。"))
    answer = text.replace("\x00", "").strip() or draft.text
    if not TEXT_MIN <= len(answer) <= TEXT_MAX:
        raise Invalid(_("请写明答复，%(a)d 到 %(b)d 个字。") % {"a": TEXT_MIN, "b": TEXT_MAX}, field="text")
    draft.state, draft.decided_by_id = DraftState.APPROVED, actor.person_id
    draft.save(update_fields=["state", "decided_by_id"])
    end_pause(row)
    kept = clocks.end(row, ClockKind.ANSWER)
    kept = clocks.end(row, ClockKind.REVIEW) if kept is None else kept
    _answer(row, answer, Finding(draft.finding), draft.measures, in_time=kept is not False, by=actor)
    write_act(row, actor, ActKind.ANSWER, told=True, shared=True)
    record(actor, row, "complaints.answer", {"finding": row.finding, "measures": row.measures, "turn": row.turn})
    _tell_answer(row)
    for twin in row.merged.filter(state=State.MERGED):
        twin = locked(twin.pk)
        said = unnamed(row, answer)
        _answer(twin, said, Finding(draft.finding), draft.measures, in_time=kept is not False, by=actor)
        write_act(twin, actor, ActKind.ANSWER, told=True)
        record(actor, twin, "complaints.answer", {"finding": twin.finding, "with": row.number})
        _tell_answer(twin)
    return row


def _answer(row: Complaint, text: str, finding: Finding, measures: Sequence[str], *, in_time: bool, by: Actor) -> None:
    row.answer, row.finding, row.measures = text, finding, list(measures)
    row.answered_by_id, row.answered_for_id = by.person_id, by.delegator_id
    row.answered_at, row.in_time, row.state = now(), in_time if row.turn == 1 else row.in_time, State.ANSWERED
    row.satisfaction, row.satisfaction_text = "", ""
    row.save(update_fields=_ANSWER_FIELDS)
    publish(
        ComplaintAnswered(
            **event_fields(row), finding=finding, measures=tuple(measures), in_time=in_time, turn=row.turn
        )
    )
    if row.turn == 1:
        clocks.begin(row, ClockKind.ASK_REVIEW)
    else:
        close(row, Ending.ANSWERED)


def _tell_answer(row: Complaint) -> None:
    body = _("您的%(what)s已经答复，请在查询页面查看，并评价答复。") % {"what": words_of(row)}
    tell_writer(row, title=_("来件已答复"), body=body)


def _open_draft(row: Complaint) -> ComplaintDraft:
    draft = row.drafts.select_for_update().filter(state=DraftState.SUBMITTED).first()
    if draft is None:
        raise Conflict(_("没有待审定的答复，请刷新页面后再看。"))
    return draft
