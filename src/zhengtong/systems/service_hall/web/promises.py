"""The applicant promises: to hand in later what may follow, or that he meets the conditions; and keeps his word."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import signed_in
from zhengtong.kernel.uploads import MAX_BYTES
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import ApplicationStatus, PromiseKind
from zhengtong.systems.service_hall.selectors import promises as reads
from zhengtong.systems.service_hall.selectors.promised import live_pledge
from zhengtong.systems.service_hall.web import pages
from zhengtong.systems.service_hall.web.special_forms import AgreeForm


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tolerance(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """What may follow, the promise to hand it in, and handing it in."""
    actor = pages.actor_of(request)
    row = api.own_application(actor=actor, application_id=application_id)
    if row.status == ApplicationStatus.DRAFT:
        return redirect("service_hall:review", row.id)
    form, refused, status = AgreeForm(), "", 200
    if request.method == "POST" and request.POST.get("act") == "give":
        refused = _give(request, row.id)
        if not refused:
            return redirect("service_hall:promise", row.id)
        status = 422
    elif request.method == "POST":
        form = AgreeForm(request.POST)
        status = 422
        if form.is_valid():
            try:
                api.sign_tolerance(actor=actor, application_id=row.id, agreed=form.cleaned_data["agreed"])
            except (Conflict, Invalid) as refusal:
                refused, status = refusal.message, 409
            else:
                messages.success(request, _("承诺已经签署，办理单位可以先行受理。"))
                return redirect("service_hall:promise", row.id)
    pledge = next((one for one in reads.pledges_of(row) if one.kind == PromiseKind.TOLERANCE), None)
    context: dict[str, Any] = {
        "row": row,
        "pledge": pledge,
        "offer": None if pledge else reads.tolerance_offer(row),
        "may_give": pledge is not None and live_pledge(row, PromiseKind.TOLERANCE) is not None,
        "form": form,
        "refused": refused,
        "accept": pages.ACCEPT,
        "breadcrumbs": pages.crumbs(
            (row.item_name, reverse("service_hall:application", args=[row.id])), (_("容缺受理承诺"), "")
        ),
    }
    return render(request, "service_hall/promises/tolerance.html", context, status=status)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def commitment(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """What the office tells, what the applicant promises instead of papers, and the ordinary way beside it."""
    actor = pages.actor_of(request)
    row = api.own_application(actor=actor, application_id=application_id)
    if row.status != ApplicationStatus.DRAFT:
        return redirect("service_hall:application", row.id)
    form, refused, status = AgreeForm(), "", 200
    if request.method == "POST" and request.POST.get("act") == "leave":
        api.leave_commitment(actor=actor, application_id=row.id)
        messages.success(request, _("已经改按一般程序办理，请交齐材料。"))
        return redirect("service_hall:materials", row.id)
    if request.method == "POST":
        form = AgreeForm(request.POST)
        status = 422
        if form.is_valid():
            try:
                api.choose_commitment(actor=actor, application_id=row.id, agreed=form.cleaned_data["agreed"])
            except (Conflict, Invalid) as refusal:
                refused, status = refusal.message, 409
            else:
                messages.success(request, _("已经选择告知承诺，承诺所代替的材料不用提交。"))
                return redirect("service_hall:materials", row.id)
    offer = reads.commitment_offer(row)
    view = api.own_view(actor=actor, application_id=row.id)
    context: dict[str, Any] = {
        "row": row,
        "stated": view.item.commitment,
        "offer": offer,
        "chosen": live_pledge(row, PromiseKind.COMMITMENT),
        "form": form,
        "refused": refused,
        "breadcrumbs": pages.crumbs(
            (row.item_name, reverse("service_hall:materials", args=[row.id])), (_("告知承诺"), "")
        ),
    }
    return render(request, "service_hall/promises/commitment.html", context, status=status)


def _give(request: HttpRequest, application_id: uuid.UUID) -> str:
    """Hand in what was promised; why it was refused, empty when it was taken."""
    files = [*request.FILES.getlist("file"), *request.FILES.getlist("photo")]
    if not files:
        return _("还没有选择文件。请先选择文件或拍照，再上传。")
    try:
        api.attach_material(
            actor=pages.actor_of(request),
            application_id=application_id,
            material_key=request.POST.get("key", "")[:60],
            name=files[0].name or "",
            content=files[0].read(MAX_BYTES + 1),
        )
    except (Invalid, Conflict) as refusal:
        return refusal.message
    messages.success(request, _("材料已经补交。"))
    return ""
