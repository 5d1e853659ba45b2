"""Emergency banners: what stands on a site now, and the page on which they are proposed and approved."""

import datetime as dt
import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.kernel.errors import DomainError, Invalid
from zhengtong.kernel.policy import actor_of, public, requires
from zhengtong.systems.sites.constants import ADMIN, BannerLevel
from zhengtong.systems.sites.selectors import banners as selectors
from zhengtong.systems.sites.selectors.public import site_by_code
from zhengtong.systems.sites.services import banners as services


@public
def standing(request: HttpRequest, code: str) -> HttpResponse:
    """The banners of a site as they stand at this moment; no cache keeps them."""
    site = site_by_code(actor_of(request).tenant, code)
    if site is None:
        raise Http404(_("没有这个网站。"))
    answer = render(request, "sites/banners.html", {"site": site})
    answer["Cache-Control"] = "no-store"
    return answer


@requires(ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """All of them, and the form for a new one."""
    refusal, sent = "", request.POST
    if request.method == "POST":
        try:
            services.propose_banner(
                actor=actor_of(request),
                words=sent.get("words", ""),
                address=sent.get("address", ""),
                level=sent.get("level", ""),
                site_codes=sent.get("site_codes", "").replace("，", ",").replace(",", " ").split(),
                starts_at=_moment(sent.get("starts_at", "")),
                ends_at=_moment(sent.get("ends_at", "")),
            )
        except DomainError as error:
            refusal = error.message
        else:
            messages.success(request, _("已提出，等另一位网站群管理员批准后出现在网页上。"))
            return redirect("sites_desk:banners")
    return _shown(request, refusal)


@requires(ADMIN)
@require_POST
def decide(request: HttpRequest, banner_id: uuid.UUID) -> HttpResponse:
    """Approve it, or end it."""
    actor = actor_of(request)
    try:
        if request.POST.get("act") == "approve":
            services.approve_banner(actor=actor, banner_id=banner_id)
            messages.success(request, _("已批准。"))
        else:
            services.end_banner(actor=actor, banner_id=banner_id, reason=request.POST.get("reason", ""))
            messages.success(request, _("已结束，网页上不再显示。"))
    except DomainError as error:
        return _shown(request, error.message)
    return redirect("sites_desk:banners")


def _shown(request: HttpRequest, refusal: str) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "banners": selectors.newest(actor.tenant),
        "me": actor.person_id,
        "levels": BannerLevel.choices,
        "refusal": refusal,
        "sent": request.POST,
    }
    return render(request, "sites/banner_desk.html", context, status=422 if refusal else 200)


def _moment(text: str) -> dt.datetime:
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise Invalid(_("请填写开始和结束时间。"), field="starts_at")
    return make_aware(found) if is_naive(found) else found
