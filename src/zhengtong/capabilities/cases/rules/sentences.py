"""时限说明：one plain sentence that shows how a date came about; applicant, clerk and supervisor read the same."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from zhengtong.capabilities.cases.rules.clock import explain
from zhengtong.capabilities.cases.rules.terms import DayLine, Due, Extension, Limit, Pause
from zhengtong.kernel.calendar import PROVISIONAL_NOTE, SHANGHAI, WorkCalendar, local_day


def cn_day(day: dt.date) -> str:
    """2026年11月21日."""
    return f"{day.year}年{day.month}月{day.day}日"


def arithmetic(
    start: dt.date | dt.datetime,
    limit: Limit,
    pauses: Sequence[Pause],
    extensions: Sequence[Extension],
    calendar: WorkCalendar,
    due: Due,
    *,
    roll_natural_days: bool = True,
) -> str:
    """Start, length, extension, what was left out and the last day: 自…次日起算 8 个工作日，其间不计周末 2 天，截至….

    A date that leans on a year without its notice says so at the end.
    """
    longer = "".join(f"，另经批准延长 {part.amount} {part.unit.label}" for part in extensions)
    if limit.unit.is_clock_time:
        return _by_the_clock(start, limit, longer, due)
    start_day = local_day(start) if isinstance(start, dt.datetime) else start
    head = f"自{cn_day(start_day)}的次日起算 {limit.label}{longer}"
    if due.due_date is None:
        return f"{head}，现停止计时，恢复后重新推算截止日。"
    if limit.amount == 0 and not extensions:
        return f"{cn_day(start_day)}当日办结。"
    lines = explain(start, limit, pauses, extensions, calendar, roll_natural_days=roll_natural_days)
    skipped = Counter(line.reason for line in lines[1:] if not line.counted and line.day != due.due_date)
    left_out = "，其间不计" + "、".join(f"{reason} {days} 天" for reason, days in skipped.items()) if skipped else ""
    rolled = "（届满日逢休息日，顺延至下一工作日）" if not lines[-1].counted else ""
    said = f"{head}{left_out}，截至{cn_day(due.due_date)}{rolled}。"
    return said + provisional_note(lines) if due.provisional else said


def by_the_calendar_of_then(start_day: dt.date, limit: Limit, due_on: dt.date | None) -> str:
    """For an ended limit whose calendar was replaced since: the date that held, without its days."""
    end = f"截至{cn_day(due_on)}" if due_on else "已经结束"
    head = f"自{cn_day(start_day)}的次日起算 {limit.label}"
    return f"{head}，按当时的工作日历{end}；此后工作日历有变更，不影响已结束的时限。"


def provisional_note(lines: Sequence[DayLine]) -> str:
    """The sentence about years whose notice is not known; empty where no line leans on one."""
    years = sorted({line.day.year for line in lines if line.provisional})
    if not years:
        return ""
    named = "、".join(f"{year}年" for year in years)
    return f"{named}的日期暂按周一至周五推算，{PROVISIONAL_NOTE}。"


def moved(cause: str, old: dt.date | None, new: dt.date | None) -> str:
    """One sentence about a date that was computed anew: 因…重新计算，截止日由…改为…."""
    if new is None:
        return f"因{cause}停止计时，原截止日{_or_none(old)}不再适用。"
    return f"因{cause}重新计算，截止日由{_or_none(old)}改为{cn_day(new)}。"


def _or_none(day: dt.date | None) -> str:
    return cn_day(day) if day else "未定"


def _by_the_clock(start: dt.date | dt.datetime, limit: Limit, longer: str, due: Due) -> str:
    begun = start.astimezone(SHANGHAI) if isinstance(start, dt.datetime) else start
    time = f" {begun:%H:%M}" if isinstance(begun, dt.datetime) else ""
    head = f"自{cn_day(begun)}{time} 起连续计算 {limit.label}{longer}"
    if due.due_at is None or due.due_date is None:
        return f"{head}，现停止计时，恢复后重新推算截止时刻。"
    ends = due.due_at.astimezone(SHANGHAI)
    at_midnight = ends.time() == dt.time()
    moment = f"{cn_day(due.due_date)} 24:00" if at_midnight else f"{cn_day(ends)} {ends:%H:%M}"
    return f"{head}，截至{moment}。"
