"""The duty roster: which planned windows have nobody, and whether two may exchange."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Iterable

from zhengtong.systems.service_centre.rules.opening import Span

_NOON = dt.time(13)


@dataclasses.dataclass(frozen=True, order=True)
class Gap:
    """A window that is to be open in a half-day and has nobody."""

    day: dt.date
    half: str
    window: str
    window_id: uuid.UUID


def halves_of(spans: Iterable[Span]) -> tuple[str, ...]:
    """The half-days a hall is open: ``am`` when it opens before 13:00, ``pm`` when it closes after it."""
    found = list(spans)
    halves = [("am", any(span.start < _NOON for span in found)), ("pm", any(span.end > _NOON for span in found))]
    return tuple(half for half, open_then in halves if open_then)


def half_at(moment: dt.time) -> str:
    """The half-day of a moment."""
    return "am" if moment < _NOON else "pm"


def gaps(
    days: Iterable[tuple[dt.date, tuple[str, ...]]],
    windows: Iterable[tuple[uuid.UUID, str]],
    filled: Collection[tuple[uuid.UUID, dt.date, str]],
) -> list[Gap]:
    """Planned windows (id, name) without anybody, by day and half; ``filled`` are (window, day, half)."""
    planned = list(windows)
    return sorted(
        Gap(day, half, name, window)
        for day, halves in days
        for half in halves
        for window, name in planned
        if (window, day, half) not in filled
    )
