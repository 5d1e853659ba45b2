"""Taking turns: every contestant does the same work in every round, so that noise of the machine hits all alike."""

import dataclasses
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class Contestant:
    """Who takes part: ``run(n)`` does n pieces of work; ``server_pid`` is the database process that serves it."""

    name: str
    run: Callable[[int], None]
    server_pid: int | None = None


@dataclasses.dataclass(frozen=True)
class Sample:
    """One turn: per piece of work, seconds on the clock and CPU seconds of client and database process."""

    seconds: float
    client_cpu: float
    server_cpu: float


@dataclasses.dataclass(frozen=True)
class Standing:
    """All turns of one contestant."""

    samples: tuple[Sample, ...]

    @property
    def rate(self) -> float:
        """Median pieces of work per second."""
        return 1 / statistics.median(sample.seconds for sample in self.samples)

    @property
    def client_ms(self) -> float:
        """Median CPU milliseconds of the client per piece of work."""
        return 1000 * statistics.median(sample.client_cpu for sample in self.samples)

    @property
    def server_ms(self) -> float:
        """Median CPU milliseconds of the database process per piece of work."""
        return 1000 * statistics.median(sample.server_cpu for sample in self.samples)


def take_turns(contestants: Sequence[Contestant], *, rounds: int, pieces: int) -> dict[str, Standing]:
    """A B C, B C A, C A B …; one round before that is not counted (caches, prepared statements)."""
    samples: dict[str, list[Sample]] = {contestant.name: [] for contestant in contestants}
    for contestant in contestants:
        contestant.run(max(1, min(pieces, 6)))
    for number in range(rounds):
        shift = number % len(contestants)
        for contestant in (*contestants[shift:], *contestants[:shift]):
            samples[contestant.name].append(_turn(contestant, pieces))
    return {name: Standing(tuple(taken)) for name, taken in samples.items()}


def ratio(standings: Mapping[str, Standing], ours: str, theirs: str) -> float:
    """How fast ours is as a multiple of theirs: the median over the rounds, each compared within itself."""
    pairs = zip(standings[ours].samples, standings[theirs].samples, strict=True)
    return statistics.median(other.seconds / own.seconds for own, other in pairs)


def _turn(contestant: Contestant, pieces: int) -> Sample:
    server = cpu_of(contestant.server_pid)
    client, begun = time.process_time(), time.perf_counter()
    contestant.run(pieces)
    seconds, client = time.perf_counter() - begun, time.process_time() - client
    return Sample(seconds / pieces, client / pieces, (cpu_of(contestant.server_pid) - server) / pieces)


def cpu_of(pid: int | None) -> float:
    """CPU seconds of a process; 0 where the system does not tell (not Linux)."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9
    except OSError:
        return 0.0
