"""When an address outside counts as dead: it failed on several days, and it was not our own network that was gone."""

import dataclasses
import datetime as dt
from typing import Final

#: a failing address is asked again on the next day, at about the same hour
_TOMORROW: Final = dt.timedelta(hours=20)
_SOON: Final = dt.timedelta(hours=1)
#: how long an answer from outside says that our own way out is open
_OPEN_FOR: Final = dt.timedelta(hours=24)


@dataclasses.dataclass(frozen=True)
class Known:
    """What is known of an address: on how many days it failed since when, what was wrong at first, when to ask next."""

    next_at: dt.datetime
    failed_days: int = 0
    failing_since: dt.date | None = None
    failed_on: dt.date | None = None
    problem: str = ""


def way_is_open(*, answered: bool, last_answer: dt.datetime | None, moment: dt.datetime) -> bool:
    """Whether silence says something of the other side: somebody outside answered now, or within a day.

    >>> noon = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
    >>> way_is_open(answered=False, last_answer=None, moment=noon)
    False
    """
    return answered or (last_answer is not None and moment - last_answer < _OPEN_FOR)


def answered(moment: dt.datetime, days: int) -> Known:
    """What is known of an address that opens: nothing is wrong, it is asked again after ``days``."""
    return Known(moment + dt.timedelta(days=days))


def unheard(known: Known, moment: dt.datetime) -> Known:
    """What is known while our own way out may be shut: what was known, and it is asked again soon."""
    return dataclasses.replace(known, next_at=moment + _SOON)


def failed(known: Known, problem: str, moment: dt.datetime, day: dt.date) -> Known:
    """What is known of an address that did not open on a ``day``; of several times on it one counts."""
    first = known.failing_since is None
    return Known(
        next_at=moment + _TOMORROW,
        failed_days=known.failed_days + (known.failed_on != day),
        failing_since=day if first else known.failing_since,
        failed_on=day,
        problem=problem if first else known.problem,
    )


def sentence(words: str, address: str, since: dt.date, problem: str) -> str:
    """What a finding says of a link that leads to a dead address; the same as long as it stays dead."""
    return f"链接“{words}”打不开：{address[:200]}（{since:%Y-%m-%d} 起，{problem}）"
