"""``python -m faults --kills N --seed S``: strike a town, then count; the last line says what was found."""

import argparse
import dataclasses
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from faults import acknowledged, audit, records, strikes
from faults.browser import Person
from faults.disk import small_disk
from faults.machine_clock import MachineClock
from faults.opening import begin_in_office_hours
from faults.plan import Strike, plan
from faults.posts import Posts
from faults.processes import left_behind
from faults.rest import LEASES_OVER, wait_for_rest
from faults.telephone import Telephone
from faults.town import Town
from faults.writers import APPLICANTS, OFFICIALS, Applicant, Official, Writer

_KILLS = 200
_SECONDS_A_KILL = 4.6
#: a town that opens, the first cases, the other faults with what they take
_AT_LEAST = 90.0
_SETTLED = 30.0
_SIGNING_IN = 300.0
#: on a machine that does much else a run takes longer, but not for ever
_LONGEST, _OTHER_LONGEST = 2.5, 90.0
_REST_SECONDS = 600.0
_SHOWN = 12


@dataclasses.dataclass
class Outcome:
    """What a run came to."""

    asked: int
    kills: Counter[str]
    others: Counter[str]
    acts: Counter[str]
    verdict: audit.Verdict
    given_up: dict[str, int]
    ledger: str
    troubles: list[str]
    undone: list[str]

    @property
    def line(self) -> str:
        """The last line."""
        found = self.verdict
        return (
            f"faults: kills={self.kills.total()} lost={len(found.lost)} doubled={len(found.doubled)}"
            f" stuck={len(found.stuck) + len(self.troubles)}"
        )

    @property
    def passed(self) -> bool:
        """Nothing lost, doubled or stuck, the ledger whole, and all kills done."""
        whole = self.verdict.clean and not self.troubles and not self.ledger and not self.undone
        return whole and self.kills.total() >= self.asked


class Run:
    """One town, its people, its faults."""

    def __init__(self, folder: Path, stack: ExitStack, *, kills: int, seed: int) -> None:
        self.kills, self.seed, self._begun = kills, seed, time.monotonic()
        self.disk = stack.enter_context(small_disk(folder / "disk"))
        self.clock, self.posts = MachineClock(folder), Posts(folder)
        self.town = Town(folder / "disk" / "var", folder / "town.log", self.posts.variables, self.clock)
        self.helpers = strikes.Helpers(self.town, folder, seed)
        self.log = acknowledged.Log(folder / "web.jsonl")
        self._applying, self._working = threading.Event(), threading.Event()
        self._writers: list[Writer] = []
        self.troubles: list[str] = []
        self.undone: list[str] = []
        self.striker = strikes.Striker(
            town=self.town, disk=self.disk, clock=self.clock, posts=self.posts, helpers=self.helpers, seed=seed,
            say=self.say,
        )  # fmt: skip

    def say(self, text: str) -> None:
        """One line with the seconds since the beginning."""
        print(f"[{time.monotonic() - self._begun:6.0f}s] {text}", flush=True)

    def open(self) -> None:
        """Found the town, and have people work in it."""
        self.say(f"磁盘写满的方式：{self.disk.words}")
        self.town.start()
        self.posts.up(self.town)
        begin_in_office_hours(self.town)
        telephone = Telephone(self.town.secrets(), lambda: time.time() + self.clock.offset)
        code = partial(telephone.code, stop=self._working)
        people = [Person(self.town, name, self._applying) for name in APPLICANTS]
        self._writers = [Applicant(person, self.log, self.seed) for person in people]
        officials = [Person(self.town, name, self._working, code=code) for name in OFFICIALS]
        self._writers += [Official(person, self.log, self.seed) for person in officials]
        for writer in self._writers:
            writer.thread.start()
        self.helpers.have()
        self.disk.writers = self.striker.web_processes
        self.say("演示县已开放，申请人、工作人员和模拟县已开始办事。")
        for writer in self._writers:
            if not writer.signed_in.wait(_SIGNING_IN):
                raise RuntimeError(f"{writer.person.name} could not sign in: {writer.refusals}")
        time.sleep(_SETTLED)

    def strike_all(self) -> None:
        """All strikes of the plan; a kill without a victim waits until there is one."""
        seconds = max(_AT_LEAST, self.kills * _SECONDS_A_KILL)
        todo = plan(self.kills, self.seed, seconds=seconds)
        others = sum(not strike.kills for strike in todo)
        give_up = time.monotonic() + seconds * _LONGEST + others * _OTHER_LONGEST
        told = 0.0
        while todo and time.monotonic() < give_up:
            time.sleep(todo[0].pause)
            self._strike_one(todo)
            self._look_after()
            if time.monotonic() - told > 30:
                told = time.monotonic()
                self.say(f"已强制终止 {self.striker.kills.total()} 次，还有 {len(todo)} 次故障；已确认 {self._done()}")
        self.undone = [strike.kind for strike in todo]

    def _strike_one(self, todo: list[Strike]) -> None:
        """The first that is possible now; the order is kept as far as there is somebody to kill."""
        for place, strike in enumerate(todo):
            if strike.kills and self.striker.kills.total() >= self.kills:
                del todo[place]
                return
            if self.striker.strike(strike):
                del todo[place]
                return
            if place >= _SHOWN:
                return

    def _look_after(self) -> None:
        if not self.town.lives:
            self.troubles.append("the supervising process ended by itself")
            self.say("主进程自己结束了，重新启动。")
            self.town.start()
        self.helpers.have()

    def _done(self) -> str:
        acts = sum((writer.done for writer in self._writers), Counter[str]())
        return "、".join(f"{act} {number}" for act, number in sorted(acts.items()))

    def close(self) -> Outcome:
        """Let the people finish, wait for rest, count."""
        self._applying.set()
        self.posts.up(self.town)
        self.helpers.end("county")
        time.sleep(20)
        self._working.set()
        for writer in self._writers:
            writer.thread.join(timeout=60)
        self.helpers.end("worker")
        self._end_orphans()
        self._tell_writers()
        self.town.wait_for_database(120)
        answer = self.town.command("demo", "clock", "--forward", LEASES_OVER)
        self.say(f"时钟前拨 {LEASES_OVER}：{answer.stdout.strip()[-120:]}")
        left = wait_for_rest(self.town, seconds=_REST_SECONDS, say=self.say)
        self.say(f"已恢复平静。{left or ''}")
        return self._count()

    def _tell_writers(self) -> None:
        away = sum(writer.person.away for writer in self._writers)
        self.say(f"网上确认：{self._done()}；页面暂时不可用 {away} 次。")
        refusals = sum((writer.refusals for writer in self._writers), Counter[str]())
        for words, number in refusals.most_common(_SHOWN):
            self.say(f"  被拒绝 {number} 次：{words}")

    def _count(self) -> Outcome:
        logs = [self.log.path, *self.helpers.logs]
        acts = acknowledged.read(logs)
        with self.town.database() as connection:
            found = records.records(connection, self.town.files, town_now=self.town.now(), received=self.posts.received)
        ledger = self.town.command("ledger", "verify")
        self.say(ledger.stdout.strip())
        return Outcome(
            asked=self.kills,
            kills=self.striker.kills,
            others=self.striker.others,
            acts=Counter(act.act for act in acts),
            verdict=audit.audit(acts, found),
            given_up=dict(found.given_up),
            ledger="" if ledger.returncode == 0 else ledger.stdout,
            troubles=self.troubles,
            undone=self.undone,
        )

    def _end_orphans(self) -> None:
        """Who should have ended with a process that was killed."""
        for orphan in left_behind(self.town.state):
            self.troubles.append(f"outlived who started it: {orphan.command}")
            os.kill(orphan.pid, signal.SIGKILL)


