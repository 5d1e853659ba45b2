"""Referred cards: the list, one with what may be done, the acts."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_datetime
from zhengtong.systems.inspections import api
from zhengtong.systems.inspections.constants import CARD_LAMPS, DESK_ROLES, LEADER, SUPERVISOR
from zhengtong.systems.inspections.selectors.referrals import QUEUES, ReferralView, find_referral
from zhengtong.systems.inspections.web.words import REFERRAL_COLUMNS, desk_context, referral_rows, time_line

_TABS = {"open": gettext_lazy("待处理"), "taken": gettext_lazy("已列入计划"), "over": gettext_lazy("已有结果")}
_Act = Callable[[Actor, uuid.UUID, Mapping[str, str]], object]


def _take_up(actor: Actor, key: uuid.UUID, typed: Mapping[str, str]) -> None:
    try:
        plan_id = uuid.UUID(typed.get("plan", ""))
    except ValueError:
        raise Invalid(_("请选择一份起草中的计划。"), field="plan") from None
    api.take_up(actor=actor, referral_id=key, plan_id=plan_id)


_ACTS: Mapping[str, tuple[_Act, Any]] = {
    "take": (_take_up, gettext_lazy("已列入计划，并增加一条检查要点。")),
    "aside": (
        lambda actor, key, typed: api.set_aside(actor=actor, referral_id=key, reason=typed.get("reason", "")),
        gettext_lazy("已提出不列入督查，等另一人复核。"),
    ),
    "agree": (
        lambda actor, key, typed: api.look_again(
            actor=actor, referral_id=key, agreed=True, reason=typed.get("second", "")
        ),
        gettext_lazy("已复核，电子监察会看到理由。"),
    ),
    "reopen": (
        lambda actor, key, typed: api.look_again(
            actor=actor, referral_id=key, agreed=False, reason=typed.get("second", "")
        ),
        gettext_lazy("线索继续处理。"),
    ),
}


@requires(SUPERVISOR, LEADER)
@never_cache
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The referred cards of the actor's reach."""
    actor = actor_of(request)
    name = request.GET.get("queue", "open")
    name = name if name in QUEUES else "open"
    page = api.referrals(actor=actor, queue=name, page=request.GET.get("page", 1))
    context: dict[str, Any] = {
        **desk_context((_("督查线索"), "")),
        "tabs": [{"label": label, "url": f"?queue={key}", "active": key == name} for key, label in _TABS.items()],
        "columns": REFERRAL_COLUMNS,
        "rows": referral_rows(page.rows),
        "page": page,
        "total": _("共 %(n)d 条线索") % {"n": page.total},
        "empty": {"title": _("这里没有督查线索"), "why": _("电子监察把亮牌转督查以后，会出现在这里并且发消息告诉您。")},
    }
    return render(request, "inspections/referrals.html", context)


@requires(*DESK_ROLES)
@never_cache
@require_safe
def one(request: HttpRequest, referral_id: uuid.UUID) -> HttpResponse:
    """One referred card, as its reader may see it."""
    return _page(request, referral_id)


@requires(SUPERVISOR)
@never_cache
@require_POST
def act(request: HttpRequest, referral_id: uuid.UUID, act: str) -> HttpResponse:
    """One act; nothing typed is lost by a refusal."""
    actor = actor_of(request)
    find_referral(actor, referral_id)
    if act not in _ACTS:
        raise NotFound(_("没有这项操作。"))
    do, done = _ACTS[act]
    try:
        do(actor, referral_id, request.POST.dict())
    except (Invalid, Conflict) as refusal:
        status = 409 if isinstance(refusal, Conflict) else 422
        return _page(request, referral_id, failed=act, problem=refusal.message, status=status)
    messages.success(request, str(done))
    return redirect("inspections:referral", referral_id=referral_id)


def _page(
    request: HttpRequest, referral_id: uuid.UUID, *, failed: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    view = api.referral_view(actor=actor, referral_id=referral_id)
    lists = reverse("inspections:referrals") if actor.has_role(SUPERVISOR, LEADER) else ""
    context: dict[str, Any] = {
        **desk_context((_("督查线索"), lists), (view.row.card_number, "")),
        "view": view,
        "card_lamp": CARD_LAMPS[view.row.card_level],
        "facts": _facts(view),
        "drafts": [("", _("请选择")), *((str(one.id), f"{one.number} {one.subject}") for one in view.drafts)],
        "acts": time_line(view.acts),
        "failed": failed,
        "problem": problem,
        "typed": request.POST.dict(),
        "new_url": f"{reverse('inspections:plan_new')}?referral={view.row.id}",
    }
    return render(request, "inspections/referral.html", context, status=status)


def _facts(view: ReferralView) -> list[dict[str, str]]:
    row = view.row
    plan = reverse("inspections:plan", args=[row.plan_id]) if row.plan_id and view.acts else ""
    visit = reverse("inspections:visit", args=[view.visit.id]) if view.visit else ""
    pairs = (
        (_("监察编号"), row.card_number, ""),
        (_("等级"), row.get_card_level_display(), ""),
        (_("责任单位"), row.org_name, ""),
        (_("监察规则"), row.rule_name, ""),
        (_("办件编号"), row.case_number, ""),
        (_("要督查的事项"), row.reason, ""),
        (_("转来时间"), cn_datetime(row.referred_at), ""),
        (_("督查计划"), f"{row.plan.number} {row.plan.subject}" if row.plan else "", plan),
        (_("督查检查"), view.visit.number if view.visit else "", visit),
        (_("不列入的理由"), _signed(row.aside_reason, row.aside_by), ""),
        (_("复核人"), row.second_by, ""),
        (_("督查结果"), row.outcome, ""),
    )
    return [{"label": label, "value": value, "url": url} for label, value, url in pairs if value]


def _signed(words: str, who: str) -> str:
    return _("%(words)s（%(who)s）") % {"words": words, "who": who} if words else ""
