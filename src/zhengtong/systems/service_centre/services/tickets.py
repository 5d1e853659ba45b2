"""Tickets: taken at the machine or by telephone, with or without an appointment; given up; lapsed at the day's end."""

import uuid
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, NotFound
from zhengtong.kernel.ids import query_code
from zhengtong.kernel.loops import due_first, each
from zhengtong.kernel.simulation import not_before
from zhengtong.systems.service_centre.constants import (
    OPEN_TICKETS,
    TICKET_KIND,
    AppointmentState,
    Standing,
    TicketSource,
    TicketState,
)
from zhengtong.systems.service_centre.models import Appointment, Place, Ticket, Zone
from zhengtong.systems.service_centre.rules import next_state
from zhengtong.systems.service_centre.selectors.places import open_state
from zhengtong.systems.service_centre.services.board import touch

_BATCH = 200


def ref_of(ticket: Ticket) -> ObjectRef:
    """How other apps name a ticket."""
    return ObjectRef(kind=TICKET_KIND, id=str(ticket.id))


def record(actor: Actor, act: str, ticket: Ticket, **payload: Any) -> None:
    """An entry of the ledger about a ticket: number and hall, nobody's name."""
    content = {"number": ticket.number, "place": ticket.place.name, "day": ticket.day, **payload}
    ledger.append(actor=actor, act=act, object_ref=ref_of(ticket), payload=content)


@transaction.atomic
def take_ticket(
    *,
    actor: Actor,
    zone: Zone,
    source: str,
    standing: str = "usual",
    item_code: str = "",
    item_name: str = "",
    org_id: str = "",
) -> Ticket:
    """A number in today's queue of a zone; Conflict while the hall is closed or the person already has a number."""
    _check_open(zone.place)
    if standing not in Standing.values:
        standing = Standing.USUAL
    own = actor.person_id if source == TicketSource.PHONE else None
    ticket = Ticket(
        standing=standing, person_id=own, source=source, item_code=item_code, item_name=item_name[:200], org_id=org_id
    )
    if own and _open_of(zone.place, own):
        raise _already(zone.place)
    try:
        with transaction.atomic():
            _draw(zone, ticket)
    except IntegrityError:
        raise _already(zone.place) from None
    record(actor, "service_centre.take_ticket", ticket, zone=zone.letter, standing=str(standing), source=str(source))
    touch(zone.place_id)
    return ticket


def _open_of(place: Place, person_id: uuid.UUID) -> bool:
    rows = Ticket.objects.filter(place=place, day=local_date(), person_id=person_id, state__in=OPEN_TICKETS)
    return rows.filter(appointment__isnull=True).exists()


def _already(place: Place) -> Conflict:
    return Conflict(_("您今天在%(place)s已经取过号，正在排队，不用再取。") % {"place": place.name})


def _check_open(place: Place) -> None:
    state = open_state(place)
    if not state.open:
        raise Conflict(_("%(place)s%(words)s，现在不能取号。") % {"place": place.name, "words": state.words})


@transaction.atomic
def check_in(*, actor: Actor, place: Place, code: str, source: str, standing: str = "usual") -> Ticket:
    """Turn today's appointment into a ticket by its code; coming again shows the ticket that is already there."""
    wanted = "".join(code.split()).upper().replace("-", "")[:8]
    rows = Appointment.objects.select_for_update(of=("self",)).select_related("slot__zone__place")
    appointment = rows.filter(tenant=place.tenant, code=wanted).first() if wanted else None
    if appointment is None:
        raise NotFound(_("没有找到这个预约码。请核对后再输一次，或者不用预约直接取号。"))
    slot, there = appointment.slot, appointment.slot.zone.place
    if there.id != place.id:
        raise Conflict(_("这个预约在%(place)s办理。在这里办理请直接取号。") % {"place": there.name})
    if slot.day != local_date():
        raise Conflict(_("这个预约不是今天的（%(day)s）。今天办理请直接取号。") % {"day": f"{slot.day:%m-%d}"})
    if appointment.state == AppointmentState.ARRIVED:
        return Ticket.objects.select_related("place", "zone").get(appointment=appointment)
    if appointment.state != AppointmentState.BOOKED:
        raise Conflict(_("这个预约已经取消或者已经过期。今天办理请直接取号。"))
    _check_open(place)
    ticket = Ticket(
        standing=standing if standing in Standing.values else Standing.USUAL,
        person_id=appointment.person_id,
        appointment=appointment,
        source=source,
        item_code=appointment.item_code,
        item_name=appointment.item_name,
        org_id=appointment.org_id,
    )
    _draw(slot.zone, ticket)
    appointment.state, appointment.state_at = AppointmentState.ARRIVED, now()
    appointment.save(update_fields=["state", "state_at"])
    record(actor, "service_centre.take_ticket", ticket, zone=slot.zone.letter, source=str(source), appointed=True)
    touch(place.id)
    return ticket


