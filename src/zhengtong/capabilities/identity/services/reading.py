"""Opening a person's data: one read, one entry."""

import dataclasses
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.models import Person
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Invalid, NotFound, NotPermitted


@dataclasses.dataclass(frozen=True)
class PersonContact:
    """A person's data in the clear; never kept, never logged."""

    person_id: uuid.UUID
    name: str
    citizen_number: str
    phone: str


def read_contact(*, actor: Actor, person_id: uuid.UUID, purpose: str) -> PersonContact:
    """Name, citizen number and telephone in the clear; an official's read is an entry the person can see.

    A guardian who acts for his ward reads the ward's, which is entered too. Raises Invalid without a purpose,
    NotPermitted for other citizens and strangers, NotFound.
    """
    if not purpose.strip():
        raise Invalid(_("查看个人信息必须写明用途，例如办件编号。"), field="purpose")
    if actor.kind not in ("official", "system") and person_id not in (actor.person_id, actor.ward_id):
        raise NotPermitted(_("您不能查看他人的个人信息。"))
    person = Person.objects.filter(tenant=actor.tenant, pk=person_id).first()
    if person is None:
        raise NotFound(_("没有这个人员。"))
    if actor.person_id != person_id:
        with transaction.atomic():
            ledger.append(
                actor=actor,
                act="identity.contact_read",
                object_ref=ObjectRef(kind="person", id=str(person_id)),
                payload={"fields": ["name", "citizen_number", "phone"]},
                purpose=purpose.strip(),
            )
    return PersonContact(person.id, person.name, person.citizen_number, person.phone)
