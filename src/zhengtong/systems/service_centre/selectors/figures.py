"""Figures of a hall: the board of today and statistics of days, windows and items."""

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.clock import local_date, now
from zhengtong.systems.service_centre.models import Appointment, Duty, Place, Ticket
from zhengtong.systems.service_centre.rules import half_at, mean, minutes, quantile
from zhengtong.systems.service_centre.selectors.line import lines
from zhengtong.systems.service_centre.selectors.places import OpenState, is_open_today, open_state, zones_of

_LONGEST = 366


@dataclasses.dataclass(frozen=True)
class ZoneFigures:
    """A zone today: who waits, the longest wait now, windows open and planned, how long a ticket takes."""

    letter: str
    name: str
    waiting: int
    longest: int | None
    open_windows: int
    planned: int
    finished: int
    wait: int | None
    handling: int | None


@dataclasses.dataclass(frozen=True)
class WindowFigures:
    """A window today."""

    number: int
    name: str
    zone: str
    open: bool
    operator: str
    on_duty: str
    current: str
    finished: int
    handling: int | None


@dataclasses.dataclass(frozen=True)
class TodayBoard:
    """What a manager sees of a hall at one instant."""

    place: Place
    state: OpenState
    zones: tuple[ZoneFigures, ...]
    windows: tuple[WindowFigures, ...]
    taken: int
    finished: int
    waiting: int
    longest: int | None
    open_windows: int
    planned: int
    handling: int | None
    skipped: int
    appointments: int
    arrived: int


@dataclasses.dataclass(frozen=True)
class Line:
    """One line of the statistics: volumes, waits in minutes (median, nine of ten), handling time."""

    label: str
    taken: int
    finished: int
    left: int
    wait_p50: int | None
    wait_p90: int | None
    handling: int | None


@dataclasses.dataclass(frozen=True)
class Statistics:
    """A period of a hall: by day, by window, by item, and how appointments were kept."""

    first: dt.date
    last: dt.date
    total: Line
    days: tuple[Line, ...]
    windows: tuple[Line, ...]
    at_windows: Line
    items: tuple[Line, ...]
    booked: int
    arrived: int
    missed: int
    cancelled: int


def today_board(place: Place) -> TodayBoard:
    """The board of a hall now."""
    day, instant = local_date(), now()
    tickets = list(Ticket.objects.filter(place=place, day=day).order_by("no"))
    zones = zones_of(place)
    half = half_at(instant.astimezone(SHANGHAI).time())
    duties = Duty.objects.filter(window__place=place, day=day, half=half)
    on_duty = dict(duties.values_list("window_id", "person_name"))
    queue = {line.zone.id: line for line in lines(place, zones)}
    by_zone: dict[Any, list[Ticket]] = defaultdict(list)
    for ticket in tickets:
        by_zone[ticket.zone_id].append(ticket)
    rows = []
    for zone in zones:
        own = by_zone[zone.id]
        line, longest = queue[zone.id], _longest(own, instant)
        planned = sum(window.planned for window in zone.windows.all())
        done = [one for one in own if one.state == "finished"]
        wait, handling = mean([_waited(one) for one in own if one.first_called_at]), mean([_handled(x) for x in done])
        figures = (line.waiting, longest, line.open_windows, planned, len(done), minutes(wait), minutes(handling))
        rows.append(ZoneFigures(zone.letter, zone.name, *figures))
    windows = tuple(_window(window, zone.letter, tickets, on_duty) for zone in zones for window in zone.windows.all())
    finished = [one for one in tickets if one.state == "finished"]
    appointed = list(Appointment.objects.filter(slot__zone__place=place, slot__day=day).values_list("state", flat=True))
    return TodayBoard(
        place=place,
        state=open_state(place),
        zones=tuple(rows),
        windows=tuple(sorted(windows, key=lambda one: one.number)),
        taken=len(tickets),
        finished=len(finished),
        waiting=sum(one.state == "waiting" for one in tickets),
        longest=_longest(tickets, instant),
        open_windows=sum(one.open for one in windows),
        planned=sum(row.planned for row in rows),
        handling=minutes(mean([_handled(one) for one in finished])),
        skipped=sum(one.state == "skipped" for one in tickets),
        appointments=sum(state != "cancelled" for state in appointed),
        arrived=sum(state == "arrived" for state in appointed),
    )


def _window(window: Any, letter: str, tickets: Iterable[Ticket], on_duty: dict[Any, str]) -> WindowFigures:
    own = [one for one in tickets if one.window_id == window.id]
    done = [one for one in own if one.state == "finished"]
    is_open = is_open_today(window)
    return WindowFigures(
        number=window.number,
        name=window.name,
        zone=letter,
        open=is_open,
        operator=window.operator_name if is_open else "",
        on_duty=on_duty.get(window.id, ""),
        current=next((one.number for one in own if one.state == "called"), ""),
        finished=len(done),
        handling=minutes(mean([_handled(one) for one in done])),
    )


def _longest(tickets: Iterable[Ticket], instant: dt.datetime) -> int | None:
    waits = [(instant - one.taken_at).total_seconds() for one in tickets if one.state == "waiting"]
    return minutes(max(waits)) if waits else None


def _waited(ticket: Ticket) -> float:
    return (ticket.first_called_at - ticket.taken_at).total_seconds() if ticket.first_called_at else 0.0


def _handled(ticket: Ticket) -> float:
    return (ticket.ended_at - ticket.called_at).total_seconds() if ticket.ended_at and ticket.called_at else 0.0


def statistics(place: Place, first: dt.date, last: dt.date) -> Statistics:
    """The figures of a hall from ``first`` to ``last``, a year at most."""
    first = max(first, last - dt.timedelta(days=_LONGEST - 1))
    rows = Ticket.objects.filter(place=place, day__gte=first, day__lte=last).select_related("window")
    tickets = list(rows.order_by("day", "no"))
    states = Appointment.objects.filter(slot__zone__place=place, slot__day__gte=first, slot__day__lte=last)
    kept = list(states.values_list("state", flat=True))
    with_window = [one for one in tickets if one.window is not None]
    return Statistics(
        first=first,
        last=last,
        total=_line("合计", tickets),
        days=_grouped(tickets, lambda one: f"{one.day:%Y-%m-%d}"),
        windows=_grouped(with_window, lambda one: f"{one.window.number:>3} 号窗口" if one.window else ""),
        at_windows=_line("合计", with_window),
        items=_grouped(tickets, lambda one: one.item_name or "未登记事项"),
        booked=len(kept),
        arrived=kept.count("arrived"),
        missed=kept.count("missed"),
        cancelled=kept.count("cancelled"),
    )


def _grouped(tickets: Iterable[Ticket], key: Callable[[Ticket], str]) -> tuple[Line, ...]:
    groups: dict[str, list[Ticket]] = defaultdict(list)
    for ticket in tickets:
        groups[key(ticket)].append(ticket)
    return tuple(_line(label.strip(), groups[label]) for label in sorted(groups))


def _line(label: str, tickets: list[Ticket]) -> Line:
    waits = [_waited(one) for one in tickets if one.first_called_at]
    done = [one for one in tickets if one.state == "finished"]
    return Line(
        label=label,
        taken=len(tickets),
        finished=len(done),
        left=sum(one.state in ("cancelled", "lapsed", "skipped") for one in tickets),
        wait_p50=minutes(quantile(waits, 0.5)),
        wait_p90=minutes(quantile(waits, 0.9)),
        handling=minutes(mean([_handled(one) for one in done])),
    )
