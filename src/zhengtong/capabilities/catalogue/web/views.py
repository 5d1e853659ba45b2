"""The list of items and the guide of each; open to everybody."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.catalogue.selectors import apply_url
from zhengtong.capabilities.catalogue.web import files
from zhengtong.capabilities.catalogue.web import guide as guide_parts
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.pages import Matter, guide_acts, guide_blocks, matter_blocks
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
    """GET department, theme, applicant, power_type, depth, event, page; the address keeps what was chosen.

    Before anything is chosen the page offers the ways to an item: bundles, events of life, what most apply for.
    """
    actor = actor_of(request)
    given: dict[str, Any] = {
        name: request.GET.get(name, "")[:80].replace("\x00", "") for name in (*api.FILTERS, "event")
    }
    event = str(given.pop("event"))
    themes = api.themes_of_event(actor.tenant, event) if event else ()
    filters = api.ItemFilters(themes=themes, **given)
    options = api.filter_options(actor.tenant, filters)
    page = api.items(actor.tenant, filters, request.GET.get("page"))
    chosen = [_chosen(name, options[name], given[name]) for name in given if given[name]]
    if themes:
        chosen.insert(0, {"name": "event", "text": event})
    context = {
        "page": page,
        "filters": [_filter(name, options[name], given[name]) for name in given],
        "event": event if themes else "",
        "chosen": chosen,
        "breadcrumbs": [{"label": _("首页"), "url": "/"}, {"label": _("办事"), "url": ""}],
    }
    if not chosen and page.number == 1:
        context |= {
            "audiences": api.life_events(actor.tenant),
            "bundles": api.bundles(actor.tenant),
            "popular": api.most_applied(actor.tenant),
            "ways": [
                {"label": _("一件事"), "url": "#bundles"},
                {"label": _("个人"), "url": "#person"},
                {"label": _("企业"), "url": "#legal"},
                {"label": _("常办"), "url": "#popular"},
                {"label": _("按部门、按主题"), "url": "#all"},
            ],
        }
    return render(request, "catalogue/items.html", context)


@public
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """办事指南 of the version in force."""
    actor = actor_of(request)
    item = api.find_item(actor.tenant, code.replace("\x00", ""))
    matter = Matter(
        ref=ObjectRef(kind="item", id=str(item.item_id)),
        code=item.code,
        org_id=item.org_id,
        org_name=item.org_name,
        open=item.on_application,
        detail=item,
    )
    context = guide_parts.context(item) | {
        "acts": matter_blocks(guide_acts, request, matter),
        "blocks": matter_blocks(guide_blocks, request, matter),
        "apply_url": apply_url(item),
        "watchable": True,
        "watched": api.watches_item(actor, item.item_id),
        "themes": [{"label": theme, "url": _themed(theme)} for theme in item.themes],
        "breadcrumbs": [
            {"label": _("首页"), "url": "/"},
            {"label": _("办事"), "url": reverse("catalogue:items")},
            {"label": item.name, "url": ""},
        ],
    }
    return render(request, "catalogue/guide.html", context)


@public
@require_safe
def file(request: HttpRequest, code: str, file_id: uuid.UUID) -> HttpResponse:
    """A blank form or a sample of a material of the version in force."""
    actor = actor_of(request)
    found = api.find_item(actor.tenant, code.replace("\x00", ""))
    wanted = str(file_id)
    if not any(wanted in (each["blank_file"], each["sample_file"]) for each in found.materials):
        raise NotFound(_("没有找到这个文件，它可能已经随事项更新。请回到办事指南重新打开。"))
    return files.answer(actor.tenant, file_id)


def _themed(theme: str) -> str:
    return f"{reverse('catalogue:items')}?{urlencode({'theme': theme})}"


def _filter(name: str, options: list[api.Option], value: str) -> dict[str, object]:
    choices = [("", _("全部")), *((option.key, f"{option.label}（{option.count}）") for option in options)]
    if value and all(option.key != value for option in options):
        choices.append((value, _("没有这样的事项")))
    return {"name": name, "label": _LABELS[name], "type": "select", "options": choices, "value": value}


def _chosen(name: str, options: list[api.Option], value: str) -> dict[str, str]:
    label = next((option.label for option in options if option.key == value), value)
    return {"name": name, "text": f"{_LABELS[name]}：{label}"}
