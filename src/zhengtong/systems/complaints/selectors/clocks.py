"""The clock of a complaint as its pages explain it: the same words for who wrote, unit and supervisor."""

import dataclasses
import datetime as dt
from decimal import Decimal

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel import parameters
from zhengtong.kernel.clock import local_date, now
from zhengtong.systems.complaints.constants import YELLOW_RATIO, ClockKind, ExtensionState
from zhengtong.systems.complaints.models import Complaint, ComplaintClock, ComplaintExtension, ComplaintPause

_BASIS = "监察机构批准延期"


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


def terms_of(row: ComplaintClock) -> Terms:
    """Stops and more time count for the limit to answer only."""
    limit = cases.Limit(row.amount, cases.Unit(row.unit))
    if row.kind != ClockKind.ANSWER:
        return Terms(limit, [], [])
    pauses = [_pause(one) for one in ComplaintPause.objects.filter(complaint_id=row.complaint_id).order_by("start_day")]
    longer = ComplaintExtension.objects.filter(complaint_id=row.complaint_id, state=ExtensionState.GRANTED)
    return Terms(limit, pauses, [cases.Extension(one.days, cases.Unit.WD, _BASIS) for one in longer])


def instants_of(row: ComplaintClock) -> Instants:
    """The instants by the calendar of today."""
    terms, calendar = terms_of(row), cases.calendar_of(row.tenant)
    due = cases.deadline_of(row.started_on, terms.limit, terms.pauses, terms.extensions, calendar)
    yellow = None
    if row.kind != ClockKind.ASK_REVIEW:
        ratio = Decimal(str(parameters.value(YELLOW_RATIO, tenant=row.tenant)))
        yellow = cases.warning_at(row.started_on, terms.limit, terms.pauses, terms.extensions, calendar, ratio)
    return Instants(due.due_date, due.due_at, yellow)


def arithmetic_of(row: ComplaintClock) -> str:
    """One sentence that shows how the last day came about."""
    terms, calendar = terms_of(row), cases.calendar_of(row.tenant)
    due = cases.deadline_of(row.started_on, terms.limit, terms.pauses, terms.extensions, calendar)
    return cases.arithmetic(row.started_on, terms.limit, terms.pauses, terms.extensions, calendar, due)


def lamp_of(row: ComplaintClock | None) -> str:
    """green, yellow, red, or none where nothing runs."""
    if row is None or row.kind == ClockKind.ASK_REVIEW:
        return "none"
    return str(cases.lamp_at(row.ended_at or now(), yellow_at=row.yellow_at, red_at=row.due_at, breach_at=None))


def clocks_of(row: Complaint) -> list[ClockView]:
    """All limits of a complaint in the order they began."""
    return [_view(clock) for clock in row.clocks.order_by("started_on", "created_at")]


def running(row: Complaint) -> ComplaintClock | None:
    """The limit that runs now."""
    return row.clocks.filter(ended_at__isnull=True).order_by("started_on").first()


def cap_day(tenant: str, start: dt.date, limit: cases.Limit) -> dt.date:
    """The last day a stop begun on ``start`` may take."""
    found = cases.last_day_within(tenant, limit, start)
    return found if found is not None else start


def _pause(row: ComplaintPause) -> cases.Pause:
    cap = cases.Limit(row.cap_amount, cases.Unit(row.cap_unit))
    return cases.Pause(start=row.start_day, end=row.end_day, reason_code=row.reason, legal_basis="", cap=cap)


def _view(row: ComplaintClock) -> ClockView:
    terms, calendar = terms_of(row), cases.calendar_of(row.tenant)
    until = local_date(row.ended_at or now())
    days = cases.explain(row.started_on, terms.limit, terms.pauses, terms.extensions, calendar, until=until)
    longer = "".join(f"，延长 {part.amount} {part.unit.label}" for part in terms.extensions)
    return ClockView(
        kind=row.kind,
        label=row.get_kind_display(),
        limit_label=terms.limit.label + longer,
        basis=row.basis,
        started_on=row.started_on,
        due_on=row.due_on,
        ended_on=local_date(row.ended_at) if row.ended_at else None,
        kept=row.kept,
        lamp=lamp_of(row),
        paused=any(pause.end is None for pause in terms.pauses) and row.ended_at is None,
        sentence=arithmetic_of(row),
        days=tuple(days),
    )
