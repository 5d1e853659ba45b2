"""差评整改: the unit's queue by clock, one bad rating, the acts; supervisors read."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhengtong.capabilities.ratings.constants import SUPERVISOR, UNIT_ROLES, FollowUpState, Means, Verdict
from zhengtong.capabilities.ratings.models import FollowUp
from zhengtong.capabilities.ratings.permissions import looks_on
from zhengtong.capabilities.ratings.rules.follow_up import last_day
from zhengtong.capabilities.ratings.selectors import follow_ups as selectors
from zhengtong.capabilities.ratings.services import follow_ups as services
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.paging import every_row
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.exports import MOST_ROWS, download, sheet_of
from zhengtong.kernel.ui.formats import cn_date, cn_datetime

_QUEUES = {
    "open": gettext_lazy("待处理"),
    "late": gettext_lazy("已超期"),
    "asked": gettext_lazy("待认定"),
    "done": gettext_lazy("已办结"),
    "own_device": gettext_lazy("来自本单位设备"),
}
_COLUMNS = (
    {"key": "title", "label": gettext_lazy("事项")},
    {"key": "grade", "label": gettext_lazy("评价")},
    {"key": "unit", "label": gettext_lazy("责任单位")},
    {"key": "state", "label": gettext_lazy("状态")},
    {"key": "due", "label": gettext_lazy("截止"), "kind": "lamp"},
    {"key": "at", "label": gettext_lazy("评价时间"), "kind": "datetime"},
)
_DONE = {
    "contact": gettext_lazy("已记下联系的经过。"),
    "rectify": gettext_lazy("已报告整改，评价人可以看到，并且可以再次评价。"),
    "ask": gettext_lazy("已申请，等另一名负责人认定；时限照常计算。"),
    "judge": gettext_lazy("已认定。"),
}


@requires(*UNIT_ROLES, SUPERVISOR)
@never_cache
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The queue by clock; GET queue, page, export=xlsx (items and grades, no person)."""
    actor = actor_of(request)
    name = request.GET.get("queue", "open")
    name = name if name in _QUEUES else "open"
    if request.GET.get("export") == "xlsx":
        found = every_row(lambda number: selectors.follow_ups(actor=actor, queue=name, page=number), MOST_ROWS)
        return download(_("差评清单"), sheet_of(str(_QUEUES[name]), _COLUMNS, map(_row, found)))
    page = selectors.follow_ups(actor=actor, queue=name, page=request.GET.get("page", 1))
    empty = {"title": _("没有差评"), "why": _("收到差评时会出现在这里，并且发消息告诉您。")}
    context: dict[str, Any] = {
        "desk_title": _("服务评价"),
        "breadcrumbs": [{"label": _("差评整改"), "url": ""}],
        "reads_only": looks_on(actor),
        "tabs": [{"label": label, "url": f"?queue={key}", "active": key == name} for key, label in _QUEUES.items()],
        "columns": _COLUMNS,
        "rows": [_row(row) for row in page.rows],
        "page": page,
        "total": _("共 %(n)d 个") % {"n": page.total},
        "export_url": f"?queue={name}&export=xlsx",
        "empty": empty if name == "open" else {"title": _("这里没有记录"), "why": ""},
    }
    return render(request, "ratings/desk.html", context)


def _row(row: FollowUp) -> dict[str, Any]:
    return {
        "title": f"{row.rating.title} · {row.rating.get_service_display()}",
        "grade": row.rating.get_grade_display(),
        "unit": row.org_name,
        "state": row.get_verdict_display() if row.verdict else row.get_state_display(),
        "due": _lamp(row),
        "at": row.rating.created_at,
        "url": reverse("ratings:follow_up", args=[row.id]),
    }


def _lamp(row: FollowUp) -> dict[str, str]:
    """Red once the next act is overdue; a lateness that was made up for is named."""
    due = selectors.due_of(row)
    if due is not None:
        late = selectors.is_late(row)
        return {"state": "red" if late else "green", "note": cn_date(last_day(due))}
    was_late = row.contact_late_at or row.rectify_late_at
    return {"state": "red" if was_late else "none", "note": _("曾经超期") if was_late else ""}


@requires(*UNIT_ROLES, SUPERVISOR)
@never_cache
@require_safe
def follow_up(request: HttpRequest, follow_up_id: uuid.UUID) -> HttpResponse:
    """One bad rating: what was said, until when, what was done, what may be done."""
    view = selectors.follow_up(actor=actor_of(request), follow_up_id=follow_up_id)
    return _page(request, view)


@requires(*UNIT_ROLES)
@never_cache
@require_POST
def act(request: HttpRequest, follow_up_id: uuid.UUID, act: str) -> HttpResponse:
    """Contact, rectify, ask, judge, or read how to reach the person; nothing typed is lost by a refusal."""
    actor = actor_of(request)
    if act == "reach":
        contact = services.read_contact(actor=actor, follow_up_id=follow_up_id)
        view = selectors.follow_up(actor=actor, follow_up_id=follow_up_id)
        return _page(request, view, contact=f"{contact.name} {contact.phone}")
    if act not in _ACTS:
        raise NotFound(_("没有这项操作。"))
    try:
        _ACTS[act](request, actor, follow_up_id)
    except (Invalid, Conflict) as refusal:
        view = selectors.follow_up(actor=actor, follow_up_id=follow_up_id)
        status = 409 if isinstance(refusal, Conflict) else 422
        return _page(request, view, failed=act, problem=refusal.message, status=status)
    messages.success(request, str(_DONE[act]))
    return redirect("ratings:follow_up", follow_up_id=follow_up_id)


