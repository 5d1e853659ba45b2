"""Appointments for whoever signed in: choose a hall, a day, a slot; see, change, cancel them."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.paging import page_of
from zhengtong.kernel.policy import actor_of, signed_in
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.kernel.ui.qr import qr_svg
from zhengtong.systems.service_centre.constants import AppointmentState
from zhengtong.systems.service_centre.models import Appointment, Zone
from zhengtong.systems.service_centre.selectors import places
from zhengtong.systems.service_centre.selectors import slots as offered
from zhengtong.systems.service_centre.selectors.appointments import may_change, own_appointment, own_appointments
from zhengtong.systems.service_centre.services import book, cancel, change
from zhengtong.systems.service_centre.web.public import crumbs

_WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))


def _asked(request: HttpRequest) -> dict[str, str]:
    """What the visit is for, as the address says: item and application."""
    found = {key: request.GET.get(key, "")[:64].replace("\x00", "") for key in ("item", "application")}
    return {key: value for key, value in found.items() if value}


@signed_in
@never_cache
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Halls that deal with the item, each with its next free slot; a single one is gone to at once."""
    asked = _asked(request)
    item = catalogue.find_item(actor_of(request).tenant, asked.get("item", ""))
    found: list[dict[str, Any]] = []
    for place, zones in places.zones_serving(item.tenant, item.code, str(item.org_id)):
        free = offered.next_free(place, zones)
        found += [
            {
                "place": place,
                "zone": zone,
                "free": free.get(zone.id),
                "url": f"{reverse('service_centre:book', args=[place.slug, zone.letter])}?{urlencode(asked)}",
            }
            for zone in zones
            if zone.slot_capacity
        ]
    if len(found) == 1:
        return redirect(found[0]["url"])
    context = {"item": item, "choices": found, "breadcrumbs": _item_crumbs(item, _("预约"))}
    return render(request, "service_centre/choose.html", context)


def _item_crumbs(item: catalogue.ItemVersionView, last: str) -> list[dict[str, str]]:
    guide = reverse("catalogue:item", args=[item.code])
    return [{"label": _("首页"), "url": "/"}, {"label": item.name, "url": guide}, {"label": last, "url": ""}]


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def slots(request: HttpRequest, slug: str, letter: str) -> HttpResponse:
    """Days and slots of a zone; pressing a slot books it."""
    actor, asked = actor_of(request), _asked(request)
    item = catalogue.find_item(actor.tenant, asked.get("item", ""))
    zone = places.find_zone(places.find_place(actor.tenant, slug), letter)
    error = ""
    if request.method == "POST":
        try:
            made = book(
                actor=actor,
                zone=zone,
                slot=request.POST.get("slot", ""),
                item_code=item.code,
                item_name=item.name,
                org_id=str(item.org_id),
                application_id=_uuid(asked.get("application", "")),
            )
            messages.success(request, _("已经预约好了。请记下或者截图保存预约码，到场时用它取号。"))
            return redirect("service_centre:appointment", appointment_id=made.id)
        except (Conflict, Invalid, NotPermitted) as refused:
            error = refused.message
    context = _slot_page(request, zone) | {
        "item": item,
        "title": _("预约到窗口办理"),
        "error": error,
        "breadcrumbs": _item_crumbs(item, _("预约")),
        "blocked": _blocked(request),
    }
    return render(request, "service_centre/slots.html", context, status=422 if error else 200)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _blocked(request: HttpRequest) -> str:
    actor = actor_of(request)
    until = offered.booking_blocked_until(actor.tenant, actor.person_id) if actor.person_id else None
    if until is None:
        return ""
    return _("您近期几次预约后没有到场，网上预约暂停到%(day)s。您仍然可以随时到大厅取号办理。") % {
        "day": cn_date(until)
    }


def _slot_page(request: HttpRequest, zone: Zone) -> dict[str, Any]:
    """The days, the chosen one with its slots; without a choice the first that has a place left."""
    days = offered.slot_days(zone)
    wanted = request.GET.get("day", "")
    chosen = next((day for day in days if f"{day.day:%Y-%m-%d}" == wanted), None)
    chosen = chosen or next((day for day in days if day.left), days[0])
    query = request.GET.copy()
    listed = []
    for day in days:
        query["day"] = f"{day.day:%Y-%m-%d}"
        listed.append(
            {
                "day": day,
                "weekday": _WEEKDAYS[day.day.weekday()],
                "url": f"?{query.urlencode()}",
                "active": day is chosen,
            }
        )
    return {"zone": zone, "place": zone.place, "days": listed, "chosen": chosen}


@signed_in
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """我的预约."""
    page = page_of(own_appointments(actor_of(request)), request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(one) for one in page.rows],
        "breadcrumbs": crumbs((_("我的预约"), "")),
    }
    return render(request, "service_centre/appointments.html", context)


def _row(one: Appointment) -> dict[str, Any]:
    return {"appointment": one, "state": AppointmentState(one.state).label, "may_change": may_change(one)}


@signed_in
@never_cache
@require_safe
def appointment(request: HttpRequest, appointment_id: uuid.UUID) -> HttpResponse:
    """One appointment with its code."""
    found = own_appointment(actor_of(request), appointment_id)
    place = found.slot.zone.place
    slot = found.slot
    context = _row(found) | {
        "place": place,
        "qr": qr_svg(found.code),
        "facts": [
            {"label": _("时间"), "value": f"{cn_date(slot.day)} {slot.starts:%H:%M}-{slot.ends:%H:%M}"},
            {"label": _("地点"), "value": place.name, "url": reverse("service_centre:place", args=[place.slug])},
            {"label": _("分区"), "value": slot.zone.name},
            {"label": _("地址"), "value": place.address},
            {"label": _("事项"), "value": found.item_name},
        ],
        "breadcrumbs": crumbs((_("我的预约"), reverse("service_centre:appointments")), (found.item_name, "")),
    }
    return render(request, "service_centre/appointment.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_page(request: HttpRequest, appointment_id: uuid.UUID) -> HttpResponse:
    """改约: the same days and slots; the old place is kept until the new one is had."""
    actor, error = actor_of(request), ""
    found = own_appointment(actor, appointment_id)
    if request.method == "POST":
        try:
            change(actor=actor, appointment_id=appointment_id, slot=request.POST.get("slot", ""))
            messages.success(request, _("已经改约。预约码不变。"))
            return redirect("service_centre:appointment", appointment_id=appointment_id)
        except (Conflict, Invalid) as refused:
            error = refused.message
    own = reverse("service_centre:appointment", args=[appointment_id])
    context = _slot_page(request, found.slot.zone) | {
        "item": {"name": found.item_name},
        "title": _("改约"),
        "before": found,
        "error": error,
        "breadcrumbs": crumbs((_("我的预约"), own), (_("改约"), "")),
    }
    return render(request, "service_centre/slots.html", context, status=422 if error else 200)


@signed_in
@require_POST
def cancel_page(request: HttpRequest, appointment_id: uuid.UUID) -> HttpResponse:
    """Give the place back."""
    try:
        cancel(actor=actor_of(request), appointment_id=appointment_id)
        messages.success(request, _("预约已经取消，名额留给了别人。"))
    except Conflict as error:
        messages.error(request, error.message)
    return redirect("service_centre:appointment", appointment_id=appointment_id)
