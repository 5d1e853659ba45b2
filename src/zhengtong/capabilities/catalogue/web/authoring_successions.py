"""事项承接: items whose unit was merged or abolished; the keeper of the list says who carries them on."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.catalogue.web import authoring_frame as frames
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import actor_of, requires


@requires(Role.ITEM_ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def successions(request: HttpRequest) -> HttpResponse:
    """Which items wait, who would carry each on, and the act that settles the ticked ones."""
    actor = actor_of(request)
    if request.method != "POST":
        return _page(request, actor, {})
    waiting = {str(each.id): each.id for each in api.successions(actor=actor)}
    chosen: list[uuid.UUID] = [waiting[key] for key in request.POST.getlist("succession") if key in waiting]
    typed = {"reason": frames.written(request, "reason"), "heir": request.POST.get("heir", "")[:20]}
    if not chosen:
        return _page(request, actor, typed, problem=_("请先勾选要处理的事项。"), status=422)
    try:
        count = api.take_over_items(actor=actor, succession_ids=chosen, reason=typed["reason"], heir_code=typed["heir"])
    except (Invalid, Conflict) as refusal:
        status = 422 if isinstance(refusal, Invalid) else 409
        return _page(request, actor, typed, problem=refusal.message, chosen=chosen, status=status)
    messages.success(request, _("%(n)d 个事项已经改由承继单位实施，在办的办件不变。") % {"n": count})
    return redirect("catalogue_desk:desk_successions")


def _page(
    request: HttpRequest,
    actor: Actor,
    typed: dict[str, str],
    *,
    problem: str = "",
    chosen: list[uuid.UUID] | None = None,
    status: int = 200,
) -> HttpResponse:
    units: list[tuple[str, str]] = [("", _("按机构调整的承继单位"))]
    units += [(unit.code, unit.name) for unit in identity.organisations(actor.tenant)]
    context: dict[str, Any] = frames.frame(request, actor)
    context["breadcrumbs"] = [*context["breadcrumbs"], {"label": _("事项承接")}]
    context |= {
        "rows": [{"row": row, "chosen": row.id in (chosen or [])} for row in api.successions(actor=actor)],
        "units": units,
        "typed": typed,
        "problem": problem,
    }
    return render(request, "catalogue/desk/successions.html", context, status=status)
