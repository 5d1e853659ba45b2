"""How many reviews a page needs, who may review it."""

import uuid
from collections.abc import Iterable, Mapping

#: (who, whom he stood in for)
Judge = tuple[uuid.UUID | None, uuid.UUID | None]


def reviews_needed(path: str, by_column: Mapping[str, int], of_site: int | None, of_county: int) -> int:
    """What the nearest column at or above ``path`` says (each by its own path), else the site, else the county."""
    above = [column for column in by_column if path.startswith(column)]
    if above:
        return by_column[max(above, key=len)]
    return of_county if of_site is None else of_site


def may_judge(reviewer: Judge, others: Iterable[Judge]) -> bool:
    """Whether another person reviews than who wrote, sent in or reviewed: nobody twice, no deputy for two."""
    hands = {one for one in reviewer if one is not None}
    taken = {one for pair in others for one in pair if one is not None}
    return reviewer[0] is not None and hands.isdisjoint(taken)


def steps(reviews: int) -> tuple[str, ...]:
    """The elements of the drawing a page with so many reviews passes."""
    return {1: ("final",), 2: ("first", "final"), 3: ("first", "second", "final")}.get(reviews, ())
