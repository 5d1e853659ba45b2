"""Plans: list, form, one plan with its draw and its visits, acts."""

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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui.formats import cn_datetime
from zhengtong.systems.inspections import api
from zhengtong.systems.inspections.constants import LEADER, SUPERVISOR, PlanState, VisitState
from zhengtong.systems.inspections.models import Plan
from zhengtong.systems.inspections.permissions import check_office, in_office
from zhengtong.systems.inspections.selectors.draws import is_public, may_see_draw
from zhengtong.systems.inspections.selectors.finding import find_plan, plan_acts
from zhengtong.systems.inspections.selectors.pages import plan_time_line, visits_of
from zhengtong.systems.inspections.selectors.referrals import facts_of, find_referral, referral_acts, referrals_of
from zhengtong.systems.inspections.web.forms import PlanForm, about_card, as_key, default_period, initial_of
from zhengtong.systems.inspections.web.words import (
    DRAW_COLUMNS,
    PLAN_COLUMNS,
    REFERRAL_COLUMNS,
    VISIT_COLUMNS,
    desk_context,
    draw_facts,
    draw_rows,
    period_of,
    plan_rows,
    referral_rows,
    time_line,
    visit_rows,
)

_Act = Callable[[Actor, uuid.UUID, str], object]
_ACTS: Mapping[str, tuple[_Act, Any]] = {
    "submit": (lambda actor, key, _text: api.submit_plan(actor=actor, plan_id=key), gettext_lazy("已提请批准。")),
    "approve": (
        lambda actor, key, _text: api.approve_plan(actor=actor, plan_id=key),
        gettext_lazy("计划已批准，可以抽取。"),
    ),
    "return": (
        lambda actor, key, text: api.return_plan(actor=actor, plan_id=key, reason=text),
        gettext_lazy("已退回修改。"),
    ),
    "draw": (lambda actor, key, _text: api.draw(actor=actor, plan_id=key), gettext_lazy("已抽取，检查人员收到消息。")),
    "finish": (lambda actor, key, _text: api.finish_plan(actor=actor, plan_id=key), gettext_lazy("计划已结束。")),
}
_ROLES = (SUPERVISOR, LEADER)


@requires(*_ROLES)
@never_cache
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """All plans the actor may see."""
    actor = actor_of(request)
    page = api.plans(actor=actor, page=request.GET.get("page", 1))
    context: dict[str, Any] = {
        **desk_context((_("督查计划"), "")),
        "office": in_office(actor),
        "columns": PLAN_COLUMNS,
        "rows": plan_rows(page.rows),
        "page": page,
        "total": _("共 %(n)d 份计划") % {"n": page.total},
        "empty": {"title": _("还没有督查计划"), "why": _("监察机构起草的计划会出现在这里。")},
    }
    return render(request, "inspections/plans.html", context)


