"""开始和截止由时钟决定：whether a consultation or survey is open, and what moves its days."""

import datetime as dt


def phase_of(state: str, opens_at: dt.datetime | None, closes_at: dt.datetime | None, at: dt.datetime) -> str:
    """The phase at a moment, a word of ``constants.Phase``: open from ``opens_at`` on, not any more at ``closes_at``.

    ``state`` is a word of ``constants.State``; only what is published moves with the clock.
    """
    if state != "published" or opens_at is None or closes_at is None:
        return state
    if at < opens_at:
        return "waiting"
    return "open" if at < closes_at else "closed"


def days_when_published(opens_on: dt.date, closes_on: dt.date, today: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day as they are when it is signed: signed late it still stays open as long as it was to be."""
    late = max((today - opens_on).days, 0)
    return opens_on + dt.timedelta(days=late), closes_on + dt.timedelta(days=late)


def last_day(opens_on: dt.date, days: int) -> dt.date:
    """The last of so many days, the first one counted."""
    return opens_on + dt.timedelta(days=max(days, 1) - 1)
