"""Moments at which a page comes up and goes down."""

import datetime as dt
from typing import Final

#: the worker looks every few seconds; what waits longer past its moment is late
GRACE: Final = dt.timedelta(minutes=5)


def why_not(at: dt.datetime, *, up: dt.datetime | None, down: dt.datetime | None) -> str:
    """Which of two moments cannot be asked for, ``up`` or ``down``; empty when both can."""
    if up is not None and up <= at:
        return "up"
    if down is not None and down <= max(up or at, at):
        return "down"
    return ""


def is_late(due_at: dt.datetime, at: dt.datetime) -> bool:
    """Whether what waits should have happened."""
    return at - due_at > GRACE


def kept_until(deleted_at: dt.datetime, days: int) -> dt.datetime:
    """When something in the bin is removed for good."""
    return deleted_at + dt.timedelta(days=days)
