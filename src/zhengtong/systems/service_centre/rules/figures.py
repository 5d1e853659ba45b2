"""Figures of a hall: waits and handling times in whole minutes, by nearest rank."""

import math
from collections.abc import Collection


def quantile(values: Collection[float], share: float) -> float | None:
    """The smallest value that at least ``share`` of all values do not exceed; None without values."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def minutes(seconds: float | None) -> int | None:
    """Seconds as minutes, rounded; None stays None."""
    return None if seconds is None else round(seconds / 60)


def mean(values: Collection[float]) -> float | None:
    """The arithmetic mean; None without values."""
    return sum(values) / len(values) if values else None
