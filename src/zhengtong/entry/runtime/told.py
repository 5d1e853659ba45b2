"""Being told to stop: by a signal that may come at any moment, also while the process waits for it."""

import os
import select
import signal
from types import FrameType
from typing import Self

_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Told:
    """Hears SIGTERM and SIGINT inside its block.

    The handler takes no lock. One that sets a ``threading.Event`` waits for ever when it interrupts the very thread
    that holds the event's lock, and the process can only be killed.
    """

    def __init__(self) -> None:
        self.asked = False

    def __enter__(self) -> Self:
        """From now on; in the main thread."""
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)
        self._before = {number: signal.signal(number, self._note) for number in _STOP_SIGNALS}
        return self

    def __exit__(self, *_failure: object) -> None:
        """As it was before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        os.close(self._reader)
        os.close(self._writer)

    def wait(self, seconds: float) -> bool:
        """Wait at most so long to be told; whether one was."""
        if not self.asked:
            select.select([self._reader], [], [], seconds)
        return self.asked

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        if not self.asked:
            self.asked = True
            os.write(self._writer, b".")
