"""The worker looks at the limits: lamps, what is overdue, stops at their cap, answers nobody asked to review."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.contracts.complaints import ComplaintDue
from zhengtong.kernel.actors import system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.loops import due_first, each
from zhengtong.kernel.outbox import publish
from zhengtong.kernel.simulation import not_before
from zhengtong.systems.complaints.constants import HANDLING, ActKind, ClockKind, Ending, State
from zhengtong.systems.complaints.models import Complaint, ComplaintClock, ComplaintPause
from zhengtong.systems.complaints.selectors.clocks import arithmetic_of
from zhengtong.systems.complaints.services import clocks
from zhengtong.systems.complaints.services.deciding import close
from zhengtong.systems.complaints.services.taking import locked
from zhengtong.systems.complaints.services.telling import (
    event_fields,
    record,
    tell_office,
    tell_unit,
    words_of,
    write_act,
)
from zhengtong.systems.complaints.services.timing import end_pause

_BATCH = 100


def tick() -> int:
    """One batch; returns how many things were done. Each complaint is a transaction of its own: see ``loops.each``."""
    return each(_attend, _due())


def _due() -> Iterator[tuple[Callable[[uuid.UUID], int], uuid.UUID]]:
    """Stops at their cap, limits of yesterday's calendar, lamps; each looked for when those before are done."""
    today, earliest = local_date(), not_before()
    # a demonstration's invented past is watched by its simulator
    own = {} if earliest is None else {"complaint__created_at__gte": earliest}
    capped = ComplaintPause.objects.filter(end_day__isnull=True, cap_day__lt=today, **own)
    running = ComplaintClock.objects.filter(ended_at__isnull=True, **own)
    for act, keys in (
        (_cap, capped.values_list("complaint_id", flat=True)),
        (_project, running.filter(projected_on__lt=today).values_list("pk", flat=True)),
        (_light, running.filter(next_at__lte=now()).order_by("next_at").values_list("pk", flat=True)),
    ):
        yield from ((act, key) for key in due_first(_attend, keys, size=_BATCH, before=(act,)))


def _attend(act: Callable[[uuid.UUID], int], key: uuid.UUID) -> int:
    return act(key)


@transaction.atomic
def _cap(complaint_id: uuid.UUID) -> int:
    row = locked(complaint_id)
    pause = row.pauses.filter(end_day__isnull=True, cap_day__lt=local_date()).first()
    if pause is None:
        return 0
    end_pause(row, last=pause.cap_day)
    write_act(row, None, ActKind.RESUME, _("中止已到最长时间，自动恢复计时。"), told=True, shared=True)
    record(system(row.tenant), row, "complaints.resume", {"cap": pause.cap_day})
    return 1


@transaction.atomic
def _project(clock_id: uuid.UUID) -> int:
    """The calendar may have changed since yesterday."""
    clock = _locked_clock(clock_id)
    if clock is None or clock.projected_on >= local_date():
        return 0
    clocks.project(clock)
    return 1


@transaction.atomic
def _light(clock_id: uuid.UUID) -> int:
    clock = _locked_clock(clock_id)
    if clock is None or clock.next_at is None or clock.next_at > now() or clock.due_at is None:
        return 0
    row, passed = clock.complaint, now() >= clock.due_at
    if clock.kind == ClockKind.ASK_REVIEW:
        return _end_review_time(row, clock) if passed else _later(clock)
    clock.level = "red" if passed else "yellow"
    clock.next_at = None if passed else clock.due_at
    clock.save(update_fields=["level", "next_at"])
    _tell(row, clock, passed=passed, due_at=clock.due_at)
    return 1


def _tell(row: Complaint, clock: ComplaintClock, *, passed: bool, due_at: dt.datetime) -> None:
    label = clock.get_kind_display()
    kind, act = (ActKind.OVERDUE, "complaints.overdue") if passed else (ActKind.WARN, "complaints.warn")
    write_act(row, None, kind, label, told=passed, shared=True)
    record(system(row.tenant), row, act, {"stage": clock.kind, "due_on": clock.due_on})
    publish(
        ComplaintDue(
            **event_fields(row), stage=clock.kind, level=clock.level, due_at=due_at, arithmetic=arithmetic_of(clock)
        )
    )
    title = _("咨询投诉已经超期") if passed else _("咨询投诉临近期限")
    body = _("%(what)s：%(stage)s%(how)s。") % {
        "what": words_of(row),
        "stage": label,
        "how": _("已经超过期限，请立即办理") if passed else _("临近期限，请抓紧办理"),
    }
    if row.state in HANDLING:
        tell_unit(row, title=title, body=body)
    tell_office(row, title=title, body=body)


def _end_review_time(row: Complaint, clock: ComplaintClock) -> int:
    """Nobody asked for a review in time: the matter is over."""
    if row.state == State.ANSWERED:
        write_act(row, None, ActKind.CLOSE, _("申请复核的期限已过，办结。"), told=True, shared=True)
        record(system(row.tenant), row, "complaints.close")
        close(row, Ending.ANSWERED)
    else:
        clocks.end(row, ClockKind(clock.kind))
    return 1


def _later(clock: ComplaintClock) -> int:
    clock.next_at = clock.due_at
    clock.save(update_fields=["next_at"])
    return 1


def _locked_clock(clock_id: uuid.UUID) -> ComplaintClock | None:
    """The complaint is locked before its clock, as everywhere."""
    key = ComplaintClock.objects.filter(pk=clock_id).values_list("complaint_id", flat=True).first()
    if key is None:
        return None
    locked(key)
    found = ComplaintClock.objects.select_for_update(of=("self",)).select_related("complaint")
    return found.filter(pk=clock_id, ended_at__isnull=True).first()
