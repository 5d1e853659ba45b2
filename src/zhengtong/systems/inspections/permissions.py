"""Who plans, inspects and rectifies: the supervisor's office, drawn inspectors, the unit once the visit is done."""

import uuid

from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import NotPermitted
from zhengtong.systems.inspections.constants import DESK_ROLES, LEADER, SECRET, SUPERVISOR
from zhengtong.systems.inspections.models import Inspector, Plan, Rectification, Referral, Visit

_NOTHING = Q(pk__in=[])
#: the visit about a referred card has been done: its unit may know
_LOOKED_INTO = Q(visit__isnull=False) & ~Q(visit__state__in=SECRET)


def in_office(actor: Actor) -> bool:
    """An official of the supervisor's office."""
    return actor.kind == "official" and actor.has_role(SUPERVISOR)


def visible_plans(actor: Actor) -> Q:
    """The office: all of the county; a leader: the plans of his own unit.

    Nobody sees a plan that was made over a card of his own unit before that was looked into.
    """
    if in_office(actor):
        reach = Q(tenant=actor.tenant)
    elif actor.kind == "official" and actor.has_role(LEADER) and actor.org_id is not None:
        reach = Q(tenant=actor.tenant, org_id=actor.org_id)
    else:
        return _NOTHING
    if actor.org_id is None:
        return reach
    own = Referral.objects.filter(org_id=actor.org_id, plan__isnull=False).exclude(_LOOKED_INTO)
    return reach & ~Q(pk__in=own.values("plan_id"))


def visible_visits(actor: Actor) -> Q:
    """Who inspects: his own; the office and its leader: all; a unit: what was done in it.

    Nobody sees a coming visit to his own unit, whatever else he is.
    """
    if actor.kind != "official" or actor.person_id is None:
        return _NOTHING
    drawn = Inspector.objects.filter(person_id=actor.person_id, recused_at__isnull=True).values("visit_id")
    reach = Q(pk__in=drawn)
    if in_office(actor):
        reach |= Q(pk__isnull=False)
    if actor.org_id is not None and actor.has_role(*DESK_ROLES):
        reach |= Q(org_id=actor.org_id)
        if actor.has_role(LEADER):
            reach |= Q(plan__org_id=actor.org_id)
    return Q(tenant=actor.tenant) & reach & ~Q(org_id=actor.org_id or uuid.UUID(int=0), state__in=SECRET)


def visible_referrals(actor: Actor) -> Q:
    """The office: all but those of its own unit; a leader: those in plans of his unit; who inspects: those of his
    visit; the unit itself, once the visit was done.
    """
    if actor.kind != "official" or actor.person_id is None:
        return _NOTHING
    drawn = Inspector.objects.filter(person_id=actor.person_id, recused_at__isnull=True).values("visit_id")
    reach = Q(visit__in=drawn)
    if in_office(actor):
        reach |= Q(pk__isnull=False)
    if actor.org_id is not None and actor.has_role(*DESK_ROLES):
        reach |= Q(org_id=actor.org_id)
        if actor.has_role(LEADER):
            reach |= Q(plan__org_id=actor.org_id)
    own = Q(org_id=actor.org_id or uuid.UUID(int=0))
    return Q(tenant=actor.tenant) & reach & (~own | _LOOKED_INTO)


def is_inspector(actor: Actor, visit: Visit) -> bool:
    """Drawn in person, not recused, still of another unit; a deputy in the same post is not."""
    return (
        actor.kind == "official"
        and actor.person_id is not None
        and actor.delegation_id is None
        and actor.org_id != visit.org_id
        and visit.inspectors.filter(person_id=actor.person_id, recused_at__isnull=True).exists()
    )


def is_office_for(actor: Actor, visit: Visit) -> bool:
    """The office, but not for its own unit."""
    return in_office(actor) and actor.org_id != visit.org_id


def is_unit(actor: Actor, visit: Visit) -> bool:
    """Whether the actor works in the unit that was inspected."""
    return actor.kind == "official" and actor.org_id == visit.org_id and actor.has_role(*DESK_ROLES)


def check_office(actor: Actor) -> None:
    """Raises NotPermitted for others than the office."""
    if not in_office(actor):
        raise NotPermitted(_("督查计划由监察机构办理。"))


def check_second(actor: Actor, plan: Plan) -> None:
    """A plan is decided by a second person: another supervisor, or a leader of the office's unit."""
    refused = _("起草人不能批准自己的计划，请由另一位监察员或者本机构负责人批准。")
    identity.check_second_person(actor, plan.made_by_id, plan.made_for_id, refused)
    if not may_decide(actor, plan):
        raise NotPermitted(_("督查计划由监察员或者本机构负责人批准。"))


def may_decide(actor: Actor, plan: Plan) -> bool:
    """Whether the actor may approve the plan or send it back."""
    leads = actor.kind == "official" and actor.has_role(LEADER) and actor.org_id == plan.org_id
    return (in_office(actor) or leads) and identity.is_second_person(actor, plan.made_by_id, plan.made_for_id)


def person_of(actor: Actor) -> uuid.UUID:
    """Who acts in person; raises NotPermitted for the platform."""
    if actor.person_id is None:
        raise NotPermitted(_("这一步由工作人员本人办理。"))
    return actor.person_id


def office_people(tenant: str) -> list[identity.PersonInPost]:
    """Who works in the supervisor's office today."""
    units = identity.units_with_role(tenant, SUPERVISOR)
    return [one for unit in units for one in identity.people_in(tenant, unit.id, SUPERVISOR)]


def unit_people(tenant: str, org_id: uuid.UUID) -> set[uuid.UUID]:
    """Who answers for a unit that was inspected."""
    return {one.person_id for role in DESK_ROLES for one in identity.people_in(tenant, org_id, role)}


class NoticePapers:
    """督查整改通知书 as documents ask about them: the platform issues; who sees the visit reads."""

    def may_issue(self, actor: Actor, subject_ref: ObjectRef, *, kind: str, issuing_org_id: uuid.UUID) -> bool:
        """Only the platform, which documents know by itself."""
        return False

    def may_read(self, actor: Actor, subject_ref: ObjectRef) -> bool:
        """Who sees the visit."""
        visits = Visit.objects.filter(visible_visits(actor))
        return Rectification.objects.filter(tenant=actor.tenant, pk=subject_ref.id, visit__in=visits).exists()

    def is_holder(self, actor: Actor, subject_ref: ObjectRef) -> bool:
        """A notice is held by a unit, not by a person."""
        return False
