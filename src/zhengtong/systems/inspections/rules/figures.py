"""Figures of inspections and the shares made of them."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

#: below so many no share is given
FEWEST = 5


@dataclass(frozen=True)
class Count:
    """Counts of one line: a unit, a month, a plan, or all."""

    key: str = ""
    label: str = ""
    visits: int = 0
    points: int = 0
    bad: int = 0
    serious: int = 0
    passed: int = 0
    referred: int = 0
    open: int = 0
    late: int = 0

    @property
    def bad_rate(self) -> float | None:
        """Points not in order among those looked at, in per cent."""
        return _share(self.bad, self.points)

    @property
    def passed_rate(self) -> float | None:
        """Findings put right among all, in per cent."""
        return _share(self.passed, self.bad)


def total_of(counts: Iterable[Count], label: str = "") -> Count:
    """The sum."""
    found = Count(label=label)
    names = [field.name for field in fields(Count) if field.name not in ("key", "label")]
    for one in counts:
        found = replace(found, **{name: getattr(found, name) + getattr(one, name) for name in names})
    return found


def _share(part: int, whole: int) -> float | None:
    return round(part * 100 / whole, 1) if whole >= FEWEST else None
