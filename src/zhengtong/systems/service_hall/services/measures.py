"""The authority's acts on licences it issued: proposed by one person, decided by another, told to the holder."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import Role
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust import api as trust
from zhengtong.contracts.service_hall import LicenceMeasureMoved
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.outbox import publish
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.constants import (
    HEARING_OF_HOLDER,
    MEASURE_KIND,
    OBJECT_KIND,
    MeasureKind,
    MeasureState,
)
from zhengtong.systems.service_hall.models import Application, LicenceMeasure
from zhengtong.systems.service_hall.rules import unprintable
from zhengtong.systems.service_hall.rules.licences import NOT_BY_THE_PROPOSER, Act, decision_barred, measure_problems
from zhengtong.systems.service_hall.services.telling import tell_holder

_GROUNDS = {
    MeasureKind.REVOKE: documents.EndGround.REVOKED,
    MeasureKind.CANCEL: documents.EndGround.CANCELLED,
    MeasureKind.LIFT: documents.EndGround.LIFTED,
}
#: title and body of what the holder is told once a measure is carried
_NEWS = {
    MeasureKind.REVOKE: (
        gettext_lazy("您的证照已被撤销"),
        gettext_lazy("%(org)s决定撤销您的%(title)s（%(number)s），证照已经失效。决定书写明了理由和救济途径。"),
    ),
    MeasureKind.CANCEL: (
        gettext_lazy("您的证照已经注销"),
        gettext_lazy("%(org)s决定注销您的%(title)s（%(number)s），证照已经失效。决定书写明了理由和救济途径。"),
    ),
    MeasureKind.LIFT: (
        gettext_lazy("您的证照已被吊销"),
        gettext_lazy("根据行政处罚决定（%(document_no)s），您的%(title)s（%(number)s）已被吊销，证照已经失效。"),
    ),
    MeasureKind.CORRECT: (
        gettext_lazy("您的证照已经更正"),
        gettext_lazy(
            "%(org)s更正了您的%(title)s（%(number)s）的登记内容，已换发新证，原证作废。新证在“我的证照”中下载。"
        ),
    ),
}
_LONGEST = {"reason": 2000, "relief": 1000, "document_no": 120}


@transaction.atomic
def propose_measure(
    *,
    actor: Actor,
    document_id: uuid.UUID,
    kind: str,
    ground: str,
    reason: str,
    relief: str = "",
    document_no: str = "",
    corrected: Mapping[str, str] | None = None,
) -> LicenceMeasure:
    """Put a measure to the unit's leader; before a revocation the holder is told and may state his case.

    For clerks and leaders of the issuing unit, and the platform. Raises NotFound, NotPermitted, Conflict where the
    licence is not open to it, Invalid with a sentence per field.
    """
    card = _card(actor, document_id)
    act = Act(kind)
    reason_barred = card.barred(act)
    if reason_barred:
        raise Conflict(_("不能提出%(kind)s：%(reason)s") % {"kind": MeasureKind(kind).label, "reason": reason_barred})
    changes = _changes(card, corrected or {})
    texts = {"reason": reason.strip(), "relief": relief.strip(), "document_no": document_no.strip()}
    problems = _too_long(texts) | measure_problems(
        act, ground=ground, corrected=changes, facts=card.facts, today=local_date(), **texts
    )
    if problems:
        raise Invalid(_("还不能提出：有 %(count)d 处需要补充。") % {"count": len(problems)}, errors=problems)
    row = LicenceMeasure.objects.create(
        tenant=actor.tenant,
        kind=kind,
        document_id=card.id,
        licence_title=card.paper.title,
        licence_number=card.paper.number,
        item_code=card.view.item_code,
        org_id=card.paper.issuing_org_id,
        org_name=card.paper.issuing_org_name,
        ground=ground,
        corrected=changes,
        proposed_by_id=actor.person_id,
        proposed_by=actor.name,
        proposed_for_id=actor.delegator_id,
        hear_until=_hear_until(actor.tenant) if act is Act.REVOKE else None,
        **texts,
    )
    _record(actor, row, "service_hall.propose_measure", {"ground": ground, "reason": row.reason, **changes})
    _tell(row, "proposed")
    if act is Act.REVOKE:
        _tell_holder(
            row,
            _("拟撤销您的证照，请陈述意见"),
            _("%(org)s拟撤销您的%(title)s（%(number)s）。您可以在%(day)s前在“我的证照”中陈述、申辩。理由：%(reason)s"),
        )
    return row


def propose_revocation(
    *, actor: Actor, document_id: uuid.UUID, ground: str, reason: str, relief: str = ""
) -> uuid.UUID:
    """For other parts of the platform (a commitment found false): propose to revoke a licence; the measure's key.

    ``ground`` is a key of ``rules.licences.GROUNDS["revoke"]``; without ``relief`` the unit settles it before the
    decision. Raises what ``propose_measure`` raises.
    """
    row = propose_measure(
        actor=actor,
        document_id=document_id,
        kind=MeasureKind.REVOKE,
        ground=ground,
        reason=reason,
        relief=relief or _("作出决定以前，由签发单位核定被许可人合法权益的处理。"),
    )
    return row.id


@transaction.atomic
def state_case(*, actor: Actor, measure_id: uuid.UUID, text: str) -> LicenceMeasure:
    """陈述、申辩: what the holder says against a measure; once, while it waits. Raises NotFound, Conflict, Invalid."""
    selectors.holders_measure(actor=actor, measure_id=measure_id)
    row = LicenceMeasure.objects.select_for_update().get(pk=measure_id)
    if row.state != MeasureState.PROPOSED:
        raise Conflict(_("这项处置已经决定，不能再陈述。不服决定的，可以申请行政复议或者提起行政诉讼。"))
    if row.stated_at is not None:
        raise Conflict(_("您已经提交过陈述申辩。还要补充的，请联系签发单位。"))
    if not text.strip() or len(text.strip()) > _LONGEST["reason"]:
        raise Invalid(_("请写明您的意见，最多 2000 个字。"), field="text")
    row.statement, row.stated_at = text.strip(), now()
    row.save(update_fields=["statement", "stated_at"])
    _record(actor, row, "service_hall.state_case", {"text": row.statement})
    return row


def carry_measure(*, actor: Actor, measure_id: uuid.UUID, note: str = "") -> LicenceMeasure:
    """Decide for a measure: it takes effect at once, verification shows it. Raises what ``_decidable`` raises."""
    with transaction.atomic():
        asked = _decidable(actor, measure_id, note)
    if asked.kind == MeasureKind.CORRECT:
        _seal_of(asked)  # made before the transaction, where there is none
    with transaction.atomic():
        return _carry(actor, measure_id, note)


def _carry(actor: Actor, measure_id: uuid.UUID, note: str) -> LicenceMeasure:
    row = _decidable(actor, measure_id, note)
    reason = decision_barred(
        Act(row.kind),
        hear_until=row.hear_until,
        stated=row.stated_at is not None,
        second=identity.is_second_person(actor, row.proposed_by_id, row.proposed_for_id),
        today=local_date(),
    )
    if reason:
        raise Conflict(reason)
    if row.kind == MeasureKind.CORRECT:
        _correct(row)
    else:
        ground = _GROUNDS[MeasureKind(row.kind)]
        documents.withdraw_document(actor=actor, document_id=row.document_id, reason=row.reason[:500], ground=ground)
    _close(actor, row, MeasureState.CARRIED, note)
    _record(actor, row, "service_hall.carry_measure", {"note": row.note})
    _tell(row, "carried")
    _tell_holder(row, *_NEWS[MeasureKind(row.kind)])
    return row


@transaction.atomic
def refuse_measure(*, actor: Actor, measure_id: uuid.UUID, note: str) -> LicenceMeasure:
    """Decide against a measure: the licence stays as it is. Raises as ``carry_measure``, Invalid without a reason."""
    row = _decidable(actor, measure_id, note)
    if not identity.is_second_person(actor, row.proposed_by_id, row.proposed_for_id):
        raise Conflict(NOT_BY_THE_PROPOSER)
    if not note.strip():
        raise Invalid(_("请写明不同意的理由。"), field="note")
    _close(actor, row, MeasureState.REFUSED, note)
    _record(actor, row, "service_hall.refuse_measure", {"note": row.note})
    _tell(row, "refused")
    if row.kind == MeasureKind.REVOKE:
        _tell_holder(row, _("您的证照没有被撤销"), _("%(org)s决定不撤销您的%(title)s（%(number)s），证照继续有效。"))
    return row


@transaction.atomic
def drop_measure(*, actor: Actor, measure_id: uuid.UUID) -> LicenceMeasure:
    """Take back what one has proposed oneself, before it is decided. Raises NotFound, NotPermitted, Conflict."""
    selectors.unit_measure(actor=actor, measure_id=measure_id)
    row = _waiting(measure_id)
    if row.proposed_by_id != actor.person_id:
        raise NotPermitted(_("只有提出的人可以撤回，负责人可以决定不同意。"))
    _close(actor, row, MeasureState.DROPPED, "")
    _record(actor, row, "service_hall.drop_measure", {})
    _tell(row, "dropped")
    if row.kind == MeasureKind.REVOKE:
        _tell_holder(row, _("您的证照没有被撤销"), _("%(org)s不再拟撤销您的%(title)s（%(number)s），证照继续有效。"))
    return row


def _card(actor: Actor, document_id: uuid.UUID) -> selectors.LicenceCard:
    if actor.kind == "system":
        found = documents.licence_by_id(tenant=actor.tenant, document_id=document_id)
        if found is None:
            raise NotFound(_("没有找到这份证照。"))
        return selectors.cards(actor.tenant, [found])[0]
    card = selectors.desk_licence(actor=actor, document_id=document_id)
    if not documents.may_handle_licence(actor, card.view):
        raise NotPermitted(_("证照的撤销、注销和更正由签发单位的经办人或者负责人提出。"))
    return card


def _decidable(actor: Actor, measure_id: uuid.UUID, note: str) -> LicenceMeasure:
    """The measure, locked, for a leader of the issuing unit; raises NotFound, NotPermitted, Conflict, Invalid."""
    selectors.unit_measure(actor=actor, measure_id=measure_id)
    if not actor.has_role(Role.LEADER):
        raise NotPermitted(_("证照的撤销、注销和更正由签发单位的负责人决定。"))
    row = _waiting(measure_id)
    if len(note.strip()) > 500:
        raise Invalid(_("意见不超过 500 个字。"), field="note")
    return row


def _waiting(measure_id: uuid.UUID) -> LicenceMeasure:
    row = LicenceMeasure.objects.select_for_update().get(pk=measure_id)
    if row.state != MeasureState.PROPOSED:
        raise Conflict(_("这项处置已经办结（%(state)s）。") % {"state": row.get_state_display()})
    return row


def _close(actor: Actor, row: LicenceMeasure, state: str, note: str) -> None:
    row.state, row.decided_at, row.note = state, now(), note.strip()
    row.decided_by_id, row.decided_by = actor.person_id, actor.name
    row.save(update_fields=["state", "decided_at", "note", "decided_by_id", "decided_by"])


def _correct(row: LicenceMeasure) -> None:
    """The corrected copy takes the place of the licence, with the unit's seal of today."""
    documents.reissue_document(
        actor=system(row.tenant),
        document_id=row.document_id,
        ground=documents.EndGround.MISTAKE,
        reason=row.reason[:500],
        seal_id=_seal_of(row),
        corrected=row.corrected,
    )


