"""Figures of complaints: sums of counted rows, rates with their guard, what of small numbers may be published."""

import dataclasses
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

#: below this a rate says nothing (n/a), as with every model of appraisal
FEWEST = 5


@dataclasses.dataclass(frozen=True)
class Count:
    """Counted complaints of one group: received, open, answered, of these in time, founded and rated ones."""

    key: str = ""
    label: str = ""
    received: int = 0
    open: int = 0
    late: int = 0
    answered: int = 0
    in_time: int = 0
    judged: int = 0
    founded: int = 0
    rated: int = 0
    satisfied: int = 0
    refused: int = 0

    @property
    def on_time_rate(self) -> Decimal | None:
        """按期办结率 in per cent; None below the guard."""
        return rate(self.in_time, self.answered)

    @property
    def founded_rate(self) -> Decimal | None:
        """投诉属实率: founded or partly, of complaints and reports that were judged; None below the guard."""
        return rate(self.founded, self.judged)

    @property
    def satisfaction_rate(self) -> Decimal | None:
        """满意率: satisfied or fairly, of the rated; None below the guard."""
        return rate(self.satisfied, self.rated)


NUMBERS = tuple(field.name for field in dataclasses.fields(Count) if field.type == "int" or field.type is int)


def rate(part: int, whole: int) -> Decimal | None:
    """Per cent with one digit; None where the whole is too small to say anything."""
    if whole < FEWEST:
        return None
    return (Decimal(part * 100) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def total_of(rows: Iterable[Count], label: str = "") -> Count:
    """All rows together."""
    listed = list(rows)
    return Count(label=label, **{name: sum(getattr(row, name) for row in listed) for name in NUMBERS})


def shown(number: int, smallest: int) -> str:
    """A number for everybody: small ones are not told, for they may point to a person."""
    return str(number) if number == 0 or number >= smallest else f"少于 {smallest}"
