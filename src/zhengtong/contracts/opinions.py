"""What consultations and surveys tell: published, open, closed, answered, late. No words and no person."""

import dataclasses
import datetime as dt
import uuid
from typing import ClassVar

from zhengtong.kernel.events import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class OpinionsEvent(Event):
    """Base of all; ``object_ref`` is the consultation or survey, ``org_*`` the unit that asks."""

    number: str
    org_id: uuid.UUID
    org_name: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class TopicMoved(OpinionsEvent):
    """A consultation moved: ``step`` is published, opened, extended, closed, withdrawn or answered.

    ``opinions`` is how many had come; ``in_time`` is told of the answer only.
    """

    NAME: ClassVar[str] = "opinions.topic_moved.v1"
    step: str
    opinions: int = 0
    in_time: bool | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class FeedbackDue(OpinionsEvent):
    """The limit to publish what became of the opinions is near (``level`` yellow) or has passed (``level`` red)."""

    NAME: ClassVar[str] = "opinions.feedback_due.v1"
    level: str
    due_at: dt.datetime
    arithmetic: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PollMoved(OpinionsEvent):
    """A survey moved: ``step`` as of a consultation; ``ballots`` is how many had answered."""

    NAME: ClassVar[str] = "opinions.poll_moved.v1"
    step: str
    ballots: int = 0
