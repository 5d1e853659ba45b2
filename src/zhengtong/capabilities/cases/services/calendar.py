"""Keeping the working calendar of a tenant: two persons change it, then every running limit is projected anew."""

import csv
import datetime as dt
import io
import logging
import uuid
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from zhengtong.capabilities.cases import permissions
from zhengtong.capabilities.cases.constants import (
    OBJECT_KIND,
    CalendarChangeKind,
    ChangeState,
    DeadlineState,
    MoveCause,
)
from zhengtong.capabilities.cases.models import CalendarChange, CalendarDay, Deadline, ProcessTimer
from zhengtong.capabilities.cases.rules.arrangements import Arrangement, standing_days
from zhengtong.capabilities.cases.rules.decree import read_decree
from zhengtong.capabilities.cases.selectors.calendar import KEEP_SECONDS, forget_calendars
from zhengtong.capabilities.cases.services import clock, special, store, timers
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.calendar import DayRow
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted

log = logging.getLogger(__name__)

REPROJECT = "cases.reproject_deadlines"
_MOST_DAYS = 62
_OPEN = (DeadlineState.RUNNING, DeadlineState.PAUSED)
_LOCAL = (CalendarChangeKind.CLOSURE, CalendarChangeKind.OPENING)


def import_calendar(*, actor: Actor, text: str) -> int:
    """Store the first content of an installation, given as CSV (day, kind, name, notice); returns how many days.

    For the platform itself only: people propose a change and have it approved.
    """
    if actor.kind != "system":
        raise NotPermitted(_("工作日历由流程管理员提出变更，经第二人批准后生效。"))
    rows = [DayRow.from_record(record) for record in csv.DictReader(io.StringIO(text))]
    with transaction.atomic():
        _store(actor.tenant, rows)
        ledger.append(
            actor=actor,
            act="cases.import_calendar",
            object_ref=ObjectRef(kind="calendar", id=actor.tenant),
            payload={"days": len(rows), "sources": sorted({row.source for row in rows})},
        )
        if _cases_with_dates(actor.tenant):
            _enqueue(actor.tenant, None)
    forget_calendars()
    return len(rows)


def propose_decree(*, actor: Actor, year: int, notice: str, text: str) -> uuid.UUID:
    """Propose the whole arrangement of a year (date,kind,name a line); Invalid names every line that is wrong."""
    if not notice.strip():
        raise Invalid(_("请填写国务院办公厅通知的文号。"), field="notice")
    if not local_date().year - 1 <= year <= local_date().year + 2:
        raise Invalid(_("只能录入去年到后年的安排，请核对年份。"), field="year")
    decree = read_decree(text, year=year, notice=notice.strip())
    if decree.problems:
        raise Invalid("；".join(decree.problems[:10]), field="text")
    title = _("%(year)d年放假安排") % {"year": year}
    return _propose(actor, CalendarChangeKind.DECREE, year, title, notice, decree.rows)


def propose_local(
    *, actor: Actor, first: dt.date, last: dt.date, title: str, source: str, is_workday: bool = False
) -> uuid.UUID:
    """Propose that the tenant's offices rest (or work) from ``first`` to ``last``, both included, on a document."""
    if not title.strip() or not source.strip():
        raise Invalid(_("请填写名称（如“台风停工”）和依据的文件。"), field="title" if not title.strip() else "source")
    span = (last - first).days + 1
    if not 1 <= span <= _MOST_DAYS or first.year != last.year:
        raise Invalid(
            _("结束日期不能早于开始日期，须在同一年内，最长 %(most)d 天。") % {"most": _MOST_DAYS}, field="last"
        )
    days = [first + dt.timedelta(days=i) for i in range(span)]
    rows = [DayRow(day, is_workday, title.strip()[:40], source.strip(), local=True) for day in days]
    kind = CalendarChangeKind.OPENING if is_workday else CalendarChangeKind.CLOSURE
    return _propose(actor, kind, first.year, title, source, rows)


