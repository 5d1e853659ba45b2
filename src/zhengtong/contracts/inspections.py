"""What inspections tell: plans approved, visits done, findings made and referred, limits passed, matters closed,
referrals answered.

No person and no words of a remark: numbers, units, points.
"""

import dataclasses
import datetime as dt
import uuid
from typing import ClassVar

from zhengtong.kernel.events import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class InspectionEvent(Event):
    """Base of all; ``kind`` is a word of ``inspections.constants.PlanKind``."""

    plan_id: uuid.UUID
    plan_number: str
    kind: str
    subject: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlanApproved(InspectionEvent):
    """A second person approved a plan; ``object_ref`` is the plan."""

    NAME: ClassVar[str] = "inspections.plan_approved.v1"
    starts_on: dt.date
    ends_on: dt.date
    targets: int
    sample: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class VisitEvent(InspectionEvent):
    """Base of what happens to one visit; ``object_ref`` is the visit, ``org_*`` the unit that was inspected.

    ``case_number`` is the case that was drawn, empty where a unit or a window was.
    """

    number: str
    target_kind: str
    org_id: uuid.UUID
    org_name: str
    case_number: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class VisitDone(VisitEvent):
    """All inspectors signed: how many points were looked at, how many were not in order."""

    NAME: ClassVar[str] = "inspections.visit_done.v1"
    points: int
    findings: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class FindingMade(VisitEvent):
    """One point was not in order; supervision may raise a card on it."""

    NAME: ClassVar[str] = "inspections.finding_made.v1"
    finding_id: uuid.UUID
    point: str
    serious: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class FindingReferred(VisitEvent):
    """A finding that was not put right was handed to supervision; ``turn`` is how often the unit has reported."""

    NAME: ClassVar[str] = "inspections.finding_referred.v1"
    finding_id: uuid.UUID
    point: str
    serious: bool
    turn: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class RectificationOverdue(VisitEvent):
    """A limit passed: ``stage`` is rectify (the unit's) or review (the inspectors')."""

    NAME: ClassVar[str] = "inspections.rectification_overdue.v1"
    stage: str
    turn: int
    due_on: dt.date
    by_unit: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class Closed(VisitEvent):
    """A visit is over; ``ending`` is a word of ``inspections.constants.Ending``; ``in_time``: limits were kept."""

    NAME: ClassVar[str] = "inspections.closed.v1"
    ending: str
    findings: int
    in_time: bool | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReferralAnswered(Event):
    """What became of a card that supervision had referred; ``object_ref`` is the referral, ``org_*`` the card's unit.

    ``ending`` is a word of ``inspections.constants.Ending``, or ``aside`` where a second person agreed that no
    inspection is needed; ``words`` say it in a sentence, ``number`` is the visit's, empty without one.
    """

    NAME: ClassVar[str] = "inspections.referral_answered.v1"
    card_id: uuid.UUID
    card_number: str
    org_id: uuid.UUID
    org_name: str
    ending: str
    words: str
    office: str
    number: str = ""
    findings: int = 0
