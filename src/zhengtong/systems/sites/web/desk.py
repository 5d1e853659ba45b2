"""The desk of who keeps sites: own sites, what waits for a signature, publishing and taking down."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.systems.sites.constants import ADMIN, PUBLISHER, STAFF_ROLES, SiteKind
from zhengtong.systems.sites.selectors import desk as selectors
from zhengtong.systems.sites.selectors import moments
from zhengtong.systems.sites.selectors.reviewing import own_work
from zhengtong.systems.sites.selectors.sharing import offers_to
from zhengtong.systems.sites.services.publishing import publish_page, withdraw_page
from zhengtong.systems.sites.web import one_page
from zhengtong.systems.sites.web.reading import moment
from zhengtong.systems.sites.web.reviewing import review_rows

_SITES = [
    {"key": "name", "label": gettext_lazy("网站")},
    {"key": "kind", "label": gettext_lazy("类别")},
    {"key": "address", "label": gettext_lazy("地址")},
    {"key": "kept", "label": gettext_lazy("管理")},
]
_REVIEWS = [
    {"key": "title", "label": gettext_lazy("网页")},
    {"key": "step", "label": gettext_lazy("环节")},
    {"key": "author", "label": gettext_lazy("送审人")},
    {"key": "since", "label": gettext_lazy("到达时间"), "kind": "datetime"},
    {"key": "due", "label": gettext_lazy("时限"), "kind": "lamp"},
]
_OWN = [
    {"key": "title", "label": gettext_lazy("文章")},
    {"key": "site", "label": gettext_lazy("网站")},
    {"key": "where", "label": gettext_lazy("在哪里")},
    {"key": "at", "label": gettext_lazy("时间"), "kind": "datetime"},
]
_MOMENTS = [
    {"key": "title", "label": gettext_lazy("网页")},
    {"key": "site", "label": gettext_lazy("网站")},
    {"key": "turn", "label": gettext_lazy("动作")},
    {"key": "due_at", "label": gettext_lazy("时刻"), "kind": "datetime"},
    {"key": "state", "label": gettext_lazy("状态"), "kind": "lamp"},
]
_PUBLISHED = [
    {"key": "title", "label": gettext_lazy("网页")},
    {"key": "site", "label": gettext_lazy("网站")},
    {"key": "at", "label": gettext_lazy("发布时间"), "kind": "datetime"},
]
_WAITING = [
    {"key": "title", "label": gettext_lazy("网页")},
    {"key": "site", "label": gettext_lazy("网站")},
    {"key": "kind", "label": gettext_lazy("类别")},
    {"key": "writer", "label": gettext_lazy("编辑人")},
    {"key": "at", "label": gettext_lazy("保存时间"), "kind": "datetime"},
]


@requires(*STAFF_ROLES)
def desk(request: HttpRequest) -> HttpResponse:
    """My sites, and the versions that wait for me."""
    actor = actor_of(request)
    signs = actor.has_role(PUBLISHER, ADMIN)
    waiting = selectors.waiting_to_be_signed(actor) if signs else []
    context = {
        "sites": [
            {
                "name": site.name,
                "url": reverse("wagtailadmin_explore", args=[site.home.pk]),
                "kind": SiteKind(site.kind).label,
                "address": site.shown_host or site.url,
                "address_url": site.in_full(site.url) if site.host else site.url,
                "kept": _("审核、责任人、移交"),
                "kept_url": reverse("sites_desk:site", args=[site.pk]),
            }
            for site in selectors.own_sites(actor)
        ],
        "waiting": [
            {
                "title": one.title,
                "url": reverse("sites_desk:one", args=[one.page_id]),
                "site": one.site,
                "kind": one.kind,
                "writer": _("%(name)s（您自己）") % {"name": one.writer} if one.mine else one.writer,
                "at": one.at,
            }
            for one in waiting
        ],
        "published": [
            {
                "title": page.title,
                "url": reverse("sites_desk:one", args=[page.pk]),
                "site": page.site.name if page.site else "",
                "at": page.last_published_at,
            }
            for page in selectors.newly_published(actor)
        ],
        "reviews": review_rows(request),
        "review_columns": _REVIEWS,
        "own": _own(actor),
        "own_columns": _OWN,
        "own_empty": {"title": _("没有在写的文章"), "why": _("您保存的草稿和送审的文章会列在这里，说明到了哪里。")},
        "moments": _moments(actor),
        "moment_columns": _MOMENTS,
        "bin": moments.deleted(actor),
        "signs": signs,
        "offered": offers_to(actor).count() if signs else 0,
        "keeps_words": actor.has_role(ADMIN),
        "site_columns": _SITES,
        "published_columns": _PUBLISHED,
        "waiting_columns": _WAITING,
    }
    return render(request, "sites/desk.html", context)


def _own(actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            "title": one.title,
            "url": reverse("sites_desk:one", args=[one.page_id]),
            "site": one.site,
            "where": one.where,
            "at": one.at,
        }
        for one in own_work(actor)
    ]


def _moments(actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            "title": one.title,
            "url": reverse("sites_desk:one", args=[one.page_id]),
            "site": one.site.name,
            "turn": one.get_turn_display(),
            "due_at": one.due_at,
            "state": {"state": "red" if late else "green", "note": one.note or one.get_state_display()},
        }
        for one, late in moments.waiting(actor)
    ]


@requires(*STAFF_ROLES)
def one(request: HttpRequest, page_id: int) -> HttpResponse:
    """A page with its acts: read the newest version, have it reviewed or publish it, take the page down."""
    return one_page.shown(request, page_id)


@requires(PUBLISHER, ADMIN)
@require_POST
def publish(request: HttpRequest, page_id: int) -> HttpResponse:
    """Sign for the newest version, for now or for a moment."""
    try:
        up, down = moment(request, "go_live_at"), moment(request, "expire_at")
        page = publish_page(
            actor=actor_of(request),
            page_id=page_id,
            go_live_at=up,
            expire_at=down,
            override_reason=request.POST.get("override_reason", ""),
        )
    except (Invalid, Conflict) as refusal:
        return one_page.refused(request, page_id, refusal)
    said = _("“%(title)s”已经签发，到时自动发布。") if up else _("“%(title)s”已经发布。")
    messages.success(request, said % {"title": page.draft_title})
    return redirect("sites_desk:desk")


@requires(PUBLISHER, ADMIN)
@require_POST
def withdraw(request: HttpRequest, page_id: int) -> HttpResponse:
    """Take a page down."""
    try:
        page = withdraw_page(actor=actor_of(request), page_id=page_id, reason=request.POST.get("reason", ""))
    except (Invalid, Conflict) as refusal:
        return one_page.refused(request, page_id, refusal)
    messages.success(request, _("“%(title)s”已经撤下。") % {"title": page.title})
    return redirect("sites_desk:one", page_id=page.pk)
