"""The working calendar of a tenant: read into memory, its changes, and how far ahead it reaches."""

import dataclasses
import datetime as dt
import time
import uuid
from collections.abc import Iterable

from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import ChangeState
from zhengtong.capabilities.cases.models import CalendarChange, CalendarDay
from zhengtong.kernel.calendar import DayRow, WorkCalendar
from zhengtong.kernel.clock import local_date

#: a process reads the calendar anew after this; what it computed meanwhile is projected again by the second pass
KEEP_SECONDS = 15.0
_YEARS_AHEAD = 12
_MONTHS_WANTED = 13
_kept: dict[str, tuple[float, WorkCalendar]] = {}


@dataclasses.dataclass(frozen=True)
class Outlook:
    """How far the decreed calendar reaches: ``lamp`` green, yellow (less than 13 months) or red (this year open)."""

    decreed_until: dt.date | None
    months_left: int
    lamp: str
    sentence: str


@dataclasses.dataclass(frozen=True)
class CalendarDayView:
    """A day that departs from Monday to Friday."""

    day: dt.date
    is_workday: bool
    name: str
    source: str
    local: bool


@dataclasses.dataclass(frozen=True)
class ChangeView:
    """A change of the calendar as its page shows it."""

    id: uuid.UUID
    kind: str
    kind_label: str
    year: int
    title: str
    source: str
    days: tuple[tuple[dt.date, bool, str], ...]
    state: str
    state_label: str
    asked_by: str
    asked_by_id: uuid.UUID
    asked_for_id: uuid.UUID | None
    asked_org_id: uuid.UUID | None
    asked_at: dt.datetime
    decided_by: str
    decided_at: dt.datetime | None
    note: str
    checked: int
    moved: int
    finished_at: dt.datetime | None


def calendar_of(tenant: str) -> WorkCalendar:
    """The calendar of a tenant; years without a notice follow Monday to Friday and are marked provisional."""
    kept = _kept.get(tenant)
    if kept and time.monotonic() - kept[0] < KEEP_SECONDS:
        return kept[1]
    calendar = _built(CalendarDay.objects.filter(tenant=tenant))
    _kept[tenant] = (time.monotonic(), calendar)
    return calendar


def calendar_as_of(tenant: str, instant: dt.datetime) -> WorkCalendar:
    """The calendar as it was known at an instant, as far as later changes have not replaced its days."""
    return _built(CalendarDay.objects.filter(tenant=tenant, created_at__lte=instant))


def _built(days: Iterable[CalendarDay]) -> WorkCalendar:
    rows = [DayRow(day.day, day.is_workday, day.name, day.source, day.local) for day in days]
    this_year = local_date().year
    first = min((row.day.year for row in rows), default=this_year - 1)
    last = max((row.day.year for row in rows), default=this_year)
    return WorkCalendar(rows, first_year=min(first, this_year - 1), last_year=max(last, this_year + _YEARS_AHEAD))


def forget_calendars() -> None:
    """Read the calendars anew at the next use."""
    _kept.clear()


def calendar_outlook(tenant: str) -> Outlook:
    """Whether enough calendar remains, in whole months from today, and what to do."""
    decreed, today = calendar_of(tenant).decreed_years, local_date()
    if today.year not in decreed:
        said = _("%(year)d年的放假安排还没有录入，今年的期限都按周一至周五暂算。请录入并由第二人批准。")
        return Outlook(None, 0, "red", said % {"year": today.year})
    last = today.year
    while last + 1 in decreed:
        last += 1
    until = dt.date(last, 12, 31)
    months = (last - today.year) * 12 + 12 - today.month
    if months >= _MONTHS_WANTED:
        return Outlook(until, months, "green", _("放假安排已录入到%(year)d年底。") % {"year": last})
    said = _(
        "放假安排只录入到%(year)d年底，剩余不足 %(wanted)d 个月；%(next)d年的期限按周一至周五暂算。"
        "国务院办公厅公布%(next)d年安排后请及时录入，正在计时的期限会自动重算。"
    )
    words = {"year": last, "next": last + 1, "wanted": _MONTHS_WANTED}
    return Outlook(until, months, "yellow", said % words)


def calendar_days(tenant: str, year: int) -> list[CalendarDayView]:
    """The days of a year that depart from Monday to Friday, national before local."""
    rows = CalendarDay.objects.filter(tenant=tenant, day__year=year).order_by("day", "local")
    return [CalendarDayView(row.day, row.is_workday, row.name, row.source, row.local) for row in rows]


def calendar_changes(tenant: str, *, open_only: bool = False, most: int = 30) -> list[ChangeView]:
    """Changes of the calendar, newest first."""
    rows = CalendarChange.objects.filter(tenant=tenant).order_by("-created_at", "-id")
    if open_only:
        rows = rows.filter(state=ChangeState.ASKED)
    return [_change_view(row) for row in rows[:most]]


def _change_view(row: CalendarChange) -> ChangeView:
    return ChangeView(
        id=row.id,
        kind=row.kind,
        kind_label=row.get_kind_display(),
        year=row.year,
        title=row.title,
        source=row.source,
        days=tuple((dt.date.fromisoformat(day["day"]), day["is_workday"], day["name"]) for day in row.days),
        state=row.state,
        state_label=row.get_state_display(),
        asked_by=row.asked_by,
        asked_by_id=row.asked_by_id,
        asked_for_id=row.asked_for_id,
        asked_org_id=row.asked_org_id,
        asked_at=row.created_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        note=row.note,
        checked=row.checked,
        moved=row.moved,
        finished_at=row.finished_at,
    )
