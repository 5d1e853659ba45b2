"""The gallery: every kind of module with its sample, in each of its layouts and frames."""

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhengtong.kernel.policy import actor_of, requires
from zhengtong.systems.sites.blocks import MODULES, Module, combinations
from zhengtong.systems.sites.blocks.module import FRAMES, GROUPS
from zhengtong.systems.sites.constants import STAFF_ROLES, Theme
from zhengtong.systems.sites.selectors import desk as selectors
from zhengtong.systems.sites.selectors import public

_BLOCKS: Final[dict[str, Module]] = {key: kind() for key, kind in MODULES.items()}


@requires(*STAFF_ROLES)
def library(request: HttpRequest) -> HttpResponse:
    """All kinds by group: what each is for, and in how many ways it can be shown."""
    groups = [
        {
            "label": group,
            "kinds": [
                {
                    "key": key,
                    "label": block.meta.label,
                    "purpose": block.PURPOSE,
                    "layouts": "、".join(str(label) for _word, label in block.LAYOUTS),
                    "number": len(block.LAYOUTS) * len(FRAMES),
                }
                for key, block in _BLOCKS.items()
                if block.GROUP is group
            ],
        }
        for group in GROUPS
    ]
    context = {"groups": groups, "kinds": len(MODULES), "combinations": combinations()}
    return render(request, "sites/gallery/library.html", context)


@requires(*STAFF_ROLES)
def kind(request: HttpRequest, key: str) -> HttpResponse:
    """One kind in every layout and frame; GET theme chooses the colours, frame or layout narrows what is shown."""
    block = _BLOCKS.get(key)
    if block is None:
        raise Http404(_("没有这种模块。"))
    actor = actor_of(request)
    own = selectors.own_sites(actor)
    site = own[0] if own else public.portal(actor.tenant)
    chosen = {name: request.GET.get(name, "") for name in ("layout", "frame", "theme")}
    layouts, frames = dict(block.LAYOUTS), dict(FRAMES)
    theme = chosen["theme"] if chosen["theme"] in Theme.values else site.theme if site else Theme.RED
    shown = (
        [
            {
                "layout": layouts[one["layout"]],
                "frame": frames[one["frame"]],
                "html": rendered(block, one, request, site),
            }
            for one in block.variants()
            if chosen["layout"] in {"", one["layout"]} and chosen["frame"] in {"", one["frame"]}
        ]
        if site
        else []
    )
    context = {
        "label": block.meta.label,
        "purpose": block.PURPOSE,
        "shown": shown,
        "theme": theme,
        "choices": [
            {"name": "layout", "label": _("版式"), "options": block.LAYOUTS, "value": chosen["layout"]},
            {"name": "frame", "label": _("外框"), "options": FRAMES, "value": chosen["frame"]},
            {"name": "theme", "label": _("主题"), "options": Theme.choices, "value": theme, "required": True},
        ],
    }
    return render(request, "sites/gallery/kind.html", context)


def rendered(block: Module, stored: dict[str, Any], request: HttpRequest, site: Any) -> str:
    """The HTML of a module as its page would show it, from what the editor would have stored."""
    context = {"request": request, "site": site, "page": site.home, "sample": True}
    return str(block.render(block.to_python(stored), context))
