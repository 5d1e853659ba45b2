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
from zhengtong.kernel.errors import Conflict, DomainError, Invalid
from zhengtong.kernel.policy import requires
from zhengtong.kernel.texts import whole_text
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
    shared, own = _typed(request, keys)
    acts = [
        api.BatchAct(
            key,
            own[key] or shared,
            _text(request.POST.get(f"key-{key}", ""))[:64] or uuid.uuid4().hex,
        )
        for key in keys
    ]
    outcome = request.POST.get("outcome", "")[:24]
    try:
        _check_length(acts)
        results = api.complete_batch(actor=actor, outcome=outcome, acts=acts, decisions=decisions)
    except (Invalid, Conflict) as refusal:
        found = selectors.batch_of(actor=actor, work_item_ids=keys)
        if not found.rows or found.decisions != decisions:
            raise
        return _page(request, actor, found, back, decisions=decisions, refusal=refusal)
    api.count_uses(actor=actor, written=[act.opinion for act in acts])
    written = {act.work_item_id: act.opinion for act in acts}
    context = desk_pages.frame(request, actor, queue="todo") | {
        "done": [one for one in results if one.done],
        "refused": [(one, written[one.work_item_id]) for one in results if not one.done],
        "list_url": back.address(),
    }
    return render(request, "service_hall/desk/batch_done.html", context)


def _page(
    request: HttpRequest,
    actor: Actor,
    found: selectors.Batch,
    back: DeskState,
    *,
    decisions: bool,
    refusal: DomainError | None = None,
) -> HttpResponse:
    """The list to go through; after a refusal with every opinion typed so far."""
    shared, own = _typed(request, [row.item.id for row in found.rows])
    phrases = offered(selectors.phrases_of(actor), use="opinion", outcome=found.outcome)
    context: dict[str, Any] = desk_pages.frame(request, actor, queue="todo") | {
        "batch": found,
        "rows": [(row, uuid.uuid4().hex, own[row.item.id]) for row in found.rows],
        "opinion": shared,
        "error": refusal.message if refusal else "",
        "phrases": phrases,
        "back": back.query(),
        "list_url": back.address(),
        "action": desk_pages.batch_url(decisions=decisions),
    }
    status = 200 if refusal is None else 409 if isinstance(refusal, Conflict) else 422
    return render(request, "service_hall/desk/batch.html", context, status=status)


def _typed(request: HttpRequest, keys: list[uuid.UUID]) -> tuple[str, dict[uuid.UUID, str]]:
    """The opinion for all of them, and what was written for one of them alone."""
    return _text(request.POST.get("opinion", "")), {key: _text(request.POST.get(f"opinion-{key}", "")) for key in keys}


def _check_length(acts: list[api.BatchAct]) -> None:
    for act in acts:
        whole_text(act.opinion, _MAX_OPINION, label=_("意见"), field="opinion")


def _keys(values: list[str]) -> list[uuid.UUID]:
    found = []
    for value in values:
        try:
            found.append(uuid.UUID(value))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _text(value: str) -> str:
    return value.replace("\x00", "").replace("\r\n", "\n").strip()
