"""What complaints tell: received, accepted, assigned, due, answered, reviewed, closed. No words and no person."""

import dataclasses
import datetime as dt
import uuid
from typing import ClassVar

from zhengtong.kernel.events import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class ComplaintEvent(Event):
    """Base of all; ``object_ref`` is the complaint.

    ``kind`` is a word of ``complaints.constants.Kind``, ``about`` of ``About``, ``channel`` of ``Channel``.
    ``accused_org_*`` is the unit it is about, ``org_*`` the unit that handles it now (none before it was assigned).
    ``hidden``: who wrote is confidential or unknown. Then ``case_id`` is empty, for a case names its applicant.
    """

    number: str
    kind: str
    about: str
    channel: str
    hidden: bool
    item_code: str = ""
    case_id: uuid.UUID | None = None
    accused_org_id: uuid.UUID | None = None
    accused_org_name: str = ""
    org_id: uuid.UUID | None = None
    org_name: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ComplaintSubmitted(ComplaintEvent):
    """It came in; ``due_at`` is when it must have been decided whether it is accepted."""

    NAME: ClassVar[str] = "complaints.complaint_submitted.v1"
    due_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ComplaintAccepted(ComplaintEvent):
    """It was accepted; ``due_at`` is when it must be answered."""

    NAME: ClassVar[str] = "complaints.complaint_accepted.v1"
    in_time: bool
    due_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ComplaintAssigned(ComplaintEvent):
    """It was given to a unit, or the office handles it itself (``by_office``); ``turn`` is 2 after a review."""

    NAME: ClassVar[str] = "complaints.complaint_assigned.v1"
    by_office: bool
    turn: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class ComplaintDue(ComplaintEvent):
    """A limit is near (``level`` yellow) or has passed (``level`` red); ``stage`` is accept, answer or review."""

    NAME: ClassVar[str] = "complaints.complaint_due.v1"
    stage: str
    level: str
    due_at: dt.datetime
    arithmetic: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ComplaintAnswered(ComplaintEvent):
    """The answer was approved and told; ``finding`` and ``measures`` are words of the app's constants."""

    NAME: ClassVar[str] = "complaints.complaint_answered.v1"
    finding: str
    measures: tuple[str, ...]
    in_time: bool
    turn: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class ComplaintReviewed(ComplaintEvent):
    """A review was asked for (``result`` empty) or decided (upheld, redone)."""

    NAME: ClassVar[str] = "complaints.complaint_reviewed.v1"
    result: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ComplaintClosed(ComplaintEvent):
    """It is over; ``ending`` says how, ``finding`` what came out, ``satisfaction`` what the person said of it."""

    NAME: ClassVar[str] = "complaints.complaint_closed.v1"
    ending: str
    finding: str
    satisfaction: str
    in_time: bool | None = None
