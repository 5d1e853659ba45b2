"""The clocks of a case with their day-by-day explanation: the same for applicant, clerk and supervisor."""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from typing import NamedTuple

from django.db.models import QuerySet

from zhengtong.capabilities.cases.constants import CaseStatus, DeadlineKind, DeadlineState, ExtensionState
from zhengtong.capabilities.cases.models import Case, ClockExtension, ClockPause, Deadline, DeadlineMove
from zhengtong.capabilities.cases.rules import (
    DayLine,
    Due,
    Extension,
    Limit,
    Pause,
    Unit,
    deadline_of,
    explain,
    lamp_at,
)
from zhengtong.capabilities.cases.rules.renewal import Renewal, renewal
from zhengtong.capabilities.cases.rules.sentences import arithmetic, by_the_calendar_of_then, moved
from zhengtong.capabilities.cases.selectors.calendar import calendar_as_of, calendar_of
from zhengtong.kernel import parameters
from zhengtong.kernel.calendar import WorkCalendar
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.prepared import prepared

ROLL = parameters.declare(
    "cases.roll_natural_days",
    default=True,
    label="按自然日计算的期限，末日逢休息日顺延",
    unit="",
    source="民法典 第二百零三条",
    confirmed=False,
).key
EXTENSIONS_MOVE_PROMISE = parameters.declare(
    "cases.extensions_move_promise",
    default=True,
    label="经批准延长法定时限的，承诺时限同样延长",
    unit="",
    source="审批实践（法律没有规定）",
    confirmed=False,
).key
_RENEWAL_AHEAD = parameters.declare(
    "cases.renewal_ahead",
    default="30 WD",
    label="申请延续证照须在届满前多久提出（WD 工作日，D 日）",
    unit="",
    source="行政许可法 第五十条（三十日；按第八十二条以工作日计，是否适用于申请人待核实）",
    confirmed=False,
).key
#: limits of the unit's own time, as the law lets the clock stop for them
PAUSABLE = (DeadlineKind.PROMISED, DeadlineKind.STATUTORY, DeadlineKind.STEP)
#: limits that begin at the same time, in the order of the procedure
_ORDER = (
    DeadlineKind.ACCEPTANCE,
    DeadlineKind.SUPPLEMENT,
    DeadlineKind.PROMISED,
    DeadlineKind.STATUTORY,
    DeadlineKind.RENEWAL,
    DeadlineKind.STEP,
    DeadlineKind.HEARING_ASK,
    DeadlineKind.HEARING_HOLD,
    DeadlineKind.DELIVERY,
)


class Terms(NamedTuple):
    """What the last day of a limit depends on besides its length and the calendar."""

    start: dt.date | dt.datetime
    pauses: list[Pause]
    extensions: list[Extension]
    roll: bool


@dataclasses.dataclass(frozen=True)
class MoveView:
    """A new projection of a limit, in words."""

    at: dt.datetime
    cause: str
    old_due_on: dt.date | None
    new_due_on: dt.date | None
    sentence: str


@dataclasses.dataclass(frozen=True)
class ClockView:
    """One limit of a case as a page shows it: what, until when, which lamp, and why this date."""

    kind: str
    label: str
    limit_label: str
    basis: str
    state: str
    state_label: str
    started_on: dt.date
    due_on: dt.date | None
    due_at: dt.datetime | None
    ended_at: dt.datetime | None
    lamp: str
    provisional: bool
    sentence: str
    days: tuple[DayLine, ...]
    moves: tuple[MoveView, ...] = ()

    @property
    def running(self) -> bool:
        """True while it limits somebody."""
        return self.state in (DeadlineState.RUNNING, DeadlineState.PAUSED)

    @property
    def why(self) -> str:
        """The sentence of the arithmetic, and every time the date was computed anew."""
        return self.sentence + "".join(move.sentence for move in self.moves)


@dataclasses.dataclass(frozen=True)
class Timing:
    """The stored limits of a case and its tasks, its stops, requests for more time and moves, each read once."""

    deadlines: list[Deadline]
    pauses: list[ClockPause]
    extensions: list[ClockExtension]
    moves: list[DeadlineMove]

    def latest(self, kind: str) -> Deadline | None:
        """The limit of a kind that began last."""
        return max((row for row in self.deadlines if row.kind == kind), key=lambda row: row.started_at, default=None)


