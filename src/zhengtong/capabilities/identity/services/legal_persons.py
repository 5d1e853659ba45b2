"""Legal persons, and the persons who act for them."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import AgencyRole, Assurance
from zhengtong.capabilities.identity.events import AgencyDeclared
from zhengtong.capabilities.identity.models import Agency, LegalPerson, Person
from zhengtong.capabilities.identity.registry import legal_person_verifiers
from zhengtong.capabilities.identity.rules import name_is_valid, normal_number, uscc_is_valid
from zhengtong.capabilities.identity.selectors import find_person_by_number
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import outbox
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted


def register_legal_person(
    *,
    actor: Actor,
    name: str,
    uscc: str,
    representative_name: str,
    role: str = AgencyRole.LEGAL_REPRESENTATIVE,
    valid_until: dt.date | None = None,
) -> uuid.UUID:
    """The signed-in person declares to act for a legal person; returns the agency's id.

    Without a register that confirms it the agency stays ``declared`` and the papers are checked at acceptance.
    Raises Invalid for wrong fields, Conflict when the legal person is known under another name or already has a
    legal representative who must authorise others himself.
    """
    person = _person_of(actor)
    name, code, representative_name = name.strip(), normal_number(uscc), representative_name.strip()
    refuse_wrong_fields(person, name, code, representative_name, role, valid_until)
    assurance = verify(actor.tenant, code, name, representative_name)
    try:
        with transaction.atomic():
            legal = legal_person_for(actor.tenant, name, code, representative_name, assurance)
            _refuse_second_declaration(legal, person, role)
            if role == AgencyRole.LEGAL_REPRESENTATIVE:
                legal.representative = person
                legal.save(update_fields=["representative"])
            return declare(actor, legal, person, role, valid_until, assurance)
    except IntegrityError as error:
        raise _already_represented(name) from error


def authorise_agent(
    *,
    actor: Actor,
    agent_name: str,
    agent_citizen_number: str,
    valid_until: dt.date,
    item_codes: Sequence[str] = (),
    letter_number: str = "",
) -> uuid.UUID:
    """The legal representative (acting for his legal person) authorises a registered person until a day.

    ``item_codes`` limits the authority to these items (all when empty), ``letter_number`` names the letter of
    authority. Raises NotPermitted for anybody else, NotFound when no such person is registered, Invalid for a past day.
    """
    own = _own_representation(actor)
    if valid_until < local_date():
        raise Invalid(_("授权截止日期已经过去。请选择今天或以后的日期。"), field="valid_until")
    agent = find_person_by_number(actor.tenant, agent_citizen_number)
    if agent is None or agent.name != agent_name.strip():
        raise NotFound(_("没有找到这位经办人。请先请他本人注册账户，并核对姓名和公民身份号码。"))
    with transaction.atomic():
        agency_id = declare(actor, own.legal_person, agent, AgencyRole.AGENT, valid_until, own.assurance)
        Agency.objects.filter(pk=agency_id).update(
            item_codes=sorted({code.strip() for code in item_codes} - {""}),
            letter_number=letter_number.strip(),
            confirmed_at=now(),
        )
    return agency_id


def confirm_agency(*, actor: Actor, agency_id: uuid.UUID) -> None:
    """The legal representative confirms somebody who had declared himself to be an agent; raises NotFound."""
    own = _own_representation(actor)
    with transaction.atomic():
        row = _agency_of(own, agency_id)
        row.confirmed_at, row.assurance = now(), own.assurance
        row.save(update_fields=["confirmed_at", "assurance"])
        _append_agency(actor, "identity.agency_confirmed", row)


def end_agency(*, actor: Actor, agency_id: uuid.UUID, reason: str = "") -> None:
    """The representative takes an authority back, or an agent lays it down; it ends at once. Raises NotFound."""
    with transaction.atomic():
        # the company before its agencies, as who declares one
        list(LegalPerson.objects.select_for_update(no_key=True).filter(agencies=agency_id, tenant=actor.tenant))
        rows = Agency.objects.select_for_update(of=("self",)).filter(tenant=actor.tenant, ended_at__isnull=True)
        row = rows.filter(pk=agency_id, person_id=actor.person_id).first() if actor.person_id else None
        if row is None:
            row = _agency_of(_own_representation(actor), agency_id)
        today = local_date()
        row.ended_at = now()
        row.valid_until = max(row.valid_from, min(row.valid_until or today, today))
        row.save(update_fields=["ended_at", "valid_until"])
        if row.role == AgencyRole.LEGAL_REPRESENTATIVE:
            LegalPerson.objects.filter(pk=row.legal_person_id, representative_id=row.person_id).update(
                representative=None
            )
        _append_agency(actor, "identity.agency_ended", row, reason=reason.strip())


def _own_representation(actor: Actor) -> Agency:
    own = (
        Agency.objects.filter(
            tenant=actor.tenant,
            pk=actor.post_id,
            person_id=actor.person_id,
            role=AgencyRole.LEGAL_REPRESENTATIVE,
            ended_at__isnull=True,
        )
        .select_related("legal_person")
        .first()
        if actor.kind == "legal_agent" and actor.post_id and actor.person_id
        else None
    )
    if own is None:
        raise NotPermitted(_("只有法定代表人可以授权经办人。请先选择以法定代表人身份代表单位办事，再进行授权。"))
    return own


def _agency_of(own: Agency, agency_id: uuid.UUID) -> Agency:
    rows = Agency.objects.select_for_update(of=("self",)).filter(ended_at__isnull=True)
    row = rows.filter(pk=agency_id, legal_person_id=own.legal_person_id).exclude(pk=own.pk).first()
    if row is None:
        raise NotFound(_("没有这个经办人，或者他的授权已经终止。"))
    return row


def _append_agency(actor: Actor, act: str, row: Agency, **more: str) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind="legal_person", id=str(row.legal_person_id)),
        payload={"agency": str(row.id), "person": str(row.person_id), **more},
    )


def _person_of(actor: Actor) -> Person:
    person = Person.objects.filter(tenant=actor.tenant, pk=actor.person_id).first() if actor.person_id else None
    if person is None:
        raise NotPermitted(_("请先登录，再登记您所代表的单位。"))
    return person


def refuse_wrong_fields(
    person: Person, name: str, code: str, representative: str, role: str, valid_until: dt.date | None
) -> None:
    """Raises Invalid naming every field about a company that is wrong."""
    errors: dict[str, str] = {}
    if len(name) < 2:
        errors["name"] = _("请填写营业执照或登记证书上的单位全称。")
    if not uscc_is_valid(code):
        errors["uscc"] = _("统一社会信用代码有误，应为 18 位数字和大写字母。请对照营业执照核对。")
    if not name_is_valid(representative):
        errors["representative_name"] = _("请填写法定代表人（负责人）的姓名。")
    elif role == AgencyRole.LEGAL_REPRESENTATIVE and representative != person.name:
        errors["representative_name"] = _("法定代表人姓名与您的姓名不同。如果您是经办人，请在“身份”里选择经办人。")
    if role not in AgencyRole.values:
        errors["role"] = _("请选择您的身份：法定代表人或经办人。")
    if role == AgencyRole.AGENT and valid_until is None:
        errors["valid_until"] = _("请填写授权委托书上的截止日期。")
    elif valid_until is not None and valid_until < local_date():
        errors["valid_until"] = _("授权截止日期已经过去。请选择今天或以后的日期。")
    if errors:
        raise Invalid(_("没有登记成功，请更正标出的内容。"), errors=errors)


def verify(tenant: str, uscc: str, name: str, representative: str) -> str:
    """How sure the registers make us of a company; Invalid when one knows it otherwise."""
    for _key, verifier in legal_person_verifiers.items():  # noqa: PERF102  (a Registry has no values)
        answer = verifier(tenant=tenant, uscc=uscc, name=name, representative=representative)
        if answer is False:
            raise Invalid(_("单位名称、统一社会信用代码与法定代表人不一致。请对照营业执照核对。"), field="uscc")
        if answer:
            return Assurance.VERIFIED.value
    return Assurance.DECLARED.value


def legal_person_for(tenant: str, name: str, code: str, representative: str, assurance: str) -> LegalPerson:
    """The company's record, locked, made where there is none; Conflict when it is on file otherwise.

    Who declares for one company at once goes one after the other, and sees what the first one became.
    """
    made, _created = LegalPerson.objects.get_or_create(
        tenant=tenant,
        uscc=code,
        defaults={"name": name, "representative_name": representative, "assurance": assurance},
    )
    legal = LegalPerson.objects.select_for_update(no_key=True).get(pk=made.pk)
    if legal.name != name:
        raise Conflict(
            _("这个统一社会信用代码已经登记为另一个单位名称。请核对代码和名称；如有疑问，请到政务服务大厅核对。"),
            field="name",
        )
    if legal.representative_name != representative and assurance != Assurance.VERIFIED:
        # nobody may make himself the representative of a company that is on file with another one
        raise Conflict(
            _("这个单位登记的法定代表人不是您填写的这位。法定代表人有变更的，请先到政务服务大厅核对后更正。"),
            field="representative_name",
        )
    return legal


def _refuse_second_declaration(legal: LegalPerson, person: Person, role: str) -> None:
    today = local_date()
    held = Agency.objects.filter(legal_person=legal, person=person, role=role, ended_at__isnull=True)
    if held.exclude(valid_until__lt=today).exists():
        raise Conflict(_("您已经登记过这个单位，可以直接选择代表它办事。"), field="uscc")
    if legal.representative_id is not None and legal.representative_id != person.id:
        raise _already_represented(legal.name)


def _already_represented(name: str) -> Conflict:
    return Conflict(
        _("“%(name)s”的法定代表人已经注册。请由法定代表人登录后授权您为经办人；如有疑问，请到政务服务大厅核对。")
        % {"name": name},
        field="uscc",
    )


def declare(
    actor: Actor, legal: LegalPerson, person: Person, role: str, valid_until: dt.date | None, assurance: str
) -> uuid.UUID:
    """Write down that a person acts for a company, with entry and event; returns the agency's id."""
    agency = Agency.objects.create(
        tenant=actor.tenant,
        legal_person=legal,
        person=person,
        role=role,
        valid_from=local_date(),
        valid_until=valid_until,
        assurance=assurance,
    )
    ref = ObjectRef(kind="legal_person", id=str(legal.id))
    ledger.append(
        actor=actor,
        act="identity.agency_declared",
        object_ref=ref,
        payload={
            "agency": str(agency.id),
            "person": str(person.id),
            "role": str(role),
            "valid_until": valid_until.isoformat() if valid_until else "",
            "assurance": str(assurance),
        },
    )
    outbox.publish(
        AgencyDeclared(
            tenant=actor.tenant,
            object_ref=ref,
            at=now(),
            person_id=person.id,
            legal_person_id=legal.id,
            role=str(role),
            verified=assurance == Assurance.VERIFIED,
        )
    )
    return agency.id
