"""The choices of a reader (cookies, no JavaScript) and the gallery. Whoever names the address adds the policy."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from zhengtong.kernel.cookies import host_cookie
from zhengtong.kernel.ui.gallery import samples
from zhengtong.kernel.ui.traditional import TRADITIONAL_COOKIE

LARGE_PRINT_COOKIE = "zt_large_print"
_A_YEAR = 365 * 24 * 60 * 60


def large_print(request: HttpRequest) -> HttpResponse:
    """GET ``on=1|0`` and ``next``: large print, remembered for a year; back to the page."""
    return _remembered(request, LARGE_PRINT_COOKIE)


def traditional_characters(request: HttpRequest) -> HttpResponse:
    """GET ``on=1|0`` and ``next``: traditional characters, remembered for a year; back to the page."""
    return _remembered(request, TRADITIONAL_COOKIE)


def _remembered(request: HttpRequest, choice: str) -> HttpResponse:
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = "/"
    response = HttpResponseRedirect(target)
    if request.GET.get("on") == "1":
        response.set_cookie(
            host_cookie(choice),
            "1",
            max_age=_A_YEAR,
            samesite="Lax",
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
        )
    else:
        response.delete_cookie(host_cookie(choice), samesite="Lax")
    return response


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with its states; ``?side=desk`` shows them as the staff sees them."""
    side = "desk" if request.GET.get("side") == "desk" else "public"
    return render(request, "ui/gallery.html", {"base": f"ui/base_{side}.html", "side": side, **samples()})
