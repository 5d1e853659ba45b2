"""Several tasks at one stroke: first all of them on one page with what stands against each, then each by itself."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import requires
from zhengtong.systems.service_hall import api, selectors
from zhengtong.systems.service_hall.constants import BATCH_LIMIT
from zhengtong.systems.service_hall.rules import offered
from zhengtong.systems.service_hall.web import desk_pages
from zhengtong.systems.service_hall.web.desk_queue import DeskState
from zhengtong.systems.service_hall.web.pages import actor_of

_MAX_OPINION = 2000


@requires(*desk_pages.HANDLERS)
@require_http_methods(["GET", "POST"])
@never_cache
def batch(request: HttpRequest) -> HttpResponse:
    """Acceptances, agreements and reviews passed at one stroke; decisions lead on to their own page."""
    return _batch(request, decisions=False)


@requires(Role.LEADER, fresh_factor=True)
@require_http_methods(["GET", "POST"])
@never_cache
def decisions(request: HttpRequest) -> HttpResponse:
    """Approvals at one stroke: who signs for the unit has just shown that it is he."""
    return _batch(request, decisions=True)


def _batch(request: HttpRequest, *, decisions: bool) -> HttpResponse:
    actor = actor_of(request)
    sent = request.POST if request.method == "POST" else request.GET
    keys = _keys(sent.getlist("pick"))
    back = DeskState.of_text(sent.get("back", ""))
    most = int(parameters.value(BATCH_LIMIT, tenant=actor.tenant))
    if not keys or len(keys) > most:
        too_many = _("一次最多批量办理 %(most)d 件，请减少以后再办。") % {"most": most}
        messages.error(request, too_many if keys else _("请先在列表中勾选要一起办理的事项。"))
        return redirect(back.address())
    if request.method == "POST":
        return _complete(request, actor, keys, back, decisions=decisions)
    found = selectors.batch_of(actor=actor, work_item_ids=keys)
    if found.decisions and not decisions:
        return redirect(f"{desk_pages.batch_url(decisions=True)}?{request.GET.urlencode()}")
    return _page(request, actor, found, back, decisions=decisions)


def _complete(
    request: HttpRequest, actor: Actor, keys: list[uuid.UUID], back: DeskState, *, decisions: bool
) -> HttpResponse:
    shared = _text(request.POST.get("opinion", ""))
    acts = [
        api.BatchAct(
            key,
            _text(request.POST.get(f"opinion-{key}", "")) or shared,
            _text(request.POST.get(f"key-{key}", ""))[:64] or uuid.uuid4().hex,
        )
        for key in keys
    ]
    outcome = request.POST.get("outcome", "")[:24]
    try:
        results = api.complete_batch(actor=actor, outcome=outcome, acts=acts, decisions=decisions)
    except (Invalid, Conflict) as refusal:
        messages.error(request, refusal.message)
        return redirect(back.address())
    api.count_uses(actor=actor, written=[act.opinion for act in acts])
    context = desk_pages.frame(request, actor, queue="todo") | {
        "done": [one for one in results if one.done],
        "refused": [one for one in results if not one.done],
        "list_url": back.address(),
    }
    return render(request, "service_hall/desk/batch_done.html", context)


def _page(
    request: HttpRequest, actor: Actor, found: selectors.Batch, back: DeskState, *, decisions: bool
) -> HttpResponse:
    phrases = offered(selectors.phrases_of(actor), use="opinion", outcome=found.outcome)
    context: dict[str, Any] = desk_pages.frame(request, actor, queue="todo") | {
        "batch": found,
        "rows": [(row, uuid.uuid4().hex) for row in found.rows],
        "phrases": phrases,
        "back": back.query(),
        "list_url": back.address(),
        "action": desk_pages.batch_url(decisions=decisions),
    }
    return render(request, "service_hall/desk/batch.html", context)


def _keys(values: list[str]) -> list[uuid.UUID]:
    found = []
    for value in values:
        try:
            found.append(uuid.UUID(value))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _text(value: str) -> str:
    return value.replace("\x00", "").replace("\r\n", "\n").strip()[:_MAX_OPINION]
