"""Figures of ratings, and what of them may be published without showing how a single person rated."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from zhengtong.capabilities.ratings.rules.grades import BAD, GRADES, stars
from zhengtong.kernel.measures import too_few

_NOTHING: Final[dict[str, int]] = dict.fromkeys(GRADES, 0)


@dataclass(frozen=True)
class Figures:
    """Counted ratings of a unit, of an item, or of all.

    ``excluded`` are ratings judged malicious or mistaken, which are in no other number; ``answered`` are bad ratings
    whose person was contacted, ``in_time`` those of them before the limit. ``masked``: too few to be published, all
    other numbers are then empty.
    """

    key: str = ""
    label: str = ""
    org_id: uuid.UUID | None = None
    grades: Mapping[str, int] = field(default_factory=lambda: dict(_NOTHING))
    answered: int = 0
    in_time: int = 0
    excluded: int = 0
    masked: bool = False

    @property
    def rated(self) -> int:
        """How many counted ratings."""
        return sum(self.grades.values())

    @property
    def bad(self) -> int:
        """How many of them are bad."""
        return sum(count for grade, count in self.grades.items() if grade in BAD)

    @property
    def good(self) -> int:
        """How many are 基本满意 or better."""
        return self.rated - self.bad

    @property
    def mean(self) -> Decimal | None:
        """The mean in stars (5 is best), two digits; None without ratings."""
        if not self.rated:
            return None
        total = sum(stars(grade) * count for grade, count in self.grades.items())
        return (Decimal(total) / self.rated).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def share_good(self) -> Decimal | None:
        """满意率 = (非常满意 + 满意 + 基本满意) / rated, in per cent with one digit; None without ratings."""
        return _percent(self.good, self.rated)

    @property
    def response_rate(self) -> Decimal | None:
        """Share of bad ratings whose person was contacted, in per cent; None without bad ratings."""
        return _percent(self.answered, self.bad)


def _percent(part: int, whole: int) -> Decimal | None:
    return (Decimal(part * 100) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else None


def total_of(rows: Sequence[Figures], *, label: str = "") -> Figures:
    """All rows together."""
    grades = {grade: sum(row.grades.get(grade, 0) for row in rows) for grade in GRADES}
    return Figures(
        label=label,
        grades=grades,
        answered=sum(row.answered for row in rows),
        in_time=sum(row.in_time for row in rows),
        excluded=sum(row.excluded for row in rows),
    )


def masked(row: Figures) -> Figures:
    """The row with its name only."""
    return replace(row, grades=dict(_NOTHING), answered=0, in_time=0, excluded=0, masked=True)


def published(rows: Sequence[Figures], smallest: int) -> tuple[list[Figures], Figures]:
    """Rows as they may be published, and their total.

    A row with fewer than ``smallest`` ratings is masked, with it what would tell the hidden number.
    """
    hidden, alone = too_few([row.rated for row in rows], smallest)
    total = total_of(rows)
    shown = [masked(row) if number in hidden else row for number, row in enumerate(rows)]
    return shown, masked(total) if alone else total
