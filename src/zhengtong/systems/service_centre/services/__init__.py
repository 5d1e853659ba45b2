"""Use cases of service centres."""

from zhengtong.systems.service_centre.services.booking import book, cancel, change, note_missed, remind_waiting
from zhengtong.systems.service_centre.services.calling import (
    call_next,
    finish,
    open_window,
    recall,
    return_ticket,
    shut_window,
    skip,
    transfer,
)
from zhengtong.systems.service_centre.services.installing import install_place, install_roster
from zhengtong.systems.service_centre.services.places import (
    NamedService,
    PlaceDetails,
    add_window,
    close_place,
    renew_kiosk_key,
    reopen_place,
    save_place,
    save_window,
    set_slots,
)
from zhengtong.systems.service_centre.services.roster import (
    admit_attendant,
    ask,
    copy_week,
    decide,
    dismiss_attendant,
    set_duties,
    withdraw,
)
from zhengtong.systems.service_centre.services.tickets import cancel_ticket, check_in, lapse_left, take_ticket

__all__ = [
    "NamedService",
    "PlaceDetails",
    "add_window",
    "admit_attendant",
    "ask",
    "book",
    "call_next",
    "cancel",
    "cancel_ticket",
    "change",
    "check_in",
    "close_place",
    "copy_week",
    "decide",
    "dismiss_attendant",
    "finish",
    "install_place",
    "install_roster",
    "lapse_left",
    "note_missed",
    "open_window",
    "recall",
    "remind_waiting",
    "renew_kiosk_key",
    "reopen_place",
    "return_ticket",
    "save_place",
    "save_window",
    "set_duties",
    "set_slots",
    "shut_window",
    "skip",
    "take_ticket",
    "transfer",
    "withdraw",
]
