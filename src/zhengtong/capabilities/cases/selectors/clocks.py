"""The clocks of a case with their day-by-day explanation."""

import dataclasses
import datetime as dt
import uuid

from django.db.models import Case as When
from django.db.models import IntegerField, Value
from django.db.models import When as If

from zhengtong.capabilities.cases.constants import DeadlineKind, DeadlineState
from zhengtong.capabilities.cases.models import Case, ClockPause, Deadline
from zhengtong.capabilities.cases.rules import DayLine, Limit, Pause, Unit, explain, lamp_at
from zhengtong.capabilities.cases.rules.sentences import arithmetic
from zhengtong.capabilities.cases.selectors.calendar import calendar_of
from zhengtong.kernel.clock import local_date, now

#: limits of the applicant's own time and of the unit's, as the law lets the clock stop for them
PAUSABLE = (DeadlineKind.PROMISED, DeadlineKind.STATUTORY, DeadlineKind.STEP)
_ORDER = tuple(DeadlineKind.values)


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

    @property
    def running(self) -> bool:
        """True while it limits somebody."""
        return self.state in (DeadlineState.RUNNING, DeadlineState.PAUSED)


def pauses_of(case_id: uuid.UUID) -> list[Pause]:
    """All pauses of a case as the rules read them."""
    return [
        Pause(
            start=row.start_day,
            end=row.end_day,
            reason_code=row.reason_code,
            legal_basis=row.basis,
            cap=Limit(row.cap_amount, Unit(row.cap_unit)) if row.cap_amount is not None else Limit.parse("NONE"),
        )
        for row in ClockPause.objects.filter(case_id=case_id).order_by("start_day")
    ]


def clocks_of(case: Case) -> tuple[ClockView, ...]:
    """The limits of a case as a whole (not of its tasks), in the order of the procedure."""
    ranks = [If(kind=kind, then=Value(rank)) for rank, kind in enumerate(_ORDER)]
    rows = Deadline.objects.filter(case_id=case.id, work_item__isnull=True).order_by(
        When(*ranks, output_field=IntegerField()), "started_at"
    )
    pauses = pauses_of(case.id)
    return tuple(_view(case, row, pauses if row.kind in PAUSABLE else []) for row in rows)


def _view(case: Case, row: Deadline, pauses: list[Pause]) -> ClockView:
    limit, calendar = Limit(row.amount, Unit(row.unit)), calendar_of(case.tenant)
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
        limit_label=limit.label,
        basis=row.basis,
        state=row.state,
        state_label=row.get_state_display(),
        started_on=row.start_day,
        due_on=row.due_on,
        due_at=row.due_at,
        ended_at=row.ended_at,
        lamp=str(lamp),
        provisional=row.provisional,
        sentence=arithmetic(row.start_day, limit, pauses, calendar, row.due_on),
        days=tuple(explain(row.start_day, limit, pauses, [], calendar, until=local_date()))
        if not limit.unit.is_clock_time
        else (),
    )
