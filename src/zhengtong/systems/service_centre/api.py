"""The door of service centres for ``entry``: halls and rosters declared by data, the day in a hall, work in time."""

from collections.abc import Callable

from zhengtong.kernel.loops import each
from zhengtong.systems.service_centre.models import Ticket, Window, Zone
from zhengtong.systems.service_centre.selectors.duty import windows_today, works_in_a_hall
from zhengtong.systems.service_centre.selectors.places import zones_serving
from zhengtong.systems.service_centre.selectors.slots import next_free
from zhengtong.systems.service_centre.services import (
    book,
    call_next,
    check_in,
    finish,
    install_place,
    install_roster,
    lapse_left,
    note_missed,
    open_window,
    remind_waiting,
    take_ticket,
)

__all__ = [
    "Ticket",
    "Window",
    "Zone",
    "book",
    "call_next",
    "check_in",
    "end_day",
    "finish",
    "install_place",
    "install_roster",
    "next_free",
    "open_window",
    "remind_waiting",
    "take_ticket",
    "windows_today",
    "works_in_a_hall",
    "zones_serving",
]


def end_day() -> int:
    """Close what is left of days that are over: tickets lapse, appointments nobody came to are noted."""
    return each(_close, [(lapse_left,), (note_missed,)])


def _close(part: Callable[[], int]) -> int:
    return part()
