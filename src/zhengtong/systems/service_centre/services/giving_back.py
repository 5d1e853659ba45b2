"""An appointment given back: the place in the slot is free again, the holder is told when the hall did it."""

from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.contracts.service_centre import AppointmentCancelled
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.outbox import publish
from zhengtong.kernel.ui.formats import cn_day
from zhengtong.systems.service_centre.constants import APPOINTMENT_KIND, AppointmentState
from zhengtong.systems.service_centre.models import Appointment, Slot
from zhengtong.systems.service_centre.selectors.slots import slot_instant


def when(appointment: Appointment) -> str:
    """``11月24日 09:30-10:00``."""
    slot = appointment.slot
    return f"{cn_day(slot.day)} {slot.starts:%H:%M}-{slot.ends:%H:%M}"


def ref_of(appointment: Appointment) -> ObjectRef:
    """How other apps name an appointment."""
    return ObjectRef(kind=APPOINTMENT_KIND, id=str(appointment.id))


def event_fields(appointment: Appointment) -> dict[str, Any]:
    """What every event of an appointment carries."""
    zone = appointment.slot.zone
    return {
        "tenant": appointment.tenant,
        "object_ref": ref_of(appointment),
        "at": now(),
        "appointment_id": appointment.id,
        "place": zone.place.slug,
        "place_name": zone.place.name,
        "zone": zone.letter,
        "item_code": appointment.item_code,
        "item_name": appointment.item_name,
        "slot_start": slot_instant(appointment.slot.day, appointment.slot.starts),
    }


def give_back(*, actor: Actor, appointment: Appointment, reason: str, by_hall: bool) -> None:
    """Cancel a booked appointment; part of the caller's transaction, which has locked it."""
    appointment.state, appointment.state_at = AppointmentState.CANCELLED, now()
    appointment.reason = reason[:200]
    appointment.save(update_fields=["state", "state_at", "reason"])
    Slot.objects.filter(pk=appointment.slot_id).update(taken=F("taken") - 1)
    ledger.append(
        actor=actor,
        act="service_centre.cancel_appointment",
        object_ref=ref_of(appointment),
        payload={"slot": when(appointment), "place": appointment.slot.zone.place.name, "by_hall": by_hall},
    )
    publish(AppointmentCancelled(**event_fields(appointment), by_hall=by_hall))
    if by_hall:
        _tell(appointment, reason)


def _tell(appointment: Appointment, reason: str) -> None:
    words = {"when": when(appointment), "place": appointment.slot.zone.place.name, "reason": reason}
    notify.send_message(
        tenant=appointment.tenant,
        person_id=appointment.person_id,
        title=_("您%(when)s在%(place)s的预约被取消") % words,
        body=_("%(place)s在您预约的时间不开放：%(reason)s。给您带来不便，请重新选择时间，也可以改到其他大厅。") % words,
        object_ref=ref_of(appointment),
        link=reverse("service_centre:appointment", args=[appointment.id]),
    )
