"""The search page: one box, what was found, and what to do when nothing was."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhengtong.capabilities.search import api
from zhengtong.capabilities.search.registry import search_sources
from zhengtong.capabilities.search.rules import MOST_QUERY_CHARACTERS
from zhengtong.kernel.policy import actor_of, public


@public
def search_page(request: HttpRequest) -> HttpResponse:
    """GET ``q``, ``kind``, ``page``; the address keeps the search, so that it can be passed on."""
    words = " ".join(request.GET.get("q", "").split())[:MOST_QUERY_CHARACTERS]
    kind = request.GET.get("kind", "")
    sources = [source for _kind, source in search_sources.items()]
    number = request.GET.get("page", "")
    found = api.search(
        actor=actor_of(request),
        query=words,
        kind=kind if kind in search_sources else None,
        page=int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1,
    )
    context = {
        "nearest": api.nearest(actor=actor_of(request), words=words) if words and not found.matched else [],
        "words": words,
        "search_query": words,
        "kind": kind if kind in search_sources else "",
        "found": found,
        "all_count": sum(entry.count for entry in found.kinds),
        "browse": [source for source in sources if source.browse_url],
        "breadcrumbs": [{"label": _("首页"), "url": "/"}, {"label": _("搜索"), "url": ""}],
    }
    return render(request, "search/search.html", context)
