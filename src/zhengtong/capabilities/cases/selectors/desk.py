"""The queues of an official's desk: what waits for him, what is late, what others have, what he did."""

import datetime as dt
import uuid
from typing import NamedTuple

from django.db.models import Case as Choice
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models import When as If
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.cases.constants import CaseStatus, DeadlineKind, WorkItemStatus
from zhengtong.capabilities.cases.models import Deadline, WorkItem
from zhengtong.capabilities.cases.selectors.narrowing import (
    Choices,
    Narrowing,
    choice_rows,
    choices_of,
    narrowed,
    order_of,
)
from zhengtong.capabilities.cases.selectors.tasks import COUNTING, WorkItemView, task_views
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.paging import Page, page_of, page_read
from zhengtong.kernel.prepared import prepared

_COUNTED = 1000
QUEUES = {
    "todo": gettext_lazy("待办"),
    "overdue": gettext_lazy("已超期"),
    "held": gettext_lazy("同事在办"),
    "waiting": gettext_lazy("等待他人"),
    "done": gettext_lazy("已办"),
}


class Who(NamedTuple):
    """What of an official decides on his desk: unit, roles, in whose hands it is, for which items; and the instant."""

    tenant: str
    org_id: uuid.UUID
    hands_id: uuid.UUID | None
    roles: tuple[str, ...]
    items: tuple[str, ...]
    leads: bool
    at: dt.datetime


def desk(
    *,
    actor: Actor,
    queue: str,
    page: object = 1,
    size: int = 20,
    first_phase: str = "",
    wanted: Narrowing | None = None,
    total: int | None = None,
) -> Page[WorkItemView]:
    """A queue of the actor's unit and roles, most urgent first: todo, overdue, waiting or done.

    What is done only grows: it is counted up to a thousand, and ``more`` says that there is more.
    Open tasks of ``first_phase`` stand before all others (decisions on a leader's desk); ``wanted`` narrows and sorts;
    ``total`` spares counting where the caller has just done it.
    """
    who, wanted = _who(actor), wanted or Narrowing()
    if who is None:
        return Page(rows=[], number=1, size=size, total=0)
    found: Page[WorkItem]
    if total is not None and wanted == Narrowing():
        found = page_read(
            lambda start, stop: _plain_rows(queue, first_phase, start, stop, who=who), page, size=size, total=total
        )
    else:
        rows = _ordered(who, queue, first_phase, wanted).select_related("case")
        found = page_of(rows, page, size=size, most=_COUNTED if queue == "done" else None, total=total)
    views = list(task_views(found.rows))
    return Page(rows=views, number=found.number, size=size, total=found.total, more=found.more)


def desk_order(
    *, actor: Actor, queue: str, first_phase: str = "", wanted: Narrowing | None = None, most: int = 500
) -> list[uuid.UUID]:
    """The tasks of a queue in their order, no more than ``most``: which one comes after another."""
    who = _who(actor)
    if who is None:
        return []
    rows = _ordered(who, queue, first_phase, wanted or Narrowing())
    return list(rows.values_list("pk", flat=True)[:most])


def desk_choices(*, actor: Actor, queue: str) -> Choices:
    """What a queue of the actor may be narrowed to."""
    who = _who(actor)
    return choices_of(_choice_rows(queue, who=who)) if who else Choices()


def desk_counts(*, actor: Actor) -> dict[str, int]:
    """How many tasks each queue holds that somebody still has to do; what is done only grows and is not counted."""
    who = _who(actor)
    if who is None:
        return {queue: 0 for queue in QUEUES if queue != "done"}
    todo, overdue, held = _counts(who=who)[0]
    return {"todo": todo, "overdue": overdue, "held": held, "waiting": _waiting(who=who)[0]}


def _who(actor: Actor) -> Who | None:
    """None for anybody who has no desk."""
    if actor.kind != "official" or actor.org_id is None:
        return None
    return Who(
        tenant=actor.tenant,
        org_id=actor.org_id,
        hands_id=actor.hands_id,
        roles=tuple(sorted(actor.roles)),
        items=tuple(sorted(actor.delegated_items)),
        leads=actor.has_role("leader"),
        at=now(),
    )


