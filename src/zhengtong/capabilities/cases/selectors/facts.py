"""Bare facts of many cases at once, for reports to other platforms: a few statements, however many cases."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection

from zhengtong.capabilities.cases.constants import DeadlineKind, WorkItemStatus
from zhengtong.capabilities.cases.models import Case, Deadline, Opinion, WorkItem


@dataclasses.dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """What a case says of itself: ``outcome`` a word of ``CaseOutcome``, empty while it is open."""

    id: uuid.UUID
    number: str
    accepted_on: dt.date | None
    promised_on: dt.date | None
    outcome: str
    outcome_label: str
    closed_at: dt.datetime | None
    last_opinion: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class StepFacts:
    """A task that somebody of a unit completed."""

    id: uuid.UUID
    case_id: uuid.UUID
    step: str
    outcome_label: str
    org_id: uuid.UUID | None
    org_name: str
    person: str
    opinion: str
    opened_at: dt.datetime
    done_at: dt.datetime


def case_facts(*, tenant: str, case_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, CaseFacts]:
    """Facts by case; the caller answers for the right to know them."""
    promised: dict[uuid.UUID, dt.date | None] = dict(
        Deadline.objects.filter(tenant=tenant, case_id__in=case_ids, kind=DeadlineKind.PROMISED)
        .order_by("started_at")
        .values_list("case_id", "due_on")
    )
    said = dict(
        Opinion.objects.filter(tenant=tenant, case_id__in=case_ids)
        .order_by("created_at", "id")
        .values_list("case_id", "text")
    )
    return {
        row.id: CaseFacts(
            id=row.id,
            number=row.number,
            accepted_on=row.accepted_on,
            promised_on=promised.get(row.id),
            outcome=row.outcome,
            outcome_label=row.get_outcome_display() if row.outcome else "",
            closed_at=row.closed_at,
            last_opinion=said.get(row.id, ""),
        )
        for row in Case.objects.filter(tenant=tenant, pk__in=case_ids)
    }


def steps_done(*, tenant: str, work_item_ids: Collection[uuid.UUID]) -> list[StepFacts]:
    """Completed tasks of units under these keys, in the order of completion; the applicant's own are left out."""
    rows = WorkItem.objects.filter(
        tenant=tenant, pk__in=work_item_ids, status=WorkItemStatus.DONE, org_id__isnull=False
    )
    said = {
        opinion.work_item_id: opinion
        for opinion in Opinion.objects.filter(work_item_id__in=work_item_ids).order_by("created_at", "id")
    }
    return [
        StepFacts(
            id=row.id,
            case_id=row.case_id,
            step=row.step,
            outcome_label=said[row.id].outcome_label if row.id in said else "",
            org_id=row.org_id,
            org_name=row.org_name,
            person=row.done_by,
            opinion=said[row.id].text if row.id in said else "",
            opened_at=row.opened_at,
            done_at=row.done_at,
        )
        for row in rows.order_by("done_at", "id")
        if row.done_at is not None
    ]


def step_ids_done(*, tenant: str, case_ids: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Keys of the completed tasks of units in these cases."""
    rows = WorkItem.objects.filter(
        tenant=tenant, case_id__in=case_ids, status=WorkItemStatus.DONE, org_id__isnull=False
    )
    return list(rows.order_by("done_at", "id").values_list("pk", flat=True))
