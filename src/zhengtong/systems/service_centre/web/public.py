"""For everybody: the halls, the call display, one's own ticket."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from zhengtong.capabilities.ratings.api import rating_path
from zhengtong.capabilities.ratings.constants import ServiceEvent
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict
from zhengtong.kernel.policy import actor_of, public
from zhengtong.kernel.ui.formats import cn_time
from zhengtong.kernel.ui.qr import qr_svg
from zhengtong.systems.service_centre.models import Place
from zhengtong.systems.service_centre.selectors import line, places, slots, tickets
from zhengtong.systems.service_centre.services import cancel_ticket
from zhengtong.systems.service_centre.services.tickets import ref_of
from zhengtong.systems.service_centre.web.answers import live

_WEEK = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))


def crumbs(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    """The way from the portal's start page to a page of the centres."""
    found = [{"label": _("首页"), "url": "/"}, {"label": _("便民服务中心"), "url": reverse("service_centre:home")}]
    return found + [{"label": label, "url": url} for label, url in pairs]


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The halls with their state today, who waits, and the next free appointment."""
    found = places.places(actor_of(request).tenant)
    states = places.open_states(found)
    context = {
        "halls": [_hall(place) | {"state": states[place.id]} for place in found],
        "breadcrumbs": [crumbs()[0], {"label": _("便民服务中心"), "url": ""}],
    }
    return render(request, "service_centre/home.html", context)


def _hall(place: Place) -> dict[str, Any]:
    zones = places.zones_of(place)
    queue = line.lines(place, zones)
    free = [slot for slot in slots.next_free(place, zones).values() if slot]
    return {
        "place": place,
        "waiting": sum(each.waiting for each in queue),
        "lines": queue,
        "free": min(free, key=lambda slot: slot.starts_at, default=None),
    }


@public
@require_safe
def place_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One hall: hours, way, accessibility, zones with their queues and next free appointments, the queue's rule."""
    actor = actor_of(request)
    place = places.find_place(actor.tenant, slug)
    zones = places.zones_of(place)
    free = slots.next_free(place, zones)
    context = {
        "place": place,
        "state": places.open_state(place),
        "lines": [{"line": each, "free": free.get(each.zone.id)} for each in line.lines(place, zones)],
        "hours": [{"label": day, "value": text or _("不开放")} for day, text in zip(_WEEK, place.hours, strict=False)],
        "closures": places.closures_to_come(place),
        "rule": tickets.rule_words(actor.tenant),
        "breadcrumbs": crumbs((place.name, "")),
    }
    return render(request, "service_centre/place.html", context)


def _display_version(request: HttpRequest, slug: str) -> str:
    # the minute belongs to it: the wall shows the time
    return f"{tickets.place_version(actor_of(request).tenant, slug)}-{cn_time(now())}"


def _display(request: HttpRequest, slug: str) -> dict[str, Any]:
    shown = tickets.display(actor_of(request).tenant, slug)
    address = reverse("service_centre:here", args=[slug, tickets.hall_code(shown.place)])
    return {
        "shown": shown,
        "calls": [{"call": call, "say": _said(call)} for call in shown.calls],
        "take_qr": qr_svg(request.build_absolute_uri(address)),
        "time": cn_time(now()),
        "poll_url": reverse("service_centre:display_live", args=[slug]),
        "poll_every": 1,
    }


def _said(call: tickets.Call) -> str:
    """The words a loudspeaker says, the number sign by sign."""
    return _("请%(number)s号，到%(window)d号窗口") % {"number": " ".join(call.number), "window": call.window}


@public
@require_safe
def display_page(request: HttpRequest, slug: str) -> HttpResponse:
    """叫号屏: read at ten metres, spoken where the browser can."""
    return live(
        request, "service_centre/display.html", _display_version(request, slug), lambda: _display(request, slug)
    )


@public
@require_safe
def display_live(request: HttpRequest, slug: str) -> HttpResponse:
    """The changing part of the display; 304 while nothing changed."""
    version = _display_version(request, slug)
    return live(request, "service_centre/parts/display.html", version, lambda: _display(request, slug))


@public
@require_GET
def find_ticket(request: HttpRequest) -> HttpResponse:
    """From the code on the paper to the ticket."""
    code = request.GET.get("code", "")[:8].upper().replace("\x00", "").strip()
    if code.isalnum():
        return redirect("service_centre:ticket", code=code)
    return render(request, "service_centre/find_ticket.html", {"breadcrumbs": crumbs((_("查我的号"), ""))})


def _ticket(request: HttpRequest, code: str) -> dict[str, Any]:
    view = tickets.ticket_view(actor_of(request).tenant, code)
    return {
        "view": view,
        "ticket": view.ticket,
        "today": view.ticket.day == local_date(),
        "may_cancel": view.ticket.state in ("waiting", "skipped") and view.ticket.day == local_date(),
        "live_url": reverse("service_centre:ticket_live", args=[code]),
        "rate_url": rating_path(ref_of(view.ticket), ServiceEvent.CLOSE) if view.ticket.state == "finished" else "",
        "rule": tickets.rule_words(actor_of(request).tenant),
        "breadcrumbs": crumbs((_("我的号"), "")),
    }


@public
@require_safe
def ticket_page(request: HttpRequest, code: str) -> HttpResponse:
    """One ticket for its holder: how many are before him, which window calls him."""
    return render(request, "service_centre/ticket.html", _ticket(request, code))


@public
@require_safe
def ticket_live(request: HttpRequest, code: str) -> HttpResponse:
    """The changing part of a ticket's page."""
    view = tickets.ticket_view(actor_of(request).tenant, code)
    version = f"{view.ticket.place.version}-{view.ticket.state}"
    return live(request, "service_centre/parts/ticket.html", version, lambda: _ticket(request, code))


@public
@require_POST
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Give up waiting."""
    try:
        cancel_ticket(actor=actor_of(request), code=code)
        messages.success(request, _("已经放弃排队。需要办理时请重新取号。"))
    except Conflict as error:
        messages.error(request, error.message)
    return redirect("service_centre:ticket", code=code)
