"""Who may rate, follow up, judge, look on, and who registers evaluators."""

import uuid

from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ratings.constants import (
    COUNTY_MANAGER,
    DEVICE_MANAGERS,
    LEADER,
    SUPERVISOR,
    UNIT_ROLES,
)
from zhengtong.capabilities.ratings.models import Device, FollowUp
from zhengtong.capabilities.ratings.registry import RateableSubject, rateable
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound, NotPermitted


def check_may_rate(actor: Actor, subject: RateableSubject, *, bearer: bool) -> None:
    """The person who was served, or who holds the link (``bearer``); nobody who works in the rated unit.

    Raises NotPermitted, and NotFound for a matter that is not the actor's.
    """
    if actor.kind == "official" and not bearer:
        raise NotPermitted(_("您现在以工作人员身份登录。要评价自己办的事，请先切换为个人身份。"))
    check_not_own_unit(actor, subject)
    if not bearer and not rateable.get(subject.ref.kind).may_rate(actor, subject.ref):
        raise NotFound(_("没有找到您要评价的事项。如果它属于另一个身份，请先切换身份。"))


def check_not_own_unit(actor: Actor, subject: RateableSubject) -> None:
    """Nobody rates the unit he works in, in whatever capacity he acts now, and by whatever way."""
    if actor.person_id and identity.works_in(actor.tenant, actor.person_id, subject.org_id):
        raise NotPermitted(
            _("您在%(org)s任职，按规定不能评价本单位。如有意见，请通过单位内部或者监督渠道反映。")
            % {"org": subject.org_name}
        )


def looks_on(actor: Actor) -> bool:
    """A supervisor sees the bad ratings of all units, and changes none."""
    return actor.kind == "official" and actor.has_role(SUPERVISOR)


def visible_follow_ups(actor: Actor) -> Q:
    """Those of the own unit for its officials, all of the county for supervisors, none for anybody else."""
    if looks_on(actor):
        return Q(tenant=actor.tenant)
    if actor.kind != "official" or actor.org_id is None or not actor.has_role(*UNIT_ROLES):
        return Q(pk__in=[])
    return Q(tenant=actor.tenant, org_id=actor.org_id)


def of_the_unit(actor: Actor, row: FollowUp) -> bool:
    """Whether the actor follows bad ratings up for the responsible unit."""
    same = actor.tenant == row.tenant and actor.org_id == row.org_id
    return actor.kind == "official" and same and actor.has_role(*UNIT_ROLES)


def check_unit(actor: Actor, row: FollowUp) -> None:
    """Only officials of the responsible unit act."""
    if not of_the_unit(actor, row):
        raise NotPermitted(_("这个差评由%(org)s处理，您可以查看，不能办理。") % {"org": row.org_name})


def may_judge(actor: Actor, row: FollowUp) -> bool:
    """A leader of the unit: not who asked, nor his deputy, nor whom he stood in for."""
    second = identity.is_second_person(actor, row.asked_by_id, row.asked_for_id)
    return second and of_the_unit(actor, row) and actor.has_role(LEADER)


def check_judge(actor: Actor, row: FollowUp) -> None:
    """The second person: a leader of the unit, and not who asked."""
    check_unit(actor, row)
    if not may_judge(actor, row):
        raise NotPermitted(_("是否计入由本单位另一名负责人认定，申请人、他当时所代的人和代他办理的人都不能认定。"))


def manageable_devices(actor: Actor) -> Q:
    """All evaluators for who manages those of the county, those of his unit for a leader."""
    if actor.kind != "official" or not actor.has_role(*DEVICE_MANAGERS):
        return Q(pk__in=[])
    if actor.has_role(COUNTY_MANAGER):
        return Q(tenant=actor.tenant)
    return Q(tenant=actor.tenant, org_id=actor.org_id)


def check_manages(actor: Actor, org_id: uuid.UUID) -> None:
    """Whether the actor registers evaluators for a unit."""
    here = actor.has_role(COUNTY_MANAGER) or (actor.has_role(LEADER) and actor.org_id == org_id)
    if actor.kind != "official" or not here:
        raise NotPermitted(_("评价器由使用单位的负责人或者流程管理员登记。"))


def asks_at(actor: Actor, device: Device) -> bool:
    """Whether an official may put an invitation on an evaluator: his unit's, or as who manages all."""
    return (
        actor.kind == "official"
        and actor.tenant == device.tenant
        and (actor.org_id == device.org_id or actor.has_role(COUNTY_MANAGER))
    )