@contextmanager
def opened(folder: Path, *, kills: int, seed: int) -> Iterator[Run]:
    """A run whose processes end with it."""
    with ExitStack() as stack:
        run = Run(folder, stack, kills=kills, seed=seed)
        stack.callback(run.town.stop)
        stack.callback(run.posts.down)
        stack.callback(run.helpers.end, "worker")
        stack.callback(run.helpers.end, "county")
        yield run


def show(outcome: Outcome) -> None:
    """Figures by kind, then every finding that fits on a screen."""
    print(f"强制终止：{strikes.told(outcome.kills)}")
    print(f"其他故障：{strikes.told(outcome.others)}")
    print(f"已确认的行为：{strikes.told(outcome.acts)}；明示放弃：{outcome.given_up}")
    for name in ("lost", "doubled", "stuck"):
        findings: Sequence[audit.Finding] = getattr(outcome.verdict, name)
        for finding in findings[:_SHOWN]:
            print(f"  {name}: {finding.what}: {finding.key}")
    if outcome.undone:
        print(f"时间不够，没有制造的故障：{'、'.join(outcome.undone)}")
    if outcome.ledger:
        print("账本核验没有通过。")
    for trouble in outcome.troubles:
        print(f"  stuck: {trouble}")


def main() -> int:
    """0 when nothing is lost, doubled or stuck, the ledger verifies and all kills were done; else 1."""
    parser = argparse.ArgumentParser(prog="make faults", description="故障演练：在办件进行中反复制造故障，事后逐项清点")
    parser.add_argument("--kills", type=int, default=_KILLS, help=f"强制终止（kill -9）多少次（默认 {_KILLS}）")
    parser.add_argument("--seed", type=int, default=7, help="随机种子（默认 7）")
    parser.add_argument("--keep", metavar="DIR", default="", help="把运行目录放在这里并保留（默认用完删除）")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(arguments.keep or stack.enter_context(tempfile.TemporaryDirectory(prefix="zt-faults-")))
        folder.mkdir(parents=True, exist_ok=True)
        # the database's own user has to pass through
        folder.chmod(0o711)
        run = stack.enter_context(opened(folder, kills=arguments.kills, seed=arguments.seed))
        run.open()
        run.strike_all()
        outcome = run.close()
    show(outcome)
    print(outcome.line)
    return 0 if outcome.passed else 1


if __name__ == "__main__":
    sys.exit(main())
