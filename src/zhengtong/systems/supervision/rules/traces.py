"""What the log says of a case, as moves over its drawing, with when and by whom each was."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Final

from zhengtong.kernel.calendar import WorkCalendar
from zhengtong.systems.supervision.registry import LogEntry
from zhengtong.systems.supervision.rules import facts
from zhengtong.systems.supervision.rules.conformance import Move
from zhengtong.systems.supervision.rules.positions import Fault
from zhengtong.systems.supervision.rules.times import Span, working_seconds

CANCELLED: Final = "cases.step_cancelled.v1"
MOVED: Final = "cases.step_moved.v1"
MIGRATED: Final = "cases.case_migrated.v1"
#: what a path is read from
EVENTS: Final = (
    facts.OPENED,
    facts.STEP_OPENED,
    facts.STEP_DONE,
    CANCELLED,
    MOVED,
    MIGRATED,
    facts.PAUSED,
    facts.RESUMED,
    facts.CLOSED,
)
#: how a task changed hands: taken by who does it, or sent elsewhere by an intervention
_TAKEN, _SENT_ON = "claim", "reassign"


@dataclasses.dataclass(frozen=True, slots=True)
class StepTrace:
    """One observed step: when it came, was taken and done, by which unit and post."""

    step_id: uuid.UUID
    node: str
    name: str
    opened_at: dt.datetime
    taken_at: dt.datetime | None = None
    done_at: dt.datetime | None = None
    org_id: uuid.UUID | None = None
    org_name: str = ""
    post_name: str = ""

    def times(self, calendar: WorkCalendar, stops: Sequence[Span]) -> tuple[int, int] | None:
        """Seconds it waited and seconds it was worked on; None while it is open."""
        if self.done_at is None:
            return None
        taken = min(self.taken_at or self.done_at, self.done_at)
        waited = working_seconds(calendar, self.opened_at, taken, stops)
        return waited, working_seconds(calendar, taken, self.done_at, stops)


@dataclasses.dataclass(frozen=True)
class Trace:
    """The moves of a case with the entry each was read from; ``process`` is the version it began with."""

    process: str
    moves: tuple[Move, ...]
    entries: tuple[LogEntry, ...]
    steps: tuple[StepTrace, ...]
    stops: tuple[Span, ...]
    opened_at: dt.datetime
    closed_at: dt.datetime | None

    @property
    def processes(self) -> tuple[str, ...]:
        """The version it began with and those it migrated to; the last is where it is now."""
        return (self.process, *(move.why for move in self.moves if move.kind == "migrated"))


def trace_of(history: Sequence[LogEntry]) -> Trace | None:
    """The trace of one case from its entries, oldest first; None where the log does not know its process."""
    first = next((one for one in history if one.name == facts.OPENED), None)
    process = first.fields.get("process_id") if first else None
    if first is None or not process:
        return None
    reader = _Reader()
    for entry in history:
        reader.read(entry)
    closed = next((one.at for one in history if one.name == facts.CLOSED), None)
    return Trace(
        str(process),
        tuple(reader.moves),
        tuple(reader.entries),
        tuple(reader.steps),
        tuple(_stops(history)),
        first.at,
        closed,
    )


class _Reader:
    def __init__(self) -> None:
        self.moves: list[Move] = []
        self.entries: list[LogEntry] = []
        self.steps: list[StepTrace] = []
        self._number: dict[uuid.UUID, int] = {}
        self._added: set[uuid.UUID] = set()  # steps of added signers are no steps of the drawing

    def read(self, entry: LogEntry) -> None:
        """One entry; those that tell nothing of the path are passed over."""
        if entry.name == facts.CLOSED:
            self._add(Move("closed", why=entry.outcome or str(entry.fields.get("outcome") or "")), entry)
        elif entry.name == MIGRATED:
            self._add(Move("migrated", why=str(entry.fields.get("process_id"))), entry)
        elif entry.name in (facts.STEP_OPENED, facts.STEP_DONE, CANCELLED, MOVED) and entry.step_id is not None:
            self._of_step(entry, entry.step_id)

    def _of_step(self, entry: LogEntry, step_id: uuid.UUID) -> None:
        if entry.name == facts.STEP_OPENED and entry.fields.get("adhoc"):
            self._added.add(step_id)
        if step_id in self._added:
            return
        number = self._number.get(step_id)
        if number is None:
            number = self._opened(entry, step_id)
        step, (org_id, org_name) = self.steps[number], _unit(entry)
        step = dataclasses.replace(step, org_id=org_id, org_name=org_name)
        if entry.name == facts.STEP_DONE:
            self.steps[number] = dataclasses.replace(step, done_at=entry.at, post_name=entry.post_name)
            self._add(Move("done", number, step.node, entry.outcome), entry)
        elif entry.name == CANCELLED:
            self._add(Move("dropped", number, step.node, str(entry.fields.get("why") or "")), entry)
        elif entry.name == MOVED:
            taken = entry.fields.get("move") == _TAKEN and step.taken_at is None
            self.steps[number] = dataclasses.replace(step, taken_at=entry.at if taken else step.taken_at)
            if entry.fields.get("move") == _SENT_ON:
                self._add(Move("reassigned", number, step.node), entry)

    def _opened(self, entry: LogEntry, step_id: uuid.UUID) -> int:
        number = self._number[step_id] = len(self.steps)
        node, name = str(entry.fields.get("node") or ""), str(entry.fields.get("step") or "")
        told = entry.fields.get("opened_at")
        at = dt.datetime.fromisoformat(told) if isinstance(told, str) and "T" in told else entry.at
        org_id, org_name = _unit(entry)
        self.steps.append(StepTrace(step_id, node, name, at, org_id=org_id, org_name=org_name))
        why = str(entry.fields.get("why") or "") if entry.name == facts.STEP_OPENED else ""
        self._add(Move("opened", number, node, why), entry)
        return number

    def _add(self, move: Move, entry: LogEntry) -> None:
        self.moves.append(move)
        self.entries.append(entry)


def _unit(entry: LogEntry) -> tuple[uuid.UUID | None, str]:
    return entry.step_org_id, str(entry.fields.get("step_org_name") or "")


def _stops(history: Sequence[LogEntry]) -> list[Span]:
    """Legal stops of the clock; one that has not ended lasts until the last that is known."""
    found: list[Span] = []
    since: dt.datetime | None = None
    for entry in history:
        if entry.name == facts.PAUSED:
            since = since or entry.at
        elif entry.name in (facts.RESUMED, facts.CLOSED) and since is not None:
            found.append((since, entry.at))
            since = None
    return [*found, (since, history[-1].at)] if since is not None else found


def fault_rows(trace: Trace, faults: Sequence[Fault], names: Mapping[str, str]) -> list[dict[str, str]]:
    """Deviations as they are kept with a case: what, where, when, by which unit and post; never by whom."""
    return [_fault_row(trace, fault, names) for fault in faults]


def _fault_row(trace: Trace, fault: Fault, names: Mapping[str, str]) -> dict[str, str]:
    number = fault.step if fault.step >= 0 else trace.moves[fault.move].step
    of = trace.steps[number] if number >= 0 else None
    own = of if of is not None and of.node == fault.node else None
    return {
        "kind": fault.kind,
        "node": fault.node,
        "name": names.get(fault.node) or (own.name if own else fault.node),
        "at": trace.entries[fault.move].at.isoformat(),
        "org": of.org_name if of else "",
        "post": of.post_name if of else "",
        "step": str(of.step_id) if of and fault.step >= 0 else "",
    }
