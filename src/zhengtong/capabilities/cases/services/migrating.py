"""What a new version of its process changes in the open tasks of a case: name, role, phase, unit and limit."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import DeadlineKind, DeadlineState, MoveCause, StepMove
from zhengtong.capabilities.cases.engine.model import Node
from zhengtong.capabilities.cases.models import Case, Deadline, ProcessVersion, WorkItem
from zhengtong.capabilities.cases.selectors.migration import TaskChange, migration_of
from zhengtong.capabilities.cases.selectors.processes import graph_of
from zhengtong.capabilities.cases.services import clock, handling, store
from zhengtong.kernel.actors import Actor

_COUNTING = (DeadlineState.RUNNING, DeadlineState.PAUSED)


def carry_tasks(actor: Actor, case: Case, version: ProcessVersion, *, reason: str) -> list[dict[str, Any]]:
    """Bring the open tasks of a locked case in line with the new version; what changed, for the ledger.

    The case is still on its former version. Limits are projected anew from the day each task arrived.
    """
    changes, nodes = migration_of(case, version).changes, graph_of(version.id).nodes
    items = {item.id: item for item in WorkItem.objects.filter(pk__in=[one.work_item_id for one in changes])}
    before = {key: (item.org_name, item.due_at) for key, item in items.items()}
    for change in changes:
        item = items[change.work_item_id]
        _rename(item, nodes[item.node])
        org_id, org_name = change.unit or (None, "")
        if org_id is not None:
            handling.move_to_unit(
                actor, case, item, StepMove.MIGRATE, org_id=org_id, org_name=org_name, reason=reason, recorded=False
            )
        if change.limit != change.from_limit:
            _relimit(case, item, change)
    why = _("流程改为第%(no)d版") % {"no": version.version}
    clock.reproject(case, cause=MoveCause.MIGRATE, reason=why)
    due = dict(WorkItem.objects.filter(pk__in=items).values_list("id", "due_at"))
    return [_entry(change, *before[change.work_item_id], due[change.work_item_id]) for change in changes]


def _rename(item: WorkItem, node: Node) -> None:
    role = node.settings.get("role", item.role)
    if role != item.role:  # who has taken it may lack the new role: it waits for anybody who has it
        item.holder_id, item.holder, item.helper_id, item.helper = None, "", None, ""
    item.step, item.role = node.name or item.step, role
    item.phase = node.settings.get("phase", item.phase)
    item.save(update_fields=["step", "role", "phase", "holder_id", "holder", "helper_id", "helper"])


def _relimit(case: Case, item: WorkItem, change: TaskChange) -> None:
    """Give a task its new limit; ``clock.reproject`` then moves the date of one that had a limit before."""
    own = Deadline.objects.filter(work_item_id=item.id, state__in=_COUNTING)
    if not change.limit.is_set:
        clock.end_deadlines(case.id, state=DeadlineState.CANCELLED, work_items=[item.id])
        of_case = Deadline.objects.filter(case_id=case.id, kind=change.case_limit, state=DeadlineState.RUNNING)
        item.due_at = of_case.values_list("due_at", flat=True).first() if change.case_limit else None
    elif not own.update(amount=change.limit.amount, unit=str(change.limit.unit)):
        entries = [(str(DeadlineKind.STEP), change.limit, "", item.id)]
        rows = clock.deadline_rows(case, entries, started_at=item.opened_at)
        store.insert("cases_deadline", rows)
        item.due_at = rows[0]["due_at"]
    item.save(update_fields=["due_at"])


def _entry(
    change: TaskChange, org_name: str, old_due: dt.datetime | None, new_due: dt.datetime | None
) -> dict[str, Any]:
    return {
        "step": change.step,
        "unit": {"old": org_name, "new": change.unit[1] if change.unit else org_name},
        "limit": {"old": str(change.from_limit), "new": str(change.limit)},
        "due_at": {
            "old": old_due.isoformat() if old_due else None,
            "new": new_due.isoformat() if new_due else None,
        },
    }
