"""Hand-overs of units that were merged or abolished, as the watchers see them."""

import dataclasses
import datetime as dt

from zhengtong.capabilities.cases.models import HandOver
from zhengtong.capabilities.cases.permissions import WATCHERS
from zhengtong.kernel.actors import Actor


@dataclasses.dataclass(frozen=True)
class HandOverView:
    """One hand-over: how many cases went over of how many there were when it began."""

    from_org_name: str
    to_org_name: str
    reason: str
    asked_by: str
    asked_at: dt.datetime
    total: int
    moved: int
    finished_at: dt.datetime | None


def hand_overs(actor: Actor, *, most: int = 10) -> tuple[HandOverView, ...]:
    """The newest hand-overs of the tenant in which anything went over, for watchers only."""
    if not actor.has_role(*WATCHERS):
        return ()
    rows = HandOver.objects.filter(tenant=actor.tenant).exclude(total=0, moved=0)
    return tuple(
        HandOverView(
            from_org_name=row.from_org_name,
            to_org_name=row.to_org_name,
            reason=row.reason,
            asked_by=row.asked_by,
            asked_at=row.created_at,
            total=max(row.total, row.moved),
            moved=row.moved,
            finished_at=row.finished_at,
        )
        for row in rows.order_by("-created_at")[:most]
    )
