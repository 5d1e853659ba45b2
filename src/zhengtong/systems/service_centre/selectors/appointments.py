"""Appointments of a person."""

import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.service_centre.models import Appointment
from zhengtong.systems.service_centre.permissions import person_of
from zhengtong.systems.service_centre.selectors.slots import slot_instant


def own_appointments(actor: Actor) -> "QuerySet[Appointment]":
    """An actor's appointments, the next first, then those that are over."""
    rows = Appointment.objects.filter(tenant=actor.tenant, person_id=person_of(actor))
    return rows.select_related("slot__zone__place").order_by("-slot__day", "-slot__starts")


def own_appointment(actor: Actor, appointment_id: uuid.UUID) -> Appointment:
    """One of the actor's appointments; raises NotFound for any other."""
    found = own_appointments(actor).select_related("slot__zone__place", "ticket").filter(pk=appointment_id).first()
    if found is None or actor.person_id is None:
        raise NotFound(_("没有找到这个预约。如果它属于另一个身份，请先切换身份。"))
    return found


def booked_for(actor: Actor, item_code: str) -> Appointment | None:
    """The actor's appointment for an item that is still to come."""
    if actor.person_id is None:
        return None
    rows = own_appointments(actor).filter(item_code=item_code, state="booked", slot__day__gte=local_date())
    return rows.first()


def may_change(appointment: Appointment) -> bool:
    """True until the slot begins."""
    return appointment.state == "booked" and now() < slot_instant(appointment.slot.day, appointment.slot.starts)
