"""听证期限：告知后五日内申请，申请后二十日内组织，举行七日前通知 (行政许可法 第四十七条、第四十八条)."""

import datetime as dt

from zhengtong.capabilities.cases.rules.clock import deadline_of
from zhengtong.capabilities.cases.rules.statute import HEARING_HOLD_LIMIT, HEARING_NOTICE_AHEAD
from zhengtong.kernel.calendar import WorkCalendar


def hold_until(requested_on: dt.date, calendar: WorkCalendar) -> dt.date:
    """The last day on which the hearing may be organised."""
    return _end(deadline_of(requested_on, HEARING_HOLD_LIMIT, (), (), calendar).due_date)


def earliest_day(notified_on: dt.date, calendar: WorkCalendar) -> dt.date:
    """The first day on which a hearing may be held whose notice goes out on ``notified_on``.

    The notice goes out seven working days before: the seventh working day after it is the first that may do.
    """
    return _end(deadline_of(notified_on, HEARING_NOTICE_AHEAD, (), (), calendar).due_date)


def hearing_day_problem(day: dt.date, *, notified_on: dt.date, hold_by: dt.date, calendar: WorkCalendar) -> str:
    """Why a hearing may not be set for ``day``, as a sentence; empty when it may.

    Where the notice goes out so late that no day keeps both limits, only the first day that it allows is left.
    """
    earliest = earliest_day(notified_on, calendar)
    if earliest > hold_by:
        late = f"已来不及在 20 个工作日内组织听证，只能定在最早的一天：{earliest.isoformat()}。"
        return "" if day == earliest else late
    if day < earliest:
        return f"听证须在举行的 7 个工作日前通知，今天通知的最早可定在 {earliest.isoformat()}。"
    if day > hold_by:
        return f"听证须在收到听证申请之日起 20 个工作日内组织，最迟 {hold_by.isoformat()}。"
    return "" if calendar.is_workday(day) else "请选择工作日举行听证。"


def _end(day: dt.date | None) -> dt.date:
    if day is None:
        raise ValueError("a limit without pauses has an end")
    return day
