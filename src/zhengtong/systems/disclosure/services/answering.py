"""The answer: drafted by an officer, approved by the head, told in writing; and how any request ends."""

import dataclasses
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.identity import api as identity
from zhengtong.contracts.disclosure import RequestClosed
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.outbox import publish
from zhengtong.systems.disclosure.constants import (
    TEXT_MAX,
    ActKind,
    AnswerState,
    AskKind,
    ClockKind,
    ExtensionState,
    FeeState,
    LetterKind,
    Opinion,
    PartyKind,
    State,
)
from zhengtong.systems.disclosure.models import AnswerDraft, DisclosureRequest
from zhengtong.systems.disclosure.permissions import heads
from zhengtong.systems.disclosure.rules.outcomes import DATA_OUTCOMES, OUTCOMES, missing_of
from zhengtong.systems.disclosure.services import charging, clocks
from zhengtong.systems.disclosure.services.letters import write_letter
from zhengtong.systems.disclosure.services.submitting import checked_files, store_files
from zhengtong.systems.disclosure.services.taking import head_takes, unit_takes, words_in
from zhengtong.systems.disclosure.services.telling import (
    event_fields,
    record,
    tell_applicant,
    tell_unit,
    words_of,
    write_act,
)

_REMEDY = gettext_lazy(
    "如对本答复不服，可以自收到本答复之日起六十日内依法申请行政复议，或者在六个月内向人民法院提起行政诉讼（期限待核实）。"
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Answer:
    """How an officer would answer; ``files`` are (name, content) of what is provided."""

    outcome: str
    reason: str = ""
    text: str = ""
    access: str = ""
    agency: str = ""
    overrides: bool = False
    files: Sequence[tuple[str, bytes]] = ()


def draft_answer(*, actor: Actor, request_id: uuid.UUID, answer: Answer) -> AnswerDraft:
    """Propose an answer to the head. Raises Conflict, Invalid with a sentence for each field, NotPermitted."""
    files, wrong = checked_files(answer.files)
    with transaction.atomic():
        row = unit_takes(actor, request_id, "draft")
        given = {name: getattr(answer, name).replace("\x00", "").strip() for name in ("reason", "text", "access")}
        errors = wrong | _errors(row, answer, **given)
        if errors:
            raise Invalid(_("还有 %(n)d 处需要改正，已填写的内容都在。") % {"n": len(errors)}, errors=errors)
        if actor.person_id is None:
            raise Conflict(_("答复由工作人员拟定。"))
        draft = AnswerDraft.objects.create(
            tenant=row.tenant,
            request=row,
            no=row.drafts.count() + 1,
            outcome=answer.outcome,
            agency=answer.agency.replace("\x00", "").strip()[:200],
            overrides=answer.overrides and _objects(row),
            by_name=actor.name,
            by_id=actor.person_id,
            stood_for_id=actor.delegator_id,
            **given,
        )
        store_files(row, files, provided=True)
        row.state = State.DRAFTED
        row.save(update_fields=["state"])
        write_act(row, actor, ActKind.DRAFT, _("第 %(no)d 稿") % {"no": draft.no})
        record(actor, row, "disclosure.draft", {"no": draft.no, "outcome": draft.outcome})
        body = _("%(what)s的答复待审定。") % {"what": words_of(row)}
        tell_unit(row, title=_("信息公开答复待审定"), body=body, people=heads(row))
        return draft


@transaction.atomic
def return_draft(*, actor: Actor, request_id: uuid.UUID, reason: str) -> DisclosureRequest:
    """Send the draft back to be written anew; the limit runs on."""
    row = head_takes(actor, request_id, "return")
    draft = _open_draft(row)
    draft.note, draft.state = words_in(reason), AnswerState.RETURNED
    draft.decided_by, draft.decided_by_id = actor.name, actor.person_id
    draft.save(update_fields=["note", "state", "decided_by", "decided_by_id"])
    row.state = State.HANDLING
    row.save(update_fields=["state"])
    row.files.filter(provided=True).delete()
    write_act(row, actor, ActKind.RETURN, draft.note)
    record(actor, row, "disclosure.return", {"no": draft.no, "reason": draft.note})
    tell_unit(row, title=_("信息公开答复退回修改"), body=_("%(what)s的答复退回修改。") % {"what": words_of(row)})
    return row


@transaction.atomic
def approve_answer(*, actor: Actor, request_id: uuid.UUID) -> DisclosureRequest:
    """The head, who did not write it, approves: the request ends, the letters go out. Raises Conflict, NotPermitted."""
    row = head_takes(actor, request_id, "approve")
    draft = _open_draft(row)
    own = _("答复由另一位负责人审定，起草人不能审定自己的稿子。")
    identity.check_second_person(actor, draft.by_id, draft.stood_for_id, own)
    draft.state, draft.decided_by, draft.decided_by_id = AnswerState.APPROVED, actor.name, actor.person_id
    draft.save(update_fields=["state", "decided_by", "decided_by_id"])
    row.reason, row.answer, row.access, row.agency = draft.reason, draft.text, draft.access, draft.agency
    row.closed_by_id = actor.person_id
    row.save(update_fields=["reason", "answer", "access", "agency", "closed_by_id"])
    kept = clocks.end(row, ClockKind.ANSWER)
    close(row, draft.outcome, in_time=kept is not False)
    write_act(row, actor, ActKind.ANSWER, row.get_outcome_display(), told=True)
    record(actor, row, "disclosure.answer", {"outcome": row.outcome, "in_time": row.in_time})
    write_letter(row, actor, LetterKind.ANSWER, answer_words(row))
    if draft.overrides:
        _tell_overridden(row, actor)
    tell_applicant(row, title=_("信息公开申请已答复"), body=_("您的%(what)s已经答复。") % {"what": words_of(row)})
    return row


def close(row: DisclosureRequest, outcome: str, *, in_time: bool | None = None) -> None:
    """End a locked request: limits, stops, what was not paid; other apps hear of it."""
    clocks.end_all(row)
    charging.drop_fee(row, FeeState.LAPSED if outcome == "unpaid" else FeeState.CANCELLED)
    row.consultations.filter(opinion="").update(opinion=Opinion.ENDED, answered_at=now())
    row.drafts.filter(state=AnswerState.SUBMITTED).update(state=AnswerState.RETURNED)
    row.outcome, row.state, row.closed_at, row.in_time = outcome, State.CLOSED, now(), in_time
    row.save(update_fields=["outcome", "state", "closed_at", "in_time"])
    publish(RequestClosed(**event_fields(row), outcome=outcome, in_time=in_time))


def answer_words(row: DisclosureRequest) -> list[str]:
    """The paragraphs of the letter that answers."""
    found = OUTCOMES.get(row.outcome)
    if found is None:
        said = _("您要求更正与本人有关的政府信息，经核实：%(what)s。") % {"what": row.get_outcome_display()}
        return [said, row.reason, row.answer]
    return [
        _("经审查，根据%(article)s，答复如下：") % {"article": found.article},
        found.says,
        _("理由：%(reason)s") % {"reason": row.reason} if row.reason else "",
        row.answer,
        _("获取方式和途径：%(access)s") % {"access": row.access} if row.access else "",
        _("负责公开的机关：%(agency)s") % {"agency": row.agency} if row.agency else "",
        str(_REMEDY),
    ]


def _errors(row: DisclosureRequest, answer: Answer, *, reason: str, text: str, access: str) -> dict[str, str]:
    own_data = row.kind == AskKind.OWN_DATA
    if own_data != (answer.outcome in DATA_OUTCOMES):
        return {"outcome": _("请选择适用于这类申请的答复类型。")}
    given = access or ("files" if answer.files else "")
    errors = missing_of(answer.outcome, reason=reason, access=given, agency=answer.agency.strip())
    for name, value, most in (("reason", reason, TEXT_MAX), ("text", text, TEXT_MAX), ("access", access, 500)):
        if len(value) > most:
            errors[name] = _("超过 %(n)d 个字，请删减。") % {"n": most}
    if answer.outcome == "still_unclear" and row.corrected_on is None:
        errors["outcome"] = _("没有要求补正过，不能以“补正后仍不明确”答复。")
    if answer.outcome == "not_flood" and row.reasons_asked_at is None:
        errors["outcome"] = _("没有要求申请人说明过理由，不能以“大量反复申请”不予处理。")
    found = OUTCOMES.get(answer.outcome)
    if found and found.gives and answer.outcome != "already" and _objects(row) and not answer.overrides:
        errors["overrides"] = _("第三方不同意公开。认为不公开会对公共利益造成重大影响、决定公开的，请勾选并说明理由。")
    if answer.overrides and _objects(row) and len(reason) < 5:
        errors["reason"] = _("第三方不同意而决定公开的，请写明理由，并书面告知第三方。")
    if row.extensions.filter(state=ExtensionState.ASKED).exists():
        errors["outcome"] = _("延长期限的申请还没有决定，请先由负责人决定。")
    return errors


def _objects(row: DisclosureRequest) -> bool:
    return row.consultations.filter(kind=PartyKind.THIRD, opinion=Opinion.OBJECT).exists()


def _tell_overridden(row: DisclosureRequest, actor: Actor) -> None:
    """第三十二条: what is opened against their will, and why, is told to the third parties in writing."""
    for one in row.consultations.select_for_update().filter(kind=PartyKind.THIRD, opinion=Opinion.OBJECT):
        one.overridden = True
        one.save(update_fields=["overridden"])
        words = [
            _("你（单位）不同意公开下列信息：%(about)s") % {"about": one.about},
            _("本机关认为不公开可能对公共利益造成重大影响，决定予以公开，现将决定公开的政府信息内容和理由告知如下："),
            row.reason,
        ]
        write_letter(row, actor, LetterKind.OVERRIDING, words, consultation=one)


def _open_draft(row: DisclosureRequest) -> AnswerDraft:
    draft = row.drafts.select_for_update().filter(state=AnswerState.SUBMITTED).first()
    if draft is None:
        raise Conflict(_("没有待审定的答复，请刷新页面后再看。"))
    return draft
