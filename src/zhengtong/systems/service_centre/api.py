"""The door of service centres for ``entry``: halls and rosters declared by data, what the worker does in time."""

from zhengtong.systems.service_centre.selectors.duty import works_in_a_hall
from zhengtong.systems.service_centre.services import (
    install_place,
    install_roster,
    lapse_left,
    note_missed,
    remind_waiting,
)

__all__ = ["end_day", "install_place", "install_roster", "remind_waiting", "works_in_a_hall"]


def end_day() -> int:
    """Close what is left of days that are over: tickets lapse, appointments nobody came to are noted."""
    return lapse_left() + note_missed()
