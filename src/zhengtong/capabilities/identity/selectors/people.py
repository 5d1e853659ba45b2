"""Persons by post and role, legal persons, persons by citizen number."""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q, QuerySet

from zhengtong.capabilities.identity.models import Agency, Appointment, LegalPerson, Organisation, Person
from zhengtong.capabilities.identity.selectors.organisations import OrganisationInfo, list_organisations
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.fields import blind_index


@dataclasses.dataclass(frozen=True)
class PersonInPost:
    """A person who holds a post today."""

    person_id: uuid.UUID
    name: str
    post_id: uuid.UUID
    post_name: str
    org_id: uuid.UUID


@dataclasses.dataclass(frozen=True)
class LegalPersonInfo:
    """A legal person and in what capacity the actor speaks for it; ``verified`` when a register confirmed it."""

    id: uuid.UUID
    name: str
    uscc: str
    representative_name: str
    agent_role: str
    verified: bool


def valid_on(day: dt.date) -> Q:
    """Rows whose period covers the day."""
    return Q(valid_from__lte=day) & (Q(valid_until__isnull=True) | Q(valid_until__gte=day))


def current_appointments(day: dt.date | None = None) -> "QuerySet[Appointment]":
    """Appointments in force on a day (today) to posts in use."""
    return Appointment.objects.filter(valid_on(day or local_date()), post__active=True)


def list_people_in(tenant: str, org_id: uuid.UUID, role: str) -> list[PersonInPost]:
    """Who holds a post with the role in exactly that organisation today, by name of post, then of person."""
    rows = (
        current_appointments()
        .filter(tenant=tenant, post__organisation_id=org_id, post__roles__role=role)
        .select_related("person", "post")
        .order_by("post__title", "person__name", "id")
    )
    return [PersonInPost(r.person_id, r.person.name, r.post_id, r.post.title, r.post.organisation_id) for r in rows]


def works_in(tenant: str, person_id: uuid.UUID, org_id: uuid.UUID) -> bool:
    """Whether the person holds a post in the organisation or below it today, in whatever capacity he acts now."""
    path = Organisation.objects.filter(tenant=tenant, pk=org_id).values_list("path", flat=True).first()
    if path is None:
        return False
    own = current_appointments().filter(tenant=tenant, person_id=person_id)
    return own.filter(post__organisation__path__startswith=path).exists()


def list_units_of(tenant: str, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    """Of several people the paths of the organisations in which they hold posts today; none for who holds no post."""
    rows = current_appointments().filter(tenant=tenant, person_id__in=person_ids)
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    for person_id, path in rows.values_list("person_id", "post__organisation__path"):
        found[person_id].add(path)
    return found


def list_units_with_role(tenant: str, role: str) -> list[OrganisationInfo]:
    """Organisations in which somebody holds a post with the role today, by code."""
    rows = current_appointments().filter(tenant=tenant, post__roles__role=role)
    ids = set(rows.values_list("post__organisation_id", flat=True))
    return [unit for unit in list_organisations(tenant) if unit.id in ids]


def find_person_by_number(tenant: str, citizen_number: str) -> Person | None:
    """The person with a citizen number, None when the tenant has none."""
    return Person.objects.filter(tenant=tenant, citizen_number_index=blind_index(citizen_number)).first()


def find_legal_person(actor: Actor) -> LegalPersonInfo:
    """The legal person a ``legal_agent`` speaks for (its ``post_id`` names the agency); raises NotFound otherwise."""
    row = (
        Agency.objects.filter(tenant=actor.tenant, pk=actor.post_id, person_id=actor.person_id)
        .select_related("legal_person")
        .first()
        if actor.kind == "legal_agent" and actor.post_id and actor.person_id
        else None
    )
    if row is None:
        raise NotFound("您现在是以本人身份办事，没有代表任何单位。")
    legal: LegalPerson = row.legal_person
    return LegalPersonInfo(
        id=legal.id,
        name=legal.name,
        uscc=legal.uscc,
        representative_name=legal.representative_name,
        agent_role=row.role,
        verified=row.assurance == "verified",
    )


def legal_person_by_id(tenant: str, legal_person_id: uuid.UUID) -> LegalPersonInfo | None:
    """A legal person by its key, None when the tenant has none such; who asks says why (the caller enters it)."""
    row = LegalPerson.objects.filter(tenant=tenant, pk=legal_person_id).first()
    if row is None:
        return None
    return LegalPersonInfo(
        row.id, row.name, row.uscc, row.representative_name, agent_role="", verified=row.assurance == "verified"
    )
