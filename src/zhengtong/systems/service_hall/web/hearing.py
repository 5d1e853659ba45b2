"""The applicant asks for the hearing he was told of, or waives it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.kernel.errors import Conflict
from zhengtong.kernel.policy import signed_in
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.web import pages
from zhengtong.systems.service_hall.web.forms import HearingForm, HearingWaiverForm


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """What the right to a hearing means, and the request while its time runs; what was typed stays when refused."""
    actor = pages.actor_of(request)
    row = api.own_application(actor=actor, application_id=application_id)
    form = HearingForm(request.POST if request.method == "POST" else None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            api.ask_for_hearing(actor=actor, application_id=row.id, text=form.cleaned_data["text"])
        except Conflict as refusal:
            refused = refusal.message
        else:
            messages.success(request, _("已经申请听证。办理单位确定时间和地点以后，会提前 7 个工作日通知您。"))
            return redirect("service_hall:application", row.id)
    return _page(request, row.id, form=form, refused=refused)


@signed_in
@never_cache
@require_POST
def waive(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """No hearing is wanted, said with a tick: the decision need not wait for the end of the time."""
    actor = pages.actor_of(request)
    row = api.own_application(actor=actor, application_id=application_id)
    form = HearingWaiverForm(request.POST)
    refused = ""
    if form.is_valid():
        try:
            api.waive_hearing(actor=actor, application_id=row.id)
        except Conflict as refusal:
            refused = refusal.message
        else:
            messages.success(request, _("已经登记：您放弃听证，办理单位可以作出决定。"))
            return redirect("service_hall:application", row.id)
    return _page(request, row.id, waiver=form, refused=refused)


def _page(
    request: HttpRequest,
    application_id: uuid.UUID,
    *,
    form: HearingForm | None = None,
    waiver: HearingWaiverForm | None = None,
    refused: str = "",
) -> HttpResponse:
    view = api.own_view(actor=pages.actor_of(request), application_id=application_id)
    if view.case is None:
        return redirect(pages.next_step(view))
    hearing = view.case.hearing
    form, waiver = form or HearingForm(), waiver or HearingWaiverForm()
    context: dict[str, Any] = {
        "view": view,
        "form": form,
        "waiver": waiver,
        "refused": refused,
        "hearing": hearing,
        "may_ask_hearing": hearing is not None and hearing.may_ask and view.case.status == "open",
        "breadcrumbs": pages.crumbs(
            (view.row.item_name, reverse("service_hall:application", args=[view.id])), (_("申请听证"), "")
        ),
    }
    status = 409 if refused else 422 if form.errors or waiver.errors else 200
    return render(request, "service_hall/hearing.html", context, status=status)