def propose_withdrawal(*, actor: Actor, change_id: uuid.UUID, source: str) -> uuid.UUID:
    """Propose to take back a local arrangement that was approved; NotFound when it is none."""
    change = CalendarChange.objects.filter(
        tenant=actor.tenant, pk=change_id, kind__in=_LOCAL, state=ChangeState.GRANTED
    ).first()
    if change is None:
        raise NotFound(_("没有找到这项本地安排。"))
    if not source.strip():
        raise Invalid(_("请填写撤销的依据。"), field="source")
    rows = [
        DayRow(dt.date.fromisoformat(day["day"]), day["is_workday"], day["name"], source.strip(), local=True)
        for day in change.days
    ]
    title = _("撤销“%(title)s”") % {"title": change.title}
    return _propose(actor, CalendarChangeKind.WITHDRAWAL, change.year, title, source, rows)


@transaction.atomic
def decide_change(*, actor: Actor, change_id: uuid.UUID, grant: bool, note: str = "") -> None:
    """A second person puts a proposed change into force, or refuses it with a reason.

    Granted, the calendar changes at once and a job projects every running limit of the tenant anew. Raises
    NotPermitted for the proposer, Conflict when it was decided before, Invalid for a refusal without reason.
    """
    # all of the tenant in one order: what a withdrawal leaves standing depends on the others
    changes = CalendarChange.objects.select_for_update().filter(tenant=actor.tenant).order_by("id")
    change = next((one for one in changes if one.id == change_id), None)
    if change is None:
        raise NotFound(_("没有找到这项日历变更。"))
    permissions.check_may_decide_calendar(
        actor, asked_by_id=change.asked_by_id, asked_for_id=change.asked_for_id, asked_org_id=change.asked_org_id
    )
    if change.state != ChangeState.ASKED:
        raise Conflict(_("这项变更已经由%(who)s处理。") % {"who": change.decided_by})
    if not grant and not note.strip():
        raise Invalid(_("不予批准须写明理由。"), field="note")
    change.state = ChangeState.GRANTED if grant else ChangeState.REFUSED
    change.note, change.decided_by = note.strip(), actor.name
    change.decided_by_id, change.decided_at = actor.person_id, now()
    change.save(update_fields=["state", "note", "decided_by", "decided_by_id", "decided_at"])
    if grant:
        _apply(change)
        _enqueue(change.tenant, change.id)
        transaction.on_commit(forget_calendars)
        forget_calendars()
    _record(actor, change, "cases.grant_calendar" if grant else "cases.refuse_calendar")


def reproject_tenant(*, tenant: str, change_id: uuid.UUID | None = None) -> int:
    """Project all running limits and armed timers of a tenant anew, each case in a transaction of its own.

    Returns how many moved.

    Safe to repeat: what stands already is not written again. A case that fails is logged, the others go on, and
    at the end RuntimeError has the job repeated.
    """
    forget_calendars()
    change = CalendarChange.objects.filter(tenant=tenant, pk=change_id).first() if change_id else None
    reason = _reason(change)
    checked = moved = failed = 0
    for case_id in _cases_with_dates(tenant):
        try:
            moved += _reproject_case(tenant, case_id, reason)
            checked += 1
        except Exception:
            log.exception("the limits of case %s could not be projected anew", case_id)
            failed += 1
    if change is not None:
        _finish(change, checked, moved, done=not failed)
    if failed:
        raise RuntimeError(f"{failed} cases could not be projected anew; see the log")
    return moved


def _cases_with_dates(tenant: str) -> list[uuid.UUID]:
    """Cases in which a limit runs or stands still, or a drawn timer is armed, in the order of their keys."""
    limited = Deadline.objects.filter(tenant=tenant, state__in=_OPEN).values_list("case_id", flat=True)
    timed = ProcessTimer.objects.filter(tenant=tenant, fired_at__isnull=True, off=False).values_list(
        "case_id", flat=True
    )
    return sorted({*limited.distinct(), *timed.distinct()})


@transaction.atomic
def _reproject_case(tenant: str, case_id: uuid.UUID, reason: str) -> int:
    case = store.lock_case(case_id, tenant)
    special.refresh_cap(case)
    moves = clock.reproject(case, cause=MoveCause.CALENDAR, reason=reason)
    fired_later = timers.reproject(case)
    if moves or fired_later:
        ledger.append(
            actor=system(tenant),
            act="cases.deadline_moved",
            object_ref=ObjectRef(kind=OBJECT_KIND, id=str(case.id)),
            payload={"reason": reason, "moves": [move.to_json() for move in moves], "timers": fired_later},
        )
    return len(moves) + len(fired_later)


