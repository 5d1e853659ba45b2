"""Places, their open state today, and which zones serve an item."""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.calendar import SHANGHAI, OutOfCalendar
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.service_centre.models import Closure, Place, Window, Zone
from zhengtong.systems.service_centre.permissions import managed_places
from zhengtong.systems.service_centre.rules import (
    DayKind,
    Serving,
    Span,
    best_zones,
    day_kind,
    hours_on,
    next_span,
    span_at,
    without,
)

_WHOLE_DAY = Span(dt.time.min, dt.time.max)
_SOON = 14  # days searched for the next opening


@dataclasses.dataclass(frozen=True)
class OpenState:
    """Whether a hall is open at an instant, with a sentence that says until or from when, and why it is closed."""

    open: bool
    words: str


@dataclasses.dataclass(frozen=True)
class DayHours:
    """A day of a hall: its spans after closures, and why there are none."""

    day: dt.date
    kind: DayKind
    spans: tuple[Span, ...]
    reason: str


def places(tenant: str) -> list[Place]:
    """The halls open to the public, in their order."""
    return list(Place.objects.filter(tenant=tenant, active=True).order_by("position", "name"))


def find_place(tenant: str, slug: str, *, any_state: bool = False) -> Place:
    """A hall by the word in its address; raises NotFound."""
    rows = Place.objects.filter(tenant=tenant, slug=slug[:40].replace("\x00", ""))
    place = (rows if any_state else rows.filter(active=True)).first()
    if place is None:
        raise NotFound(_("没有这个服务场所，它可能已经撤并。请从便民服务中心的首页重新选择。"))
    return place


def places_managed(actor: Actor) -> list[Place]:
    """The halls an actor manages, in their order."""
    return list(Place.objects.filter(managed_places(actor)).order_by("position", "name"))


def zones_of(place: Place) -> list[Zone]:
    """The zones of a hall in use, by letter, with their windows in use and what these are named for."""
    windows = Window.objects.filter(active=True).order_by("number").prefetch_related("services")
    rows = Zone.objects.filter(place=place, active=True).order_by("letter")
    return list(rows.prefetch_related(Prefetch("windows", queryset=windows)))


def find_zone(place: Place, letter: str) -> Zone:
    """A zone in use of a hall by its letter; raises NotFound."""
    zone = Zone.objects.filter(place=place, letter=letter[:1], active=True).select_related("place").first()
    if zone is None or len(letter) != 1:
        raise NotFound(_("%(place)s没有这个分区。") % {"place": place.name})
    return zone


def find_window(tenant: str, window_id: uuid.UUID) -> Window:
    """A window of the tenant with its zone and hall; raises NotFound."""
    window = Window.objects.filter(tenant=tenant, pk=window_id).select_related("zone", "place").first()
    if window is None:
        raise NotFound(_("没有这个窗口。"))
    return window


def serving(window: Window) -> Serving:
    """A window as the rule of the queue sees it; its services should be prefetched."""
    named = [(service.kind, service.code) for service in window.services.all()]
    return Serving(
        id=window.id,
        items=frozenset(code for kind, code in named if kind == "item"),
        orgs=frozenset(code for kind, code in named if kind == "org"),
    )


def is_open_today(window: Window) -> bool:
    """True while somebody sits at the window; one opened on an earlier day counts as closed."""
    return window.opened_at is not None and local_date(window.opened_at) == local_date()


def zones_serving(tenant: str, item_code: str, org_id: str) -> list[tuple[Place, list[Zone]]]:
    """Halls where an item can be dealt with, each with the zones that fit it best."""
    windows = Window.objects.filter(active=True).prefetch_related("services")
    rows = (
        Zone.objects.filter(tenant=tenant, active=True, place__active=True)
        .select_related("place")
        .prefetch_related(Prefetch("windows", queryset=windows))
        .order_by("place__position", "place__name", "letter")
    )
    by_place: dict[uuid.UUID, list[Zone]] = defaultdict(list)
    for zone in rows:
        by_place[zone.place_id].append(zone)
    found = []
    for zones in by_place.values():
        best = set(best_zones(item_code, org_id, [_named(zone) for zone in zones]))
        fitting = [zone for zone in zones if str(zone.id) in best]
        if fitting:
            found.append((fitting[0].place, fitting))
    return found


