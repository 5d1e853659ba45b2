"""Old addresses lead on: asked by an old host name, or where nothing of ours answers."""

import http
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from zhengtong.systems.sites.engine.old_site.addresses import canonical
from zhengtong.systems.sites.rules.addresses import home_path
from zhengtong.systems.sites.selectors import old_addresses

_READS = frozenset({"GET", "HEAD"})
#: long enough to spare most of the asking, short enough to take a mistake back
_REMEMBERED = "public, max-age=3600"


class OldAddressMiddleware:
    """Answers 301 for an address of an old site; everything else passes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._main = (urlsplit(settings.ZHENGTONG_BASE_URL).hostname or "").lower()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Lead on, or pass on."""
        if request.method not in _READS:
            return self.get_response(request)
        host = _host(request)
        address = old_addresses.asked_address(request.path_info, request.META.get("QUERY_STRING", ""))
        # our own addresses have neither dot nor question: most requests are not worth a look
        looks_old = request.path_info == "/" or "?" in address or "." in address.rpartition("/")[2]
        asks = looks_old and host not in {"", self._main}
        site = old_addresses.site_of_old_host(settings.ZHENGTONG_TENANT, host) if asks else None
        if site is not None and site.host != host:
            found = old_addresses.target(site, address) or (home_path(site.code) if canonical(address) == "/" else "")
            if found:
                return _led(site.in_full(found))
        answer = self.get_response(request)
        if not _is_nowhere(answer, request):
            return answer
        found = old_addresses.leads_to(settings.ZHENGTONG_TENANT, host, address)
        return _led(found) if found else answer


def _host(request: HttpRequest) -> str:
    """The host that is asked, without port; empty for one that is not ours to answer for."""
    try:
        return (urlsplit(f"//{request.get_host()}").hostname or "").lower()
    except (DisallowedHost, ValueError):
        return ""


def _is_nowhere(answer: HttpResponse, request: HttpRequest) -> bool:
    """Nothing answers, or Django would only try it again with a slash at its end."""
    if answer.status_code == http.HTTPStatus.NOT_FOUND:
        return True
    return answer.status_code == http.HTTPStatus.MOVED_PERMANENTLY and (
        urlsplit(answer.get("Location", "")).path == f"{request.path}/"
    )


def _led(address: str) -> HttpResponse:
    answer = HttpResponsePermanentRedirect(address)
    answer.headers["Cache-Control"] = _REMEMBERED
    return answer
