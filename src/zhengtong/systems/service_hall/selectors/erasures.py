"""Requests to erase: a person's own, and those that wait for a decision."""

import datetime as dt
import uuid

from django.db.models import QuerySet

from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor
from zhengtong.systems.service_hall.constants.processing import ErasureState
from zhengtong.systems.service_hall.models import ErasureRequest


def my_erasures(*, actor: Actor) -> list[ErasureRequest]:
    """The actor's own requests, newest first."""
    if actor.person_id is None or actor.kind == "official":
        return []
    rows = ErasureRequest.objects.filter(tenant=actor.tenant, person_id=actor.person_id)
    return list(rows.order_by("-created_at")[:20])


def erasures_waiting(*, actor: Actor) -> "QuerySet[ErasureRequest]":
    """Requests of the county that wait, the most urgent first, then those under way; for who decides."""
    if not actor.has_role(Role.SEC_ADMIN):
        return ErasureRequest.objects.none()
    return _open(actor).order_by("due_on", "created_at")


def erasures_decided(*, actor: Actor) -> list[ErasureRequest]:
    """What was decided lately, newest first."""
    if not actor.has_role(Role.SEC_ADMIN):
        return []
    states = (ErasureState.GRANTED, ErasureState.DONE, ErasureState.REFUSED)
    rows = ErasureRequest.objects.filter(tenant=actor.tenant, state__in=states)
    return list(rows.order_by("-decided_at")[:50])


def _open(actor: Actor) -> "QuerySet[ErasureRequest]":
    return ErasureRequest.objects.filter(tenant=actor.tenant, state=ErasureState.ASKED)


def erasures_done() -> list[tuple[str, uuid.UUID, uuid.UUID, dt.datetime]]:
    """Tenant, person, number of the request and moment of every erasure that was carried out, of all tenants."""
    rows = ErasureRequest.objects.filter(state=ErasureState.DONE, done_at__isnull=False)
    return [
        (row.tenant, row.person_id, row.id, row.done_at) for row in rows.order_by("done_at") if row.done_at is not None
    ]


def erasures_to_decide(*, actor: Actor) -> int:
    """How many requests wait for the actor."""
    return _open(actor).count() if actor.has_role(Role.SEC_ADMIN) else 0
