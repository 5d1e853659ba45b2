"""Timers drawn in a process: when they run out, and firing them."""

import datetime as dt
import re
import uuid

from django.db import transaction
from django.db.models import QuerySet

from zhengtong.capabilities.cases.models import Case, ProcessTimer
from zhengtong.capabilities.cases.rules import Limit, Unit, deadline_of
from zhengtong.capabilities.cases.selectors.calendar import calendar_of
from zhengtong.capabilities.cases.selectors.processes import graph_of
from zhengtong.capabilities.cases.services.ticking import since
from zhengtong.kernel.clock import local_date, now

_ISO = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$")
_ISO_UNITS = (Unit.YEAR, Unit.MONTH, Unit.D, Unit.H, Unit.MIN)


def due_time(tenant: str, duration: str, start: dt.datetime) -> dt.datetime:
    """The instant a drawn duration (``5 WD``, ``P20D``, ``PT4H``) runs out; ValueError for anything else."""
    limit = _limit(duration)
    begin = start if limit.unit.is_clock_time else local_date(start)
    due = deadline_of(begin, limit, [], [], calendar_of(tenant))
    return due.due_at or start


def _limit(duration: str) -> Limit:
    found = _ISO.match(duration.strip())
    if not found:
        return Limit.parse(duration)
    parts = [(int(text), unit) for text, unit in zip(found.groups(), _ISO_UNITS, strict=True) if text]
    if len(parts) != 1:
        raise ValueError(f"a duration names one unit: {duration}")
    return Limit(*parts[0])


def due_timers() -> QuerySet[ProcessTimer, tuple[uuid.UUID, uuid.UUID, str]]:
    """(timer, case, tenant) of timers that have run out."""
    waiting = ProcessTimer.objects.filter(fired_at__isnull=True, off=False, due_at__lte=now(), **since("due_at"))
    return waiting.order_by("due_at").values_list("id", "case_id", "tenant")


def reproject(case: Case) -> list[dict[str, str]]:
    """Compute the armed timers of a locked case anew from the day each was armed; what moved, for the ledger.

    Called after the calendar changed. A timer that has fired, or was disarmed, stays as it was.
    """
    nodes = graph_of(case.process_id).nodes
    moved = []
    for timer in ProcessTimer.objects.filter(case_id=case.id, fired_at__isnull=True, off=False).order_by("id"):
        node = nodes.get(timer.node)
        due_at = due_time(case.tenant, node.duration, timer.created_at) if node else timer.due_at
        if node is None or due_at == timer.due_at:
            continue
        moved.append({"timer": node.name or node.id, "old": timer.due_at.isoformat(), "new": due_at.isoformat()})
        timer.due_at = due_at
        timer.save(update_fields=["due_at"])
    return moved


def take(timer_id: uuid.UUID) -> ProcessTimer | None:
    """Mark a timer as fired; None when somebody else did, it was disarmed or moved on. Call with the case locked."""
    with transaction.atomic():
        waiting = ProcessTimer.objects.select_for_update().filter(fired_at__isnull=True, off=False, due_at__lte=now())
        timer = waiting.filter(pk=timer_id).first()
        if timer is not None:
            timer.fired_at = now()
            timer.save(update_fields=["fired_at"])
        return timer
