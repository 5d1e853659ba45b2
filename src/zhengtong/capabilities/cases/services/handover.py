"""移交: the open work of a unit that is merged or abolished, and of a person who leaves a post."""

import uuid

from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import OBJECT_KIND, CaseStatus, ExtensionState, StepMove, WorkItemStatus
from zhengtong.capabilities.cases.models import Case, ClockExtension, WorkItem
from zhengtong.capabilities.cases.services import clock, store
from zhengtong.capabilities.cases.services.handling import move_to_person, move_to_unit
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.cases import CaseHandedOver
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.outbox import publish


def count_organisation_work(*, tenant: str, org_id: uuid.UUID) -> int:
    """Open cases the unit answers for, has a task in or was asked to give more time for."""
    return Case.objects.filter(_of_unit(tenant, org_id)).distinct().count()


def hand_over_organisation_work(*, actor: Actor, from_org_id: uuid.UUID, to_org_id: uuid.UUID, reason: str) -> int:
    """Give a unit's open cases and tasks to its heir; limits keep running. Part of the caller's transaction."""
    unit = next((one for one in identity.organisations(actor.tenant) if one.id == to_org_id), None)
    if unit is None:
        raise NotFound(_("没有找到承继单位。"))
    ids = list(
        Case.objects.filter(_of_unit(actor.tenant, from_org_id)).order_by("id").values_list("id", flat=True).distinct()
    )
    for case_id in ids:
        _hand_over(actor, store.lock_case(case_id, actor.tenant), from_org_id, unit, reason)
    return len(ids)


def count_person_work(*, tenant: str, person_id: uuid.UUID, org_id: uuid.UUID) -> int:
    """Open tasks of the unit that the person has taken or was asked to help with."""
    return WorkItem.objects.filter(_of_person(tenant, person_id, org_id)).count()


def hand_over_person_work(
    *, actor: Actor, person_id: uuid.UUID, org_id: uuid.UUID, to_person_id: uuid.UUID, reason: str
) -> int:
    """Give what a person has in hand to a colleague; one who cannot do a task leaves it to the whole unit."""
    rows = WorkItem.objects.filter(_of_person(actor.tenant, person_id, org_id)).order_by("case_id", "id")
    found = list(rows.values_list("id", flat=True))
    for item_id in found:
        case = store.lock_case_of_item(item_id, actor.tenant)
        item = store.lock_item(case, item_id)
        if item.status != WorkItemStatus.OPEN:
            continue  # done or taken back while we waited for the lock
        people = {one.person_id: one for one in identity.people_in(case.tenant, org_id, item.role)}
        heir = people.get(to_person_id)
        if item.holder_id == person_id and heir is not None:
            move_to_person(
                actor, case, item, StepMove.HAND_OVER, person_id=heir.person_id, name=heir.name, reason=reason
            )
        elif item.holder_id == person_id:
            move_to_unit(actor, case, item, StepMove.HAND_OVER, org_id=org_id, org_name=item.org_name, reason=reason)
        elif item.holder_id is not None:
            move_to_person(actor, case, item, StepMove.UNASK, person_id=item.holder_id, name=item.holder, reason=reason)
    return len(found)


def _hand_over(actor: Actor, case: Case, from_org_id: uuid.UUID, unit: identity.OrganisationInfo, reason: str) -> None:
    for item in WorkItem.objects.filter(case_id=case.id, org_id=from_org_id, status=WorkItemStatus.OPEN):
        move_to_unit(actor, case, item, StepMove.HAND_OVER, org_id=unit.id, org_name=unit.name, reason=reason)
    ClockExtension.objects.filter(case_id=case.id, approver_org_id=from_org_id, state=ExtensionState.ASKED).update(
        approver_org_id=unit.id, approver_org_name=unit.name
    )
    if case.org_id != from_org_id:
        return
    before = case.org_name
    case.org_id, case.org_name = unit.id, unit.name
    case.save(update_fields=["org_id", "org_name"])
    ledger.append(
        actor=actor,
        act="cases.hand_over",
        object_ref=ObjectRef(kind=OBJECT_KIND, id=str(case.id)),
        payload={"from": before, "to": unit.name, "reason": reason},
    )
    publish(CaseHandedOver(**clock.event_fields(case), from_org_id=from_org_id, from_org_name=before))


def _of_unit(tenant: str, org_id: uuid.UUID) -> Q:
    open_items = Q(work_items__org_id=org_id, work_items__status=WorkItemStatus.OPEN)
    asked = Q(extensions__approver_org_id=org_id, extensions__state=ExtensionState.ASKED)
    return Q(tenant=tenant, status=CaseStatus.OPEN) & (Q(org_id=org_id) | open_items | asked)


def _of_person(tenant: str, person_id: uuid.UUID, org_id: uuid.UUID) -> Q:
    mine = Q(holder_id=person_id) | Q(helper_id=person_id)
    return Q(tenant=tenant, org_id=org_id, status=WorkItemStatus.OPEN) & mine
