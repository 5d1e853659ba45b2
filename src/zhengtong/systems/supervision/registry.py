"""What supervision watches: one source per event, so that a further system joins by one entry.

A system tells its events in ``zhengtong.contracts``; a source says how to read them. Systems do not import each
other, so a source lives in ``plugins/`` here (or is registered by ``entry``), never in the system watched.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from zhengtong.kernel.calendar import WorkCalendar
from zhengtong.kernel.events import Event
from zhengtong.kernel.registry import Registry

#: what an event does to the picture of a case; ``noted`` changes nothing but the time of the last event
Change = Literal[
    "opened",
    "accepted",
    "step_opened",
    "step_done",
    "step_dropped",
    "step_moved",
    "deadline",
    "deadline_moved",
    "paused",
    "resumed",
    "supplement",
    "closed",
    "noted",
]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sighting:
    """What supervision reads from one event, whatever system sent it; fields that do not apply stay empty.

    ``met`` names the kinds of deadlines that the event shows to be met (warnings of these are cleared); ``count``
    is the how-manieth notice it is. Without ``case_id`` the event is about something that is no case (a ticket, a
    rating of a queue): it can raise cards, but is in the picture of no case.
    """

    change: Change
    case_id: uuid.UUID | None
    number: str
    org_id: uuid.UUID
    org_name: str
    title: str = ""
    item_code: str = ""
    step_id: uuid.UUID | None = None
    node: str = ""
    step: str = ""
    phase: str = ""
    step_org_id: uuid.UUID | None = None
    step_org_name: str = ""
    post_name: str = ""
    outcome: str = ""
    opened_at: dt.datetime | None = None
    due_at: dt.datetime | None = None
    promised_due: dt.datetime | None = None
    statutory_due: dt.datetime | None = None
    accepted_on: dt.date | None = None
    deemed: bool = False
    in_time: bool | None = None
    deadline_id: uuid.UUID | None = None
    deadline_kind: str = ""
    level: str = ""
    arithmetic: str = ""
    met: tuple[str, ...] = ()
    count: int = 0


@dataclasses.dataclass(frozen=True)
class EventSource:
    """One kind of event that is watched: ``area`` is the supervised domain (审批、采购、交易、窗口).

    ``read`` gives None for an event that must raise no card (an anonymous rating, an item that was published): it
    stands in the log for facts to count, under none of its ``hidden`` fields.
    """

    event: type[Event]
    label: str
    area: str
    read: Callable[[Any], Sighting | None]
    hidden: frozenset[str] = frozenset()

    @property
    def fields(self) -> frozenset[str]:
        """The event's own fields: what the condition of a rule may name; no person among them."""
        base = {field.name for field in dataclasses.fields(Event)}
        own = frozenset(field.name for field in dataclasses.fields(self.event) if field.name not in base)
        return own - PRIVATE_FIELDS


#: fields of events that name a person by his pseudonym or are free words: they are in no rule and in no evidence
PRIVATE_FIELDS = frozenset(
    {"person_id", "to_person_id", "holder_id", "operator_id", "applicant", "opinion_digest", "to_inspect"}
)

#: event name → how supervision reads it
event_sources: Registry[EventSource] = Registry("supervision.event_sources")


def register_source(source: EventSource) -> EventSource:
    """Watch one more kind of event; called in ``apps.ready()``, before ``handlers.subscribe_all``."""
    return event_sources.register(source.event.NAME, source)


@dataclasses.dataclass(frozen=True, kw_only=True)
class LogEntry:
    """One event of the log as facts read it; ``fields`` are the event's own, without persons."""

    position: int
    name: str
    at: dt.datetime
    case_id: uuid.UUID | None = None
    step_id: uuid.UUID | None = None
    org_id: uuid.UUID | None = None
    step_org_id: uuid.UUID | None = None
    item_code: str = ""
    post_name: str = ""
    person_id: uuid.UUID | None = None
    phase: str = ""
    outcome: str = ""
    fields: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Moment:
    """What a fact is worked out from: an event, its case up to it (the event included), the working days."""

    entry: LogEntry
    history: Sequence[LogEntry]
    calendar: WorkCalendar

    def before(self, *names: str) -> list[LogEntry]:
        """Events of these kinds in the case, oldest first; the event itself may be among them."""
        return [one for one in self.history if one.name in names]


FactKind = Literal["number", "bool", "text"]
FactValue = int | float | bool | str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Window:
    """A count over the log up to an event: entries of ``names`` that are ``same`` in these columns, within ``span``.

    ``only``: values of event fields an entry must have to count. ``of`` counts entries, or different cases. ``share``:
    what meets ``only`` in per cent of all, None below ``fewest``. ``latest``: the value wanted is True where the
    newest such entry is of that event name, False where it is of another, None without any. A rule's own number of
    days takes the place of an ``adjustable`` span.
    """

    names: tuple[str, ...]
    same: tuple[str, ...]
    span: dt.timedelta | None
    only: tuple[tuple[str, Any], ...] = ()
    of: Literal["events", "cases"] = "events"
    share: bool = False
    fewest: int = 5
    latest: str = ""
    adjustable: bool = True


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fact:
    """Something derived that a rule may name beside the fields of its event.

    ``compute`` works it out from the case alone, ``window`` by counting in the log; one of the two is given.
    ``events``: the event names it means something for, all when empty. ``needs_case`` False: the event is enough.
    """

    key: str
    label: str
    kind: FactKind = "number"
    unit: str = ""
    how: str
    events: frozenset[str] = frozenset()
    needs_case: bool = True
    compute: Callable[[Moment], FactValue] | None = None
    window: Window | None = None

    def fits(self, event_name: str) -> bool:
        """Whether a rule about that kind of event may name it."""
        return not self.events or event_name in self.events


#: key → derived fact
facts: Registry[Fact] = Registry("supervision.facts")


def register_fact(fact: Fact) -> Fact:
    """Let rules name one more fact; called in ``apps.ready()``."""
    return facts.register(fact.key, fact)


@dataclasses.dataclass(frozen=True, kw_only=True)
class InputRow:
    """One row that a figure of a score is counted from; ``counted`` rows are the part, all rows the whole."""

    org_id: uuid.UUID
    org_name: str
    at: dt.datetime
    words: str
    counted: bool
    number: str = ""
    item_code: str = ""
    case_id: uuid.UUID | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScoreInput:
    """A figure that others give to scores and targets: complaints, ratings, usage.

    ``read`` gives the rows of a tenant from an instant until another. ``share``: the figure is the part of the whole
    in per cent, else the number of counted rows; then ``rate`` names the share that is told beside it, where one is.
    ``later``: the figure came after months had been published; a month without rows does not mention it, so that its
    digest stays what it was.
    """

    key: str
    label: str
    unit: str
    how: str
    share: bool = False
    rate: str = ""
    later: bool = False
    read: Callable[[str, dt.datetime, dt.datetime], Sequence[InputRow]]


#: key → figure that formulas and targets may name
score_inputs: Registry[ScoreInput] = Registry("supervision.score_inputs")


def register_score_input(one: ScoreInput) -> ScoreInput:
    """Let formulas and targets name one more figure; called in ``apps.ready()``."""
    return score_inputs.register(one.key, one)
