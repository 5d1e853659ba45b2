"""征求意见: third parties and co-producing agencies are asked; meanwhile the limit to answer stands still."""

import uuid

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor, anonymous, system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.disclosure.constants import (
    CONSULT_LIMIT,
    NAME_MAX,
    ActKind,
    LetterKind,
    Opinion,
    PartyKind,
    PauseReason,
    State,
)
from zhengtong.systems.disclosure.models import Consultation, DisclosureRequest
from zhengtong.systems.disclosure.permissions import answers_for_agency
from zhengtong.systems.disclosure.selectors.clocks import last_day
from zhengtong.systems.disclosure.selectors.requests import open_consultations
from zhengtong.systems.disclosure.services import clocks
from zhengtong.systems.disclosure.services.letters import write_letter
from zhengtong.systems.disclosure.services.taking import locked, unit_takes, words_in
from zhengtong.systems.disclosure.services.telling import record, tell_applicant, tell_unit, words_of, write_act

_SALT = "disclosure.consultation"
_SAID = (Opinion.AGREE, Opinion.OBJECT)


def link_token(row: Consultation) -> str:
    """What the link in the letter to a third party carries: the signed key of the consultation."""
    return signing.Signer(salt=_SALT).sign(str(row.id))


def by_token(tenant: str, token: str) -> Consultation:
    """The consultation of a link; raises NotFound for one that was not signed here."""
    try:
        key = uuid.UUID(signing.Signer(salt=_SALT).unsign(token))
    except (signing.BadSignature, ValueError) as wrong:
        raise NotFound(_("没有找到这次征求意见，请照信上的网址完整输入。")) from wrong
    row = Consultation.objects.select_related("request").filter(tenant=tenant, pk=key).first()
    if row is None:
        raise NotFound(_("没有找到这次征求意见，请照信上的网址完整输入。"))
    return row


@transaction.atomic
def consult(
    *, actor: Actor, request_id: uuid.UUID, kind: str, party: str, about: str, contact: str = "", org_code: str = ""
) -> Consultation:
    """Ask a third party, or an agency that made the information too; they have fifteen working days.

    ``about`` is what they read: the information, without who asked. Raises Invalid, Conflict, NotPermitted.
    """
    row = unit_takes(actor, request_id, "consult")
    if kind not in PartyKind.values:
        raise Invalid(_("请选择征求第三方还是其他机关。"), field="kind")
    org = identity.organisation(row.tenant, org_code) if kind == PartyKind.AGENCY and org_code else None
    if org is not None and org.id == row.org_id:
        raise Invalid(_("不能征求本单位自己的意见。"), field="org")
    who = org.name if org else words_in(party, field="party", least=2, most=NAME_MAX)
    said = words_in(about, field="about")
    if row.name and row.name in said:
        raise Invalid(_("里面写有申请人的姓名，请删去：第三方不应当知道是谁申请的。"), field="about")
    if actor.person_id is None:
        raise Conflict(_("意见由工作人员征求。"))
    today = local_date()
    asked = Consultation.objects.create(
        tenant=row.tenant,
        request=row,
        no=row.consultations.count() + 1,
        kind=kind,
        party=who,
        contact=contact.replace("\x00", "").strip()[:200],
        org_id=org.id if org else None,
        about=said,
        asked_by=actor.name,
        asked_by_id=actor.person_id,
        asked_on=today,
        due_on=last_day(row.tenant, today, CONSULT_LIMIT),
    )
    clocks.stop(row, PauseReason.CONSULT)
    row.state = State.CONSULTING
    row.save(update_fields=["state"])
    _tell_asked(row, actor, asked)
    return asked


@transaction.atomic
def reply(
    *, actor: Actor, consultation_id: uuid.UUID, opinion: str, words: str = "", by_link: bool = False
) -> Consultation:
    """Their answer: by the link of the letter, by the agency on its desk, or taken down by the unit.

    An answer after the time still counts while the request is open. Raises Conflict, Invalid, NotPermitted.
    """
    key = Consultation.objects.filter(tenant=actor.tenant, pk=consultation_id).values_list("request_id", flat=True)
    row = locked(key.first() or uuid.UUID(int=0))
    asked = row.consultations.select_for_update().get(pk=consultation_id)
    own = answers_for_agency(actor, asked)
    if not by_link and not own:
        unit_takes(actor, row.id, "reply")
    if asked.opinion or row.state != State.CONSULTING:
        raise Conflict(_("已经收到过意见，或者这件申请已经答复。"))
    if opinion not in _SAID:
        raise Invalid(_("请选择同意公开还是不同意公开。"), field="opinion")
    asked.words = words_in(words, field="words") if opinion == Opinion.OBJECT else words.replace("\x00", "").strip()
    asked.opinion, asked.answered_at = opinion, now()
    asked.taken_by = "" if by_link else actor.name
    asked.save(update_fields=["opinion", "words", "answered_at", "taken_by"])
    write_act(row, actor, ActKind.REPLY, f"{asked.party}：{asked.get_opinion_display()}")
    who = anonymous(row.tenant) if by_link else actor
    record(who, row, "disclosure.reply", {"no": asked.no, "opinion": opinion})
    _go_on(row)
    return asked


