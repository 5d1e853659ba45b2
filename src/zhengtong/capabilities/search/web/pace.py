"""How often one address may ask for suggestions: counted in this process, so that typing never writes to the database.

The limits of allauth, which guard what is sent, keep their counts in the database under a lock.
"""

import threading
import time

_SECONDS = 60
_MOST_ADDRESSES = 10_000


class Pace:
    """At most ``most`` questions a minute from one address; each process counts for itself."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._minute = 0
        self._asked: dict[str, int] = {}

    def allows(self, address: str) -> bool:
        """Count one question; False for one too many, also while too many strangers ask at once."""
        minute = int(time.monotonic() // _SECONDS)
        with self._lock:
            if minute != self._minute:
                self._minute, self._asked = minute, {}
            if address not in self._asked and len(self._asked) >= _MOST_ADDRESSES:
                return False
            count = self._asked[address] = self._asked.get(address, 0) + 1
        return count <= self.most
