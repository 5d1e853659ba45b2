"""What can be done with a task besides completing it, and whose hands it has been in."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable

from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import permissions
from zhengtong.capabilities.cases.constants import APPLICANT_ROLE, CaseStatus, PromptKind, WorkItemStatus
from zhengtong.capabilities.cases.models import Case, Prompt, WorkItem, WorkItemMove
from zhengtong.capabilities.cases.permissions import visible_cases
from zhengtong.capabilities.cases.selectors.cases import work_item
from zhengtong.capabilities.cases.selectors.returning import ReturnTarget, return_targets
from zhengtong.capabilities.cases.selectors.tasks import WorkItemView
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotPermitted


@dataclasses.dataclass(frozen=True)
class MoveView:
    """One change of hands."""

    label: str
    who: str
    came_from: str
    goes_to: str
    reason: str
    at: dt.datetime


@dataclasses.dataclass(frozen=True)
class PromptView:
    """A reminder; ``answerable`` while an answer is awaited from the actor's unit."""

    id: uuid.UUID
    label: str
    text: str
    by: str
    by_org: str
    at: dt.datetime
    answer_by: dt.date | None
    answer: str
    answered_by: str
    answered_at: dt.datetime | None
    answerable: bool


@dataclasses.dataclass(frozen=True)
class SignerView:
    """A unit that signs the same step; ``removable`` while it has not."""

    work_item_id: uuid.UUID
    org_name: str
    how: str
    removable: bool


@dataclasses.dataclass(frozen=True)
class HandlingView:
    """A task with everything that may be done with it by this actor now.

    ``acts``: words of claim, release, assign, transfer, ask, answer, unask, return, add_signer, urge,
    supervise, recall. ``people`` can be named as the next holder, ``colleagues`` be asked; ``units`` take it over.
    """

    task: WorkItemView
    acts: frozenset[str]
    people: tuple[tuple[str, str], ...]
    colleagues: tuple[tuple[str, str], ...]
    units: tuple[tuple[str, str], ...]
    targets: tuple[ReturnTarget, ...]
    signers: tuple[SignerView, ...]
    moves: tuple[MoveView, ...]
    prompts: tuple[PromptView, ...]


def handling_of(*, actor: Actor, work_item_id: uuid.UUID) -> HandlingView:
    """A task in the actor's scope with what he may do with it; NotFound outside it."""
    task = work_item(actor=actor, work_item_id=work_item_id)
    row = WorkItem.objects.select_related("case").get(pk=task.id)
    acts = frozenset(_acts(actor, row))
    targets = return_targets(actor=actor, work_item_id=task.id) if "return" in acts else ()
    return HandlingView(
        task=task,
        acts=acts if targets else acts - {"return"},
        people=_people(row, row.role) if "assign" in acts else (),
        colleagues=_people(row, *permissions.HANDLERS, but=actor.hands_id) if "ask" in acts else (),
        units=_units(row) if acts & {"transfer", "add_signer"} else (),
        targets=targets,
        signers=_signers(actor, row, may_remove="add_signer" in acts),
        moves=tuple(
            MoveView(
                label=move.get_kind_display(),
                who=move.by,
                came_from=_place(move.from_org, move.from_person),
                goes_to=_place(move.to_org, move.to_person),
                reason=move.reason,
                at=move.created_at,
            )
            for move in WorkItemMove.objects.filter(work_item_id=task.id).order_by("created_at", "id")
        ),
        prompts=_prompts(actor, row),
    )


def acts_of(*, actor: Actor, case_id: uuid.UUID) -> dict[uuid.UUID, frozenset[str]]:
    """What the actor may do with each open task of a case but to return it; none outside his scope."""
    scope = Case.objects.filter(visible_cases(actor), pk=case_id)
    rows = WorkItem.objects.filter(case__in=scope, status=WorkItemStatus.OPEN).select_related("case")
    return {row.pk: frozenset(_acts(actor, row)) - {"return"} for row in rows}


def _acts(actor: Actor, item: WorkItem) -> set[str]:
    case: Case = item.case
    if item.status == WorkItemStatus.DONE:
        mine = item.done_by_id is not None and item.done_by_id == actor.person_id
        return {"recall"} if mine and item.recallable and case.status == CaseStatus.OPEN else set()
    if item.status != WorkItemStatus.OPEN:
        return set()
    if item.role == APPLICANT_ROLE:
        return set()
    acts = _acts_of_case(actor, case)
    if _passes(permissions.check_leader_of_task, actor, item):
        acts.add("transfer")
    if item.helper_id is not None:
        acts |= {"answer"} if item.helper_id == actor.hands_id else set()
        return acts | ({"unask"} if _passes(permissions.check_holder_or_leader, actor, item) else set())
    if _passes(permissions.check_holder_or_leader, actor, item):
        acts |= {"assign", "release"} if item.holder_id else {"assign"}
    if _passes(permissions.check_holds_role, actor, item) and item.holder_id in (None, actor.hands_id):
        acts |= {"ask"} if item.adhoc else {"ask", "return", "add_signer"}
        acts |= {"claim"} if item.holder_id is None or item.hand_note else set()
    return acts


def _acts_of_case(actor: Actor, case: Case) -> set[str]:
    if actor.kind != "official":
        return set()
    acts = {"urge"} if actor.org_id == case.org_id else set()
    if actor.has_role("supervisor") or (actor.org_id == case.org_id and actor.has_role("leader")):
        acts.add("supervise")
    return acts


def _passes(check: Callable[[Actor, WorkItem], None], actor: Actor, item: WorkItem) -> bool:
    try:
        check(actor, item)
    except NotPermitted:
        return False
    return True


def _people(item: WorkItem, *roles: str, but: uuid.UUID | None = None) -> tuple[tuple[str, str], ...]:
    if item.org_id is None:
        return ()
    found = {
        str(person.person_id): f"{person.name}（{person.post_name}）"
        for role in roles
        for person in identity.people_in(item.tenant, item.org_id, role)
        if person.person_id != but
    }
    return tuple(found.items())


def _units(item: WorkItem) -> tuple[tuple[str, str], ...]:
    units = identity.organisations(item.tenant)
    return tuple((unit.code, unit.name) for unit in units if unit.id != item.org_id)


def _signers(actor: Actor, item: WorkItem, *, may_remove: bool) -> tuple[SignerView, ...]:
    owns = actor.org_id == item.case.org_id
    rows = WorkItem.objects.filter(case_id=item.case_id, node=item.node, status=WorkItemStatus.OPEN)
    return tuple(
        SignerView(
            row.id,
            row.org_name,
            row.get_adhoc_display() or row.step,
            may_remove and (owns or not permissions.drawn_signer(item.case, row)),
        )
        for row in rows.exclude(pk=item.pk).order_by("opened_at", "id")
        if row.adhoc or row.item
    )


def _place(org: str, person: str) -> str:
    return " ".join(part for part in (org, person) if part) or _("申请人")


def _prompts(actor: Actor, item: WorkItem) -> tuple[PromptView, ...]:
    mine = _passes(permissions.check_holds_role, actor, item)
    return tuple(
        PromptView(
            id=row.id,
            label=row.get_kind_display(),
            text=row.text,
            by=row.by,
            by_org=row.by_org,
            at=row.created_at,
            answer_by=row.answer_by,
            answer=row.answer,
            answered_by=row.answered_by,
            answered_at=row.answered_at,
            answerable=mine and row.kind == PromptKind.SUPERVISE and row.answered_at is None,
        )
        for row in Prompt.objects.filter(work_item_id=item.id).order_by("created_at", "id")
    )
