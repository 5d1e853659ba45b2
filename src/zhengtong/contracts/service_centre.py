"""What service centres tell: tickets called and finished, appointments made and missed. No personal data.

Places, windows, items and times only; ``ticket_id`` and ``appointment_id`` are keys of their own tables.
"""

import dataclasses
import datetime as dt
import uuid
from typing import ClassVar

from zhengtong.kernel.events import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class TicketEvent(Event):
    """Base: every event of a ticket names its number, its hall and zone, and the item it is for where one is known."""

    ticket_id: uuid.UUID
    number: str
    place: str
    place_name: str
    zone: str
    item_code: str = ""
    item_name: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class TicketCalled(TicketEvent):
    """A ticket was called to a window; ``wait_seconds`` is the wait since it was taken."""

    NAME: ClassVar[str] = "service_centre.ticket_called.v1"
    window: int
    wait_seconds: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class TicketFinished(TicketEvent):
    """A ticket was dealt with at a window, of the unit of its operator; it can be rated from now on."""

    NAME: ClassVar[str] = "service_centre.ticket_finished.v1"
    window: int
    window_id: uuid.UUID
    org_id: uuid.UUID | None
    org_name: str
    operator_id: uuid.UUID | None
    taken_at: dt.datetime
    called_at: dt.datetime
    wait_seconds: int
    handling_seconds: int
    appointed: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class AppointmentEvent(Event):
    """Base: every event of an appointment names the hall, the zone, the item and the slot."""

    appointment_id: uuid.UUID
    place: str
    place_name: str
    zone: str
    item_code: str
    item_name: str
    slot_start: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class AppointmentBooked(AppointmentEvent):
    """A place in a slot was given."""

    NAME: ClassVar[str] = "service_centre.appointment_booked.v1"


@dataclasses.dataclass(frozen=True, kw_only=True)
class AppointmentCancelled(AppointmentEvent):
    """An appointment was given back, by its holder or (``by_hall``) by the hall."""

    NAME: ClassVar[str] = "service_centre.appointment_cancelled.v1"
    by_hall: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class AppointmentMissed(AppointmentEvent):
    """Nobody came to an appointment."""

    NAME: ClassVar[str] = "service_centre.appointment_missed.v1"
