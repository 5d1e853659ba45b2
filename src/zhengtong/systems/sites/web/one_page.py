"""The page of one web page on the desk: where it stands, what was said of it, what may be done."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from wagtail.admin.models import EditingSession

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now, recording_time
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import actor_of
from zhengtong.systems.sites.constants import ADMIN, PREVIEW_HOURS, PUBLISHER, SubmissionState
from zhengtong.systems.sites.models import ArticlePage, HomePage, SitePage
from zhengtong.systems.sites.selectors import desk as selectors
from zhengtong.systems.sites.selectors import moments
from zhengtong.systems.sites.selectors.checking import found_on
from zhengtong.systems.sites.selectors.reviewing import ReviewNeeds, rounds
from zhengtong.systems.sites.selectors.sharing import offers_of, taking_columns
from zhengtong.systems.sites.services.previewing import token_of
from zhengtong.systems.sites.web.reading import opinions_of

_TYPED = ("go_live_at", "expire_at", "down_at", "purpose", "override_reason")
#: Wagtail's screen says every ten seconds that somebody is there
_PRESENT_SECONDS = 60


def refused(request: HttpRequest, page_id: int, refusal: Invalid | Conflict, *, place: str = "") -> HttpResponse:
    """The page again with what was typed and the sentence why it was not done, at its field where it has one."""
    if isinstance(refusal, Invalid):
        errors = {place or refusal.field: refusal.message}
        return shown(request, page_id, errors=errors, status=422)
    return shown(request, page_id, refusal=refusal.message, status=409)


def shown(
    request: HttpRequest,
    page_id: int,
    *,
    errors: dict[str, str] | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a web page the actor keeps."""
    actor = actor_of(request)
    page = selectors.page_in_reach(actor, page_id)
    found = rounds(page)
    current = found[0] if found and found[0].waits_for else None
    context = {
        "page": page,
        "site": page.site,
        "signs": actor.has_role(PUBLISHER, ADMIN),
        "live_url": page.relative_address() if page.live else "",
        "reviews": ReviewNeeds(actor.tenant).of(page),
        "rounds": [(one, opinions_of(one.opinions)) for one in found],
        "current": current,
        "returned": current is not None and current.submission.state == SubmissionState.RETURNED,
        "schedules": moments.of_page(page),
        "links": _links(page),
        "link_hours": PREVIEW_HOURS,
        "editors": _editors(page, actor),
        "mine": page.locked and page.locked_by is not None and page.locked_by.person_id == actor.person_id,
        "may_delete": not isinstance(page, HomePage) and not page.live and current is None,
        "typed": {name: request.POST.get(name, "")[:500] for name in _TYPED},
        "reason": request.POST.get("reason", "")[:500],
        "errors": errors or {},
        "refusal": refusal,
        **_checks(page),
        **_sharing(page),
    }
    return render(request, "sites/page.html", context, status=status)


def _checks(page: SitePage) -> dict[str, Any]:
    """What the checks find on the version that waits to be published."""
    waits = page.has_unpublished_changes and page.latest_revision is not None
    found = found_on(page.latest_revision.as_object()) if waits else []
    return {"waits": waits, "found": found, "blocked": any(one.blocks for one in found)}


def _sharing(page: SitePage) -> dict[str, Any]:
    """Where an article was offered, and the columns it can be offered to."""
    if not isinstance(page, ArticlePage):
        return {"offers": [], "columns": []}
    own = page.live and not page.origin_id
    return {"offers": offers_of(page), "columns": list(taking_columns(page)) if own else []}


def _links(page: SitePage) -> list[dict[str, Any]]:
    return [
        {
            "id": link.pk,
            "address": reverse("sites_desk:preview", args=[token_of(link)]),
            "purpose": link.purpose,
            "made_by": link.made_by,
            "expires_at": link.expires_at,
            "reads": link.reads,
            "open": link.ended_at is None and link.expires_at > now(),
        }
        for link in moments.preview_links(page)
    ]


def _editors(page: SitePage, actor: Actor) -> list[str]:
    """Who has the page open on the editing screen at this moment; Wagtail writes by the machine's clock."""
    kinds = ("page", type(page)._meta.model_name)
    rows = EditingSession.objects.filter(object_id=str(page.pk), content_type__model__in=kinds)
    names = {
        one.user.get_full_name()
        for one in rows.select_related("user__person")
        if (recording_time() - one.last_seen_at).total_seconds() < _PRESENT_SECONDS
        and one.user.person_id != actor.person_id
    }
    return sorted(names)
