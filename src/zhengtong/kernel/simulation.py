"""The invented past of a demonstration: who lives in it, and who must not act on what is due there.

A simulator opens cases in days that are gone and works on them through the real services. What those acts set in
motion (events, jobs) happens in the same past, in whatever process it runs: ``living`` says so. The limits of an
invented case are lit by the simulator as its time passes; the worker's own loops leave them alone (``not_before``).
Outside a demonstration every function here says that nothing is simulated.
"""

import contextlib
import datetime as dt
import time

from django.conf import settings
from django.db import transaction

from zhengtong.kernel import clock
from zhengtong.kernel.models import Simulation

_REREAD_AFTER = 2.0  # seconds

_known: tuple[float, dt.datetime | None, dt.datetime | None] = (float("-inf"), None, None)


@transaction.atomic
def begin(*, tenant: str, from_at: dt.datetime, until_at: dt.datetime, wanted: int, seed: int) -> Simulation:
    """Begin to live through a stretch of past, or go on with the one that was interrupted."""
    found = Simulation.objects.select_for_update().filter(tenant=tenant, ended_at__isnull=True).first()
    if found is None:
        found = Simulation.objects.create(
            tenant=tenant,
            from_at=from_at,
            until_at=until_at,
            position=from_at,
            wanted=wanted,
            seed=seed,
            beat_at=clock.recording_time(),
        )
    _forget()
    return found


def advance(row: Simulation, *, position: dt.datetime, made: int, ended: bool = False) -> None:
    """Note how far a simulation has come."""
    row.position, row.made, row.beat_at = position, made, clock.recording_time()
    row.ended_at = clock.recording_time() if ended else None
    row.save(update_fields=["position", "made", "beat_at", "ended_at"])
    _forget()


def latest(tenant: str) -> Simulation | None:
    """The newest simulation of a tenant, under way or done."""
    return Simulation.objects.filter(tenant=tenant).order_by("-created_at").first()


def has_invented_past() -> bool:
    """Whether this installation has, or is getting, a past that was invented."""
    return _bounds()[0] is not None


def living(at: dt.datetime | None) -> contextlib.AbstractContextManager[None]:
    """The context in which something that happened ``at`` has its consequences: its own past if that was invented."""
    if at is None or clock.lives_in_the_past():
        return contextlib.nullcontext()
    end = _bounds()[0]
    return clock.simulated(at) if end is not None and at < end else contextlib.nullcontext()


def not_before() -> dt.datetime | None:
    """The first instant whose limits this process may act on; None where that is all of them."""
    return None if clock.lives_in_the_past() else _bounds()[1]


def _bounds() -> tuple[dt.datetime | None, dt.datetime | None]:
    """Where the invented past ends: that of all simulations so far, and that of the one under way."""
    global _known
    if not settings.ZHENGTONG_CLOCK_FILE:
        return None, None
    if time.monotonic() - _known[0] > _REREAD_AFTER:
        rows = list(Simulation.objects.order_by("-until_at").values_list("until_at", "ended_at"))
        under_way = [until for until, ended in rows if ended is None]
        _known = (time.monotonic(), rows[0][0] if rows else None, max(under_way, default=None))
    return _known[1], _known[2]


def _forget() -> None:
    global _known
    _known = (float("-inf"), None, None)