@transaction.atomic
def _finish(change: CalendarChange, checked: int, moved: int, *, done: bool) -> None:
    change = CalendarChange.objects.select_for_update().get(pk=change.pk)
    change.checked, change.moved = max(change.checked, checked), change.moved + moved
    first = done and change.finished_at is None
    if first:
        change.finished_at = now()
    change.save(update_fields=["checked", "moved", "finished_at"])
    if first or moved:
        _record(system(change.tenant), change, "cases.reproject_calendar", checked=checked, moved=moved)


def _reason(change: CalendarChange | None) -> str:
    if change is None:
        return _("工作日历更新")
    if change.kind == CalendarChangeKind.DECREE:
        return _("%(year)d年放假安排公布（%(source)s）") % {"year": change.year, "source": change.source}
    return _("本地安排“%(title)s”（%(source)s）") % {"title": change.title, "source": change.source}


@transaction.atomic
def _propose(
    actor: Actor, kind: CalendarChangeKind, year: int, title: str, source: str, rows: Sequence[DayRow]
) -> uuid.UUID:
    permissions.check_calendar_keeper(actor)
    change = CalendarChange.objects.create(
        tenant=actor.tenant,
        kind=kind,
        year=year,
        title=title.strip()[:120],
        source=source.strip()[:120],
        days=[{"day": row.day.isoformat(), "is_workday": row.is_workday, "name": row.name} for row in rows],
        asked_by=actor.name,
        asked_by_id=actor.person_id,  # type: ignore[misc]  # check_calendar_keeper has refused strangers
        asked_for_id=actor.delegator_id,
        asked_org_id=actor.org_id,
    )
    _record(actor, change, "cases.propose_calendar")
    change_id: uuid.UUID = change.id
    return change_id


def _apply(change: CalendarChange) -> None:
    rows = _rows_of(change)
    local = change.kind != CalendarChangeKind.DECREE
    stored = CalendarDay.objects.filter(tenant=change.tenant, local=local)
    if change.kind == CalendarChangeKind.WITHDRAWAL:
        standing = _standing(change.tenant)
        days = {row.day for row in rows}
        stored.filter(day__in=days - standing.keys()).delete()
        _store(change.tenant, [standing[day] for day in sorted(days & standing.keys())])
        return
    if change.kind == CalendarChangeKind.DECREE:
        stored.filter(day__year=change.year).delete()  # a corrected notice leaves no day of the first one behind
    _store(change.tenant, rows)


def _rows_of(change: CalendarChange) -> list[DayRow]:
    local = change.kind != CalendarChangeKind.DECREE
    return [
        DayRow(dt.date.fromisoformat(day["day"]), day["is_workday"], day["name"], change.source, local)
        for day in change.days
    ]


def _standing(tenant: str) -> dict[dt.date, DayRow]:
    """The local days that the approved changes leave."""
    granted = CalendarChange.objects.filter(
        tenant=tenant, state=ChangeState.GRANTED, kind__in=(*_LOCAL, CalendarChangeKind.WITHDRAWAL)
    )
    withdraws = Q(kind=CalendarChangeKind.WITHDRAWAL)
    # of one instant, what is taken back was there before
    ordered = granted.annotate(withdraws=withdraws).order_by("decided_at", "withdraws", "id")
    return standing_days(Arrangement(tuple(_rows_of(one)), withdraws=one.withdraws) for one in ordered)


def _store(tenant: str, rows: Iterable[DayRow]) -> None:
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(
                tenant=tenant, day=row.day, is_workday=row.is_workday, name=row.name, source=row.source, local=row.local
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["tenant", "day", "local"],
        update_fields=["is_workday", "name", "source"],
    )


def _enqueue(tenant: str, change_id: uuid.UUID | None) -> None:
    """Twice: the second pass catches what other processes computed with the calendar they still held in memory."""
    arguments = {"tenant": tenant, "change_id": str(change_id) if change_id else ""}
    jobs.configure_task(REPROJECT).defer(**arguments)
    jobs.configure_task(REPROJECT, schedule_in={"seconds": int(2 * KEEP_SECONDS)}).defer(**arguments)


def _record(actor: Actor, change: CalendarChange, act: str, **more: int) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind="calendar", id=str(change.id)),
        payload={"kind": change.kind, "year": change.year, "title": change.title, "days": len(change.days), **more},
        basis=change.source,
    )
