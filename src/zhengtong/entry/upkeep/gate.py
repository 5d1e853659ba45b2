"""What visitors meet while maintenance is on: why and until when; the system administrator works on."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from zhengtong.entry.upkeep import maintenance
from zhengtong.entry.upkeep.maintenance import Maintenance
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.refusals import content_policy

#: what it takes to sign in, which also a visitor who is not yet known may open
_DOORS: Final = ("/accounts/", "/healthz", "/readyz", "/metrics")
_ROLE: Final = "sys_admin"
_FAULT: Final = 500


class MaintenanceMiddleware:
    """Before sessions and sign-in: strangers get the page at once, without the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on while there is no maintenance; else only who may be somebody, and who wants to sign in."""
        on = maintenance.current()
        if on is None or request.path_info.startswith(settings.STATIC_URL):
            return self.get_response(request)
        if on.still or not (settings.SESSION_COOKIE_NAME in request.COOKIES or request.path_info.startswith(_DOORS)):
            return page(request, on)
        answer = self.get_response(request)
        # no database, half-made tables: that is what maintenance means for everybody but its keeper
        keeper = getattr(request, "keeps_maintenance", False)
        return page(request, on) if answer.status_code == _FAULT and not keeper else answer


class MaintenanceGateMiddleware:
    """After sign-in: of those who are somebody only the system administrator goes on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on, or the page."""
        on = maintenance.current()
        if on is None or request.path_info.startswith(_DOORS):
            return self.get_response(request)
        actor: Actor = request.actor  # type: ignore[attr-defined]  # the identity middleware's
        if actor.kind == "official" and actor.has_role(_ROLE):
            request.keeps_maintenance = True  # type: ignore[attr-defined]  # read above
            return self.get_response(request)
        return page(request, on)


def page(request: HttpRequest, on: Maintenance) -> HttpResponse:
    """The page with status 503; whoever asks for JSON gets the same words as JSON."""
    headers = {"Retry-After": str(on.retry_after), "Cache-Control": "no-store"}
    if not request.accepts("text/html"):
        from django.http import JsonResponse

        return JsonResponse({"error": "maintenance", "reason": on.reason}, status=503, headers=headers)
    context = {**settings.ZHENGTONG_SITE, "maintenance": on, "maintenance_role": _ROLE}
    headers["Content-Security-Policy"] = content_policy()
    # without the request: menus and messages would ask the database
    return HttpResponse(render_to_string("upkeep/maintenance.html", context), status=503, headers=headers)
