"""Beats and counts of several processes."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from zhengtong.entry.observing import pulse as module
from zhengtong.entry.observing.pulse import LoopState, Pulse, beats, counts, reset_statements, sweep
from zhengtong.entry.observing.tallies import added

_OTHER = """
import sys, pathlib
from zhengtong.entry.observing.pulse import Pulse
one = Pulse()
one.begin("web", pathlib.Path(sys.argv[1]))
one.tally.request("portal:home", 200, 0.2, 5)
one.tally.heard("portal:home", [("select a from t where b = %s", 0.25)])
one.write()
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path):
    """Another process that answered one request and lives."""
    process = subprocess.Popen(
        [sys.executable, "-c", _OTHER, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stdout.readline() == b"ready\n"
    yield process
    process.kill()
    process.communicate()


def test_the_beat_of_a_living_process_is_seen_and_of_a_dead_one_swept_away(other, tmp_path):
    (beat,) = beats(tmp_path)
    assert (beat.kind, beat.pid, beat.standing) == ("web", other.pid, False)

    other.kill()
    other.wait()

    assert beats(tmp_path) == []
    assert list((tmp_path / "beats").glob("*.json")) == []


def test_counts_of_all_processes_are_added_and_outlive_them(other, tmp_path, monkeypatch):
    mine = Pulse()
    monkeypatch.setattr(module, "pulse", mine)
    mine.begin("web", tmp_path)
    mine.tally.request("portal:home", 200, 0.7, 3)
    mine.tally.heard("portal:home", [("select a from t where b = %s", 0.5)])
    other.kill()
    other.wait()

    found = counts(tmp_path)
    mine.end()

    row = found["requests"]["portal:home\t2xx"]
    assert sum(row[:-2]) == 2
    assert row[-1] == 8
    assert found["statements"]["portal:home\tselect a from t where b = %s"] == [2, pytest.approx(0.75), 0.5]
    sweep(tmp_path)
    assert counts(tmp_path)["requests"] == {}


def test_a_reset_is_heeded_by_the_living_and_leaves_out_the_dead(other, tmp_path, monkeypatch):
    mine = Pulse()
    monkeypatch.setattr(module, "pulse", mine)
    mine.begin("web", tmp_path)
    mine.tally.heard("a", [("select 1", 0.5)])
    mine.write()
    other.kill()
    other.wait()
    for path in (tmp_path / "counts").glob("*.json"):
        os.utime(path, (time.time() - 10, time.time() - 10))
    mine._started -= module.dt.timedelta(seconds=5)

    reset_statements(tmp_path)
    mine.tally.heard("b", [("select 2", 0.1)])
    mine.write()
    after = counts(tmp_path)["statements"]
    mine.tally.heard("c", [("select 3", 0.1)])
    later = counts(tmp_path)["statements"]
    mine.end()

    assert after == {}
    assert {key.split("\t")[0] for key in later} == {"c"}


def test_a_broken_file_is_passed_over(tmp_path: Path) -> None:
    for folder in ("beats", "counts"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "web-1.json").write_text("{")
        (tmp_path / folder / "web-2.json").write_text(json.dumps({"pid": 1}))

    assert beats(tmp_path) == []
    assert added([]) == counts(tmp_path)


def test_a_full_disk_stops_nobody(tmp_path, monkeypatch):
    def full(*_given):
        raise OSError(28, "No space left on device")

    mine = Pulse()
    mine.begin("web", tmp_path)
    monkeypatch.setattr(module, "_put", full)

    mine.write()
    mine.end()


def test_loops_are_late_when_they_rest_or_work_too_long():
    from zhengtong.entry.console.running import late_words

    assert late_words(LoopState(5.0), 1000) == ""
    assert late_words(LoopState(5.0, ended=940), 1000) == ""
    assert "60 秒没有轮到" not in late_words(LoopState(5.0, ended=940), 1000)
    assert "80 秒没有轮到" in late_words(LoopState(5.0, ended=920), 1000)
    assert late_words(LoopState(300.0, ended=500), 1000) == ""
    assert late_words(LoopState(5.0, began=800, ended=700), 1000) == ""
    assert "400 秒" in late_words(LoopState(5.0, began=600, ended=500), 1000)
