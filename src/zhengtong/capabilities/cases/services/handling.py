"""Whose hands a task is in: 签收、指派、转办、协办. The marking does not move, the limit keeps running."""

import dataclasses
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import permissions
from zhengtong.capabilities.cases.constants import OBJECT_KIND, StepMove
from zhengtong.capabilities.cases.models import Case, Opinion, WorkItem, WorkItemMove
from zhengtong.capabilities.cases.services import clock
from zhengtong.capabilities.cases.services.steps import locked_open_item
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.cases import StepMoved
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.outbox import publish


@dataclasses.dataclass(frozen=True)
class _Hands:
    """Who has a task after a move."""

    org_id: uuid.UUID | None
    org_name: str
    holder_id: uuid.UUID | None = None
    holder: str = ""
    helper_id: uuid.UUID | None = None
    helper: str = ""
    hand_note: str = ""


@transaction.atomic
def claim_step(*, actor: Actor, work_item_id: uuid.UUID) -> None:
    """签收: from now on only this person may do the task; a second claim of one's own does nothing."""
    case, item = locked_open_item(actor, work_item_id)
    permissions.check_holds_role(actor, item)
    if item.holder_id == actor.hands_id and not item.hand_note:
        return
    permissions.check_not_held(actor, item)
    hands = _Hands(item.org_id, item.org_name, actor.hands_id, actor.hands_name)
    _move(actor, case, item, StepMove.CLAIM, hands, "")


@transaction.atomic
def release_step(*, actor: Actor, work_item_id: uuid.UUID, reason: str = "") -> None:
    """退回待签收: the holder, or a leader of the unit, gives the task back to everybody of the unit."""
    case, item = locked_open_item(actor, work_item_id)
    permissions.check_holder_or_leader(actor, item)
    if item.holder_id is None:
        raise Conflict(_("这个事项还没有人签收。"))
    _move(actor, case, item, StepMove.RELEASE, _Hands(item.org_id, item.org_name), reason)


@transaction.atomic
def assign_step(*, actor: Actor, work_item_id: uuid.UUID, person_id: uuid.UUID, reason: str = "") -> None:
    """指派: a leader of the unit, or the holder, names who of the unit is to do the task."""
    case, item = locked_open_item(actor, work_item_id)
    permissions.check_holder_or_leader(actor, item)
    person = _colleague(case, item, person_id, item.role)
    if item.holder_id == person.person_id:
        raise Conflict(_("这个事项已经由%(name)s办理。") % {"name": person.name})
    hands = _Hands(item.org_id, item.org_name, person.person_id, person.name)
    _move(actor, case, item, StepMove.ASSIGN, hands, reason)


@transaction.atomic
def transfer_step(*, actor: Actor, work_item_id: uuid.UUID, org_code: str, reason: str) -> None:
    """转办: the task goes to another unit, decided by a leader of the unit that has it; the limit keeps running."""
    case, item = locked_open_item(actor, work_item_id)
    permissions.check_leader_of_task(actor, item)
    if not reason.strip():
        raise Invalid(_("请写明转办的理由，接收单位和监察人员都会看到。"), field="reason")
    unit = identity.organisation(case.tenant, org_code)
    if unit.id == item.org_id:
        raise Invalid(_("这个事项本来就由%(org)s办理，请选择其他单位。") % {"org": unit.name}, field="org_code")
    check_somebody_there(case.tenant, unit.id, unit.name, item.role)
    _move(actor, case, item, StepMove.TRANSFER, _Hands(unit.id, unit.name), reason)


@transaction.atomic
def ask_colleague(*, actor: Actor, work_item_id: uuid.UUID, person_id: uuid.UUID, reason: str) -> None:
    """请人协办: a colleague of the unit writes what he thinks; the task comes back to its holder afterwards."""
    case, item = locked_open_item(actor, work_item_id)
    permissions.check_holds_role(actor, item)
    permissions.check_not_held(actor, item)
    if item.helper_id is not None:
        raise Conflict(_("已经请%(name)s协办，等他答复或收回以后才能再请别人。") % {"name": item.helper})
    if not reason.strip():
        raise Invalid(_("请写明需要协办什么。"), field="reason")
    person = _colleague(case, item, person_id, *permissions.HANDLERS)
    if person.person_id == actor.hands_id:
        raise Invalid(_("不能请自己协办，请选择其他同事。"), field="person_id")
    hands = _Hands(item.org_id, item.org_name, actor.hands_id, actor.hands_name, person.person_id, person.name)
    _move(actor, case, item, StepMove.ASK, hands, reason)


