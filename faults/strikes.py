"""The strikes: kills as ``processes`` finds their victims, and the other faults, each until the town works again."""

import contextlib
import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from faults.disk import Disk
from faults.machine_clock import MachineClock
from faults.plan import Strike
from faults.posts import Posts
from faults.processes import Victims
from faults.town import Town
from zhengtong.entry.runtime.postgres_tools import open_toolbox, unprivileged_account

_FULL_SECONDS = 15.0
_WRONG_CLOCK_SECONDS = 15.0
_POSTS_DOWN_SECONDS = 25.0
_CLOCK_BACK, _CLOCK_FORWARD = -600.0, 1200.0
_DATABASE_SECONDS = 120.0
_GENTLE_SECONDS = 40.0


class Helpers:
    """What works in the town besides what ``zhengtong run`` started: a second worker, the simulator's people."""

    def __init__(self, town: Town, folder: Path, seed: int) -> None:
        self._town, self._folder, self._seed = town, folder, seed
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._lives = 0

    @property
    def second_worker(self) -> int | None:
        """The worker started by hand, while it lives."""
        worker = self._running.get("worker")
        return worker.pid if worker is not None and worker.poll() is None else None

    @property
    def logs(self) -> list[Path]:
        """What the simulator's people noted."""
        return sorted(self._folder.glob("county-*.jsonl"))

    def have(self) -> None:
        """Start what is not there; the simulator's people begin other lives each time."""
        for name in ("worker", "county"):
            known = self._running.get(name)
            if known is None or known.poll() is not None:
                self._running[name] = self._town.beside(*self._words(name), log=self._folder / f"{name}.log")

    def _words(self, name: str) -> list[str]:
        if name == "worker":
            return ["zhengtong.entry.main", "worker", "--var", str(self._town.state)]
        self._lives += 1
        log = self._folder / f"county-{self._lives}.jsonl"
        return ["faults.county", str(self._town.state), str(log), str(self._seed + self._lives)]

    def end(self, name: str) -> None:
        """Stop one in order."""
        known = self._running.pop(name, None)
        if known is not None:
            known.terminate()
            try:
                known.wait(timeout=_GENTLE_SECONDS)
            except subprocess.TimeoutExpired:
                known.kill()
                known.wait()


class Striker:
    """Strikes the town and counts what was struck."""

    def __init__(
        self,
        *,
        town: Town,
        disk: Disk,
        clock: MachineClock,
        posts: Posts,
        helpers: Helpers,
        seed: int,
        say: Callable[[str], None],
    ) -> None:
        self._town, self._disk, self._clock, self._posts, self._helpers = town, disk, clock, posts, helpers
        self._victims = Victims(town, random.Random(seed), lambda: helpers.second_worker)
        self._say = say
        self.kills: Counter[str] = Counter()
        self.others: Counter[str] = Counter()

    def strike(self, strike: Strike) -> bool:
        """Strike; False where there is nobody to kill now."""
        if strike.kills:
            hit = self._victims.kill(strike.kind)
            self.kills[strike.kind] += len(hit)
            return bool(hit)
        self._say(f"故障：{strike.kind}")
        _OTHERS[strike.kind](self)
        self.others[strike.kind] += 1
        return True

    def web_processes(self) -> list[int]:
        """Who writes uploaded files."""
        return self._victims.web_processes()

    def restart_database(self, mode: str) -> None:
        """Restart the server under load, with its own program."""
        arguments = ["-D", str(self._town.cluster), "-m", mode, "-w", "-t", "60"]
        server = self._town.state / "postgres"
        account = unprivileged_account(server / "cluster")
        tools = open_toolbox(account, (server / "server",))
        with contextlib.suppress(subprocess.TimeoutExpired):
            tools.run("pg_ctl", *arguments, "-l", str(server / "cluster" / "server.log"), "restart")
        if not self._town.wait_for_database(_DATABASE_SECONDS):
            self._say("数据库重启后没有应答。")

    def fill_disk(self) -> None:
        """Nothing can be written for a while."""
        self._disk.fill()
        time.sleep(_FULL_SECONDS)
        self._disk.free()
        self._town.wait_for_database(_DATABASE_SECONDS)

    def set_clock_back(self) -> None:
        """Ten minutes back, then right again."""
        right = self._clock.offset
        self._clock.set(right + _CLOCK_BACK)
        time.sleep(_WRONG_CLOCK_SECONDS)
        self._clock.set(right)

    def set_clock_forward(self) -> None:
        """Twenty minutes forward for good: a clock that was slow is set right."""
        self._clock.set(self._clock.offset + _CLOCK_FORWARD)

    def close_posts(self) -> None:
        """Neither mail nor short messages for a while."""
        self._posts.down()
        time.sleep(_POSTS_DOWN_SECONDS)
        self._posts.up(self._town)

    def deploy(self) -> None:
        """A new version: all stops, tables are brought up to date, all starts again."""
        self._helpers.end("worker")
        self._helpers.end("county")
        self._renew()
        self._helpers.have()

    def deploy_beside(self) -> None:
        """The same while a worker of before, and people, go on."""
        self._renew()

    def _renew(self) -> None:
        self._town.stop()
        answer = self._town.command("migrate")
        if answer.returncode != 0:
            self._say(f"升级没有完成：\n{answer.stdout}")
        self._town.start()


_OTHERS: dict[str, Callable[[Striker], None]] = {
    "database_restart_fast": lambda striker: striker.restart_database("fast"),
    "database_restart_immediate": lambda striker: striker.restart_database("immediate"),
    "disk_full": Striker.fill_disk,
    "clock_back": Striker.set_clock_back,
    "clock_forward": Striker.set_clock_forward,
    "posts_down": Striker.close_posts,
    "deploy": Striker.deploy,
    "deploy_beside_old_worker": Striker.deploy_beside,
}


def told(counted: Counter[str]) -> str:
    """Figures by kind."""
    return "、".join(f"{kind} {number}" for kind, number in sorted(counted.items())) or "无"
