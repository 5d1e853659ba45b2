"""Where cases stand, for lists: as little as one sentence needs, of many cases with four statements for all."""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection

from zhengtong.capabilities.cases.constants import CaseStatus, DeadlineState, WorkItemStatus
from zhengtong.capabilities.cases.models import Case, ClockPause, Deadline, WorkItem


@dataclasses.dataclass(frozen=True)
class CaseStanding:
    """A case in a list: ``waiting`` are (phase, unit) of its open tasks, ``limits`` (kind, last day) of those running.

    ``paused``: the legal clock stands still.
    """

    status: str
    outcome_label: str
    paused: bool
    waiting: tuple[tuple[str, str], ...]
    limits: tuple[tuple[str, dt.date], ...]


def standings_of(*, tenant: str, case_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, CaseStanding]:
    """Where these cases stand; the caller answers for the right to see them."""
    keys = list(case_ids)
    waiting: dict[uuid.UUID, list[tuple[str, str]]] = defaultdict(list)
    items = WorkItem.objects.filter(tenant=tenant, case_id__in=keys, status=WorkItemStatus.OPEN)
    for case_id, *item in items.order_by("opened_at", "id").values_list("case_id", "phase", "org_name"):
        waiting[case_id].append((item[0], item[1]))
    limits: dict[uuid.UUID, list[tuple[str, dt.date]]] = defaultdict(list)
    running = Deadline.objects.filter(
        tenant=tenant,
        case_id__in=keys,
        work_item__isnull=True,
        state__in=(DeadlineState.RUNNING, DeadlineState.PAUSED),
        due_on__isnull=False,
    )
    for case_id, kind, due_on in running.values_list("case_id", "kind", "due_on"):
        if due_on is not None:
            limits[case_id].append((kind, due_on))
    stopped = ClockPause.objects.filter(tenant=tenant, case_id__in=keys, end_day__isnull=True)
    paused = set(stopped.values_list("case_id", flat=True))
    return {
        case.id: CaseStanding(
            status=case.status,
            outcome_label=case.get_outcome_display() if case.outcome else "",
            paused=case.status == CaseStatus.OPEN and case.id in paused,
            waiting=tuple(waiting[case.id]),
            limits=tuple(limits[case.id]),
        )
        for case in Case.objects.filter(tenant=tenant, pk__in=keys).only("status", "outcome")
    }
