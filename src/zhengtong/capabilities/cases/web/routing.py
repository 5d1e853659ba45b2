"""派件: a unit's leader says who gets which tasks and who is away, and sees what everybody has in hand."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhengtong.capabilities.cases.selectors import routing as selectors
from zhengtong.capabilities.cases.services import routing as services
from zhengtong.capabilities.cases.web.routing_forms import AbsenceForm, RoutingForm
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import actor_of, requires

_LOAD_COLUMNS = (
    {"key": "name", "label": gettext_lazy("人员")},
    {"key": "post", "label": gettext_lazy("岗位")},
    {"key": "held", "label": gettext_lazy("手上在办"), "kind": "number"},
    {"key": "late", "label": gettext_lazy("其中超期"), "kind": "number"},
    {"key": "done", "label": gettext_lazy("近 30 天办结"), "kind": "number"},
    {"key": "away", "label": gettext_lazy("离岗")},
)


@requires(Role.LEADER)
@require_GET
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """The rules and absences of the leader's unit, and the load of everybody."""
    return _page(request, actor_of(request))


@requires(Role.LEADER)
@require_POST
@never_cache
def set_rule(request: HttpRequest) -> HttpResponse:
    """Make or replace a rule; a refusal brings the page back with everything typed."""
    actor = actor_of(request)
    form = _rule_form(actor, request.POST)

    def set_it(typed: dict[str, Any]) -> None:
        services.set_routing(
            actor=actor,
            mode=typed["mode"],
            officers=form.chosen(),
            item_code=typed["item_code"],
            phase=typed["phase"],
            area=typed.get("area", ""),
        )

    done = _("派件规则已经生效，以后到达的事项按它分派。")
    return _saved(request, form, set_it, done) or _page(request, actor, rule_form=form, status=422)


@requires(Role.LEADER)
@require_POST
@never_cache
def drop_rule(request: HttpRequest, rule_id: uuid.UUID) -> HttpResponse:
    """Take a rule away."""
    services.drop_routing(actor=actor_of(request), rule_id=rule_id)
    messages.success(request, _("派件规则已经取消，以后到达的事项由本单位人员签收。"))
    return redirect("tasks:routing")


@requires(Role.LEADER)
@require_POST
@never_cache
def note_absence(request: HttpRequest) -> HttpResponse:
    """Note that somebody is away; a refusal brings the page back with everything typed."""
    actor = actor_of(request)
    form = _absence_form(actor, request.POST)

    def note_it(typed: dict[str, Any]) -> None:
        services.note_absence(
            actor=actor,
            person_id=uuid.UUID(typed["person_id"]),
            from_day=typed["from_day"],
            until_day=typed["until_day"],
            substitute_id=uuid.UUID(typed["substitute_id"]) if typed["substitute_id"] else None,
        )

    done = _("已经登记。离岗期间新到的事项不再派给他，手上的事项可以重新分派。")
    return _saved(request, form, note_it, done) or _page(request, actor, absence_form=form, status=422)


@requires(Role.LEADER)
@require_POST
@never_cache
def end_absence(request: HttpRequest, absence_id: uuid.UUID) -> HttpResponse:
    """Somebody is back."""
    return _short(
        request,
        lambda actor: services.end_absence(actor=actor, absence_id=absence_id),
        lambda _found: _("已经登记返岗。"),
    )


@requires(Role.LEADER)
@require_POST
@never_cache
def share_out(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Have what an absent officer holds go to others."""
    return _short(
        request,
        lambda actor: services.share_out_tasks(actor=actor, person_id=person_id),
        lambda count: _("已经重新分派 %(count)d 件；没有规则或没有合适人员的，退回本单位待签收。") % {"count": count},
    )


def _saved(
    request: HttpRequest, form: forms.Form, do: Callable[[dict[str, Any]], None], said: str
) -> HttpResponse | None:
    """What was typed is done and the page shown anew; None, with the refusals on the form, where it was not."""
    if not form.is_valid():
        return None
    try:
        do(form.cleaned_data)
    except (Invalid, Conflict) as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return None
    messages.success(request, said)
    return redirect("tasks:routing")


def _short(request: HttpRequest, do: Callable[[Actor], Any], said: Callable[[Any], str]) -> HttpResponse:
    try:
        messages.success(request, said(do(actor_of(request))))
    except Conflict as refusal:
        messages.error(request, refusal.message)
    return redirect("tasks:routing")


def _people(actor: Actor) -> dict[uuid.UUID, str]:
    return {key: f"{one.name}（{one.post_name}）" for key, one in selectors.people_of_unit(actor).items()}


def _rule_form(actor: Actor, posted: Any = None) -> RoutingForm:
    return RoutingForm(
        posted,
        items=selectors.item_choices(actor),
        areas=selectors.area_choices(actor),
        people=_people(actor),
        auto_id="rule-%s",
    )


def _absence_form(actor: Actor, posted: Any = None) -> AbsenceForm:
    return AbsenceForm(posted, people=_people(actor), auto_id="absence-%s")


def _page(
    request: HttpRequest,
    actor: Actor,
    *,
    rule_form: RoutingForm | None = None,
    absence_form: AbsenceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    loads = selectors.loads_of_unit(actor)
    context = {
        "rules": selectors.rules_of_unit(actor),
        "absences": selectors.absences_of_unit(actor),
        "rule_form": rule_form or _rule_form(actor),
        "absence_form": absence_form or _absence_form(actor),
        "load_columns": _LOAD_COLUMNS,
        "loads": loads,
        "bars": [
            {
                "label": one.name,
                "value": one.held,
                "note": " ".join(filter(None, [_("超期 %(n)d 件") % {"n": one.late} if one.late else "", one.away])),
            }
            for one in loads
        ],
        "holding": [one for one in loads if one.away and one.held],
        "unassigned": selectors.waiting_without_officer(actor),
        "unit": actor.org_name,
        "desk_title": _("审批工作台"),
    }
    return render(request, "cases/routing.html", context, status=status)
