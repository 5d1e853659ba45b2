"""Timers drawn in a process: when they run out, and firing them."""

import datetime as dt
import re
import uuid

from django.db import transaction

from zhengtong.capabilities.cases.models import ProcessTimer
from zhengtong.capabilities.cases.rules import Limit, Unit, deadline_of
from zhengtong.capabilities.cases.selectors.calendar import calendar_of
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


def due_timers(limit: int = 50) -> list[tuple[uuid.UUID, uuid.UUID, str]]:
    """(timer, case, tenant) of timers that have run out."""
    rows = ProcessTimer.objects.filter(fired_at__isnull=True, off=False, due_at__lte=now()).order_by("due_at")
    return list(rows.values_list("id", "case_id", "tenant")[:limit])


def take(timer_id: uuid.UUID) -> ProcessTimer | None:
    """Mark a timer as fired; None when somebody else did or it was disarmed. Call with the case locked."""
    with transaction.atomic():
        timer = ProcessTimer.objects.select_for_update().filter(pk=timer_id, fired_at__isnull=True, off=False).first()
        if timer is not None:
            timer.fired_at = now()
            timer.save(update_fields=["fired_at"])
        return timer
