"""Limits as the desk shows them: the time left in words, and the bar of days."""

import dataclasses
import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel.calendar import SHANGHAI, OutOfCalendar, WorkCalendar
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.ui.clock_bar import days_of
from zhengtong.kernel.ui.formats import cn_date, cn_day, cn_time

_INSTANT = dt.timedelta(microseconds=1)


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
    lines: list[dict[str, str]]
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


def last_day(due_at: dt.datetime) -> dt.date:
    """The last day of a limit that ends at an instant: limits by days end at 24:00."""
    return local_date(due_at - _INSTANT)


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
    elif clock.due_at is None or clock.state == "paused":
        lamp = {"state": "none", "note": clock.state_label}
    else:
        lamp = lamp_cell(clock.lamp, clock.due_at, calendar)
    return ClockBlock(
        label=clock.label,
        limit=clock.limit_label,
        basis=clock.basis,
        state=clock.state_label,
        lamp=lamp,
        days=bar(clock),
        sentence=_sentence(clock),
        why=clock.why,
        lines=day_lines(clock),
        main=main,
    )


def _sentence(clock: cases.ClockView) -> str:
    if clock.due_on is None:
        return _("现在停止计时，恢复以后重新推算截止日。") if clock.running else ""
    if clock.state == "paused":
        return _("现在停止计时；按最长的停止时间推算，截至%(day)s。") % {"day": cn_date(clock.due_on)}
    if clock.ended_at is not None:
        return _("截至%(day)s，%(state)s（%(end)s）。") % {
            "day": cn_date(clock.due_on),
            "state": clock.state_label,
            "end": cn_day(clock.ended_at),
        }
    return _("截至%(day)s。") % {"day": cn_date(clock.due_on)}


def bar(clock: cases.ClockView) -> list[dict[str, Any]]:
    """Days of a limit for the clock component, for applicant and desk alike."""
    return days_of(
        clock.days,
        started_on=clock.started_on,
        due_on=clock.due_on,
        ended_on=local_date(clock.ended_at) if clock.ended_at else None,
        today=local_date(),
    )


def renewal_sentence(case: cases.CaseView) -> str:
    """That the licence counts as renewed, where it does (行政许可法 第五十条)."""
    if case.renewal_deemed_on is None:
        return ""
    return _("证照有效期%(day)s届满前没有作出是否准予延续的决定，依法视为准予延续。") % {
        "day": cn_date(case.renewal_deemed_on)
    }


def day_lines(clock: cases.ClockView) -> list[dict[str, str]]:
    """The day-by-day explanation as a table: day, the how-manieth, why."""
    return [_line(line) for line in clock.days]


def _line(line: cases.DayLine) -> dict[str, str]:
    uncounted = _("计入") if line.counted else _("不计入")
    ordinal = _("第 %(no)d 天") % {"no": line.ordinal} if line.ordinal else uncounted
    reason = f"{line.reason}{_('（待公布的节假日安排）')}" if line.provisional else line.reason
    return {"day": cn_day(line.day), "ordinal": ordinal, "reason": reason}
