"""One visit: on the phone of an inspector point by point, at the desk of the office, in the unit that rectifies."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, DomainError, Invalid, NoRoom, NotFound
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_date, cn_datetime
from zhengtong.systems.inspections import api
from zhengtong.systems.inspections.constants import DESK_ROLES, Result, Verdict
from zhengtong.systems.inspections.permissions import in_office
from zhengtong.systems.inspections.selectors.pages import VisitView
from zhengtong.systems.inspections.selectors.referrals import referrals_of
from zhengtong.systems.inspections.web.forms import files_of, point_words
from zhengtong.systems.inspections.web.words import desk_context, time_line

_LAMPS = {Result.GOOD: "green", Result.BAD: "red", Result.NONE: "none"}
#: the first that fits; a phone sends again by itself what found no room
_STATUS: Mapping[type[DomainError], int] = {NoRoom: 507, Conflict: 409, Invalid: 422}


def _recuse(request: HttpRequest, actor: Actor, key: uuid.UUID) -> None:
    whom = request.POST.get("person", "")
    try:
        person_id = uuid.UUID(whom) if whom else None
    except ValueError:
        person_id = None
    api.recuse(actor=actor, visit_id=key, person_id=person_id, reason=request.POST.get("reason", ""))


def _report(request: HttpRequest, actor: Actor, key: uuid.UUID) -> None:
    measures = {
        no: api.MeasureWords(text=request.POST.get(f"measure_{no}", ""), files=files_of(request, f"proof_{no}"))
        for no in _numbers(request, "measure_")
    }
    api.report(actor=actor, visit_id=key, text=request.POST.get("text", ""), measures=measures)


def _review(request: HttpRequest, actor: Actor, key: uuid.UUID) -> None:
    verdicts = {no: request.POST.get(f"verdict_{no}", "") for no in _numbers(request, "verdict_")}
    api.review(actor=actor, visit_id=key, verdicts=verdicts, opinion=request.POST.get("opinion", ""))


def _numbers(request: HttpRequest, prefix: str) -> list[int]:
    found = [name.removeprefix(prefix) for name in request.POST if name.startswith(prefix)]
    return [int(text) for text in found if text.isascii() and text.isdigit() and len(text) < 4]


_Act = Callable[[HttpRequest, Actor, uuid.UUID], object]
_ACTS: Mapping[str, tuple[_Act, Any]] = {
    "start": (
        lambda request, actor, key: api.start_visit(actor=actor, visit_id=key, place=request.POST.get("place", "")),
        gettext_lazy("开始检查。每记一条就保存一条。"),
    ),
    "recuse": (_recuse, gettext_lazy("已回避，按抽取次序由下一名检查人员接替。")),
    "cancel": (
        lambda request, actor, key: api.cancel_visit(actor=actor, visit_id=key, reason=request.POST.get("cancel", "")),
        gettext_lazy("这次检查已取消。"),
    ),
    "sign": (lambda _request, actor, key: api.sign_visit(actor=actor, visit_id=key), gettext_lazy("已签字。")),
    "notice": (
        lambda request, actor, key: api.issue_notice(actor=actor, visit_id=key, demand=request.POST.get("demand", "")),
        gettext_lazy("整改通知书已发出，整改期限开始计算。"),
    ),
    "acknowledge": (
        lambda _request, actor, key: api.acknowledge(actor=actor, visit_id=key),
        gettext_lazy("已签收。"),
    ),
    "report": (_report, gettext_lazy("整改情况已报送，等待复查。")),
    "review": (_review, gettext_lazy("复查结论已记录，被检查单位收到消息。")),
}


@requires(*DESK_ROLES)
@never_cache
@require_safe
def one(request: HttpRequest, visit_id: uuid.UUID) -> HttpResponse:
    """One visit, as its reader may see it."""
    return _page(request, api.visit_view(actor=actor_of(request), visit_id=visit_id))


@requires(*DESK_ROLES)
@never_cache
@require_POST
def point(request: HttpRequest, visit_id: uuid.UUID, no: int) -> HttpResponse:
    """One point, saved at once: a plain post comes back to the list; a phone that sends by itself gets a word."""
    actor, quiet = actor_of(request), request.headers.get("Accept") == "text/plain"
    view = api.visit_view(actor=actor, visit_id=visit_id)
    try:
        saved = api.record_point(actor=actor, visit_id=visit_id, no=no, words=point_words(request))
    except (Invalid, Conflict) as refusal:
        status = _status_of(refusal)
        fresh = api.visit_view(actor=actor, visit_id=visit_id)
        if quiet:
            versions = {one.point.no: one.result.version for one in fresh.points if one.result}
            head = {"X-Version": str(versions.get(no, 0))}
            return HttpResponse(refusal.message, content_type="text/plain; charset=utf-8", status=status, headers=head)
        return _page(request, fresh, failed_point=no, problem=refusal.message, status=status)
    if quiet:
        return HttpResponse(str(saved.version), content_type="text/plain; charset=utf-8")
    messages.success(request, _("第 %(no)d 条已保存。") % {"no": no})
    return redirect(reverse("inspections:visit", args=[view.row.id]) + f"#point-{no}")


@requires(*DESK_ROLES)
@never_cache
@require_safe
def file(request: HttpRequest, visit_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """A photograph or a proof; each opening is recorded."""
    found = api.open_file(actor=actor_of(request), visit_id=visit_id, file_id=file_id)
    response = HttpResponse(found.content, content_type=found.content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=found.name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@requires(*DESK_ROLES)
@never_cache
@require_POST
def act(request: HttpRequest, visit_id: uuid.UUID, act: str) -> HttpResponse:
    """One act; nothing typed is lost by a refusal."""
    actor = actor_of(request)
    api.visit_view(actor=actor, visit_id=visit_id)
    if act not in _ACTS:
        raise NotFound(_("没有这项操作。"))
    do, done = _ACTS[act]
    try:
        do(request, actor, visit_id)
    except (Invalid, Conflict) as refusal:
        fresh = api.visit_view(actor=actor, visit_id=visit_id)
        errors = refusal.errors if isinstance(refusal, Invalid) else {}
        return _page(request, fresh, problem=refusal.message, errors=errors, status=_status_of(refusal))
    messages.success(request, str(done))
    if act == "recuse" and not in_office(actor):
        return redirect("inspections:desk")
    return redirect("inspections:visit", visit_id=visit_id)


def _status_of(refusal: DomainError) -> int:
    return next(status for kind, status in _STATUS.items() if isinstance(refusal, kind))


def _page(
    request: HttpRequest,
    view: VisitView,
    *,
    failed_point: int = 0,
    problem: str = "",
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    context: dict[str, Any] = {
        **desk_context((view.row.number, "")),
        "view": view,
        "facts": _facts(actor, view),
        "acts": time_line(view.acts),
        "points": [_point(one, request, failed=one.point.no == failed_point) for one in view.points],
        "findings": [_finding(one, request, errors or {}) for one in view.findings],
        "results": Result.choices,
        "verdicts": Verdict.choices,
        "active": [(str(one.person_id), one.name) for one in view.inspectors if one.recused_at is None],
        "office": in_office(actor),
        "problem": "" if failed_point else problem,
        "point_problem": problem if failed_point else "",
        "errors": errors or {},
        "typed": {} if failed_point else request.POST,
    }
    return render(request, "inspections/visit.html", context, status=status)


def _point(one: Any, request: HttpRequest, *, failed: bool) -> dict[str, Any]:
    """A point with what its form shows: what was just typed where that was refused, else what is saved."""
    saved = one.result
    names = ("result", "remark", "place")
    values: dict[str, Any] = {name: getattr(saved, name, "") for name in names}
    values["serious"] = bool(saved and saved.serious)
    if failed:
        values = {name: request.POST.get(name, "") for name in names}
        values["serious"] = request.POST.get("serious") == "on"
    lamp = _LAMPS[saved.result] if saved else "none"
    version = saved.version if saved else 0
    return {"view": one, "key": str(one.point.no), "failed": failed, "version": version, "lamp": lamp, **values}


def _finding(one: Any, request: HttpRequest, errors: Mapping[str, str]) -> dict[str, Any]:
    no = one.finding.no
    return {
        "view": one,
        "measure_name": f"measure_{no}",
        "measure": request.POST.get(f"measure_{no}", ""),
        "error": errors.get(f"measure_{no}", ""),
        "proof_name": f"proof_{no}",
        "verdict_name": f"verdict_{no}",
        "verdict": request.POST.get(f"verdict_{no}", ""),
    }


def _facts(actor: Actor, view: VisitView) -> list[dict[str, str]]:
    row = view.row
    people = "、".join(
        f"{one.name}（{one.org_name}）" + (_("，已签字") if one.signed_at else "")
        for one in view.inspectors
        if one.recused_at is None
    )
    pairs = (
        (_("检查编号"), row.number),
        (_("被检查单位"), row.org_name if row.org_name != row.target_name else ""),
        (_("督查事项"), row.plan.subject),
        (_("督查依据"), row.plan.basis),
        (_("检查人员"), people),
        (_("计划完成"), cn_date(row.plan.ends_on) if row.done_at is None else ""),
        (_("检查地点"), row.place),
        (_("开始时间"), cn_datetime(row.started_at)),
        (_("完成时间"), cn_datetime(row.done_at)),
    )
    cards = [
        {
            "label": _("督查线索"),
            "value": f"{one.get_card_level_display()} {one.card_number} {one.rule_name}",
            "url": reverse("inspections:referral", args=[one.id]),
        }
        for one in referrals_of(actor, visit=row)
    ]
    return [*({"label": label, "value": value} for label, value in pairs if value), *cards]
