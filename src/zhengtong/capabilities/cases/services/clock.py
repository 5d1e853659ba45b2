"""The legal clock of a case: deadlines start, stop, move and end here, and nowhere else."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
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
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.outbox import publish

parameters.declare(
    "cases.yellow_ratio",
    default=0.9,
    label="黄灯起点（占时限的比例）",
    unit="",
    source="地方电子监察规则（榆林、子洲）",
    confirmed=False,
)
parameters.declare(
    "cases.roll_natural_days",
    default=True,
    label="按自然日计算的期限，末日逢休息日顺延",
    unit="",
    source="民法典 第二百零三条",
    confirmed=False,
)

_BATCH = 100
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


def start_deadlines(
    case: Case, entries: Iterable[tuple[str, Limit, str, uuid.UUID | None]], *, started_at: dt.datetime
) -> dict[str, dt.datetime | None]:
    """Start limits given as (kind, limit, basis, work item); unset limits start nothing. Returns due times by kind."""
    pauses = pauses_of(case.id) if case.rev else []
    rows = []
    for kind, limit, basis, work_item_id in entries:
        if limit.is_set:
            row = {
                "id": new_id(),
                "tenant": case.tenant,
                "created_at": now(),
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
            }
            rows.append(row | _projected(case.tenant, str(kind), limit, started_at, pauses, ""))
    store.insert("cases_deadline", rows)
    return {row["kind"]: row["due_at"] for row in rows}


def end_deadlines(
    case_id: uuid.UUID, *, state: DeadlineState, kinds: Sequence[str] = (), work_items: Sequence[uuid.UUID] = ()
) -> None:
    """End the running limits of a case by kind, or those of some of its tasks; with neither, all of them."""
    where, parameters_ = "", []
    if kinds:
        where, parameters_ = " and kind = any(%s) and work_item_id is null", [list(kinds)]
    elif work_items:
        where, parameters_ = " and work_item_id = any(%s)", [list(work_items)]
    store.execute(
        "update cases_deadline set state = %s, ended_at = %s, next_at = null"  # noqa: S608  (own fragments)
        " where case_id = %s and state in ('running', 'paused')" + where,
        [str(state), now(), case_id, *parameters_],
    )


def reproject(case: Case) -> None:
    """Compute all running limits of a case anew, after a pause began or ended or the calendar changed."""
    pauses = pauses_of(case.id)
    for row in Deadline.objects.filter(case_id=case.id, state__in=_OPEN):
        limit = Limit(row.amount, Unit(row.unit))
        for name, value in _projected(case.tenant, row.kind, limit, row.started_at, pauses, row.level).items():
            setattr(row, name, value)
        row.save()
        if row.work_item_id:
            store.execute("update cases_workitem set due_at = %s where id = %s", [row.due_at, row.work_item_id])


def _projected(
    tenant: str, kind: str, limit: Limit, started_at: dt.datetime, pauses: list[Pause], level: str
) -> dict[str, Any]:
    calendar = calendar_of(tenant)
    pauses = pauses if kind in PAUSABLE else []
    start: dt.date | dt.datetime = started_at if limit.unit.is_clock_time else local_date(started_at)
    roll = bool(parameters.value("cases.roll_natural_days", tenant=tenant))
    due = deadline_of(start, limit, pauses, [], calendar, roll_natural_days=roll)
    yellow = None
    if kind not in (DeadlineKind.STATUTORY, DeadlineKind.SUPPLEMENT):
        ratio = Decimal(str(parameters.value("cases.yellow_ratio", tenant=tenant)))
        yellow = warning_at(start, limit, pauses, [], calendar, ratio)
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
    publish(_reached(case, row))
    if passed and row.kind == DeadlineKind.ACCEPTANCE and not case.accepted_on:
        _deem_accepted(case, row)
    return 1


def _reached(case: Case, row: Deadline) -> DeadlineReached:
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
        due_at=row.due_at,
        arithmetic=arithmetic(row.start_day, limit, pauses_of(case.id), calendar_of(case.tenant), row.due_on),
        work_item_id=item.id if item else None,
        step=item.step if item else "",
        step_org_id=item.org_id if item else None,
        step_org_name=item.org_name if item else "",
    )


def _deem_accepted(case: Case, acceptance: Deadline) -> None:
    """视为受理: the clocks run from the day the material was received (行政许可法 第三十二条第一款第（四）项)."""
    case.accepted_on, case.deemed_accepted = acceptance.start_day, True
    store.save_progress(case)
    start_deadlines(case, plan_entries(case, ("promised", "statutory")), started_at=acceptance.started_at)
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
