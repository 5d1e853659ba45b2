"""Figures with a name, a unit and a formula: computed, said, compared; small numbers that lead to a person are hidden.

Plain Python: rules of systems build on it.
"""

import dataclasses
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Generic, Protocol, TypeVar

Value = Decimal | int | None
_NAMED = 5  # places a sentence names before it says how many more


class Counted(Protocol):
    """What was counted in a time, for a county or a unit."""

    @property
    def empty(self) -> bool:
        """True when nothing at all happened."""


T = TypeVar("T", bound=Counted)


@dataclasses.dataclass(frozen=True)
class Measure(Generic[T]):
    """One figure: its words, unit and formula, ``of`` computes it; ``better`` is up, down or empty.

    ``rows`` says whether the rows behind it can be listed.
    """

    key: str
    label: str
    unit: str
    group: str
    formula: str
    of: Callable[[T], Value]
    better: str = ""
    rows: bool = True

    @property
    def is_share(self) -> bool:
        """True for a percentage: it changes by points."""
        return self.unit == "%"

    def said(self, counted: T) -> str:
        """The figure in words, a dash where nothing happened."""
        return "—" if counted.empty else words(self, self.of(counted))


def percent(part: int, whole: int) -> Decimal | None:
    """``part`` of ``whole`` in per cent with one decimal; None of nothing. 100 only for all, 0 only for none."""
    if not whole:
        return None
    exact = Decimal(100 * part) / whole
    low, high = (Decimal(0), Decimal(100)) if part in (0, whole) else (Decimal("0.1"), Decimal("99.9"))
    return min(max(exact.quantize(Decimal("0.1"), ROUND_HALF_UP), low), high)


def words(measure: Measure[T], value: Value) -> str:
    """A value with its unit as a sentence says it: 98.2%, 1,204 件, a dash for none."""
    if value is None:
        return "—"
    return f"{plain(value)}%" if measure.is_share else f"{plain(value)} {measure.unit}"


def plain(value: Value) -> str:
    """A value without its unit: whole numbers with thousands, no trailing zero of days."""
    if value is None:
        return "—"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,}"


def change(measure: Measure[T], now: Value, then: Value) -> str:
    """How a figure changed: counts in per cent, shares in points, days in days; empty without the one or the other."""
    if now is None or then is None:
        return ""
    more = Decimal(now) - Decimal(then)
    if not more:
        return "持平"
    if measure.is_share:
        return f"{'提高' if more > 0 else '下降'} {plain(abs(more))} 个百分点"
    if measure.unit == "个工作日":
        return f"{'多' if more > 0 else '少'} {plain(abs(more))} 个工作日"
    if not then:
        return f"多 {more:,} {measure.unit}" if more > 0 else ""
    share = (abs(more) * 100 / abs(Decimal(then))).quantize(Decimal("0.1"))
    return f"{'增加' if more > 0 else '减少'} {plain(share)}%"


def against(measure: Measure[T], now: T, before: T, last_year: T) -> str:
    """，比上月……，比去年同月……; empty where there is nothing to compare with."""
    found = [
        (name, change(measure, measure.of(now), measure.of(then)))
        for name, then in (("比上月", before), ("比去年同月", last_year))
        if not then.empty
    ]
    return "".join(f"，{name}{said}" for name, said in found if said)


def named(counted: Sequence[tuple[str, int]], unit: str = "件") -> str:
    """甲（2 件）、乙（1 件）, the most first, a few by name; empty where all are none."""
    there = sorted((one for one in counted if one[1]), key=lambda one: -one[1])
    said = "、".join(f"{name}（{count} {unit}）" for name, count in there[:_NAMED])
    return f"{said}等 {len(there)} 个单位" if len(there) > _NAMED else said


def too_few(counts: Sequence[int], smallest: int) -> tuple[set[int], bool]:
    """Which places of a list of counts must not be shown, and whether their total must not be shown either.

    A count below ``smallest`` is hidden. Where the hidden ones together still hold fewer, the next larger ones are
    hidden with them, else the total minus what is shown would tell; where that cannot be reached the total is hidden.
    """
    hidden = {place for place, count in enumerate(counts) if 0 < count < smallest}
    rest = sorted((place for place, n in enumerate(counts) if n and place not in hidden), key=lambda n: counts[n])
    while hidden and rest and (len(hidden) < 2 or sum(counts[n] for n in hidden) < smallest):
        hidden.add(rest.pop(0))
    alone = bool(hidden) and (len(hidden) < 2 or sum(counts[n] for n in hidden) < smallest)
    return hidden, alone or 0 < sum(counts) < smallest
