"""Addresses for machines: is the process alive, is it ready, and the figures of a monitoring system.

None of them tells a stranger anything but yes or no: no version, no reason, no figure.
"""

import hmac
from typing import Final

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengtong.entry.observing.exposition import CONTENT_TYPE
from zhengtong.entry.upkeep import maintenance
from zhengtong.kernel.policy import public

_TEXT: Final = "text/plain; charset=utf-8"
_FORWARDED: Final = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")


@public
@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """For whoever restarts what hangs: this process answers. Says nothing of the database."""
    return HttpResponse("ok\n", content_type=_TEXT)


@public
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """For a load balancer: send visitors here (200), or not (503: no database, or maintenance)."""
    if maintenance.current() is not None:
        return HttpResponse("maintenance\n", status=503, content_type=_TEXT)
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except Error:
        connection.close()
        return HttpResponse("no database\n", status=503, content_type=_TEXT)
    return HttpResponse("ready\n", content_type=_TEXT)


@public
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For a monitoring system that proves itself by the token or asks from a named address; nobody else, no role."""
    if not _may_read(request):
        answer = HttpResponse("unauthorized\n", status=401, content_type=_TEXT)
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    from zhengtong.entry.observing.figures import exposition  # it looks at every app; the other probes do without

    return HttpResponse(exposition(), content_type=CONTENT_TYPE)


def _may_read(request: HttpRequest) -> bool:
    """By token where one is set, else from a named address that asks directly; nobody where neither is set."""
    token: str = settings.ZHENGTONG_METRICS_TOKEN
    if token:
        given = request.META.get("HTTP_AUTHORIZATION", "")
        return hmac.compare_digest(given.encode("utf-8", "replace"), f"Bearer {token}".encode())
    # what came through a proxy comes from anywhere, whatever address the proxy has
    if any(name in request.META for name in _FORWARDED):
        return False
    return request.META.get("REMOTE_ADDR", "") in settings.ZHENGTONG_METRICS_FROM
