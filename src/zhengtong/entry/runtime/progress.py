"""Progress of a start: one plain Chinese line per step, with the seconds since the start."""

import os
import sys
import time
from typing import TextIO

# a child process continues the parent's count of seconds
_STARTED_VARIABLE = "ZHENGTONG_PROGRESS_STARTED"


class Progress:
    """Prints ``[  1.2 秒] text``; callable, so that it can be handed to code that knows nothing of it."""

    def __init__(self, *, started: float | None = None, stream: TextIO | None = None) -> None:
        self._started = time.monotonic() if started is None else started
        self._stream = stream

    @classmethod
    def inherited(cls) -> "Progress":
        """The progress of the process that started this one, or a fresh one."""
        started = os.environ.get(_STARTED_VARIABLE)
        return cls(started=float(started) if started else None)

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    def environment(self) -> dict[str, str]:
        """What a child needs in its environment to go on counting."""
        return {_STARTED_VARIABLE: repr(self._started)}

    def __call__(self, text: str) -> None:
        """Print one line."""
        stream = self._stream or sys.stdout
        stream.write(f"[{self.seconds:6.1f} 秒] {text}\n")
        stream.flush()
