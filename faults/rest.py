"""After the last strike: everything is there again, and the town gets the time to finish what was begun."""

import time
from collections.abc import Callable, Mapping

import psycopg

from faults import records
from faults.town import Town

#: longer than the worker's hold on a notice whose sending was cut off, and than the pause before another try
LEASES_OVER = "20m"
_LOOK = 2.0


def wait_for_rest(town: Town, *, seconds: float, say: Callable[[str], None]) -> Mapping[str, list[str]]:
    """Wait until nothing is under way, at most so long; what still is."""
    give_up, told, left = time.monotonic() + seconds, 0.0, dict[str, list[str]]()
    while time.monotonic() < give_up:
        try:
            with town.database() as connection:
                left = records.waiting(connection, town_now=town.now())
        except psycopg.Error:
            left = {"database that does not answer": [""]}
        if not left:
            break
        if time.monotonic() - told > 15:
            told = time.monotonic()
            say("等待恢复平静：" + "；".join(f"{what} {len(keys)}" for what, keys in left.items()))
        time.sleep(_LOOK)
    return left
