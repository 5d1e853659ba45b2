"""One plan or visit for those who may read it, and what they may do with it now."""

import uuid

from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.inspections import permissions
from zhengtong.systems.inspections.models import Plan, Visit
from zhengtong.systems.inspections.rules import going


def find_plan(actor: Actor, plan_id: uuid.UUID) -> Plan:
    """A plan of the actor's reach; raises NotFound."""
    row = Plan.objects.filter(permissions.visible_plans(actor), pk=plan_id).first()
    if row is None:
        raise NotFound(_("没有找到这份督查计划。"))
    return row


def find_visit(actor: Actor, visit_id: uuid.UUID) -> Visit:
    """A visit of the actor's reach; raises NotFound."""
    rows = Visit.objects.filter(permissions.visible_visits(actor), pk=visit_id)
    row = rows.select_related("plan").first()
    if row is None:
        raise NotFound(_("没有找到这次检查，或者它不由您和您所在的单位办理。"))
    return row


def plan_acts(actor: Actor, plan: Plan) -> frozenset[str]:
    """What the actor may do with a plan now."""
    acts = going.plan_acts(plan.state)
    if not permissions.may_decide(actor, plan):
        acts -= {"approve", "return"}
    return acts if permissions.in_office(actor) else acts & {"approve", "return"}


def visit_acts(actor: Actor, visit: Visit) -> frozenset[str]:
    """What the actor may do with a visit now."""
    mine = visit.inspectors.filter(person_id=permissions.person_of(actor), recused_at__isnull=True).first()
    notice = getattr(visit, "rectification", None)
    return going.visit_acts(
        visit.state,
        inspects=permissions.is_inspector(actor, visit),
        office=permissions.is_office_for(actor, visit),
        unit=permissions.is_unit(actor, visit),
        signed=mine is not None and mine.signed_at is not None,
        known=notice is not None and notice.acknowledged_at is not None,
    )
