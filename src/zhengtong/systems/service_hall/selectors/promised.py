"""Which promises and special steps an application has, and for which of its materials a promise stands."""

import uuid
from collections.abc import Iterable

from django.db.models import QuerySet

from zhengtong.kernel.prepared import prepared
from zhengtong.systems.service_hall.constants import PromiseKind, PromiseState
from zhengtong.systems.service_hall.models import Application, Pledge, SpecialStep

#: state of a material for which a promise stands
PROMISED = "promised"
LIVE = (PromiseState.SIGNED, PromiseState.RUNNING, PromiseState.LATE)


def live_pledge(row: Application, kind: str) -> Pledge | None:
    """The promise of a kind that stands for an application; None without one."""
    return Pledge.objects.filter(application_id=row.id, kind=kind, state__in=LIVE).first()


def pledges_with(row: Application) -> list[Pledge]:
    """All promises of an application, the newest first, given up or not, with whether they were broken."""
    found = _pledges(key=row.id)
    for one in found:
        one.application = row
    return found


def special_rows(row: Application) -> list[SpecialStep]:
    """The special steps of an application, the oldest first."""
    return _special_steps(key=row.id)


def promised_keys(row: Application, pledges: Iterable[Pledge] | None = None) -> frozenset[str]:
    """Materials for which a commitment stands; ``pledges``: all promises, where they were read before."""
    rows = pledges_with(row) if pledges is None else pledges
    given = (one for one in rows if one.kind == PromiseKind.COMMITMENT and one.state != PromiseState.DROPPED)
    pledge = next(given, None)
    return frozenset(one["key"] for one in pledge.owed) if pledge else frozenset()


@prepared
def _pledges(*, key: uuid.UUID) -> "QuerySet[Pledge]":
    return Pledge.objects.filter(application_id=key).select_related("broken").order_by("-signed_at", "-id")


@prepared
def _special_steps(*, key: uuid.UUID) -> "QuerySet[SpecialStep]":
    return SpecialStep.objects.filter(application_id=key).order_by("created_at", "id")
