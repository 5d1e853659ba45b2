"""Tables of service centres: places and windows, duty, appointments and tickets."""

from zhengtong.systems.service_centre.models.duty import Attendant, Duty, DutyRequest
from zhengtong.systems.service_centre.models.places import Closure, Place, Window, WindowService, Zone
from zhengtong.systems.service_centre.models.queue import Appointment, Slot, Ticket, TicketCounter

__all__ = [
    "Appointment",
    "Attendant",
    "Closure",
    "Duty",
    "DutyRequest",
    "Place",
    "Slot",
    "Ticket",
    "TicketCounter",
    "Window",
    "WindowService",
    "Zone",
]
