"""Usual phrases an official finds: those of the unit and his own."""

import dataclasses
import uuid

from django.db.models import Q, QuerySet

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.prepared import prepared
from zhengtong.systems.service_hall.models import Phrase
from zhengtong.systems.service_hall.permissions import may_keep_unit_phrases
from zhengtong.systems.service_hall.rules import Words


@dataclasses.dataclass(frozen=True)
class PhraseView:
    """A phrase on the page where it is kept; ``may_drop`` when the actor may take it out."""

    id: uuid.UUID
    words: Words
    use_label: str
    kept_by: str
    may_drop: bool


def phrases_of(actor: Actor) -> list[Words]:
    """The phrases of the actor's unit and his own, with one query."""
    if actor.org_id is None or actor.person_id is None:
        return []
    rows = _rows_of(tenant=actor.tenant, org_id=actor.org_id, person_id=actor.person_id)
    return [Words(*row[:-1], own=row[-1] is not None) for row in rows]


@prepared
def _rows_of(
    *, tenant: str, org_id: uuid.UUID, person_id: uuid.UUID
) -> "QuerySet[Phrase, tuple[str, str, str, str, str, int, uuid.UUID | None]]":
    rows = Phrase.objects.filter(_whose(org_id, person_id), tenant=tenant)
    return rows.values_list("text", "use", "outcome", "item_code", "material", "uses", "person_id")


def phrase_views(actor: Actor) -> list[PhraseView]:
    """The same for the page where they are kept, the most used first."""
    unit = may_keep_unit_phrases(actor)
    return [
        PhraseView(row.id, _words(row), str(row.get_use_display()), row.kept_by, row.person_id is not None or unit)
        for row in _rows(actor).order_by("use", "outcome", "-uses", "text")
    ]


def _rows(actor: Actor) -> "QuerySet[Phrase]":
    return Phrase.objects.filter(_whose(actor.org_id, actor.person_id), tenant=actor.tenant)


def _whose(org_id: uuid.UUID | None, person_id: uuid.UUID | None) -> Q:
    return Q(org_id=org_id) & (Q(person_id__isnull=True) | Q(person_id=person_id))


def _words(row: Phrase) -> Words:
    return Words(row.text, row.use, row.outcome, row.item_code, row.material, row.uses, own=row.person_id is not None)