def _seal_of(row: LicenceMeasure) -> uuid.UUID:
    boss = system(row.tenant)
    return trust.ensure_seal(actor=boss, org_id=row.org_id, org_name=row.org_name, kind="official").id


def _changes(card: selectors.LicenceCard, corrected: Mapping[str, str]) -> dict[str, str]:
    """What differs from what is registered; Invalid for a fact the licence does not show or cannot print."""
    shown = dict(card.view.rows)
    found = {label: value.strip() for label, value in corrected.items() if value.strip() != shown.get(label)}
    wrong = [label for label, value in found.items() if label not in shown or not value or unprintable(value)]
    if wrong:
        raise Invalid(
            _("更正的内容不能是空的，也不能有不能印在证照上的字符：%(what)s。") % {"what": "、".join(wrong)},
            field="corrected",
        )
    return found


def _too_long(texts: Mapping[str, str]) -> dict[str, str]:
    found = {
        name: _("最多 %(most)d 个字。") % {"most": most} for name, most in _LONGEST.items() if len(texts[name]) > most
    }
    found |= {
        name: _("有不能印在文书上的字符“%(characters)s”。") % {"characters": unprintable(text)}
        for name, text in texts.items()
        if unprintable(text)
    }
    return found


def _hear_until(tenant: str) -> Any:
    days = int(parameters.value(HEARING_OF_HOLDER, tenant=tenant))
    return cases.calendar_of(tenant).add_workdays(local_date(), days)


