"""Slots to book: what a zone offers on the days ahead, what is left of it, and the next free one."""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel import parameters
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.clock import local_date, now
from zhengtong.systems.service_centre.models import Appointment, Place, Slot, Zone
from zhengtong.systems.service_centre.rules import Span, blocked_until, may_still_book, slots_of
from zhengtong.systems.service_centre.selectors.places import DayHours, hours_of

parameters.declare(
    "service_centre.days_ahead",
    default=5,
    label="预约可以提前的天数",
    unit="个工作日",
    source="大厅预约办法",
    confirmed=False,
)
parameters.declare(
    "service_centre.booking_notice",
    default=30,
    label="预约截止到时段开始前",
    unit="分钟",
    source="大厅预约办法",
    confirmed=False,
)
parameters.declare(
    "service_centre.missed_limit",
    default=3,
    label="预约后未到场几次暂停网上预约",
    unit="次",
    source="大厅预约办法",
    confirmed=False,
)
parameters.declare(
    "service_centre.missed_within",
    default=90,
    label="未到场次数的统计天数",
    unit="天",
    source="大厅预约办法",
    confirmed=False,
)
parameters.declare(
    "service_centre.missed_rest",
    default=30,
    label="暂停网上预约的天数",
    unit="天",
    source="大厅预约办法",
    confirmed=False,
)


@dataclasses.dataclass(frozen=True)
class SlotView:
    """A slot: day, span, places in all and left; ``open`` while it can be booked."""

    day: dt.date
    span: Span
    capacity: int
    left: int
    open: bool

    @property
    def starts_at(self) -> dt.datetime:
        """The instant the slot begins."""
        return slot_instant(self.day, self.span.start)

    @property
    def key(self) -> str:
        """How the slot is named in forms: ``2026-11-24T09:30``."""
        return f"{self.day:%Y-%m-%d}T{self.span.start:%H:%M}"


@dataclasses.dataclass(frozen=True)
class SlotDay:
    """A day with its slots; ``reason`` says why there are none."""

    day: dt.date
    slots: tuple[SlotView, ...]
    reason: str

    @property
    def left(self) -> int:
        """Places that can still be booked on the day."""
        return sum(slot.left for slot in self.slots if slot.open)


def slot_instant(day: dt.date, moment: dt.time) -> dt.datetime:
    """The instant of a time of day in the county."""
    return dt.datetime.combine(day, moment, SHANGHAI)


def last_bookable_day(tenant: str) -> dt.date:
    """The last day that can be booked today."""
    days = int(parameters.value("service_centre.days_ahead", tenant=tenant))
    return cases.calendar_of(tenant).add_workdays(local_date(), days)


def slot_days(zone: Zone) -> list[SlotDay]:
    """Today and the days ahead with the zone's slots; days on which the hall is closed say why."""
    first, last = local_date(), last_bookable_day(zone.tenant)
    hours = hours_of(zone.place, first, last)
    return _days(zone, hours, _kept([zone], first, last).get(zone.id, {}), _notice(zone.tenant))


def find_slot(zone: Zone, key: str) -> SlotView | None:
    """The slot a form names, None when the zone offers none there."""
    return next((slot for day in slot_days(zone) for slot in day.slots if slot.key == key), None)


def next_free(place: Place, zones: Iterable[Zone]) -> dict[uuid.UUID, SlotView | None]:
    """The next slot with a place left in each zone of a hall; two queries for all of them."""
    wanted = [zone for zone in zones if zone.slot_capacity]
    if not wanted:
        return {}
    first, last = local_date(), last_bookable_day(place.tenant)
    hours, kept, notice = hours_of(place, first, last), _kept(wanted, first, last), _notice(place.tenant)
    return {zone.id: _first_open(_days(zone, hours, kept.get(zone.id, {}), notice)) for zone in wanted}


def _first_open(days: Iterable[SlotDay]) -> SlotView | None:
    return next((slot for day in days for slot in day.slots if slot.open), None)


def _notice(tenant: str) -> dt.timedelta:
    return dt.timedelta(minutes=int(parameters.value("service_centre.booking_notice", tenant=tenant)))


def _kept(
    zones: Iterable[Zone], first: dt.date, last: dt.date
) -> Mapping[uuid.UUID, Mapping[tuple[dt.date, dt.time], Slot]]:
    found: dict[uuid.UUID, dict[tuple[dt.date, dt.time], Slot]] = defaultdict(dict)
    for row in Slot.objects.filter(zone__in=list(zones), day__gte=first, day__lte=last):
        found[row.zone_id][row.day, row.starts] = row
    return found


def _days(
    zone: Zone, hours: Iterable[DayHours], kept: Mapping[tuple[dt.date, dt.time], Slot], notice: dt.timedelta
) -> list[SlotDay]:
    found, instant = [], now()
    for day in hours:
        slots = []
        for span in slots_of(day.spans, zone.slot_minutes):
            row = kept.get((day.day, span.start))
            capacity = row.capacity if row else zone.slot_capacity
            left = capacity - (row.taken if row else 0)
            in_time = may_still_book(slot_instant(day.day, span.start), instant, notice=notice)
            slots.append(SlotView(day.day, span, capacity, left, left > 0 and in_time))
        found.append(SlotDay(day.day, tuple(slots), day.reason))
    return found


def booking_blocked_until(tenant: str, person_id: uuid.UUID) -> dt.date | None:
    """Until when somebody who stayed away too often cannot book over the net; None when he can."""
    keys = ("service_centre.missed_limit", "service_centre.missed_within", "service_centre.missed_rest")
    limit, within, rest = (int(value) for value in parameters.values(*keys, tenant=tenant).values())
    today = local_date()
    missed = Appointment.objects.filter(
        tenant=tenant, person_id=person_id, state="missed", slot__day__gte=today - dt.timedelta(days=within)
    )
    return blocked_until(
        list(missed.values_list("slot__day", flat=True)),
        today=today,
        limit=limit,
        within=dt.timedelta(days=within),
        rest=dt.timedelta(days=rest),
    )
