"""Figures of requests: sums of counted rows, and the rate with its guard."""

import dataclasses
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

#: below this a rate says nothing
FEWEST = 5


@dataclasses.dataclass(frozen=True)
class Count:
    """Counted requests of one group."""

    key: str = ""
    label: str = ""
    received: int = 0
    open: int = 0
    late: int = 0
    answered: int = 0
    in_time: int = 0
    opened: int = 0
    remedies: int = 0

    @property
    def on_time_rate(self) -> Decimal | None:
        """按期答复率 in per cent; None below the guard."""
        return rate(self.in_time, self.answered)

    @property
    def open_rate(self) -> Decimal | None:
        """公开率: opened or opened in part, of the answered; None below the guard."""
        return rate(self.opened, self.answered)


def rate(part: int, whole: int) -> Decimal | None:
    """Per cent with one digit; None where the whole is too small to say anything."""
    if whole < FEWEST:
        return None
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def total_of(counts: Iterable[Count], label: str = "") -> Count:
    """All of them together."""
    listed = list(counts)
    names = [field.name for field in dataclasses.fields(Count) if field.name not in ("key", "label")]
    return Count(label=label, **{name: sum(getattr(one, name) for one in listed) for name in names})
