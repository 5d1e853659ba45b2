"""The town's processes, and which of them a kill -9 of a kind hits."""

import dataclasses
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from faults.town import Town

#: the sequencer's advisory lock, as ``pg_locks`` shows it
_SEALING = "select 1 from pg_locks where locktype = 'advisory' and objid = %s and granted"
_SEAL_LOCK = 0x7A746C67
_SEAL_WAIT = 5.0


@dataclasses.dataclass(frozen=True)
class Process:
    """A process as /proc shows it."""

    pid: int
    parent: int
    command: str


def processes() -> list[Process]:
    """All processes that are no zombies."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                after_name = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(") ")[2].split()
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace").strip()
            except OSError:
                continue
            if after_name[0] != "Z":
                found.append(Process(int(folder.name), int(after_name[1]), command))
    return found


def left_behind(state: Path) -> list[Process]:
    """Processes of the platform in this town that outlived who started them, and should have ended with it."""
    ours = (one for one in processes() if one.parent == 1 and str(state) in one.command)
    return [one for one in ours if "zhengtong.entry.main" in one.command]


class Victims:
    """Finds whom to kill; ``second`` gives the worker that was started by hand."""

    def __init__(self, town: Town, dice: random.Random, second: Callable[[], int | None]) -> None:
        self._town, self._dice, self._second = town, dice, second

    def kill(self, kind: str) -> list[int]:
        """Kill -9 what ``kind`` names; the processes that were hit, none where there is none now."""
        hit = []
        for pid in self._of(kind):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            hit.append(pid)
        return hit

    def _of(self, kind: str) -> list[int]:
        everyone = processes()
        match kind:
            case "web_server":
                return self._servers(everyone)
            case "web_process":
                return self._one(self._web_processes(everyone))
            case "worker":
                return self._workers(everyone)
            case "worker_apart":
                workers = self._workers(everyone)
                return [p.pid for p in everyone if p.parent in workers]
            case "second_worker":
                second = self._second()
                return [second] if second else []
            case "sealing":
                second = self._second()
                return [*self._workers(everyone), *([second] if second else [])] if self._seals() else []
            case "database_server":
                server = self._town.postmaster()
                return [p.pid for p in everyone if p.pid == server]
            case "database_backend":
                server = self._town.postmaster()
                return self._one([p.pid for p in everyone if server and p.parent == server and "[local]" in p.command])
        raise ValueError(f"nobody knows how to kill {kind}")

    def web_processes(self) -> list[int]:
        """The processes that answer requests."""
        return self._web_processes(processes())

    def _web_processes(self, everyone: list[Process]) -> list[int]:
        servers = self._servers(everyone)
        # granian's own helper process shares no work
        return [p.pid for p in everyone if p.parent in servers and "resource_tracker" not in p.command]

    def _servers(self, everyone: list[Process]) -> list[int]:
        return [p.pid for p in everyone if p.parent == self._town.pid and "granian" in p.command]

    def _workers(self, everyone: list[Process]) -> list[int]:
        return [
            p.pid for p in everyone if p.parent == self._town.pid and p.command.endswith("zhengtong.entry.main worker")
        ]

    def _one(self, pids: list[int]) -> list[int]:
        return [self._dice.choice(sorted(pids))] if pids else []

    def _seals(self) -> bool:
        """Wait for the moment in which a sequencer holds its lock."""
        give_up = time.monotonic() + _SEAL_WAIT
        try:
            with self._town.database() as connection:
                while time.monotonic() < give_up:
                    if connection.execute(_SEALING, [_SEAL_LOCK]).fetchone():
                        return True
                    time.sleep(0.001)
        except psycopg.Error:
            return False
        return False
