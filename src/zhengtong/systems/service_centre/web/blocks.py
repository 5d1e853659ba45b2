"""What service centres add to an item's guide and to the applicant's page: booking a visit."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from zhengtong.kernel.pages import Matter
from zhengtong.kernel.policy import actor_of
from zhengtong.systems.service_centre.selectors.appointments import booked_for
from zhengtong.systems.service_centre.selectors.places import zones_serving


def guide_act(request: HttpRequest, matter: Matter) -> str | None:
    """预约到窗口办理; nothing for items without application, and where no hall takes appointments for the item."""
    if not matter.open or not matter.code:
        return None
    return _act(request, matter, {"item": matter.code})


def applicant_act(request: HttpRequest, matter: Matter) -> str | None:
    """The same for an application under way: to bring originals or ask in person."""
    if not matter.open or not matter.code or matter.ref.kind != "application":
        return None
    return _act(request, matter, {"item": matter.code, "application": matter.ref.id})


def _act(request: HttpRequest, matter: Matter, query: dict[str, str]) -> str | None:
    actor = actor_of(request)
    places = zones_serving(actor.tenant, matter.code, str(matter.org_id))
    bookable = [place.name for place, zones in places if any(zone.slot_capacity for zone in zones)]
    if not bookable:
        return None
    context = {
        "url": f"{reverse('service_centre:choose')}?{urlencode(query)}",
        "places": bookable,
        "appointment": booked_for(actor, matter.code),
        "applied": "application" in query,
    }
    return render_to_string("service_centre/parts/book_act.html", context, request=request)
