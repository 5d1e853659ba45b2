"""The queue of a zone today as the rule sees it, and the parameters of the rule."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from statistics import fmean

from django.db.models import QuerySet

from zhengtong.kernel import parameters
from zhengtong.kernel.clock import local_date
from zhengtong.systems.service_centre.models import Place, Ticket, Window, Zone
from zhengtong.systems.service_centre.rules import Serving, Waiting, in_order, minutes_to_wait
from zhengtong.systems.service_centre.selectors.places import is_open_today, serving
from zhengtong.systems.service_centre.selectors.slots import slot_instant

parameters.declare(
    "service_centre.head_starts",
    default={"appointment": 30, "elderly": 15, "disabled": 15, "military": 15, "pregnant": 15},
    label="叫号时视同提前到场的分钟数（按类别）",
    unit="分钟",
    source="大厅排队办法；老年人权益保障法、退役军人保障法等关于优先的规定",
    confirmed=False,
)
parameters.declare(
    "service_centre.usual_handling",
    default=8,
    label="估算等候时间用的每件办理时间（没有当日数据时）",
    unit="分钟",
    source="大厅排队办法",
    confirmed=False,
)
_ENOUGH = 5  # finished tickets of today that make a better estimate than the parameter


@dataclasses.dataclass(frozen=True)
class ZoneLine:
    """A zone's queue now: who waits, open windows, and the estimated wait of somebody who comes now."""

    zone: Zone
    waiting: int
    open_windows: int
    minutes: int | None


def head_starts(tenant: str) -> Mapping[str, int]:
    """Minutes of head start by standing and for appointments."""
    value = parameters.value("service_centre.head_starts", tenant=tenant)
    return {str(key): int(minutes) for key, minutes in dict(value).items()}


def waiting_tickets(zone: Zone) -> "QuerySet[Ticket]":
    """Tickets of today that wait in a zone."""
    rows = Ticket.objects.filter(zone=zone, day=local_date(), state="waiting")
    return rows.select_related("appointment__slot")


def as_waiting(ticket: Ticket) -> Waiting:
    """A ticket as the rule sees it."""
    slot = ticket.appointment.slot if ticket.appointment else None
    return Waiting(
        id=ticket.id,
        no=ticket.no,
        since=ticket.since,
        standing=ticket.standing,
        slot_start=slot_instant(slot.day, slot.starts) if slot else None,
        slot_end=slot_instant(slot.day, slot.ends) if slot else None,
        item_code=ticket.item_code,
        org_id=ticket.org_id,
        wanted=ticket.wanted_window_id,
    )


def open_windows(zone: Zone) -> list[Serving]:
    """The windows of a zone at which somebody sits now."""
    rows = Window.objects.filter(zone=zone, active=True, opened_at__isnull=False).prefetch_related("services")
    return [serving(window) for window in rows if is_open_today(window)]


def ordered(zone: Zone) -> list[tuple[Waiting, Ticket]]:
    """Who waits in a zone, the next one first."""
    tickets = {ticket.id: ticket for ticket in waiting_tickets(zone)}
    line = in_order(map(as_waiting, tickets.values()), head_starts(zone.tenant))
    return [(one, tickets[one.id]) for one in line]


def lines(place: Place, zones: Iterable[Zone]) -> list[ZoneLine]:
    """The queues of a hall's zones; the zones carry their windows (``places.zones_of``). Two queries."""
    today = Ticket.objects.filter(place=place, day=local_date())
    waiting: dict[uuid.UUID, int] = {}
    spans: list[dt.timedelta] = []
    for zone_id, state, called_at, ended_at in today.values_list("zone_id", "state", "called_at", "ended_at"):
        if state == "waiting":
            waiting[zone_id] = waiting.get(zone_id, 0) + 1
        elif state == "finished" and called_at and ended_at:
            spans.append(ended_at - called_at)
    each = minutes_each(place.tenant, spans)
    found = []
    for zone in zones:
        count, windows = waiting.get(zone.id, 0), sum(is_open_today(window) for window in zone.windows.all())
        found.append(ZoneLine(zone, count, windows, minutes_to_wait(count, windows, each)))
    return found


def minutes_each(tenant: str, spans: list[dt.timedelta]) -> float:
    """Minutes one ticket takes: today's mean once there are a few, the parameter before."""
    if len(spans) >= _ENOUGH:
        return max(1.0, fmean(span.total_seconds() for span in spans) / 60)
    return float(parameters.value("service_centre.usual_handling", tenant=tenant))
