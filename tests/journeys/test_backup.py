"""A town is backed up while it works, proven by a drill, restored elsewhere and started there."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import steps as walk
from tests.journeys.access import check_access
from tests.journeys.town import Town, environment, running_town, sign_in, visitor

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]


def command(*words: str) -> subprocess.CompletedProcess[str]:
    """``zhengtong`` in a process of its own, as an operator calls it."""
    return subprocess.run(
        [sys.executable, "-m", "zhengtong.entry.main", *words],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_town_is_backed_up_drilled_and_restored(
    own_town: Town, browser: Browser, paper: Path, tmp_path: Path
) -> None:
    with visitor(browser, phone=True) as citizen:
        number, code = walk.apply_on_the_phone(citizen, own_town, paper)
    walk.accept(own_town, browser, number)
    state, store = str(own_town.state), str(own_town.state / "backups")

    made = command("backup", "--var", state)
    drilled = command("restore-drill", "--var", state)

    assert made.returncode == 0, made.stderr
    assert "备份密钥" in made.stdout
    assert drilled.returncode == 0, drilled.stdout + drilled.stderr
    report = json.loads(next(Path(store, "drills").glob("*.json")).read_text(encoding="utf-8"))
    assert report["ok"]
    assert report["ledger_entries"] > 0
    assert report["checkpoints_compared"] > 0
    assert not list(own_town.state.glob("restore-drill-*")), "what was restored aside is thrown away"
    with visitor(browser) as keeper:
        sign_in(keeper, own_town, "sysadmin")
        keeper.goto(f"{own_town.base}/console/backups/")
        assert "演练通过" in keeper.inner_text("main")
        check_access(keeper)

    folder = next(Path(store, "sets").iterdir())
    key = tmp_path / "key"
    shutil.copy(own_town.state / "secrets" / "backup_key", key)
    spoilt = folder / "database.sealed"
    content = bytearray(spoilt.read_bytes())
    content[len(content) // 2] ^= 1
    good = spoilt.read_bytes()
    spoilt.write_bytes(content)
    bad = command("restore-drill", "--var", state)
    spoilt.write_bytes(good)
    assert bad.returncode == 1
    assert "备份不可用" in bad.stdout
    assert "database.sealed" in bad.stdout

    restored = command("restore", str(folder), "--into", str(tmp_path / "new"), "--key-file", str(key))
    assert restored.returncode == 0, restored.stderr
    verified = command("ledger", "verify", "--var", str(tmp_path / "new"))
    assert verified.returncode == 0, verified.stdout
    with running_town(tmp_path / "new") as again, visitor(browser, phone=True) as stranger:
        stranger.goto(f"{again.base}/services/track/")
        stranger.get_by_label(re.compile("编号")).first.fill(number)
        stranger.get_by_label("查询码").first.fill(code)
        stranger.locator("main").get_by_role("button", name="查询").click()
        expect(stranger.locator("main")).to_contain_text("正在 4 个部门同时审查")
