"""延续：届满前申请，逾期未作决定视为准予延续 (行政许可法 第五十条)."""

import datetime as dt
from dataclasses import dataclass

from zhengtong.capabilities.cases.rules.terms import Limit, Unit
from zhengtong.kernel.calendar import WorkCalendar, end_of_day


@dataclass(frozen=True)
class Renewal:
    """What a licence that ends on ``until`` means for an application to renew it.

    ``apply_by`` is the last day for an application in time. ``deemed_at`` is the instant from which silence counts
    as consent (24:00 of ``until``), None for an application that came too late: the law gives its effect to an
    application made under the article.
    """

    until: dt.date
    apply_by: dt.date
    in_time: bool
    deemed_at: dt.datetime | None

    def deemed_renewed(self, now: dt.datetime) -> bool:
        """Whether an undecided application counts as granted at ``now``."""
        return self.deemed_at is not None and now >= self.deemed_at


def renewal(until: dt.date, applied_on: dt.date, ahead: Limit, calendar: WorkCalendar) -> Renewal:
    """The days of a renewal; ``ahead`` (in WD or D) is how long before its end the application is due.

    With 30 WD the 30th working day before ``until`` is still in time. ValueError for another unit.
    """
    days = ahead.amount or 0
    if ahead.unit is Unit.WD:
        apply_by = calendar.add_workdays(until, -days)
    elif ahead.unit is Unit.D:
        apply_by = until - dt.timedelta(days=days)
    else:
        raise ValueError(f"how long ahead of its end a licence is renewed is counted in days: {ahead}")
    in_time = applied_on <= apply_by
    return Renewal(until, apply_by, in_time, end_of_day(until) if in_time else None)


def limit_until(until: dt.date, applied_on: dt.date) -> Limit:
    """The limit of natural days that begins with the application and ends with the licence."""
    return Limit(max(0, (until - applied_on).days), Unit.D)
