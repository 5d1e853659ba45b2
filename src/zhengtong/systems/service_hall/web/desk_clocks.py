"""Limits as the desk shows them: the time left in words, and the bar of days."""

import dataclasses
import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel.calendar import OutOfCalendar, WorkCalendar
from zhengtong.kernel.clock import SHANGHAI, local_date, now
from zhengtong.kernel.ui.formats import cn_date, cn_day, cn_time

_INSTANT = dt.timedelta(microseconds=1)
_LATE_DAYS_SHOWN = 31
_PAUSED = "停止计时"  # how the engine words the reason of a day that a pause leaves out


@dataclasses.dataclass(frozen=True)
class ClockBlock:
    """One limit of a case: heading, lamp, bar and why; ``main`` is shown open, the others folded."""

    label: str
    limit: str
    basis: str
    state: str
    lamp: dict[str, str]
    days: list[dict[str, Any]]
    sentence: str
    why: str
    main: bool


def lamp_of(state: str) -> str:
    """The engine's lamp in the words of the lamp component."""
    return {"breach": "deep_red"}.get(state, state)


def time_left(due_at: dt.datetime | None, calendar: WorkCalendar, *, at: dt.datetime | None = None) -> str:
    """剩 3 个工作日, 今天到期, 超过 2 个工作日; an empty text where no time runs."""
    if due_at is None:
        return ""
    at = at or now()
    today, last = local_date(at), local_date(due_at - _INSTANT)
    by_the_clock = due_at.astimezone(SHANGHAI).time() != dt.time()
    try:
        days = calendar.workdays_between(today, last)
    except OutOfCalendar:
        return _("%(day)s到期") % {"day": cn_date(last)}
    if due_at <= at:
        return _("超过 %(days)d 个工作日") % {"days": -days} if days < 0 else _("已到期")
    if last == today:
        return _("今天 %(time)s 到期") % {"time": cn_time(due_at)} if by_the_clock else _("今天到期")
    if days == 0:
        return _("%(day)s到期") % {"day": cn_day(last)}
    return _("剩 %(days)d 个工作日") % {"days": days}


def lamp_cell(state: str, due_at: dt.datetime | None, calendar: WorkCalendar) -> dict[str, str]:
    """State and note of a lamp: 正常 剩 3 个工作日（11月20日）."""
    if due_at is None:
        return {"state": "none", "note": ""}
    left = time_left(due_at, calendar)
    day = cn_day(due_at - _INSTANT)
    return {"state": lamp_of(state), "note": left if day in left else f"{left}（{day}）"}


def task_lamp(item: cases.WorkItemView, calendar: WorkCalendar) -> dict[str, str]:
    """The lamp of a task; one that is done shows no time left."""
    if item.status != "open":
        return {"state": lamp_of(item.lamp), "note": ""}
    return lamp_cell(item.lamp, item.due_at, calendar)


def clock_blocks(case: cases.CaseView, calendar: WorkCalendar) -> list[ClockBlock]:
    """All limits of a case; the first that runs and is not the statutory one stands open."""
    running = [clock for clock in case.clocks if clock.running]
    main = next((clock for clock in running if clock.kind != "statutory"), running[0] if running else None)
    ordered = sorted(case.clocks, key=lambda clock: (clock is not main, not clock.running))
    return [_block(clock, calendar, main=clock is main) for clock in ordered]


def _block(clock: cases.ClockView, calendar: WorkCalendar, *, main: bool) -> ClockBlock:
    if not clock.running:
        lamp = {"state": lamp_of(clock.lamp), "note": clock.state_label}
    elif clock.due_at is None:
        lamp = {"state": "none", "note": clock.state_label}
    else:
        lamp = lamp_cell(clock.lamp, clock.due_at, calendar)
    why = clock.sentence
    if clock.provisional:
        why += _("其中有的年份国务院办公厅还没有公布放假安排，公布后会重新推算。")
    return ClockBlock(
        label=clock.label,
        limit=clock.limit_label,
        basis=clock.basis,
        state=clock.state_label,
        lamp=lamp,
        days=bar(clock, local_date()),
        sentence=_sentence(clock),
        why=why,
        main=main,
    )


def _sentence(clock: cases.ClockView) -> str:
    if clock.due_on is None:
        return _("现在停止计时，恢复以后重新推算截止日。") if clock.running else ""
    if clock.ended_at is not None:
        return _("截至%(day)s，%(state)s（%(end)s）。") % {
            "day": cn_date(clock.due_on),
            "state": clock.state_label,
            "end": cn_day(clock.ended_at),
        }
    return _("截至%(day)s。") % {"day": cn_date(clock.due_on)}


def bar(clock: cases.ClockView, today: dt.date) -> list[dict[str, Any]]:
    """Days of a limit for the clock component; a limit that ran out while it runs goes on to today."""
    until = min(today, local_date(clock.ended_at)) if clock.ended_at else today
    days = [
        _day(line, clock, today=today, until=until)
        for line in clock.days
        if line.counted or line.day != clock.started_on or line.day == clock.due_on
    ]
    if clock.running and clock.due_on and today > clock.due_on:
        late = min((today - clock.due_on).days, _LATE_DAYS_SHOWN)
        days += [
            {"day": day, "state": "overdue", "today": day == today}
            for day in (today - dt.timedelta(days=back) for back in range(late - 1, -1, -1))
        ]
    return days


def _day(line: cases.DayLine, clock: cases.ClockView, *, today: dt.date, until: dt.date) -> dict[str, Any]:
    due = line.day == clock.due_on
    if line.counted or due:
        state = "counted" if line.day <= until else "remaining"
    else:
        state = "paused" if _PAUSED in line.reason else "holiday"
    label = _("%(reason)s，第 %(no)d 天") % {"reason": line.reason, "no": line.ordinal} if line.ordinal else line.reason
    return {
        "day": line.day,
        "state": state,
        "label": label,
        "due": due,
        "today": clock.running and line.day == today,
    }
