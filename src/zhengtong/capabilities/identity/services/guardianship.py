"""Guardians act for their wards: declared by the guardian, verified at the window, contested by the ward, ended."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import Assurance, GuardianshipEvidence
from zhengtong.capabilities.identity.models import Guardianship, Person
from zhengtong.capabilities.identity.permissions import may_verify_relations
from zhengtong.capabilities.identity.registry import person_verifiers
from zhengtong.capabilities.identity.rules import (
    PROVES_FOR_ADULTS,
    birth_date,
    citizen_number_problem,
    last_day_as_minor,
    name_is_valid,
    normal_number,
)
from zhengtong.capabilities.identity.selectors import find_person_by_number, same_person
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.fields import blind_index

_MOST_WAITING = 10  # whoever declares more than that at a time is trying numbers
_SHORTEST = 2  # signs of a reason


def declare_guardianship(
    *,
    actor: Actor,
    ward_name: str,
    ward_citizen_number: str,
    evidence: str,
    evidence_number: str = "",
    valid_until: dt.date | None = None,
) -> uuid.UUID:
    """The signed-in person declares to be somebody's guardian; returns the relation's id.

    For a minor it holds until the day before the eighteenth birthday at most; for an adult it needs a paper that
    names the guardian and a last day. It stays ``declared``, and opens nothing, until an official has seen the paper.
    Raises Invalid naming every field that is wrong, Conflict for a relation that exists, a name that does not fit the
    number, and too many relations that wait.
    """
    guardian = _person_of(actor)
    waiting = Guardianship.objects.filter(guardian=guardian, ended_at__isnull=True, assurance=Assurance.DECLARED)
    if waiting.filter(valid_until__gte=local_date()).count() >= _MOST_WAITING:
        raise Conflict(_("您登记的监护关系还有 %(n)d 个没有核验。请先到政务服务大厅核验。") % {"n": _MOST_WAITING})
    name, number = ward_name.strip(), normal_number(ward_citizen_number)
    until = refuse_wrong_fields(actor.tenant, guardian, name, number, evidence, valid_until)
    try:
        with transaction.atomic():
            ward = ward_for(actor.tenant, name, number)
            row = Guardianship.objects.create(
                tenant=actor.tenant,
                guardian=guardian,
                ward=ward,
                evidence=evidence,
                evidence_number=evidence_number.strip(),
                valid_from=local_date(),
                valid_until=until,
            )
            append(actor, "identity.guardianship_declared", row)
    except IntegrityError as error:
        raise Conflict(_("您已经登记为这个人的监护人，不必重复登记。"), field="ward_citizen_number") from error
    return row.id


def verify_guardianship(*, actor: Actor, guardianship_id: uuid.UUID, words: str = "") -> None:
    """An official who receives applications has seen the paper; from now on the guardian may act.

    Raises NotPermitted for everybody else, for a relation of his own and for a contested one he verified himself,
    Invalid when it is contested and nothing is said about that, Conflict when there is nothing to verify, NotFound.
    """
    with transaction.atomic():
        row = _to_decide(actor, guardianship_id)
        if row.assurance == Assurance.VERIFIED and row.contested_at is None:
            raise Conflict(_("这个监护关系已经核验过。"))
        if row.contested_at is not None:
            if len(words.strip()) < _SHORTEST:
                raise Invalid(_("本人有异议，请写明核实的情况。"), field="words")
            if row.decided_by_id == actor.person_id:
                raise NotPermitted(_("本人对您核验的监护关系有异议，请由另一位工作人员核实。"))
        row.assurance, row.contested_at = Assurance.VERIFIED, None
        row.decided_by_id, row.decided_at = actor.person_id, now()
        row.save(update_fields=["assurance", "contested_at", "decided_by", "decided_at"])
        append(actor, "identity.guardianship_verified", row, words)


def refuse_guardianship(*, actor: Actor, guardianship_id: uuid.UUID, reason: str) -> None:
    """The paper proves nothing, or the ward is right to contest; the guardian reads the reason and may declare anew.

    Raises NotPermitted, Invalid without a reason, Conflict for a verified relation nobody contests (it is ended, not
    refused), NotFound.
    """
    _require_words(reason, _("请写明核验不通过的理由，登记人会看到。"), "reason")
    with transaction.atomic():
        row = _to_decide(actor, guardianship_id)
        if row.assurance == Assurance.VERIFIED and row.contested_at is None:
            raise Conflict(_("这个监护关系已经核验过。不再成立的，请终止它。"))
        row.refused, row.ended_at, row.ended_reason = True, now(), reason.strip()
        row.decided_by_id, row.decided_at = actor.person_id, now()
        row.save(update_fields=["refused", "ended_at", "ended_reason", "decided_by", "decided_at"])
        append(actor, "identity.guardianship_refused", row, reason)


def contest_guardianship(*, actor: Actor, guardianship_id: uuid.UUID, reason: str) -> None:
    """The person somebody claims to be guardian of says no: at once nothing can be done in his name any more.

    An official decides then, since a guardian named by a court is not shaken off by a word. Raises NotFound for
    everybody but the ward, Invalid without a reason, Conflict when it is contested already.
    """
    _require_words(reason, _("请写明为什么有异议，例如“我不认识这个人”。"), "reason")
    with transaction.atomic():
        row = _open(actor.tenant, guardianship_id)
        if not _is(actor, row.ward_id):
            raise NotFound(_("没有这个监护关系，或者它已经终止。"))
        if row.contested_at is not None:
            raise Conflict(_("您已经提出过异议，正在等待窗口工作人员核实。"))
        row.contested_at, row.contested_reason = now(), reason.strip()
        row.save(update_fields=["contested_at", "contested_reason"])
        append(actor, "identity.guardianship_contested", row, reason)


def end_guardianship(*, actor: Actor, guardianship_id: uuid.UUID, reason: str) -> None:
    """The guardian or a window official ends the relation; raises NotFound for everybody else.

    The ward contests instead (``contest_guardianship``); an official gives a reason (Invalid) and does not end a
    relation of his own in office (NotPermitted).
    """
    with transaction.atomic():
        row = _open(actor.tenant, guardianship_id)
        if not _is(actor, row.guardian_id):
            if not may_verify_relations(actor):
                raise NotFound(_("没有这个监护关系，或者它已经终止。"))
            _refuse_own(actor, row)
            _require_words(reason, _("请写明终止的理由。"), "reason")
        row.ended_at, row.ended_reason = now(), reason.strip()
        row.save(update_fields=["ended_at", "ended_reason"])
        append(actor, "identity.guardianship_ended", row, reason)


def record_reading(*, actor: Actor, rows: Iterable[Guardianship]) -> None:
    """An official has seen whose guardian somebody is, with both names: who, and of which relations."""
    with transaction.atomic():
        for row in rows:
            append(actor, "identity.guardianship_read", row)


def refuse_claims_about(*, actor: Actor, ward: Person, reason: str) -> None:
    """End what others have claimed of a person and nobody has verified; part of another act, which knows better."""
    rows = Guardianship.objects.select_for_update(of=("self",)).filter(ward=ward, ended_at__isnull=True)
    for row in rows.filter(assurance=Assurance.DECLARED):
        row.refused, row.ended_at, row.ended_reason = True, now(), reason
        row.save(update_fields=["refused", "ended_at", "ended_reason"])
        append(actor, "identity.guardianship_refused", row, reason)


def _to_decide(actor: Actor, guardianship_id: uuid.UUID) -> Guardianship:
    if not may_verify_relations(actor):
        raise NotPermitted(_("监护关系由窗口工作人员核对证明材料后确认。"))
    row = _open(actor.tenant, guardianship_id)
    if row.valid_until < local_date():
        raise Conflict(_("这个监护关系已经到期，不需要核验。"))
    _refuse_own(actor, row)
    return row


def _refuse_own(actor: Actor, row: Guardianship) -> None:
    if _is(actor, row.guardian_id) or _is(actor, row.ward_id):
        raise NotPermitted(_("不能核验与自己有关的监护关系。请由其他工作人员办理。"))


def _is(actor: Actor, person_id: uuid.UUID) -> bool:
    """True when the actor is that person, also by another of his records."""
    return actor.person_id is not None and person_id in same_person(actor.tenant, actor.person_id)


def _require_words(text: str, sentence: str, field: str) -> None:
    if len(text.strip()) < _SHORTEST:
        raise Invalid(sentence, field=field)


def _person_of(actor: Actor) -> Person:
    person = Person.objects.filter(tenant=actor.tenant, pk=actor.person_id).first() if actor.person_id else None
    if person is None:
        raise NotPermitted(_("请先登录，再登记监护关系。"))
    if not person.citizen_number:
        raise NotPermitted(_("您的账户没有登记公民身份号码，不能登记监护关系。请先到政务服务大厅核对身份。"))
    return person


def refuse_wrong_fields(
    tenant: str, guardian: Person, name: str, number: str, evidence: str, valid_until: dt.date | None
) -> dt.date:
    """The last day of the relation; raises Invalid naming every field that is wrong."""
    today = local_date()
    errors: dict[str, str] = {}
    if not name_is_valid(name):
        errors["ward_name"] = _("请填写被监护人的姓名，与户口簿一致。")
    born = birth_date(number) if len(number) == 18 else None
    if born is None or citizen_number_problem(number, today=today, further_provinces={tenant[:2]}) is not None:
        errors["ward_citizen_number"] = _("被监护人的公民身份号码有误。请对照户口簿核对。")
    elif number == guardian.citizen_number:
        errors["ward_citizen_number"] = _("不能登记为自己的监护人。")
    if evidence not in GuardianshipEvidence.values:
        errors["evidence"] = _("请选择证明材料。")
    if valid_until is not None and valid_until < today:
        errors["valid_until"] = _("截止日期已经过去。请选择今天或以后的日期。")
    last = last_day_as_minor(born) if born else today
    if born and last < today:
        if not errors.get("evidence") and evidence not in PROVES_FOR_ADULTS:
            errors["evidence"] = _("被监护人已成年，请提供监护公证书、指定监护的文件或者人民法院判决书。")
        if valid_until is None:
            errors["valid_until"] = _("被监护人已成年，请填写监护的截止日期。")
    if errors:
        raise Invalid(_("没有登记成功，请更正标出的内容。"), errors=errors)
    if last < today:
        return valid_until or today
    return min(last, valid_until) if valid_until else last


def ward_for(tenant: str, name: str, number: str) -> Person:
    """The ward's record, made where there is none; Invalid and Conflict for a name that does not fit the number."""
    known = find_person_by_number(tenant, number)
    if known is None:
        for _key, verifier in person_verifiers.items():  # noqa: PERF102  (a Registry has no values)
            if verifier(tenant=tenant, name=name, citizen_number=number) is False:
                raise Invalid(_("姓名与公民身份号码不一致。请对照户口簿核对。"), field="ward_citizen_number")
        return Person.objects.create(
            tenant=tenant, name=name, citizen_number=number, citizen_number_index=blind_index(number)
        )
    if known.name != name:
        raise Conflict(_("姓名与公民身份号码不一致。请对照户口簿核对。"), field="ward_citizen_number")
    return known


def _open(tenant: str, guardianship_id: uuid.UUID) -> Guardianship:
    rows = Guardianship.objects.select_for_update(of=("self",))
    row = rows.filter(tenant=tenant, pk=guardianship_id, ended_at__isnull=True).first()
    if row is None:
        raise NotFound(_("没有这个监护关系，或者它已经终止。"))
    return row


def append(actor: Actor, act: str, row: Guardianship, words: str = "") -> None:
    """An entry about a relation."""
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind="guardianship", id=str(row.id)),
        payload={
            "guardian": str(row.guardian_id),
            "ward": str(row.ward_id),
            "evidence": str(row.evidence),
            "valid_until": row.valid_until.isoformat(),
            "assurance": str(row.assurance),
            "words": words.strip(),
        },
        basis="民法典第二十七条至第三十二条",
    )
