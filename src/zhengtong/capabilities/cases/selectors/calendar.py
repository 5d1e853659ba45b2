"""The working calendar of a tenant, read into memory once a minute."""

import time

from zhengtong.capabilities.cases.models import CalendarDay
from zhengtong.kernel.calendar import DayRow, WorkCalendar
from zhengtong.kernel.clock import local_date

_KEEP_SECONDS = 60.0
_YEARS_AHEAD = 12
_kept: dict[str, tuple[float, WorkCalendar]] = {}


def calendar_of(tenant: str) -> WorkCalendar:
    """The calendar of a tenant; years without a notice follow Monday to Friday and are marked provisional."""
    kept = _kept.get(tenant)
    if kept and time.monotonic() - kept[0] < _KEEP_SECONDS:
        return kept[1]
    rows = [
        DayRow(day.day, day.is_workday, day.name, day.source, day.local)
        for day in CalendarDay.objects.filter(tenant=tenant)
    ]
    this_year = local_date().year
    first = min((row.day.year for row in rows), default=this_year - 1)
    last = max((row.day.year for row in rows), default=this_year)
    calendar = WorkCalendar(rows, first_year=min(first, this_year - 1), last_year=max(last, this_year + _YEARS_AHEAD))
    _kept[tenant] = (time.monotonic(), calendar)
    return calendar


def forget_calendars() -> None:
    """Read the calendars anew at the next use."""
    _kept.clear()
