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


def test_words_of_a_list_may_have_spaces_between_them() -> None:
    named = {
        "ZHENGTONG_ALLOWED_HOSTS": "a.gov.cn, b.gov.cn,",
        "ZHENGTONG_TRUSTED_PROXIES": " 10.0.0.1 ,10.0.0.2",
        "ZHENGTONG_METRICS_FROM": "",
    }
    said = "from zhengtong.entry.settings import security as s; print(s.ALLOWED_HOSTS, s.ZHENGTONG_TRUSTED_PROXIES,"

    found = subprocess.run(
        [sys.executable, "-c", f"{said} s.ZHENGTONG_METRICS_FROM)"],
        env={**os.environ, **named},
        capture_output=True,
        text=True,
        check=True,
    )

    assert found.stdout.strip() == "['a.gov.cn', 'b.gov.cn'] ['10.0.0.1', '10.0.0.2'] []"
