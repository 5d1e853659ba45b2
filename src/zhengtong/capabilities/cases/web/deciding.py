"""A draft on its way to a version: submitted, taken back, sent back, approved, discarded; and comparisons."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from zhengtong.capabilities.cases.selectors import drafts as selectors
from zhengtong.capabilities.cases.services import drafts as services
from zhengtong.capabilities.cases.web import words
from zhengtong.capabilities.cases.web.modeller import READERS, draft_context, read_rev
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.policy import actor_of, requires

_MOVES: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "submit": (services.submit_draft, ("rev",)),
    "recall": (services.recall_draft, ()),
    "approve": (services.approve_draft, ("rev", "note")),
    "reject": (services.reject_draft, ("rev", "reason")),
    "discard": (services.discard_draft, ("reason",)),
}
_DONE = {
    "submit": gettext_lazy("已报批，等另一名流程管理员或者本单位负责人批准。"),
    "recall": gettext_lazy("已收回，可以继续修改。"),
    "approve": gettext_lazy("已启用。新的办件按这一版办理，在办的件仍按原来的版本。"),
    "reject": gettext_lazy("已退回绘制人修改。"),
    "discard": gettext_lazy("草稿已作废。"),
}


@requires(*READERS, fresh_factor=True)
@require_POST
def move_draft(request: HttpRequest, draft_id: uuid.UUID, move: str) -> HttpResponse:
    """One act on a draft; what was typed stays when it cannot be done."""
    if move not in _MOVES:
        raise NotFound(_("没有这项操作。"))
    actor = actor_of(request)
    service, names = _MOVES[move]
    typed: dict[str, Any] = {name: request.POST.get(name, "").strip() for name in names}
    if "rev" in typed:
        typed["rev"] = read_rev(typed["rev"])
    try:
        service(actor=actor, draft_id=draft_id, **typed)
    except (Invalid, Conflict) as error:
        context = draft_context(actor, selectors.draft_view(actor, draft_id))
        context |= {"failed": move, "problem": error.message, "typed": typed}
        return render(request, "cases/draft.html", context, status=409 if isinstance(error, Conflict) else 422)
    messages.success(request, str(_DONE[move]))
    return redirect("processes:draft", draft_id=draft_id)


@requires(*READERS)
@require_GET
def compare_draft(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """The draft beside the version it comes from."""
    actor = actor_of(request)
    view = selectors.draft_view(actor, draft_id)
    crumbs = [{"label": view.row.title, "url": reverse("processes:draft", args=[draft_id])}]
    return _comparison(request, view.row.title, crumbs, selectors.draft_comparison(actor, draft_id))


@requires(*READERS)
@require_GET
def compare_versions(request: HttpRequest, version_id: uuid.UUID, other_id: uuid.UUID) -> HttpResponse:
    """Two versions of a process side by side."""
    actor = actor_of(request)
    row = selectors.version_row(actor, version_id)
    crumbs = [{"label": row.title, "url": reverse("processes:version", args=[version_id])}]
    return _comparison(request, row.title, crumbs, selectors.version_comparison(actor, version_id, other_id))


def _comparison(
    request: HttpRequest, title: str, crumbs: list[dict[str, str]], found: selectors.Comparison
) -> HttpResponse:
    home = {"label": _("流程管理"), "url": reverse("processes:list")}
    context = {
        "desk_title": _("流程管理"),
        "breadcrumbs": [home, *crumbs, {"label": _("版本比较")}],
        "title": title,
        "comparison": words.comparison(found),
    }
    return render(request, "cases/compare.html", context)
