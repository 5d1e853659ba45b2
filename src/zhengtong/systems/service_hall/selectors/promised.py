"""Which promise stands for an application, and for which of its materials."""

from zhengtong.systems.service_hall.constants import PromiseKind, PromiseState
from zhengtong.systems.service_hall.models import Application, Pledge

#: state of a material for which a promise stands
PROMISED = "promised"
LIVE = (PromiseState.SIGNED, PromiseState.RUNNING, PromiseState.LATE)


def live_pledge(row: Application, kind: str) -> Pledge | None:
    """The promise of a kind that stands for an application; None without one."""
    return Pledge.objects.filter(application_id=row.id, kind=kind, state__in=LIVE).first()


def promised_keys(row: Application) -> frozenset[str]:
    """Materials for which a commitment stands."""
    entries = (
        Pledge.objects.filter(application_id=row.id, kind=PromiseKind.COMMITMENT)
        .exclude(state=PromiseState.DROPPED)
        .values_list("owed", flat=True)
        .first()
    )
    return frozenset(one["key"] for one in entries or ())
