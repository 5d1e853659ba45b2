"""Killed without warning: what was acknowledged stays, what waits is done afterwards, once."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error

from tests.journeys import steps as walk
from tests.journeys.town import Town, sign_in, visitor

pytestmark = [pytest.mark.full, pytest.mark.timeout(600)]


def processes(town: Town, pattern: str) -> list[int]:
    """Ids of the town's processes whose command line matches."""
    listed = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
    state = str(town.state)
    found = []
    for line in listed.splitlines()[1:]:
        pid, _, command = line.strip().partition(" ")
        environment = Path(f"/proc/{pid}/environ")
        try:
            ours = state in command or state.encode() in environment.read_bytes()
        except OSError:
            continue
        if ours and re.search(pattern, command) and int(pid) != os.getpid():
            found.append(int(pid))
    return found


def kill(town: Town, victim: str) -> None:
    """Kill -9 the database server, or every process of the town whose command line matches; at least one must."""
    if victim == "database":
        victims = [int(path.read_text().split()[0]) for path in town.state.rglob("postmaster.pid")]
    else:
        victims = processes(town, victim)
    assert victims, f"nothing to kill: {victim}"
    for pid in victims:
        os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("victim", ["zhengtong.entry.main worker", "granian", "database"])
def test_a_licence_comes_once_although_processes_are_killed(
    own_town: Town, browser: Browser, paper: Path, victim: str
) -> None:
    with visitor(browser, phone=True) as citizen:
        number, _code = walk.apply_on_the_phone(citizen, own_town, paper)
    walk.accept(own_town, browser, number)
    walk.agree(own_town, browser, number)
    walk.grant(own_town, browser, number)

    kill(own_town, victim)

    time.sleep(3)
    with visitor(browser, phone=True) as citizen:
        for _ in range(40):
            try:
                sign_in(citizen, own_town, walk.APPLICANT, official=False)
                break
            except Error:
                citizen.wait_for_timeout(1000)
        walk.open_application(citizen, own_town, number)
        walk.reload_until(citizen, "食品经营许可证", seconds=60)
        links = citizen.locator("main a[href*='/papers/']").filter(has_text="食品经营许可证").all()
        addresses = [link.get_attribute("href") or "" for link in links]
        # the same licence is offered as PDF and as OFD
        assert len({re.findall(r"/papers/([0-9a-f-]{36})/", address)[0] for address in addresses}) == 1
    assert "核验通过" in own_town.command("ledger", "verify")
