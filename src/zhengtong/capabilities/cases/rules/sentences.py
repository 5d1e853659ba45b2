"""时限说明：one plain sentence that shows how a date came about."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from zhengtong.capabilities.cases.rules.clock import explain
from zhengtong.capabilities.cases.rules.terms import Limit, Pause
from zhengtong.kernel.calendar import WorkCalendar


def cn_day(day: dt.date) -> str:
    """2026年11月21日."""
    return f"{day.year}年{day.month}月{day.day}日"


def arithmetic(
    start_day: dt.date, limit: Limit, pauses: Sequence[Pause], calendar: WorkCalendar, due_on: dt.date | None
) -> str:
    """Start, length, what was left out and the last day: 自…次日起算 8 个工作日，其间不计周末 2 天，截至…."""
    if limit.unit.is_clock_time:
        return f"自{cn_day(start_day)}起算 {limit.label}。"
    if due_on is None:
        return f"自{cn_day(start_day)}的次日起算 {limit.label}，现停止计时，恢复后重新推算截止日。"
    if limit.amount == 0:
        return f"{cn_day(start_day)}当日办结。"
    skipped = Counter(
        line.reason
        for line in explain(start_day, limit, pauses, [], calendar)
        if not line.counted and line.day != start_day
    )
    left_out = "，其间不计" + "、".join(f"{reason} {days} 天" for reason, days in skipped.items()) if skipped else ""
    return f"自{cn_day(start_day)}的次日起算 {limit.label}{left_out}，截至{cn_day(due_on)}。"
