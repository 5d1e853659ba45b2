"""At a counter: finding the person who stands there, and taking down one the platform does not know yet."""

import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.models import Account, Person
from zhengtong.capabilities.identity.rules import normal_number
from zhengtong.capabilities.identity.selectors import find_person_by_number
from zhengtong.capabilities.identity.services.registration import checked_by_registers, field_errors, number_error
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.fields import blind_index


def look_up_person(*, actor: Actor, citizen_number: str, purpose: str) -> uuid.UUID | None:
    """The person with exactly that citizen number, None for nobody; the question is an entry either way.

    The record that was kept is given for one that was merged. Raises NotPermitted for who is no official, Invalid
    for a number that cannot be one and without a purpose.
    """
    _require_official(actor)
    number = normal_number(citizen_number)
    said = number_error(actor.tenant, number)
    if said:
        raise Invalid(said, field="citizen_number")
    if not purpose.strip():
        raise Invalid(_("查找办事人员必须写明用途。"), field="purpose")
    person = _kept(find_person_by_number(actor.tenant, number))
    about = ObjectRef(kind="person", id=str(person.id)) if person else ObjectRef(kind="post", id=str(actor.post_id))
    with transaction.atomic():
        ledger.append(
            actor=actor,
            act="identity.person_looked_up",
            object_ref=about,
            payload={"found": person is not None},
            purpose=purpose.strip(),
        )
    return person.id if person else None


def take_in_person(*, actor: Actor, name: str, citizen_number: str, phone: str) -> uuid.UUID:
    """Take down a person without an account, from the card he shows; he joins this record when he registers later.

    A person who is known keeps what he gave of himself; one without an account is given the telephone of today.
    Raises Invalid naming every wrong field, Conflict when the number belongs to a person of another name.
    """
    _require_official(actor)
    name, number, phone = name.strip(), normal_number(citizen_number), "".join(phone.split())
    errors = field_errors(actor.tenant, name, number, phone)
    if errors:
        raise Invalid(_("没有登记成功，请更正标出的内容。"), errors=errors)
    assurance = checked_by_registers(actor.tenant, name, number)
    try:
        with transaction.atomic():
            known = _kept(find_person_by_number(actor.tenant, number))
            person = known or Person.objects.create(
                tenant=actor.tenant,
                name=name,
                citizen_number=number,
                citizen_number_index=blind_index(number),
                phone=phone,
                phone_index=blind_index(phone),
                assurance=assurance,
            )
            if person.name != name:
                raise _another_name()
            if known is not None and not Account.objects.filter(person=known).exists():
                known.phone, known.phone_index = phone, blind_index(phone)
                known.save(update_fields=["phone", "phone_index"])
            ledger.append(
                actor=actor,
                act="identity.person_taken_in",
                object_ref=ObjectRef(kind="person", id=str(person.id)),
                payload={"known": known is not None, "assurance": person.assurance},
                basis="个人信息保护法第十三条第一款第三项",
            )
    except IntegrityError as error:
        raise _another_name() from error
    return person.id


def _require_official(actor: Actor) -> None:
    if actor.kind != "official":
        raise NotPermitted(_("查找和登记办事人员由窗口工作人员办理。"))


def _kept(person: Person | None) -> Person | None:
    return person.merged_into or person if person else None


def _another_name() -> Conflict:
    return Conflict(
        _("这个公民身份号码已经登记，姓名与您填写的不同。请对照身份证核对姓名和号码。"),
        field="name",
    )
