"""What the case engine tells: cases, steps, the legal clock. No personal data: numbers, units and posts only."""

import dataclasses
import datetime as dt
import uuid
from typing import ClassVar

from zhengtong.kernel.events import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class CaseEvent(Event):
    """Base: every event of a case names its number, subject matter and the unit answerable for it."""

    case_id: uuid.UUID
    number: str
    title: str
    item_code: str
    org_id: uuid.UUID
    org_name: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class CaseOpened(CaseEvent):
    """An application was received and its case opened."""

    NAME: ClassVar[str] = "cases.case_opened.v1"


@dataclasses.dataclass(frozen=True, kw_only=True)
class CaseAccepted(CaseEvent):
    """The case was accepted; ``deemed`` when the law did it because nobody answered in time."""

    NAME: ClassVar[str] = "cases.case_accepted.v1"
    accepted_on: dt.date
    deemed: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class StepOpened(CaseEvent):
    """A work item opened for a unit (``step_org_*``; empty for the applicant)."""

    NAME: ClassVar[str] = "cases.step_opened.v1"
    work_item_id: uuid.UUID
    node: str
    step: str
    phase: str
    step_org_id: uuid.UUID | None = None
    step_org_name: str = ""
    due_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class StepDone(CaseEvent):
    """A work item was completed by a post of a unit."""

    NAME: ClassVar[str] = "cases.step_done.v1"
    work_item_id: uuid.UUID
    node: str
    step: str
    phase: str
    outcome: str
    step_org_id: uuid.UUID | None = None
    step_org_name: str = ""
    post_name: str = ""
    person_id: uuid.UUID | None = None
    opened_at: dt.datetime
    with_opinion: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class DeadlineReached(CaseEvent):
    """A running deadline came to a warning point: ``level`` is yellow, red (promised) or breach (statutory).

    ``kind`` is acceptance, step, promised, statutory or supplement; ``limit`` its Chinese label; ``due_at``
    the instant it ends; ``arithmetic`` one Chinese sentence that shows how the date came about.
    """

    NAME: ClassVar[str] = "cases.deadline_reached.v1"
    deadline_id: uuid.UUID
    kind: str
    level: str
    limit: str
    basis: str
    started_at: dt.datetime
    due_at: dt.datetime
    arithmetic: str
    work_item_id: uuid.UUID | None = None
    step: str = ""
    step_org_id: uuid.UUID | None = None
    step_org_name: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClockPaused(CaseEvent):
    """The legal clock stopped for a reason of law."""

    NAME: ClassVar[str] = "cases.clock_paused.v1"
    reason_code: str
    basis: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClockResumed(CaseEvent):
    """The legal clock runs again."""

    NAME: ClassVar[str] = "cases.clock_resumed.v1"
    reason_code: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class CaseClosed(CaseEvent):
    """The case ended; ``outcome`` is approved, rejected, not_accepted or withdrawn."""

    NAME: ClassVar[str] = "cases.case_closed.v1"
    outcome: str
    opened_at: dt.datetime
    in_time: bool
