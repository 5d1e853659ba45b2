"""A town of its own: a demonstration installation as ``zhengtong run`` starts it."""

import contextlib
import datetime as dt
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg

from faults.machine_clock import MachineClock
from zhengtong.entry.runtime.embedded_postgres import SUPERUSER, ConnectionInfo

_ACCOUNT = re.compile(r"^(?P<title>\S.*?)\s{2,}(?P<name>[\w.@-]+)\s{2,}(?P<password>\S+)$", re.MULTILINE)
_OURS = ("DATABASE_", "ZHENGTONG_", "DJANGO_")
_OPENING_SECONDS = 400
_STOPPING_SECONDS = 120
_PROGRAM = (sys.executable, "-m", "zhengtong.entry.main")


class Town:
    """The installation in ``state``; ``variables`` go to every process of it."""

    def __init__(self, state: Path, log: Path, variables: Mapping[str, str], clock: MachineClock) -> None:
        self.state, self._log, self._clock = state, log, clock
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self._variables = dict(variables)
        self._process: subprocess.Popen[bytes] | None = None
        self.passwords: dict[str, str] = {}

    @property
    def environment(self) -> dict[str, str]:
        """Variables of a process of this town, whatever this one was started with."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(_OURS)}
        fixed = {"ZHENGTONG_DEMO": "1", "ZHENGTONG_DEMO_CASES": "0", "PYTHONUNBUFFERED": "1"}
        return kept | fixed | dict(self._clock.variables) | self._variables

    @property
    def pid(self) -> int:
        """The supervising process; RuntimeError while the town is stopped."""
        if self._process is None:
            raise RuntimeError("the town is stopped")
        return self._process.pid

    @property
    def files(self) -> Path:
        """Where uploaded and issued files lie."""
        return self.state / "files"

    def start(self) -> None:
        """Start everything and wait until the first page answers; RuntimeError with the log when it does not."""
        begun = self._log.stat().st_size if self._log.exists() else 0
        with self._log.open("ab") as out:
            command = [*_PROGRAM, "run", "--var", str(self.state), "--port", str(self.port), "--web-processes", "2"]
            self._process = subprocess.Popen(command, env=self.environment, stdout=out, stderr=subprocess.STDOUT)
        give_up = time.monotonic() + _OPENING_SECONDS
        while "政通已就绪" not in (told := self._told(begun)):
            if self._process.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError(f"the town did not open:\n{told}")
            time.sleep(0.3)
        self.passwords |= {found["name"]: found["password"] for found in _ACCOUNT.finditer(told)}

    def _told(self, since: int) -> str:
        with self._log.open("rb") as file:
            file.seek(since)
            return file.read().decode("utf-8", "replace")

    @property
    def lives(self) -> bool:
        """Whether the supervising process is there: nothing may end it but who started it."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Stop in order, as Ctrl-C does."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=_STOPPING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run ``zhengtong`` with these words to its end; standard error goes with standard output."""
        argv = [*_PROGRAM, *words, "--var", str(self.state)]
        return subprocess.run(
            argv, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )

    def beside(self, *words: str, log: Path) -> "subprocess.Popen[bytes]":
        """Start a process of this town by hand."""
        with log.open("ab") as out:
            return subprocess.Popen([sys.executable, "-m", *words], env=self.environment, stdout=out, stderr=out)

    def secrets(self) -> dict[str, str]:
        """The secrets behind the officials' one-time codes, by account."""
        argv = [sys.executable, "-m", "faults.telephone", str(self.state)]
        found: dict[str, str] = json.loads(subprocess.check_output(argv, env=self.environment))
        return found

    # --- the database

    @property
    def cluster(self) -> Path:
        """The database's own folder."""
        return self.state / "postgres" / "cluster" / "data"

    def postmaster(self) -> int | None:
        """The database server, None while there is none."""
        lines = self._postmaster_lines()
        return abs(int(lines[0])) if lines else None

    def _postmaster_lines(self) -> list[str]:
        try:
            return (self.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return []

    def database(self) -> "psycopg.Connection[Any]":
        """A connection of the superuser; psycopg.OperationalError while the server is away."""
        lines = self._postmaster_lines()
        if len(lines) < 5:
            raise psycopg.OperationalError("no database server")
        return psycopg.connect(ConnectionInfo(Path(lines[4])).url(SUPERUSER), autocommit=True, connect_timeout=10)

    def wait_for_database(self, seconds: float) -> bool:
        """Whether the database answers within so many seconds."""
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up:
            with contextlib.suppress(psycopg.Error), self.database() as connection:
                connection.execute("select 1")
                return True
            time.sleep(0.2)
        return False

    def now(self) -> dt.datetime:
        """The present by the town's clock: the demonstration's on top of the machine's."""
        try:
            ahead = float((self.state / "demo-clock").read_text(encoding="ascii"))
        except FileNotFoundError:
            ahead = 0.0
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=ahead + self._clock.offset)


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
