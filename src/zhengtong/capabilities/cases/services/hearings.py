"""听证: told, asked for or waived, announced, held or declined (行政许可法 第四十五条至第四十八条)."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import permissions
from zhengtong.capabilities.cases.constants import OBJECT_KIND, CaseStatus, DeadlineKind, DeadlineState
from zhengtong.capabilities.cases.models import Case, Deadline, Hearing, WorkItem
from zhengtong.capabilities.cases.rules import Limit
from zhengtong.capabilities.cases.rules.hearing import hearing_day_problem, hold_until
from zhengtong.capabilities.cases.rules.statute import (
    HEARING_BASIS,
    HEARING_HOLD_LIMIT,
    HEARING_NOTICE_BASIS,
    HEARING_REQUEST_LIMIT,
)
from zhengtong.capabilities.cases.selectors.calendar import calendar_of
from zhengtong.capabilities.cases.selectors.hearings import reviewers_of
from zhengtong.capabilities.cases.services import clock, special, store
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.contracts.cases import HearingMoved
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.outbox import publish


@transaction.atomic
def tell_hearing_right(*, actor: Actor, case_id: uuid.UUID) -> None:
    """The applicant is told of the right to a hearing: from today he may ask for one within five working days."""
    case = store.lock_case(case_id, actor.tenant)
    permissions.check_owning_unit(actor, case)
    if case.status != CaseStatus.OPEN or case.accepted_on is None:
        raise Conflict(_("办件受理以后、作出决定以前才能告知听证权利。"))
    _refuse_decided(case)
    if Hearing.objects.filter(case_id=case.id).exists():
        raise Conflict(_("这个办件已经告知过听证权利。"))
    Hearing.objects.create(tenant=case.tenant, case=case, told_on=local_date())
    _start(case, DeadlineKind.HEARING_ASK, HEARING_REQUEST_LIMIT)
    _tell(actor, case, "cases.hearing_told", "told", {}, HEARING_BASIS)


@transaction.atomic
def request_hearing(*, actor: Actor, case_id: uuid.UUID, text: str = "", as_applicant: bool = False) -> None:
    """A hearing is asked for in time: from today the unit has twenty working days to organise it, uncounted.

    ``text`` is what the applicant wants to be heard on.

    ``as_applicant``: the caller has checked that the case is the actor's own; else the owning unit enters a request
    made on paper, also of an interested party after the applicant has waived his own. Conflict when the right was
    not told, the applicant has waived it, or the time is over.
    """
    case = store.lock_case(case_id, actor.tenant)
    if not as_applicant:
        permissions.check_owning_unit(actor, case)
    hearing = _hearing(case)
    if hearing.requested_on is not None:
        raise Conflict(_("已经提出过听证申请，不用重复提出。"))
    if as_applicant and hearing.waived_on is not None:
        raise Conflict(_("您已经声明放弃听证，不能再申请。"))
    asked = _time_to_ask(case)
    if asked is None:
        raise Conflict(_("申请听证须在被告知听证权利之日起 5 个工作日内提出，现在已经超过期限。"))
    _refuse_decided(case)
    _finish(asked)
    by = actor.name if as_applicant else _("书面申请，%(who)s登记") % {"who": actor.name}
    hearing.requested_on, hearing.request_text, hearing.requested_by = local_date(), text.strip(), by[:60]
    hearing.save(update_fields=["requested_on", "request_text", "requested_by"])
    _start(case, DeadlineKind.HEARING_HOLD, HEARING_HOLD_LIMIT)
    _tell(actor, case, "cases.hearing_requested", "requested", {"on_paper": not as_applicant}, HEARING_BASIS)
    special.stop_for_hearing(actor, case, hearing.requested_on)


@transaction.atomic
def waive_hearing(*, actor: Actor, case_id: uuid.UUID) -> None:
    """The applicant declares that he will not ask for a hearing: nobody waits for the end of his time any more.

    The caller has checked that the case is the actor's own. Conflict when the right was not told, he has asked for
    the hearing or waived it, or the time is over.
    """
    case = store.lock_case(case_id, actor.tenant)
    hearing = _hearing(case)
    if hearing.requested_on is not None:
        raise Conflict(_("已经申请了听证，不能再声明放弃。不想听证的，请联系办理单位撤回申请。"))
    if hearing.waived_on is not None:
        raise Conflict(_("您已经声明放弃听证，不用重复声明。"))
    asked = _time_to_ask(case)
    if asked is None:
        raise Conflict(_("申请听证的期限已经届满，不需要再声明放弃。"))
    _finish(asked, DeadlineState.CANCELLED)
    hearing.waived_on = local_date()
    hearing.save(update_fields=["waived_on"])
    _tell(actor, case, "cases.hearing_waived", "waived", {}, HEARING_BASIS)


@transaction.atomic
def announce_hearing(
    *, actor: Actor, case_id: uuid.UUID, day: dt.date, place: str, host_id: uuid.UUID, host: str
) -> None:
    """Set day and place: the notice goes out today, seven working days before; the host has not reviewed the case.

    Raises Invalid for a day that is too early, too late or no working day, and for a host who reviewed.
    """
    case = store.lock_case(case_id, actor.tenant)
    permissions.check_owning_unit(actor, case)
    hearing = _hearing(case)
    if hearing.requested_on is None:
        raise Conflict(_("还没有人申请听证。"))
    _check_not_over(hearing)
    calendar, today = calendar_of(case.tenant), local_date()
    hold_by = hold_until(hearing.requested_on, calendar)
    problem = hearing_day_problem(day, notified_on=today, hold_by=hold_by, calendar=calendar)
    if problem:
        raise Invalid(problem, field="day")
    if not place.strip():
        raise Invalid(_("请写明听证地点。"), field="place")
    if host_id in reviewers_of(case.id):
        raise Invalid(_("审查该申请的工作人员不能主持听证，请另选主持人。"), field="host")
    hearing.day, hearing.place, hearing.notified_on = day, place.strip(), today
    hearing.host, hearing.host_id = host, host_id
    hearing.notices += 1
    hearing.save(update_fields=["day", "place", "notified_on", "host", "host_id", "notices"])
    payload = {"day": day.isoformat(), "place": hearing.place, "host": host}
    _tell(
        actor,
        case,
        "cases.hearing_announced",
        "announced",
        payload,
        HEARING_NOTICE_BASIS,
        day=day,
        notice=hearing.notices,
    )


@transaction.atomic
def hold_hearing(*, actor: Actor, case_id: uuid.UUID, minutes: str) -> None:
    """The hearing was held on the announced day: its limit is met, the clock runs again from the next day.

    ``minutes`` are what the decision must rest on (第四十八条第二款). Conflict before the announced day, Invalid
    without minutes.
    """
    case = store.lock_case(case_id, actor.tenant)
    permissions.check_owning_unit(actor, case)
    hearing = _hearing(case)
    _check_not_over(hearing)
    if hearing.day is None:
        raise Conflict(_("还没有发出听证通知，先通知举行日期和地点。"))
    if local_date() < hearing.day:
        raise Conflict(_("还没有到通知的听证日期（%(day)s）。") % {"day": hearing.day.isoformat()})
    if not minutes.strip():
        raise Invalid(_("请填写听证笔录：行政机关应当根据听证笔录作出决定。"), field="minutes")
    hearing.held_on, hearing.minutes, hearing.recorded_by = hearing.day, minutes.strip(), actor.name
    hearing.save(update_fields=["held_on", "minutes", "recorded_by"])
    for row in _hold_limits(case):
        _finish(row)
    _tell(actor, case, "cases.hearing_held", "held", {"minutes": hearing.minutes}, HEARING_BASIS, day=hearing.day)
    special.end_stop_for_hearing(actor, case, hearing.day)


@transaction.atomic
def decline_hearing(*, actor: Actor, case_id: uuid.UUID, reason: str) -> None:
    """No hearing is held (taken back, or asked for by somebody without the right); the clock runs again from today.

    Invalid without a reason: the applicant is told it.
    """
    case = store.lock_case(case_id, actor.tenant)
    permissions.check_owning_unit(actor, case)
    hearing = _hearing(case)
    if hearing.requested_on is None:
        raise Conflict(_("还没有人申请听证。"))
    _check_not_over(hearing)
    if not reason.strip():
        raise Invalid(_("请写明不组织听证的理由：理由须告知申请人。"), field="reason")
    hearing.declined_on, hearing.decline_reason, hearing.recorded_by = local_date(), reason.strip(), actor.name
    hearing.save(update_fields=["declined_on", "decline_reason", "recorded_by"])
    for row in _hold_limits(case):
        _finish(row, DeadlineState.CANCELLED)
    _tell(actor, case, "cases.hearing_declined", "declined", {"reason": hearing.decline_reason}, HEARING_BASIS)
    special.end_stop_for_hearing(actor, case, local_date() - dt.timedelta(days=1))


def _time_to_ask(case: Case) -> Deadline | None:
    """The time in which a hearing may be asked for, None when it was not told of or is over."""
    told = Deadline.objects.filter(case_id=case.id, kind=DeadlineKind.HEARING_ASK, due_at__gt=now())
    return told.exclude(state__in=(DeadlineState.MET, DeadlineState.MISSED)).first()


def _refuse_decided(case: Case) -> None:
    if WorkItem.objects.filter(case_id=case.id, status="done", outcome__in=("approve", "reject")).exists():
        raise Conflict(_("决定已经作出，不能再办理听证。"))


def _check_not_over(hearing: Hearing) -> None:
    if hearing.held_on is not None:
        raise Conflict(_("听证已经举行，不能再改。"))
    if hearing.declined_on is not None:
        raise Conflict(_("已经决定不组织听证，不能再改。"))


def _hold_limits(case: Case) -> "QuerySet[Deadline]":
    return Deadline.objects.filter(case_id=case.id, kind=DeadlineKind.HEARING_HOLD, state=DeadlineState.RUNNING)


def _hearing(case: Case) -> Hearing:
    hearing = Hearing.objects.select_for_update().filter(case_id=case.id).first()
    if hearing is None:
        raise Conflict(_("这个办件还没有告知听证权利。"))
    if case.status != CaseStatus.OPEN:
        raise Conflict(_("这个办件已经办结，不能再操作。"))
    return hearing


def _start(case: Case, kind: DeadlineKind, limit: Limit) -> None:
    entries = [(str(kind), limit, HEARING_BASIS, None)]
    store.insert("cases_deadline", clock.deadline_rows(case, entries, started_at=now()))


def _finish(row: Deadline, state: DeadlineState = DeadlineState.MET) -> None:
    row.state, row.ended_at, row.next_at = state, now(), None
    row.save(update_fields=["state", "ended_at", "next_at"])


def _tell(
    actor: Actor,
    case: Case,
    act: str,
    step: str,
    payload: Mapping[str, Any],
    basis: str,
    *,
    day: dt.date | None = None,
    notice: int = 0,
) -> None:
    ref = ObjectRef(kind=OBJECT_KIND, id=str(case.id))
    ledger.append(actor=actor, act=act, object_ref=ref, payload=payload, basis=basis)
    publish(HearingMoved(**clock.event_fields(case), step=step, day=day, notice=notice))
