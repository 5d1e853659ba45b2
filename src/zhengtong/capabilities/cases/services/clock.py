"""The legal clock of a case: deadlines start, stop, move and end here, and nowhere else; ``lamps`` watches them."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import OBJECT_KIND, DeadlineKind, DeadlineState, MoveCause
from zhengtong.capabilities.cases.models import Case, Deadline, DeadlineMove
from zhengtong.capabilities.cases.rules import Extension, Limit, Pause, Unit, deadline_of, hint_at, warning_at
from zhengtong.capabilities.cases.rules.renewal import limit_until
from zhengtong.capabilities.cases.rules.statute import RENEWAL_BASIS
from zhengtong.capabilities.cases.selectors.calendar import calendar_of
from zhengtong.capabilities.cases.selectors.clocks import (
    EXTENSIONS_MOVE_PROMISE,
    PAUSABLE,
    ROLL,
    extends,
    extensions_of,
    pauses_of,
    rolls,
)
from zhengtong.capabilities.cases.services import store
from zhengtong.contracts.cases import DeadlineMoved
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.calendar import WorkCalendar
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.outbox import publish_all

_YELLOW_RATIO = parameters.declare(
    "cases.yellow_ratio",
    default=0.9,
    label="黄灯起点（占时限的比例）",
    unit="",
    source="地方电子监察规则（榆林、子洲）",
    confirmed=False,
).key

HINT_BEFORE = parameters.declare(
    "cases.hint_before",
    default=1,
    label="时限届满前几个工作日提示经办人（0 为不提示；黄灯先亮的不再提示）",
    unit="个工作日",
    source="地方电子监察规则（环节和办件时限届满前 1 个工作日提示）",
    confirmed=False,
).key

_END_CASE = (
    "with ended as (update cases_deadline set state = %s, ended_at = %s, next_at = null"
    " where case_id = %s and state in ('running', 'paused') and kind <> %s),"
    # a stop still open has nothing left to run again: nobody is warned of its cap
    " forgotten as (update cases_clockpause set next_at = null where case_id = %s and end_day is null)"
    " select exists (select from cases_deadline where case_id = %s and kind = 'promised' and level = 'red')"
)
#: tasks whose due time is that of a limit of the case itself (acceptance, supplement)
_MOVE_TASKS = (
    "update cases_workitem w set due_at = %s where case_id = %s and status = 'open' and due_at = %s"
    " and not exists (select from cases_deadline d where d.work_item_id = w.id)"
)
_OPEN = (DeadlineState.RUNNING, DeadlineState.PAUSED)
#: limits that light no yellow lamp: the promised one warns, and the applicant's own time is his
_WITHOUT_YELLOW = (DeadlineKind.STATUTORY, DeadlineKind.SUPPLEMENT, DeadlineKind.HEARING_ASK)
_SEVERITY = {"": 0, "yellow": 1, "red": 2, "breach": 2}


def event_fields(case: Case) -> dict[str, Any]:
    """What every event of a case carries."""
    return {
        "tenant": case.tenant,
        "object_ref": ObjectRef(kind=OBJECT_KIND, id=str(case.id)),
        "at": now(),
        "case_id": case.id,
        "number": case.number,
        "title": case.title,
        "item_code": case.item_code,
        "org_id": case.org_id,
        "org_name": case.org_name,
    }


def deadline_rows(
    case: Case,
    entries: Iterable[tuple[str, Limit, str, uuid.UUID | None]],
    *,
    started_at: dt.datetime,
    settings: "Settings | None" = None,
) -> list[dict[str, Any]]:
    """The rows of limits given as (kind, limit, basis, work item), not yet written; unset limits start nothing."""
    entries = [entry for entry in entries if entry[1].is_set]
    if not entries:
        return []
    paused = case.rev and any(kind in PAUSABLE for kind, *_rest in entries)
    pauses = pauses_of(case.id) if paused else []
    settings = settings or settings_of(case.tenant)
    at = now()
    return [
        {
            "id": new_id(),
            "tenant": case.tenant,
            "created_at": at,
            "case_id": case.id,
            "work_item_id": work_item_id,
            "kind": str(kind),
            "amount": limit.amount,
            "unit": str(limit.unit),
            "basis": basis,
            "started_at": started_at,
            "start_day": local_date(started_at),
            "ended_at": None,
            **_projected(settings, str(kind), limit, started_at, pauses, [], ""),
        }
        for kind, limit, basis, work_item_id in entries
    ]


def end_deadlines(case_id: uuid.UUID, *, state: DeadlineState, work_items: Sequence[uuid.UUID]) -> None:
    """End the running limits of some tasks of a case."""
    store.execute(
        "update cases_deadline set state = %s, ended_at = %s, next_at = null"
        " where case_id = %s and state in ('running', 'paused') and work_item_id = any(%s)",
        [str(state), now(), case_id, list(work_items)],
    )


def end_case(case_id: uuid.UUID, *, state: DeadlineState, but: str = "") -> bool:
    """End every running limit of a case but one kind; True when its promised limit had passed."""
    with connection.cursor() as cursor:
        cursor.execute(_END_CASE, [str(state), now(), case_id, but, case_id, case_id])
        return bool(cursor.fetchone()[0])


class Move(NamedTuple):
    """A deadline whose last day changed."""

    kind: str
    old: dt.date | None
    new: dt.date | None

    def to_json(self) -> dict[str, str | None]:
        """For the ledger."""
        return {
            "kind": self.kind,
            "old": self.old.isoformat() if self.old else None,
            "new": self.new.isoformat() if self.new else None,
        }


def reproject(case: Case, *, cause: MoveCause, reason: str) -> list[Move]:
    """Compute all running limits of a locked case anew; each that moved is recorded and told.

    Called after a stop began or ended, an extension was granted or the calendar changed; ``reason`` is what the
    explanation says. Unchanged limits are not written.
    """
    pauses, extensions, settings = pauses_of(case.id), extensions_of(case.id), settings_of(case.tenant)
    moved: list[tuple[Deadline, dt.date | None, dt.datetime | None]] = []
    rows = Deadline.objects.filter(case_id=case.id, state__in=_OPEN).select_related("work_item").order_by("id")
    for row in rows:
        limit = Limit(row.amount, Unit(row.unit))
        values = _projected(settings, row.kind, limit, row.started_at, pauses, extensions, row.level)
        old_on, old_at = row.due_on, row.due_at
        if all(getattr(row, name) == value for name, value in values.items()):
            continue
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
        if row.due_at != old_at:
            _move_tasks(row, old_at)
            moved.append((row, old_on, old_at))
    DeadlineMove.objects.bulk_create(
        DeadlineMove(
            tenant=case.tenant,
            case=case,
            deadline=row,
            cause=cause,
            reason=reason[:200],
            old_due_on=old_on,
            new_due_on=row.due_on,
        )
        for row, old_on, _old_at in moved
    )
    publish_all([_moved_event(case, row, old_at, cause, reason) for row, _old_on, old_at in moved if row.due_at])
    return [Move(row.kind, old_on, row.due_on) for row, old_on, _old_at in moved]


def due_fields(deadlines: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """``promised_due_at`` and ``statutory_due_at`` for events, from rows that this very act starts."""
    dues = {str(row["kind"]): row["due_at"] for row in deadlines}
    return {"promised_due_at": dues.get("promised"), "statutory_due_at": dues.get("statutory")}


def running_dues(case_id: uuid.UUID) -> dict[str, Any]:
    """The same from the limits of a case that run now."""
    rows = Deadline.objects.filter(case_id=case_id, work_item__isnull=True, state__in=_OPEN)
    return due_fields(rows.values("kind", "due_at"))


def _move_tasks(row: Deadline, old_at: dt.datetime | None) -> None:
    if row.work_item_id:
        store.execute("update cases_workitem set due_at = %s where id = %s", [row.due_at, row.work_item_id])
    elif row.kind in (DeadlineKind.ACCEPTANCE, DeadlineKind.SUPPLEMENT) and old_at is not None:
        store.execute(_MOVE_TASKS, [row.due_at, row.case_id, old_at])


def _moved_event(case: Case, row: Deadline, old_at: dt.datetime | None, cause: MoveCause, reason: str) -> DeadlineMoved:
    if row.due_at is None:
        raise ValueError("a limit that stands still has no new date to tell")
    item = row.work_item
    return DeadlineMoved(
        **event_fields(case),
        deadline_id=row.id,
        kind=row.kind,
        cause=str(cause),
        reason=reason,
        old_due_at=old_at,
        due_at=row.due_at,
        work_item_id=item.id if item else None,
        step=item.step if item else "",
        step_org_id=item.org_id if item else None,
        step_org_name=item.org_name if item else "",
    )


class Settings(NamedTuple):
    """What the county sets for all its limits."""

    calendar: WorkCalendar
    yellow_ratio: Decimal
    hint_before: int
    roll: bool
    extensions_move_promise: bool


def settings_of(tenant: str) -> Settings:
    """What the county sets today, to be read once per step."""
    values = parameters.values(_YELLOW_RATIO, HINT_BEFORE, ROLL, EXTENSIONS_MOVE_PROMISE, tenant=tenant)
    return Settings(
        calendar_of(tenant),
        Decimal(str(values[_YELLOW_RATIO])),
        int(values[HINT_BEFORE]),
        bool(values[ROLL]),
        bool(values[EXTENSIONS_MOVE_PROMISE]),
    )


def _projected(
    settings: Settings,
    kind: str,
    limit: Limit,
    started_at: dt.datetime,
    pauses: Sequence[Pause],
    extensions: Sequence[Extension],
    level: str,
) -> dict[str, Any]:
    calendar = settings.calendar
    pauses = pauses if kind in PAUSABLE else []
    extensions = extensions if extends(kind, promise_too=settings.extensions_move_promise) else []
    start: dt.date | dt.datetime = started_at if limit.unit.is_clock_time else local_date(started_at)
    roll = rolls(kind, roll=settings.roll)
    due = deadline_of(start, limit, pauses, extensions, calendar, roll_natural_days=roll)
    yellow = None
    if kind not in _WITHOUT_YELLOW:
        yellow = warning_at(start, limit, pauses, extensions, calendar, settings.yellow_ratio)
    level = _receded(level, yellow, due.due_at)
    # hours are no days to count back from, and where a lamp is lit the hint has had its time
    silent = bool(level) or kind in _WITHOUT_YELLOW or limit.unit.is_clock_time
    # a stop that began after the limit had run out stops it no more
    stopping = next((pause for pause in pauses if pause.end is None), None)
    stands = due.stopped or (stopping is not None and due.due_date is not None and due.due_date >= stopping.start)
    return {
        "due_on": due.due_date,
        "due_at": due.due_at,
        "yellow_at": yellow,
        "next_at": {"": yellow or due.due_at, "yellow": due.due_at}.get(level),
        "hint_at": None if silent else hint_at(due, calendar, before=settings.hint_before, yellow_at=yellow, at=now()),
        "provisional": due.provisional,
        "level": level,
        "state": str(DeadlineState.PAUSED if stands else DeadlineState.RUNNING),
    }


def _receded(level: str, yellow_at: dt.datetime | None, due_at: dt.datetime | None) -> str:
    """The lamp shown so far, put back where a later date no longer bears it out; time alone never puts it back."""
    if not level:
        return ""
    at = now()
    if due_at is not None and at >= due_at:
        return level
    merited = "yellow" if yellow_at is not None and at >= yellow_at else ""
    return merited if _SEVERITY[merited] < _SEVERITY[level] else level


def plan_entries(case: Case, kinds: Iterable[str]) -> list[tuple[str, Limit, str, uuid.UUID | None]]:
    """The limits of a case's own plan for these kinds, with their basis; without a promise the statutory one warns."""
    plan = case.clock_plan
    entries: list[tuple[str, Limit, str, uuid.UUID | None]] = []
    for kind in kinds:
        planned = plan["limits"].get(kind) or (plan["limits"].get("statutory") if kind == "promised" else None)
        if planned:
            entries.append((kind, Limit.parse(planned), plan["bases"].get(kind, ""), None))
    return entries


def renewal_plan(until: dt.date | None) -> dict[str, Any]:
    """What a case that renews a licence ending on ``until`` adds to its plan: empty for any other case.

    Raises Invalid when the licence has ended already.
    """
    if until is None:
        return {}
    if until < local_date():
        raise Invalid(_("证照有效期已于%(day)s届满，不能延续，请按新办申请。") % {"day": until.isoformat()})
    return {"renewal_of_until": until.isoformat()}


def renewal_entries(case: Case) -> list[tuple[str, Limit, str, uuid.UUID | None]]:
    """The limit that ends with the licence which the case renews; nothing for any other case."""
    until = case.clock_plan.get("renewal_of_until")
    if not until:
        return []
    limit = limit_until(dt.date.fromisoformat(until), local_date(case.created_at))
    return [(DeadlineKind.RENEWAL, limit, RENEWAL_BASIS, None)]
