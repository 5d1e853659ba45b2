"""Plain HTTP: a person is led to HTTPS, a program is refused."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.security import SecurityMiddleware
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

_API = "/api/"
_UPGRADE_REQUIRED = 426


class TransportMiddleware(SecurityMiddleware):
    """Django's middleware, except that addresses for programs do not hide a call over plain HTTP behind a redirect.

    Whoever wrote the program would never notice that its signatures and data cross the network in the clear.
    """

    def process_request(  # type: ignore[override]  # Django only ever leads on; here a program is refused
        self, request: HttpRequest
    ) -> HttpResponseBase | None:
        """None to go on; a redirect for a browser, 426 for a program."""
        led: HttpResponseBase | None = super().process_request(request)
        if led is None or not for_programs(request.path_info):
            return led
        refused: HttpResponse = JsonResponse(
            {"error": "https_required", "message": _("这个地址只接受 HTTPS。请把程序里的地址改为 https:// 开头。")},
            status=_UPGRADE_REQUIRED,
        )
        refused["Upgrade"] = "TLS/1.2, HTTP/1.1"
        return refused


def for_programs(path: str) -> bool:
    """True for addresses no browser opens: those below ``/api/`` and those that do without a form's token."""
    if path.startswith(_API):
        return path != _API  # its description is a page
    try:
        return getattr(resolve(path).func, "csrf_exempt", False)
    except Resolver404:
        return False
