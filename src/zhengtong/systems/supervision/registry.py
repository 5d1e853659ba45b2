"""What supervision watches: one source per event, so that a further system joins by one entry.

A system tells its events in ``zhengtong.contracts``; a source says how to read them. Systems do not import each
other, so a source lives in ``plugins/`` here (or is registered by ``entry``), never in the system watched.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any, Literal

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
    is the how-manieth notice it is.
    """

    change: Change
    case_id: uuid.UUID
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

    ``read`` gives None for an event that is about no case (a rating of a queue ticket): it is passed over.
    """

    event: type[Event]
    label: str
    area: str
    read: Callable[[Any], Sighting | None]

    @property
    def fields(self) -> frozenset[str]:
        """The event's own fields: what the condition of a rule may name."""
        base = {field.name for field in dataclasses.fields(Event)}
        return frozenset(field.name for field in dataclasses.fields(self.event) if field.name not in base)


#: event name → how supervision reads it
event_sources: Registry[EventSource] = Registry("supervision.event_sources")


def register_source(source: EventSource) -> EventSource:
    """Watch one more kind of event; called in ``apps.ready()``, before ``handlers.subscribe_all``."""
    return event_sources.register(source.event.NAME, source)
