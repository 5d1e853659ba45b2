"""What counts as a visit of a page."""

import datetime as dt
import re
from typing import Final

#: programs that say what they are; who reads with one of these is nobody
_MACHINES: Final = re.compile(
    r"bot|spider|crawl|slurp|curl|wget|python|java/|go-http|okhttp|httpclient|headless|monitor|preview|scan|feed",
    re.IGNORECASE,
)
_AGAIN: Final = 30


def is_machine(agent: str) -> bool:
    """Whether what reads says that it is a program, or says nothing."""
    return not agent.strip() or bool(_MACHINES.search(agent))


def slot(moment: dt.datetime) -> str:
    """The half hour of a moment: a page read twice within one by the same reader is one visit (chosen here, 待核实).

    >>> slot(dt.datetime(2026, 11, 9, 10, 29)), slot(dt.datetime(2026, 11, 9, 10, 30))
    ('2026-11-09 10:00', '2026-11-09 10:30')
    """
    return f"{moment:%Y-%m-%d %H}:{moment.minute // _AGAIN * _AGAIN:02d}"


def days_of(month: dt.date) -> list[dt.date]:
    """All days of the month that a day lies in."""
    first = month.replace(day=1)
    following = (first + dt.timedelta(days=32)).replace(day=1)
    return [first + dt.timedelta(days=number) for number in range((following - first).days)]
