"""The person who wrote: asking with number and code, or signed in; answer, satisfaction, review, withdrawal."""

import uuid
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.paging import page_of
from zhengtong.kernel.passes import Pass
from zhengtong.kernel.policy import actor_of, public, signed_in
from zhengtong.systems.complaints import api
from zhengtong.systems.complaints.constants import Satisfaction, State
from zhengtong.systems.complaints.models import Complaint
from zhengtong.systems.complaints.selectors.complaints import own as own_complaint
from zhengtong.systems.complaints.services import limits
from zhengtong.systems.complaints.web.forms import FindForm
from zhengtong.systems.complaints.web.words import clock_rows, crumbs, review_limit, subject_beyond, time_line

_PASS = Pass("complaints_pass")
_SENTENCES = {
    State.RECEIVED: gettext_lazy("已收到，等监察机构决定是否受理。"),
    State.ACCEPTED: gettext_lazy("已受理，正在确定由谁办理。"),
    State.ASSIGNED: gettext_lazy("正在调查核实。"),
    State.DRAFTED: gettext_lazy("承办单位已经提出答复，监察机构正在审定。"),
    State.MERGED: gettext_lazy("与反映同一问题的来件一并办理，办结后一并答复。"),
    State.ANSWERED: gettext_lazy("已经答复。请看答复，并告诉我们是否满意。"),
    State.REVIEW: gettext_lazy("正在复核。"),
    State.CLOSED: gettext_lazy("已经办结。"),
}
_DONE = {
    "withdraw": gettext_lazy("已经撤回。"),
    "satisfy": gettext_lazy("谢谢您的评价。"),
    "ask_review": gettext_lazy("已经申请复核，监察机构会另行答复。"),
}


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Ask for number and code; wrong ones are counted."""
    form = FindForm(request.POST or None)
    refused = None
    if request.method == "POST":
        refused = _PASS.give(request, form, lambda: _look_up(request, form))
        if refused is None:
            return redirect("complaints:result")
    context = {"form": form, "refused": refused, "breadcrumbs": crumbs((_("查询进展"), ""))}
    return render(request, "complaints/find.html", context, status=refused.status if refused else 200)


def _look_up(request: HttpRequest, form: FindForm) -> uuid.UUID:
    address = get_adapter().get_client_ip(request)
    return limits.look_up(tenant=actor_of(request).tenant, address=address, **form.cleaned_data)


@public
@never_cache
@require_safe
def result(request: HttpRequest) -> HttpResponse:
    """Where the complaint of the pass stands."""
    row = _passed(request)
    return _page(request, row, bearer=True) if row else redirect("complaints:find")


@public
@never_cache
@require_POST
def result_act(request: HttpRequest, act: str) -> HttpResponse:
    """What the holder of number and code may do."""
    row = _passed(request)
    return _act(request, row, act, bearer=True) if row else redirect("complaints:find")


@signed_in
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What the person wrote, signed in and not anonymously."""
    page = page_of(api.own_list(actor_of(request)), request.GET.get("page", 1))
    rows = [
        {
            "title": row.title,
            "kind": row.get_kind_display(),
            "state": row.get_state_display(),
            "at": row.received_at,
            "number": row.number,
            "url": reverse("complaints:own", args=[row.id]),
        }
        for row in page.rows
    ]
    context: dict[str, Any] = {
        "columns": [
            {"key": "title", "label": _("标题")},
            {"key": "kind", "label": _("类别")},
            {"key": "state", "label": _("进展")},
            {"key": "at", "label": _("提交时间"), "kind": "datetime"},
            {"key": "number", "label": _("编号"), "kind": "code"},
        ],
        "rows": rows,
        "page": page,
        "empty": {
            "title": _("没有来件"),
            "why": _("署名和身份保密的来件会列在这里；匿名的只能用编号和查询码查询。"),
        },
        "breadcrumbs": crumbs((_("我的来件"), "")),
    }
    return render(request, "complaints/mine.html", context)


@signed_in
@never_cache
@require_safe
def own(request: HttpRequest, complaint_id: uuid.UUID) -> HttpResponse:
    """One of them."""
    return _page(request, own_complaint(actor_of(request), complaint_id), bearer=False)


@signed_in
@never_cache
@require_POST
def own_act(request: HttpRequest, complaint_id: uuid.UUID, act: str) -> HttpResponse:
    """What the person may do with it."""
    return _act(request, own_complaint(actor_of(request), complaint_id), act, bearer=False)


def _passed(request: HttpRequest) -> Complaint | None:
    held = _PASS.held(request)
    return Complaint.objects.filter(tenant=actor_of(request).tenant, pk=held).first() if held else None


def _act(request: HttpRequest, row: Complaint, act: str, *, bearer: bool) -> HttpResponse:
    actor = actor_of(request)
    if act not in _DONE:
        raise NotFound(_("没有这项操作。"))
    try:
        _do(request, actor, row, act, bearer=bearer)
    except (Invalid, Conflict) as refusal:
        status = 409 if isinstance(refusal, Conflict) else 422
        return _page(request, row, bearer=bearer, failed=act, problem=refusal.message, status=status)
    messages.success(request, str(_DONE[act]))
    return redirect("complaints:result") if bearer else redirect("complaints:own", complaint_id=row.id)


def _do(request: HttpRequest, actor: Actor, row: Complaint, act: str, *, bearer: bool) -> None:
    text = request.POST.get("text", "")
    if act == "withdraw":
        api.withdraw(actor=actor, complaint_id=row.id, reason=text, bearer=bearer)
    elif act == "satisfy":
        said = request.POST.get("satisfaction", "")
        api.satisfy(actor=actor, complaint_id=row.id, satisfaction=said, text=text, bearer=bearer)
    else:
        api.ask_review(actor=actor, complaint_id=row.id, reason=text, bearer=bearer)


def _page(
    request: HttpRequest, row: Complaint, *, bearer: bool, failed: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    row.refresh_from_db()
    view = api.writer_view(row)
    context: dict[str, Any] = {
        "row": row,
        "view": view,
        "sentence": _SENTENCES[State(row.state)],
        "facts": _facts(row),
        "clocks": clock_rows(view.clocks),
        "acts": time_line(view.acts),
        "satisfactions": Satisfaction.choices,
        "act_urls": {act: _act_url(row, act, bearer=bearer) for act in _DONE},
        "review": review_limit(row.tenant),
        "failed": failed,
        "problem": problem,
        "typed": request.POST,
        "breadcrumbs": crumbs(
            (_("查询进展"), reverse("complaints:find")) if bearer else (_("我的来件"), reverse("complaints:mine")),
            (row.number, ""),
        ),
    }
    return render(request, "complaints/own.html", context, status=status)


def _act_url(row: Complaint, act: str, *, bearer: bool) -> str:
    if bearer:
        return reverse("complaints:result_act", args=[act])
    return reverse("complaints:own_act", args=[row.id, act])


def _facts(row: Complaint) -> list[dict[str, str]]:
    pairs = (
        (_("编号"), row.number),
        (_("类别"), row.get_kind_display()),
        (_("反映的对象"), " ".join(filter(None, [row.accused_org_name, row.accused_post_name]))),
        (_("所涉事项"), subject_beyond(row.subject_title, row.accused_org_name, row.accused_post_name)),
        (_("身份保护"), row.get_protection_display()),
        (_("承办"), _("监察机构直接办理") if row.by_office else row.handler_org_name),
        (_("转送机关"), row.transferred_to),
        (_("理由"), row.reason),
    )
    return [{"label": label, "value": value} for label, value in pairs if value]
