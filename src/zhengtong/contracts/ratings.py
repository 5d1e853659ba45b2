"""What ratings tell: ratings given, bad ones due, answered, overdue, judged. No words and no person of the public."""

import dataclasses
import datetime as dt
import uuid
from typing import ClassVar

from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.events import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class RatingEvent(Event):
    """Base: ``object_ref`` is the rating, ``subject`` what was rated; the unit is the one that was rated.

    ``service`` is a word of ``ratings.constants.ServiceEvent``, ``case_id`` the case where the subject has one. Of an
    ``anonymous`` rating the unit must not learn which matter it was about.
    """

    rating_id: uuid.UUID
    subject: ObjectRef
    service: str
    number: str
    title: str
    item_code: str
    org_id: uuid.UUID
    org_name: str
    case_id: uuid.UUID | None = None
    anonymous: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class RatingGiven(RatingEvent):
    """A rating was given; ``own_device``: on an evaluator of the very unit that was rated.

    ``grade`` is a word of ``ratings.constants.Grade``, ``bad`` true for its last two, ``turn`` first, later or again.
    """

    NAME: ClassVar[str] = "ratings.rating_given.v1"
    grade: str
    bad: bool
    turn: str
    channel: str
    own_device: bool = False
    device_id: uuid.UUID | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class BadRatingDue(RatingEvent):
    """The unit has to act on a bad rating until ``due_at``: ``stage`` is contact or rectify."""

    NAME: ClassVar[str] = "ratings.bad_rating_due.v1"
    stage: str
    due_at: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class BadRatingAnswered(RatingEvent):
    """The unit contacted the person or reported what it put right (``stage`` contact or rectify)."""

    NAME: ClassVar[str] = "ratings.bad_rating_answered.v1"
    stage: str
    in_time: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class BadRatingOverdue(RatingEvent):
    """A limit passed without the act: ``stage`` is contact or rectify."""

    NAME: ClassVar[str] = "ratings.bad_rating_overdue.v1"
    stage: str
    due_at: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class BadRatingJudged(RatingEvent):
    """A second person judged that a bad rating is not counted (``verdict``), or is (``verdict`` empty)."""

    NAME: ClassVar[str] = "ratings.bad_rating_judged.v1"
    verdict: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class BadRatingClosed(RatingEvent):
    """The follow-up ended: ``again`` is the grade of the second rating, empty when none was given in time."""

    NAME: ClassVar[str] = "ratings.bad_rating_closed.v1"
    again: str = ""
