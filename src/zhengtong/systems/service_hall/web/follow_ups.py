"""What a unit follows up: materials that were promised, commitments to be checked."""

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
from django.views.decorators.http import require_GET, require_POST

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.policy import requires
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.service_hall.constants import PromiseKind, PromiseState
from zhengtong.systems.service_hall.selectors import promises as reads
from zhengtong.systems.service_hall.services import promising
from zhengtong.systems.service_hall.web import desk_pages
from zhengtong.systems.service_hall.web.pages import actor_of
from zhengtong.systems.service_hall.web.special_forms import CheckForm, ReasonForm

KEEPERS = (Role.CLERK, Role.LEADER)
_COLUMNS = (
    {"key": "number", "label": gettext_lazy("编号"), "kind": "code"},
    {"key": "item", "label": gettext_lazy("事项")},
    {"key": "kind", "label": gettext_lazy("承诺")},
    {"key": "owed", "label": gettext_lazy("待办")},
    {"key": "due", "label": gettext_lazy("期限"), "kind": "lamp"},
)


@requires(*KEEPERS)
@require_GET
@never_cache
def listed(request: HttpRequest) -> HttpResponse:
    """What the unit has to follow up, the next day first."""
    actor = actor_of(request)
    page = reads.follow_ups(actor, page=request.GET.get("page"))
    done = reads.follow_ups(actor, settled=True, page=request.GET.get("done"))
    context = desk_pages.frame(request, actor) | {
        "columns": _COLUMNS,
        "rows": [_row(actor, one) for one in page.rows],
        "page": page,
        "total": _("共 %(n)d 项") % {"n": page.total},
        "done": [_row(actor, one) for one in done.rows],
        "done_page": done,
        "empty": {"title": _("没有需要跟踪的承诺"), "why": _("容缺受理和告知承诺的办件会列在这里。")},
    }
    return render(request, "service_hall/promises/follow_ups.html", context)


@requires(*KEEPERS)
@require_GET
@never_cache
def page(request: HttpRequest, pledge_id: uuid.UUID) -> HttpResponse:
    """One promise with what may be done about it."""
    return _page(request, actor_of(request), pledge_id)


@requires(*KEEPERS)
@require_POST
@never_cache
def act(request: HttpRequest, pledge_id: uuid.UUID, name: str) -> HttpResponse:
    """End the case, enter a check, or repair the record; a refusal keeps everything typed."""
    actor = actor_of(request)
    reads.pledge_for(actor, pledge_id)
    if name not in _ACTS:
        raise NotFound(_("没有这种操作。"))
    make, do, said = _ACTS[name]
    form = make(request.POST)
    status = 422
    if form.is_valid():
        try:
            do(actor, pledge_id, form, request.POST.get("command_key", "")[:64] or uuid.uuid4().hex)
        except (Invalid, Conflict, NotPermitted) as refusal:
            field = getattr(refusal, "field", None)
            form.add_error(field if field in form.fields else None, refusal.message)
            status = 409 if isinstance(refusal, Conflict) else 422
        else:
            messages.success(request, said())
            return redirect("service_hall:follow_up", pledge_id)
    return _page(request, actor, pledge_id, bound={name: form}, status=status)


def _terminate(actor: Actor, pledge_id: uuid.UUID, form: Any, key: str) -> None:
    promising.terminate(actor=actor, pledge_id=pledge_id, reason=form.cleaned_data["reason"], command_key=key)


def _check(actor: Actor, pledge_id: uuid.UUID, form: Any, key: str) -> None:
    promising.record_check(
        actor=actor,
        pledge_id=pledge_id,
        kept=form.cleaned_data["kept"] == "yes",
        findings=form.cleaned_data["findings"],
    )


def _repair(actor: Actor, pledge_id: uuid.UUID, form: Any, key: str) -> None:
    promising.repair(actor=actor, pledge_id=pledge_id, note=form.cleaned_data["reason"])


_ACTS: dict[str, tuple[Callable[..., Any], Callable[..., None], Callable[[], str]]] = {
    "terminate": (
        lambda posted=None: ReasonForm(posted, auto_id="terminate-%s"),
        _terminate,
        lambda: _("已经终止办理，通知书正在制发。"),
    ),
    "check": (lambda posted=None: CheckForm(posted, auto_id="check-%s"), _check, lambda: _("核查结果已经登记。")),
    "repair": (
        lambda posted=None: ReasonForm(posted, auto_id="repair-%s"),
        _repair,
        lambda: _("已经登记信用修复，申请人可以再次承诺。"),
    ),
}


def _offered(actor: Actor, view: reads.PledgeView) -> list[str]:
    running = view.state in (PromiseState.RUNNING, PromiseState.LATE)
    if view.kind == PromiseKind.COMMITMENT and running:
        return ["check"]
    if view.state == PromiseState.LATE and view.kind == PromiseKind.TOLERANCE:
        return ["terminate"]
    return ["repair"] if view.repairable and actor.has_role(Role.LEADER) else []


def _page(
    request: HttpRequest,
    actor: Actor,
    pledge_id: uuid.UUID,
    *,
    bound: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    view, bound = reads.pledge_for(actor, pledge_id), bound or {}
    labels = {"terminate": _("终止办理"), "check": _("登记核查结果"), "repair": _("登记信用修复")}
    context = desk_pages.frame(request, actor) | {
        "pledge": view,
        "due": _due(actor, view),
        "acts": [
            {"name": name, "label": labels[name], "form": bound.get(name) or _ACTS[name][0](), "open": name in bound}
            for name in dict.fromkeys([*_offered(actor, view), *bound])
        ],
        "command_key": uuid.uuid4().hex,
        "case_url": desk_pages.case_url(view.case_id) if view.case_id else "",
    }
    return render(request, "service_hall/promises/follow_up.html", context, status=status)


def _row(actor: Actor, view: reads.PledgeView) -> dict[str, Any]:
    waiting = "、".join(one.name for one in view.waiting)
    return {
        "number": view.number,
        "item": view.item_name,
        "kind": view.kind_label,
        "owed": waiting if view.kind == PromiseKind.TOLERANCE else _("核查承诺"),
        "due": _due(actor, view),
        "url": reverse("service_hall:follow_up", args=[view.id]),
    }


def _due(actor: Actor, view: reads.PledgeView) -> dict[str, str]:
    """Lamp and words of the day until which something is due."""
    if view.settled_at is not None or view.due_on is None:
        return {"state": "none", "note": view.state_label}
    today = local_date()
    left = cases.calendar_of(actor.tenant).workdays_between(today, view.due_on)
    if view.due_on < today:
        return {"state": "red", "note": _("已超过期限（%(day)s）") % {"day": cn_date(view.due_on)}}
    state = "yellow" if left <= 1 else "green"
    return {"state": state, "note": _("剩 %(days)d 个工作日（%(day)s）") % {"days": left, "day": cn_date(view.due_on)}}