@requires(SUPERVISOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new plan, empty, after an older one (``?like=``) or about a referred card (``?referral=``)."""
    actor = actor_of(request)
    check_office(actor)
    if about := request.GET.get("referral", ""):
        return _about(request, actor, about)
    initial: dict[str, Any] = {}
    if like := request.GET.get("like", ""):
        initial = _initial(actor, _like(actor, like))
    return _form(request, initial | default_period(), lambda words: api.draft_plan(actor=actor, words=words))


@requires(SUPERVISOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, plan_id: uuid.UUID) -> HttpResponse:
    """A draft is changed."""
    actor = actor_of(request)
    plan = find_plan(actor, plan_id)
    # what was typed meanwhile is shown again with the refusal
    if request.method != "POST" and "change" not in plan_acts(actor, plan):
        raise Conflict(_("只有起草中的计划才能修改。"))
    return _form(
        request,
        _initial(actor, plan),
        lambda words: api.change_plan(actor=actor, plan_id=plan_id, words=words),
        plan=plan,
    )


@requires(*_ROLES)
@never_cache
@require_safe
def one(request: HttpRequest, plan_id: uuid.UUID) -> HttpResponse:
    """One plan: what, why, by which points; its draw, its visits, what may be done now."""
    return _page(request, find_plan(actor_of(request), plan_id))


@requires(*_ROLES)
@never_cache
@require_POST
def act(request: HttpRequest, plan_id: uuid.UUID, act: str) -> HttpResponse:
    """One act; nothing typed is lost by a refusal."""
    actor = actor_of(request)
    plan = find_plan(actor, plan_id)
    if act not in _ACTS:
        raise NotFound(_("没有这项操作。"))
    do, done = _ACTS[act]
    try:
        do(actor, plan_id, request.POST.get("text", ""))
    except (Invalid, Conflict) as refusal:
        return _page(request, plan, problem=refusal.message, status=409 if isinstance(refusal, Conflict) else 422)
    messages.success(request, str(done))
    return redirect("inspections:plan", plan_id=plan_id)


def _form(
    request: HttpRequest, initial: dict[str, Any], save: Callable[[api.PlanWords], Plan], plan: Plan | None = None
) -> HttpResponse:
    form, late = PlanForm(request.POST or None, initial=initial), False
    if request.method == "POST" and form.is_valid():
        try:
            saved = save(form.words())
        except Invalid as refusal:
            for name, sentence in refusal.errors.items():
                form.add_error(name if name in form.fields else None, sentence)
        except Conflict as refusal:
            late = True
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("计划已保存，核对以后提请批准。"))
            return redirect("inspections:plan", plan_id=saved.id)
    title = _("修改督查计划") if plan else _("起草督查计划")
    context = {**desk_context((_("督查计划"), reverse("inspections:plans")), (title, "")), "form": form, "title": title}
    status = 409 if late else 422 if form.errors else 200
    return render(request, "inspections/plan_form.html", context, status=status)


def _page(request: HttpRequest, plan: Plan, *, problem: str = "", status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    context: dict[str, Any] = {
        **desk_context((_("督查计划"), reverse("inspections:plans")), (plan.number, "")),
        "plan": plan,
        "facts": _facts(plan),
        "points": plan.points.order_by("no"),
        "targets": plan.targets.order_by("no").values_list("name", flat=True),
        "acts_now": plan_acts(actor, plan),
        "office": in_office(actor),
        "visit_columns": VISIT_COLUMNS,
        "visits": visit_rows(visits_of(actor, plan)),
        "referral_columns": REFERRAL_COLUMNS[:5],  # what stands beside the time line
        "referrals": referral_rows(referrals_of(actor, plan=plan)),
        "acts": time_line(plan_time_line(plan)),
        "problem": problem,
        "typed": request.POST.get("text", ""),
        "public": is_public(plan),
        "may_finish": not plan.visits.exclude(state__in=(VisitState.CLOSED, VisitState.CANCELLED)).exists(),
    }
    if plan.state in (PlanState.DRAWN, PlanState.CLOSED) and may_see_draw(actor, plan):
        found = api.draw_view(plan.draw)
        context |= {"draw": found, "draw_facts": draw_facts(found), "draw_columns": DRAW_COLUMNS}
        context["draw_rows"] = draw_rows(found)
    return render(request, "inspections/plan.html", context, status=status)


def _facts(plan: Plan) -> list[dict[str, str]]:
    pairs = (
        (_("编号"), plan.number),
        (_("类别"), plan.get_kind_display()),
        (_("督查依据"), plan.basis),
        (_("时间"), period_of(plan)),
        (_("抽取"), _("%(kind)s，%(n)d 个") % {"kind": plan.get_target_kind_display(), "n": plan.sample}),
        (_("督查机构"), plan.org_name),
        (_("起草人"), plan.made_by),
        (_("批准人"), f"{plan.approved_by} {cn_datetime(plan.approved_at)}".strip()),
    )
    return [{"label": label, "value": value} for label, value in pairs if value]


def _about(request: HttpRequest, actor: Actor, text: str) -> HttpResponse:
    """A special plan about a referred card, filled in; saved together with what becomes of the card."""
    row = find_referral(actor, as_key(text))
    if "take" not in referral_acts(actor, row):
        raise Conflict(_("这条线索现在是“%(state)s”，不能再起草计划。") % {"state": row.get_state_display()})
    return _form(
        request,
        about_card(facts_of(row)) | default_period(),
        lambda words: api.draft_for_referral(actor=actor, referral_id=row.id, words=words),
    )


def _initial(actor: Actor, plan: Plan) -> dict[str, Any]:
    pool = identity.organisations_by_code(actor.tenant, plan.pool) if plan.pool else {}
    return initial_of(plan, [pool[code].name for code in plan.pool])


def _like(actor: Actor, text: str) -> Plan:
    return find_plan(actor, as_key(text))
