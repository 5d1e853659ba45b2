"""Back-up, erasure, restore: who was erased after a set was made is erased again in what comes back of it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.town import environment

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]


def program(*words: str) -> str:
    """What a program of ours prints; it must succeed."""
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=Path(__file__).parents[2],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def zhengtong(*words: str) -> str:
    """As the operator calls it."""
    return program("zhengtong.entry.main", *words)


def person(state: Path, act: str) -> dict[str, Any]:
    """Somebody comes, is erased, or is looked for; how far his request is and where he is found."""
    found: dict[str, Any] = json.loads(program("tests.journeys.leaving", str(state), act).splitlines()[-1])
    assert found["var"] == str(state)
    return found


def test_a_back_up_brings_nobody_back_who_was_erased_since(tmp_path: Path) -> None:
    state, key = tmp_path / "var", tmp_path / "key"
    zhengtong("migrate", "--var", str(state))
    here = person(state, "come")
    zhengtong("backup", "--var", str(state))
    shutil.copy(state / "secrets" / "backup_key", key)

    gone = person(state, "erase")

    assert "identity_person.name" in here["places"]
    assert (gone["state"], gone["places"]) == ("done", [])
    store = state / "backups"
    [backup] = (store / "sets").iterdir()
    assert len(list((store / "erasures").iterdir())) == 1
    without = tmp_path / "without-the-list"
    shutil.copytree(store, without, ignore=shutil.ignore_patterns("erasures"))

    said = zhengtong("restore", str(backup), "--into", str(tmp_path / "new"), "--key-file", str(key))
    old = zhengtong(
        "restore", str(without / "sets" / backup.name), "--into", str(tmp_path / "old"), "--key-file", str(key)
    )

    assert "备份以后有 1 人的个人信息依法删除" in said
    again = person(tmp_path / "new", "look")
    assert (again["state"], again["places"]) == ("done", [])
    assert "账本" in zhengtong("ledger", "verify", "--var", str(tmp_path / "new"))
    # the list is what does it: a copy of the store without it knows nothing, and takes a newer one by name
    assert "依法删除" not in old
    assert "identity_person.name" in person(tmp_path / "old", "look")["places"]
    named = ("--into", str(tmp_path / "named"), "--key-file", str(key), "--erasures", str(store))
    assert "依法删除" in zhengtong("restore", str(without / "sets" / backup.name), *named)
    assert person(tmp_path / "named", "look")["places"] == []
