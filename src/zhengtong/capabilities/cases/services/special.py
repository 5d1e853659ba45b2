"""Special procedures that stop the legal clock (行政许可法 第四十五条), ended by an official or by their cap."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import permissions
from zhengtong.capabilities.cases.constants import OBJECT_KIND, CaseStatus, MoveCause
from zhengtong.capabilities.cases.models import Case, ClockPause, Hearing
from zhengtong.capabilities.cases.rules import (
    STOP_REASONS,
    Limit,
    Pause,
    StopReason,
    Unit,
    cap_warning_on,
    last_day_of,
    stop_label,
)
from zhengtong.capabilities.cases.rules.hearing import hold_until
from zhengtong.capabilities.cases.rules.sentences import cn_day
from zhengtong.capabilities.cases.selectors.calendar import calendar_of
from zhengtong.capabilities.cases.selectors.clocks import rule_pause
from zhengtong.capabilities.cases.services import clock, store
from zhengtong.capabilities.cases.services.steps import check_case_open
from zhengtong.capabilities.cases.services.ticking import since
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.cases import ClockPaused, ClockResumed, PauseEnding
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.calendar import end_of_day, start_of_day
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.loops import due_first, each
from zhengtong.kernel.outbox import publish

_BATCH = 100
_HEARING = "hearing"


@transaction.atomic
def pause_clock(
    *, actor: Actor, case_id: uuid.UUID, reason_code: str, note: str, cap: Limit, published_basis: str = ""
) -> uuid.UUID:
    """Stop the clock as ``pause_unless_stopped``; Conflict where it stands still already."""
    stop = pause_unless_stopped(
        actor=actor, case_id=case_id, reason_code=reason_code, note=note, cap=cap, published_basis=published_basis
    )
    if stop is None:
        raise Conflict(_("这个办件已经停止计时，恢复以后才能再次停止。"))
    return stop


@transaction.atomic
def pause_unless_stopped(
    *, actor: Actor, case_id: uuid.UUID, reason_code: str, note: str, cap: Limit, published_basis: str = ""
) -> uuid.UUID | None:
    """Stop the clock for a reason of law; ``note`` is what the applicant is told, ``cap`` how long it may take.

    ``published_basis``: the caller has checked that the published guide of the item names the ground, in the Chinese
    words of ``reason_code``, as one that stops the clock. Returns the stop; None where one is open, which goes on.

    With a cap the clock runs again by itself the day after its last day. Raises Invalid for a ground that is none
    of the law's or a missing note, Conflict outside the time between acceptance and the end.
    """
    case = store.lock_case(case_id, actor.tenant)
    permissions.check_owning_unit(actor, case)
    reason = STOP_REASONS.get(reason_code)
    if reason is None and published_basis:
        reason = StopReason(reason_code[:40], reason_code[:40], published_basis[:200])
    if reason is None:
        raise Invalid(_("请选择法律规定的停止计时事由。"), field="reason_code")
    if not note.strip():
        raise Invalid(_("请写明需要的时间和原因：停止计时须书面告知申请人。"), field="note")
    if case.status != CaseStatus.OPEN or case.accepted_on is None:
        raise Conflict(_("办件受理以后、办结以前才能停止计时。"))
    if _open_pause(case) is not None:
        return None
    return _stop(actor, case, reason, note, cap)


def stop_for_hearing(actor: Actor, case: Case, requested_on: dt.date) -> None:
    """Stop the clock of a locked case while a hearing that was asked for is being organised (第四十五条).

    At most until the last day on which it may be organised (第四十七条). A stop that is open already goes on; the
    hearing's own begins when that one ends.
    """
    calendar, today = calendar_of(case.tenant), local_date()
    until = hold_until(requested_on, calendar)
    if case.accepted_on is None or today > until or _open_pause(case) is not None:
        return
    note = _("申请人于%(day)s申请听证，组织听证所需时间不计入办理期限，最迟到%(until)s。") % {
        "day": cn_day(requested_on),
        "until": cn_day(until),
    }
    _stop(actor, case, STOP_REASONS[_HEARING], note, Limit(calendar.workdays_between(today, until), Unit.WD))


def end_stop_for_hearing(actor: Actor, case: Case, last_day: dt.date) -> None:
    """Let the clock of a locked case run again after ``last_day``, where it stands still for its hearing."""
    pause = _open_pause(case)
    if pause is None or pause.reason_code != _HEARING:
        return
    pause.end_day = max(pause.start_day, last_day)
    if pause.cap_day is not None:
        pause.end_day = min(pause.end_day, pause.cap_day)
    _resume(actor, case, pause, act="cases.resume_clock", cause=MoveCause.RESUME)


def _stop(actor: Actor, case: Case, reason: StopReason, note: str, cap: Limit) -> uuid.UUID:
    planned = Pause(local_date(), None, reason.code, reason.legal_basis, cap)
    calendar = calendar_of(case.tenant)
    last, warned_on = last_day_of(planned, calendar), cap_warning_on(planned, calendar)
    row = ClockPause.objects.create(
        tenant=case.tenant,
        case=case,
        reason_code=reason.code,
        basis=reason.legal_basis,
        note=note.strip(),
        cap_amount=cap.amount,
        cap_unit=str(cap.unit) if cap.is_set else "",
        start_day=planned.start,
        stopped_by=actor.name,
        cap_day=last,
        next_at=start_of_day(warned_on) if warned_on else None,
    )
    # told before the new dates: who listens forgets the old ones first
    publish(
        ClockPaused(
            **clock.event_fields(case), reason_code=reason.code, basis=reason.legal_basis, pause_id=row.id, until=last
        )
    )
    moves = clock.reproject(case, cause=MoveCause.PAUSE, reason=reason.label)
    payload = {"reason": reason.code, "note": note, "cap": str(cap), "moves": [move.to_json() for move in moves]}
    _record(actor, case, "cases.pause_clock", payload, reason.legal_basis)
    return row.id


@transaction.atomic
def resume_clock(*, actor: Actor, case_id: uuid.UUID) -> None:
    """Let the clock run again from today; the days of the pause are not counted. Conflict where it runs."""
    case = store.lock_case(case_id, actor.tenant)
    permissions.check_owning_unit(actor, case)
    check_case_open(case)
    pause = _open_pause(case)
    if pause is None:
        raise Conflict(_("这个办件没有停止计时。"))
    _end_by_hand(actor, case, pause)


@transaction.atomic
def end_stop(*, actor: Actor, case_id: uuid.UUID, pause_id: uuid.UUID) -> None:
    """The same for the stop of an act that is over; another stop, and a case that has ended, stay as they are."""
    case = store.lock_case(case_id, actor.tenant)
    pause = _open_pause(case)
    if case.status != CaseStatus.OPEN or pause is None or pause.id != pause_id:
        return
    permissions.check_owning_unit(actor, case)
    _end_by_hand(actor, case, pause)


def _end_by_hand(actor: Actor, case: Case, pause: ClockPause) -> None:
    pause.end_day = max(pause.start_day, local_date() - dt.timedelta(days=1))
    if pause.cap_day is not None:
        pause.end_day = min(pause.end_day, pause.cap_day)
    _resume(actor, case, pause, act="cases.resume_clock", cause=MoveCause.RESUME)


def tick_pauses() -> int:
    """Warn of stops that are nearly as long as they may be, and end those that are; returns how many."""
    waiting = ClockPause.objects.filter(end_day__isnull=True, next_at__lte=now(), **since("next_at"))
    due = waiting.order_by("next_at").values_list("id", "case_id", "tenant")
    return each(_attend, due_first(_attend, due, size=_BATCH))


def refresh_cap(case: Case) -> None:
    """Compute the last day of an open stop anew, after the calendar changed; the case is locked."""
    pause = ClockPause.objects.filter(case_id=case.id, end_day__isnull=True, cap_amount__isnull=False).first()
    if pause is None:
        return
    calendar, planned = calendar_of(case.tenant), rule_pause(pause)
    last, warned_on = last_day_of(planned, calendar), cap_warning_on(planned, calendar)
    if last is None or warned_on is None or last == pause.cap_day:
        return
    pause.cap_day = last
    pause.next_at = end_of_day(last) if pause.warned_at else start_of_day(warned_on)
    pause.save(update_fields=["cap_day", "next_at"])


@transaction.atomic
def _attend(pause_id: uuid.UUID, case_id: uuid.UUID, tenant: str) -> int:
    case = store.lock_case(case_id, tenant)
    pause = ClockPause.objects.filter(pk=pause_id, end_day__isnull=True, next_at__lte=now()).first()
    if pause is None or pause.cap_day is None:
        return 0
    if now() >= end_of_day(pause.cap_day):
        pause.end_day, pause.ended_by_cap = pause.cap_day, True
        _resume(system(tenant), case, pause, act="cases.pause_capped", cause=MoveCause.CAP)
        return 1
    pause.warned_at, pause.next_at = now(), end_of_day(pause.cap_day)
    pause.save(update_fields=["warned_at", "next_at"])
    payload = {"reason": pause.reason_code, "last_day": pause.cap_day.isoformat()}
    _record(system(tenant), case, "cases.pause_warned", payload, pause.basis)
    publish(
        PauseEnding(
            **clock.event_fields(case), pause_id=pause.id, reason_code=pause.reason_code, last_day=pause.cap_day
        )
    )
    return 1


def _resume(actor: Actor, case: Case, pause: ClockPause, *, act: str, cause: MoveCause) -> None:
    if pause.end_day is None:
        raise ValueError("a stop that ends has a last day")
    pause.next_at = None
    pause.save(update_fields=["end_day", "ended_by_cap", "next_at"])
    moves = clock.reproject(case, cause=cause, reason=_resume_words(pause))
    payload = {
        "reason": pause.reason_code,
        "until": pause.end_day.isoformat(),
        "moves": [move.to_json() for move in moves],
    }
    _record(actor, case, act, payload, pause.basis)
    publish(
        ClockResumed(
            **clock.event_fields(case),
            reason_code=pause.reason_code,
            by_cap=pause.ended_by_cap,
            **clock.running_dues(case.id),
        )
    )
    hearing = Hearing.objects.filter(case_id=case.id, held_on__isnull=True, declined_on__isnull=True).first()
    if hearing is not None and hearing.requested_on is not None and pause.reason_code != _HEARING:
        stop_for_hearing(actor, case, hearing.requested_on)


def _open_pause(case: Case) -> ClockPause | None:
    return ClockPause.objects.filter(case_id=case.id, end_day__isnull=True).first()


def _resume_words(pause: ClockPause) -> str:
    label = stop_label(pause.reason_code)
    if pause.ended_by_cap:
        return _("%(label)s停止计时期满，自动恢复计时") % {"label": label}
    return _("%(label)s结束，恢复计时") % {"label": label}


def _record(actor: Actor, case: Case, act: str, payload: Mapping[str, Any], basis: str) -> None:
    ref = ObjectRef(kind=OBJECT_KIND, id=str(case.id))
    ledger.append(actor=actor, act=act, object_ref=ref, payload=payload, basis=basis)
