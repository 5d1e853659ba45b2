"""A citizen opens an account for himself."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import PRIVACY_NOTICE_VERSION, Assurance
from zhengtong.capabilities.identity.events import CitizenRegistered
from zhengtong.capabilities.identity.models import Account, Consent, Person
from zhengtong.capabilities.identity.registry import person_verifiers
from zhengtong.capabilities.identity.rules import (
    NumberProblem,
    birth_date,
    citizen_number_problem,
    last_day_as_minor,
    name_is_valid,
    needs_guardian_consent,
    normal_number,
    phone_is_valid,
)
from zhengtong.capabilities.identity.selectors import find_person_by_number
from zhengtong.capabilities.identity.selectors.relations import only_claimed_as_ward
from zhengtong.capabilities.identity.services.guardianship import refuse_claims_about
from zhengtong.capabilities.identity.services.passwords import refuse_weak_password, store_password
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import outbox
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.fields import blind_index
from zhengtong.kernel.ids import query_code


def register_citizen(
    *, actor: Actor, name: str, citizen_number: str, phone: str, password: str, consent: bool
) -> Account:
    """Person, account and consent in one act; signing in works with the mobile or the citizen number.

    Raises Invalid naming every field that is wrong, Conflict when the citizen number has an account already or
    belongs to a person of another name.
    """
    name, number, phone = name.strip(), normal_number(citizen_number), "".join(phone.split())
    _refuse_wrong_fields(actor.tenant, name, number, phone, password, consent=consent)
    assurance = checked_by_registers(actor.tenant, name, number)
    try:
        with transaction.atomic():
            person = _person_for(actor, name, number, phone, assurance)
            account = Account(tenant=actor.tenant, username=f"c-{query_code().lower()}", person=person)
            store_password(account, password, must_change=False)
            account.save(force_insert=True)
            Consent.objects.get_or_create(
                tenant=actor.tenant, person=person, notice=PRIVACY_NOTICE_VERSION, withdrawn_at=None
            )
            ref = ObjectRef(kind="person", id=str(person.id))
            ledger.append(
                actor=actor,
                act="identity.citizen_registered",
                object_ref=ref,
                payload={"account": str(account.id), "notice": PRIVACY_NOTICE_VERSION, "assurance": assurance},
                basis="个人信息保护法第十三条第一款第一项",
            )
            outbox.publish(CitizenRegistered(tenant=actor.tenant, object_ref=ref, at=now(), person_id=person.id))
    except IntegrityError as error:
        raise _taken() from error
    return account


def _refuse_wrong_fields(tenant: str, name: str, number: str, phone: str, password: str, *, consent: bool) -> None:
    errors = field_errors(tenant, name, number, phone)
    born = birth_date(number) if "citizen_number" not in errors else None
    if born is not None and needs_guardian_consent(born, local_date()):
        errors["citizen_number"] = _(
            "不满十四周岁的，不能自己注册。请由监护人注册，登记监护关系以后以监护人身份办理（个人信息保护法第三十一条）。"
        )
    try:
        refuse_weak_password(password, tenant=tenant, personal=(phone, number, number[-8:], number[6:14]))
    except Invalid as error:
        errors["password"] = error.message
    if not consent:
        errors["consent"] = _("请先阅读并同意个人信息处理告知书，否则无法注册。不注册也可以到政务服务大厅现场办理。")
    if errors:
        raise Invalid(_("没有注册成功，请更正标出的内容。"), errors=errors)


def field_errors(tenant: str, name: str, number: str, phone: str) -> dict[str, str]:
    """A sentence for each of name, citizen number and telephone that cannot be right."""
    errors: dict[str, str] = {}
    if not name_is_valid(name):
        errors["name"] = _("请填写与身份证一致的姓名，只能有文字和间隔号“·”。")
    said = number_error(tenant, number)
    if said:
        errors["citizen_number"] = said
    if not phone_is_valid(phone):
        errors["phone"] = _("请填写 11 位手机号，例如 13800000000。")
    return errors


def number_error(tenant: str, number: str) -> str:
    """Why a citizen number cannot be right, empty when it can."""
    problem = citizen_number_problem(number, today=local_date(), further_provinces={tenant[:2]})
    return "" if problem is None else _number_sentence(problem)


def checked_by_registers(tenant: str, name: str, number: str) -> str:
    """Asks the registers that are connected; without an answer the person stays ``declared`` and pages say so."""
    for _key, verifier in person_verifiers.items():  # noqa: PERF102  (a Registry has no values)
        answer = verifier(tenant=tenant, name=name, citizen_number=number)
        if answer is False:
            raise Invalid(_("姓名与公民身份号码不一致。请核对后重新填写。"), field="citizen_number")
        if answer:
            return Assurance.VERIFIED.value
    return Assurance.DECLARED.value


def _person_for(actor: Actor, name: str, number: str, phone: str, assurance: str) -> Person:
    known = find_person_by_number(actor.tenant, number)
    if known is None:
        return Person.objects.create(
            tenant=actor.tenant,
            name=name,
            citizen_number=number,
            citizen_number_index=blind_index(number),
            phone=phone,
            phone_index=blind_index(phone),
            assurance=assurance,
        )
    if Account.objects.filter(person=known).exists():
        raise _taken()
    if known.name != name:
        _take_own_name(actor, known, name)
    if not known.phone:
        known.phone, known.phone_index = phone, blind_index(phone)
        known.save(update_fields=["phone", "phone_index"])
    return known


def _take_own_name(actor: Actor, known: Person, name: str) -> None:
    """An adult's own word counts more than a stranger's who has claimed to be his guardian under a wrong name.

    Only where that claim, never verified, is all the platform knows of him; his right name is not shown to who made it.
    """
    born = birth_date(known.citizen_number)
    if born is None or last_day_as_minor(born) >= local_date() or not only_claimed_as_ward(known):
        raise _taken()
    refuse_claims_about(actor=actor, ward=known, reason=_("姓名与本人登记的不一致"))
    known.name = name
    known.save(update_fields=["name"])


def _taken() -> Conflict:
    return Conflict(
        _(
            "这个公民身份号码已经注册过，或者登记的姓名与您填写的不同。请直接登录；"
            "如果不是您本人注册的，请带身份证到政务服务大厅核对。"
        ),
        field="citizen_number",
    )


def _number_sentence(problem: NumberProblem) -> str:
    if problem is NumberProblem.FORM:
        return _("公民身份号码应为 18 位：前 17 位是数字，最后一位是数字或 X。请对照身份证核对。")
    if problem is NumberProblem.DATE:
        return _("公民身份号码第 7 至 14 位不是有效的出生日期。请对照身份证核对。")
    return _("公民身份号码有误，可能抄错了一位。请对照身份证核对。")