def timing_of(case: Case) -> Timing:
    """Everything about the time of a case, with one statement for each table."""
    found = Timing(
        _deadlines(case_id=case.id), _pauses(case_id=case.id), _extensions(case_id=case.id), _moves(case_id=case.id)
    )
    for row in found.extensions:
        row.case = case
    return found


@prepared
def _deadlines(*, case_id: uuid.UUID) -> "QuerySet[Deadline]":
    return Deadline.objects.filter(case_id=case_id).order_by("started_at", "id")


@prepared
def _pauses(*, case_id: uuid.UUID) -> "QuerySet[ClockPause]":
    return ClockPause.objects.filter(case_id=case_id).order_by("start_day", "id")


@prepared
def _extensions(*, case_id: uuid.UUID) -> "QuerySet[ClockExtension]":
    return ClockExtension.objects.filter(case_id=case_id).order_by("created_at", "id")


@prepared
def _moves(*, case_id: uuid.UUID) -> "QuerySet[DeadlineMove]":
    return DeadlineMove.objects.filter(case_id=case_id).order_by("created_at", "id")


def pauses_of(case_id: uuid.UUID) -> list[Pause]:
    """All pauses of a case as the rules read them."""
    return [rule_pause(row) for row in _pauses(case_id=case_id)]


def rule_pause(row: ClockPause) -> Pause:
    """A stored pause as the rules read it."""
    return Pause(
        start=row.start_day,
        end=row.end_day,
        reason_code=row.reason_code,
        legal_basis=row.basis,
        cap=Limit(row.cap_amount, Unit(row.cap_unit)) if row.cap_amount is not None else Limit.parse("NONE"),
    )


def renewal_terms(tenant: str, until: dt.date, applied_on: dt.date) -> Renewal:
    """What the licence that ends on ``until`` means for an application to renew it made on ``applied_on``."""
    ahead = Limit.parse(str(parameters.value(_RENEWAL_AHEAD, tenant=tenant, on=applied_on)))
    return renewal(until, applied_on, ahead, calendar_of(tenant))


def last_day_within(tenant: str, limit: Limit, start: dt.date) -> dt.date | None:
    """The last day of a limit that begins on a day and knows no stop; None for a limit that is not set."""
    roll = bool(parameters.value(ROLL, tenant=tenant))
    return deadline_of(start, limit, [], [], calendar_of(tenant), roll_natural_days=roll).due_date


def case_of_pause(*, tenant: str, pause_id: uuid.UUID) -> uuid.UUID | None:
    """The case that a stop of the clock belongs to; the caller answers for the right to see it."""
    return ClockPause.objects.filter(tenant=tenant, pk=pause_id).values_list("case_id", flat=True).first()


def extensions_of(case_id: uuid.UUID) -> list[Extension]:
    """The extension a case was granted, if any."""
    return _granted(_extensions(case_id=case_id))


def _granted(rows: list[ClockExtension]) -> list[Extension]:
    return [Extension(row.amount, Unit(row.unit), row.basis) for row in rows if row.state == ExtensionState.GRANTED]


def extends(kind: str, *, promise_too: bool) -> bool:
    """Whether a granted extension lengthens a limit of this kind."""
    return kind == DeadlineKind.STATUTORY or (promise_too and kind == DeadlineKind.PROMISED)


def rolls(kind: str, *, roll: bool) -> bool:
    """Whether a limit by natural days moves on from a day of rest; the end of a licence is a date, no limit."""
    return roll and kind != DeadlineKind.RENEWAL


def terms_of(case: Case, row: Deadline) -> Terms:
    """The terms of one stored limit."""
    return _Reader(case, pauses_of(case.id), extensions_of(case.id)).terms(row)


def clocks_of(case: Case, timing: Timing) -> tuple[ClockView, ...]:
    """The limits of a case as a whole (not of its tasks), in the order in which they began."""
    rows = [row for row in timing.deadlines if row.work_item_id is None]
    reader = _Reader(case, [rule_pause(row) for row in timing.pauses], _granted(timing.extensions))
    moves: dict[uuid.UUID, list[MoveView]] = defaultdict(list)
    for move in timing.moves:
        moves[move.deadline_id].append(
            MoveView(
                at=move.created_at,
                cause=move.cause,
                old_due_on=move.old_due_on,
                new_due_on=move.new_due_on,
                sentence=moved(move.reason, move.old_due_on, move.new_due_on),
            )
        )
    ordered = sorted(rows, key=lambda row: (row.start_day, _ORDER.index(DeadlineKind(row.kind)), row.started_at))
    return tuple(_view(row, reader.terms(row), tuple(moves[row.id])) for row in ordered)


