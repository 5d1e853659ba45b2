"""Acts whose moment has come, each in a transaction of its own: one that fails holds up no other."""

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.db import InterfaceError, OperationalError

from zhengtong.kernel.simulation import not_before

log = logging.getLogger(__name__)


def since(field: str) -> dict[str, dt.datetime]:
    """The condition that leaves the limits of a demonstration's invented past to its simulator; empty in earnest."""
    earliest = not_before()
    return {} if earliest is None else {f"{field}__gte": earliest}


def each(act: Callable[..., int], due: Iterable[tuple[Any, ...]]) -> int:
    """Carry ``act`` out for everything that is due; returns how much was done.

    A failure is logged and the others go on; at the end RuntimeError has the loop pause and try again. A lost
    connection fails all of them and is raised at once.
    """
    done = failed = 0
    for found in due:
        try:
            done += act(*found)
        except (InterfaceError, OperationalError):
            raise
        except Exception:
            log.exception("%s failed for %s", act.__name__, found)
            failed += 1
    if failed:
        raise RuntimeError(f"{failed} acts whose moment has come failed; see the log")
    return done
