"""What a bulk cancellation does to the units: cards and points before and after, and the digest of its list."""

import dataclasses
import hashlib
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal


@dataclasses.dataclass(frozen=True)
class Weighed:
    """One card that counts against a unit: ``falls`` when it is on the list."""

    org_id: str
    org_name: str
    points: Decimal
    falls: bool


@dataclasses.dataclass(frozen=True)
class Effect:
    """A unit's cards and points that count, before and after."""

    org_id: str
    org_name: str
    cards_before: int
    cards_after: int
    points_before: Decimal
    points_after: Decimal


def effect_of(cards: Iterable[Weighed]) -> list[Effect]:
    """Each unit that loses cards, the one that loses most points first."""
    units: dict[tuple[str, str], list[Weighed]] = defaultdict(list)
    for card in cards:
        units[card.org_id, card.org_name].append(card)
    effects = [
        Effect(
            org_id,
            org_name,
            len(found),
            sum(not card.falls for card in found),
            sum((card.points for card in found), Decimal(0)),
            sum((card.points for card in found if not card.falls), Decimal(0)),
        )
        for (org_id, org_name), found in units.items()
    ]
    touched = [effect for effect in effects if effect.cards_after < effect.cards_before]
    return sorted(
        touched,
        key=lambda one: (one.points_after - one.points_before, one.cards_after - one.cards_before, one.org_name),
    )


def digest_of(numbers: Iterable[str]) -> str:
    """SHA-256 over the sorted card numbers, a line each: whoever has the list can compute it again."""
    return hashlib.sha256("\n".join(sorted(numbers)).encode()).hexdigest()
