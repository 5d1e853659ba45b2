"""我的信息: what is held about me, who read it, a copy, and the correction of what is wrong; the desk that answers."""

import uuid
from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.personal_data import holdings_of
from zhengtong.kernel.policy import requires, signed_in
from zhengtong.kernel.ui.formats import cn_date, cn_datetime, group4
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import CorrectionState
from zhengtong.systems.service_hall.models import CorrectionRequest
from zhengtong.systems.service_hall.web import desk_pages, pages
from zhengtong.systems.service_hall.web.erasures import my_requests
from zhengtong.systems.service_hall.web.materials import download


class CorrectionForm(forms.Form):
    """What is wrong and what is right."""

    holding = forms.ChoiceField(
        label=gettext_lazy("哪一类信息"), error_messages={"required": gettext_lazy("请选择是哪一类信息。")}
    )
    application = forms.ChoiceField(
        label=gettext_lazy("哪个办件"),
        required=False,
        help_text=gettext_lazy("办件、材料和证照上的信息，由办理那个办件的单位更正。"),
    )
    wrong = forms.CharField(
        label=gettext_lazy("有误的内容"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请写明哪里不对。")},
    )
    right = forms.CharField(
        label=gettext_lazy("应当更正为"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请写明正确的内容。")},
    )

    def __init__(self, request: HttpRequest, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        actor = pages.actor_of(request)
        kinds = [(one.key, one.label) for one in holdings_of(actor)]
        rows = [(str(row.id), f"{row.title} {group4(row.number)}") for row in api.correctable_applications(actor=actor)]
        self.fields["holding"].choices = [("", _("请选择")), *kinds]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["application"].choices = [("", _("不是办件里的信息")), *rows]  # type: ignore[attr-defined]  # the same


class AnswerForm(forms.Form):
    """What became of a request."""

    state = forms.ChoiceField(
        label=gettext_lazy("处理结果"),
        choices=[
            (CorrectionState.CORRECTED.value, CorrectionState.CORRECTED.label),
            (CorrectionState.REFUSED.value, CorrectionState.REFUSED.label),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择已更正或者没有更正。")},
    )
    answer = forms.CharField(
        label=gettext_lazy("答复"),
        max_length=1000,
        help_text=gettext_lazy("怎样更正的，或者为什么不能更正。申请人看得到。"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("请写明怎样更正的，或者为什么不能更正。")},
    )


@signed_in
@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What is held about me, what for and how long; my requests to correct it."""
    actor = pages.actor_of(request)
    api.require_person(actor)
    context: dict[str, Any] = {
        "holdings": holdings_of(actor),
        "applicant": actor.on_behalf_of or actor.name,
        "corrections": [
            {
                "at": cn_datetime(row.created_at),
                "title": f"{row.holding_label}：{row.get_state_display()}",
                "who": row.org_name,
                "note": row.answer or _("最迟在%(day)s答复") % {"day": cn_date(row.due_on)},
            }
            for row in api.my_corrections(actor=actor)
        ],
        "erasures": my_requests(api.my_erasures(actor=actor)),
        "breadcrumbs": pages.crumbs((_("我的信息"), "")),
    }
    return render(request, "service_hall/my_data/overview.html", context)


@signed_in
@never_cache
@require_safe
def readings(request: HttpRequest) -> HttpResponse:
    """Who read what is held about me, in all apps."""
    actor = pages.actor_of(request)
    api.require_person(actor)
    page = api.my_readings(actor=actor, page=request.GET.get("page", 1))
    context: dict[str, Any] = {
        "page": page,
        "lines": [
            {
                "at": cn_datetime(entry.at),
                "title": f"{entry.actor_org_name} {entry.actor_post_name}".strip() or entry.actor_name,
                "who": f"{entry.act_label}（{entry.object_label}）",
                "note": _("用途：%(purpose)s") % {"purpose": entry.purpose} if entry.purpose else "",
            }
            for entry in page.rows
        ],
        "breadcrumbs": _crumbs(_("谁看过我的信息")),
    }
    return render(request, "service_hall/my_data/readings.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(app="service_hall")
def copy(request: HttpRequest) -> HttpResponse:
    """A copy of what is held about me; only shortly after signing in, else the password is asked for again."""
    actor = pages.actor_of(request)
    api.require_person(actor)
    if request.method == "POST":
        name, content = api.copy_of_data(actor=actor, with_files=request.POST.get("files") == "on")
        return download(name, content, "application/zip")
    return render(request, "service_hall/my_data/copy.html", {"breadcrumbs": _crumbs(_("下载副本"))})


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest) -> HttpResponse:
    """Ask for the correction of what is wrong."""
    actor = pages.actor_of(request)
    api.require_person(actor)
    form = CorrectionForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        chosen = data["application"]
        try:
            row = api.ask_correction(
                actor=actor,
                holding=data["holding"],
                wrong=data["wrong"],
                right=data["right"],
                application_id=uuid.UUID(chosen) if chosen else None,
            )
        except Invalid as refusal:
            for name, said in refusal.errors.items():
                form.add_error(name, said)
        else:
            words = {"org": row.org_name, "day": cn_date(row.due_on)}
            messages.success(request, _("更正申请已交给%(org)s，最迟在%(day)s答复您。") % words)
            return redirect("service_hall:my-data")
    context = {"form": form, "breadcrumbs": _crumbs(_("申请更正"))}
    return render(request, "service_hall/my_data/correction.html", context, status=422 if form.errors else 200)


def _crumbs(here: str) -> list[dict[str, str]]:
    return pages.crumbs((_("我的信息"), reverse("service_hall:my-data")), (here, ""))


@requires(*desk_pages.COUNTER_AND_HANDLERS)
@require_GET
@never_cache
def waiting(request: HttpRequest) -> HttpResponse:
    """Requests that wait for the unit, the most urgent first; late ones say so."""
    actor = pages.actor_of(request)
    today = local_date()
    context = desk_pages.frame(request, actor, queue="corrections") | {
        "columns": [
            {"key": "what", "label": _("信息")},
            {"key": "at", "label": _("申请时间")},
            {"key": "due", "label": _("答复期限")},
        ],
        "rows": [
            {
                "what": row.holding_label,
                "at": cn_datetime(row.created_at),
                "due": cn_date(row.due_on) + (_("，已超过") if row.due_on < today else ""),
                "url": reverse("service_hall:desk-correction", args=[row.id]),
            }
            for row in api.corrections_waiting(actor=actor)
        ],
        "empty": {"title": _("没有等待答复的更正申请"), "why": _("个人申请更正本单位保管的信息时会出现在这里。")},
    }
    return render(request, "service_hall/desk/my_data/waiting.html", context)


@requires(*desk_pages.COUNTER_AND_HANDLERS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def answer(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """One request, and its answer; opening it is entered, the person sees it."""
    actor = pages.actor_of(request)
    row = api.read_correction(actor=actor, request_id=request_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            api.answer_correction(actor=actor, request_id=row.id, **form.cleaned_data)
        except Invalid as refusal:
            form.add_error(refusal.field or "answer", refusal.message)
        except Conflict as refusal:
            refused = refusal.message
        else:
            messages.success(request, _("已经答复，申请人会收到消息。"))
            return redirect("service_hall:desk-corrections")
    context = desk_pages.frame(request, actor, queue="corrections") | {
        "facts": _facts(row),
        "form": form,
        "open": row.state == CorrectionState.ASKED,
        "refused": refused,
    }
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "service_hall/desk/my_data/answer.html", context, status=status)


def _facts(row: CorrectionRequest) -> list[dict[str, str]]:
    answered = f"{row.get_state_display()} {row.answered_by} {cn_datetime(row.answered_at)}" if row.answered_at else ""
    rows = [
        (_("申请人"), row.person_name),
        (_("信息"), row.holding_label),
        (_("有误的内容"), row.wrong),
        (_("应当更正为"), row.right),
        (_("申请时间"), cn_datetime(row.created_at)),
        (_("答复期限"), cn_date(row.due_on)),
        (_("处理结果"), answered),
        (_("答复"), row.answer),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]
