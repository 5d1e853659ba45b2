"""开始和截止由时钟决定：whether a consultation or survey is open, and what moves its days."""

import datetime as dt

from zhengtong.systems.opinions.constants import Phase, State

_FIXED = {
    State.DRAFT: Phase.DRAFT,
    State.SUBMITTED: Phase.SUBMITTED,
    State.ANSWERED: Phase.ANSWERED,
    State.WITHDRAWN: Phase.WITHDRAWN,
}


def phase_of(state: str, opens_at: dt.datetime | None, closes_at: dt.datetime | None, at: dt.datetime) -> Phase:
    """The phase at a moment: open from ``opens_at`` on, not any more at ``closes_at``."""
    if state != State.PUBLISHED or opens_at is None or closes_at is None:
        return _FIXED.get(State(state), Phase.WAITING)
    if at < opens_at:
        return Phase.WAITING
    return Phase.OPEN if at < closes_at else Phase.CLOSED


def days_when_published(opens_on: dt.date, closes_on: dt.date, today: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day as they are when it is signed: signed late it still stays open as long as it was to be."""
    late = max((today - opens_on).days, 0)
    return opens_on + dt.timedelta(days=late), closes_on + dt.timedelta(days=late)


def last_day(opens_on: dt.date, days: int) -> dt.date:
    """The last of so many days, the first one counted."""
    return opens_on + dt.timedelta(days=max(days, 1) - 1)
