"""The pages of the portal."""

import dataclasses
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, is_valid_path, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.kernel.pages import rendered_home_blocks
from zhengtong.kernel.policy import actor_of, public
from zhengtong.kernel.systems import SystemConfig

_POPULAR = 6
_THEMES_SHOWN = 12
_DEPARTMENTS_SHOWN = 12
_SOURCES = Path(__file__).parents[2]

# pages for the signed-in and for staff hold nothing a search engine should keep
_ROBOTS = """User-agent: *
Disallow: /accounts/
Disallow: /cms/
Disallow: /console/
Disallow: /ledger/
Disallow: /messages/
Disallow: /search/
Disallow: /services/
Disallow: /sites/
Disallow: /supervision/
Disallow: /verify/
"""


@dataclasses.dataclass(frozen=True)
class SystemRow:
    """One line of the table: name in the plan, other words, clauses, folder, page."""

    name: str
    aliases: str
    clauses: tuple[str, ...]
    folder: str
    url: str


@public
def home(request: HttpRequest) -> HttpResponse:
    """首页: search first, the services most used, what the apps have to say to this reader, departments, themes."""
    actor = actor_of(request)
    popular = catalogue.most_applied(actor.tenant, _POPULAR)
    items_url = _address("catalogue:items")
    themes = catalogue.themes(actor.tenant)
    departments = [_choice(items_url, "department", option) for option in catalogue.departments(actor.tenant)]
    context = {
        "popular": popular,
        "blocks": [mark_safe(block) for block in rendered_home_blocks(request)],  # noqa: S308 - made by templates
        "departments": departments[:_DEPARTMENTS_SHOWN],
        "more_departments": departments[_DEPARTMENTS_SHOWN:],
        "themes": [_choice(items_url, "theme", option) for option in themes[:_THEMES_SHOWN]],
        "items_url": items_url,
        "track_url": _address("service_hall:track"),
        "verify_url": _address("documents:verify"),
        "notices_url": _address("service_hall:notices"),
    }
    return render(request, "portal/home.html", context)


@public
def about(request: HttpRequest) -> HttpResponse:
    """网站地图与系统目录: each name of the planning documents, where it lives and where it opens."""
    context = {"rows": system_rows(), "breadcrumbs": _crumbs(_("网站地图与系统目录"))}
    return render(request, "portal/about.html", context)


@public
def privacy(request: HttpRequest) -> HttpResponse:
    """个人信息保护: what is kept, why, how long, and what one can ask for."""
    return render(request, "portal/privacy.html", {"breadcrumbs": _crumbs(_("个人信息保护"))})


@public
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read."""
    text = f"{_ROBOTS}\nSitemap: {settings.ZHENGTONG_BASE_URL.rstrip('/')}{reverse('sites:group_map')}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def system_rows() -> list[SystemRow]:
    """All capabilities and systems by their configuration, in the order they are installed, from top to bottom."""
    found = [config for config in apps.get_app_configs() if isinstance(config, SystemConfig)]
    return [
        SystemRow(
            name=str(config.verbose_name),
            aliases="、".join(str(alias) for alias in config.aliases),
            clauses=config.plan_refs,
            folder=Path(config.path).relative_to(_SOURCES.parent).as_posix(),
            url=config.home_url if config.home_url and is_valid_path(config.home_url) else "",
        )
        for config in reversed(found)
    ]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _choice(url: str, name: str, option: catalogue.Option) -> dict[str, Any]:
    return {"label": option.label, "count": option.count, "url": f"{url}?{urlencode({name: option.key})}"}


def _crumbs(label: str) -> list[dict[str, str]]:
    return [{"label": _("首页"), "url": "/"}, {"label": label, "url": ""}]
