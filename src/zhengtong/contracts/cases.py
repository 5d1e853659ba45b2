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
    """An application was received and its case opened; ``process_id`` is the version of the process it goes by."""

    NAME: ClassVar[str] = "cases.case_opened.v1"
    process_id: uuid.UUID | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class CaseAccepted(CaseEvent):
    """The case was accepted; ``deemed`` when the law did it because nobody answered in time."""

    NAME: ClassVar[str] = "cases.case_accepted.v1"
    accepted_on: dt.date
    deemed: bool = False
    promised_due_at: dt.datetime | None = None
    statutory_due_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class StepOpened(CaseEvent):
    """A work item opened for a unit (``step_org_*``; empty for the applicant).

    ``why`` is the act that opened it, as of ``StepCancelled``; ``adhoc`` the place of an added signer, empty for a
    step of the drawing.
    """

    NAME: ClassVar[str] = "cases.step_opened.v1"
    work_item_id: uuid.UUID
    node: str
    step: str
    phase: str
    step_org_id: uuid.UUID | None = None
    step_org_name: str = ""
    due_at: dt.datetime | None = None
    why: str = ""
    adhoc: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class StepDone(CaseEvent):
    """A work item was completed by a post of a unit.

    ``opinion_length`` counts the characters of what was written, ``opinion_digest`` is a keyed digest of it: the same
    words meet, and nobody can read them back.
    """

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
    opinion_length: int = 0
    opinion_digest: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class StepCancelled(CaseEvent):
    """A work item was taken back before anybody completed it; ``why`` is the act that took it back."""

    NAME: ClassVar[str] = "cases.step_cancelled.v1"
    work_item_id: uuid.UUID
    node: str
    step: str
    phase: str
    why: str
    step_org_id: uuid.UUID | None = None
    step_org_name: str = ""
    opened_at: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class StepMoved(CaseEvent):
    """A work item changed hands; ``move`` is a word of ``cases.constants.StepMove``.

    ``to_person_id`` is who is to act on it now, None when anybody of the unit may.
    """

    NAME: ClassVar[str] = "cases.step_moved.v1"
    work_item_id: uuid.UUID
    node: str
    step: str
    phase: str
    move: str
    role: str = ""
    step_org_id: uuid.UUID | None = None
    step_org_name: str = ""
    to_person_id: uuid.UUID | None = None
    due_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class StepUrged(CaseEvent):
    """Somebody asked for speed (``kind`` urge) or for an answer by a day (``kind`` supervise)."""

    NAME: ClassVar[str] = "cases.step_urged.v1"
    work_item_id: uuid.UUID
    node: str
    step: str
    kind: str
    role: str
    step_org_id: uuid.UUID | None = None
    step_org_name: str = ""
    holder_id: uuid.UUID | None = None
    from_org_name: str = ""
    answer_by: dt.date | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class CaseHandedOver(CaseEvent):
    """Another unit answers for the case from now on; the event's own unit is the new one."""

    NAME: ClassVar[str] = "cases.case_handed_over.v1"
    from_org_id: uuid.UUID
    from_org_name: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class CaseIntervened(CaseEvent):
    """A process administrator's request was approved by a second person and carried out."""

    NAME: ClassVar[str] = "cases.case_intervened.v1"
    kind: str
    intervention_id: uuid.UUID


@dataclasses.dataclass(frozen=True, kw_only=True)
class CaseMigrated(CaseEvent):
    """The case goes on by another version of its process, ``process_id``."""

    NAME: ClassVar[str] = "cases.case_migrated.v1"
    process_id: uuid.UUID


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
    """The legal clock stopped for a reason of law; ``until`` is the last day of the stop where it has a cap."""

    NAME: ClassVar[str] = "cases.clock_paused.v1"
    reason_code: str
    basis: str
    pause_id: uuid.UUID | None = None
    until: dt.date | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClockResumed(CaseEvent):
    """The legal clock runs again; ``by_cap`` when the stop had lasted as long as it may."""

    NAME: ClassVar[str] = "cases.clock_resumed.v1"
    reason_code: str
    by_cap: bool = False
    promised_due_at: dt.datetime | None = None
    statutory_due_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class CaseClosed(CaseEvent):
    """The case ended; ``outcome`` is approved, rejected, not_accepted or withdrawn."""

    NAME: ClassVar[str] = "cases.case_closed.v1"
    outcome: str
    opened_at: dt.datetime
    in_time: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class PauseEnding(CaseEvent):
    """A stop of the clock is nearly as long as it may be: ``last_day`` is its last, then the clock runs by itself."""

    NAME: ClassVar[str] = "cases.pause_ending.v1"
    pause_id: uuid.UUID
    reason_code: str
    last_day: dt.date


@dataclasses.dataclass(frozen=True, kw_only=True)
class DeadlineMoved(CaseEvent):
    """A running deadline was computed anew: ``cause`` is resume, cap, extension or calendar, ``reason`` Chinese words.

    ``old_due_at`` is None where the clock stood still before.
    """

    NAME: ClassVar[str] = "cases.deadline_moved.v1"
    deadline_id: uuid.UUID
    kind: str
    cause: str
    reason: str
    old_due_at: dt.datetime | None
    due_at: dt.datetime
    work_item_id: uuid.UUID | None = None
    step: str = ""
    step_org_id: uuid.UUID | None = None
    step_org_name: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExtensionRequested(CaseEvent):
    """The unit asks the head the law names for more time; ``approver_org_*`` is the body whose leader decides."""

    NAME: ClassVar[str] = "cases.extension_requested.v1"
    extension_id: uuid.UUID
    days: int
    approver_org_id: uuid.UUID
    approver_org_name: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExtensionDecided(CaseEvent):
    """More time was granted or refused; with ``granted`` the new last instants."""

    NAME: ClassVar[str] = "cases.extension_decided.v1"
    extension_id: uuid.UUID
    granted: bool
    days: int
    basis: str
    promised_due_at: dt.datetime | None = None
    statutory_due_at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class RenewalDeemed(CaseEvent):
    """A licence ended while its renewal was undecided: it counts as renewed (行政许可法 第五十条)."""

    NAME: ClassVar[str] = "cases.renewal_deemed.v1"
    licence_until: dt.date


@dataclasses.dataclass(frozen=True, kw_only=True)
class HearingMoved(CaseEvent):
    """The hearing of a case went on; ``day`` is its own.

    ``step`` is told, requested, waived, announced, held or declined; ``notice`` the number of an announced notice.
    """

    NAME: ClassVar[str] = "cases.hearing_moved.v1"
    step: str
    day: dt.date | None = None
    notice: int = 0
