"""For whom a person acts, who is the same person, and who may be."""

import uuid

from django.db.models import Count, F, Q, QuerySet

from zhengtong.capabilities.identity.constants import AgencyRole, Assurance, GuardianshipState, MergeState, PersonKind
from zhengtong.capabilities.identity.models import Agency, Appointment, Guardianship, Person, PersonMerge
from zhengtong.capabilities.identity.rules import guardianship_state
from zhengtong.capabilities.identity.selectors.people import valid_on
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.fields import blind_index

_SHOWN = 50


def same_person(tenant: str, person_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """The ids of all records that are this person: the one kept and those merged into it."""
    row = Person.objects.filter(tenant=tenant, pk=person_id).only("id", "merged_into_id").first()
    if row is None:
        return frozenset({person_id})
    kept = row.id if row.merged_into_id is None else row.merged_into_id
    rows = Person.objects.filter(Q(pk=kept) | Q(merged_into_id=kept), tenant=tenant)
    return frozenset(rows.values_list("id", flat=True))


def wards_of(person: Person) -> "QuerySet[Guardianship]":
    """Whom a person has declared to be guardian of, open relations first, with those that ended, the latest first."""
    return _relations(_of(person, "guardian"))


def guardians_of(person: Person) -> "QuerySet[Guardianship]":
    """Who has declared to be a person's guardian, open relations first, with those that ended, the latest first."""
    return _relations(_of(person, "ward"))


def open_guardians(person: Person) -> int:
    """How many people say today that they are the person's guardian."""
    rows = Guardianship.objects.filter(_of(person, "ward"), ended_at__isnull=True, valid_until__gte=local_date())
    return rows.count()


def guardianships_by_number(tenant: str, citizen_number: str) -> list[Guardianship]:
    """Open relations of the person with exactly that citizen number, as guardian or as ward."""
    index = blind_index(citizen_number)
    if not index:
        return []
    either = Q(guardian__citizen_number_index=index) | Q(ward__citizen_number_index=index)
    rows = Guardianship.objects.filter(either, tenant=tenant, ended_at__isnull=True, valid_until__gte=local_date())
    return list(rows.select_related("guardian", "ward").order_by("created_at")[:_SHOWN])


def contested_guardianships(tenant: str) -> "QuerySet[Guardianship]":
    """Relations the ward contests and nobody has decided about, the oldest first."""
    rows = Guardianship.objects.filter(tenant=tenant, ended_at__isnull=True, contested_at__isnull=False)
    return rows.filter(valid_until__gte=local_date()).select_related("guardian", "ward").order_by("contested_at")


def find_guardianship(tenant: str, guardianship_id: uuid.UUID) -> Guardianship:
    """One relation with its persons, also one that has ended; raises NotFound."""
    rows = Guardianship.objects.filter(tenant=tenant, pk=guardianship_id)
    row = rows.select_related("guardian", "ward", "decided_by").first()
    if row is None:
        raise NotFound("没有这个监护关系。")
    return row


def only_claimed_as_ward(person: Person) -> bool:
    """True for a record that exists only because somebody has declared, unverified, to be the person's guardian."""
    if person.kind != PersonKind.CITIZEN or person.assurance != Assurance.DECLARED or person.merged_into_id:
        return False
    wards = Guardianship.objects.filter(ward=person)
    others = (
        wards.filter(assurance=Assurance.VERIFIED),
        Guardianship.objects.filter(guardian=person),
        Agency.objects.filter(person=person),
        Appointment.objects.filter(person=person),
        Person.objects.filter(merged_into=person),
    )
    return wards.exists() and not any(rows.exists() for rows in others)


def state_of(row: Guardianship) -> GuardianshipState:
    """Where a relation stands today."""
    word = guardianship_state(
        verified=row.assurance == Assurance.VERIFIED,
        contested=row.contested_at is not None,
        refused=row.refused,
        ended=row.ended_at is not None,
        until=row.valid_until,
        today=local_date(),
    )
    return GuardianshipState(word)


def agents_of(actor: Actor) -> "QuerySet[Agency]":
    """Who may act today for the legal person whose representative the actor is; nothing for everybody else."""
    rows = Agency.objects.filter(valid_on(local_date()), tenant=actor.tenant, ended_at__isnull=True)
    if actor.kind != "legal_agent" or not actor.post_id or not actor.legal_person_id:
        return rows.none()
    if not rows.filter(pk=actor.post_id, role=AgencyRole.LEGAL_REPRESENTATIVE).exists():
        return rows.none()
    rows = rows.filter(legal_person_id=actor.legal_person_id)
    return rows.exclude(pk=actor.post_id).select_related("person").order_by("created_at", "id")


def suspected_duplicates(tenant: str, *, limit: int = 50) -> list[list[Person]]:
    """Groups of records with the same name and telephone, at most one of which has a citizen number."""
    open_rows = Person.objects.filter(tenant=tenant, merged_into__isnull=True).exclude(phone_index="")
    groups = (
        open_rows.values("name", "phone_index")
        .annotate(many=Count("id"), numbers=Count("citizen_number_index", filter=~Q(citizen_number_index="")))
        .filter(many__gt=1, numbers__lte=1)
        .order_by("name", "phone_index")[:limit]
    )
    return [
        list(open_rows.filter(name=group["name"], phone_index=group["phone_index"]).order_by("created_at"))
        for group in groups
    ]


def open_merges(tenant: str) -> "QuerySet[PersonMerge]":
    """Merges that wait for confirmation or could still be undone, the latest first."""
    rows = PersonMerge.objects.filter(tenant=tenant, state__in=[MergeState.PENDING, MergeState.DONE])
    return rows.select_related("kept", "merged", "requested_by").order_by("-created_at")


def _of(person: Person, field: str) -> Q:
    return Q(**{field: person}) | Q(**{f"{field}__merged_into": person})


def _relations(whose: Q) -> "QuerySet[Guardianship]":
    rows = Guardianship.objects.filter(whose).select_related("guardian", "ward__account")
    return rows.order_by(F("ended_at").desc(nulls_first=True), "-created_at")[:_SHOWN]