class _Reader:
    """What all limits of one case have in common, read once."""

    def __init__(self, case: Case, pauses: list[Pause], extensions: list[Extension]) -> None:
        values = parameters.values(ROLL, EXTENSIONS_MOVE_PROMISE, tenant=case.tenant)
        self._roll, self._promise_too = bool(values[ROLL]), bool(values[EXTENSIONS_MOVE_PROMISE])
        self._pauses, self._extensions = pauses, extensions

    def terms(self, row: Deadline) -> Terms:
        return Terms(
            start=row.started_at if Unit(row.unit).is_clock_time else row.start_day,
            pauses=self._pauses if row.kind in PAUSABLE else [],
            extensions=self._extensions if extends(row.kind, promise_too=self._promise_too) else [],
            roll=rolls(row.kind, roll=self._roll),
        )


def _calendar_for(row: Deadline, limit: Limit, terms: Terms) -> WorkCalendar | None:
    """The calendar that bears out the stored date; an ended limit keeps the one it ended with. None when it is lost."""
    calendar = calendar_of(row.tenant)
    if row.ended_at is None or _due_on(limit, terms, calendar) == row.due_on:
        return calendar
    then = calendar_as_of(row.tenant, row.ended_at)
    return then if _due_on(limit, terms, then) == row.due_on else None


def _due_on(limit: Limit, terms: Terms, calendar: WorkCalendar) -> dt.date | None:
    due = deadline_of(terms.start, limit, terms.pauses, terms.extensions, calendar, roll_natural_days=terms.roll)
    return due.due_date


def _explained(row: Deadline, limit: Limit, terms: Terms) -> tuple[str, tuple[DayLine, ...]]:
    calendar = _calendar_for(row, limit, terms)
    if calendar is None:
        return by_the_calendar_of_then(row.start_day, limit, row.due_on), ()
    start, pauses, extensions, roll = terms
    due = Due(row.due_on, row.due_at, row.provisional)
    until = local_date(row.ended_at or now())
    said = arithmetic(start, limit, pauses, extensions, calendar, due, roll_natural_days=roll)
    return said, tuple(explain(start, limit, pauses, extensions, calendar, roll_natural_days=roll, until=until))


def _view(row: Deadline, terms: Terms, moves: tuple[MoveView, ...]) -> ClockView:
    limit = Limit(row.amount, Unit(row.unit))
    sentence, days = _explained(row, limit, terms)
    statutory = row.kind == DeadlineKind.STATUTORY
    lamp = lamp_at(
        row.ended_at or now(),
        yellow_at=row.yellow_at,
        red_at=None if statutory else row.due_at,
        breach_at=row.due_at if statutory else None,
    )
    return ClockView(
        kind=row.kind,
        label=row.get_kind_display(),
        limit_label=limit.label + "".join(f"，延长 {part.amount} {part.unit.label}" for part in terms.extensions),
        basis=row.basis,
        state=row.state,
        state_label=row.get_state_display(),
        started_on=row.start_day,
        due_on=row.due_on,
        due_at=row.due_at,
        ended_at=row.ended_at,
        lamp=str(lamp),
        provisional=row.provisional,
        sentence=sentence,
        days=days,
        moves=moves,
    )


def hearing_open(case_id: uuid.UUID) -> bool:
    """Whether a hearing may still be asked for, or was asked for and not held (行政许可法 第四十七条、第四十八条)."""
    return Deadline.objects.filter(
        case_id=case_id, kind__in=(DeadlineKind.HEARING_ASK, DeadlineKind.HEARING_HOLD), state=DeadlineState.RUNNING
    ).exists()


def open_and_overdue(*, tenant: str) -> tuple[int, int]:
    """How many cases are under way, and how many of them have passed a limit of the whole case that still runs."""
    late = Deadline.objects.filter(
        tenant=tenant, work_item__isnull=True, state=DeadlineState.RUNNING, due_at__lte=now()
    )
    under_way = Case.objects.filter(tenant=tenant, status=CaseStatus.OPEN).count()
    return under_way, late.values("case_id").distinct().count()
