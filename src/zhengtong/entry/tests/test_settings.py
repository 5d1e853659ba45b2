"""Settings that depend on the kind of installation."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(("demo", "file"), [("1", "/somewhere/clock"), ("0", "")])
def test_the_clock_can_be_moved_in_the_demonstration_only(demo: str, file: str) -> None:
    named = {"ZHENGTONG_DEMO": demo, "ZHENGTONG_CLOCK_FILE": "/somewhere/clock"}

    found = subprocess.run(
        [sys.executable, "-c", "from zhengtong.entry.settings import base; print(base.ZHENGTONG_CLOCK_FILE)"],
        env={**os.environ, **named},
        capture_output=True,
        text=True,
        check=True,
    )

    assert found.stdout.strip() == file
