"""The clock of a request as its pages explain it: the same words for who asked, unit and authority."""

import dataclasses
import datetime as dt
from decimal import Decimal

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel import parameters
from zhengtong.kernel.clock import local_date, now
from zhengtong.systems.disclosure.constants import YELLOW_RATIO, ClockKind, ExtensionKind, ExtensionState, PauseReason
from zhengtong.systems.disclosure.models import DisclosureRequest, RequestClock, RequestExtension, RequestPause

_BASIS = {ExtensionKind.EXTENSION: "条例第三十三条", ExtensionKind.DELAY: "条例第三十五条"}
_PAUSE_BASIS = {PauseReason.CONSULT: "条例第三十三条第三款", PauseReason.FEE: "国办函〔2020〕109号（待核实）"}


@dataclasses.dataclass(frozen=True)
class Terms:
    """What the last day of a limit depends on besides its length and the calendar."""

    limit: cases.Limit
    pauses: list[cases.Pause]
    extensions: list[cases.Extension]


@dataclasses.dataclass(frozen=True)
class ClockView:
    """A limit as a page shows it."""

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
    days: tuple[cases.DayLine, ...]


@dataclasses.dataclass(frozen=True)
class Instants:
    """When a limit ends and turns yellow."""

    due_on: dt.date | None
    due_at: dt.datetime | None
    yellow_at: dt.datetime | None


def terms_of(row: RequestClock) -> Terms:
    """Stops and more time count for the limit to answer only; what was before a correction does not."""
    limit = cases.Limit(row.amount, cases.Unit(row.unit))
    if row.kind != ClockKind.ANSWER:
        return Terms(limit, [], [])
    stops = RequestPause.objects.filter(request_id=row.request_id, start_day__gte=row.started_on).order_by("start_day")
    longer = RequestExtension.objects.filter(request_id=row.request_id, state=ExtensionState.GRANTED)
    return Terms(
        limit,
        [cases.Pause(one.start_day, one.end_day, one.reason, _PAUSE_BASIS[PauseReason(one.reason)]) for one in stops],
        [cases.Extension(one.days, cases.Unit.WD, _BASIS[ExtensionKind(one.kind)]) for one in longer],
    )


def instants_of(row: RequestClock) -> Instants:
    """The instants by the calendar of today."""
    terms, calendar = terms_of(row), cases.calendar_of(row.tenant)
    due = cases.deadline_of(row.started_on, terms.limit, terms.pauses, terms.extensions, calendar)
    ratio = Decimal(str(parameters.value(YELLOW_RATIO, tenant=row.tenant)))
    yellow = cases.warning_at(row.started_on, terms.limit, terms.pauses, terms.extensions, calendar, ratio)
    return Instants(due.due_date, due.due_at, yellow)


def arithmetic_of(row: RequestClock) -> str:
    """One sentence that shows how the last day came about."""
    terms, calendar = terms_of(row), cases.calendar_of(row.tenant)
    due = cases.deadline_of(row.started_on, terms.limit, terms.pauses, terms.extensions, calendar)
    return cases.arithmetic(row.started_on, terms.limit, terms.pauses, terms.extensions, calendar, due)


def lamp_of(row: RequestClock | None) -> str:
    """green, yellow, red, or none where nothing runs."""
    if row is None:
        return "none"
    return str(cases.lamp_at(row.ended_at or now(), yellow_at=row.yellow_at, red_at=row.due_at, breach_at=None))


def clocks_of(row: DisclosureRequest) -> list[ClockView]:
    """All limits of a request in the order they began."""
    return [_view(clock) for clock in row.clocks.order_by("started_on", "created_at")]


def last_day(tenant: str, start: dt.date, parameter: str, *, days: int | None = None) -> dt.date:
    """The last day of a limit begun on ``start``: the parameter's, or so many working days."""
    limit = cases.Limit.parse(str(parameters.value(parameter, tenant=tenant, on=start)))
    if days is not None:
        limit = cases.Limit(days, cases.Unit.WD)
    found = cases.last_day_within(tenant, limit, start)
    return found if found is not None else start


def _view(row: RequestClock) -> ClockView:
    terms, calendar = terms_of(row), cases.calendar_of(row.tenant)
    until = local_date(row.ended_at or now())
    days = cases.explain(row.started_on, terms.limit, terms.pauses, terms.extensions, calendar, until=until)
    longer = "".join(f"，延长 {part.amount} {part.unit.label}" for part in terms.extensions)
    return ClockView(
        kind=row.kind,
        label=row.get_kind_display(),
        limit_label=terms.limit.label + longer,
        basis=row.basis,
        confirmed=row.confirmed,
        started_on=row.started_on,
        due_on=row.due_on,
        ended_on=local_date(row.ended_at) if row.ended_at else None,
        kept=row.kept,
        lamp=lamp_of(row),
        paused=any(pause.end is None for pause in terms.pauses) and row.ended_at is None,
        sentence=arithmetic_of(row),
        days=tuple(days),
    )
