"""Who asked: following the request with number and code, or signed in; correcting, reasons, withdrawal, papers."""

import uuid
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.paging import page_of
from zhengtong.kernel.passes import Pass
from zhengtong.kernel.policy import actor_of, public, signed_in
from zhengtong.kernel.ui.formats import cn_date, cn_datetime, money
from zhengtong.systems.disclosure import api
from zhengtong.systems.disclosure.constants import FeeState, State
from zhengtong.systems.disclosure.models import DisclosureRequest, HandlingFee
from zhengtong.systems.disclosure.rules.outcomes import OUTCOMES
from zhengtong.systems.disclosure.selectors.clocks import clocks_of
from zhengtong.systems.disclosure.selectors.pages import act_lines, readings
from zhengtong.systems.disclosure.selectors.requests import applicant_acts
from zhengtong.systems.disclosure.selectors.requests import own as own_request
from zhengtong.systems.disclosure.services import limits
from zhengtong.systems.disclosure.services.reading import OpenedFile
from zhengtong.systems.disclosure.web.forms import FindForm
from zhengtong.systems.disclosure.web.words import clock_rows, crumbs, time_line

_PASS = Pass("disclosure_pass")
_SENTENCES = {
    State.AWAITING: gettext_lazy("您的来信或者传真已经登记，等单位与您确认；确认之日为收到申请之日。"),
    State.HANDLING: gettext_lazy("单位正在办理。"),
    State.CORRECTING: gettext_lazy("申请内容需要补正，请在期限内补正；逾期不补正的，视为放弃申请。"),
    State.CONSULTING: gettext_lazy("正在征求第三方或者其他机关的意见，所需时间不计入答复期限。"),
    State.UNPAID: gettext_lazy("请在期限内缴纳信息处理费；逾期不缴的，视为放弃申请。"),
    State.DRAFTED: gettext_lazy("答复已经拟好，正在审定。"),
    State.CLOSED: gettext_lazy("已经办结。"),
}
_ACTS: dict[str, Callable[..., object]] = {
    "corrected": api.correct,
    "give_reasons": api.give_reasons,
    "withdraw": api.withdraw,
}
_DONE = {
    "corrected": gettext_lazy("补正已经收到，答复期限从今天起算。"),
    "give_reasons": gettext_lazy("理由已经收到。"),
    "withdraw": gettext_lazy("申请已经撤回。"),
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
            return redirect("disclosure:result")
    context = {"form": form, "refused": refused, "breadcrumbs": crumbs((_("查询进展"), ""))}
    return render(request, "disclosure/find.html", context, status=refused.status if refused else 200)


def _look_up(request: HttpRequest, form: FindForm) -> uuid.UUID:
    address = get_adapter().get_client_ip(request)
    return limits.look_up(tenant=actor_of(request).tenant, address=address, **form.cleaned_data)


@public
@never_cache
@require_safe
def result(request: HttpRequest) -> HttpResponse:
    """Where the request of the pass stands."""
    row = _passed(request)
    return _page(request, row, bearer=True) if row else redirect("disclosure:find")


@public
@never_cache
@require_POST
def result_act(request: HttpRequest, act: str) -> HttpResponse:
    """What the holder of number and code may do."""
    row = _passed(request)
    return _act(request, row, act, bearer=True) if row else redirect("disclosure:find")


@public
@never_cache
@require_safe
def result_file(request: HttpRequest, what: str, no: int) -> HttpResponse:
    """A letter or a file of the request of the pass."""
    row = _passed(request)
    return _file(request, row, what, no, bearer=True) if row else redirect("disclosure:find")


@signed_in
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What the person, or the legal person he speaks for, asked."""
    page = page_of(api.own_list(actor_of(request)), request.GET.get("page", 1))
    rows = [
        {
            "title": row.title,
            "org": row.org_name,
            "state": row.get_outcome_display() or row.get_state_display(),
            "at": row.received_at,
            "number": row.number,
            "url": reverse("disclosure:own", args=[row.id]),
        }
        for row in page.rows
    ]
    context: dict[str, Any] = {
        "columns": [
            {"key": "title", "label": _("所需信息")},
            {"key": "org", "label": _("受理单位")},
            {"key": "state", "label": _("进展")},
            {"key": "at", "label": _("提交时间"), "kind": "datetime"},
            {"key": "number", "label": _("编号"), "kind": "code"},
        ],
        "rows": rows,
        "page": page,
        "empty": {"title": _("没有申请"), "why": _("登录后提交的信息公开申请会列在这里。")},
        "breadcrumbs": crumbs((_("我的申请"), "")),
    }
    return render(request, "disclosure/mine.html", context)


@signed_in
@never_cache
@require_safe
def own(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """One of them."""
    return _page(request, own_request(actor_of(request), request_id), bearer=False)


@signed_in
@never_cache
@require_POST
def own_act(request: HttpRequest, request_id: uuid.UUID, act: str) -> HttpResponse:
    """What the person may do with it."""
    return _act(request, own_request(actor_of(request), request_id), act, bearer=False)


@signed_in
@never_cache
@require_safe
def own_file(request: HttpRequest, request_id: uuid.UUID, what: str, no: int) -> HttpResponse:
    """A letter or a file of it."""
    return _file(request, own_request(actor_of(request), request_id), what, no, bearer=False)


def shown_file(found: OpenedFile) -> HttpResponse:
    """A file for the browser to save."""
    response = HttpResponse(found.content, content_type=found.content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _passed(request: HttpRequest) -> DisclosureRequest | None:
    held = _PASS.held(request)
    return DisclosureRequest.objects.filter(tenant=actor_of(request).tenant, pk=held).first() if held else None


def _file(request: HttpRequest, row: DisclosureRequest, what: str, no: int, *, bearer: bool) -> HttpResponse:
    actor: Actor = actor_of(request)
    if what == "letter":
        return shown_file(api.read_own_letter(actor=actor, row=row, no=no, bearer=bearer))
    if what == "file":
        return shown_file(api.open_own_file(actor=actor, row=row, no=no, bearer=bearer))
    raise NotFound(_("没有这个文件。"))


def _act(request: HttpRequest, row: DisclosureRequest, act: str, *, bearer: bool) -> HttpResponse:
    if act not in _ACTS:
        raise NotFound(_("没有这项操作。"))
    field = "reason" if act == "withdraw" else "text"
    given = {field: request.POST.get("text", "")}
    try:
        _ACTS[act](actor=actor_of(request), request_id=row.id, bearer=bearer, **given)
    except (Invalid, Conflict) as refusal:
        status = 409 if isinstance(refusal, Conflict) else 422
        return _page(request, row, bearer=bearer, failed=act, problem=refusal.message, status=status)
    messages.success(request, str(_DONE[act]))
    return redirect("disclosure:result") if bearer else redirect("disclosure:own", request_id=row.id)


def _page(
    request: HttpRequest,
    row: DisclosureRequest,
    *,
    bearer: bool,
    failed: str = "",
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    row.refresh_from_db()
    fee = HandlingFee.objects.filter(request=row).first()
    found = OUTCOMES.get(row.outcome)
    context: dict[str, Any] = {
        "row": row,
        "sentence": _SENTENCES[State(row.state)],
        "says": found.says if found else "",
        "article": found.article if found else "",
        "acts_now": applicant_acts(row),
        "facts": _facts(row),
        "clocks": clock_rows(clocks_of(row)),
        "acts": time_line(act_lines(row, told_only=True)),
        "readings": readings(row),
        "letters": [(one, _file_url(row, "letter", one.no, bearer=bearer)) for one in _letters(row)],
        "files": _files(row, bearer=bearer),
        "parts": row.parts.order_by("number"),
        "fee": fee,
        "fee_money": money(fee.amount_fen / 100) if fee else "",
        "fee_open": fee is not None and fee.state == FeeState.ASKED,
        "act_urls": {act: _act_url(row, act, bearer=bearer) for act in _ACTS},
        "failed": failed,
        "problem": problem,
        "typed": request.POST,
        "breadcrumbs": crumbs(
            (_("查询进展"), reverse("disclosure:find")) if bearer else (_("我的申请"), reverse("disclosure:mine")),
            (row.number, ""),
        ),
    }
    return render(request, "disclosure/own.html", context, status=status)


def _letters(row: DisclosureRequest) -> list[Any]:
    return list(row.letters.filter(to_applicant=True).order_by("no"))


def _files(row: DisclosureRequest, *, bearer: bool) -> list[dict[str, str]]:
    rows = row.files.filter(provided=True).order_by("no") if row.state == State.CLOSED else ()
    return [{"name": one.name, "url": _file_url(row, "file", one.no, bearer=bearer)} for one in rows]


def _file_url(row: DisclosureRequest, what: str, no: int, *, bearer: bool) -> str:
    if bearer:
        return reverse("disclosure:result_file", args=[what, no])
    return reverse("disclosure:own_file", args=[row.id, what, no])


def _act_url(row: DisclosureRequest, act: str, *, bearer: bool) -> str:
    if bearer:
        return reverse("disclosure:result_act", args=[act])
    return reverse("disclosure:own_act", args=[row.id, act])


def _facts(row: DisclosureRequest) -> list[dict[str, str]]:
    pairs = (
        (_("编号"), row.number),
        (_("受理单位"), row.org_name),
        (_("申请事项"), row.get_kind_display()),
        (_("文号"), row.document_number),
        (_("提供信息的形式"), row.get_form_display()),
        (_("获取信息的方式"), row.get_delivery_display()),
        (_("登记时间"), cn_datetime(row.received_at)),
        (_("收到申请之日"), cn_date(row.received_on) if row.received_on else _("待确认")),
        (_("收到补正之日"), cn_date(row.corrected_on) if row.corrected_on else ""),
    )
    return [{"label": label, "value": value} for label, value in pairs if value]
