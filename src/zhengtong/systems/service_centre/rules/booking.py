"""What may be booked: how far ahead, until when, and how often somebody may stay away."""

import datetime as dt
from collections.abc import Collection, Sequence


def may_still_book(slot_start: dt.datetime, instant: dt.datetime, *, notice: dt.timedelta) -> bool:
    """True while the slot begins later than the notice the hall needs."""
    return instant + notice <= slot_start


def blocked_until(
    missed: Collection[dt.date], *, today: dt.date, limit: int, within: dt.timedelta, rest: dt.timedelta
) -> dt.date | None:
    """The last day on which somebody who stayed away too often cannot book; None when he can.

    ``limit`` missed appointments within the days ``within`` lead to a rest counted from the last of them; taking a
    number at the hall stays open to him.
    """
    recent = sorted(day for day in missed if today - within <= day <= today)
    if limit <= 0 or len(recent) < limit:
        return None
    until = recent[-1] + rest
    return until if until >= today else None


def best_zones(item_code: str, org_id: str, zones: Sequence[tuple[str, frozenset[str], frozenset[str]]]) -> list[str]:
    """Which zones of one place serve an item: those named for it, else for its unit, else those for everything.

    ``zones`` are (key, item codes, unit ids); a zone with neither serves everything.
    """
    named = [key for key, items, _orgs in zones if item_code in items]
    if not named and org_id:
        named = [key for key, _items, orgs in zones if org_id in orgs]
    return named or [key for key, items, orgs in zones if not items and not orgs]
