"""When an address outside counts as dead: it failed on several days, and it was not our own network that was gone."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Final

from zhengtong.systems.sites.constants import Reply

#: a failing address is asked again on the next day, at about the same hour
_TOMORROW: Final = dt.timedelta(hours=20)
_SOON: Final = dt.timedelta(hours=1)
#: how long an answer from outside says that our own way out is open
_OPEN_FOR: Final = dt.timedelta(hours=24)


@dataclasses.dataclass(frozen=True)
class Known:
    """What is known of an address: on how many days it failed since when, what was wrong at first, when to ask next."""

    next_at: dt.datetime
    reply: Reply = Reply.WAITING
    failed_days: int = 0
    failing_since: dt.date | None = None
    failed_on: dt.date | None = None
    problem: str = ""


def way_is_open(replies: Iterable[Reply], last_answer: dt.datetime | None, moment: dt.datetime) -> bool:
    """Whether silence says something of the other side: somebody outside answered now, or within a day.

    >>> noon = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
    >>> way_is_open([Reply.SILENT, Reply.SILENT], None, noon), way_is_open([Reply.SILENT, Reply.MISSING], None, noon)
    (False, True)
    """
    if any(reply in (Reply.ANSWERS, Reply.MISSING) for reply in replies):
        return True
    return last_answer is not None and moment - last_answer < _OPEN_FOR


def after(  # what an answer is judged by
    known: Known, reply: Reply, words: str, *, moment: dt.datetime, day: dt.date, days: int, way_open: bool
) -> Known:
    """What is known once an answer has come; ``days``: how often an address that answers is asked."""
    if reply is Reply.SILENT and not way_open:
        return dataclasses.replace(known, next_at=moment + _SOON)
    if reply in (Reply.ANSWERS, Reply.UNASKED):
        return Known(moment + dt.timedelta(days=days), reply)
    again = known.failing_since is None
    return Known(
        next_at=moment + _TOMORROW,
        reply=reply,
        failed_days=known.failed_days + (known.failed_on != day),
        failing_since=day if again else known.failing_since,
        failed_on=day,
        problem=words if again else known.problem,
    )


def sentence(words: str, address: str, since: dt.date, problem: str) -> str:
    """What a finding says of a link that leads to a dead address; the same as long as it stays dead."""
    return f"链接“{words}”打不开：{address[:200]}（{since:%Y-%m-%d} 起，{problem}）"
