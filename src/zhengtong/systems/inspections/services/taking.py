"""Taking a plan or a visit in hand for one act: locked, in reach, and in a state that allows it."""

import uuid

from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.systems.inspections import permissions
from zhengtong.systems.inspections.constants import REASON_MAX, REASON_MIN
from zhengtong.systems.inspections.models import Plan, Visit
from zhengtong.systems.inspections.rules import going
from zhengtong.systems.inspections.selectors.finding import find_plan, find_visit, plan_acts, visit_acts


def take_plan(actor: Actor, plan_id: uuid.UUID, act: str) -> Plan:
    """For one act. Raises NotFound, NotPermitted, Conflict."""
    plan = Plan.objects.select_for_update().get(pk=find_plan(actor, plan_id).pk)
    if act in plan_acts(actor, plan):
        return plan
    if act in going.plan_acts(plan.state):
        if act in ("approve", "return"):
            permissions.check_second(actor, plan)
        raise NotPermitted(_("这一步不由您办理：起草、抽取由监察员办理，批准由起草人以外的人办理。"))
    raise Conflict(
        _("这份计划现在是“%(state)s”，不能这样办理。请刷新页面后再看。") % {"state": plan.get_state_display()}
    )


def take_visit(actor: Actor, visit_id: uuid.UUID, act: str) -> Visit:
    """For one act. Raises NotFound, Conflict."""
    find_visit(actor, visit_id)
    visit = Visit.objects.select_for_update(of=("self",)).select_related("plan").get(pk=visit_id)
    if act not in visit_acts(actor, visit):
        raise Conflict(
            _("这次检查现在是“%(state)s”，或者这一步不由您办理。请刷新页面后再看。")
            % {"state": visit.get_state_display()}
        )
    return visit


def said(text: str, *, field: str = "text", least: int = REASON_MIN, most: int = REASON_MAX) -> str:
    """Words of enough length; raises Invalid."""
    clean = text.replace("\x00", "").strip()
    if not least <= len(clean) <= most:
        raise Invalid(_("请写明情况，%(a)d 到 %(b)d 个字。") % {"a": least, "b": most}, field=field)
    return clean
