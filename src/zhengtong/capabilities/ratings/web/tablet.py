"""A tablet at a window as an evaluator: one large question at a time, bound to the device's key, without JavaScript."""

import uuid
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.capabilities.ratings.constants import Grade
from zhengtong.capabilities.ratings.models import Device
from zhengtong.capabilities.ratings.rules.grades import is_bad, tags_of
from zhengtong.capabilities.ratings.selectors.devices import open_call
from zhengtong.capabilities.ratings.services.devices import bind_tablet, rate_on_device, seen
from zhengtong.capabilities.ratings.services.links import check_use, count_use
from zhengtong.capabilities.ratings.web.choices import answer_of, bind_browser, bound_device, form_context
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.policy import actor_of, public

_WAIT_SECONDS, _THANKS_SECONDS = 3, 6


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def screen(request: HttpRequest) -> HttpResponse:
    """Waiting, the question, the phrases, or thanks; without a bound evaluator the page that binds one."""
    device = bound_device(request)
    if device is None:
        return render(request, "ratings/tablet_bind.html", {})
    if request.method == "POST":
        return _rate(request, device)
    if request.GET.get("thanks"):
        return _screen(request, device, "thanks", refresh=_THANKS_SECONDS)
    call = open_call(device)
    if call is None:
        seen(device)
        return _screen(request, device, "wait", refresh=_WAIT_SECONDS)
    grade = request.GET.get("grade", "")
    if grade in Grade.values and request.GET.get("call") == str(call.id):
        more: dict[str, Any] = {
            "grade": grade,
            "words": Grade(grade).label,
            "tags": tags_of(grade),
            "bad": is_bad(grade),
            "call": call,
        }
        return _screen(request, device, "tags", **more)
    return _screen(request, device, "ask", call=call, **form_context())


def _rate(request: HttpRequest, device: Device) -> HttpResponse:
    try:
        call_id = uuid.UUID(request.POST.get("call", ""))
        rate_on_device(device=device, call_id=call_id, answer=answer_of(request.POST))
    except ValueError:
        return redirect("ratings:tablet")
    except (Invalid, Conflict) as refusal:
        return _screen(request, device, "refused", refresh=_THANKS_SECONDS, problem=refusal.message, status=409)
    return redirect(f"{reverse('ratings:tablet')}?thanks=1")


def _screen(
    request: HttpRequest, device: Device, show: str, *, refresh: int = 0, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"device": device, "show": show, "refresh": refresh, "home": reverse("ratings:tablet"), **more}
    return render(request, "ratings/tablet.html", context, status=status)


@public
@never_cache
@require_POST
def bind(request: HttpRequest) -> HttpResponse:
    """Bind this browser to an evaluator by its number and key; guessing is slowed down."""
    tenant, address = actor_of(request).tenant, get_adapter().get_client_ip(request)
    code = request.POST.get("code", "")
    try:
        check_use(tenant=tenant, address=address)
        device = bind_tablet(tenant=tenant, code=code, key=request.POST.get("key", ""))
    except NotPermitted as refusal:
        count_use(tenant=tenant, address=address)
        context = {"errors": {"code": refusal.message}, "code": code}
        return render(request, "ratings/tablet_bind.html", context, status=422)
    response = redirect("ratings:tablet")
    bind_browser(response, device, secure=bool(settings.SESSION_COOKIE_SECURE))
    return response
