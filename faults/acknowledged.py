"""What the town has acknowledged to those who work in it: a log outside the town, on the disk before they go on."""

import dataclasses
import json
import os
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any


@dataclasses.dataclass(frozen=True)
class Acknowledgement:
    """An act the town said yes to: ``act`` submit, upload or step; ``key`` is what the act is known by.

    submit: the application; upload: the application, with ``detail`` "material:sha256"; step: the task, with
    ``detail`` "outcome" and ``command`` the key that makes a second press do nothing.
    """

    act: str
    key: str
    detail: str = ""
    command: str = ""


class Log:
    """An append-only file of one JSON line per acknowledgement; several processes each have their own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("a", encoding="utf-8")
        self._lock = threading.Lock()

    def note(self, acknowledgement: Acknowledgement) -> None:
        """Write it and have it on the disk."""
        with self._lock:
            print(json.dumps(dataclasses.asdict(acknowledgement)), file=self._file, flush=True)
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """No more of them."""
        self._file.close()


def read(paths: Iterable[Path]) -> list[Acknowledgement]:
    """All acknowledgements; a last line that its writer did not finish was not relied on by anybody."""
    found = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            told = _told(line)
            if told is not None:
                found.append(Acknowledgement(**told))
    return found


def _told(line: str) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
