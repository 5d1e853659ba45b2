"""Tasks as pages show them, each with the limit it stands under."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import (
    ADHOC_OUTCOMES,
    DeadlineKind,
    DeadlineState,
    Phase,
    WorkItemStatus,
)
from zhengtong.capabilities.cases.engine.model import Node
from zhengtong.capabilities.cases.models import Deadline, WorkItem
from zhengtong.capabilities.cases.rules import Lamp, lamp_at
from zhengtong.capabilities.cases.selectors.processes import graph_of
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.prepared import prepared

COUNTING = (DeadlineState.RUNNING, DeadlineState.PAUSED)


@dataclasses.dataclass(frozen=True)
class WorkItemView:
    """A task as a page shows it; ``outcomes`` are (code, Chinese label) pairs while it is open."""

    id: uuid.UUID
    case_id: uuid.UUID
    number: str
    title: str
    case_org_name: str
    subject: ObjectRef
    node: str
    step: str
    phase: str
    role: str
    status: str
    outcome: str
    org_id: uuid.UUID | None
    org_name: str
    opened_at: dt.datetime
    due_at: dt.datetime | None
    done_at: dt.datetime | None
    done_by: str
    done_post: str
    lamp: str
    outcomes: tuple[tuple[str, str], ...]
    adhoc: str = ""
    item: str = ""
    recallable: bool = False
    done_by_id: uuid.UUID | None = None
    holder_id: uuid.UUID | None = None
    holder: str = ""
    helper_id: uuid.UUID | None = None
    helper: str = ""
    hand_note: str = ""

    def waits_for(self, actor: Actor) -> bool:
        """Whether the actor is the one, or one of those, who can complete the task now."""
        return (
            self.status == WorkItemStatus.OPEN
            and self.org_id is not None
            and self.org_id == actor.org_id
            and actor.has_role(self.role)
            and self.holder_id in (None, actor.hands_id)
            and self.helper_id is None
        )


def task_views(items: Iterable[WorkItem], deadlines: Iterable[Deadline] | None = None) -> tuple[WorkItemView, ...]:
    """The tasks, read with their cases, as pages show them; ``deadlines``: those of the cases, where they are read."""
    rows = list(items)
    if deadlines is None and rows:
        keys, cases = tuple(item.id for item in rows), tuple({item.case_id for item in rows})
        deadlines = _deadlines_of(keys=keys, cases=cases)
    found = list(deadlines or ())
    own = {row.work_item_id: row for row in found if row.work_item_id}
    of_case = {(row.case_id, row.kind): row for row in found if not row.work_item_id and row.state in COUNTING}
    return tuple(_view(item, own.get(item.id) or _case_limit(item, of_case)) for item in rows)


@prepared
def _deadlines_of(*, keys: tuple[uuid.UUID, ...], cases: tuple[uuid.UUID, ...]) -> "QuerySet[Deadline]":
    return Deadline.objects.filter(
        Q(work_item_id__in=keys) | Q(work_item__isnull=True, state__in=COUNTING, case_id__in=cases)
    )


def _case_limit(item: WorkItem, of_case: Mapping[tuple[uuid.UUID, str], Deadline]) -> Deadline | None:
    """The limit of the case that an open task without its own stands under."""
    if item.status != WorkItemStatus.OPEN:
        return None
    kinds = [DeadlineKind.SUPPLEMENT] if item.phase == Phase.SUPPLEMENT else []
    kinds += [DeadlineKind.ACCEPTANCE, DeadlineKind.PROMISED]
    return next((of_case[item.case_id, kind] for kind in kinds if (item.case_id, kind) in of_case), None)


def _view(item: WorkItem, deadline: Deadline | None) -> WorkItemView:
    at = (deadline and deadline.ended_at) or now()
    lamp = lamp_at(at, yellow_at=deadline.yellow_at, red_at=deadline.due_at, breach_at=None) if deadline else Lamp.GREEN
    open_ = item.status == WorkItemStatus.OPEN
    node = graph_of(item.case.process_id).nodes.get(item.node) if open_ else None
    return WorkItemView(
        id=item.id,
        case_id=item.case_id,
        number=item.case.number,
        title=item.case.title,
        case_org_name=item.case.org_name,
        subject=ObjectRef(kind=item.case.subject_kind, id=item.case.subject_id),
        node=item.node,
        step=item.step,
        phase=item.phase,
        role=item.role,
        status=item.status,
        outcome=item.outcome,
        org_id=item.org_id,
        org_name=item.org_name,
        opened_at=item.opened_at,
        due_at=item.due_at or (deadline.due_at if deadline else None),
        done_at=item.done_at,
        done_by=item.done_by,
        done_post=item.done_post,
        lamp=str(lamp),
        outcomes=tuple(outcomes_of(item.adhoc, node).items()) if node else (),
        adhoc=item.adhoc,
        item=item.item,
        recallable=item.recallable,
        done_by_id=item.done_by_id,
        holder_id=item.holder_id,
        holder=item.holder,
        helper_id=item.helper_id,
        helper=item.helper,
        hand_note=item.hand_note,
    )


def outcomes_of(adhoc: str, node: Node) -> dict[str, str]:
    """What can be said on a task of this node: code → Chinese words."""
    if adhoc:
        return {code: str(label) for code, label in ADHOC_OUTCOMES.items()}
    return dict(node.outcomes) or {"done": _("办结")}
