"""Ratings as they are reported to other platforms: no person, no telephone, no unit's view."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection

from zhengtong.capabilities.ratings.models import Rating
from zhengtong.capabilities.ratings.rules.grades import gb_code, tag_words
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.calendar import SHANGHAI


@dataclasses.dataclass(frozen=True, kw_only=True)
class RatingFacts:
    """A rating with codes of GB/T 39046; ``number`` is empty where who rated wants to stay unknown to the unit."""

    id: uuid.UUID
    subject: ObjectRef
    number: str
    item_code: str
    title: str
    org_id: uuid.UUID
    org_name: str
    service_label: str
    grade_code: str
    tags: tuple[str, ...]
    text: str
    channel_label: str
    turn_label: str
    given_at: dt.datetime


def rating_facts(*, tenant: str, rating_ids: Collection[uuid.UUID]) -> list[RatingFacts]:
    """The ratings under these keys, oldest first."""
    rows = Rating.objects.filter(tenant=tenant, pk__in=rating_ids).order_by("created_at", "id")
    return [
        RatingFacts(
            id=row.id,
            subject=ObjectRef(kind=row.subject_kind, id=row.subject_id),
            number="" if row.anonymous else row.number,
            item_code=row.item_code,
            title=row.title,
            org_id=row.org_id,
            org_name=row.org_name,
            service_label=row.get_service_display(),
            grade_code=gb_code(row.grade),
            tags=tuple(tag_words(row.tags)),
            text=row.text,
            channel_label=row.get_channel_display(),
            turn_label=row.get_turn_display(),
            given_at=row.created_at,
        )
        for row in rows
    ]


def rating_ids_since(*, tenant: str, day: dt.date | None, after: uuid.UUID | None, limit: int) -> list[uuid.UUID]:
    """Keys of ratings given on or after a day (of all without one), in their order from ``after`` on."""
    rows = Rating.objects.filter(tenant=tenant)
    if day is not None:
        rows = rows.filter(created_at__gte=dt.datetime.combine(day, dt.time(), SHANGHAI))
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
