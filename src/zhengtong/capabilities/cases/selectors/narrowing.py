"""A queue of a desk narrowed to an item, a step, a unit or what is late, and in another order."""

import dataclasses
import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from zhengtong.capabilities.cases.models import WorkItem
from zhengtong.kernel.clock import now

#: columns a desk may be sorted by, with what they are in the database
ORDERS = {
    "number": "case__number",
    "item": "case__title",
    "step": "step",
    "time": "opened_at",
    "due": "limit_at",
    "unit": "case__org_name",
}
#: of tasks that are done only so many are looked through for what one may choose from
_LOOKED_THROUGH = 1000


@dataclasses.dataclass(frozen=True)
class Narrowing:
    """What of a queue is wanted: item by code, step by name, unit by id; ``late`` only what is past its limit.

    ``sort`` is a column of ``ORDERS``, with ``-`` before it the other way round; empty for the queue's own order.
    """

    item: str = ""
    step: str = ""
    unit: uuid.UUID | None = None
    late: bool = False
    sort: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything is left out; another order leaves out nothing."""
        return bool(self.item or self.step or self.unit or self.late)


@dataclasses.dataclass(frozen=True)
class Choice:
    """A value a queue may be narrowed to, with its words and how many tasks it has."""

    value: str
    label: str
    count: int


@dataclasses.dataclass(frozen=True)
class Choices:
    """What a queue may be narrowed to, the most frequent first."""

    items: tuple[Choice, ...] = ()
    steps: tuple[Choice, ...] = ()
    units: tuple[Choice, ...] = ()


def narrowed(rows: "QuerySet[WorkItem]", wanted: Narrowing, *, queue: str) -> "QuerySet[WorkItem]":
    """The tasks of a queue that are wanted; what is done is never late."""
    if wanted.item:
        rows = rows.filter(case__item_code=wanted.item)
    if wanted.step:
        rows = rows.filter(step=wanted.step)
    if wanted.unit is not None:
        rows = rows.filter(**{_unit_of(queue)[0]: wanted.unit})
    if wanted.late and queue != "done":
        rows = rows.filter(Q(limit_at__lte=now()))
    return rows


def order_of(wanted: Narrowing, own: tuple[Any, ...], *, queue: str) -> tuple[Any, ...]:
    """The wanted order with the queue's own one behind it; the queue's own for a column that is none."""
    key = wanted.sort.removeprefix("-")
    field = ORDERS.get(key)
    if field is None:
        return own
    if queue == "done":
        field = {"time": "done_at", "due": "done_at"}.get(key, field)
    if queue == "waiting" and key == "unit":
        field = "org_name"
    down = wanted.sort.startswith("-")
    return (F(field).desc(nulls_last=True) if down else F(field).asc(nulls_last=True), *own)


def choice_rows(
    rows: "QuerySet[WorkItem]", *, queue: str
) -> "QuerySet[WorkItem, tuple[str, str, str, uuid.UUID | None, str, int]]":
    """What the tasks of a queue may be narrowed to, with how many there are of each."""
    if queue == "done":
        newest = rows.order_by("-done_at").values("pk")[:_LOOKED_THROUGH]
        rows = WorkItem.objects.filter(pk__in=newest)
    found = rows.order_by().values_list("case__item_code", "case__title", "step", *_unit_of(queue))
    return found.annotate(tasks=Count("pk"))


def choices_of(found: Iterable[tuple[str, str, str, uuid.UUID | None, str, int]]) -> Choices:
    """The same as lists to choose from."""
    items: dict[str, tuple[str, int]] = {}
    steps: dict[str, tuple[str, int]] = {}
    units: dict[str, tuple[str, int]] = {}
    for code, title, step, unit, name, count in found:
        _add(items, code, title, count)
        _add(steps, step, step, count)
        if unit is not None:
            _add(units, str(unit), name, count)
    return Choices(_sorted(items), _sorted(steps), _sorted(units))


def _unit_of(queue: str) -> tuple[str, str]:
    """Which unit a queue is narrowed by: who has the task for what one waits for, else who answers for the case."""
    return ("org_id", "org_name") if queue == "waiting" else ("case__org_id", "case__org_name")


def _add(found: dict[str, tuple[str, int]], value: str, label: str, count: int) -> None:
    found[value] = (label, found.get(value, ("", 0))[1] + count)


def _sorted(found: dict[str, tuple[str, int]]) -> tuple[Choice, ...]:
    rows = [Choice(value, label, count) for value, (label, count) in found.items() if value]
    return tuple(sorted(rows, key=lambda one: (-one.count, one.label)))
