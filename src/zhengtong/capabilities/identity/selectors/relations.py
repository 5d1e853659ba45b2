"""For whom a person acts, who is the same person, and who may be."""

import uuid
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from zhengtong.capabilities.identity.constants import AgencyRole, MergeState
from zhengtong.capabilities.identity.models import Agency, Guardianship, Person, PersonMerge
from zhengtong.capabilities.identity.selectors.people import valid_on
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date


def same_person(tenant: str, person_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """The ids of all records that are this person: the one kept and those merged into it."""
    row = Person.objects.filter(tenant=tenant, pk=person_id).only("id", "merged_into_id").first()
    if row is None:
        return frozenset({person_id})
    kept = row.id if row.merged_into_id is None else row.merged_into_id
    rows = Person.objects.filter(Q(pk=kept) | Q(merged_into_id=kept), tenant=tenant)
    return frozenset(rows.values_list("id", flat=True))


def wards_of(person: Person) -> "QuerySet[Guardianship]":
    """Relations under which a person may act for somebody today."""
    return (
        Guardianship.objects.filter(valid_on(local_date()), _of(person, "guardian"), ended_at__isnull=True)
        .select_related("ward")
        .order_by("created_at", "id")
    )


def guardians_of(person: Person) -> "QuerySet[Guardianship]":
    """Relations under which somebody may act for a person today."""
    return (
        Guardianship.objects.filter(valid_on(local_date()), _of(person, "ward"), ended_at__isnull=True)
        .select_related("guardian")
        .order_by("created_at", "id")
    )


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


def open_merges(tenant: str) -> "Iterable[PersonMerge]":
    """Merges that wait for confirmation or could still be undone, the latest first."""
    rows = PersonMerge.objects.filter(tenant=tenant, state__in=[MergeState.PENDING, MergeState.DONE])
    return rows.select_related("kept", "merged", "requested_by").order_by("-created_at")[:100]


def _of(person: Person, field: str) -> Q:
    return Q(**{field: person}) | Q(**{f"{field}__merged_into": person})
