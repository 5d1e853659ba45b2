"""Halls, zones and windows: set up, changed, closed for a time."""

import dataclasses
import datetime as dt
import secrets
import uuid
from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Invalid, NotFound
from zhengtong.kernel.ids import ALPHABET
from zhengtong.systems.service_centre.constants import PLACE_KIND, WINDOW_KIND, ServiceKind, TicketState
from zhengtong.systems.service_centre.models import Appointment, Closure, Place, Ticket, Window, WindowService, Zone
from zhengtong.systems.service_centre.permissions import check_manager
from zhengtong.systems.service_centre.rules import spans_of
from zhengtong.systems.service_centre.services.board import hold_opening, touch
from zhengtong.systems.service_centre.services.giving_back import give_back

_KEY_LENGTH = 16
_WEEK = ("一", "二", "三", "四", "五", "六", "日")


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlaceDetails:
    """What a manager may change of a hall."""

    name: str
    address: str
    phone: str
    way: str
    accessibility: str
    hours: Sequence[str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class NamedService:
    """What a window is named for: ``kind`` item with its code, or org with the unit's identifier."""

    kind: str
    code: str
    label: str


def new_kiosk_key() -> str:
    """The key that binds a browser as the ticket machine of a hall."""
    return "".join(secrets.choice(ALPHABET) for _number in range(_KEY_LENGTH))


def checked_hours(hours: Sequence[str]) -> list[str]:
    """Seven texts in their normal form; Invalid names each day that cannot be read."""
    errors, found = {}, []
    for number, day in enumerate(_WEEK):
        text = hours[number].strip() if number < len(hours) else ""
        try:
            found.append(" ".join(map(str, spans_of(text))))
        except ValueError as error:
            errors[f"hours_{number}"] = f"星期{day}：{error}"
    if errors:
        raise Invalid(_("开放时间没有保存，请改正标出的几天。"), errors=errors)
    return found


@transaction.atomic
def save_place(*, actor: Actor, place: Place, details: PlaceDetails) -> None:
    """Change what a hall says of itself; appointments made under the old hours stay."""
    check_manager(actor, place)
    wanted = {field.name: getattr(details, field.name) for field in dataclasses.fields(details)}
    lacking = {key: _("请填写这一项。") for key in ("name", "address", "phone") if not str(wanted[key]).strip()}
    if lacking:
        raise Invalid(_("没有保存，还有没填的内容。"), errors=lacking)
    wanted["hours"] = checked_hours(details.hours)
    for key, value in wanted.items():
        setattr(place, key, value.strip() if isinstance(value, str) else value)
    place.save(update_fields=list(wanted))
    _record(actor, "service_centre.save_place", PLACE_KIND, place.id, {"name": place.name, "hours": place.hours})
    touch(place.id)


@transaction.atomic
def save_window(
    *,
    actor: Actor,
    window: Window,
    name: str,
    zone: Zone,
    planned: bool,
    active: bool,
    services: Iterable[NamedService] | None = None,
) -> None:
    """Change a window; ``services`` replaces what it is named for, None leaves it.

    One at which a ticket is being dealt with is not taken out of use: nobody could finish the ticket any more.
    """
    check_manager(actor, window.place)
    if not name.strip():
        raise Invalid(_("请填写窗口名称。"), field="name")
    if zone.place_id != window.place_id:
        raise Invalid(_("请选择本大厅的分区。"), field="zone")
    changed = ["name", "zone", "planned", "active"]
    if not active:
        _check_nothing_called(window)
        window.opened_at = None
        changed.append("opened_at")
    window.name, window.zone, window.planned, window.active = name.strip()[:40], zone, planned, active
    window.save(update_fields=changed)
    if services is not None:
        name_services(window, services)
    _record(
        actor,
        "service_centre.save_window",
        WINDOW_KIND,
        window.id,
        {"number": window.number, "name": window.name, "zone": zone.letter, "planned": planned, "active": active},
    )
    touch(window.place_id)


def _check_nothing_called(window: Window) -> None:
    # whoever calls the next ticket locks the window first
    Window.objects.select_for_update().get(pk=window.pk)
    ticket = Ticket.objects.filter(window=window, state=TicketState.CALLED, day=local_date()).first()
    if ticket is not None:
        words = {"number": ticket.number}
        raise Invalid(_("%(number)s 号还在这个窗口办理，请先办结、过号或者转窗口，再停用。") % words, field="active")


def name_services(window: Window, services: Iterable[NamedService]) -> None:
    """Replace what a window is named for; part of the caller's transaction."""
    window.services.all().delete()
    WindowService.objects.bulk_create(
        WindowService(tenant=window.tenant, window=window, kind=ServiceKind(one.kind), code=one.code, label=one.label)
        for one in {(one.kind, one.code): one for one in services}.values()
    )


@transaction.atomic
def add_window(*, actor: Actor, zone: Zone, number: int, name: str) -> Window:
    """A further window of a zone; Invalid when the number is taken."""
    check_manager(actor, zone.place)
    if not 1 <= number <= 999:
        raise Invalid(_("窗口号请填 1 到 999。"), field="number")
    words = (name.strip() or zone.name)[:40]
    try:
        with transaction.atomic():
            window = Window.objects.create(tenant=zone.tenant, place=zone.place, zone=zone, number=number, name=words)
    except IntegrityError:
        raise Invalid(_("%(n)d 号窗口已经有了，请换一个号。") % {"n": number}, field="number") from None
    payload = {"number": number, "name": window.name, "zone": zone.letter}
    _record(actor, "service_centre.save_window", WINDOW_KIND, window.id, payload)
    touch(zone.place_id)
    return window


@transaction.atomic
def set_slots(*, actor: Actor, zone: Zone, minutes: int, capacity: int) -> None:
    """Length of the slots and places in each, from now on; slots somebody has booked keep theirs."""
    check_manager(actor, zone.place)
    if not 5 <= minutes <= 240:
        raise Invalid(_("每个时段请填 5 到 240 分钟。"), field="minutes")
    if not 0 <= capacity <= 200:
        raise Invalid(_("每个时段的名额请填 0 到 200，0 表示不接受预约。"), field="capacity")
    zone.slot_minutes, zone.slot_capacity = minutes, capacity
    zone.save(update_fields=["slot_minutes", "slot_capacity"])
    payload = {"zone": zone.letter, "minutes": minutes, "capacity": capacity}
    _record(actor, "service_centre.set_slots", PLACE_KIND, zone.place_id, payload)


@transaction.atomic
def close_place(
    *,
    actor: Actor,
    place: Place,
    first_day: dt.date,
    last_day: dt.date,
    reason: str,
    from_time: dt.time | None = None,
    until_time: dt.time | None = None,
) -> int:
    """Close a hall for days or hours; appointments in that time are given back and told. Returns how many."""
    check_manager(actor, place)
    _check_closure(first_day, last_day, from_time, until_time, reason)
    hold_opening(place.id, shared=False)
    closure = Closure.objects.create(
        tenant=place.tenant,
        place=place,
        first_day=first_day,
        last_day=last_day,
        from_time=from_time,
        until_time=until_time,
        reason=reason.strip()[:200],
    )
    rows = Appointment.objects.filter(
        slot__zone__place=place, state="booked", slot__day__gte=first_day, slot__day__lte=last_day
    )
    if from_time and until_time:
        rows = rows.filter(slot__starts__lt=until_time, slot__ends__gt=from_time)
    found = list(rows.select_related("slot__zone__place").select_for_update(of=("self",)).order_by("slot_id", "id"))
    for appointment in found:
        give_back(actor=actor, appointment=appointment, reason=closure.reason, by_hall=True)
    payload = {"from": first_day, "until": last_day, "reason": closure.reason, "appointments": len(found)}
    _record(actor, "service_centre.close_place", PLACE_KIND, place.id, payload)
    touch(place.id)
    return len(found)


def _check_closure(
    first_day: dt.date, last_day: dt.date, from_time: dt.time | None, until_time: dt.time | None, reason: str
) -> None:
    errors = {}
    if last_day < first_day:
        errors["last_day"] = _("最后一天不能早于第一天。")
    if first_day < local_date():
        errors["first_day"] = _("第一天已经过去，请从今天或以后开始。")
    if bool(from_time) != bool(until_time) or (from_time and until_time and until_time <= from_time):
        errors["until_time"] = _("开始和结束时间要同时填写，结束要晚于开始；全天停开都不填。")
    if not reason.strip():
        errors["reason"] = _("请写明原因，群众会看到。")
    if errors:
        raise Invalid(_("停开安排没有保存，请改正标出的内容。"), errors=errors)


@transaction.atomic
def reopen_place(*, actor: Actor, closure_id: uuid.UUID) -> Place:
    """Take a closure back; appointments that were given back do not return by themselves."""
    closure = Closure.objects.select_for_update(of=("self",)).select_related("place").filter(pk=closure_id).first()
    if closure is None or closure.tenant != actor.tenant:
        raise NotFound(_("没有这条停开安排。"))
    check_manager(actor, closure.place)
    if closure.ended_at is None:
        closure.ended_at = now()
        closure.save(update_fields=["ended_at"])
        payload = {"from": closure.first_day, "until": closure.last_day, "reason": closure.reason}
        _record(actor, "service_centre.reopen_place", PLACE_KIND, closure.place_id, payload)
        touch(closure.place_id)
    return closure.place


@transaction.atomic
def renew_kiosk_key(*, actor: Actor, place: Place) -> None:
    """A new address for the ticket machine; the old one stops working."""
    check_manager(actor, place)
    place.kiosk_key = new_kiosk_key()
    place.save(update_fields=["kiosk_key"])
    _record(actor, "service_centre.renew_kiosk_key", PLACE_KIND, place.id, {"name": place.name})


def _record(actor: Actor, act: str, kind: str, key: uuid.UUID, payload: dict[str, object]) -> None:
    ledger.append(actor=actor, act=act, object_ref=ObjectRef(kind=kind, id=str(key)), payload=payload)
