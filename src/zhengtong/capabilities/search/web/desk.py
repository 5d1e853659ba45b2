"""The desk of who looks after searches: what was not found, words on show, synonyms."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.capabilities.search import selectors, services
from zhengtong.capabilities.search.constants import EDITORS, HOT_DAYS, HOT_SEARCHERS, KEEPER, SEARCHED, Stand
from zhengtong.kernel import parameters
from zhengtong.kernel.errors import DomainError
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.exports import MOST_ROWS, download, sheet_of

_MISSED = [
    {"key": "words", "label": gettext_lazy("检索词")},
    {"key": "searchers", "label": gettext_lazy("人次"), "kind": "number"},
    {"key": "times", "label": gettext_lazy("次数"), "kind": "number"},
    {"key": "last_at", "label": gettext_lazy("最近一次"), "kind": "datetime"},
    {"key": "where", "label": gettext_lazy("在哪个网站查的")},
    {"key": "done", "label": gettext_lazy("处理情况")},
]
_VERSIONS = [
    {"key": "version", "label": gettext_lazy("版次")},
    {"key": "note", "label": gettext_lazy("修改说明")},
    {"key": "at", "label": gettext_lazy("保存时间"), "kind": "datetime"},
]


@requires(*EDITORS)
@require_safe
def missed(request: HttpRequest) -> HttpResponse:
    """What was searched for in vain; GET ``page``, ``all=1`` also what was seen to."""
    return _report(request)


@requires(*EDITORS)
@require_POST
def handle(request: HttpRequest) -> HttpResponse:
    """Note what was done about a word, and let it mean the same as another one."""
    words, note, synonym = (request.POST.get(name, "") for name in ("words", "note", "synonym"))
    try:
        services.handle_missed(actor=actor_of(request), words=words, note=note, synonym=synonym)
    except DomainError as refusal:
        return _report(request, refusal=refusal.message, picked=words, typed={"note": note, "synonym": synonym})
    messages.success(request, _("“%(words)s”已记为处理过；以后再有人查不到，会重新列出来。") % {"words": words})
    return redirect("search:missed")


@requires(*EDITORS)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The whole report, with what was seen to, as a workbook."""
    tenant = actor_of(request).tenant
    found = selectors.missed_words(tenant, handled=True, size=MOST_ROWS).rows
    return download(_("没有结果的检索词"), sheet_of(_("没有结果的检索词"), _MISSED, _lines(tenant, found)))


@requires(KEEPER)
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest) -> HttpResponse:
    """The hot words as they stand; pin one, or hide one."""
    actor, refusal, status = actor_of(request), "", 200
    typed = {name: request.POST.get(name, "") for name in ("words", "stand")}
    if request.method == "POST":
        try:
            row = services.set_stand(actor=actor, words=typed["words"], stand=typed["stand"])
        except DomainError as error:
            refusal, status = error.message, 422
        else:
            messages.success(
                request, _("“%(words)s”：%(stand)s。") % {"words": row.words, "stand": row.get_stand_display()}
            )
            return redirect("search:words")
    known = parameters.values(HOT_DAYS, HOT_SEARCHERS, tenant=actor.tenant)
    context = {
        "hot": selectors.hot_words(actor.tenant),
        "stands": selectors.word_stands(actor.tenant),
        "choices": Stand.choices,
        "typed": typed,
        "refusal": refusal,
        "days": known[HOT_DAYS],
        "least": known[HOT_SEARCHERS],
    }
    return render(request, "search/words.html", context, status=status)


@requires(KEEPER)
@require_POST
def release(request: HttpRequest) -> HttpResponse:
    """Let a word stand as its count says."""
    words = request.POST.get("words", "")
    try:
        services.release_word(actor=actor_of(request), words=words)
    except DomainError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, _("“%(words)s”不再固定或隐藏。") % {"words": words})
    return redirect("search:words")


@requires(KEEPER)
@require_http_methods(["GET", "HEAD", "POST"])
def synonyms(request: HttpRequest) -> HttpResponse:
    """Read the synonyms, and save a new version."""
    actor, refusal, status = actor_of(request), "", 200
    text, version = selectors.synonyms_text(actor.tenant)
    note = request.POST.get("note", "")
    if request.method == "POST":
        text, seen = request.POST.get("text", ""), request.POST.get("seen", "")
        try:
            row = services.keep_synonyms(
                actor=actor, text=text, note=note, seen=int(seen) if seen.isdecimal() and len(seen) < 9 else -1
            )
        except DomainError as error:
            refusal, status = error.message, 422
        else:
            messages.success(request, _("同义词已保存为第 %(n)d 版，马上生效。") % {"n": row.version})
            return redirect("search:synonyms")
    context = {
        "text": text,
        "note": note,
        "version": version,
        "refusal": refusal,
        "columns": _VERSIONS,
        "versions": [
            {"version": one.version, "note": one.note, "at": one.created_at}
            for one in selectors.synonym_versions(actor.tenant)
        ],
    }
    return render(request, "search/synonyms.html", context, status=status)


def _report(
    request: HttpRequest, *, refusal: str = "", picked: str = "", typed: dict[str, str] | None = None
) -> HttpResponse:
    actor = actor_of(request)
    everything = request.GET.get("all") == "1"
    page = selectors.missed_words(actor.tenant, number=request.GET.get("page"), handled=everything)
    context = {
        "page": page,
        "rows": _lines(actor.tenant, page.rows),
        "columns": _MISSED,
        "empty": {
            "title": _("没有查不到的词"),
            "why": _("公众查过、没有结果的词会列在这里，办事人自己的号码不会记下来。"),
        },
        "everything": everything,
        "picked": picked or request.GET.get("words", ""),
        "typed": typed or {},
        "refusal": refusal,
        "keeps": actor.has_role(KEEPER),
        "days": parameters.value(SEARCHED.period, tenant=actor.tenant),
    }
    return render(request, "search/missed.html", context, status=422 if refusal else 200)


def _lines(tenant: str, found: list[selectors.Missed]) -> list[dict[str, Any]]:
    """Rows for the table and the workbook, with the names of the sites."""
    names = selectors.sites_by_code(tenant, {code for one in found for code in one.sites if code})
    return [
        {
            "words": one.words,
            "url": f"?words={quote(one.words)}#handle" if one.open else "",
            "searchers": one.searchers,
            "times": one.times,
            "last_at": one.last_at,
            "where": "、".join(names[code].name if code in names else code or _("全部网站") for code in one.sites),
            "done": _done(one),
        }
        for one in found
    ]


def _done(one: selectors.Missed) -> str:
    if one.handled_at is None:
        return ""
    told = _("%(note)s（同义词：%(word)s）") % {"note": one.note, "word": one.synonym} if one.synonym else one.note
    return _("处理后又有人查：%(note)s") % {"note": told} if one.open else told
