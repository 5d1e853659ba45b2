"""Who is called next: first come first served, with head starts that are data and that have a bound.

Everybody has a place in time: when he came, moved forward by the head start of his standing. An appointment counts
from the beginning of its slot, however early its holder comes; who comes after the end of the slot waits as anybody.
Because head starts are bounded nobody can be overtaken by people who come much later, and nobody is forgotten.
"""

import dataclasses
import datetime as dt
import math
import uuid
from collections.abc import Iterable, Mapping, Sequence

#: the word under which the head start of an appointment stands among those of the standings
APPOINTED = "appointment"
#: what may be done with a ticket: (state, act) → the state after it
MOVES: Mapping[tuple[str, str], str] = {
    ("waiting", "call"): "called",
    ("called", "recall"): "called",
    ("called", "skip"): "skipped",
    ("called", "finish"): "finished",
    ("called", "transfer"): "waiting",
    ("skipped", "return"): "waiting",
    ("waiting", "cancel"): "cancelled",
    ("skipped", "cancel"): "cancelled",
    ("waiting", "lapse"): "lapsed",
    ("called", "lapse"): "lapsed",
    ("skipped", "lapse"): "lapsed",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Waiting:
    """A ticket that waits: since when, as whom, for what; ``wanted`` is the window it was transferred to."""

    id: uuid.UUID
    no: int
    since: dt.datetime
    standing: str = "usual"
    slot_start: dt.datetime | None = None
    slot_end: dt.datetime | None = None
    item_code: str = ""
    org_id: str = ""
    wanted: uuid.UUID | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Serving:
    """A window that is open: the items and units it is named for; without any it serves all (综合窗口)."""

    id: uuid.UUID
    items: frozenset[str] = frozenset()
    orgs: frozenset[str] = frozenset()

    def serves(self, ticket: Waiting) -> bool:
        """True when the window is named for the ticket's item or its unit, or either of them is for anything."""
        if not (self.items or self.orgs) or not ticket.item_code:
            return True
        return ticket.item_code in self.items or (bool(ticket.org_id) and ticket.org_id in self.orgs)


def next_state(state: str, act: str) -> str | None:
    """The state after an act, None when the act is not open in that state."""
    return MOVES.get((state, act))


def place_in_time(ticket: Waiting, head_starts: Mapping[str, int]) -> dt.datetime:
    """The instant by which a ticket is ordered; head starts are minutes by standing and ``appointment``."""
    since, ahead = ticket.since, head_starts.get(ticket.standing, 0)
    if ticket.slot_start and ticket.slot_end and since < ticket.slot_end:
        since, ahead = ticket.slot_start, max(ahead, head_starts.get(APPOINTED, 0))
    return since - dt.timedelta(minutes=ahead)


def in_order(tickets: Iterable[Waiting], head_starts: Mapping[str, int]) -> list[Waiting]:
    """The tickets as they are called; equal places in time go by arrival, then by number."""
    return sorted(tickets, key=lambda one: (place_in_time(one, head_starts), one.since, one.no, one.id))


def may_call(window: Serving, ticket: Waiting, open_windows: Sequence[Serving]) -> bool:
    """Whether a window may call a ticket.

    A transferred ticket waits for its window while that is open. A ticket for an item goes to the windows named for
    it; when none of them is open any open window may take it, so that it is not forgotten.
    """
    ids = {one.id for one in open_windows}
    if ticket.wanted is not None and ticket.wanted in ids:
        return ticket.wanted == window.id
    return window.serves(ticket) or not any(one.serves(ticket) for one in open_windows)


def callable_in_order(
    window: Serving, tickets: Iterable[Waiting], open_windows: Sequence[Serving], head_starts: Mapping[str, int]
) -> list[Waiting]:
    """What a window may call, the next one first."""
    return [one for one in in_order(tickets, head_starts) if may_call(window, one, open_windows)]


def minutes_to_wait(ahead: int, open_windows: int, minutes_each: float) -> int | None:
    """An estimate in minutes, rounded up to five; None while no window is open."""
    if open_windows <= 0:
        return None
    return math.ceil(ahead * minutes_each / open_windows / 5) * 5
