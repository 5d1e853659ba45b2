"""From a request to the shelf of published pages and back; the server asks here before Django is called."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest

from zhengtong.kernel.clock import simulated_offset
from zhengtong.kernel.cookies import host_cookie
from zhengtong.kernel.policy import actor_of
from zhengtong.kernel.ui.views import LARGE_PRINT_COOKIE
from zhengtong.systems.sites.engine.shelf import FILE_NAME, LARGE, STANDARD, Place
from zhengtong.systems.sites.models import GovernmentSite
from zhengtong.systems.sites.rules.addresses import PREFIX, home_path
from zhengtong.systems.sites.selectors.hosts import asked_host

#: under this key of the request's environment a view leaves where its answer may be kept: place and edition
OFFER: Final = "zhengtong.sites.shelf"
_ADDRESS: Final = re.compile(re.escape(PREFIX) + rf"([a-z0-9_-]+)/((?:[A-Za-z0-9_-]+/)*)({FILE_NAME.pattern})?")


def place_of(asked: Mapping[str, Any]) -> Place | None:
    """Where the page that is asked for would stand; None for what never stands on the shelf."""
    if asked["REQUEST_METHOD"] != "GET" or asked.get("QUERY_STRING"):
        return None
    if settings.SECURE_SSL_REDIRECT and asked.get("HTTP_X_FORWARDED_PROTO") != "https":
        return None
    led = asked_host(asked)
    if led is not None and not led.own:
        return None
    path = asked.get("PATH_INFO", "")
    found = _ADDRESS.fullmatch(path if led is None else home_path(led.code)[:-1] + path)
    if found is None:
        return None
    host = "" if led is None else led.host
    if found[3]:
        return Place(settings.ZHENGTONG_TENANT, found[1], found[2], STANDARD, found[3], host)
    large = f"{host_cookie(LARGE_PRINT_COOKIE)}=1" in asked.get("HTTP_COOKIE", "").split("; ")
    return Place(settings.ZHENGTONG_TENANT, found[1], found[2], LARGE if large else STANDARD, host=host)


def offer(request: HttpRequest, site: GovernmentSite, rest: str) -> None:
    """Let the server keep the answer, where it is the same for everybody: for no one signed in, no moved clock."""
    actor = actor_of(request)
    if actor.signed_in or simulated_offset():
        return
    place = place_of(request.META)
    below = rest.strip("/")
    ours = (site.tenant, site.code, below, site.host)
    if place is not None and (place.tenant, place.code, place.rest.strip("/"), place.host) == ours:
        request.META[OFFER] = (place, site.edition)
