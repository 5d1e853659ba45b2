"""按期率和各单位排名：figures of supervision, with the guard against small numbers.

按期办结率 = 按期办结 ÷ 办结（各地考核办法通用）；分母太小的不出比例。
"""

import dataclasses
import uuid
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal


def share(part: int, whole: int, *, smallest: int) -> Decimal | None:
    """``part`` of ``whole`` in per cent with one decimal, rounded half up; None below the smallest denominator.

    Only all of all is 100 and only none of all is 0: rounding must not hide the one that was late.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"{part} of {whole} is no share")
    if whole < max(smallest, 1):
        return None
    exact = Decimal(part) * 100 / Decimal(whole)
    rounded = exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    if part < whole and rounded == 100:
        return Decimal("99.9")
    if part > 0 and rounded == 0:
        return Decimal("0.1")
    return rounded


@dataclasses.dataclass(frozen=True)
class Tally:
    """So many of so many done in time."""

    in_time: int = 0
    done: int = 0

    def rate(self, smallest: int) -> Decimal | None:
        """On-time share in per cent, None where there are too few."""
        return share(self.in_time, self.done, smallest=smallest)


@dataclasses.dataclass(frozen=True)
class UnitFigures:
    """One unit on the board; cards are those that stand now, rates those of the period."""

    org_id: uuid.UUID
    org_name: str
    yellow: int = 0
    red: int = 0
    breach: int = 0
    open_steps: int = 0
    late_steps: int = 0
    steps: Tally = Tally()
    cases: Tally = Tally()
    rank: int = 0

    @property
    def cards(self) -> int:
        """Cards that stand now, hints not counted."""
        return self.yellow + self.red + self.breach

    @property
    def worst(self) -> str:
        """The gravest level that stands, empty when none does."""
        return next((level for level in ("breach", "red", "yellow") if getattr(self, level)), "")


def ranked(units: Iterable[UnitFigures], *, smallest: int) -> list[UnitFigures]:
    """Units from the one that needs attention most; equal figures share a rank, a unit without a rate stands last
    among its equals.
    """
    found: list[UnitFigures] = []
    rank, last = 0, None
    for place, unit in enumerate(sorted(units, key=lambda unit: (*_weight(unit, smallest), unit.org_name)), start=1):
        if _weight(unit, smallest) != last:
            rank, last = place, _weight(unit, smallest)
        found.append(dataclasses.replace(unit, rank=rank))
    return found


def _weight(unit: UnitFigures, smallest: int) -> tuple[int, int, int, int, Decimal]:
    rate = unit.steps.rate(smallest)
    return (-unit.breach, -unit.red, -unit.yellow, -unit.late_steps, Decimal(101) if rate is None else rate)
