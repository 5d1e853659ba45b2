"""Asking after an application with number and query code; no personal data is shown, guessing is slowed down."""

import uuid
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.capabilities.ratings import api as ratings
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.passes import Pass
from zhengtong.kernel.policy import public
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import OBJECT_KIND
from zhengtong.systems.service_hall.web import pages
from zhengtong.systems.service_hall.web.forms import TrackForm

_PASS = Pass("service_hall_pass")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for number and code; the code of a receipt's QR moves into the session, so the address stays clean."""
    asked = request.POST if request.method == "POST" else request.GET
    given = request.method == "POST" or ("number" in asked and "code" in asked)
    form = TrackForm(asked if given else None)
    refused = None
    if given:
        refused = _PASS.give(request, form, lambda: _look_up(request, form))
        if refused is None:
            return redirect("service_hall:track_result")
    context: dict[str, Any] = {
        "form": form,
        "refused": refused,
        "breadcrumbs": pages.crumbs((_("办件进度查询"), "")),
    }
    return render(request, "service_hall/track.html", context, status=refused.status if refused else 200)


def _look_up(request: HttpRequest, form: TrackForm) -> uuid.UUID:
    row = api.look_up(
        tenant=pages.actor_of(request).tenant,
        number=form.cleaned_data["number"],
        code=form.cleaned_data["code"],
        visitor=_visitor(request),
        address=get_adapter().get_client_ip(request),
    )
    return row.id


@public
@never_cache
@require_safe
def result(request: HttpRequest) -> HttpResponse:
    """Where the application of the pass stands: sentence, steps, clock, what a notice asks for."""
    held = _PASS.held(request)
    if held is None:
        return redirect("service_hall:track")
    view = api.tracked_view(actor=pages.actor_of(request), application_id=held)
    context: dict[str, Any] = {
        "view": view,
        "steps": pages.steps(view),
        "clock": pages.clock(view.case),
        "rating_links": ratings.open_links(tenant=view.row.tenant, ref=ObjectRef(kind=OBJECT_KIND, id=str(view.id))),
        "breadcrumbs": pages.crumbs((_("办件进度查询"), reverse("service_hall:track")), (_("查询结果"), "")),
    }
    return render(request, "service_hall/track_result.html", context)


def _visitor(request: HttpRequest) -> str:
    """The session of a stranger; one is begun where there is none yet."""
    if not request.session.session_key:
        request.session.create()
    return str(request.session.session_key)
