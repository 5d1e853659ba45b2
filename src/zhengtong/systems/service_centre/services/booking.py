"""Appointments: book, change, cancel, remind, and note who did not come."""

import datetime as dt
import uuid

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.contracts.service_centre import AppointmentBooked, AppointmentMissed
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.ids import query_code
from zhengtong.kernel.loops import due_first, each
from zhengtong.kernel.outbox import publish
from zhengtong.kernel.simulation import not_before
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.service_centre.constants import AppointmentState
from zhengtong.systems.service_centre.models import Appointment, Slot, Zone
from zhengtong.systems.service_centre.permissions import person_of
from zhengtong.systems.service_centre.selectors.slots import (
    SlotView,
    booking_blocked_until,
    find_slot,
    slot_instant,
)
from zhengtong.systems.service_centre.services.board import hold_opening
from zhengtong.systems.service_centre.services.giving_back import event_fields, give_back, ref_of, when

_REMIND_FROM = dt.time(9)
_BATCH = 200


@transaction.atomic
def book(
    *,
    actor: Actor,
    zone: Zone,
    slot: str,
    item_code: str,
    item_name: str,
    org_id: str = "",
    application_id: uuid.UUID | None = None,
) -> Appointment:
    """A place in a slot (``2026-11-24T09:30``) for a person and an item.

    Conflict when the last place has just gone or the person already has an appointment for the item; NotPermitted
    for somebody who stayed away too often.
    """
    person_id = _check_may_book(actor)
    hold_opening(zone.place_id, shared=True)
    chosen = _chosen(zone, slot)
    holder = actor.legal_person_id or person_id
    if Appointment.objects.filter(tenant=actor.tenant, holder_id=holder, item_code=item_code, state="booked").exists():
        raise _twice()
    taken = _take(zone, chosen)
    try:
        with transaction.atomic():
            appointment = Appointment.objects.create(
                tenant=actor.tenant,
                slot=taken,
                person_id=person_id,
                holder_id=holder,
                item_code=item_code,
                item_name=item_name[:200],
                org_id=org_id,
                application_id=application_id,
                code=query_code(),
                state_at=now(),
            )
    except IntegrityError:
        raise _twice() from None
    payload = {"slot": when(appointment), "place": zone.place.name, "item": item_code}
    ledger.append(actor=actor, act="service_centre.book", object_ref=ref_of(appointment), payload=payload)
    publish(AppointmentBooked(**event_fields(appointment)))
    return appointment


def _twice() -> Conflict:
    return Conflict(_("这个事项您已经有一个预约。请先到“我的预约”改约或者取消，再重新预约。"))


def _check_may_book(actor: Actor) -> uuid.UUID:
    if actor.person_id is None or actor.kind not in ("citizen", "legal_agent"):
        raise NotPermitted(_("预约由办事人本人或者单位的经办人登录后办理。请换用办事人的身份。"))
    until = booking_blocked_until(actor.tenant, actor.person_id)
    if until is not None:
        raise NotPermitted(
            _("您近期几次预约后没有到场，网上预约暂停到%(day)s。您仍然可以随时到大厅取号办理；确有原因的，请联系大厅。")
            % {"day": cn_date(until)}
        )
    return actor.person_id


def _chosen(zone: Zone, key: str) -> SlotView:
    found = find_slot(zone, key)
    if found is None:
        raise Invalid(_("请选择一个可以预约的时段。"), field="slot")
    if not found.open:
        raise Conflict(_("这个时段刚刚约满或者已经截止，没有预约成功。请换一个时段，其他内容都还在。"))
    return found


def _take(zone: Zone, chosen: SlotView, *, leaving: uuid.UUID | None = None) -> Slot:
    """One place of a slot, or Conflict; two people never get the last one.

    ``leaving`` is the slot whose place will be given back: both are locked in the order of their keys.
    """
    fresh = Slot(
        tenant=zone.tenant,
        zone=zone,
        day=chosen.day,
        starts=chosen.span.start,
        ends=chosen.span.end,
        capacity=chosen.capacity,
    )
    Slot.objects.bulk_create([fresh], ignore_conflicts=True)
    rows = Slot.objects.filter(zone=zone, day=chosen.day, starts=chosen.span.start)
    wanted = rows.get().pk
    locked = Slot.objects.select_for_update().filter(pk__in={wanted, leaving or wanted}).order_by("pk")
    slot = next(one for one in locked if one.pk == wanted)
    if slot.taken >= slot.capacity:
        raise Conflict(_("这个时段的最后一个名额刚刚被约走，没有预约成功。请换一个时段，其他内容都还在。"))
    Slot.objects.filter(pk=wanted).update(taken=F("taken") + 1)
    return rows.select_related("zone__place").get()


def lock_own(actor: Actor, appointment_id: uuid.UUID) -> Appointment:
    """The actor's appointment, locked; raises NotFound for any other."""
    rows = Appointment.objects.select_for_update(of=("self",)).select_related("slot__zone__place")
    found = rows.filter(tenant=actor.tenant, pk=appointment_id, person_id=person_of(actor)).first()
    if found is None or actor.person_id is None:
        raise NotFound(_("没有找到这个预约。如果它属于另一个身份，请先切换身份。"))
    return found


