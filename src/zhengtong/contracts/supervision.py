"""What electronic supervision tells: cards raised and moved. No personal data: numbers, rules and units."""

import dataclasses
import datetime as dt
import uuid
from typing import ClassVar

from zhengtong.kernel.events import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class CardEvent(Event):
    """Base: every event of a card names its number, rule, level, the case it is about and the unit answerable."""

    card_id: uuid.UUID
    card_number: str
    rule_key: str
    rule_version: int
    level: str
    case_id: uuid.UUID | None
    case_number: str
    org_id: uuid.UUID
    org_name: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class CardRaised(CardEvent):
    """A card was raised; ``cause_id`` is the event that made the rule fire."""

    NAME: ClassVar[str] = "supervision.card_raised.v1"
    cause_id: uuid.UUID
    step: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class CardMoved(CardEvent):
    """A card was explained, confirmed, cancelled or closed; ``act`` is what was done, ``state`` where it stands now.

    Of the act ``transfer`` it says what inspection needs: the rule's name, and in ``to_inspect`` what is to be
    looked into (the supervisor's own words).
    """

    NAME: ClassVar[str] = "supervision.card_moved.v1"
    act: str
    state: str
    rule_name: str = ""
    to_inspect: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class CardOverdue(CardEvent):
    """A limit in the life of a card has passed: ``limit`` is explain, judge, rectify, recheck or reply.

    ``by_unit`` says whether the unit's time is over, or the supervisor's.
    """

    NAME: ClassVar[str] = "supervision.card_overdue.v1"
    limit: str
    due_on: dt.date
    by_unit: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReportPublished(Event):
    """A monthly report of supervision, or a corrected issue of one, was published; its paper follows."""

    NAME: ClassVar[str] = "supervision.report_published.v1"
    report_id: uuid.UUID
    month: str
    version: int
