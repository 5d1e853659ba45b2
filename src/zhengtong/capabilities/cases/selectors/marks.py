"""What statistics ask of many cases at once: the days that count, the limits they stood under, how they ended."""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection

from zhengtong.capabilities.cases.constants import CaseOutcome, DeadlineKind
from zhengtong.capabilities.cases.models import Case, ClockPause, Deadline
from zhengtong.capabilities.cases.rules import Pause, Unit, used_days
from zhengtong.capabilities.cases.selectors.calendar import calendar_of
from zhengtong.capabilities.cases.selectors.clocks import rule_pause
from zhengtong.kernel.clock import local_date

_DECIDED = (CaseOutcome.APPROVED, CaseOutcome.REJECTED)


@dataclasses.dataclass(frozen=True)
class CaseMarks:
    """A case for statistics.

    ``days`` are the working days used from acceptance to the decision without stops of the clock, None before a
    decision; ``promised_days`` and ``statutory_days`` the limits as the case stands under them, None where there is
    none by working days; ``late_on`` the last day of the promised limit where it passed while the case ran,
    ``statutory_late`` that the statutory one did.
    """

    case_id: uuid.UUID
    number: str
    item_code: str
    org_id: uuid.UUID
    org_name: str
    accepted_on: dt.date | None
    closed_on: dt.date | None
    outcome: str
    days: int | None
    promised_days: int | None
    statutory_days: int | None
    late_on: dt.date | None
    statutory_late: bool


def marks_of(*, tenant: str, case_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, CaseMarks]:
    """The marks of these cases, with three queries for all; the caller answers for the right to count them."""
    pauses: dict[uuid.UUID, list[Pause]] = defaultdict(list)
    for row in ClockPause.objects.filter(tenant=tenant, case_id__in=case_ids).order_by("start_day", "id"):
        pauses[row.case_id].append(rule_pause(row))
    limits: dict[tuple[uuid.UUID, str], Deadline] = {}
    kinds = (DeadlineKind.PROMISED, DeadlineKind.STATUTORY)
    found = Deadline.objects.filter(tenant=tenant, case_id__in=case_ids, kind__in=kinds, work_item__isnull=True)
    for limit in found.only("case_id", "kind", "amount", "unit", "level", "due_on").order_by("started_at", "id"):
        limits[limit.case_id, limit.kind] = limit
    cases = Case.objects.filter(tenant=tenant, pk__in=case_ids).defer("marking", "variables", "clock_plan")
    return {case.id: _marks(case, limits, pauses[case.id]) for case in cases}


def _marks(case: Case, limits: dict[tuple[uuid.UUID, str], Deadline], pauses: list[Pause]) -> CaseMarks:
    promised = limits.get((case.id, DeadlineKind.PROMISED))
    statutory = limits.get((case.id, DeadlineKind.STATUTORY))
    closed_on = local_date(case.closed_at) if case.closed_at else None
    days = None
    if case.accepted_on and closed_on and case.outcome in _DECIDED:
        until = max(closed_on, case.accepted_on)
        days = used_days(case.accepted_on, until, Unit.WD, pauses, calendar_of(case.tenant))
    return CaseMarks(
        case_id=case.id,
        number=case.number,
        item_code=case.item_code,
        org_id=case.org_id,
        org_name=case.org_name,
        accepted_on=case.accepted_on,
        closed_on=closed_on,
        outcome=case.outcome,
        days=days,
        promised_days=_workdays(promised),
        statutory_days=_workdays(statutory),
        late_on=promised.due_on if promised is not None and promised.level == "red" else None,
        statutory_late=statutory is not None and statutory.level == "breach",
    )


def _workdays(limit: Deadline | None) -> int | None:
    return limit.amount if limit is not None and limit.unit == Unit.WD else None
