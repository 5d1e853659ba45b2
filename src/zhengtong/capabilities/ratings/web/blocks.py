"""What ratings show on the pages of matters: to the applicant, to the officials, to visitors of a guide."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from zhengtong.capabilities.ratings import permissions
from zhengtong.capabilities.ratings.constants import SMALLEST_PUBLISHED, Turn
from zhengtong.capabilities.ratings.registry import RateableSubject, rateable
from zhengtong.capabilities.ratings.selectors.devices import devices_at
from zhengtong.capabilities.ratings.selectors.figures import figures
from zhengtong.capabilities.ratings.selectors.ratings import Place, places_of, rating_rows
from zhengtong.capabilities.ratings.selectors.subjects import rating_url
from zhengtong.kernel import parameters
from zhengtong.kernel.errors import DomainError
from zhengtong.kernel.pages import Matter
from zhengtong.kernel.policy import actor_of
from zhengtong.kernel.ui.qr import qr_svg

_OFFICES = ("clerk", "counter", "reviewer", "leader")


def _subject(request: HttpRequest, matter: Matter) -> RateableSubject | None:
    if matter.ref.kind not in rateable:
        return None
    return rateable.get(matter.ref.kind).subject(actor_of(request).tenant, matter.ref)


def _own_places(request: HttpRequest, matter: Matter) -> tuple[RateableSubject, list[Place]] | None:
    """The service events of one's own matter; kept for the request, which asks twice."""
    held: dict[str, tuple[RateableSubject, list[Place]] | None] = request.__dict__.setdefault("_ratings_places", {})
    key = str(matter.ref)
    if key not in held:
        held[key] = _read_own_places(request, matter)
    return held[key]


def _read_own_places(request: HttpRequest, matter: Matter) -> tuple[RateableSubject, list[Place]] | None:
    actor, subject = actor_of(request), _subject(request, matter)
    if subject is None or not subject.events:
        return None
    try:
        permissions.check_may_rate(actor, subject, bearer=False)
    except DomainError:
        return None
    return subject, places_of(subject, tenant=actor.tenant)


def _address(matter: Matter, place: Place) -> str:
    return reverse("ratings:rate", args=[matter.ref.kind, matter.ref.id, place.service])


def rate_act(request: HttpRequest, matter: Matter) -> str | None:
    """In the aside: rate what was put right, else the newest event that is not rated yet."""
    found = _own_places(request, matter)
    if found is None:
        return None
    places = found[1]
    again = next((place for place in places if place.may == Turn.AGAIN), None)
    newest = next((place for place in reversed(places) if place.may == Turn.FIRST), None)
    place = again or newest
    if place is None:
        return None
    context = {"place": place, "again": again is not None, "url": _address(matter, place)}
    return render_to_string("ratings/parts/act.html", context, request=request)


def ratings_block(request: HttpRequest, matter: Matter) -> str | None:
    """Each service event with its rating or the way to give one; a QR code for whoever is not signed in."""
    found = _own_places(request, matter)
    if found is None:
        return None
    subject, places = found
    rows = [{"place": place, "url": _address(matter, place)} for place in places]
    open_place = next((place for place in reversed(places) if place.may == Turn.FIRST), None)
    address = rating_url(subject.ref, open_place.service) if open_place else ""
    context = {
        "rows": rows,
        "open_place": open_place,
        "address": address,
        "qr": qr_svg(address) if address else "",
    }
    return render_to_string("ratings/parts/block.html", context, request=request)


def desk_block(request: HttpRequest, matter: Matter) -> str | None:
    """What the person said, without who he is; and for the window's people the evaluator to ask on."""
    actor = actor_of(request)
    rows = rating_rows(actor.tenant, matter.ref) if matter.ref.kind in rateable else []
    asking = actor.org_id is not None and actor.has_role(*_OFFICES)
    stands = devices_at(tenant=actor.tenant, org_id=actor.org_id) if asking and actor.org_id else []
    if not rows and not stands:
        return None  # the usual case: nobody has rated it and the unit has no evaluator to ask on
    subject = _subject(request, matter)
    if subject is None or not subject.events:
        return None
    places = places_of(subject, tenant=actor.tenant, rows=rows)
    open_places = [place for place in reversed(places) if place.may == Turn.FIRST]
    # an anonymous rating beside the applicant's name would be none
    ratings = [rating for place in places for rating in place.ratings if not rating.anonymous]
    stands = stands if open_places else []
    if not ratings and not stands:
        return None
    context = {
        "ratings": ratings,
        "devices": [(row.code, f"{row.window or row.name}（{row.code}）") for row in stands],
        "events": [(place.service, place.service_label) for place in open_places],
        "ref": subject.ref,
        "back": request.get_full_path(),
    }
    return render_to_string("ratings/parts/desk_block.html", context, request=request)


def guide_block(request: HttpRequest, matter: Matter) -> str | None:
    """How the item was rated of late, once there are enough ratings to publish."""
    if not matter.code:
        return None
    tenant = actor_of(request).tenant
    found = figures(tenant, item=matter.code)
    if found.rated < int(parameters.value(SMALLEST_PUBLISHED, tenant=tenant)):
        return None
    return render_to_string("ratings/parts/guide_block.html", {"figures": found}, request=request)