def check_still_booked(appointment: Appointment) -> None:
    """Conflict when the appointment is over or its slot has begun."""
    if appointment.state != AppointmentState.BOOKED:
        label = AppointmentState(appointment.state).label
        raise Conflict(_("这个预约的状态是“%(state)s”，不能再改。") % {"state": label})
    if now() >= slot_instant(appointment.slot.day, appointment.slot.starts):
        raise Conflict(_("预约的时段已经开始，不能再改。来得及的话请直接到大厅取号，也可以预约别的时间。"))


@transaction.atomic
def change(*, actor: Actor, appointment_id: uuid.UUID, slot: str) -> Appointment:
    """Another slot of the same zone; the old place is given back only when the new one is had."""
    own = Appointment.objects.filter(tenant=actor.tenant, pk=appointment_id)
    for place_id in own.values_list("slot__zone__place", flat=True):
        hold_opening(place_id, shared=True)
    appointment = lock_own(actor, appointment_id)
    check_still_booked(appointment)
    zone, before = appointment.slot.zone, when(appointment)
    old, chosen = appointment.slot, _chosen(zone, slot)
    if (old.day, old.starts) == (chosen.day, chosen.span.start):
        raise Invalid(_("您选的就是原来的时段，没有改动。"), field="slot")
    new = _take(zone, chosen, leaving=old.id)
    appointment.slot, appointment.state_at, appointment.reminded_at = new, now(), None
    appointment.save(update_fields=["slot", "state_at", "reminded_at"])
    Slot.objects.filter(pk=old.id).update(taken=F("taken") - 1)
    payload = {"before": before, "slot": when(appointment), "place": zone.place.name}
    ledger.append(actor=actor, act="service_centre.change_appointment", object_ref=ref_of(appointment), payload=payload)
    publish(AppointmentBooked(**event_fields(appointment)))
    return appointment


@transaction.atomic
def cancel(*, actor: Actor, appointment_id: uuid.UUID) -> Appointment:
    """Give an appointment back before its slot begins."""
    appointment = lock_own(actor, appointment_id)
    check_still_booked(appointment)
    give_back(actor=actor, appointment=appointment, reason=_("本人取消"), by_hall=False)
    return appointment


def remind_waiting() -> int:
    """Remind the holders of tomorrow's appointments, from nine in the morning; returns how many were told."""
    if now().astimezone(SHANGHAI).time() < _REMIND_FROM:
        return 0
    tomorrow = local_date() + dt.timedelta(days=1)
    waiting = Appointment.objects.filter(state="booked", reminded_at__isnull=True, slot__day=tomorrow)
    return each(_remind, due_first(_remind, waiting.order_by("id").values_list("id"), size=_BATCH))


@transaction.atomic
def _remind(appointment_id: uuid.UUID) -> int:
    rows = Appointment.objects.select_for_update(of=("self",), skip_locked=True).select_related("slot__zone__place")
    appointment = rows.filter(pk=appointment_id, state="booked", reminded_at__isnull=True).first()
    if appointment is None:
        return 0
    appointment.reminded_at = now()
    appointment.save(update_fields=["reminded_at"])
    place = appointment.slot.zone.place
    words = {"when": when(appointment), "place": place.name, "item": appointment.item_name, "address": place.address}
    notify.send_message(
        tenant=appointment.tenant,
        person_id=appointment.person_id,
        title=_("明天到%(place)s办事，别忘了您的预约") % words,
        body=_(
            "%(when)s，%(item)s。地址：%(address)s。到了以后在取号机上输入预约码；"
            "来不了的请在开始前取消，把名额让给别人。"
        )
        % words,
        object_ref=ref_of(appointment),
        link=reverse("service_centre:appointment", args=[appointment.id]),
    )
    return 1


def note_missed() -> int:
    """Close appointments of days that are over and to which nobody came; returns how many."""
    rows = Appointment.objects.filter(state="booked", slot__day__lt=local_date())
    earliest = not_before()
    if earliest is not None:  # a demonstration's invented past is watched by its simulator
        rows = rows.filter(slot__day__gte=local_date(earliest))
    return each(_miss, due_first(_miss, rows.order_by("id").values_list("id"), size=_BATCH))


@transaction.atomic
def _miss(appointment_id: uuid.UUID) -> int:
    rows = Appointment.objects.select_for_update(of=("self",), skip_locked=True).select_related("slot__zone__place")
    appointment = rows.filter(pk=appointment_id, state="booked", slot__day__lt=local_date()).first()
    if appointment is None:
        return 0
    appointment.state, appointment.state_at = AppointmentState.MISSED, now()
    appointment.save(update_fields=["state", "state_at"])
    ledger.append(
        actor=system(appointment.tenant),
        act="service_centre.miss_appointment",
        object_ref=ref_of(appointment),
        payload={"slot": when(appointment), "place": appointment.slot.zone.place.name},
    )
    publish(AppointmentMissed(**event_fields(appointment)))
    return 1
