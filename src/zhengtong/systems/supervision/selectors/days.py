"""The days of a limit one by one, as the card's own evidence and the log tell them."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from zhengtong.capabilities.cases import api as cases
from zhengtong.contracts.cases import ClockPaused, ClockResumed
from zhengtong.kernel.clock import local_date
from zhengtong.systems.supervision.models import WatchedEvent

_MOST_DAYS = 90


def days_of(tenant: str, case_id: uuid.UUID | None, evidence: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each day after the start of the limit to its last, whether it counts and why not; empty where none is told."""
    began, ended = evidence.get("started_at"), evidence.get("due_at")
    if not isinstance(began, str) or not isinstance(ended, str):
        return []
    first = local_date(dt.datetime.fromisoformat(began))
    last = local_date(dt.datetime.fromisoformat(ended) - dt.timedelta(microseconds=1))
    if not 0 <= (last - first).days <= _MOST_DAYS:
        return []
    calendar, stops = cases.calendar_of(tenant), _stops(tenant, case_id)
    by_workdays = "工作日" in str(evidence.get("limit", ""))
    days = []
    for day in (first + dt.timedelta(days=number + 1) for number in range((last - first).days)):
        note = calendar.describe(day)
        stopped = any(start <= day and (end is None or day < end) for start, end in stops)
        counts = note.counted or not by_workdays
        days.append(
            {
                "day": day,
                "state": "paused" if stopped else "counted" if counts else "holiday",
                "label": "停止计时" if stopped else note.reason,
                "due": day == last,
            }
        )
    return days


def _stops(tenant: str, case_id: uuid.UUID | None) -> list[tuple[dt.date, dt.date | None]]:
    if case_id is None:
        return []
    rows = WatchedEvent.objects.filter(
        tenant=tenant, case_id=case_id, name__in=(ClockPaused.NAME, ClockResumed.NAME)
    ).order_by("position")
    stops: list[tuple[dt.date, dt.date | None]] = []
    for name, at in rows.values_list("name", "occurred_at"):
        if name == ClockPaused.NAME:
            stops.append((local_date(at), None))
        elif stops and stops[-1][1] is None:
            stops[-1] = (stops[-1][0], local_date(at))
    return stops
