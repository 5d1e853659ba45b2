"""The list of items and the guide of each; open to everybody."""

import dataclasses
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.catalogue.web import guide as guide_parts
from zhengtong.kernel.policy import actor_of, public

_LABELS = {
    "department": _("部门"),
    "theme": _("主题"),
    "applicant": _("服务对象"),
    "power_type": _("事项类型"),
    "depth": _("网办深度"),
}


@public
def item_list(request: HttpRequest) -> HttpResponse:
    """GET department, theme, applicant, power_type, depth, page; the address keeps what was chosen."""
    actor = actor_of(request)
    names = [field.name for field in dataclasses.fields(api.ItemFilters)]
    filters = api.ItemFilters(**{name: request.GET.get(name, "")[:80].replace("\x00", "") for name in names})
    options = api.filter_options(actor.tenant, filters)
    page = api.items(actor.tenant, filters, request.GET.get("page"))
    context = {
        "page": page,
        "filters": [_filter(name, options[name], getattr(filters, name)) for name in names],
        "chosen": [_chosen(name, options[name], getattr(filters, name)) for name in names if getattr(filters, name)],
        "breadcrumbs": [{"label": _("首页"), "url": "/"}, {"label": _("办事"), "url": ""}],
    }
    return render(request, "catalogue/items.html", context)


@public
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """办事指南 of the version in force."""
    actor = actor_of(request)
    item = api.find_item(actor.tenant, code.replace("\x00", ""))
    context = {
        "item": item,
        "apply_url": _apply_url(item),
        "facts": guide_parts.facts(item),
        "limits": guide_parts.limits(item),
        "joint": guide_parts.joint(item),
        "materials": guide_parts.materials(item),
        "stops": guide_parts.stops(item),
        "picture": guide_parts.picture(item),
        "themes": [{"label": theme, "url": _themed(theme)} for theme in item.themes],
        "breadcrumbs": [
            {"label": _("首页"), "url": "/"},
            {"label": _("办事"), "url": reverse("catalogue:items")},
            {"label": item.name, "url": ""},
        ],
    }
    return render(request, "catalogue/guide.html", context)


def _themed(theme: str) -> str:
    return f"{reverse('catalogue:items')}?{urlencode({'theme': theme})}"


def _apply_url(item: api.ItemVersionView) -> str:
    """Where an application begins; empty when it cannot be made over the net, or no hall is installed."""
    if not item.online:
        return ""
    try:
        return reverse("service_hall:apply", args=[item.code])
    except NoReverseMatch:
        return ""


def _filter(name: str, options: list[api.Option], value: str) -> dict[str, object]:
    choices = [("", _("全部")), *((option.key, f"{option.label}（{option.count}）") for option in options)]
    if value and all(option.key != value for option in options):
        choices.append((value, _("没有这样的事项")))
    return {"name": name, "label": _LABELS[name], "type": "select", "options": choices, "value": value}


def _chosen(name: str, options: list[api.Option], value: str) -> dict[str, str]:
    label = next((option.label for option in options if option.key == value), value)
    return {"name": name, "text": f"{_LABELS[name]}：{label}"}
