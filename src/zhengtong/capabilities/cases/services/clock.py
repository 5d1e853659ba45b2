"""The legal clock of a case: deadlines start, stop, move and end here, and nowhere else."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import OBJECT_KIND, DeadlineKind, DeadlineState
from zhengtong.capabilities.cases.models import Case, Deadline
from zhengtong.capabilities.cases.rules import Limit, Pause, Unit, deadline_of, warning_at
from zhengtong.capabilities.cases.rules.sentences import arithmetic
from zhengtong.capabilities.cases.selectors.calendar import calendar_of
from zhengtong.capabilities.cases.selectors.clocks import PAUSABLE, pauses_of
from zhengtong.capabilities.cases.services import store
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.cases import CaseAccepted, DeadlineReached
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.calendar import WorkCalendar
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.outbox import publish

_YELLOW_RATIO = "cases.yellow_ratio"
_ROLL = "cases.roll_natural_days"
parameters.declare(
    _YELLOW_RATIO,
    default=0.9,
    label="黄灯起点（占时限的比例）",
    unit="",
    source="地方电子监察规则（榆林、子洲）",
    confirmed=False,
)
parameters.declare(
    _ROLL,
    default=True,
    label="按自然日计算的期限，末日逢休息日顺延",
    unit="",
    source="民法典 第二百零三条",
    confirmed=False,
)

_BATCH = 100
_END_CASE = (
    "with ended as (update cases_deadline set state = %s, ended_at = %s, next_at = null"
    " where case_id = %s and state in ('running', 'paused'))"
    " select exists (select from cases_deadline where case_id = %s and kind = 'promised' and level = 'red')"
)
_OPEN = (DeadlineState.RUNNING, DeadlineState.PAUSED)


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
    case: Case, entries: Iterable[tuple[str, Limit, str, uuid.UUID | None]], *, started_at: dt.datetime
) -> list[dict[str, Any]]:
    """The rows of limits given as (kind, limit, basis, work item), not yet written; unset limits start nothing."""
    entries = [entry for entry in entries if entry[1].is_set]
    if not entries:
        return []
    paused = case.rev and any(kind in PAUSABLE for kind, *_rest in entries)
    pauses = pauses_of(case.id) if paused else []
    settings = _settings(case.tenant)
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
            "level": "",
            "ended_at": None,
            **_projected(settings, str(kind), limit, started_at, pauses, ""),
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


def end_case(case_id: uuid.UUID, *, state: DeadlineState) -> bool:
    """End every running limit of a case; True when its promised limit had passed."""
    with connection.cursor() as cursor:
        cursor.execute(_END_CASE, [str(state), now(), case_id, case_id])
        return bool(cursor.fetchone()[0])


def reproject(case: Case) -> None:
    """Compute all running limits of a case anew, after a pause began or ended or the calendar changed."""
    pauses, settings = pauses_of(case.id), _settings(case.tenant)
    for row in Deadline.objects.filter(case_id=case.id, state__in=_OPEN):
        limit = Limit(row.amount, Unit(row.unit))
        for name, value in _projected(settings, row.kind, limit, row.started_at, pauses, row.level).items():
            setattr(row, name, value)
        row.save()
        if row.work_item_id:
            store.execute("update cases_workitem set due_at = %s where id = %s", [row.due_at, row.work_item_id])


class _Settings(NamedTuple):
    """What the county sets for all its limits."""

    calendar: WorkCalendar
    yellow_ratio: Decimal
    roll: bool


def _settings(tenant: str) -> _Settings:
    values = parameters.values(_YELLOW_RATIO, _ROLL, tenant=tenant)
    return _Settings(calendar_of(tenant), Decimal(str(values[_YELLOW_RATIO])), bool(values[_ROLL]))


def _projected(
    settings: _Settings, kind: str, limit: Limit, started_at: dt.datetime, pauses: list[Pause], level: str
) -> dict[str, Any]:
    calendar = settings.calendar
    pauses = pauses if kind in PAUSABLE else []
    start: dt.date | dt.datetime = started_at if limit.unit.is_clock_time else local_date(started_at)
    due = deadline_of(start, limit, pauses, [], calendar, roll_natural_days=settings.roll)
    yellow = None
    if kind not in (DeadlineKind.STATUTORY, DeadlineKind.SUPPLEMENT):
        yellow = warning_at(start, limit, pauses, [], calendar, settings.yellow_ratio)
    next_at = {"": yellow or due.due_at, "yellow": due.due_at}.get(level)
    return {
        "due_on": due.due_date,
        "due_at": due.due_at,
        "yellow_at": yellow,
        "next_at": next_at,
        "provisional": due.provisional,
        "state": str(DeadlineState.PAUSED if due.stopped else DeadlineState.RUNNING),
    }


def tick() -> int:
    """Light the lamps whose moment has come; returns how many. Each case is a transaction of its own."""
    due = (
        Deadline.objects.filter(state=DeadlineState.RUNNING, next_at__lte=now())
        .order_by("next_at")
        .values_list("id", "case_id", "tenant")[:_BATCH]
    )
    return sum(_light(deadline_id, case_id, tenant) for deadline_id, case_id, tenant in due)


@transaction.atomic
def _light(deadline_id: uuid.UUID, case_id: uuid.UUID, tenant: str) -> int:
    case = store.lock_case(case_id, tenant)
    row = (
        Deadline.objects.select_for_update(of=("self",))
        .select_related("work_item")
        .filter(pk=deadline_id, state=DeadlineState.RUNNING, next_at__lte=now())
        .first()
    )
    if row is None or row.due_at is None:
        return 0
    passed = now() >= row.due_at
    row.level = ("breach" if row.kind == DeadlineKind.STATUTORY else "red") if passed else "yellow"
    row.next_at = None if passed else row.due_at
    row.save(update_fields=["level", "next_at"])
    ledger.append(
        actor=system(tenant),
        act=f"cases.deadline_{row.level}",
        object_ref=ObjectRef(kind=OBJECT_KIND, id=str(case_id)),
        payload={"deadline": str(row.id), "kind": row.kind, "due_at": row.due_at.isoformat()},
        basis=row.basis,
    )
    publish(_reached(case, row, row.due_at))
    if passed and row.kind == DeadlineKind.ACCEPTANCE and not case.accepted_on:
        _deem_accepted(case, row)
    return 1


def _reached(case: Case, row: Deadline, due_at: dt.datetime) -> DeadlineReached:
    limit = Limit(row.amount, Unit(row.unit))
    item = row.work_item
    return DeadlineReached(
        **event_fields(case),
        deadline_id=row.id,
        kind=row.kind,
        level=row.level,
        limit=limit.label,
        basis=row.basis,
        started_at=row.started_at,
        due_at=due_at,
        arithmetic=arithmetic(row.start_day, limit, pauses_of(case.id), calendar_of(case.tenant), row.due_on),
        work_item_id=item.id if item else None,
        step=item.step if item else "",
        step_org_id=item.org_id if item else None,
        step_org_name=item.org_name if item else "",
    )


def _deem_accepted(case: Case, acceptance: Deadline) -> None:
    """视为受理: the clocks run from the day the material was received (行政许可法 第三十二条第一款第（四）项)."""
    case.accepted_on, case.deemed_accepted = acceptance.start_day, True
    acceptance.state, acceptance.ended_at = DeadlineState.MISSED, now()
    acceptance.save(update_fields=["state", "ended_at"])
    store.save_progress(case)
    entries = plan_entries(case, ("promised", "statutory"))
    store.insert("cases_deadline", deadline_rows(case, entries, started_at=acceptance.started_at))
    ledger.append(
        actor=system(case.tenant),
        act="cases.deem_accepted",
        object_ref=ObjectRef(kind=OBJECT_KIND, id=str(case.id)),
        payload={"accepted_on": acceptance.start_day.isoformat()},
        basis=_("行政许可法 第三十二条第一款第（四）项"),
    )
    publish(CaseAccepted(**event_fields(case), accepted_on=acceptance.start_day, deemed=True))


def plan_entries(case: Case, kinds: Iterable[str]) -> list[tuple[str, Limit, str, uuid.UUID | None]]:
    """The limits of a case's own plan for these kinds, with their basis."""
    plan = case.clock_plan
    return [
        (kind, Limit.parse(plan["limits"][kind]), plan["bases"].get(kind, ""), None)
        for kind in kinds
        if kind in plan["limits"]
    ]
