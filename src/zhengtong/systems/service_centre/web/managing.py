"""The manager's settings of a hall: closures, slots, windows, what the hall says of itself."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.dates import read_day
from zhengtong.kernel.errors import Invalid, NotFound
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.systems.service_centre.constants import HALL_MANAGER
from zhengtong.systems.service_centre.models import Window, Zone
from zhengtong.systems.service_centre.permissions import check_manager
from zhengtong.systems.service_centre.selectors import places
from zhengtong.systems.service_centre.selectors import slots as offered
from zhengtong.systems.service_centre.services import (
    NamedService,
    PlaceDetails,
    add_window,
    close_place,
    renew_kiosk_key,
    reopen_place,
    save_place,
    save_window,
    set_slots,
)
from zhengtong.systems.service_centre.web.answers import desk, managed_place

_WEEK = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))
_CLOSURE = ("first_day", "last_day", "from_time", "until_time", "reason")


def _back(name: str, slug: str) -> HttpResponse:
    return redirect(f"{reverse(f'service_centre:{name}')}?place={slug}")


def _text(request: HttpRequest, name: str, most: int = 2000) -> str:
    return request.POST.get(name, "")[:most].replace("\x00", "")


@requires(HALL_MANAGER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def closures(request: HttpRequest) -> HttpResponse:
    """停开安排: the ones to come, and a further one."""
    place, failed = managed_place(request), None
    typed = {name: _text(request, name, 200) for name in _CLOSURE}
    if request.method == "POST":
        try:
            told = close_place(actor=actor_of(request), place=place, **_closure(typed))
            words = _("已安排停开，%(n)d 个预约已取消并通知本人。") if told else _("已安排停开，这段时间没有预约。")
            messages.success(request, words % {"n": told} if told else words)
            return _back("closures", place.slug)
        except Invalid as error:
            failed = error
    context = desk(request, place, _("停开安排")) | {
        "rows": places.closures_to_come(place),
        "typed": typed,
        "errors": failed.errors if failed else {},
        "error": failed.message if failed else "",
    }
    return render(request, "service_centre/closures.html", context, status=422 if failed else 200)


def _closure(typed: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {"reason": typed["reason"]}
    errors = {}
    for name in ("first_day", "last_day"):
        try:
            found[name] = read_day(typed[name] or typed["first_day"])
        except ValueError:
            errors[name] = _("请选择日期。")
    for name in ("from_time", "until_time"):
        try:
            found[name] = dt.time.fromisoformat(typed[name]) if typed[name] else None
        except ValueError:
            errors[name] = _("请写成 14:00 这样的时间。")
    if errors:
        raise Invalid(_("停开安排没有保存，请改正标出的内容。"), errors=errors)
    return found


@requires(HALL_MANAGER)
@require_POST
def reopen(request: HttpRequest, closure_id: uuid.UUID) -> HttpResponse:
    """Take a closure back."""
    place = reopen_place(actor=actor_of(request), closure_id=closure_id)
    messages.success(request, _("停开安排已撤销。已经取消的预约不会自动恢复。"))
    return _back("closures", place.slug)


@requires(HALL_MANAGER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def slots(request: HttpRequest) -> HttpResponse:
    """预约名额: what each zone offers on the days ahead, and how much of it is taken."""
    place, failed = managed_place(request), None
    if request.method == "POST":
        zone = places.find_zone(place, request.POST.get("zone", ""))
        try:
            numbers = {name: _number(request, name) for name in ("minutes", "capacity")}
            set_slots(actor=actor_of(request), zone=zone, **numbers)
            messages.success(request, _("%(zone)s的预约名额已保存。") % {"zone": zone.name})
            return _back("slots", place.slug)
        except Invalid as error:
            failed = error
    zones = [
        {"zone": zone, "days": [_taken(day) for day in offered.slot_days(zone)]} for zone in places.zones_of(place)
    ]
    context = desk(request, place, _("预约名额")) | {"zones": zones, "error": failed.message if failed else ""}
    return render(request, "service_centre/slots_settings.html", context, status=422 if failed else 200)


def _number(request: HttpRequest, name: str) -> int:
    text = _text(request, name, 6).strip()
    if not (text.isascii() and text.isdigit()):
        raise Invalid(_("请填写整数。"), field=name)
    return int(text)


def _taken(day: offered.SlotDay) -> dict[str, Any]:
    capacity = sum(slot.capacity for slot in day.slots)
    return {
        "day": day.day,
        "capacity": capacity,
        "taken": capacity - sum(slot.left for slot in day.slots),
        "reason": day.reason,
    }


@requires(HALL_MANAGER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest) -> HttpResponse:
    """场所信息: name, address, way, telephone, accessibility, hours."""
    found, failed = managed_place(request), None
    details = PlaceDetails(
        name=found.name,
        address=found.address,
        phone=found.phone,
        way=found.way,
        accessibility=found.accessibility,
        hours=found.hours,
    )
    if request.method == "POST":
        details = PlaceDetails(
            name=_text(request, "name", 80),
            address=_text(request, "address", 200),
            phone=_text(request, "phone", 40),
            way=_text(request, "way"),
            accessibility=_text(request, "accessibility"),
            hours=[_text(request, f"hours_{n}", 120) for n in range(7)],
        )
        try:
            save_place(actor=actor_of(request), place=found, details=details)
            messages.success(request, _("已保存，公开页面同时更新。"))
            return _back("place_settings", found.slug)
        except Invalid as error:
            failed = error
            found.refresh_from_db()
    errors = failed.errors if failed else {}
    context = desk(request, found, _("场所信息")) | {
        "details": details,
        "hours": [
            {"name": f"hours_{n}", "label": day, "value": details.hours[n], "error": errors.get(f"hours_{n}", "")}
            for n, day in enumerate(_WEEK)
        ],
        "errors": errors,
        "error": failed.message if failed else "",
        "kiosk_url": request.build_absolute_uri(reverse("service_centre:kiosk", args=[found.slug])),
        "kiosk_key": found.kiosk_key,
        "display_url": request.build_absolute_uri(reverse("service_centre:display", args=[found.slug])),
    }
    return render(request, "service_centre/place_settings.html", context, status=422 if failed else 200)


@requires(HALL_MANAGER)
@require_POST
def renew_kiosk(request: HttpRequest) -> HttpResponse:
    """A new key for the ticket machine."""
    found = managed_place(request)
    renew_kiosk_key(actor=actor_of(request), place=found)
    messages.success(request, _("取号机密钥已更换，请在取号机上输入新的密钥。"))
    return _back("place_settings", found.slug)


@requires(HALL_MANAGER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def windows(request: HttpRequest) -> HttpResponse:
    """窗口 of the hall by zone, and a further one."""
    found, failed = managed_place(request), None
    if request.method == "POST":
        zone = places.find_zone(found, request.POST.get("zone", ""))
        try:
            number = _number(request, "number")
            add_window(actor=actor_of(request), zone=zone, number=number, name=_text(request, "name", 40))
            messages.success(request, _("%(n)d 号窗口已增设。") % {"n": number})
            return _back("windows", found.slug)
        except Invalid as error:
            failed = error
    rows = Window.objects.filter(place=found).select_related("zone").prefetch_related("services").order_by("number")
    context = desk(request, found, _("窗口")) | {
        "rows": [
            {
                "number": _("%(n)d 号") % {"n": one.number},
                "url": f"{reverse('service_centre:window_settings', args=[one.id])}",
                "name": one.name,
                "zone": f"{one.zone.letter} {one.zone.name}",
                "services": "、".join(service.label for service in one.services.all()) or _("综合窗口（各类事项）"),
                "planned": _("是") if one.planned else _("否"),
                "state": _("启用") if one.active else _("停用"),
            }
            for one in rows
        ],
        "columns": [
            {"key": "number", "label": _("窗口")},
            {"key": "name", "label": _("名称")},
            {"key": "zone", "label": _("分区")},
            {"key": "services", "label": _("办理事项")},
            {"key": "planned", "label": _("工作时间应开放")},
            {"key": "state", "label": _("状态")},
        ],
        "zones": [(zone.letter, f"{zone.letter} {zone.name}") for zone in places.zones_of(found)],
        "typed": {name: _text(request, name, 40) for name in ("number", "name", "zone")},
        "error": failed.message if failed else "",
    }
    return render(request, "service_centre/windows.html", context, status=422 if failed else 200)


@requires(HALL_MANAGER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def window(request: HttpRequest, window_id: uuid.UUID) -> HttpResponse:
    """One window: name, zone, what it is named for."""
    actor, failed = actor_of(request), None
    found = places.find_window(actor.tenant, window_id)
    check_manager(actor, found.place)
    typed = {
        "name": found.name,
        "zone": found.zone.letter,
        "planned": found.planned,
        "active": found.active,
        "services": "\n".join(_service_line(service) for service in found.services.order_by("kind", "label")),
    }
    if request.method == "POST":
        name, services = _text(request, "name", 40), _text(request, "services", 4000)
        ticks = {key: bool(request.POST.get(key)) for key in ("planned", "active")}
        typed = {"name": name, "zone": _text(request, "zone", 1), "services": services, **ticks}
        try:
            save_window(
                actor=actor,
                window=found,
                name=name,
                zone=_zone(found, request.POST.get("zone", "")),
                **ticks,
                services=_services(actor.tenant, services),
            )
            messages.success(request, _("%(n)d 号窗口已保存。") % {"n": found.number})
            return _back("windows", found.place.slug)
        except Invalid as error:
            failed = error
    context = desk(request, found.place, _("%(n)d 号窗口") % {"n": found.number}) | {
        "window": found,
        "typed": typed,
        "zones": [(zone.letter, f"{zone.letter} {zone.name}") for zone in places.zones_of(found.place)],
        "errors": failed.errors if failed else {},
        "error": failed.message if failed else "",
    }
    return render(request, "service_centre/window_settings.html", context, status=422 if failed else 200)


def _zone(found: Window, letter: str) -> Zone:
    try:
        return places.find_zone(found.place, letter)
    except NotFound:
        raise Invalid(_("请选择本大厅的分区。"), field="zone") from None


def _service_line(service: Any) -> str:
    return f"{service.code} {service.label}" if service.kind == "item" else str(service.label)


def _services(tenant: str, text: str) -> list[NamedService]:
    """One item code or unit name in each line; Invalid names the line that is neither."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        try:
            item = catalogue.find_item(tenant, line.split()[0])
            found.append(NamedService(kind="item", code=item.code, label=item.name))
            continue
        except NotFound:
            pass
        try:
            unit = identity.organisation_by_name(tenant, line)
        except NotFound:
            words = _("“%(line)s”不是事项编码，也不是部门名称。") % {"line": line[:60]}
            raise Invalid(words, field="services") from None
        found.append(NamedService(kind="org", code=str(unit.id), label=unit.name))
    return found
