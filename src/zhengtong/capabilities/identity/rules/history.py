"""What an organisation was on a day, from the changes recorded since; who took over from whom."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypeVar

from zhengtong.capabilities.identity.rules.organisations import moved_path

Key = TypeVar("Key")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Past:
    """One change, with what stood before it; ``kind`` is founded, renamed, moved, merged or abolished.

    ``on`` is the day from which the new state holds.
    """

    kind: str
    on: dt.date
    name_before: str = ""
    path_before: str = ""
    path_after: str = ""


@dataclasses.dataclass(frozen=True)
class State:
    """Name, place and ``existence`` (active, abolished, or unfounded: not yet there) of an organisation on a day."""

    name: str
    path: str
    existence: str


def past_of(now: State, day: dt.date, *, own: Sequence[Past], moves: Sequence[Past]) -> State:
    """The state on a day from that of today, going back through what happened after the day.

    ``own`` are the organisation's own changes, ``moves`` those of all organisations (a superior that moved took the
    whole subtree along), each in the order of recording. Without a recorded founding it has always existed.
    """
    name, path, existence = now.name, now.path, now.existence
    for change in _back_to(own, day):
        name = change.name_before or name
        if change.kind == "founded":
            existence = "unfounded"
        elif change.kind in ("abolished", "merged"):
            existence = "active"
    for change in _back_to(moves, day):
        path = moved_path(path, change.path_after, change.path_before)
    return State(name, path, existence)


def _back_to(changes: Sequence[Past], day: dt.date) -> list[Past]:
    """What took effect after the day, latest first; of the same day the later recorded first."""
    later = [(change.on, place, change) for place, change in enumerate(changes) if change.on > day]
    return [change for _on, _place, change in sorted(later, key=lambda item: item[:2], reverse=True)]


def chain_end(start: Key, successors: Mapping[Key, Key | None]) -> Key | None:
    """The last of the chain of successors from ``start`` on; None when the chain runs in a circle."""
    seen = {start}
    at = start
    while (following := successors.get(at)) is not None:
        if following in seen:
            return None
        seen.add(following)
        at = following
    return at
