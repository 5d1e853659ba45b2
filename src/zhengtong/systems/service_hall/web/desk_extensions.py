"""More time for a case: asked for on its page, decided by the leader of the body the law names."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import requires
from zhengtong.kernel.ui.formats import cn_date, cn_datetime, group4
from zhengtong.systems.service_hall.web import desk, desk_clocks, desk_pages
from zhengtong.systems.service_hall.web.desk_forms import ExtensionForm
from zhengtong.systems.service_hall.web.pages import actor_of

_MAX_NOTE = 500


@requires(*desk_pages.HANDLERS)
@require_POST
@never_cache
def ask(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Ask for more time for a case of the own unit; a refusal brings the page back with everything typed."""
    actor = actor_of(request)
    form = ExtensionForm(request.POST)
    if form.is_valid():
        try:
            cases.request_extension(
                actor=actor,
                case_id=case_id,
                days=form.cleaned_data["days"],
                reason=form.cleaned_data["extension_reason"],
            )
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            messages.success(request, _("已经提出延长申请，等待批准。批准前时限照常计算。"))
            return redirect(desk_pages.case_url(case_id))
    return desk.case_page(request, actor, case_id, extension_form=form, status=422)


@requires(Role.LEADER)
@require_GET
@never_cache
def waiting(request: HttpRequest) -> HttpResponse:
    """Requests that wait for the leaders of the actor's unit."""
    actor = actor_of(request)
    rows = cases.extensions_to_decide(actor)
    columns = [
        {"key": "number", "label": _("编号"), "kind": "code"},
        {"key": "item", "label": _("事项")},
        {"key": "unit", "label": _("申请单位")},
        {"key": "days", "label": _("延长")},
        {"key": "asked", "label": _("提出时间")},
        {"key": "due", "label": _("法定时限")},
    ]
    context = desk_pages.frame(request, actor, queue="extensions") | {
        "columns": columns,
        "rows": [_row(actor, one) for one in rows],
        "empty": {"title": _("没有等待批准的延长申请"), "why": _("各单位提出的延长申请会出现在这里。")},
    }
    return render(request, "service_hall/desk/extensions.html", context)


@requires(*desk_pages.HANDLERS)
@require_http_methods(["GET", "POST"])
@never_cache
def decide(request: HttpRequest, extension_id: uuid.UUID) -> HttpResponse:
    """One request: its case, reason and limits, and for the leader the decision."""
    actor = actor_of(request)
    view = cases.extension_to_decide(actor, extension_id)
    error, status = "", 200
    if request.method == "POST":
        try:
            _carry_out(request, actor, extension_id)
        except Invalid as refusal:
            error, status = refusal.message, 422
        except Conflict as refusal:
            error, status = refusal.message, 409
        else:
            return redirect("service_hall:extensions")
    context: dict[str, Any] = desk_pages.frame(request, actor, queue="extensions") | {
        "extension": view,
        "facts": _facts(actor, view),
        "may_decide": view.decidable_by(actor),
        "case_url": desk_pages.case_url(view.case_id),
        "error": error,
        "note": request.POST.get("note", "")[:_MAX_NOTE],
    }
    return render(request, "service_hall/desk/extension.html", context, status=status)


def _carry_out(request: HttpRequest, actor: Actor, extension_id: uuid.UUID) -> None:
    note = request.POST.get("note", "").replace("\x00", "").strip()
    if len(note) > _MAX_NOTE:
        raise Invalid(_("意见不超过 %(most)d 个字。") % {"most": _MAX_NOTE}, field="note")
    if request.POST.get("decision") == "grant":
        cases.approve_extension(actor=actor, extension_id=extension_id, note=note)
        messages.success(request, _("已经批准延长，截止日重新计算，并书面告知申请人。"))
    elif request.POST.get("decision") == "refuse":
        cases.refuse_extension(actor=actor, extension_id=extension_id, note=note)
        messages.success(request, _("已经不予批准，原截止日不变。"))
    else:
        raise Invalid(_("请选择批准或者不予批准。"), field="decision")


def _row(actor: Actor, view: cases.ExtensionView) -> dict[str, Any]:
    due = view.statutory_due_at
    return {
        "number": view.number,
        "item": view.title,
        "unit": view.org_name,
        "days": f"{view.days} {view.unit_label}",
        "asked": cn_datetime(view.asked_at),
        "due": desk_clocks.time_left(due, cases.calendar_of(actor.tenant)) if due else _("停止计时"),
        "url": reverse("service_hall:extension", args=[view.id]),
    }


def _facts(actor: Actor, view: cases.ExtensionView) -> list[dict[str, Any]]:
    row = _row(actor, view)
    decided = f"{view.state_label} {view.decided_by} {cn_datetime(view.decided_at)}" if view.decided_at else ""
    last = cn_date(desk_clocks.last_day(view.statutory_due_at)) if view.statutory_due_at else ""
    found = [
        (_("编号"), group4(view.number)),
        (_("事项"), view.title),
        (_("主办单位"), view.org_name),
        (_("申请延长"), row["days"]),
        (_("理由"), view.reason),
        (_("法律依据"), view.basis),
        (_("法定时限截止"), f"{last}（{row['due']}）" if last else row["due"]),
        (_("提出人"), f"{view.asked_by} {cn_datetime(view.asked_at)}"),
        (_("批准机关"), _("%(body)s负责人") % {"body": view.approver_org_name}),
        (_("处理结果"), decided),
        (_("处理意见"), view.note),
    ]
    return [{"label": label, "value": value} for label, value in found if value]
