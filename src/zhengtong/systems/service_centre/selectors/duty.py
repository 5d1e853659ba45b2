"""The roster: a week of a hall, its gaps, requests, and one person's own half-days."""

import dataclasses
import datetime as dt
import uuid

from django.db.models import Q, QuerySet

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.systems.service_centre.constants import Half
from zhengtong.systems.service_centre.models import Attendant, Duty, DutyRequest, Place, Window
from zhengtong.systems.service_centre.permissions import managed_places, person_of
from zhengtong.systems.service_centre.rules import Gap, gaps, halves_of
from zhengtong.systems.service_centre.selectors.places import DayHours, hours_of

_AHEAD = 7  # days in which gaps are warned of


@dataclasses.dataclass(frozen=True)
class RosterDay:
    """A day of the roster: which half-days the hall is open, and why not."""

    day: dt.date
    halves: tuple[str, ...]
    reason: str
    over: bool


@dataclasses.dataclass(frozen=True)
class RosterCell:
    """A window in a half-day."""

    day: dt.date
    half: str
    person_id: uuid.UUID | None
    person_name: str
    open: bool
    editable: bool


@dataclasses.dataclass(frozen=True)
class RosterLine:
    """A window with its week."""

    window: Window
    cells: tuple[RosterCell, ...]


@dataclasses.dataclass(frozen=True)
class Roster:
    """A week of a hall."""

    monday: dt.date
    days: tuple[RosterDay, ...]
    lines: tuple[RosterLine, ...]
    people: tuple[Attendant, ...]
    missing: tuple[Gap, ...]


def monday_of(day: dt.date) -> dt.date:
    """The Monday of the day's week."""
    return day - dt.timedelta(days=day.weekday())


def roster(place: Place, monday: dt.date) -> Roster:
    """The roster of a week."""
    today = local_date()
    hours = hours_of(place, monday, monday + dt.timedelta(days=6))
    days = tuple(RosterDay(day.day, halves_of(day.spans), day.reason, day.day < today) for day in hours)
    windows = list(Window.objects.filter(place=place, active=True).order_by("number").select_related("zone"))
    rows = Duty.objects.filter(window__place=place, day__gte=monday, day__lte=monday + dt.timedelta(days=6))
    duties = {(row.window_id, row.day, row.half): row for row in rows}
    lines = tuple(
        RosterLine(
            window,
            tuple(_cell(day, half, duties.get((window.id, day.day, half))) for day in days for half in Half.values),
        )
        for window in windows
    )
    coming = [(day.day, day.halves) for day in days if not day.over]
    missing = gaps(coming, [(one.id, f"{one.number}") for one in windows if one.planned], duties.keys())
    return Roster(monday, days, lines, tuple(attendants(place)), tuple(missing))


def _cell(day: RosterDay, half: str, duty: Duty | None) -> RosterCell:
    return RosterCell(
        day=day.day,
        half=half,
        person_id=duty.person_id if duty else None,
        person_name=duty.person_name if duty else "",
        open=half in day.halves,
        editable=not day.over and half in day.halves,
    )


def attendants(place: Place) -> "QuerySet[Attendant]":
    """Who works in a hall, by unit and name."""
    return Attendant.objects.filter(place=place, active=True).order_by("org_name", "person_name")


def coming_gaps(place: Place) -> list[Gap]:
    """Planned windows without anybody in the coming week."""
    today = local_date()
    hours: list[DayHours] = hours_of(place, today, today + dt.timedelta(days=_AHEAD))
    windows = Window.objects.filter(place=place, active=True, planned=True).order_by("number")
    filled = Duty.objects.filter(window__place=place, day__gte=today, day__lte=hours[-1].day)
    return gaps(
        [(day.day, halves_of(day.spans)) for day in hours],
        [(window.id, f"{window.number}") for window in windows],
        set(filled.values_list("window_id", "day", "half")),
    )


def requests_to_decide(actor: Actor) -> "QuerySet[DutyRequest]":
    """Requests that wait for the manager, the earliest first."""
    places = Place.objects.filter(managed_places(actor))
    return DutyRequest.objects.filter(place__in=places, state="asked").select_related("place").order_by("created_at")


def own_duties(actor: Actor) -> "QuerySet[Duty]":
    """An actor's half-days from today on."""
    rows = Duty.objects.filter(tenant=actor.tenant, person_id=person_of(actor), day__gte=local_date())
    return rows.select_related("window__place", "window__zone").order_by("day", "half")


def works_in_a_hall(actor: Actor) -> bool:
    """True for somebody whose unit has sent him to a hall."""
    return Attendant.objects.filter(tenant=actor.tenant, person_id=person_of(actor), active=True).exists()


def own_requests(actor: Actor) -> "QuerySet[DutyRequest]":
    """An actor's latest requests."""
    rows = DutyRequest.objects.filter(tenant=actor.tenant, person_id=person_of(actor))
    return rows.select_related("place").order_by("-created_at")[:10]


def exchangeable(duty: Duty) -> "QuerySet[Duty]":
    """Half-days of colleagues in the same hall that could be exchanged with one."""
    rows = Duty.objects.filter(window__place=duty.window.place_id, day__gte=local_date())
    return rows.exclude(person_id=duty.person_id).select_related("window").order_by("day", "half")[:60]


def windows_today(actor: Actor) -> list[Window]:
    """Windows an actor may sit at today: those of the roster, and all of the halls he manages."""
    own = Duty.objects.filter(tenant=actor.tenant, person_id=person_of(actor), day=local_date())
    wanted = Q(pk__in=own.values("window_id")) | Q(place__in=Place.objects.filter(managed_places(actor)))
    rows = Window.objects.filter(wanted, tenant=actor.tenant, active=True).select_related("place", "zone")
    return list(rows.order_by("place__position", "number"))