def _contact(request: HttpRequest, actor: Actor, key: uuid.UUID) -> None:
    services.record_contact(
        actor=actor,
        follow_up_id=key,
        means=request.POST.get("means", ""),
        reached=request.POST.get("reached") != "no",
        text=request.POST.get("text", ""),
        is_complex=request.POST.get("is_complex") == "on",
    )


def _rectify(request: HttpRequest, actor: Actor, key: uuid.UUID) -> None:
    services.report_rectified(actor=actor, follow_up_id=key, text=request.POST.get("text", ""))


def _ask(request: HttpRequest, actor: Actor, key: uuid.UUID) -> None:
    verdict, reason = request.POST.get("verdict", ""), request.POST.get("text", "")
    services.ask_exclusion(actor=actor, follow_up_id=key, verdict=verdict, reason=reason)


def _judge(request: HttpRequest, actor: Actor, key: uuid.UUID) -> None:
    exclude, reason = request.POST.get("exclude") == "yes", request.POST.get("text", "")
    services.judge(actor=actor, follow_up_id=key, exclude=exclude, reason=reason)


_ACTS: dict[str, Callable[[HttpRequest, Actor, uuid.UUID], None]] = {
    "contact": _contact,
    "rectify": _rectify,
    "ask": _ask,
    "judge": _judge,
}


def _page(
    request: HttpRequest,
    view: selectors.FollowUpView,
    *,
    failed: str = "",
    problem: str = "",
    contact: str = "",
    status: int = 200,
) -> HttpResponse:
    row = view.row
    context: dict[str, Any] = {
        "desk_title": _("服务评价"),
        "breadcrumbs": [
            {"label": _("差评整改"), "url": reverse("ratings:desk")},
            {"label": row.rating.title, "url": ""},
        ],
        "view": view,
        "row": row,
        "lamp": _lamp(row),
        "facts": _facts(view),
        "limits": _limits(row),
        "acts": [
            {"at": one.at, "title": one.title, "who": f"{one.who} {one.name}", "note": one.text} for one in view.acts
        ],
        "means": Means.choices,
        "verdicts": Verdict.choices,
        "failed": failed,
        "stray": bool(problem) and ("exclude" if failed == "judge" else failed) not in view.acts_now,
        "problem": problem,
        "typed": request.POST,
        "contact": contact,
        "asked": Verdict(row.asked_verdict).label if row.asked_verdict else "",
    }
    return render(request, "ratings/follow_up.html", context, status=status)


def _facts(view: selectors.FollowUpView) -> list[dict[str, str]]:
    rating, row = view.rating, view.row
    # which matter it was, and when, would tell the unit who rated
    open_to_reader = view.reads_only or not rating.anonymous
    desk_url = view.subject.desk_url if view.subject and open_to_reader and not view.reads_only else ""
    return [
        fact
        for fact in (
            {"label": _("满意度"), "value": f"{rating.grade_label}（{rating.turn_label}）"},
            {"label": _("选择的短语"), "value": "、".join(rating.tags)},
            {"label": _("文字评价"), "value": rating.text},
            {
                "label": _("服务环节"),
                "value": rating.service_label,
                "note": cn_datetime(row.rating.happened_at) if open_to_reader else "",
            },
            {"label": _("办件编号"), "value": row.rating.number if open_to_reader else "", "url": desk_url},
            {"label": _("办理岗位"), "value": row.rating.handlers if open_to_reader else ""},
            {"label": _("窗口"), "value": row.rating.window},
            {"label": _("评价渠道"), "value": rating.channel_label},
            {"label": _("评价人"), "value": view.rater},
            {"label": _("回访电话"), "value": view.phone},
        )
        if fact["value"]
    ]


def _limits(row: FollowUp) -> list[dict[str, str]]:
    found = [
        {"label": _("起算日"), "value": cn_date(row.opened_on), "note": _("收到评价的当日不计入")},
        {
            "label": _("联系评价人"),
            "value": _("%(n)d 个工作日，截至%(due)s") % {"n": row.contact_days, "due": cn_date(row.contact_by)},
            "note": _kept(row.contacted_at, row.contact_late_at),
        },
        {
            "label": _("整改"),
            "value": _("%(n)d 个工作日（%(kind)s），截至%(due)s")
            % {
                "n": row.complex_days if row.is_complex else row.simple_days,
                "kind": _("复杂问题") if row.is_complex else _("简单问题"),
                "due": cn_date(row.rectify_by),
            },
            "note": _kept(row.rectified_at, row.rectify_late_at),
        },
    ]
    if row.again_due_at and row.state == FollowUpState.RECTIFIED:
        found.append({"label": _("等候再次评价"), "value": _("截至%(due)s") % {"due": cn_date(row.again_by)}})
    return found


def _kept(done_at: Any, late_at: Any) -> str:
    if done_at:
        words = _("%(at)s完成") % {"at": cn_datetime(done_at)}
        return words + (_("，曾经超期") if late_at else "")
    return _("已经超期") if late_at else ""
