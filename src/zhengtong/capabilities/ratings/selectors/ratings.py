"""Ratings as pages show them: to the person who rated, to officials, to counters of figures."""

import dataclasses
import datetime as dt
import uuid

from django.db.models import QuerySet

from zhengtong.capabilities.ratings.constants import (
    LATER_WITHIN,
    RATE_WITHIN,
    FollowUpState,
    Grade,
    ServiceEvent,
    Turn,
)
from zhengtong.capabilities.ratings.models import FollowUp, Rating
from zhengtong.capabilities.ratings.registry import RateableSubject
from zhengtong.capabilities.ratings.rules.grades import is_bad, stars, tag_words
from zhengtong.capabilities.ratings.selectors.subjects import deadline_to_rate, rating_path, subject_of
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.prepared import prepared


@dataclasses.dataclass(frozen=True)
class RatingView:
    """One rating without who gave it; ``excluded`` says in words why it is not counted."""

    id: uuid.UUID
    service: str
    service_label: str
    turn: str
    turn_label: str
    grade: str
    grade_label: str
    stars: int
    bad: bool
    tags: tuple[str, ...]
    text: str
    at: dt.datetime
    channel_label: str
    own_device: bool
    anonymous: bool
    excluded: str


@dataclasses.dataclass(frozen=True)
class ActView:
    """An act of a follow-up; ``who`` is unit and post."""

    kind: str
    title: str
    who: str
    name: str
    text: str
    at: dt.datetime


@dataclasses.dataclass(frozen=True)
class Place:
    """One service event of a matter: its ratings, its follow-up, and which rating may be given now (``may``)."""

    service: str
    service_label: str
    happened_at: dt.datetime
    until: dt.datetime
    ratings: tuple[RatingView, ...]
    follow_up: FollowUp | None
    acts: tuple[ActView, ...]
    may: str

    @property
    def rated(self) -> bool:
        """Whether it has been rated."""
        return bool(self.ratings)


def rating_rows(tenant: str, ref: ObjectRef) -> list[Rating]:
    """The ratings of a matter with their follow-ups, oldest first."""
    return _ratings(tenant=tenant, kind=ref.kind, key=ref.id)


@prepared
def _ratings(*, tenant: str, kind: str, key: str) -> "QuerySet[Rating]":
    rows = Rating.objects.filter(tenant=tenant, subject_kind=kind, subject_id=key)
    return rows.select_related("follow_up").order_by("created_at")


def places_of(subject: RateableSubject, *, tenant: str, rows: list[Rating] | None = None) -> list[Place]:
    """The service events of a matter in their order of time, with what was and may be said of them.

    ``rows``: its ratings, where they were read before.
    """
    ratings = rating_rows(tenant, subject.ref) if rows is None else rows
    limits = parameters.values(RATE_WITHIN, LATER_WITHIN, tenant=tenant)
    found = []
    for service, happened_at in sorted(subject.events.items(), key=lambda pair: pair[1]):
        own = [row for row in ratings if row.service == service]
        follow_ups = [row.follow_up for row in own if hasattr(row, "follow_up")]
        newest = follow_ups[-1] if follow_ups else None
        found.append(
            Place(
                service=service,
                service_label=str(ServiceEvent(service).label),
                happened_at=happened_at,
                until=deadline_to_rate(happened_at, limits[RATE_WITHIN]),
                ratings=tuple(view_of(row) for row in own),
                follow_up=newest,
                acts=tuple(acts_of(newest)) if newest else (),
                may=_may(own, newest, deadline_to_rate(happened_at, limits[RATE_WITHIN]), limits[LATER_WITHIN]),
            )
        )
    return found


def open_links(*, tenant: str, ref: ObjectRef) -> list[tuple[str, str]]:
    """(service event, path) of what its holder may rate by link now, the newest first; for pages seen signed out."""
    try:
        places = places_of(subject_of(tenant, ref), tenant=tenant)
    except NotFound:
        return []
    return [(place.service_label, rating_path(ref, place.service)) for place in reversed(places) if place.may]


def _may(own: list[Rating], follow_up: FollowUp | None, until: dt.datetime, later_days: int) -> str:
    """Which turn may be given now: first, again (goes before) or later; empty for none."""
    turns = {row.turn: row for row in own}
    if not turns:
        return Turn.FIRST if now() < until else ""
    if follow_up and follow_up.state == FollowUpState.RECTIFIED and Turn.AGAIN not in turns:
        return Turn.AGAIN
    first = turns.get(Turn.FIRST)
    if first is None or Turn.LATER in turns or now() >= deadline_to_rate(first.created_at, later_days):
        return ""
    return Turn.LATER


def view_of(row: Rating) -> RatingView:
    """A rating as a page shows it."""
    follow_up = getattr(row, "follow_up", None)
    return RatingView(
        id=row.id,
        service=row.service,
        service_label=row.get_service_display(),
        turn=row.turn,
        turn_label=row.get_turn_display(),
        grade=row.grade,
        grade_label=str(Grade(row.grade).label),
        stars=stars(row.grade),
        bad=is_bad(row.grade),
        tags=tuple(tag_words(row.tags)),
        text=row.text,
        at=row.created_at,
        channel_label=row.get_channel_display(),
        own_device=row.own_device,
        anonymous=row.anonymous,
        excluded=follow_up.get_verdict_display() if follow_up and follow_up.verdict else "",
    )


def acts_of(row: FollowUp) -> list[ActView]:
    """What was done in a follow-up, oldest first."""
    return [
        ActView(
            kind=act.kind,
            title=f"{act.get_kind_display()}（{act.get_means_display()}）" if act.means else act.get_kind_display(),
            who=f"{act.org_name} {act.post_name}".strip(),
            name=act.person_name,
            text=act.text,
            at=act.created_at,
        )
        for act in row.acts.order_by("no")
    ]


def ratings_of(tenant: str, ref: ObjectRef) -> list[RatingView]:
    """All ratings of a matter, oldest first."""
    return [view_of(row) for row in rating_rows(tenant, ref)]
