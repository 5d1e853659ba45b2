"""Loops of the worker: small batches of work that must run soon and for ever."""

import dataclasses
import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.db import InterfaceError, OperationalError

from zhengtong.kernel.registry import Registry

if TYPE_CHECKING:
    from django.db.models import QuerySet

log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True)
class Loop:
    """``fn`` does one batch in its own transaction(s) and returns how many things it did.

    The worker calls it again at once while it returns more than nothing, else after ``interval`` seconds. A
    ``timed`` loop acts because a moment has come: it stands still while the clock has gone backwards. A loop that is
    ``apart`` must keep up when much happens at once: it has a process, and so a processor, beside the others'.
    """

    name: str
    fn: Callable[[], int]
    interval: float
    timed: bool = False
    apart: bool = False


worker_loops: Registry[Loop] = Registry("worker_loops")


def register_loop(
    name: str, fn: Callable[[], int], *, interval: float, timed: bool = False, apart: bool = False
) -> None:
    """Have the worker run ``fn``; called in ``apps.ready()``."""
    worker_loops.register(name, Loop(name, fn, interval, timed, apart))


#: what failed when it was last tried, by act, the longest untried first; kept in mind by the process that tries it
_failed: dict[str, dict[tuple[Any, ...], None]] = {}


def due_first(
    act: Callable[..., int], rows: "QuerySet[Any, Any]", *, size: int, before: tuple[Any, ...] = ()
) -> list[Any]:
    """The first ``size`` of ``rows`` for ``each``; what failed when it was last tried comes behind all others.

    However many always fail, they keep nothing that comes after them from its turn. ``rows`` are values that begin
    with the primary key, or the key alone; ``before`` is what stands before the key in what ``act`` is given.
    """
    failed, place = _failed.setdefault(_name(act), {}), len(before)
    known = {found[place]: found for found in failed if found[:place] == before}
    if not known:
        return list(rows[:size])
    others = list(rows.exclude(pk__in=list(known))[:size])
    again = {_key(row): row for row in rows.filter(pk__in=list(known))}
    for key in known.keys() - again.keys():
        failed.pop(known[key], None)  # no longer due
    return others + [again[key] for key in known if key in again][: size - len(others)]


def each(act: Callable[..., int], due: Iterable[tuple[Any, ...]]) -> int:
    """Carry ``act`` out for everything that is due, each a transaction of its own; returns how much was done.

    One that fails is logged and holds up no other; at the end RuntimeError has the loop pause and try again. A lost
    connection fails all of them and is raised at once.
    """
    done = failed = 0
    remembered = _failed.get(_name(act))
    for found in due:
        if remembered is not None:
            remembered.pop(found, None)
        try:
            done += act(*found)
        except (InterfaceError, OperationalError):
            raise
        except Exception:
            log.exception("%s failed for %s", act.__name__, found)
            failed += 1
            if remembered is not None:
                remembered[found] = None
    if failed:
        raise RuntimeError(f"{failed} of what was due failed in {act.__name__}; see the log")
    return done


def _key(row: Any) -> Any:
    return row[0] if isinstance(row, tuple) else row


def _name(act: Callable[..., int]) -> str:
    return f"{act.__module__}.{act.__qualname__}"


def run_until_idle(*, rounds: int = 50) -> int:
    """Run every loop until none finds work; for tests and commands. Returns how many things were done."""
    total = 0
    for _ in range(rounds):
        done = sum(loop.fn() for _, loop in worker_loops.items())
        total += done
        if not done:
            return total
    raise RuntimeError("the worker loops do not come to rest")
