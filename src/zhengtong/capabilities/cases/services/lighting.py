"""Many lamps of one instant: at midnight thousands of limits pass together, and each unit must hear of its own at once.

A whole batch is one transaction: cases that are free are locked, lamps, entries and events are written with a few
statements. What moves a case besides its lamp (deemed acceptance, deemed renewal, the end of a right) and cases that
somebody works on at that moment are left to ``lamps``, which takes them one by one.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import connection, transaction

from zhengtong.capabilities.cases.constants import OBJECT_KIND, DeadlineKind, DeadlineState, ExtensionState
from zhengtong.capabilities.cases.models import Case, ClockExtension, ClockPause, Deadline
from zhengtong.capabilities.cases.rules import Due, Extension, Limit, Pause, Unit
from zhengtong.capabilities.cases.rules.sentences import arithmetic
from zhengtong.capabilities.cases.selectors.clocks import PAUSABLE, extends, rolls, rule_pause
from zhengtong.capabilities.cases.services import clock
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.cases import DeadlineReached
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.clock import now
from zhengtong.kernel.outbox import publish_all

#: limits whose passing does something to the case itself
_CONSEQUENT = (DeadlineKind.ACCEPTANCE, DeadlineKind.RENEWAL, DeadlineKind.HEARING_ASK)
#: what the engine keeps of a case: long, and not told by a lamp
_LONG = ("marking", "variables", "clock_plan")
_FREE = "select id from cases_case where id = any(%s) order by id for update skip locked"
_LIGHT = (
    "update cases_deadline d set level = v.level, next_at = v.next_at"
    " from unnest(%s::uuid[], %s::text[], %s::timestamptz[]) v(id, level, next_at) where d.id = v.id"
)


def level_of(row: Deadline, *, passed: bool) -> str:
    """The lamp that a limit lights now."""
    if not passed:
        return "yellow"
    return "breach" if row.kind == DeadlineKind.STATUTORY else "red"


@transaction.atomic
def light_together(tenant: str, due: Sequence[tuple[uuid.UUID, uuid.UUID]]) -> set[uuid.UUID]:
    """Light what can be lit together of these limits (with their cases); which of them are done."""
    with connection.cursor() as cursor:
        cursor.execute(_FREE, [sorted({case_id for _id, case_id in due})])
        free = [row[0] for row in cursor.fetchall()]
    found_cases = Case.objects.filter(id__among=free, tenant=tenant).defer(*_LONG)
    cases = {case.id: case for case in found_cases}
    instant = now()
    rows = (
        Deadline.objects.select_for_update(of=("self",))
        .select_related("work_item")
        .filter(
            id__among=[key for key, _case in due],
            case_id__among=list(cases),
            state=DeadlineState.RUNNING,
            next_at__lte=instant,
            due_at__isnull=False,
        )
        .order_by("next_at", "id")
    )
    found = [row for row in rows if row.due_at and (row.due_at > instant or row.kind not in _CONSEQUENT)]
    for row in found:
        passed = row.due_at is not None and row.due_at <= instant
        row.level, row.next_at = level_of(row, passed=passed), None if passed else row.due_at
    if found:
        _write(tenant, cases, found)
    return {row.id for row in found}


def _write(tenant: str, cases: dict[uuid.UUID, Case], rows: Sequence[Deadline]) -> None:
    with connection.cursor() as cursor:
        columns = zip(*((row.id, row.level, row.next_at) for row in rows), strict=True)
        cursor.execute(_LIGHT, [list(column) for column in columns])
    ledger.append_all(
        actor=system(tenant),
        entries=[
            ledger.NewEntry(
                act=f"cases.deadline_{row.level}",
                object_ref=ObjectRef(kind=OBJECT_KIND, id=str(row.case_id)),
                payload={"deadline": str(row.id), "kind": row.kind, "due_at": row.due_at.isoformat()},
                basis=row.basis,
            )
            for row in rows
            if row.due_at is not None
        ],
    )
    said = _sentences(tenant, rows)
    publish_all([reached(cases[row.case_id], row, said[row.id]) for row in rows])


def _sentences(tenant: str, rows: Iterable[Deadline]) -> dict[uuid.UUID, str]:
    """How each date came about; limits of one length that began on one day and knew no stop share a sentence."""
    rows = list(rows)
    case_ids = list({row.case_id for row in rows})
    pauses: dict[uuid.UUID, list[Pause]] = defaultdict(list)
    for pause in ClockPause.objects.filter(case_id__among=case_ids).order_by("start_day", "id"):
        pauses[pause.case_id].append(rule_pause(pause))
    extensions: dict[uuid.UUID, list[Extension]] = defaultdict(list)
    granted = ClockExtension.objects.filter(case_id__among=case_ids, state=ExtensionState.GRANTED)
    for more in granted.order_by("created_at", "id"):
        extensions[more.case_id].append(Extension(more.amount, Unit(more.unit), more.basis))
    settings, kept, found = clock.settings_of(tenant), dict[object, str](), dict[uuid.UUID, str]()
    for row in rows:
        limit = Limit(row.amount, Unit(row.unit))
        start = row.started_at if limit.unit.is_clock_time else row.start_day
        stops = pauses.get(row.case_id, []) if row.kind in PAUSABLE else []
        longer = extensions.get(row.case_id, [])
        longer = longer if extends(row.kind, promise_too=settings.extensions_move_promise) else []
        roll = rolls(row.kind, roll=settings.roll)
        key = (start, limit.amount, limit.unit, row.due_on, row.due_at, row.provisional, roll)
        said = kept.get(key) if not stops and not longer else None
        if said is None:
            due = Due(row.due_on, row.due_at, row.provisional)
            said = arithmetic(start, limit, stops, longer, settings.calendar, due, roll_natural_days=roll)
            if not stops and not longer:
                kept[key] = said
        found[row.id] = said
    return found


def reached(case: Case, row: Deadline, said: str) -> DeadlineReached:
    """The event of a lamp that was lit; ``said`` shows how its date came about."""
    if row.due_at is None:
        raise ValueError("a limit that stands still comes to no warning point")
    item = row.work_item
    return DeadlineReached(
        **clock.event_fields(case),
        deadline_id=row.id,
        kind=row.kind,
        level=row.level,
        limit=Limit(row.amount, Unit(row.unit)).label,
        basis=row.basis,
        started_at=row.started_at,
        due_at=row.due_at,
        arithmetic=said,
        work_item_id=item.id if item else None,
        step=item.step if item else "",
        step_org_id=item.org_id if item else None,
        step_org_name=item.org_name if item else "",
    )
