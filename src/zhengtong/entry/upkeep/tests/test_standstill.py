"""While tables change the worker does nothing, and goes on afterwards as the program that is then installed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from zhengtong.entry.observing.pulse import Beat, beats
from zhengtong.entry.runtime.state_folder import StateFolder
from zhengtong.entry.upkeep import maintenance, upgrading
from zhengtong.entry.upkeep.upgrading import UpgradeProblem, lost_rows, stand_still

pytestmark = pytest.mark.timeout(300)


def eventually(true: Callable[[], bool], seconds: float = 90.0) -> None:
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up
        time.sleep(0.02)


@pytest.fixture
def worker(database_urls: dict[str, str], tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    environ = {
        **os.environ,
        "DATABASE_URL": database_urls["app"],
        "ZHENGTONG_VAR": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    process = subprocess.Popen([sys.executable, "-m", "zhengtong.entry.main", "worker"], env=environ)
    yield process
    process.kill()
    process.wait()


def test_the_worker_stands_still_and_begins_anew(worker: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    def now() -> list[Beat]:
        return beats(tmp_path / "run")

    eventually(lambda: {beat.kind for beat in now()} == {"worker", "apart"} and all(beat.loops for beat in now()))
    first = next(beat.started for beat in now() if beat.kind == "worker")
    said: list[str] = []

    stand_still(StateFolder(tmp_path), said.append)

    assert [(beat.kind, beat.pid, beat.standing) for beat in now()] == [("worker", worker.pid, True)]
    assert said
    maintenance.clear(tmp_path)
    eventually(lambda: {beat.kind for beat in now()} == {"worker", "apart"} and all(beat.loops for beat in now()))
    again = next(beat for beat in now() if beat.kind == "worker")
    assert again.pid == worker.pid
    assert again.started > first
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=60) == 0
    assert now() == []


def test_a_platform_that_knows_no_maintenance_has_to_be_stopped_first(tmp_path: Path) -> None:
    state = StateFolder(tmp_path)
    state.note_address("http://127.0.0.1:1")

    with pytest.raises(UpgradeProblem, match="请先停止平台"):
        stand_still(state, print)

    assert maintenance.read(tmp_path) is None


@pytest.mark.parametrize("still", [None, False, True])
def test_who_does_not_stand_still_keeps_the_upgrade_from_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, still: bool | None
) -> None:
    before = None
    if still is not None:  # its keeper's, or that of an upgrade that was cut off amid the tables
        before = maintenance.begin(tmp_path, until=None, reason="更换硬盘", by="命令行", still=still)
    (tmp_path / "run" / "beats").mkdir(parents=True)
    ticks = Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]
    body = {
        "kind": "worker", "pid": os.getpid(), "ticks": ticks, "started": "2026-11-22T00:00:00+00:00",
        "at": "2026-11-22T00:00:00+00:00", "version": "1", "busy": 0, "standing": False, "loops": {},
    }  # fmt: skip
    (tmp_path / "run" / "beats" / f"worker-{os.getpid()}.json").write_text(json.dumps(body))
    monkeypatch.setattr(upgrading, "_STANDSTILL", 0.1)

    with pytest.raises(UpgradeProblem, match="没有停下"):
        stand_still(StateFolder(tmp_path), print)

    assert maintenance.read(tmp_path) == before


def test_rows_that_are_gone_are_named_but_not_those_of_sessions_and_jobs() -> None:
    before = {"cases_case": 7, "django_session": 9, "procrastinate_jobs": 3, "dropped": 1, "same": 2}

    faults = lost_rows(before, {"cases_case": 6, "django_session": 0, "same": 5})

    assert len(faults) == 2
    assert "cases_case 升级前有 7 行，升级后只有 6 行" in faults[0]
    assert "dropped" in faults[1]


def test_there_is_no_way_back_without_an_upgrade(tmp_path: Path) -> None:
    with pytest.raises(UpgradeProblem, match="没有可以退回的升级"):
        upgrading.go_back(StateFolder(tmp_path), print)
