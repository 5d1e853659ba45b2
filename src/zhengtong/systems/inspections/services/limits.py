"""The limits of rectifications and referrals: they begin, are computed anew, and end here and nowhere else."""

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel import parameters
from zhengtong.kernel.clock import local_date, now
from zhengtong.systems.inspections.constants import AGAIN_LIMIT, RECTIFY_LIMIT, REVIEW_LIMIT
from zhengtong.systems.inspections.models import Limited, Rectification
from zhengtong.systems.inspections.selectors.clocks import instants_of

_SEVERITY = {"": 0, "yellow": 1, "red": 2}


def begin(row: Rectification, stage: str) -> None:
    """Start the unit's limit to rectify, or the inspectors' to review, today; not saved."""
    again = row.turn > 1
    row.stage = stage
    begin_limit(row, REVIEW_LIMIT if stage == "review" else AGAIN_LIMIT if again else RECTIFY_LIMIT)


def begin_limit(row: Limited, key: str) -> None:
    """Start a limit of the length a parameter says, today; not saved."""
    limit = cases.Limit.parse(str(parameters.value(key, tenant=row.tenant)))
    row.amount, row.unit = limit.amount or 0, str(limit.unit)
    row.started_on, row.level, row.running = local_date(), "", True
    project(row)


def project(row: Limited) -> None:
    """Compute the instants anew from today's calendar; a lamp that a later date does not bear out goes. Not saved."""
    row.due_on, row.due_at, row.yellow_at = instants_of(row)
    row.projected_on = local_date()
    at = now()
    merited = "red" if at >= row.due_at else "yellow" if row.yellow_at and at >= row.yellow_at else ""
    if _SEVERITY[row.level] > _SEVERITY[merited]:
        row.level = merited
    row.next_at = {"": row.yellow_at or row.due_at, "yellow": row.due_at}.get(row.level)


def end(row: Rectification) -> bool:
    """The limit that runs is over; whether it was kept. Not saved."""
    kept = end_limit(row)
    if row.stage == "rectify":
        row.kept = row.kept and kept
    return kept


def end_limit(row: Limited) -> bool:
    """Stop a limit; whether it was kept. Not saved."""
    row.running, row.next_at = False, None
    return now() < row.due_at