def _named(zone: Zone) -> tuple[str, frozenset[str], frozenset[str]]:
    """A zone with all its windows are named for; one window for everything makes the zone one for everything."""
    served = [serving(window) for window in zone.windows.all()]
    if any(not (one.items or one.orgs) for one in served):
        return str(zone.id), frozenset(), frozenset()
    items = frozenset(code for one in served for code in one.items)
    orgs = frozenset(code for one in served for code in one.orgs)
    return str(zone.id), items, orgs or (frozenset() if items else frozenset({"-"}))


def closures_of(places: Iterable[Place], first: dt.date, last: dt.date) -> Mapping[uuid.UUID, list[Closure]]:
    """The closures in force that touch the days, by hall; one query."""
    rows = Closure.objects.filter(
        place__in=list(places), ended_at__isnull=True, first_day__lte=last, last_day__gte=first
    ).order_by("first_day", "from_time")
    found: dict[uuid.UUID, list[Closure]] = defaultdict(list)
    for row in rows:
        found[row.place_id].append(row)
    return found


def hours_of(place: Place, first: dt.date, last: dt.date) -> list[DayHours]:
    """The hours of a hall on each day from ``first`` to ``last``."""
    closures = closures_of([place], first, last).get(place.id, [])
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    return [_day(place, day, closures) for day in days]


def _day(place: Place, day: dt.date, closures: Sequence[Closure]) -> DayHours:
    kind, why = _kind(place.tenant, day)
    spans = hours_on(place.hours, weekday=day.weekday(), kind=kind)
    touching = [row for row in closures if row.first_day <= day <= row.last_day]
    gaps = [Span(row.from_time, row.until_time) if row.from_time and row.until_time else _WHOLE_DAY for row in touching]
    left = without(spans, gaps)
    reason = touching[0].reason if touching and left != spans else why if not left else ""
    return DayHours(day, kind, left, reason)


def _kind(tenant: str, day: dt.date) -> tuple[DayKind, str]:
    calendar = cases.calendar_of(tenant)
    try:
        note = calendar.describe(day)
    except OutOfCalendar:
        return ("weekend" if day.weekday() > 4 else "workday"), ""
    kind = day_kind(weekday=day.weekday(), counted=note.counted, ordinary=note.reason == "周末")
    return kind, note.reason if not note.counted else ""


def open_states(found: Sequence[Place]) -> dict[uuid.UUID, OpenState]:
    """The open state of halls now; one query for all of them."""
    today, instant = local_date(), now().astimezone(SHANGHAI)
    closures = closures_of(found, today, today + dt.timedelta(days=_SOON))
    return {place.id: _open_state(place, today, instant.time(), closures.get(place.id, [])) for place in found}


def open_state(place: Place) -> OpenState:
    """The open state of one hall now."""
    return open_states([place])[place.id]


def _open_state(place: Place, today: dt.date, moment: dt.time, closures: Sequence[Closure]) -> OpenState:
    day = _day(place, today, closures)
    here = span_at(day.spans, moment)
    if here:
        return OpenState(open=True, words=_("正在开放，到 %(end)s") % {"end": f"{here.end:%H:%M}"})
    later = next_span(day.spans, moment)
    if later:
        return OpenState(open=False, words=_("现在休息，%(start)s 开放") % {"start": f"{later.start:%H:%M}"})
    following = (_day(place, today + dt.timedelta(days=n), closures) for n in range(1, _SOON + 1))
    opening = next((one for one in following if one.spans), None)
    why = _("（%(reason)s）") % {"reason": day.reason} if day.reason else ""
    if opening is None:
        return OpenState(open=False, words=_("暂不开放%(why)s") % {"why": why})
    when = _("%(month)d 月 %(day)d 日 %(start)s 开放") % {
        "month": opening.day.month,
        "day": opening.day.day,
        "start": f"{opening.spans[0].start:%H:%M}",
    }
    rest = _("今天不开放") if not day.spans else _("今天已经结束")
    return OpenState(open=False, words=f"{rest}{why}，{when}")


def closures_to_come(place: Place) -> "QuerySet[Closure]":
    """Closures in force that are not over yet, the next first."""
    return Closure.objects.filter(place=place, ended_at__isnull=True, last_day__gte=local_date()).order_by("first_day")
