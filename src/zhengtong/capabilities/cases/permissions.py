"""Who may act on a task and who may see a case."""

import uuid
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import APPLICANT_ROLE, WorkItemStatus
from zhengtong.capabilities.cases.models import Case, ClockExtension, ProcessDraft, WorkItem
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import Scope, default_scope
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotPermitted

WATCHERS = ("supervisor", "process_admin")
HANDLERS = ("clerk", "reviewer", "leader")


def check_may_complete(actor: Actor, item: WorkItem, *, as_applicant: bool) -> None:
    """A holder of the task's role in its unit, and nobody but the one who took it; the applicant's only by his app."""
    if item.role == APPLICANT_ROLE:
        if not as_applicant:
            raise NotPermitted(_("这一步由申请人办理，工作人员不能代替提交。"))
        return
    if as_applicant:
        raise NotPermitted(_("“%(step)s”由%(org)s办理。") % {"step": item.step, "org": item.org_name})
    check_holds_role(actor, item)
    check_not_held(actor, item)
    if item.helper_id is not None:
        raise NotPermitted(
            _("已经请%(name)s协办，等他答复以后再办结；不再需要时请先收回协办。") % {"name": item.helper}
        )


def check_holds_role(actor: Actor, item: WorkItem) -> None:
    """Only a holder of the task's role in the task's unit; a delegate only for the items named to him."""
    if actor.delegated_items:
        _check_delegated(actor, item.case)
    if actor.kind != "official" or item.org_id is None or item.org_id != actor.org_id:
        raise NotPermitted(
            _("“%(step)s”由%(org)s办理，您现在的岗位不能办理。")
            % {"step": item.step, "org": item.org_name or _("申请人")}
        )
    if not actor.has_role(item.role):
        raise NotPermitted(
            _("“%(step)s”需要由有相应岗位的人员办理，请转交本单位的经办人或负责人。") % {"step": item.step}
        )


def check_not_held(actor: Actor, item: WorkItem) -> None:
    """Nobody does what somebody else has taken."""
    if item.holder_id is not None and item.holder_id != actor.hands_id:
        raise NotPermitted(
            _("“%(step)s”已由%(name)s签收，请他办理，或请本单位负责人改派。") % {"step": item.step, "name": item.holder}
        )


def drawn_signer(case: Case, item: WorkItem) -> bool:
    """Whether a unit signs a step because the matter itself names it, not because it was added by hand."""
    named = (value for value in case.variables.values() if isinstance(value, list))
    return not item.adhoc and any(item.item in values for values in named)


def check_leader_of_task(actor: Actor, item: WorkItem) -> None:
    """Only a leader of the unit that has the task."""
    if actor.kind != "official" or item.org_id != actor.org_id or not actor.has_role("leader"):
        raise NotPermitted(_("只有%(org)s的负责人可以这样安排，请向他提出。") % {"org": item.org_name or _("主办单位")})
    if actor.delegated_items:
        _check_delegated(actor, item.case)


def check_leads_unit(actor: Actor) -> None:
    """Only a leader arranges who of his unit does what; who stands in for him leaves that to him."""
    if not _in_business(actor, "leader") or actor.delegated_items:
        raise NotPermitted(_("派件规则和人员离岗由本单位负责人安排。"))


def check_holder_or_leader(actor: Actor, item: WorkItem) -> None:
    """The one who has taken the task, or a leader of its unit; a task nobody has taken, any of its role."""
    if actor.kind == "official" and item.org_id == actor.org_id and actor.has_role("leader"):
        if actor.delegated_items:
            _check_delegated(actor, item.case)
        return
    check_holds_role(actor, item)
    check_not_held(actor, item)


def check_may_decide_extension(actor: Actor, case: Case, *, approver_org_id: uuid.UUID, approver: str) -> None:
    """Only a leader of the body the law names; a delegate only for the items named to him."""
    if actor.kind != "official" or actor.org_id != approver_org_id or not actor.has_role("leader"):
        raise NotPermitted(_("延长期限由%(body)s的负责人批准。") % {"body": approver})
    _check_delegated(actor, case)


def _check_delegated(actor: Actor, case: Case) -> None:
    if not identity.may_handle_item(actor, case.item_code):
        raise NotPermitted(_("%(name)s委托您办理的事项不包括这一项，请由本人办理。") % {"name": actor.delegated_by})


