"""The page on which a person rates: signed in, or holding a link; the same page shows what became of it."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.capabilities.ratings import permissions
from zhengtong.capabilities.ratings.constants import CONTACT_LIMIT, Channel, DeviceKind, ServiceEvent, Turn
from zhengtong.capabilities.ratings.models import Device, Rating
from zhengtong.capabilities.ratings.registry import RateableSubject
from zhengtong.capabilities.ratings.selectors.ratings import Place, places_of
from zhengtong.capabilities.ratings.selectors.subjects import link_of, subject_of
from zhengtong.capabilities.ratings.services.links import check_use, count_use
from zhengtong.capabilities.ratings.services.rating import Answer, give_rating
from zhengtong.capabilities.ratings.web.choices import Typed, answer_of, bound_device, browser_channel, form_context
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.pages import rating_acts
from zhengtong.kernel.policy import actor_of, public, signed_in
from zhengtong.kernel.refusals import refusal_page

_TOO_MANY = 429
_METHODS = ["GET", "HEAD", "POST"]


@signed_in
@never_cache
@require_http_methods(_METHODS)
def rate(request: HttpRequest, kind: str, key: str, service: str) -> HttpResponse:
    """One service event of one's own matter."""
    actor, ref = actor_of(request), ObjectRef(kind=kind, id=key)
    subject = subject_of(actor.tenant, ref)
    permissions.check_may_rate(actor, subject, bearer=False)
    place = _place(subject, actor, service)

    def give(answer: Answer, turn: str) -> Rating:
        device = bound_device(request)
        channel = _channel(device, browser_channel(request))
        return give_rating(
            actor=actor, ref=ref, service=service, answer=answer, channel=channel, turn=turn, device=device
        )

    return _page(request, subject, place, give, bearer=False)


@public
@never_cache
@require_http_methods(_METHODS)
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The same for whoever holds the link of a receipt or a decision; slowed down for one address."""
    actor, address = actor_of(request), get_adapter().get_client_ip(request)
    try:
        check_use(tenant=actor.tenant, address=address)
    except NotPermitted as refusal:
        page = refusal_page(request, refusal)
        page.status_code = _TOO_MANY
        return page
    try:
        ref, service = link_of(token)
        subject = subject_of(actor.tenant, ref)
    except NotFound:
        count_use(tenant=actor.tenant, address=address)
        raise
    place = _place(subject, actor, service)

    def give(answer: Answer, turn: str) -> Rating:
        count_use(tenant=actor.tenant, address=address)
        device = bound_device(request)
        return give_rating(
            actor=actor,
            ref=ref,
            service=service,
            answer=answer,
            channel=_channel(device, Channel.QR),
            turn=turn,
            device=device,
            bearer=True,
        )

    response = _page(request, subject, place, give, bearer=True)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _channel(device: Device | None, otherwise: str) -> str:
    if device is None:
        return otherwise
    return Channel.TABLET if device.kind == DeviceKind.TABLET else Channel.TERMINAL


def _place(subject: RateableSubject, actor: Actor, service: str) -> Place:
    found = next((one for one in places_of(subject, tenant=actor.tenant) if one.service == service), None)
    if found is None:
        if service in ServiceEvent.values:
            raise Conflict(_("这个环节还没有办完，办完以后再来评价。"))
        raise NotFound(_("没有找到要评价的事项。"))
    return found


def _page(
    request: HttpRequest,
    subject: RateableSubject,
    place: Place,
    give: Callable[[Answer, str], Rating],
    *,
    bearer: bool,
) -> HttpResponse:
    typed, status = None, 200
    if request.method == "POST":
        answer = answer_of(request.POST)
        try:
            row = give(answer, request.POST.get("turn", Turn.FIRST))
        except (Invalid, Conflict) as refusal:
            named = refusal.errors if isinstance(refusal, Invalid) else {}
            typed = Typed(answer, named or {"": refusal.message})
            status = 422 if isinstance(refusal, Invalid) else 409
            place = _place(subject, actor_of(request), place.service)
        else:
            messages.success(request, _thanks(row))
            return redirect(request.path)
    context: dict[str, Any] = {
        "subject": subject,
        "place": place,
        "bearer": bearer,
        "given": [{"view": one, "again": one.turn != Turn.FIRST} for one in place.ratings],
        "asks": place.may,
        "contact_days": parameters.value(CONTACT_LIMIT, tenant=actor_of(request).tenant),
        "breadcrumbs": [
            {"label": _("首页"), "url": "/"},
            *_own(subject, bearer=bearer),
            {"label": _("评价"), "url": ""},
        ],
        "further": [] if bearer else _further(request, subject, place),
        **form_context(typed),
    }
    return render(request, "ratings/rate.html", context, status=status)


def _further(request: HttpRequest, subject: RateableSubject, place: Place) -> list[str]:
    """What the person may do besides, once a unit has to answer for the rating."""
    if not place.follow_up:
        return []
    return [html for _name, act in rating_acts.items() if (html := act(request, subject.ref))]


def _own(subject: RateableSubject, *, bearer: bool) -> list[dict[str, str]]:
    return [] if bearer or not subject.own_url else [{"label": subject.title, "url": subject.own_url}]


def _thanks(row: Rating) -> str:
    if row.turn == Turn.AGAIN:
        return _("再次评价已经收到，谢谢您。")
    if hasattr(row, "follow_up"):
        return _("评价已经收到。办理单位会联系您了解情况，处理经过在本页可以看到。")
    return _("评价已经收到，谢谢您。")
