"""Counts of one process: requests by route, status class and time; statements by route and shape.

A process writes its counts into a file of its own every few seconds (``pulse``); who wants the whole adds up the files.
"""

import threading
from collections.abc import Iterable, Mapping
from typing import Any, Final

from zhengtong.entry.observing.shapes import shape_of

#: upper bounds in seconds
BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
#: so many different statements are told apart in one process
_MOST_STATEMENTS: Final = 3000
_OTHERS: Final = "（其余语句）"

Counted = dict[str, list[float]]


class Tally:
    """Requests and statements since the process began, or since the statements were last put back to nothing.

    ``requests``: route, tab, status class → in each bucket, beyond the last, seconds in all, statements in all.
    ``statements``: route, tab, shape → how often, seconds in all, longest.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.requests: Counted = {}
        self.statements: Counted = {}
        self.changed = False

    def request(self, route: str, status: int, seconds: float, statements: int) -> None:
        """Count a request."""
        place = next((number for number, bound in enumerate(BUCKETS) if seconds <= bound), len(BUCKETS))
        with self._lock:
            row = self.requests.setdefault(f"{route}\t{status // 100}xx", [0.0] * (len(BUCKETS) + 3))
            row[place] += 1
            row[-2] += seconds
            row[-1] += statements
            self.changed = True

    def heard(self, route: str, statements: Iterable[tuple[str, float]]) -> None:
        """Count the statements of a request or of a round of a loop."""
        with self._lock:
            for text, seconds in statements:
                key = f"{route}\t{shape_of(text)}"
                row = self.statements.get(key)
                if row is None:
                    if len(self.statements) >= _MOST_STATEMENTS:
                        key = f"\t{_OTHERS}"
                    row = self.statements.setdefault(key, [0.0, 0.0, 0.0])
                row[0] += 1
                row[1] += seconds
                row[2] = max(row[2], seconds)
            self.changed = True

    def forget_statements(self) -> None:
        """Begin again to count statements."""
        with self._lock:
            self.statements.clear()
            self.changed = True

    def content(self) -> dict[str, Counted]:
        """A copy to be written."""
        with self._lock:
            self.changed = False
            return {
                "requests": {key: list(row) for key, row in self.requests.items()},
                "statements": {key: list(row) for key, row in self.statements.items()},
            }


def added(several: Iterable[Mapping[str, Any]]) -> dict[str, Counted]:
    """The counts of several processes as one."""
    whole: dict[str, Counted] = {"requests": {}, "statements": {}}
    for one in several:
        for key, row in one.get("requests", {}).items():
            known = whole["requests"].setdefault(key, [0.0] * len(row))
            whole["requests"][key] = [left + right for left, right in zip(known, row, strict=True)]
        for key, (count, total, longest) in one.get("statements", {}).items():
            was = whole["statements"].get(key, [0.0, 0.0, 0.0])
            whole["statements"][key] = [was[0] + count, was[1] + total, max(was[2], longest)]
    return whole
