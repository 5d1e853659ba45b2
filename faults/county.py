"""``python -m faults.county VAR LOG SEED``: the simulator's people act in the present until SIGTERM.

They go through the same services as the pages. What a service acknowledged is written to the log as soon as its
transaction is over; what a fault broke off is done again by the same key.
"""

import functools
import hashlib
import heapq
import itertools
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from faults.acknowledged import Acknowledgement, Log

_LIVES = 100_000
_APPLICANTS = 60
_TRIES = 6
_PAUSE = 1.0
#: so many open lives at a time: a new one begins when there are fewer things to do
_BREADTH = 12
_FIRST = 6000


def main() -> int:
    """Live until told to end; 0."""
    var, log, seed = Path(sys.argv[1]), Log(Path(sys.argv[2])), int(sys.argv[3])
    ends: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: ends.append(number))

    from zhengtong.entry.runtime.environment import connected
    from zhengtong.entry.runtime.state_folder import StateFolder

    with connected(StateFolder(var), role="app"):
        _note_acknowledgements(log)
        _live(seed, lambda: bool(ends))
    log.close()
    return 0


def _live(seed: int, over: Callable[[], bool]) -> None:
    from django.conf import settings
    from django.db import DatabaseError, connection

    from zhengtong.entry.simulator.acts import County, life_of
    from zhengtong.entry.simulator.stage import Work
    from zhengtong.kernel import clock

    begin = clock.now()
    county = County(settings.ZHENGTONG_TENANT, seed, times=[], until=begin, applicants=_APPLICANTS, first=_FIRST)
    numbers, order = itertools.count(), itertools.count()
    todo: list[tuple[Any, int, Work]] = []
    while not over():
        if len(todo) < _BREADTH:
            life = life_of(seed, next(numbers) % _LIVES)
            heapq.heappush(todo, (clock.now(), next(order), Work(clock.now(), "arrive", life, life)))
        _at, _number, work = heapq.heappop(todo)
        for _try in range(_TRIES):
            broken = county.broken
            try:
                following = county.act(work)
                connection.close_if_unusable_or_obsolete()
            except DatabaseError:
                following = []
                county.broken += 1
            if county.broken == broken:
                break
            connection.close()
            time.sleep(_PAUSE)
        for one in following:
            heapq.heappush(todo, (one.at, next(order), one))


def _note_acknowledgements(log: Log) -> None:
    """From now on the hall's doors write down what they have said yes to."""
    from zhengtong.systems.service_hall import api as hall

    def noted(door: str, told: Callable[[Any, dict[str, Any]], Acknowledgement]) -> None:
        service = getattr(hall, door)

        @functools.wraps(service)
        def acknowledged(**given: Any) -> Any:
            answer = service(**given)
            log.note(told(answer, given))
            return answer

        setattr(hall, door, acknowledged)

    noted("submit_application", lambda row, _given: Acknowledgement("submit", str(row.id)))
    noted("attach_material", _uploaded)
    noted(
        "complete_task",
        lambda _row, given: Acknowledgement(
            "step", str(given["work_item_id"]), given["outcome"], given.get("command_key", "")
        ),
    )


def _uploaded(_file: Any, given: dict[str, Any]) -> Acknowledgement:
    digest = hashlib.sha256(given["content"]).hexdigest()
    return Acknowledgement("upload", str(given["application_id"]), f"{given['material_key']}:{digest}")


if __name__ == "__main__":
    sys.exit(main())