def _draw(zone: Zone, ticket: Ticket) -> None:
    """Give the ticket the next number of its zone and day; without gaps, as the counter falls back with us."""
    day = local_date()
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into service_centre_ticketcounter (tenant, zone_id, day, last) values (%s, %s, %s, 1)"
            " on conflict (zone_id, day) do update set last = service_centre_ticketcounter.last + 1 returning last",
            [zone.tenant, zone.id, day],
        )
        ticket.no = cursor.fetchone()[0]
    ticket.tenant, ticket.place, ticket.zone, ticket.day = zone.tenant, zone.place, zone, day
    ticket.number, ticket.code = f"{zone.letter}{ticket.no:03d}", query_code()
    ticket.taken_at = ticket.since = now()
    ticket.save(force_insert=True)


def lock_ticket(tenant: str, **wanted: Any) -> Ticket:
    """A ticket of the tenant, locked; raises NotFound."""
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("place", "zone", "window", "appointment")
    ticket = rows.filter(tenant=tenant, **wanted).first()
    if ticket is None:
        raise NotFound(_("没有找到这个号。"))
    return ticket


def advance(ticket: Ticket, act: str) -> None:
    """Set the state after an act; Conflict when it is not open, with where the ticket stands."""
    after = next_state(ticket.state, act)
    if after is None:
        words = {"number": ticket.number, "state": TicketState(ticket.state).label}
        raise Conflict(_("%(number)s 号现在的状态是“%(state)s”，不能这样操作。页面已经更新，请再看一下。") % words)
    ticket.state = TicketState(after)


@transaction.atomic
def cancel_ticket(*, actor: Actor, code: str) -> Ticket:
    """Give up waiting; whoever holds the ticket's code may do so."""
    ticket = lock_ticket(actor.tenant, code=code[:8])
    advance(ticket, "cancel")
    ticket.ended_at = now()
    ticket.save(update_fields=["state", "ended_at"])
    record(actor, "service_centre.cancel_ticket", ticket)
    touch(ticket.place_id)
    return ticket


def lapse_left() -> int:
    """Close tickets of days that are over; returns how many."""
    rows = Ticket.objects.filter(state__in=OPEN_TICKETS, day__lt=local_date())
    earliest = not_before()
    if earliest is not None:  # a demonstration's invented past is watched by its simulator
        rows = rows.filter(day__gte=local_date(earliest))
    return each(_lapse, due_first(_lapse, rows.order_by("id").values_list("id"), size=_BATCH))


@transaction.atomic
def _lapse(ticket_id: uuid.UUID) -> int:
    rows = Ticket.objects.select_for_update(of=("self",), skip_locked=True).select_related("place", "zone")
    ticket = rows.filter(pk=ticket_id, state__in=OPEN_TICKETS, day__lt=local_date()).first()
    if ticket is None:
        return 0
    advance(ticket, "lapse")
    ticket.ended_at = now()
    ticket.save(update_fields=["state", "ended_at"])
    record(system(ticket.tenant), "service_centre.lapse_ticket", ticket)
    return 1
