"""The clock of a complaint: limits begin, end and are computed anew here, and nowhere else."""

import datetime as dt

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel import parameters
from zhengtong.kernel.clock import local_date
from zhengtong.systems.complaints.constants import (
    ACCEPT_LIMITS,
    ANSWER_LIMITS,
    ASK_REVIEW_LIMIT,
    REVIEW_LIMIT,
    ClockKind,
    Kind,
)
from zhengtong.systems.complaints.models import Complaint, ComplaintClock
from zhengtong.systems.complaints.selectors.clocks import instants_of


def begin(row: Complaint, kind: ClockKind, *, on: dt.date | None = None) -> ComplaintClock:
    """Start a limit on a day (today by default) with the length in force that day."""
    day = on or local_date()
    key = _parameter(row, kind)
    limit = cases.Limit.parse(str(parameters.value(key, tenant=row.tenant, on=day)))
    clock = ComplaintClock(
        tenant=row.tenant,
        complaint=row,
        kind=kind,
        amount=limit.amount or 0,
        unit=str(limit.unit),
        basis=parameters.declared.get(key).source,
        started_on=day,
    )
    project(clock)
    return clock


def end(row: Complaint, kind: ClockKind) -> bool | None:
    """End the running limit of a kind; whether it was kept, None where none runs."""
    clock = row.clocks.select_for_update().filter(kind=kind, ended_at__isnull=True).first()
    return None if clock is None else cases.end_limit(clock)


def end_all(row: Complaint) -> None:
    """Nothing is waited for any more: all limits end, and a stop with them, which would else run on to its cap."""
    for kind in ClockKind:
        end(row, kind)
    pause = row.pauses.select_for_update().filter(end_day__isnull=True).first()
    if pause is not None:
        pause.end_day = max(pause.start_day, local_date())
        pause.save(update_fields=["end_day"])


def project(clock: ComplaintClock) -> None:
    """Compute the instants anew from today's calendar, stops and extensions."""
    cases.project_limit(clock, instants_of(clock))


def reproject(row: Complaint) -> None:
    """All running limits of a complaint."""
    for clock in row.clocks.filter(ended_at__isnull=True):
        project(clock)


def _parameter(row: Complaint, kind: ClockKind) -> str:
    return {
        ClockKind.ACCEPT: ACCEPT_LIMITS[Kind(row.kind)],
        ClockKind.ANSWER: ANSWER_LIMITS[Kind(row.kind)],
        ClockKind.ASK_REVIEW: ASK_REVIEW_LIMIT,
        ClockKind.REVIEW: REVIEW_LIMIT,
    }[kind]
