"""Taking a number: at the hall's machine with large targets, or with a telephone in the hall."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.kernel.errors import Conflict, NotFound
from zhengtong.kernel.policy import actor_of, public, signed_in
from zhengtong.kernel.ui.qr import qr_svg
from zhengtong.systems.service_centre.constants import Standing, TicketSource
from zhengtong.systems.service_centre.models import Place
from zhengtong.systems.service_centre.selectors import places, tickets
from zhengtong.systems.service_centre.services import check_in, take_ticket
from zhengtong.systems.service_centre.web.public import crumbs

_COOKIE = "zt_ticket_machine"
_PATH = "/centre/kiosk/"
_YEAR = 365 * 24 * 3600


def _machine(request: HttpRequest, slug: str) -> Place | None:
    """The hall whose ticket machine this browser was bound to with its key; None for any other browser."""
    place = places.find_place(actor_of(request).tenant, slug)
    return place if tickets.is_ticket_machine(place, request.COOKIES.get(_COOKIE, "")) else None


def _kiosk(place: Place) -> dict[str, Any]:
    return {
        "place": place,
        "state": places.open_state(place),
        "lines": tickets.zone_lines(place),
        "home_url": reverse("service_centre:kiosk", args=[place.slug]),
    }


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk(request: HttpRequest, slug: str) -> HttpResponse:
    """取号机: choose a zone, or say that one has an appointment; first of all the key that binds the machine."""
    place = _machine(request, slug)
    if place is not None:
        return render(request, "service_centre/kiosk.html", _kiosk(place))
    place, error = places.find_place(actor_of(request).tenant, slug), ""
    if request.method == "POST":
        try:
            mark = tickets.mark_of_ticket_machine(place, request.POST.get("key", ""))
        except NotFound as refused:
            error = refused.message
        else:
            response = redirect("service_centre:kiosk", slug=slug)
            response.set_cookie(
                _COOKIE, mark, max_age=_YEAR, path=_PATH, secure=bool(settings.SESSION_COOKIE_SECURE),
                httponly=True, samesite="Strict",
            )  # fmt: skip
            return response
    context = {"place": place, "state": places.open_state(place), "error": error}
    return render(request, "service_centre/kiosk_bind.html", context, status=422 if error else 200)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk_zone(request: HttpRequest, slug: str, letter: str) -> HttpResponse:
    """As whom one waits; the answer is the number."""
    place = _machine(request, slug)
    if place is None:
        return redirect("service_centre:kiosk", slug=slug)
    zone = places.find_zone(place, letter)
    error = ""
    if request.method == "POST":
        try:
            standing = request.POST.get("standing", "")
            ticket = take_ticket(actor=actor_of(request), zone=zone, source=TicketSource.KIOSK, standing=standing)
            return redirect("service_centre:kiosk_taken", slug=slug, code=ticket.code)
        except Conflict as refused:
            error = refused.message
    context = _kiosk(place) | {"zone": zone, "standings": Standing.choices[1:], "error": error}
    return render(request, "service_centre/kiosk_zone.html", context, status=422 if error else 200)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk_appointment(request: HttpRequest, slug: str) -> HttpResponse:
    """The code of an appointment; the answer is the number."""
    place = _machine(request, slug)
    if place is None:
        return redirect("service_centre:kiosk", slug=slug)
    code, error = request.POST.get("code", "")[:20].replace("\x00", ""), ""
    if request.method == "POST":
        try:
            ticket = check_in(actor=actor_of(request), place=place, code=code, source=TicketSource.KIOSK)
            return redirect("service_centre:kiosk_taken", slug=slug, code=ticket.code)
        except (Conflict, NotFound) as refused:
            error = refused.message
    context = _kiosk(place) | {"code": code, "error": error}
    return render(request, "service_centre/kiosk_appointment.html", context, status=422 if error else 200)


@public
@never_cache
@require_safe
def kiosk_taken(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The number just taken, to be printed."""
    place = _machine(request, slug)
    if place is None:
        return redirect("service_centre:kiosk", slug=slug)
    view = tickets.ticket_view(place.tenant, code)
    if view.ticket.place_id != place.id:
        raise NotFound(_("没有找到这个号。"))
    address = request.build_absolute_uri(reverse("service_centre:ticket", args=[view.ticket.code]))
    context = _kiosk(place) | {"view": view, "ticket": view.ticket, "ticket_qr": qr_svg(address)}
    return render(request, "service_centre/kiosk_taken.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def here(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Take a number by telephone: the code of the day hangs in the hall, so who has it stands there."""
    actor = actor_of(request)
    place = places.find_place(actor.tenant, slug)
    tickets.check_hall_code(place, code)
    error = ""
    if request.method == "POST":
        try:
            if request.POST.get("appointment"):
                wanted = request.POST["appointment"]
                ticket = check_in(actor=actor, place=place, code=wanted, source=TicketSource.PHONE)
            else:
                zone = places.find_zone(place, request.POST.get("zone", ""))
                standing = request.POST.get("standing", "")
                ticket = take_ticket(actor=actor, zone=zone, source=TicketSource.PHONE, standing=standing)
            return redirect("service_centre:ticket", code=ticket.code)
        except (Conflict, NotFound) as refused:
            error = refused.message
    context = {
        "place": place,
        "state": places.open_state(place),
        "lines": tickets.zone_lines(place),
        "standings": Standing.choices,
        "error": error,
        "zone": request.POST.get("zone", ""),
        "rule": tickets.rule_words(actor.tenant),
        "breadcrumbs": crumbs((place.name, reverse("service_centre:place", args=[place.slug])), (_("取号"), "")),
    }
    return render(request, "service_centre/here.html", context, status=422 if error else 200)
