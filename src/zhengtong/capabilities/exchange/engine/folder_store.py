"""The simulated upper platform's packages as files: they outlive the process, and people can look at them."""

import json
import os
import re
from pathlib import Path

from zhengtong.capabilities.exchange.engine.packages import canonical
from zhengtong.capabilities.exchange.engine.upper import Kept

_WORD = re.compile(r"[A-Za-z0-9_.-]{1,80}")


class FolderStore:
    """``<folder>/<sender>/<data set>/<sequence>.json``, readable by the owner only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[Path, Kept] = {}

    def load(self, sender: str, dataset: str) -> list[Kept]:
        """All packages of a data set, by sequence; nothing for a name that is none."""
        place = self._place(sender, dataset)
        if place is None:
            return []
        return [self._read(path) for path in sorted(place.glob("*.json"))]

    def save(self, sender: str, dataset: str, sequence: int, kept: Kept) -> None:
        """Write one more, whole or not at all."""
        place = self._place(sender, dataset)
        if place is None:
            raise ValueError("not the name of a sender or data set")
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = place / f"{sequence:08d}.json"
        partial = path.with_suffix(".partial")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(
                canonical(
                    {
                        "manifest": kept.manifest,
                        "rows": kept.rows,
                        "stored_at": kept.stored_at,
                        "verdicts": kept.verdicts,
                    }
                )
            )
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)

    def _read(self, path: Path) -> Kept:
        """A file is written once and never again, so it is read once."""
        if path not in self._known:
            found = json.loads(path.read_text(encoding="utf-8"))
            verdicts = tuple(tuple(one) for one in found.pop("verdicts"))
            self._known[path] = Kept(verdicts=verdicts, **found)
        return self._known[path]

    def _place(self, sender: str, dataset: str) -> Path | None:
        """A stranger's words become a path only where they are plain names."""
        if not (_WORD.fullmatch(sender) and _WORD.fullmatch(dataset)) or {sender, dataset} & {".", ".."}:
            return None
        return self._folder / sender / dataset
