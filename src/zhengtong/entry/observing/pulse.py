"""The beat of every process, below ``run/`` of the state folder: that it lives, what it does, and its counts.

Files and not rows: whoever asks must get an answer just when the database gives none. A process that ended in order
takes its beat away; the beat of one that was killed is known by its process number and start, and swept away.
Counts of ended processes stay until the platform is started anew, so that no figure goes down meanwhile.
"""

import contextlib
import dataclasses
import datetime as dt
import json
import os
import shutil
import threading
import time
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from zhengtong.entry.observing.tallies import Counted, Tally, added
from zhengtong.kernel.clock import recording_time

EVERY: Final = 2.0
_VERSION: Final = metadata.version("zhengtong")
_COUNTED_EVERY: Final = 5
#: kinds of processes, and what people call them
KINDS: Final = {"web": "网站进程", "worker": "后台任务进程", "apart": "后台任务第二进程（事件分发）"}


@dataclasses.dataclass
class LoopState:
    """A loop of the worker: instants are seconds since 1970; ``began`` is nought while it rests."""

    interval: float
    began: float = 0.0
    ended: float = 0.0
    failures: int = 0
    error: str = ""


@dataclasses.dataclass(frozen=True)
class Beat:
    """What a living process last said of itself; ``busy`` the seconds its present request has taken by then."""

    kind: str
    pid: int
    started: dt.datetime
    at: dt.datetime
    version: str
    busy: float
    standing: bool
    loops: dict[str, LoopState]

    @property
    def label(self) -> str:
        """What people call it."""
        return KINDS.get(self.kind, self.kind)


class Pulse:
    """The beat of this process; one object a process."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.loops: dict[str, LoopState] = {}
        self.standing = False
        self._request_began = 0.0
        self._kind = ""
        self._folder = Path()
        self._started = recording_time()
        self._forgotten = 0.0
        self._beats = 0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._writing = threading.Lock()

    def begin(self, kind: str, folder: Path) -> None:
        """Beat from now on, in a thread that ends with the process."""
        if self._thread is not None:
            return
        self._kind, self._folder, self._started = kind, folder, recording_time()
        self._thread = threading.Thread(target=self._beat_on, name="pulse", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """The process ends in order: its beat goes, its counts stay."""
        if self._thread is None:
            return
        self._stop.set()
        self._thread.join(timeout=5)
        with contextlib.suppress(OSError):
            _put(self._count_file, self.tally.content())
        self._thread = None
        self._stop = threading.Event()
        self._beat_file.unlink(missing_ok=True)

    def request_begins(self) -> None:
        """A request is being answered."""
        self._request_began = time.monotonic()

    def request_ends(self) -> None:
        """It was answered."""
        self._request_began = 0.0

    def write(self) -> None:
        """Write beat and counts now; a full disk or a folder that is gone is no reason to stop working."""
        if self._thread is None:
            return
        with self._writing, contextlib.suppress(OSError):
            self._heed_reset()
            began = self._request_began
            beat = {
                "kind": self._kind,
                "pid": os.getpid(),
                "ticks": _ticks(os.getpid()),
                "started": self._started.isoformat(),
                "at": recording_time().isoformat(),
                "version": _VERSION,
                "busy": time.monotonic() - began if began else 0.0,
                "standing": self.standing,
                "loops": {name: dataclasses.asdict(state) for name, state in self.loops.items()},
            }
            _put(self._beat_file, beat)
            self._beats += 1
            # a worker asks hundreds of different statements: it writes them less often
            if self.tally.changed and (self._kind == "web" or self._beats % _COUNTED_EVERY == 1):
                _put(self._count_file, self.tally.content())

    @property
    def _beat_file(self) -> Path:
        return self._folder / "beats" / f"{self._kind}-{os.getpid()}.json"

    @property
    def _count_file(self) -> Path:
        return self._folder / "counts" / f"{self._kind}-{os.getpid()}-{self._started.timestamp():.0f}.json"

    def _beat_on(self) -> None:
        while True:
            self.write()
            if self._stop.wait(EVERY):
                return

    def _heed_reset(self) -> None:
        mark = _mark(self._folder)
        if mark > max(self._forgotten, self._started.timestamp()):
            self._forgotten = mark
            self.tally.forget_statements()


pulse = Pulse()


def beats(folder: Path) -> list[Beat]:
    """What the living processes last said; what dead ones left is swept away."""
    found = []
    for path in sorted((folder / "beats").glob("*.json")):
        try:
            body = json.loads(path.read_text(encoding="utf-8"))
            if _ticks(body["pid"]) != body["ticks"]:
                path.unlink(missing_ok=True)
                continue
            found.append(
                Beat(
                    kind=body["kind"],
                    pid=body["pid"],
                    started=dt.datetime.fromisoformat(body["started"]),
                    at=dt.datetime.fromisoformat(body["at"]),
                    version=body["version"],
                    busy=body["busy"],
                    standing=body["standing"],
                    loops={name: LoopState(**state) for name, state in body["loops"].items()},
                )
            )
        except (OSError, ValueError, KeyError, TypeError):
            continue  # written by another release, or gone this instant
    return found


def counts(folder: Path) -> dict[str, Counted]:
    """Requests and statements of all processes since the platform was started."""
    pulse.write()
    mark, several = _mark(folder), []
    for path in (folder / "counts").glob("*.json"):
        with contextlib.suppress(OSError, ValueError):
            one = json.loads(path.read_text(encoding="utf-8"))
            if path.stat().st_mtime < mark:
                one["statements"] = {}
            several.append(one)
    return added(several)


def reset_statements(folder: Path) -> None:
    """Have every process begin again to count statements; what ended processes counted is left out from now on."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "statements-reset").write_text(f"{recording_time().timestamp()}\n", encoding="ascii")


def sweep(folder: Path) -> None:
    """At the start of the platform: nothing of an earlier run counts."""
    for name in ("beats", "counts"):
        shutil.rmtree(folder / name, ignore_errors=True)


def _mark(folder: Path) -> float:
    try:
        return float((folder / "statements-reset").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0.0


def _ticks(pid: int) -> str:
    """When a process began, in ticks since the machine's start: with its number it names one process for ever."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return text[text.rindex(")") + 2 :].split()[19]
    except (OSError, ValueError, IndexError):
        return "" if not Path("/proc/self/stat").exists() and _exists(pid) else "gone"


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _put(path: Path, body: Any) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    partial.replace(path)
