"""How well a rule finds: precision and recall from what was planted and what was flagged, estimates from judgements."""

import dataclasses
from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal


@dataclasses.dataclass(frozen=True)
class Found:
    """Cases that were flagged rightly, planted ones that were not, and others that were flagged."""

    found: int
    missed: int
    false: int

    @property
    def precision(self) -> Decimal | None:
        """Share of the flagged cases that were planted, in per cent; None where nothing was flagged."""
        return _share(self.found, self.found + self.false)

    @property
    def recall(self) -> Decimal | None:
        """Share of the planted cases that were flagged, in per cent; None where nothing was planted."""
        return _share(self.found, self.found + self.missed)


def compared(planted: Collection[str], flagged: Collection[str]) -> Found:
    """Planted against flagged cases; each case counts once."""
    wanted, got = set(planted), set(flagged)
    return Found(len(wanted & got), len(wanted - got), len(got - wanted))


def estimated(confirmed: int, cancelled: int) -> Decimal | None:
    """Precision as the judgements of earlier cards suggest it; None where none was judged."""
    return _share(confirmed, confirmed + cancelled)


def _share(part: int, whole: int) -> Decimal | None:
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
