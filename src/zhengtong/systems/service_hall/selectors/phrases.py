"""Usual phrases an official finds: those of the unit and his own."""

import dataclasses
import uuid

from django.db.models import Q, QuerySet

from zhengtong.kernel.actors import Actor
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
    return [_words(row) for row in _rows(actor)]


def phrase_views(actor: Actor) -> list[PhraseView]:
    """The same for the page where they are kept, the most used first."""
    unit = may_keep_unit_phrases(actor)
    return [
        PhraseView(row.id, _words(row), str(row.get_use_display()), row.kept_by, row.person_id is not None or unit)
        for row in _rows(actor).order_by("use", "outcome", "-uses", "text")
    ]


def _rows(actor: Actor) -> "QuerySet[Phrase]":
    whose = Q(org_id=actor.org_id) & (Q(person_id__isnull=True) | Q(person_id=actor.person_id))
    return Phrase.objects.filter(whose, tenant=actor.tenant)


def _words(row: Phrase) -> Words:
    return Words(row.text, row.use, row.outcome, row.item_code, row.material, row.uses, own=row.person_id is not None)
