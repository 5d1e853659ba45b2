"""How long something took on working days, legal stops left out; a working day counts whole, 24 hours."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final

from zhengtong.kernel.calendar import WorkCalendar, end_of_day, local_day, start_of_day

DAY: Final = 86_400
#: kinds of times that are counted; the last counts steps that were late
WAITED, WORKED, TOTAL, LATE = range(4)
_QUARTER = 900
_TENTH = DAY // 10
Span = tuple[dt.datetime, dt.datetime]


def working_seconds(calendar: WorkCalendar, begin: dt.datetime, end: dt.datetime, stops: Iterable[Span] = ()) -> int:
    """Seconds from ``begin`` to ``end`` that lie on working days and in no stop; 0 where the end lies before."""
    if end <= begin:
        return 0
    total = _on_workdays(calendar, begin, end)
    for since, until in _merged(stops):
        total -= _on_workdays(calendar, max(begin, since), min(end, until))
    return total


def _on_workdays(calendar: WorkCalendar, begin: dt.datetime, end: dt.datetime) -> int:
    if end <= begin:
        return 0
    first, last = local_day(begin), local_day(end)
    # whole working days after the first up to the last, then what the first has besides and the last has not
    seconds = float(calendar.workdays_between(first, last) * DAY)
    if calendar.is_workday(first):
        seconds += (end_of_day(first) - begin).total_seconds()
    if calendar.is_workday(last):
        seconds -= (start_of_day(last) + dt.timedelta(days=1) - end).total_seconds()
    return int(seconds)


def _merged(stops: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for since, until in sorted(stops):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return found


def rounded(seconds: int) -> int:
    """As it is shown: to a quarter of an hour below a day, to a tenth of a day below thirty days, then to a day."""
    unit = _QUARTER if seconds < DAY else _TENTH if seconds < 30 * DAY else DAY
    return seconds // unit * unit


def percentile(counts: Mapping[int, int], share: float) -> int:
    """The value that at least this share of all do not exceed (nearest rank); 0 of nothing."""
    wanted, seen = share * sum(counts.values()), 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= wanted:
            return value
    return 0
