"""Reading the lists of papers that towns pass up, and where the papers of an application are."""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of
from zhengtong.systems.service_hall.constants import Channel, PassedState, SittingState
from zhengtong.systems.service_hall.models import Application, PassedBatch, PassedPapers, Sitting
from zhengtong.systems.service_hall.permissions import COUNTER_ROLES
from zhengtong.systems.service_hall.rules import paper_place
from zhengtong.systems.service_hall.selectors.counter import sittings_of_application

_MOST = 200


@dataclasses.dataclass(frozen=True)
class PaperPlace:
    """Where the papers of an application are, in one sentence, with its state and the town that took them in."""

    state: str
    sentence: str


def papers_here(*, actor: Actor) -> list[Application]:
    """Applications the actor's counter took in whose papers lie there: not passed up, handed back, or not found."""
    if not _at_counter(actor) or actor.org_id is None:
        return []
    taken = Sitting.objects.filter(
        tenant=actor.tenant,
        org_id=actor.org_id,
        state=SittingState.DONE,
        channel__in=[Channel.TOWNSHIP, Channel.VILLAGE],
    )
    gone = PassedPapers.objects.filter(state__in=[PassedState.SENT, PassedState.RECEIVED])
    rows = Application.objects.filter(tenant=actor.tenant, pk__in=taken.values("application_id"), case_id__isnull=False)
    rows = rows.exclude(pk__in=gone.values("application_id")).exclude(org_id=actor.org_id)
    return list(rows.order_by("submitted_at")[:_MOST])


def lists_of_day(*, tenant: str, org_id: uuid.UUID, day: dt.date) -> int:
    """How many lists a unit has made on a day."""
    start = dt.datetime.combine(day, dt.time(), SHANGHAI)
    rows = PassedBatch.objects.filter(tenant=tenant, from_org_id=org_id, created_at__gte=start)
    return rows.filter(created_at__lt=start + dt.timedelta(days=1)).count()


def lists_sent(*, actor: Actor, page: object = 1) -> Page[PassedBatch]:
    """The lists of the actor's unit, the latest first."""
    return page_of(_visible(actor).filter(Q(from_org_id=actor.org_id)).order_by("-created_at"), page, size=20)


def lists_to_receive(*, actor: Actor) -> list[PassedBatch]:
    """Lists on their way to the actor's unit, the oldest first."""
    rows = _visible(actor).filter(Q(to_org_id=actor.org_id), received_at__isnull=True)
    return list(rows.order_by("created_at")[:_MOST])


def list_of(*, actor: Actor, batch_id: uuid.UUID) -> PassedBatch:
    """A list the actor's unit sent or is to receive; NotFound for those of other units."""
    row = _visible(actor).filter(pk=batch_id).first()
    if row is None:
        raise NotFound(_("没有找到这份递交清单，或者它不属于您的单位。"))
    return row


def list_to_receive(*, actor: Actor, batch_id: uuid.UUID) -> PassedBatch:
    """A list that goes to the actor's unit; NotFound for any other."""
    row = list_of(actor=actor, batch_id=batch_id)
    if row.to_org_id != actor.org_id:
        raise NotFound(_("这份清单由%(unit)s签收。") % {"unit": row.to_org_name})
    return row


def lines_of(batch: PassedBatch) -> list[PassedPapers]:
    """The lines of a list with their applications."""
    return list(batch.lines.select_related("application").order_by("created_at", "id"))


def paper_place_of(row: Application, sittings: Iterable[Sitting] | None = None) -> PaperPlace | None:
    """Where the papers of an application are; None when no town took them in.

    ``sittings``: those in which it was handed in, the first one first, where they were read before.
    """
    sitting = _town_of(row, sittings_of_application(row) if sittings is None else sittings)
    if sitting is None:
        return None
    return _place(row, sitting, row.passed_papers.select_related("batch").order_by("-created_at").first())


def paper_places_of(rows: Sequence[Application]) -> dict[uuid.UUID, PaperPlace]:
    """The same of many applications, with two statements for all of them; those of no town are left out."""
    taken: dict[uuid.UUID, list[Sitting]] = defaultdict(list)
    for one in Sitting.objects.filter(application__in=rows, state=SittingState.DONE).order_by("created_at"):
        taken[one.application_id].append(one)
    lines = PassedPapers.objects.filter(application__in=rows).select_related("batch").order_by("created_at")
    last = {line.application_id: line for line in lines}
    towns = {row.id: _town_of(row, taken[row.id]) for row in rows}
    return {row.id: _place(row, town, last.get(row.id)) for row in rows if (town := towns[row.id]) is not None}


def _town_of(row: Application, sittings: Iterable[Sitting]) -> Sitting | None:
    """The sitting in which a town took the papers in; None where it is the unit itself."""
    found = next((one for one in sittings if one.channel in (Channel.TOWNSHIP, Channel.VILLAGE)), None)
    return None if found is None or found.org_id == row.org_id else found


def _place(row: Application, sitting: Sitting, line: PassedPapers | None) -> PaperPlace:
    at = (line.decided_at or line.created_at) if line else None
    return PaperPlace(
        state=line.state if line else "",
        sentence=paper_place(
            intake=sitting.org_name,
            unit=line.batch.to_org_name if line else row.org_name,
            state=line.state if line else "",
            day=local_date(at) if at else None,
            reason=line.reason if line else "",
        ),
    )


def _at_counter(actor: Actor) -> bool:
    return actor.kind == "official" and actor.org_id is not None and actor.has_role(*COUNTER_ROLES)


def _visible(actor: Actor) -> "QuerySet[PassedBatch]":
    if not _at_counter(actor):
        return PassedBatch.objects.none()
    here = Q(from_org_id=actor.org_id) | Q(to_org_id=actor.org_id)
    return PassedBatch.objects.filter(here, tenant=actor.tenant)
