"""The only now.

In a demo the clock can be moved forward (``zhengtong demo clock``): the offset in seconds lives in a small
file that web and worker both read, so that a limit of days can be watched passing. The demo's simulator lives
through past days (``simulated``) while everybody else stays in the present. Outside the demo the setting
``ZHENGTONG_CLOCK_FILE`` is empty: no file is ever read, and nothing can be simulated.
"""

import contextlib
import contextvars
import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from zhengtong.kernel.calendar import local_day

_REREAD_AFTER = 0.5
_BACKWARD_TOLERANCE = dt.timedelta(seconds=1)

_offset = dt.timedelta(0)
_read_at = float("-inf")
#: the instant this context lives in, and the processor's time when it entered
_living: contextvars.ContextVar[tuple[dt.datetime, float] | None] = contextvars.ContextVar("living", default=None)


def now() -> dt.datetime:
    """The present instant, aware, in UTC; within ``simulated`` the instant that is lived through."""
    living = _living.get()
    if living is not None:
        return living[0] + dt.timedelta(seconds=time.monotonic() - living[1])
    return recording_time() + _simulated_offset()


def recording_time() -> dt.datetime:
    """The machine's own instant, whatever is simulated: when something was really written down."""
    return dt.datetime.now(dt.UTC)


def simulated_now() -> dt.datetime | None:
    """``now`` where it is simulated, None in earnest."""
    return now() if _living.get() is not None or _simulated_offset() else None


def lives_in_the_past() -> bool:
    """True within ``simulated``."""
    return _living.get() is not None


@contextlib.contextmanager
def simulated(instant: dt.datetime) -> Iterator[None]:
    """Live through ``instant`` and what follows it, in this context only; RuntimeError outside the demo."""
    if _clock_file() is None:
        raise RuntimeError("time can be simulated only where ZHENGTONG_CLOCK_FILE is set (demo)")
    token = _living.set((instant, time.monotonic()))
    try:
        yield
    finally:
        _living.reset(token)


def local_date(instant: dt.datetime | None = None) -> dt.date:
    """The legal day (Asia/Shanghai) of an instant, of now by default."""
    return local_day(instant or now())


def set_simulated_offset(offset: dt.timedelta) -> None:
    """Store how far the demo's clock stands ahead of the real one; read by all processes within a second."""
    path = _clock_file()
    if path is None:
        raise RuntimeError("the clock can be moved only where ZHENGTONG_CLOCK_FILE is set (demo)")
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(str(offset.total_seconds()), encoding="ascii")
    partial.replace(path)
    global _read_at
    _read_at = float("-inf")


def simulated_offset() -> dt.timedelta:
    """How far the demo's clock stands ahead of the real one; zero outside the demo."""
    return _simulated_offset()


class BackwardWatch:
    """Notices a clock that was set back by more than a second: what limits do by themselves then has to wait.

    It looks at the real clock, so that a demo may set its own. ``seen`` is the latest instant known from before this
    process. Once the clock has come up to the latest instant again, it is steady again.
    """

    def __init__(self, seen: dt.datetime | None = None) -> None:
        self._latest = seen or dt.datetime.min.replace(tzinfo=dt.UTC)

    def behind(self) -> dt.timedelta:
        """How far the clock stands behind the latest instant it has shown; zero while it goes forward."""
        present = dt.datetime.now(dt.UTC)
        if present >= self._latest:
            self._latest = present
        return self._latest - present

    def steady(self) -> bool:
        """False while the clock stands more than a second back."""
        return self.behind() <= _BACKWARD_TOLERANCE


@contextlib.contextmanager
def present() -> Iterator[None]:
    """Come back to the present for a while, from within ``simulated``."""
    token = _living.set(None)
    try:
        yield
    finally:
        _living.reset(token)


def _clock_file() -> Path | None:
    name: str = settings.ZHENGTONG_CLOCK_FILE
    return Path(name) if name else None


def _simulated_offset() -> dt.timedelta:
    global _offset, _read_at
    path = _clock_file()
    if path is None:
        return dt.timedelta(0)
    if time.monotonic() - _read_at > _REREAD_AFTER:
        try:
            _offset = dt.timedelta(seconds=float(path.read_text(encoding="ascii")))
        except FileNotFoundError:
            _offset = dt.timedelta(0)
        _read_at = time.monotonic()
    return _offset