def visible_cases(actor: Actor) -> Q:
    """What the actor's roles reach: cases of a unit, those in which it has or had a task, all for a watcher.

    A role given with a narrower or wider reach (本人、本单位、本单位及下级、全县) shows that much; without one a
    watcher sees the county and an official his own unit. A delegate for certain items sees the cases of these.
    """
    return cases_in(reach_of(actor))


class Reach(NamedTuple):
    """What an actor's roles reach, found out for every request; ``cases_in`` says it as a condition on cases.

    All of the tenant with ``everything``; else cases of ``units``, what ``person`` did or may do, what the leaders of
    ``asked`` were asked for more time for. Only ``items`` where there are any.
    """

    tenant: str
    everything: bool = False
    units: tuple[uuid.UUID, ...] = ()
    person: tuple[uuid.UUID | None, uuid.UUID | None, uuid.UUID | None, tuple[str, ...]] | None = None
    asked: uuid.UUID | None = None
    items: tuple[str, ...] = ()


def cases_in(reach: Reach) -> Q:
    """The cases within a reach; none for one that holds nothing."""
    found = Q(tenant=reach.tenant) if reach.everything else Q(pk__in=[])
    if reach.units:
        found |= _of_units(reach.tenant, reach.units)
    if reach.person is not None:
        found |= _of_person(reach.tenant, *reach.person)
    if reach.asked is not None:
        found |= _asked_of(reach.tenant, reach.asked)
    return found & Q(item_code__in=reach.items) if reach.items else found


def delegated_cases(actor: Actor) -> Q:
    """Cases of the items a delegation names; all where it names none."""
    return Q(item_code__in=sorted(actor.delegated_items)) if actor.delegated_items else Q()


def reach_of(actor: Actor) -> Reach:
    """How far the roles of an actor reach; see ``visible_cases``."""
    items = tuple(sorted(actor.delegated_items))
    if actor.kind == "system":
        return Reach(actor.tenant, everything=True, items=items)
    if actor.kind != "official" or actor.org_id is None:
        return Reach(actor.tenant)
    reaches = {_reach(actor, role) for role in actor.roles & {*WATCHERS, *HANDLERS}}
    if Scope.COUNTY in reaches:
        return Reach(actor.tenant, everything=True, items=items)
    # the leaders of a unit that was asked for more time see what it is about
    asked = actor.org_id if actor.has_role("leader") else None
    if Scope.SUBTREE in reaches:
        units = identity.organisations(actor.tenant, subtree=actor.org_path, abolished=True)
        return Reach(actor.tenant, units=tuple(unit.id for unit in units), asked=asked, items=items)
    if reaches == {Scope.OWN}:
        person = (actor.person_id, actor.hands_id, actor.org_id, tuple(sorted(actor.roles)))
        return Reach(actor.tenant, person=person, asked=asked, items=items)
    return Reach(actor.tenant, units=(actor.org_id,), asked=asked, items=items)


def taking_part(actor: Actor) -> Q:
    """Cases the actor's own unit answers for, or in which it has or had a task."""
    if actor.kind != "official" or actor.org_id is None:
        return Q(pk__in=[])
    return _of_units(actor.tenant, (actor.org_id,)) & delegated_cases(actor)


def _reach(actor: Actor, role: str) -> str:
    return dict(actor.scopes).get(role) or default_scope(role)


def _of_units(tenant: str, org_ids: tuple[uuid.UUID, ...]) -> Q:
    tasks = WorkItem.objects.filter(tenant=tenant, org_id__in=org_ids).values("case_id")
    return Q(tenant=tenant) & (Q(org_id__in=org_ids) | Q(pk__in=tasks))


def _asked_of(tenant: str, org_id: uuid.UUID) -> Q:
    """Cases for which a unit was asked for more time."""
    asked = ClockExtension.objects.filter(tenant=tenant, approver_org_id=org_id).values("case_id")
    return Q(tenant=tenant, pk__in=asked)


def _of_person(
    tenant: str,
    person_id: uuid.UUID | None,
    hands_id: uuid.UUID | None,
    org_id: uuid.UUID | None,
    roles: tuple[str, ...],
) -> Q:
    """What the person did, holds or helps with, and what waits for anybody of his role in his unit."""
    me = Q(done_by_id=person_id) | Q(holder_id=hands_id) | Q(helper_id=hands_id)
    free = Q(org_id=org_id, role__in=roles, status=WorkItemStatus.OPEN, holder_id__isnull=True)
    tasks = WorkItem.objects.filter(me | free, tenant=tenant).values("case_id")
    return Q(tenant=tenant, pk__in=tasks)