@prepared
def _plain_rows(queue: str, first_phase: str, start: int, stop: int, *, who: Who) -> "QuerySet[WorkItem]":
    return _ordered(who, queue, first_phase, Narrowing()).select_related("case")[start:stop]


@prepared
def _choice_rows(queue: str, *, who: Who) -> "QuerySet[WorkItem, tuple[str, str, str, uuid.UUID | None, str, int]]":
    return choice_rows(_queue(who, queue), queue=queue)


@prepared
def _counts(*, who: Who) -> "QuerySet[WorkItem, tuple[int, int, int]]":
    mine, free, own = _hands(who)
    rows = _limited(who).filter(org_id=who.org_id, status=WorkItemStatus.OPEN)
    counted = _as_one(rows).annotate(
        todo=Count("pk", filter=own),
        overdue=Count("pk", filter=own & Q(limit_at__lte=who.at)),
        held=Count("pk", filter=mine & ~free),
    )
    return counted.values_list("todo", "overdue", "held")


@prepared
def _waiting(*, who: Who) -> "QuerySet[WorkItem, int]":
    return _as_one(_queue(who, "waiting")).annotate(tasks=Count("pk")).values_list("tasks", flat=True)


def _as_one(rows: "QuerySet[WorkItem]") -> "QuerySet[WorkItem]":
    """All rows as one group: what is counted of them comes as one row, also when there are none."""
    found: QuerySet[WorkItem] = rows.values(_all=Value(1))  # type: ignore[assignment]  # dictionaries, not shown
    return found


def _ordered(who: Who, queue: str, first_phase: str, wanted: Narrowing) -> "QuerySet[WorkItem]":
    phase_first = Choice(If(phase=first_phase, then=Value(0)), default=Value(1), output_field=IntegerField())
    own = ("-done_at",) if queue == "done" else (phase_first, F("limit_at").asc(nulls_last=True), "opened_at")
    return narrowed(_queue(who, queue), wanted, queue=queue).order_by(*order_of(wanted, own, queue=queue), "pk")


def _hands(who: Who) -> tuple[Q, Q, Q]:
    """Tasks of the actor's unit and roles (of all its roles for who leads it), those nobody else has, and his own."""
    mine = Q(org_id=who.org_id, role__in=who.roles)
    free = Q(helper_id__isnull=True) & (Q(holder_id__isnull=True) | Q(holder_id=who.hands_id))
    own = (mine & free) | Q(org_id=who.org_id, helper_id=who.hands_id)
    # a leader finds what any of the unit has taken: he gives it to another when the holder is away
    return (Q(org_id=who.org_id) if who.leads else mine), free, own


def _handled(who: Who) -> "QuerySet[WorkItem]":
    """Tasks of the items a delegate may handle, all for anybody else."""
    rows = WorkItem.objects.filter(tenant=who.tenant)
    return rows.filter(case__item_code__in=who.items) if who.items else rows


def _limited(who: Who) -> "QuerySet[WorkItem]":
    """The same with the limit each stands under."""
    promised = Deadline.objects.filter(case_id=OuterRef("case_id"), kind=DeadlineKind.PROMISED, state__in=COUNTING)
    # a step without its own limit: the case's
    return _handled(who).annotate(limit_at=Coalesce("due_at", Subquery(promised.values("due_at")[:1])))


def _queue(who: Who, queue: str) -> "QuerySet[WorkItem]":
    if queue == "done":
        return _handled(who).filter(org_id=who.org_id, role__in=who.roles, status=WorkItemStatus.DONE)
    of_unit, free, own = _hands(who)
    rows = _limited(who).filter(status=WorkItemStatus.OPEN)
    if queue == "waiting":
        others = rows.filter(case__org_id=who.org_id, case__status=CaseStatus.OPEN)
        return others.exclude(pk__in=rows.filter(own).values("pk"))
    if queue == "held":
        return rows.filter(of_unit).exclude(free)
    todo = rows.filter(own)
    return todo.filter(Q(limit_at__lte=who.at)) if queue == "overdue" else todo
