"""At a counter: who stands there acts for a child or a company; an official has seen the paper that proves it."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import AgencyRole, Assurance, Role
from zhengtong.capabilities.identity.models import Agency, Guardianship, Person
from zhengtong.capabilities.identity.rules import birth_date, last_day_as_minor, normal_number
from zhengtong.capabilities.identity.selectors import same_person
from zhengtong.capabilities.identity.services import guardianship, legal_persons
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted


@transaction.atomic
def take_in_ward(
    *,
    actor: Actor,
    guardian_id: uuid.UUID,
    ward_name: str,
    ward_citizen_number: str,
    evidence: str,
    evidence_number: str = "",
    valid_until: dt.date | None = None,
) -> uuid.UUID:
    """The guardian shows his paper at the counter: the relation is verified at once; returns its id.

    As ``declare_guardianship``: until the day before the eighteenth birthday; for an adult a paper that names the
    guardian, and a last day. Raises Invalid naming every wrong field, NotPermitted for who is at no counter and for a
    relation of his own, Conflict for a relation that is contested.
    """
    _require_counter(actor)
    guardian = _person(actor.tenant, guardian_id)
    name, number = ward_name.strip(), normal_number(ward_citizen_number)
    until = guardianship.refuse_wrong_fields(actor.tenant, guardian, name, number, evidence, valid_until)
    ward = guardianship.ward_for(actor.tenant, name, number)
    _refuse_own(actor, guardian.id, ward.id)
    row = Guardianship.objects.select_for_update().filter(guardian=guardian, ward=ward, ended_at__isnull=True).first()
    if row is None:
        row = Guardianship(tenant=actor.tenant, guardian=guardian, ward=ward, valid_from=local_date())
    elif row.contested_at is not None:
        raise Conflict(_("被监护人对这个监护关系有异议，请先在监护核验里核实。"), field="ward_citizen_number")
    elif row.assurance == Assurance.VERIFIED and row.valid_until >= until:
        return row.id
    row.evidence, row.evidence_number, row.valid_until = evidence, evidence_number.strip(), until
    row.assurance, row.decided_by_id, row.decided_at = Assurance.VERIFIED, actor.person_id, now()
    row.save()
    guardianship.append(actor, "identity.guardianship_verified", row)
    return row.id


@transaction.atomic
def take_in_agency(
    *,
    actor: Actor,
    person_id: uuid.UUID,
    name: str,
    uscc: str,
    representative_name: str,
    role: str,
    valid_until: dt.date | None = None,
    letter_number: str = "",
    item_codes: Sequence[str] = (),
) -> uuid.UUID:
    """Who comes for a company shows its licence, an agent also his letter of authority; returns the agency's id.

    An agent acts for the items his letter names, until its last day; he may be taken in also where the representative
    is registered, who sees him in his list and can end it. Raises Invalid naming every wrong field, Conflict when the
    company is known otherwise, NotPermitted for who is at no counter and for himself.
    """
    _require_counter(actor)
    person = _person(actor.tenant, person_id)
    _refuse_own(actor, person.id)
    name, code, representative_name = name.strip(), normal_number(uscc), representative_name.strip()
    legal_persons.refuse_wrong_fields(person, name, code, representative_name, role, valid_until)
    items = sorted({one.strip() for one in item_codes} - {""})
    if role == AgencyRole.AGENT and not items:
        raise Invalid(_("请填写授权委托书写明的事项编码。"), field="item_codes")
    assurance = legal_persons.verify(actor.tenant, code, name, representative_name)
    legal = legal_persons.legal_person_for(actor.tenant, name, code, representative_name, assurance)
    going_on = Agency.objects.filter(legal_person=legal, person=person, role=role, ended_at__isnull=True)
    row = going_on.exclude(valid_until__lt=local_date()).first()
    if role == AgencyRole.LEGAL_REPRESENTATIVE:
        if row is not None:
            return row.id
        if legal.representative_id not in (None, person.id):
            raise Conflict(_("这个单位的法定代表人已经由另一个账户登记，请核对营业执照。"), field="representative_name")
        legal.representative = person
        legal.save(update_fields=["representative"])
    elif row is not None and row.valid_until == valid_until and set(items) <= set(row.item_codes):
        return row.id
    agency_id = legal_persons.declare(actor, legal, person, role, valid_until, assurance)
    Agency.objects.filter(pk=agency_id).update(item_codes=items, letter_number=letter_number.strip())
    return agency_id


def is_minor(tenant: str, person_id: uuid.UUID, day: dt.date) -> bool:
    """Whether a person is under eighteen on a day, by his citizen number; False where there is none."""
    number = _person(tenant, person_id).citizen_number
    born = birth_date(number) if len(number) == 18 else None
    return born is not None and day <= last_day_as_minor(born)


def _require_counter(actor: Actor) -> None:
    if actor.kind != "official" or not actor.has_role(Role.COUNTER, Role.CLERK):
        raise NotPermitted(_("代办关系由窗口工作人员核对证明材料后登记。"))


def _refuse_own(actor: Actor, *person_ids: uuid.UUID) -> None:
    own = same_person(actor.tenant, actor.person_id) if actor.person_id else ()
    if any(person_id in own for person_id in person_ids):
        raise NotPermitted(_("不能登记与自己有关的代办关系。请由其他工作人员办理。"))


def _person(tenant: str, person_id: uuid.UUID) -> Person:
    person = Person.objects.filter(tenant=tenant, pk=person_id).first()
    if person is None:
        raise NotFound(_("没有这个人员。"))
    return person
