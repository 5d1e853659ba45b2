"""The pages of the sites, as the public reads them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from zhengtong.kernel.policy import actor_of, public
from zhengtong.systems.sites.constants import SiteKind
from zhengtong.systems.sites.models import ArticlePage
from zhengtong.systems.sites.selectors import public as selectors
from zhengtong.systems.sites.selectors.keeping import closed_notice
from zhengtong.systems.sites.web import shelving
from zhengtong.systems.sites.web.hosted import at_its_host

_GONE = "没有这个网页，它可能已经撤下或者移走了。"


@public
def group(request: HttpRequest) -> HttpResponse:
    """The county's portal; all open sites where there is no portal yet."""
    tenant = actor_of(request).tenant
    portal = selectors.portal(tenant)
    if portal is not None:
        return redirect(portal.url)
    groups = [(label, selectors.sites_of_kind(tenant, kind)) for kind, label in SiteKind.choices]
    context = {"groups": groups, "breadcrumbs": [{"label": _("首页"), "url": "/"}, {"label": _("网站群"), "url": ""}]}
    return render(request, "sites/group.html", context)


@public
def page(request: HttpRequest, code: str, rest: str = "") -> HttpResponse:
    """A published page of a site."""
    site = selectors.site_by_code(actor_of(request).tenant, code)
    if site is None:
        closing = closed_notice(actor_of(request).tenant, code)
        if closing is not None:
            return render(request, "sites/closed.html", {"closing": closing}, status=410)
    found = selectors.published_page(site, rest) if site is not None else None
    if found is None:
        raise Http404(_(_GONE))
    away = at_its_host(request, site) if site is not None else None
    if away is not None:
        return away
    if isinstance(found, ArticlePage) and found.quoted and found.origin is not None:
        return redirect(found.origin.relative_address())
    answer: HttpResponse = found.serve(request)
    answer.headers["Cache-Control"] = "no-cache"  # asked again each time, so that what was taken down is gone at once
    patch_vary_headers(answer, ["Cookie"])
    if site is not None:
        shelving.offer(request, site, rest)
    return answer
