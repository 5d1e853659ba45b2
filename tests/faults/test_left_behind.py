"""Who outlives the process that started it is found, and nobody else."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from faults.processes import left_behind

_SLEEPER = f"{sys.executable} -c 'import time; time.sleep(120)' zhengtong.entry.main"


def test_only_what_outlived_who_started_it_in_this_town_is_found(tmp_path: Path) -> None:
    asked = f"{_SLEEPER} {tmp_path}/here & echo $!; {_SLEEPER} {tmp_path}/elsewhere & echo $!"
    with subprocess.Popen(["sh", "-c", asked + "; wait"], stdout=subprocess.PIPE, text=True) as shell:
        assert shell.stdout
        pids = [int(shell.stdout.readline()) for _ in range(2)]
        try:
            assert not left_behind(tmp_path / "here")
            shell.kill()
            shell.wait()
            assert [one.pid for one in left_behind(tmp_path / "here")] == pids[:1]
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
