"""Cases and steps as supervision sees them: the overdue list, the time line of one case."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.calendar import WorkCalendar
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.paging import Page, page_of
from zhengtong.systems.supervision.models import WatchedCase, WatchedStep
from zhengtong.systems.supervision.permissions import check_supervisor


@dataclasses.dataclass(frozen=True)
class StepRow:
    """One step with the unit that has it; ``days_late`` are working days after the limit, None in time."""

    case_id: uuid.UUID
    number: str
    title: str
    step: str
    phase: str
    org_id: uuid.UUID | None
    org_name: str
    post_name: str
    opened_at: dt.datetime
    due_at: dt.datetime | None
    late_at: dt.datetime | None
    done_at: dt.datetime | None
    outcome: str
    dropped: bool
    days_late: int | None

    @property
    def open(self) -> bool:
        """True while somebody has to act."""
        return self.done_at is None and not self.dropped


@dataclasses.dataclass(frozen=True)
class CaseTrail:
    """All that events told of one case."""

    case_id: uuid.UUID
    number: str
    title: str
    item_code: str
    org_name: str
    opened_at: dt.datetime | None
    accepted_on: dt.date | None
    deemed_accepted: bool
    closed_at: dt.datetime | None
    outcome: str
    in_time: bool | None
    paused: bool
    supplements: int
    promised_due: dt.datetime | None
    statutory_due: dt.datetime | None
    level: str
    steps: tuple[StepRow, ...]


def last_day(due_at: dt.datetime) -> dt.date:
    """The last day of a limit that ends at ``due_at``: limits by days end at 24:00."""
    return local_date(due_at - dt.timedelta(microseconds=1))


def late_step_rows(tenant: str) -> "QuerySet[WatchedStep]":
    """Open steps of units whose limit has passed, the longest late first."""
    rows = WatchedStep.objects.filter(
        tenant=tenant, done_at__isnull=True, dropped=False, late_at__isnull=False, org_id__isnull=False
    )
    return rows.select_related("case").order_by("late_at", "step_id")


def late_steps(actor: Actor, *, page: object = 1, size: int = 20) -> Page[StepRow]:
    """The overdue list, paged; for supervisors."""
    check_supervisor(actor)
    found = page_of(late_step_rows(actor.tenant), page, size=size)
    return Page(rows=step_rows(actor.tenant, found.rows), number=found.number, size=found.size, total=found.total)


def step_rows(tenant: str, rows: Iterable[WatchedStep]) -> list[StepRow]:
    """Steps as pages show them, with how late they are."""
    calendar = cases.calendar_of(tenant)
    return [_row(row, calendar) for row in rows]


def _row(row: WatchedStep, calendar: WorkCalendar) -> StepRow:
    until = local_date(row.done_at)  # now, while it is open
    late = calendar.workdays_between(last_day(row.late_at), until) if row.late_at else None
    return StepRow(
        case_id=row.case.case_id,
        number=row.case.number,
        title=row.case.title,
        step=row.step,
        phase=row.phase,
        org_id=row.org_id,
        org_name=row.org_name,
        post_name=row.post_name,
        opened_at=row.opened_at,
        due_at=row.due_at,
        late_at=row.late_at,
        done_at=row.done_at,
        outcome=row.outcome,
        dropped=row.dropped,
        days_late=late,
    )


def case_trail(actor: Actor, case_id: uuid.UUID) -> CaseTrail:
    """One case with all its steps, for supervisors; NotFound in another tenant."""
    check_supervisor(actor)
    case = WatchedCase.objects.filter(tenant=actor.tenant, case_id=case_id).first()
    if case is None:
        raise NotFound(_("没有找到这个办件的监察记录。"))
    steps = case.steps.select_related("case").order_by("opened_at", "step_id")
    return CaseTrail(
        case_id=case.case_id,
        number=case.number,
        title=case.title,
        item_code=case.item_code,
        org_name=case.org_name,
        opened_at=case.opened_at,
        accepted_on=case.accepted_on,
        deemed_accepted=case.deemed_accepted,
        closed_at=case.closed_at,
        outcome=case.outcome,
        in_time=case.in_time,
        paused=case.paused,
        supplements=case.supplements,
        promised_due=case.promised_due,
        statutory_due=case.statutory_due,
        level=case.level,
        steps=tuple(step_rows(case.tenant, steps)),
    )
