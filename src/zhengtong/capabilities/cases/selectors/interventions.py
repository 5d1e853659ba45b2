"""Requests of process administrators, as those see them who may approve."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from zhengtong.capabilities.cases.constants import InterventionState
from zhengtong.capabilities.cases.models import Intervention
from zhengtong.capabilities.cases.permissions import WATCHERS
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.paging import Page, page_of


@dataclasses.dataclass(frozen=True)
class InterventionView:
    """A request; ``own`` when the actor asked himself, ``second`` when he is the other person who may approve."""

    id: uuid.UUID
    case_id: uuid.UUID | None
    number: str
    title: str
    kind: str
    kind_label: str
    summary: str
    reason: str
    state: str
    state_label: str
    requested_by: str
    requested_at: dt.datetime
    decided_by: str
    decided_at: dt.datetime | None
    note: str
    outcome: Mapping[str, Any]
    own: bool
    second: bool


def pending_interventions(actor: Actor) -> tuple[InterventionView, ...]:
    """Requests that wait, the oldest first, for those who asked and those who may approve."""
    rows = _visible(actor).filter(state=InterventionState.PENDING).order_by("created_at")
    return tuple(_view(row, actor) for row in rows)


def interventions(*, actor: Actor, page: object = 1, size: int = 20) -> Page[InterventionView]:
    """All requests, the newest first."""
    found = page_of(_visible(actor).order_by("-created_at"), page, size=size)
    return Page(rows=[_view(row, actor) for row in found.rows], number=found.number, size=found.size, total=found.total)


def _visible(actor: Actor) -> "QuerySet[Intervention]":
    rows = Intervention.objects.filter(tenant=actor.tenant).select_related("case")
    if actor.has_role(*WATCHERS):
        return rows
    leads = Q(case__org_id=actor.org_id) if actor.org_id and actor.has_role("leader") else Q(pk__in=[])
    return rows.filter(leads)


def _view(row: Intervention, actor: Actor) -> InterventionView:
    return InterventionView(
        id=row.id,
        case_id=row.case_id,
        number=row.case.number if row.case else "",
        title=row.case.title if row.case else "",
        kind=row.kind,
        kind_label=row.get_kind_display(),
        summary=row.summary,
        reason=row.reason,
        state=row.state,
        state_label=row.get_state_display(),
        requested_by=row.requested_by,
        requested_at=row.created_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        note=row.note,
        outcome=row.outcome,
        own=row.requested_by_id == actor.person_id,
        second=identity.is_second_person(actor, row.requested_by_id, row.requested_for_id),
    )
