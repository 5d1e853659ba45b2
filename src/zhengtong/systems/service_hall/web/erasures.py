"""删除我的信息: what would go and what stays, asking and taking back; the page of who decides."""

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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.erasure import Fate, Finding
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.paging import page_of
from zhengtong.kernel.policy import requires, signed_in
from zhengtong.kernel.ui.formats import cn_date, cn_datetime
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants.processing import ErasureState
from zhengtong.systems.service_hall.models import ErasureRequest
from zhengtong.systems.service_hall.web import pages

_FOUND = (
    {"key": "label", "label": gettext_lazy("数据")},
    {"key": "count", "label": gettext_lazy("数量"), "kind": "number"},
    {"key": "fate", "label": gettext_lazy("处理")},
    {"key": "reason", "label": gettext_lazy("说明")},
)


class AskForm(forms.Form):
    """Why, if he wants to say it, and that he knows what it means."""

    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    known = forms.BooleanField(
        label=gettext_lazy("我知道删除以后账户不能再用，也不能恢复；依法应当归档的办件会保留"),
        error_messages={"required": gettext_lazy("请先确认知道删除的后果。")},
    )


class DecideForm(forms.Form):
    """What was decided, and the words for it."""

    grant = forms.ChoiceField(
        label=gettext_lazy("决定"),
        choices=[("yes", gettext_lazy("同意删除（依法保留的除外）")), ("no", gettext_lazy("不同意删除"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择同意或者不同意。")},
    )
    answer = forms.CharField(
        label=gettext_lazy("答复"),
        max_length=1000,
        help_text=gettext_lazy("申请人看得到。保留哪些、依据什么，或者为什么不同意。"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("请写明答复；不同意的，写明依据和理由。")},
    )


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(app="service_hall")
def ask(request: HttpRequest) -> HttpResponse:
    """What would go and what stays; asking for it, only shortly after signing in."""
    actor = pages.actor_of(request)
    person_id = api.require_person(actor)
    form = AskForm(request.POST if request.method == "POST" else None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            row = api.ask_erasure(actor=actor, reason=form.cleaned_data["reason"])
        except Invalid as refusal:
            form.add_error(refusal.field or None, refusal.message)
        except Conflict as refusal:
            refused = refusal.message
        else:
            messages.success(request, _("已收到您的删除申请，最迟在%(day)s答复。") % {"day": cn_date(row.due_on)})
            return redirect("service_hall:my-data")
    context = {
        "form": form,
        "refused": refused,
        "columns": _FOUND,
        "rows": _rows(api.what_would_go(tenant=actor.tenant, person_id=person_id)),
        "breadcrumbs": pages.crumbs((_("我的信息"), reverse("service_hall:my-data")), (_("申请删除"), "")),
    }
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "service_hall/my_data/erasure.html", context, status=status)


@signed_in
@never_cache
@require_POST
def withdraw(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """Take a request back."""
    api.withdraw_erasure(actor=pages.actor_of(request), request_id=request_id)
    messages.success(request, _("已撤回删除申请，您的信息没有变化。"))
    return redirect("service_hall:my-data")


def my_requests(rows: list[ErasureRequest]) -> list[dict[str, Any]]:
    """The person's own requests, for the page of what is held."""
    return [
        {
            "at": cn_datetime(row.created_at),
            "title": row.get_state_display(),
            "note": row.answer or _("最迟在%(day)s答复") % {"day": cn_date(row.due_on)},
            "open": row.state == ErasureState.ASKED,
            "id": row.id,
            "kept": [one for one in row.findings if one["fate"] in (Fate.KEEP.value, Fate.OPEN.value)],
        }
        for row in rows
    ]


@requires(Role.SEC_ADMIN)
@never_cache
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Requests that wait for a decision, the most urgent first, and what was decided lately."""
    actor = pages.actor_of(request)
    today = local_date()
    page = page_of(api.erasures_waiting(actor=actor), request.GET.get("page"))
    context = {
        "desk_title": _("个人信息删除"),
        "breadcrumbs": [{"label": _("个人信息删除"), "url": ""}],
        "columns": [
            {"key": "at", "label": _("申请时间")},
            {"key": "due", "label": _("答复期限")},
        ],
        "rows": [
            {
                "at": cn_datetime(row.created_at),
                "due": cn_date(row.due_on) + (_("，已超过") if row.due_on < today else ""),
                "url": reverse("service_hall:desk-erasure", args=[row.id]),
            }
            for row in page.rows
        ],
        "page": page,
        "empty": {"title": _("没有等待决定的删除申请"), "why": _("个人申请删除自己的信息时会出现在这里。")},
        "decided_columns": [
            {"key": "at", "label": _("决定时间")},
            {"key": "state", "label": _("状态")},
            {"key": "erased", "label": _("删除了什么")},
        ],
        "decided": [
            {
                "at": cn_datetime(row.decided_at),
                "state": row.get_state_display(),
                "erased": "；".join(f"{label} {count}" for label, count in row.erased.items()),
                "url": reverse("service_hall:desk-erasure", args=[row.id]),
            }
            for row in api.erasures_decided(actor=actor)
        ],
    }
    return render(request, "service_hall/desk/my_data/erasures.html", context)


@requires(Role.SEC_ADMIN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """One request: who, what would go and what stays, and the decision; opening it is entered."""
    actor = pages.actor_of(request)
    row = api.read_erasure(actor=actor, request_id=request_id)
    form = DecideForm(request.POST if request.method == "POST" else None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            api.decide_erasure(actor=actor, request_id=row.id, grant=data["grant"] == "yes", answer=data["answer"])
        except Invalid as refusal:
            form.add_error(refusal.field or "answer", refusal.message)
        except Conflict as refusal:
            refused = refusal.message
        else:
            messages.success(request, _("已经决定，申请人会收到消息。同意的，几分钟内删除完毕。"))
            return redirect("service_hall:desk-erasures")
    waits = row.state == ErasureState.ASKED
    found = api.what_would_go(tenant=actor.tenant, person_id=row.person_id) if waits else None
    context = {
        "desk_title": _("个人信息删除"),
        "breadcrumbs": [
            {"label": _("个人信息删除"), "url": reverse("service_hall:desk-erasures")},
            {"label": _("删除申请"), "url": ""},
        ],
        "facts": _facts(row),
        "columns": _FOUND,
        "rows": row.findings if found is None else _rows(found),
        "hindered": any(one.fate is Fate.OPEN for one in found or ()),
        "form": form,
        "open": waits,
        "refused": refused,
    }
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "service_hall/desk/my_data/erasure.html", context, status=status)


def _rows(found: list[Finding]) -> list[dict[str, Any]]:
    return [
        {"label": one.label, "count": one.count, "fate": one.fate.value, "reason": one.reason or _("申请同意以后删除")}
        for one in found
    ]


def _facts(row: ErasureRequest) -> list[dict[str, str]]:
    decided = f"{row.get_state_display()} {row.decided_by} {cn_datetime(row.decided_at)}" if row.decided_at else ""
    rows = [
        (_("申请人"), row.person_name),
        (_("理由"), row.reason),
        (_("申请时间"), cn_datetime(row.created_at)),
        (_("答复期限"), cn_date(row.due_on)),
        (_("决定"), decided),
        (_("答复"), row.answer),
        (_("删除完成"), cn_datetime(row.done_at) if row.done_at else ""),
        (_("删除了什么"), "；".join(f"{label} {count}" for label, count in row.erased.items())),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]
