"""Answers the pages share: live parts with their version, and what stands on every page of a desk."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.policy import actor_of
from zhengtong.systems.service_centre.models import Place
from zhengtong.systems.service_centre.selectors.places import places_managed

_TABS = (
    ("service_centre:board", _("今日看板")),
    ("service_centre:roster", _("值班表")),
    ("service_centre:attendants", _("进驻人员")),
    ("service_centre:slots", _("预约名额")),
    ("service_centre:closures", _("停开安排")),
    ("service_centre:windows", _("窗口")),
    ("service_centre:place_settings", _("场所信息")),
    ("service_centre:statistics", _("统计")),
)


def live(request: HttpRequest, template: str, version: str, context: Callable[[], dict[str, Any]]) -> HttpResponse:
    """A page or part with its version as ETag; 304 and nothing read while the version is the same."""
    etag = f'"{version}"'
    headers = {"ETag": etag, "Cache-Control": "no-store"}
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers=headers)
    response = render(request, template, context())
    for name, value in headers.items():
        response[name] = value
    return response


def managed_place(request: HttpRequest) -> Place:
    """The hall a manager's page is about: the one named in the address, else the first; raises NotFound."""
    found = places_managed(actor_of(request))
    wanted = request.GET.get("place", "")
    place = next((one for one in found if one.slug == wanted), None) if wanted else next(iter(found), None)
    if place is None:
        raise NotFound(_("您所在的单位没有管理这个服务场所。如需开设，请与系统管理员联系。"))
    return place


def desk(request: HttpRequest, place: Place, crumb: str) -> dict[str, Any]:
    """What every page of a hall's desk shows: the hall, the other halls, the pages about it."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    return {
        "desk_title": _("便民服务中心"),
        "place": place,
        "places": [
            {"name": one.name, "url": f"{request.path}?place={one.slug}", "active": one.pk == place.pk}
            for one in places_managed(actor_of(request))
        ],
        "tabs": [
            {"label": label, "url": f"{reverse(name)}?place={place.slug}", "active": name == here}
            for name, label in _TABS
        ],
        "query": f"?place={place.slug}",
        "breadcrumbs": [{"label": _("大厅管理"), "url": reverse("service_centre:board")}, {"label": crumb, "url": ""}],
    }
