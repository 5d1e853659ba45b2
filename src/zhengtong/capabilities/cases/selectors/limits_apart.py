"""Limits of matters that are no case (complaints, requests): one arithmetic, one lamp, one explanation."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from zhengtong.capabilities.cases.rules import (
    DayLine,
    Extension,
    Limit,
    Pause,
    deadline_of,
    explain,
    lamp_at,
    warning_at,
)
from zhengtong.capabilities.cases.rules.sentences import arithmetic
from zhengtong.capabilities.cases.selectors.calendar import calendar_of
from zhengtong.capabilities.cases.selectors.clocks import last_day_within
from zhengtong.kernel import parameters
from zhengtong.kernel.clock import local_date, now

#: what a page shows where nothing runs, or where what runs has no lamp
NO_LAMP = "none"


@dataclasses.dataclass(frozen=True)
class LimitTerms:
    """What the last day of a limit depends on besides its first day and the calendar."""

    limit: Limit
    pauses: list[Pause] = dataclasses.field(default_factory=list)
    extensions: list[Extension] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class LimitInstants:
    """When a limit ends and turns yellow."""

    due_on: dt.date | None
    due_at: dt.datetime | None
    yellow_at: dt.datetime | None


@dataclasses.dataclass(frozen=True)
class LimitView:
    """A limit as a page shows it; ``confirmed``: its basis was checked against the law."""

    kind: str
    label: str
    limit_label: str
    basis: str
    confirmed: bool
    started_on: dt.date
    due_on: dt.date | None
    ended_on: dt.date | None
    kept: bool | None
    lamp: str
    paused: bool
    sentence: str
    days: tuple[DayLine, ...]


class LimitRow(Protocol):
    """A row that keeps one limit of a matter; the instants are projected anew whenever they may have moved."""

    tenant: str
    kind: str
    basis: str
    started_on: dt.date
    due_on: dt.date | None
    due_at: dt.datetime | None
    yellow_at: dt.datetime | None
    next_at: dt.datetime | None
    projected_on: dt.date
    level: str
    ended_at: dt.datetime | None
    kept: bool | None

    def get_kind_display(self) -> str:
        """The kind in words."""

    def save(self, *, update_fields: Iterable[str] | None = None) -> None:
        """Write it."""


def limit_instants(row: LimitRow, terms: LimitTerms, *, yellow: str = "") -> LimitInstants:
    """The instants by the calendar of today; without ``yellow``, a parameter, no lamp warns."""
    calendar = calendar_of(row.tenant)
    due = deadline_of(row.started_on, terms.limit, terms.pauses, terms.extensions, calendar)
    warning = None
    if yellow:
        ratio = Decimal(str(parameters.value(yellow, tenant=row.tenant)))
        warning = warning_at(row.started_on, terms.limit, terms.pauses, terms.extensions, calendar, ratio)
    return LimitInstants(due.due_date, due.due_at, warning)


def limit_arithmetic(row: LimitRow, terms: LimitTerms) -> str:
    """One sentence that shows how the last day came about."""
    calendar = calendar_of(row.tenant)
    due = deadline_of(row.started_on, terms.limit, terms.pauses, terms.extensions, calendar)
    return arithmetic(row.started_on, terms.limit, terms.pauses, terms.extensions, calendar, due)


def limit_lamp(row: LimitRow | None) -> str:
    """green, yellow, red, or none where nothing runs."""
    if row is None:
        return NO_LAMP
    return str(lamp_at(row.ended_at or now(), yellow_at=row.yellow_at, red_at=row.due_at, breach_at=None))


def limit_view(row: LimitRow, terms: LimitTerms, *, lamp: str, confirmed: bool) -> LimitView:
    """A limit with its days one by one."""
    until = local_date(row.ended_at or now())
    calendar = calendar_of(row.tenant)
    days = explain(row.started_on, terms.limit, terms.pauses, terms.extensions, calendar, until=until)
    longer = "".join(f"，延长 {part.amount} {part.unit.label}" for part in terms.extensions)
    return LimitView(
        kind=row.kind,
        label=row.get_kind_display(),
        limit_label=terms.limit.label + longer,
        basis=row.basis,
        confirmed=confirmed,
        started_on=row.started_on,
        due_on=row.due_on,
        ended_on=local_date(row.ended_at) if row.ended_at else None,
        kept=row.kept,
        lamp=lamp,
        paused=any(pause.end is None for pause in terms.pauses) and row.ended_at is None,
        sentence=limit_arithmetic(row, terms),
        days=tuple(days),
    )


def last_day_from(tenant: str, start: dt.date, limit: Limit) -> dt.date:
    """The last day of a limit without stops; its first where it has no length."""
    found = last_day_within(tenant, limit, start)
    return found if found is not None else start
