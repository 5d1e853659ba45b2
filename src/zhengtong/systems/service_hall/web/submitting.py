"""Handing in: the review, the receipt, the answer to a notice, taking it back."""

import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.policy import signed_in
from zhengtong.kernel.ui.qr import qr_svg
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import WITHDRAW_REASON_MIN, ApplicationStatus
from zhengtong.systems.service_hall.web import pages
from zhengtong.systems.service_hall.web.forms import ReviewForm


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Exactly what will be sent; the press hands it in, a second press leads to the same receipt."""
    actor = pages.actor_of(request)
    row = api.application_to_fill(actor=actor, application_id=application_id)
    if row.status != ApplicationStatus.DRAFT:
        return redirect("service_hall:receipt", row.id)
    if api.newer_item(row) is not None:
        return redirect("service_hall:newer", row.id)
    if actor.kind == "official":
        return redirect("service_hall:counter-show", row.id)
    errors: dict[str, str] = {}
    view = api.own_view(actor=actor, application_id=row.id)
    form = ReviewForm(
        request.POST if request.method == "POST" else None,
        initial={"notice_email": view.form.answers.get("email", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = api.submit_application(actor=actor, application_id=row.id, email=form.cleaned_data["notice_email"])
        except Invalid as refusal:
            errors = refusal.errors or {"": refusal.message}
            if "notice_email" in errors:
                form.add_error("notice_email", errors.pop("notice_email"))
        else:
            return redirect("service_hall:receipt", row.id)
    elif request.method == "POST":
        errors = view.gaps
    summary = pages.error_links(view, errors | {key: str(said[0]) for key, said in form.errors.items()})
    context: dict[str, Any] = {
        "view": view,
        "form": form,
        "summary": summary,
        "sections": pages.answers(view),
        "leftovers": view.form.left_over,
        "rows": pages.material_rows(view),
        "progress": pages.progress(view, "review"),
        "breadcrumbs": pages.crumbs((row.item_name, ""), (_("核对提交"), "")),
    }
    return render(request, "service_hall/review.html", context, status=422 if summary else 200)


@signed_in
@never_cache
@require_safe
def receipt(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """The receipt: number, query code, what happens next and until when."""
    view = api.own_view(actor=pages.actor_of(request), application_id=application_id)
    if view.case is None:
        return redirect(pages.next_step(view))
    row = view.row
    asked = urlencode({"number": row.number, "code": row.query_code})
    context: dict[str, Any] = {
        "view": view,
        "rows": [
            {"label": _("事项"), "value": row.item_name},
            {"label": _("申请人"), "value": row.applicant_name},
            {"label": _("受理单位"), "value": row.org_name},
            {"label": _("提交时间"), "value": row.submitted_at},
        ],
        "qr": qr_svg(f"{settings.ZHENGTONG_BASE_URL}{reverse('service_hall:track')}?{asked}"),
        "steps": pages.steps(view),
        "clock": pages.clock(view.case),
        "paper": next((paper for paper in view.papers if paper.kind == "receipt"), None),
        "breadcrumbs": pages.crumbs(
            (row.item_name, reverse("service_hall:application", args=[row.id])), (_("回执"), "")
        ),
    }
    return render(request, "service_hall/receipt.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def supplement(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Only what the notice named is open: give it, correct answers, hand in."""
    actor = pages.actor_of(request)
    view = api.view_to_fill(actor=actor, application_id=application_id)
    if view.open_notice is None:
        return redirect("service_hall:application", application_id)
    if request.method == "POST" and actor.kind == "official":
        return redirect("service_hall:counter-show", view.id)
    if request.method == "POST":
        try:
            api.answer_notice(
                actor=actor, application_id=view.id, command_key=f"answer:{view.id}:{view.open_notice.no}"
            )
        except Invalid as refusal:
            errors = {key: said for key, said in refusal.errors.items() if key != "materials"}
            return supplement_page(request, view, problems=errors or {"": refusal.message})
        messages.success(request, _("补正材料已提交。工作人员继续办理，办理时间接着计算。"))
        return redirect("service_hall:application", application_id)
    return supplement_page(request, view)


def supplement_page(
    request: HttpRequest,
    view: api.ApplicationView,
    *,
    error_key: str = "",
    error: str = "",
    problems: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The page; ``error`` belongs to a material, ``problems`` to the press of the button."""
    summary = pages.error_links(view, {f"material-{error_key}": error} if error else problems or {})
    for entry in summary:
        if entry["href"] == "#id_":
            entry["href"] = "#materials"
    offers = api.material_offers(actor=pages.actor_of(request), view=view)
    collected = api.scan_counts(view.row)
    rows = pages.material_rows(view, error_key=error_key, error=error, offers=offers, collected=collected)
    context: dict[str, Any] = {
        "view": view,
        "summary": summary,
        "named": [row for row in rows if row.material.reason],
        "may_follow": [row for row in rows if not row.material.reason],
        "sections": pages.answers(view),
        "accept": pages.ACCEPT,
        "breadcrumbs": pages.crumbs(
            (view.row.item_name, reverse("service_hall:application", args=[view.id])), (_("补正材料"), "")
        ),
    }
    return render(request, "service_hall/supplement.html", context, status=422 if summary else 200)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Take the application back: cannot be undone, so the reason is typed."""
    actor = pages.actor_of(request)
    row = api.own_application(actor=actor, application_id=application_id)
    reason, error = request.POST.get("reason", ""), ""
    if request.method == "POST":
        try:
            api.withdraw_application(
                actor=actor, application_id=row.id, reason=reason, command_key=f"withdraw:{row.id}"
            )
        except Invalid as refusal:
            error = refusal.message
        else:
            messages.success(request, _("申请已撤回。"))
            return redirect("service_hall:application", row.id)
    context: dict[str, Any] = {
        "row": row,
        "reason": reason,
        "error": error,
        "min_length": WITHDRAW_REASON_MIN,
        "breadcrumbs": pages.crumbs(
            (row.item_name, reverse("service_hall:application", args=[row.id])), (_("撤回申请"), "")
        ),
    }
    return render(request, "service_hall/withdraw.html", context, status=422 if error else 200)
