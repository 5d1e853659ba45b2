"""Sites under their own hosts: what is asked there is answered as by path, and everything else is on the main host.

Inside, a page of a site has one address, by path; here it is translated, on the way in and on the way out. Nobody is
signed in under a site's host: cookies, sessions and forms belong to the main host.
"""

import http
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import is_valid_path

from zhengtong.kernel.cookies import host_cookie
from zhengtong.kernel.refusals import content_policy
from zhengtong.kernel.ui.traditional import TRADITIONAL_COOKIE
from zhengtong.kernel.ui.views import LARGE_PRINT_COOKIE
from zhengtong.systems.sites.models import GovernmentSite
from zhengtong.systems.sites.rules import hosted
from zhengtong.systems.sites.rules.addresses import home_path, under_host
from zhengtong.systems.sites.selectors import hosts, old_addresses
from zhengtong.systems.sites.selectors import public as selectors

_READS: Final = ("GET", "HEAD")
#: under this key of the environment of a request stands the host of the site that answers
_UNDER: Final = "zhengtong.sites.host"
_ROBOTS: Final = "User-agent: *\nAllow: /\n\nSitemap: {base}/sitemap.xml\n"


class SiteHostMiddleware:
    """Answers what is asked by the host of a site; what is asked by any other host passes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Translate, lead on, or pass on."""
        led = hosts.asked_host(request.META)
        if led is None:
            return self.get_response(request)
        if request.method not in _READS:
            return HttpResponseNotAllowed(_READS)
        _stranger(request)
        if not led.own:
            return self._led_on(request, led)
        return self._answered(request, led)

    def _answered(self, request: HttpRequest, led: hosts.Led) -> HttpResponse:
        asked, query = request.path_info, request.META.get("QUERY_STRING", "")
        main = hosts.main_address()
        base = under_host(main, led.host)
        if asked == "/robots.txt":
            return HttpResponse(_ROBOTS.format(base=base), content_type="text/plain; charset=utf-8")
        written = old_addresses.asked_address(asked, query)
        short = hosted.below(led.code, written)
        if short:
            return moved(base + short)
        request.META[_UNDER] = led.host
        if not hosted.is_shared(asked):
            request.path_info = home_path(led.code) + asked.lstrip("/")
            request.path = request.path_info
        answer = self.get_response(request)
        if answer.status_code == http.HTTPStatus.NOT_FOUND and asked != "/" and is_valid_path(asked):
            return moved(main + written)
        return _sent_under(answer, led, main, base)

    def _led_on(self, request: HttpRequest, led: hosts.Led) -> HttpResponse:
        """By a host the site had once: to its page of that address, else as old addresses go."""
        asked = request.path_info
        written = old_addresses.asked_address(asked, request.META.get("QUERY_STRING", ""))
        site = selectors.site_by_code(settings.ZHENGTONG_TENANT, led.code)
        if site is not None and not old_addresses.target(site, written):
            page = selectors.published_page(site, asked) if asked.endswith("/") else None
            if page is not None:
                return moved(site.in_full(page.relative_address()))
            if is_valid_path(asked) and not hosted.is_shared(asked):
                return moved(hosts.main_address() + written)
        return self.get_response(request)


def moved(address: str) -> HttpResponse:
    """A redirect no browser remembers: a host can be taken away again, and then the way leads back."""
    answer = HttpResponseRedirect(address)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def at_its_host(request: HttpRequest, site: GovernmentSite) -> HttpResponse | None:
    """A redirect where a site with a host of its own was asked for by path; None where it is asked for rightly."""
    if request.META.get(_UNDER, "") == site.host:
        return None
    return moved(site.in_full(old_addresses.asked_address(request.path, request.META.get("QUERY_STRING", ""))))


def _stranger(request: HttpRequest) -> None:
    """Nobody, and by a host that was found in the table: Django need not look into its list."""
    choices = {f"{host_cookie(name)}=1" for name in (LARGE_PRINT_COOKIE, TRADITIONAL_COOKIE)}
    sent = request.META.get("HTTP_COOKIE", "").split("; ")
    request.META["HTTP_COOKIE"] = "; ".join(one for one in sent if one in choices)
    host = request.META["HTTP_HOST"]
    request.get_host = lambda: host  # type: ignore[method-assign]  # what it names was looked up before


def _sent_under(answer: HttpResponse, led: hosts.Led, main: str, base: str) -> HttpResponse:
    """The answer with addresses that hold under the site's host."""
    location = answer.headers.get("Location", "").removeprefix(base)
    if location.startswith("/"):
        answer.headers["Location"] = _in_full(location, led, main, base)
    if answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming:
        text = hosted.translated_page(answer.content.decode(), code=led.code, main=main)
        answer.content = text.encode()
        if answer.has_header("Content-Length"):
            answer.headers["Content-Length"] = str(len(answer.content))
    # the search box asks the main host
    answer.headers.setdefault("Content-Security-Policy", content_policy(forms=main))
    return answer


def _in_full(location: str, led: hosts.Led, main: str, base: str) -> str:
    found = hosted.translated(location, code=led.code, main=main)
    return base + found if found.startswith("/") else found