@transaction.atomic
def end_consult(*, actor: Actor, request_id: uuid.UUID, reason: str) -> DisclosureRequest:
    """Wait for nobody any more; the limit runs again from today."""
    row = unit_takes(actor, request_id, "end_consult")
    said = words_in(reason)
    open_consultations(row).update(opinion=Opinion.ENDED, answered_at=now())
    record(actor, row, "disclosure.resume", {"reason": said})
    _go_on(row, actor=actor, said=said)
    return row


@transaction.atomic
def lapse_consultation(consultation_id: uuid.UUID) -> int:
    """Nobody answered in time: of an agency that is consent, of a third party the unit decides. Returns 1 if so."""
    key = Consultation.objects.filter(pk=consultation_id).values_list("request_id", flat=True).first()
    if key is None:
        return 0
    row = locked(key)
    asked = row.consultations.select_for_update().filter(pk=consultation_id, opinion="").first()
    if asked is None or asked.due_on >= local_date():
        return 0
    asked.opinion, asked.answered_at = Opinion.SILENT, now()
    asked.save(update_fields=["opinion", "answered_at"])
    said = _("逾期未答复，视为同意") if asked.kind == PartyKind.AGENCY else _("逾期未答复，由本机关决定")
    write_act(row, None, ActKind.REPLY, f"{asked.party}：{said}")
    record(system(row.tenant), row, "disclosure.reply", {"no": asked.no, "opinion": Opinion.SILENT})
    _go_on(row, last=asked)
    return 1


def _go_on(
    row: DisclosureRequest, *, actor: Actor | None = None, said: str = "", last: Consultation | None = None
) -> None:
    """When nobody is waited for, the limit runs again; after a lapse from the day after the last one to answer."""
    if row.state != State.CONSULTING or open_consultations(row).exists():
        return
    clocks.resume(row, last=last.due_on if last else None)
    row.state = State.HANDLING
    row.save(update_fields=["state"])
    write_act(row, actor, ActKind.RESUME, said, told=True)
    tell_unit(row, title=_("征求意见已结束"), body=_("%(what)s恢复计算期限，请拟定答复。") % {"what": words_of(row)})


def _tell_asked(row: DisclosureRequest, actor: Actor, asked: Consultation) -> None:
    due = cn_date(asked.due_on)
    label = asked.get_kind_display()
    write_act(row, actor, ActKind.CONSULT, _("%(label)s，%(due)s前答复") % {"label": label, "due": due}, told=True)
    record(actor, row, "disclosure.consult", {"no": asked.no, "kind": asked.kind, "due_on": asked.due_on})
    opening = _("我单位收到政府信息公开申请，涉及你（单位）的合法权益或者共同制作的信息，现征求你（单位）意见：")
    last = _("请于%(due)s前答复是否同意公开，不同意的请说明理由。逾期未答复的，由本机关依法决定是否公开。")
    if asked.kind == PartyKind.AGENCY:
        last = _("请于%(due)s前答复是否同意公开，不同意的请说明理由。逾期未答复的，视为同意公开。")
    words = [opening, asked.about, last % {"due": due}]
    write_letter(row, actor, LetterKind.CONSULT, words, consultation=asked)
    body = _("您的%(what)s正在征求意见，所需时间不计入答复期限。") % {"what": words_of(row)}
    tell_applicant(row, title=_("正在征求意见"), body=body)
    if asked.org_id is not None:
        people = {
            one.person_id for role in ("clerk", "leader") for one in identity.people_in(row.tenant, asked.org_id, role)
        }
        said = _("%(org)s就信息公开申请征求意见，请在“征求意见”页答复。") % {"org": row.org_name}
        tell_unit(row, title=_("征求公开意见"), body=said, people=people)