def check_owning_unit(actor: Actor, case: Case) -> None:
    """Only who handles cases in the unit answerable for it; a delegate only for the items named to him."""
    _check_delegated(actor, case)
    if actor.kind == "official" and actor.org_id == case.org_id and not actor.has_role(*HANDLERS):
        raise NotPermitted(_("这样的操作由办理这类事项的经办人、审查人或者负责人进行。"))
    if actor.kind != "official" or actor.org_id != case.org_id:
        raise NotPermitted(_("这个办件由%(org)s主办，只有主办单位可以这样操作。") % {"org": case.org_name})


def check_leader_of_case(actor: Actor, case: Case) -> None:
    """Only a leader of the unit answerable for the case."""
    check_owning_unit(actor, case)
    if not actor.has_role("leader"):
        raise NotPermitted(_("这样的安排由%(org)s的负责人决定，请向他提出。") % {"org": case.org_name})


def check_process_admin(actor: Actor) -> None:
    """A process administrator, a business role: never one of the three administrators."""
    if not _in_business(actor, "process_admin"):
        raise NotPermitted(_("流程干预由流程管理员申请，系统、安全、审计管理员不能担任。"))


def check_may_approve(actor: Actor, case: Case | None) -> None:
    """Another process administrator, or a leader of the unit answerable for the case."""
    if not _in_business(actor, "process_admin") and not (case is not None and _leads(actor, case.org_id)):
        raise NotPermitted(_("流程干预由另一名流程管理员或主办单位负责人批准。"))
    if case is not None:
        _check_delegated(actor, case)


def check_may_draw(actor: Actor) -> None:
    """Only a process administrator draws and submits processes."""
    if not _in_business(actor, "process_admin"):
        raise NotPermitted(_("流程由流程管理员绘制，系统、安全、审计管理员不能担任。"))


def check_may_release(actor: Actor, draft: ProcessDraft) -> None:
    """A second process administrator, or a leader of the unit that submitted the drawing."""
    refused = _("流程须由另一人批准后才能启用，报批人和批准人不能是同一人。")
    identity.check_second_person(actor, draft.submitted_by_id, draft.submitted_for_id, refused)
    if not _in_business(actor, "process_admin") and not _leads(actor, draft.submitted_org_id):
        raise NotPermitted(_("流程由另一名流程管理员或报批单位的负责人批准。"))


def check_calendar_keeper(actor: Actor) -> None:
    """Only a process administrator proposes a change of the working calendar."""
    if actor.person_id is None or not _in_business(actor, "process_admin"):
        raise NotPermitted(_("工作日历的变更由流程管理员提出，系统、安全、审计管理员不能担任。"))


def check_may_decide_calendar(
    actor: Actor, *, asked_by_id: uuid.UUID, asked_for_id: uuid.UUID | None, asked_org_id: uuid.UUID | None
) -> None:
    """A second process administrator, or a leader of the unit that proposed the change."""
    refused = _("日历变更须由另一人批准后才能生效，提出人和批准人不能是同一人。")
    identity.check_second_person(actor, asked_by_id, asked_for_id, refused)
    if not _in_business(actor, "process_admin") and not _leads(actor, asked_org_id):
        raise NotPermitted(_("日历变更由另一名流程管理员或提出单位的负责人批准。"))


def monitored_cases(actor: Actor) -> Q:
    """Cases whose place on the drawing one may watch: as far as the role of a watcher or a leader reaches."""
    if not _in_business(actor, *WATCHERS, "leader"):
        return Q(pk__in=[])
    return identity.org_scope_filter(actor, *WATCHERS, "leader", org="org_id", item="item_code")


def _in_business(actor: Actor, *roles: str) -> bool:
    """An official with one of the roles who is none of the three administrators."""
    return actor.kind == "official" and actor.has_role(*roles) and not actor.has_role(*identity.THREE_ADMINISTRATORS)


def _leads(actor: Actor, org_id: uuid.UUID | None) -> bool:
    """A leader of exactly that unit."""
    return org_id is not None and actor.org_id == org_id and _in_business(actor, "leader")
