"""The search page: one box, what was found, and what to do when nothing was; suggestions while typing."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengtong.capabilities.search import api
from zhengtong.capabilities.search.constants import Order
from zhengtong.capabilities.search.registry import search_sources
from zhengtong.capabilities.search.web import narrowing
from zhengtong.capabilities.search.web.pace import Pace
from zhengtong.kernel.policy import actor_of, public

#: typing a word asks three or four times; a whole office may come from one address
_PACE = Pace(600)


@public
@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """GET what ``narrowing.read`` reads; the address keeps the search, so that it can be passed on."""
    actor, wanted = actor_of(request), narrowing.read(request)
    answer = api.answer(actor=actor, words=wanted.words, narrowing=wanted.narrowing, page=wanted.page)
    site, found = wanted.narrowing.site, answer.page
    if wanted.words and wanted.plain:
        code = site.code if site else ""
        api.count_search(actor=actor, words=wanted.words, site=code, found=answer.own, who=_who(request))
    sites = api.sites_by_code(actor.tenant, [] if site else [one.kind for one in found.sites])
    hot = api.hot_words(actor.tenant) if not found.rows else []
    context = {
        "wanted": wanted,
        "words": wanted.words,
        "search_query": wanted.words,
        "site": site,
        "answer": answer,
        "found": found,
        "kind": wanted.narrowing.kind,
        "part": wanted.narrowing.part,
        "newest": wanted.narrowing.order == Order.NEWEST,
        "narrowed": bool(wanted.narrowing.org or wanted.span),
        "all_count": sum(entry.count for entry in found.kinds),
        "filters": narrowing.filters(wanted, found, sites),
        "clear": narrowing.address(wanted),
        "meant_url": narrowing.address(wanted, q=answer.meant),
        "everywhere": narrowing.address(wanted, site=""),
        "hidden": {"site": site.code} if site else {},
        "suggest": f"/search/suggest/?site={site.code}" if site else "/search/suggest/",
        "hot": [{"label": one, "url": narrowing.address(wanted, q=one)} for one in hot],
        "browse": [source for _kind, source in search_sources.items() if source.browse_url],
        "breadcrumbs": [
            {"label": site.name if site else _("首页"), "url": site.url if site else "/"},
            {"label": _("搜索"), "url": ""},
        ],
    }
    return render(request, "search/search.html", context)


@public
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """GET ``q``, ``site``: what goes on from what was typed, the same for everybody."""
    if not _PACE.allows(str(get_adapter().get_client_ip(request))):
        return JsonResponse({"items": []}, status=429, headers={"Retry-After": "60"})
    wanted, tenant = narrowing.read(request), actor_of(request).tenant
    found = api.suggested(tenant=tenant, typed=wanted.words, site=wanted.narrowing.site)
    items = [
        {"text": one.text, "note": one.note, "url": one.url or narrowing.address(wanted, q=one.text)} for one in found
    ]
    return JsonResponse({"items": items}, headers={"Cache-Control": "max-age=60"})


def _who(request: HttpRequest) -> str:
    """What tells one visitor from another today: his session, else his address and browser; never kept as such."""
    agent = request.META.get("HTTP_USER_AGENT", "")[:200]
    return request.session.session_key or f"{get_adapter().get_client_ip(request)} {agent}"
