"""What strikes the town, in which order and after which pauses: drawn from a seed. Plain Python."""

import dataclasses
import random
from collections.abc import Mapping

#: kind of kill -9 → its share; the worker's back-off (half a minute) bounds how often that may be killed
KILLS: Mapping[str, int] = {
    "web_process": 30,
    "web_server": 6,
    "worker": 5,
    "worker_apart": 4,
    "sealing": 5,
    "second_worker": 12,
    "database_backend": 28,
    "database_server": 10,
}
#: faults that are no kill
OTHERS = (
    "database_restart_fast",
    "database_restart_immediate",
    "disk_full",
    "clock_back",
    "clock_forward",
    "posts_down",
    "deploy",
    "deploy_beside_old_worker",
)
#: from so many kills on, every other fault strikes twice
_TWICE_FROM = 100


@dataclasses.dataclass(frozen=True)
class Strike:
    """One fault, ``pause`` seconds after the one before."""

    kind: str
    pause: float

    @property
    def kills(self) -> bool:
        """Whether it is a kill -9."""
        return self.kind in KILLS


def shares(count: int) -> dict[str, int]:
    """How many kills of each kind make ``count``: by their shares, each once where there are enough."""
    whole = sum(KILLS.values())
    found = {kind: count * share // whole for kind, share in KILLS.items()}
    if count >= len(KILLS):
        found = {kind: max(1, number) for kind, number in found.items()}
    by_share = sorted(KILLS, key=lambda kind: -KILLS[kind])
    place = 0
    while sum(found.values()) != count:
        kind = by_share[place % len(by_share)]
        step = 1 if sum(found.values()) < count else -1
        found[kind] += step if found[kind] + step >= 0 else 0
        place += 1
    return found


def plan(kills: int, seed: int, *, seconds: float) -> list[Strike]:
    """All strikes of a run of about so many seconds, in their order: the other faults stand evenly among the kills."""
    dice = random.Random(seed)
    kinds = [kind for kind, number in shares(kills).items() for _ in range(number)]
    dice.shuffle(kinds)
    others = list(OTHERS) * (2 if kills >= _TWICE_FROM else 1)
    dice.shuffle(others)
    step = max(1, len(kinds) // (len(others) + 1))
    for number, other in enumerate(others, start=1):
        kinds.insert(min(number * (step + 1) - 1, len(kinds)), other)
    mean = seconds / max(1, len(kinds))
    return [Strike(kind, dice.uniform(0.2, 1.8) * mean) for kind in kinds]
