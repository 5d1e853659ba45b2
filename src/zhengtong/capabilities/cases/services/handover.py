"""移交: the open work of a unit that is merged or abolished, and of a person who leaves a post."""

import datetime as dt
import logging
import uuid

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import OBJECT_KIND, CaseStatus, ExtensionState, StepMove, WorkItemStatus
from zhengtong.capabilities.cases.models import Case, ClockExtension, HandOver, WorkItem
from zhengtong.capabilities.cases.services import clock, store
from zhengtong.capabilities.cases.services.handling import move_to_person, move_to_unit
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.cases import CaseHandedOver
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, NotFound
from zhengtong.kernel.loops import each
from zhengtong.kernel.outbox import publish

log = logging.getLogger(__name__)

_BATCH = 100
# an act that had read the old unit before it was merged may leave a task with it for as long as its transaction runs
_SETTLED_AFTER = dt.timedelta(minutes=1)


def count_organisation_work(*, tenant: str, org_id: uuid.UUID) -> int:
    """Open cases the unit answers for, has a task in or was asked to give more time for, or that come over to it."""
    coming = HandOver.objects.filter(tenant=tenant, to_org_id=org_id, finished_at__isnull=True)
    reach = _of_unit(tenant, org_id)
    for from_org_id in coming.values_list("from_org_id", flat=True):
        reach |= _of_unit(tenant, from_org_id)
    return Case.objects.filter(reach).distinct().count()


@transaction.atomic
def hand_over_organisation_work(*, actor: Actor, from_org_id: uuid.UUID, to_org_id: uuid.UUID, reason: str) -> int:
    """Begin to give a unit's open cases and tasks to its heir; limits keep running. Returns how many cases go over.

    The first batch goes with the caller's transaction, a loop of the worker takes the rest (``continue_hand_overs``),
    and what others leave with the old unit in the same minute, even where it had nothing.
    """
    units = {unit.id: unit for unit in identity.organisations(actor.tenant, abolished=True)}
    if from_org_id not in units or to_org_id not in units:
        raise NotFound(_("没有找到承继单位。"))
    total = Case.objects.filter(_of_unit(actor.tenant, from_org_id)).distinct().count()
    row = HandOver.objects.create(
        tenant=actor.tenant,
        from_org_id=from_org_id,
        from_org_name=units[from_org_id].name,
        to_org_id=to_org_id,
        to_org_name=units[to_org_id].name,
        reason=reason[:200],
        asked_by=actor.name,
        total=total,
    )
    if total:
        _record(actor, row, "cases.hand_over_unit")
    _next_batch(row, actor=actor)
    return total


def continue_hand_overs() -> int:
    """Take the next batch of every hand-over that is under way; returns how many cases were looked at.

    Safe to repeat and to break off: a case goes over in a transaction of its own, and only while the old unit has it.
    """
    return each(_continue, HandOver.objects.filter(finished_at__isnull=True).order_by("created_at").values_list("id"))


def _continue(hand_over_id: uuid.UUID) -> int:
    return _next_batch(HandOver.objects.get(pk=hand_over_id), actor=None)


def _next_batch(row: HandOver, *, actor: Actor | None) -> int:
    """One batch, by ``actor`` or by the platform; at the end of a pass what is left, or new, is looked for again."""
    waiting = Case.objects.filter(_of_unit(row.tenant, row.from_org_id)).order_by("id").distinct()
    if row.after is not None:
        waiting = waiting.filter(id__gt=row.after)
    ids = list(waiting.values_list("id", flat=True)[:_BATCH])
    moved = failed = 0
    for case_id in ids:
        if actor is not None:
            moved += _move_case(row, case_id, actor)
            continue
        try:
            moved += _move_case(row, case_id, system(row.tenant))
        except (InterfaceError, OperationalError):
            raise
        except Exception:
            log.exception("case %s could not be handed over", case_id)
            failed += 1
    _note_progress(row, moved, ids[-1] if len(ids) == _BATCH else None)
    if failed:
        raise RuntimeError(f"{failed} cases could not be handed over; see the log")
    return len(ids)


@transaction.atomic
def _move_case(row: HandOver, case_id: uuid.UUID, actor: Actor) -> int:
    """Hand one case over to whoever carries on the heir's work today; 0 when the old unit no longer has it."""
    unit = identity.heir_of(row.tenant, row.to_org_id)
    if unit is None:
        raise Conflict(_("%(org)s已经撤销，没有承继单位，请系统管理员先确定由谁承继。") % {"org": row.to_org_name})
    case = store.lock_case(case_id, row.tenant)
    return int(_hand_over(actor, case, row.from_org_id, unit, row.reason))


@transaction.atomic
def _note_progress(row: HandOver, moved: int, after: uuid.UUID | None) -> None:
    row = HandOver.objects.select_for_update().get(pk=row.pk)
    if row.finished_at is not None:
        return
    row.moved, row.after = row.moved + moved, after
    settled = now() - row.created_at >= _SETTLED_AFTER
    if settled and after is None and not Case.objects.filter(_of_unit(row.tenant, row.from_org_id)).exists():
        row.finished_at = now()
        if row.total or row.moved:
            _record(system(row.tenant), row, "cases.hand_over_finished", moved=row.moved)
    row.save(update_fields=["moved", "after", "finished_at"])


def _record(actor: Actor, row: HandOver, act: str, **more: int) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind="hand_over", id=str(row.id)),
        payload={"from": row.from_org_name, "to": row.to_org_name, "total": row.total, **more},
        basis=row.reason,
    )


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


def _hand_over(actor: Actor, case: Case, from_org_id: uuid.UUID, unit: identity.OrganisationInfo, reason: str) -> bool:
    """Everything the old unit has in a locked case; False when that is nothing."""
    items = list(WorkItem.objects.filter(case_id=case.id, org_id=from_org_id, status=WorkItemStatus.OPEN))
    for item in items:
        move_to_unit(actor, case, item, StepMove.HAND_OVER, org_id=unit.id, org_name=unit.name, reason=reason)
    asked = ClockExtension.objects.filter(
        case_id=case.id, approver_org_id=from_org_id, state=ExtensionState.ASKED
    ).update(approver_org_id=unit.id, approver_org_name=unit.name)
    if case.org_id != from_org_id or case.status != CaseStatus.OPEN:
        return bool(items or asked)
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
    return True


def _of_unit(tenant: str, org_id: uuid.UUID) -> Q:
    open_items = Q(work_items__org_id=org_id, work_items__status=WorkItemStatus.OPEN)
    asked = Q(extensions__approver_org_id=org_id, extensions__state=ExtensionState.ASKED)
    return Q(tenant=tenant, status=CaseStatus.OPEN) & (Q(org_id=org_id) | open_items | asked)


def _of_person(tenant: str, person_id: uuid.UUID, org_id: uuid.UUID) -> Q:
    mine = Q(holder_id=person_id) | Q(helper_id=person_id)
    return Q(tenant=tenant, org_id=org_id, status=WorkItemStatus.OPEN) & mine
