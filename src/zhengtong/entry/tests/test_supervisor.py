"""The supervisor, with tiny children and real signals."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

DRIVER = """
import json, os, sys
from pathlib import Path
from zhengtong.entry.runtime.supervisor import Child, Pace, Supervisor

spec = json.loads(sys.argv[1])
children = [Child(c["name"], c["label"], [sys.executable, "-c", c["code"]], c.get("stop_seconds", 10))
            for c in spec["children"]]
say = lambda text: print(text, flush=True)
supervisor = Supervisor(children, environ=os.environ, log_folder=Path("log"), say=say,
                        pace=Pace(waits=(0.1, 0.2), watch_every=0.1),
                        watch=(lambda: say("watched")) if spec.get("watch") else None)
announce = None if spec.get("ready", True) else (lambda running: None)
code = supervisor.run(announce=announce)
say("closed")
sys.exit(code)
"""

# notes its process number, and its name when it is asked to stop
STEADY = """
import os, signal, sys, time
name = {name!r}
open(name + ".pid", "a").write(str(os.getpid()) + "\\n")
def stop(*_):
    open("stopped", "a").write(name + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
print("up", flush=True)
while True:
    time.sleep(60)
"""

DEAF = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open({name!r} + ".pid", "a").write(str(os.getpid()) + "\\n")
while True:
    time.sleep(60)
"""

WITH_DEAF_GRANDCHILD = (
    "import subprocess, sys\n"
    "subprocess.Popen([sys.executable, '-c', {deaf!r}])\n"
    "import time\n"
    "import os\n"
    "while not os.path.exists('grandchild.pid'): time.sleep(0.02)\n"
) + STEADY

CRASHES_ONCE = (
    "import os, sys\nif not os.path.exists('crashed'):\n    open('crashed', 'w').close()\n    sys.exit(3)\n"
) + STEADY

ALWAYS_CRASHES = "import sys; print('the reason of the crash', flush=True); sys.exit(7)"


def child(name: str, code: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "label": f"服务{name}", "code": code.replace("{name!r}", repr(name)), **more}


@dataclass
class Run:
    """A supervisor in a process of its own."""

    folder: Path
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    def process_numbers(self, name: str) -> list[int]:
        file = self.folder / f"{name}.pid"
        return [int(line) for line in file.read_text(encoding="ascii").split()] if file.exists() else []

    def until_said(self, part: str) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            if part in line:
                return
        pytest.fail(f"never said {part!r}: {self.said}")

    def end(self, timeout: float = 10) -> int:
        rest, _ = self.process.communicate(timeout=timeout)
        self.said += rest.splitlines()
        return self.process.returncode


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def start(*children: dict[str, Any], **spec: Any) -> Run:
        argv = [sys.executable, "-c", DRIVER, json.dumps({"children": children, **spec})]
        process = subprocess.Popen(
            argv, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        runs.append(Run(tmp_path, process))
        return runs[-1]

    yield start
    for run in runs:
        if run.process.poll() is None:
            run.process.kill()
        run.process.communicate()
        for file in tmp_path.glob("*.pid"):
            for number in run.process_numbers(file.stem):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)


def eventually(condition: Callable[[], Any], seconds: float = 10) -> bool:
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if condition():
            return True
        time.sleep(0.02)
    return False


def lives(number: int) -> bool:
    """Whether the process runs; one that ended but was not yet collected does not."""
    try:
        stat = Path(f"/proc/{number}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat[stat.rindex(")") + 2] != "Z"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_all_children_in_order(supervise: Callable[..., Run], number: signal.Signals) -> None:
    run = supervise(child("web", STEADY), child("worker", STEADY))
    assert eventually(lambda: run.process_numbers("web") and run.process_numbers("worker"))
    numbers = run.process_numbers("web") + run.process_numbers("worker")
    assert eventually(
        lambda: (run.folder / "log" / "worker.log").read_text() and (run.folder / "log" / "web.log").read_text()
    )

    run.process.send_signal(number)

    assert run.end() == 0
    assert (run.folder / "stopped").read_text().split() == ["web", "worker"]
    assert run.said[-1] == "closed"
    assert not any(lives(number) for number in numbers)


def test_nothing_a_child_started_is_left_behind(supervise: Callable[..., Run]) -> None:
    code = WITH_DEAF_GRANDCHILD.replace("{deaf!r}", repr(DEAF.replace("{name!r}", "'grandchild'")))
    run = supervise(child("web", code))
    assert eventually(lambda: run.process_numbers("web") and run.process_numbers("grandchild"))

    run.process.send_signal(signal.SIGINT)

    assert run.end() == 0
    assert eventually(lambda: not lives(run.process_numbers("grandchild")[0]), 2)


def test_a_crashed_child_is_started_again_and_that_is_said(supervise: Callable[..., Run]) -> None:
    run = supervise(child("web", CRASHES_ONCE), child("worker", STEADY))

    run.until_said("已重新启动")

    assert eventually(lambda: run.process_numbers("web"))
    assert any("服务web意外退出（退出码 3）" in line for line in run.said)
    run.process.send_signal(signal.SIGINT)
    assert run.end() == 0


def test_a_killed_child_is_started_again(supervise: Callable[..., Run]) -> None:
    run = supervise(child("web", STEADY))
    assert eventually(lambda: run.process_numbers("web"))

    os.kill(run.process_numbers("web")[0], signal.SIGKILL)

    run.until_said("被信号 9 终止")
    assert eventually(lambda: len(run.process_numbers("web")) == 2)
    run.process.send_signal(signal.SIGINT)
    assert run.end() == 0


def test_a_child_that_cannot_be_started_again_now_is_started_later(supervise: Callable[..., Run]) -> None:
    run = supervise(child("web", STEADY), child("worker", STEADY))
    assert eventually(lambda: run.process_numbers("web") and run.process_numbers("worker"))
    log = run.folder / "log" / "web.log"
    log.rename(log.with_suffix(".kept"))
    log.mkdir()

    os.kill(run.process_numbers("web")[0], signal.SIGKILL)

    run.until_said("服务web没有启动")
    log.rmdir()
    assert eventually(lambda: len(run.process_numbers("web")) == 2)
    assert lives(run.process_numbers("worker")[0])
    run.process.send_signal(signal.SIGINT)
    assert run.end() == 0


def test_a_start_that_never_succeeds_is_given_up_with_the_end_of_the_log(supervise: Callable[..., Run]) -> None:
    run = supervise(child("web", ALWAYS_CRASHES), child("worker", STEADY), ready=False)

    assert run.end() == 1
    assert "the reason of the crash" in "\n".join(run.said)
    assert "已停止启动" in "\n".join(run.said)
    assert not any(lives(number) for number in run.process_numbers("worker"))


def test_a_second_signal_kills_at_once(supervise: Callable[..., Run]) -> None:
    run = supervise(child("web", DEAF, stop_seconds=60), child("worker", DEAF, stop_seconds=60))
    assert eventually(lambda: run.process_numbers("web") and run.process_numbers("worker"))
    run.process.send_signal(signal.SIGINT)
    run.until_said("正在停止")

    run.process.send_signal(signal.SIGINT)

    assert run.end(timeout=5) == 0
    assert any("立即终止" in line for line in run.said)
    assert not any(lives(number) for name in ("web", "worker") for number in run.process_numbers(name))


def test_a_child_that_does_not_stop_in_time_is_killed(supervise: Callable[..., Run]) -> None:
    run = supervise(child("web", DEAF, stop_seconds=0.3))
    assert eventually(lambda: run.process_numbers("web"))

    run.process.send_signal(signal.SIGTERM)

    assert run.end() == 0
    assert any("强制终止" in line for line in run.said)
    assert not lives(run.process_numbers("web")[0])


def test_children_end_with_a_killed_supervisor(supervise: Callable[..., Run]) -> None:
    run = supervise(child("web", STEADY))
    assert eventually(lambda: run.process_numbers("web"))

    run.process.kill()

    assert eventually(lambda: not lives(run.process_numbers("web")[0]))


def test_the_watch_is_called_while_nothing_happens(supervise: Callable[..., Run]) -> None:
    run = supervise(child("web", STEADY), watch=True)

    run.until_said("watched")
    run.until_said("watched")

    run.process.send_signal(signal.SIGINT)
    assert run.end() == 0
