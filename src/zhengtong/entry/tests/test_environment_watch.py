"""Looking after the database never ends the process that looks."""

import subprocess

import pytest

from zhengtong.entry.runtime.environment import Installation
from zhengtong.entry.runtime.problems import StartProblem
from zhengtong.entry.runtime.state_folder import StateFolder


@pytest.mark.parametrize(
    "problem",
    [
        StartProblem("数据库启动失败"),
        OSError(28, "No space left on device"),
        subprocess.TimeoutExpired(["pg_ctl"], 120),
    ],
)
def test_a_database_that_cannot_be_started_now_is_tried_again_later(tmp_path, monkeypatch, problem):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    said: list[str] = []
    installation = Installation(StateFolder(tmp_path), say=said.append)

    def fail() -> None:
        raise problem

    monkeypatch.setattr(installation.cluster, "is_running", lambda: False)
    monkeypatch.setattr(installation.cluster, "ensure_running", fail)

    installation.look_after_database()

    assert said[-1].startswith("数据库没有恢复，稍后再试")
