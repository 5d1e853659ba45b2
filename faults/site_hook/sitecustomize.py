"""Loaded by every Python process of the town at its start: the machine's clock stands where a file says.

Moves what ``zhengtong.kernel.clock`` takes for the machine's clock, ``time.time`` and ``time.time_ns``; the steady
clock that measures pauses goes on as ever. libfaketime would move more, but in front of Python 3.11 it makes every
``time.sleep`` fail or hang.
"""

import datetime as dt
import importlib.abc
import importlib.util
import os
import sys
import time
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_FILE = os.environ.get("FAULTS_CLOCK_FILE", "")
_CLOCK = "zhengtong.kernel.clock"
_REREAD_AFTER = 0.5
_time, _time_ns = time.time, time.time_ns
_read = (float("-inf"), 0.0)


def offset() -> float:
    """How far the clock stands ahead of the right time, in seconds."""
    global _read
    if time.monotonic() - _read[0] > _REREAD_AFTER:
        try:
            with open(_FILE, encoding="ascii") as file:  # noqa: PTH123  (the less is loaded here the better)
                _read = (time.monotonic(), float(file.read()))
        except (OSError, ValueError):
            _read = (time.monotonic(), _read[1])
    return _read[1]


class _Datetime(dt.datetime):
    """``datetime.datetime`` whose ``now`` stands where the file says."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Any:
        """The instant that the machine would give."""
        return dt.datetime.now(tz) + dt.timedelta(seconds=offset())


class _Dates:
    """The module ``datetime`` with another ``now``."""

    datetime = _Datetime

    def __getattr__(self, name: str) -> Any:
        return getattr(dt, name)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the clock's module as everybody does, and sets its hands once it is loaded."""

    def find_spec(self, name: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        """The module's own spec with a loader that does the rest; None for all other modules."""
        if name != _CLOCK:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        loader = spec.loader if spec is not None else None
        if spec is None or loader is None:
            return None
        load = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            load(module)
            module.dt = _Dates()  # type: ignore[attr-defined]  # that is what this is for

        loader.exec_module = exec_module  # type: ignore[method-assign]  # of this one loader only
        return spec


if _FILE:
    time.time = lambda: _time() + offset()
    time.time_ns = lambda: _time_ns() + int(offset() * 1e9)
    sys.meta_path.insert(0, _Finder())
