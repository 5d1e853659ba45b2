"""The clock of a request: limits begin, stop, end and are computed anew here, and nowhere else."""

import datetime as dt

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel import parameters
from zhengtong.kernel.clock import local_date
from zhengtong.systems.disclosure.constants import (
    ANSWER_LIMIT,
    CONSULT_LIMIT,
    CORRECTION_PERIOD,
    OWN_DATA_LIMIT,
    PAYMENT_LIMIT,
    AskKind,
    ClockKind,
    PauseReason,
)
from zhengtong.systems.disclosure.models import DisclosureRequest, RequestClock, RequestPause
from zhengtong.systems.disclosure.selectors.clocks import instants_of

_ONE_DAY = dt.timedelta(days=1)
_PARAMETERS = {
    ClockKind.ANSWER: ANSWER_LIMIT,
    ClockKind.CORRECTION: CORRECTION_PERIOD,
    ClockKind.CONSULT: CONSULT_LIMIT,
    ClockKind.PAYMENT: PAYMENT_LIMIT,
}


def begin(
    row: DisclosureRequest, kind: ClockKind, *, on: dt.date | None = None, days: int | None = None
) -> RequestClock:
    """Start a limit on a day (today by default) with the length in force that day, or ``days`` working days."""
    day = on or local_date()
    own = kind == ClockKind.ANSWER and row.kind == AskKind.OWN_DATA
    key = OWN_DATA_LIMIT if own else _PARAMETERS[kind]
    limit = cases.Limit.parse(str(parameters.value(key, tenant=row.tenant, on=day)))
    source = parameters.declared.get(key)
    clock = RequestClock(
        tenant=row.tenant,
        request=row,
        kind=kind,
        amount=(limit.amount or 0) if days is None else days,
        unit=str(limit.unit if days is None else cases.Unit.WD),
        basis=source.source,
        confirmed=source.confirmed,
        started_on=day,
    )
    project(clock)
    return clock


def end(row: DisclosureRequest, kind: ClockKind, *, judged: bool = True) -> bool | None:
    """End the running limit of a kind; whether it was kept, None where none runs or it says nothing."""
    clock = row.clocks.select_for_update().filter(kind=kind, ended_at__isnull=True).first()
    return None if clock is None else cases.end_limit(clock, judged=judged)


def end_all(row: DisclosureRequest) -> None:
    """Nothing is waited for any more: all limits end, and a stop with them."""
    resume(row)
    for kind in ClockKind:
        end(row, kind, judged=False)


def stop(row: DisclosureRequest, reason: PauseReason) -> None:
    """The limit to answer stands still from today; a stop that is open goes on, one that covers today opens again."""
    today = local_date()
    if row.pauses.filter(end_day__isnull=True).exists():
        return
    same = row.pauses.select_for_update().filter(start_day__lte=today, end_day__gte=today).first()
    if same is not None:
        same.end_day = None
        same.save(update_fields=["end_day"])
    else:
        RequestPause.objects.create(tenant=row.tenant, request=row, reason=reason, start_day=today)
    reproject(row)


def resume(row: DisclosureRequest, *, last: dt.date | None = None) -> bool:
    """End the open stop of a locked request with yesterday, or with ``last``; True when there was one."""
    pause = row.pauses.select_for_update().filter(end_day__isnull=True).first()
    if pause is None:
        return False
    pause.end_day = max(pause.start_day, last or local_date() - _ONE_DAY)
    pause.save(update_fields=["end_day"])
    reproject(row)
    return True


def project(clock: RequestClock) -> None:
    """Compute the instants anew from today's calendar, stops and extensions."""
    cases.project_limit(clock, instants_of(clock))


def reproject(row: DisclosureRequest) -> None:
    """All running limits of a request."""
    for clock in row.clocks.filter(ended_at__isnull=True):
        project(clock)
