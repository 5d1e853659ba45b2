"""Writing the limits of matters that are no case: ending one, and computing its instants anew."""

from zhengtong.capabilities.cases.selectors.limits_apart import LimitInstants, LimitRow
from zhengtong.kernel.clock import local_date, now

_SEVERITY = {"": 0, "yellow": 1, "red": 2}


def end_limit(row: LimitRow, *, judged: bool = True) -> bool | None:
    """End a locked limit now; whether it was kept, None where that says nothing."""
    row.ended_at, row.next_at = now(), None
    row.kept = (row.due_at is None or row.ended_at < row.due_at) if judged else None
    row.save(update_fields=["ended_at", "next_at", "kept"])
    return row.kept


def project_limit(row: LimitRow, found: LimitInstants) -> None:
    """Write the instants of today's calendar, stops and extensions.

    A lamp that a later date no longer bears out goes. A stop without its end has no last day yet: then no lamp comes.
    """
    at = now()
    row.due_on, row.due_at, row.yellow_at = found.due_on, found.due_at, found.yellow_at
    row.projected_on = local_date()
    merited = ""
    if found.due_at is not None and at >= found.due_at:
        merited = "red"
    elif found.yellow_at is not None and at >= found.yellow_at:
        merited = "yellow"
    if _SEVERITY[row.level] > _SEVERITY[merited]:
        row.level = merited
    row.next_at = {"": found.yellow_at or found.due_at, "yellow": found.due_at}.get(row.level)
    row.save()