def _tell_holder(row: LicenceMeasure, title: str | Promise, body: str | Promise) -> None:
    words = {
        "org": row.org_name,
        "title": row.licence_title,
        "number": row.licence_number,
        "day": cn_date(row.hear_until),
        "reason": row.reason,
        "document_no": row.document_no,
    }
    found = documents.licence_by_id(tenant=row.tenant, document_id=row.document_id)
    if found is None or found.paper.object_ref.kind != OBJECT_KIND:
        return
    application = Application.objects.filter(tenant=row.tenant, pk=uuid.UUID(found.paper.object_ref.id)).first()
    if application is not None:
        tell_holder(application, row.document_id, str(title), str(body) % words)


def _tell(row: LicenceMeasure, step: str) -> None:
    publish(
        LicenceMeasureMoved(
            tenant=row.tenant,
            object_ref=ObjectRef(kind=MEASURE_KIND, id=str(row.id)),
            at=now(),
            measure_id=row.id,
            document_id=row.document_id,
            kind=row.kind,
            step=step,
            ground=row.ground,
            title=row.licence_title,
            number=row.licence_number,
            item_code=row.item_code,
            org_id=row.org_id,
            org_name=row.org_name,
        )
    )


def _record(actor: Actor, row: LicenceMeasure, act: str, payload: Mapping[str, Any]) -> None:
    content = {"kind": row.kind, "number": row.licence_number, "document": str(row.document_id), **payload}
    ledger.append(actor=actor, act=act, object_ref=ObjectRef(kind=MEASURE_KIND, id=str(row.id)), payload=content)
