"""The desk of who keeps sites: own sites, what waits for a signature, publishing and taking down."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.systems.sites.constants import ADMIN, PUBLISHER, STAFF_ROLES, SiteKind
from zhengtong.systems.sites.models import ArticlePage
from zhengtong.systems.sites.selectors import desk as selectors
from zhengtong.systems.sites.selectors.checking import found_on
from zhengtong.systems.sites.selectors.sharing import offers_of, offers_to, taking_columns
from zhengtong.systems.sites.services.publishing import publish_page, withdraw_page

_SITES = [
    {"key": "name", "label": gettext_lazy("网站")},
    {"key": "kind", "label": gettext_lazy("类别")},
    {"key": "address", "label": gettext_lazy("地址")},
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
                "address": site.url,
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
        "signs": signs,
        "offered": len(offers_to(actor)) if signs else 0,
        "keeps_words": actor.has_role(ADMIN),
        "site_columns": _SITES,
        "published_columns": _PUBLISHED,
        "waiting_columns": _WAITING,
    }
    return render(request, "sites/desk.html", context)


@requires(*STAFF_ROLES)
def one(request: HttpRequest, page_id: int) -> HttpResponse:
    """A page with its acts: read the newest version, publish it, take the page down."""
    return _shown(request, page_id)


@requires(PUBLISHER, ADMIN)
@require_POST
def publish(request: HttpRequest, page_id: int) -> HttpResponse:
    """Sign for the newest version."""
    try:
        override = request.POST.get("override_reason", "")
        page = publish_page(actor=actor_of(request), page_id=page_id, override_reason=override)
    except (Conflict, Invalid) as refusal:
        return _shown(request, page_id, refusal=refusal.message, override=override, status=409)
    messages.success(request, _("“%(title)s”已经发布。") % {"title": page.title})
    return redirect("sites_desk:desk")


@requires(PUBLISHER, ADMIN)
@require_POST
def withdraw(request: HttpRequest, page_id: int) -> HttpResponse:
    """Take a page down."""
    reason = request.POST.get("reason", "")
    try:
        page = withdraw_page(actor=actor_of(request), page_id=page_id, reason=reason)
    except Invalid as refusal:
        return _shown(request, page_id, reason=reason, reason_error=refusal.message, status=422)
    except Conflict as refusal:
        return _shown(request, page_id, reason=reason, refusal=refusal.message, status=409)
    messages.success(request, _("“%(title)s”已经撤下。") % {"title": page.title})
    return redirect("sites_desk:one", page_id=page.pk)


def _shown(request: HttpRequest, page_id: int, *, status: int = 200, **said: str) -> HttpResponse:
    actor = actor_of(request)
    page = selectors.page_in_reach(actor, page_id)
    waits = page.has_unpublished_changes and page.latest_revision is not None
    found = found_on(page.latest_revision.as_object()) if waits else []
    context = {
        "page": page,
        "waits": waits,
        "offers": offers_of(page) if isinstance(page, ArticlePage) else [],
        "columns": list(taking_columns(page))
        if isinstance(page, ArticlePage) and page.live and not page.origin_id
        else [],
        "found": found,
        "blocked": any(one.blocks for one in found),
        "site": page.site,
        "signs": actor.has_role(PUBLISHER, ADMIN),
        "live_url": page.relative_address() if page.live else "",
        **said,
    }
    return render(request, "sites/page.html", context, status=status)