@transaction.atomic
def answer_colleague(*, actor: Actor, work_item_id: uuid.UUID, text: str) -> None:
    """协办答复: kept as an opinion; the task is its holder's again."""
    case, item = locked_open_item(actor, work_item_id)
    if item.helper_id is None or item.helper_id != actor.hands_id:
        raise Conflict(_("没有请您协办这个事项，或者协办已经被收回。"))
    if not text.strip():
        raise Invalid(_("请填写协办意见。"), field="text")
    write_opinion(actor, item, outcome="advice", label=_("协办意见"), text=text)
    hands = _Hands(item.org_id, item.org_name, item.holder_id, item.holder)
    _move(actor, case, item, StepMove.ANSWER, hands, text)


@transaction.atomic
def take_back_from_colleague(*, actor: Actor, work_item_id: uuid.UUID) -> None:
    """收回协办: the holder no longer waits for the colleague."""
    case, item = locked_open_item(actor, work_item_id)
    permissions.check_holder_or_leader(actor, item)
    if item.helper_id is None:
        raise Conflict(_("这个事项没有请人协办。"))
    hands = _Hands(item.org_id, item.org_name, item.holder_id, item.holder)
    _move(actor, case, item, StepMove.UNASK, hands, "")


def move_to_unit(
    actor: Actor,
    case: Case,
    item: WorkItem,
    move: StepMove,
    *,
    org_id: uuid.UUID,
    org_name: str,
    reason: str,
    recorded: bool = True,
) -> None:
    """Put a task of a locked case into another unit's hands, for acts that have their own policy.

    Without ``recorded`` the caller's own entry in the ledger stands for the move.
    """
    _move(actor, case, item, move, _Hands(org_id, org_name), reason, recorded=recorded)


def move_to_person(
    actor: Actor,
    case: Case,
    item: WorkItem,
    move: StepMove,
    *,
    person_id: uuid.UUID,
    name: str,
    reason: str,
    recorded: bool = True,
    note: str = "",
) -> None:
    """The same into a person's hands; ``note`` is shown with the task while he has not taken it himself."""
    hands = _Hands(item.org_id, item.org_name, person_id, name, hand_note=note[:200])
    _move(actor, case, item, move, hands, reason, recorded=recorded)


def check_somebody_there(tenant: str, org_id: uuid.UUID, org_name: str, role: str) -> None:
    """Invalid when nobody of a unit could open the task: it would lie there for ever."""
    if not identity.people_in(tenant, org_id, role):
        raise Invalid(
            _("%(org)s还没有人能办理这个环节，请先请系统管理员设置相应岗位，或选择其他单位。") % {"org": org_name},
            field="org_code",
        )


def write_opinion(actor: Actor, item: WorkItem, *, outcome: str, label: str, text: str) -> None:
    """Keep what somebody said on a task without completing it."""
    Opinion.objects.create(
        tenant=item.tenant,
        case_id=item.case_id,
        work_item_id=item.id,
        outcome=outcome,
        outcome_label=label,
        text=text.strip(),
        author=actor.name,
        author_id=actor.person_id,
        post_name=actor.post_name,
        org_name=actor.org_name,
    )


def _colleague(case: Case, item: WorkItem, person_id: uuid.UUID, *roles: str) -> identity.PersonInPost:
    people = (
        person
        for role in roles
        for person in (identity.people_in(case.tenant, item.org_id, role) if item.org_id else [])
    )
    found = next((person for person in people if person.person_id == person_id), None)
    if found is None:
        raise Invalid(_("请从%(org)s能办理这个环节的人员中选择。") % {"org": item.org_name}, field="person_id")
    return found


def _move(
    actor: Actor, case: Case, item: WorkItem, move: StepMove, hands: _Hands, reason: str, *, recorded: bool = True
) -> None:
    WorkItemMove.objects.create(
        tenant=case.tenant,
        work_item=item,
        kind=move,
        from_org=item.org_name,
        to_org=hands.org_name,
        from_person=item.helper or item.holder,
        to_person=hands.helper or hands.holder,
        to_person_id=hands.helper_id or hands.holder_id,
        reason=reason.strip(),
        by=actor.name,
        by_id=actor.person_id,
    )
    for name, value in dataclasses.asdict(hands).items():
        setattr(item, name, value)
    item.save(update_fields=[field.name for field in dataclasses.fields(_Hands)])
    if recorded:
        ledger.append(
            actor=actor,
            act=f"cases.move.{move}",
            object_ref=ObjectRef(kind=OBJECT_KIND, id=str(case.id)),
            payload={
                "step": item.step,
                "to_org": hands.org_name,
                "to_person": str(hands.helper_id or hands.holder_id or ""),
                "reason": reason,
            },
        )
    publish(
        StepMoved(
            **clock.event_fields(case),
            work_item_id=item.id,
            node=item.node,
            step=item.step,
            phase=item.phase,
            move=str(move),
            role=item.role,
            step_org_id=hands.org_id,
            step_org_name=hands.org_name,
            to_person_id=hands.helper_id or hands.holder_id,
            due_at=item.due_at,
        )
    )
