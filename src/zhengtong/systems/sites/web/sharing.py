"""Offering an article to other sites, and deciding what is offered."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhengtong.kernel.errors import Conflict, DomainError, Invalid
from zhengtong.kernel.paging import page_of
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.systems.sites.constants import ADMIN, PUBLISHER, OfferState
from zhengtong.systems.sites.selectors.sharing import offers_to
from zhengtong.systems.sites.services import sharing


@requires(PUBLISHER, ADMIN)
def offers(request: HttpRequest) -> HttpResponse:
    """What other sites offer to mine."""
    return _offers(request)


def _offers(request: HttpRequest, *, refusal: DomainError | None = None, of: uuid.UUID | None = None) -> HttpResponse:
    """The list; after a refusal with the reason that was typed."""
    page = page_of(offers_to(actor_of(request)), request.GET.get("page"))
    context: dict[str, Any] = {"offers": page.rows, "page": page}
    if refusal is None:
        return render(request, "sites/offers.html", context)
    context |= {"refusal": refusal.message, "of": of, "typed": request.POST.get("reason", "")}
    return render(request, "sites/offers.html", context, status=409 if isinstance(refusal, Conflict) else 422)


@requires(PUBLISHER, ADMIN)
@require_POST
def offer(request: HttpRequest, page_id: int) -> HttpResponse:
    """Offer an article to a column."""
    column, quoted = request.POST.get("column", ""), request.POST.get("how") == "quote"
    try:
        if not column.isdecimal():
            raise Invalid(_("请选择推送到哪个栏目。"))
        found = sharing.offer_article(actor=actor_of(request), page_id=page_id, column_id=int(column), quoted=quoted)
    except (Conflict, Invalid) as refusal:
        messages.error(request, refusal.message)
    else:
        taken = found.state == OfferState.TAKEN
        messages.success(request, _("已推送，对方栏目自动接收。") if taken else _("已推送，等对方签发人接收。"))
    return redirect("sites_desk:one", page_id=page_id)


@requires(PUBLISHER, ADMIN)
@require_POST
def decide(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    """Take it or decline it."""
    actor = actor_of(request)
    try:
        if request.POST.get("act") == "take":
            page = sharing.take_offer(actor=actor, offer_id=offer_id)
            messages.success(request, _("已接收并发布“%(title)s”。") % {"title": page.title})
        else:
            sharing.decline_offer(actor=actor, offer_id=offer_id, reason=request.POST.get("reason", ""))
            messages.success(request, _("已回复不接收。"))
    except (Conflict, Invalid) as refusal:
        return _offers(request, refusal=refusal, of=offer_id)
    return redirect("sites_desk:offers")
