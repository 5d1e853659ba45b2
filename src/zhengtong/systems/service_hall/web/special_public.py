"""Matters on public notice: anybody reads, who has signed in objects under his own name."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.policy import public, signed_in
from zhengtong.systems.service_hall.selectors import special as reads
from zhengtong.systems.service_hall.services import special_steps
from zhengtong.systems.service_hall.web import pages
from zhengtong.systems.service_hall.web.special_forms import ObjectionForm


@public
@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What is on public notice today."""
    actor = pages.actor_of(request)
    page = reads.public_notices(actor.tenant, request.GET.get("page"))
    context: dict[str, Any] = {
        "notices": page.rows,
        "page": page,
        "breadcrumbs": pages.crumbs((_("公示"), "")),
    }
    return render(request, "service_hall/special/notices.html", context)


@public
@never_cache
@require_safe
def notice(request: HttpRequest, step_id: uuid.UUID) -> HttpResponse:
    """One public notice, with the way to object."""
    return _page(request, step_id)


@signed_in
@never_cache
@require_POST
def object_to(request: HttpRequest, step_id: uuid.UUID) -> HttpResponse:
    """Object; a refusal keeps everything typed."""
    actor = pages.actor_of(request)
    form = ObjectionForm(request.POST)
    if form.is_valid():
        try:
            special_steps.object_to(actor=actor, step_id=step_id, **form.cleaned_data)
        except (Invalid, Conflict, NotPermitted) as refusal:
            field = getattr(refusal, "field", None)
            form.add_error(field if field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("异议已经提交，办理单位核实以后会答复您，答复也会显示在本页。"))
            return redirect("service_hall:notice", step_id)
    return _page(request, step_id, form=form, status=422)


def _page(
    request: HttpRequest, step_id: uuid.UUID, *, form: ObjectionForm | None = None, status: int = 200
) -> HttpResponse:
    actor = pages.actor_of(request)
    found = reads.public_notice(actor.tenant, step_id)
    context: dict[str, Any] = {
        "notice": found,
        "mine": reads.own_objection(actor, step_id),
        "may_object": found.open and actor.kind in ("citizen", "legal_agent"),
        "form": form or ObjectionForm(),
        "breadcrumbs": pages.crumbs((_("公示"), reverse("service_hall:notices")), (found.item_name, "")),
    }
    return render(request, "service_hall/special/notice.html", context, status=status)
