"""The worker's second process: killed in the middle of a storm, the storm is still told of, each thing once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from zhengtong.kernel.models import InboxKey, OutboxEvent
from zhengtong.systems.supervision.constants import SUBSCRIBER
from zhengtong.systems.supervision.models import Card, WatchedEvent
from zhengtong.systems.supervision.tests.county import Matter, install

_WORK = (
    "import django; django.setup(); from zhengtong.entry import worker;"
    " raise SystemExit(worker.main(only=['outbox_groups', 'outbox']))"
)


@pytest.fixture
def start(database_urls):
    """Starts a worker of its own on the committed database."""
    environ = {**os.environ, "DATABASE_URL": database_urls["app"], "PYTHONPATH": os.pathsep.join(sys.path)}
    started: list[subprocess.Popen[bytes]] = []

    def begin() -> "subprocess.Popen[bytes]":
        started.append(subprocess.Popen([sys.executable, "-c", _WORK], env=environ))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.wait()


def eventually(true: Callable[[], bool], seconds: float = 90.0) -> None:
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up
        time.sleep(0.01)


def children(process: "subprocess.Popen[bytes]") -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def test_a_storm_that_was_cut_off_by_a_kill_raises_each_card_once(committed_db, start):
    install()
    for number in range(900):
        Matter(f"980723-2026-{number}").deadline("promised", "red")
    first = start()
    eventually(Card.objects.exists)
    (apart,) = children(first)

    os.kill(apart, signal.SIGKILL)

    # the other process does not go on alone, and whoever started it starts it again
    assert first.wait(timeout=60) == 0
    assert Card.objects.count() % 100 == 0
    second = start()
    eventually(lambda: not OutboxEvent.objects.filter(delivered_at__isnull=True).exists())
    second.send_signal(signal.SIGTERM)
    assert second.wait(timeout=60) == 0
    assert Card.objects.filter(level="red").count() == 900
    assert Card.objects.values("event_id").distinct().count() == 900
    assert WatchedEvent.objects.filter(name="cases.deadline_reached.v1").count() == 900
    lamps = OutboxEvent.objects.filter(name="cases.deadline_reached.v1").values("event_id")
    assert InboxKey.objects.filter(subscriber=SUBSCRIBER, event_id__in=lamps).count() == 900


def test_the_second_process_ends_with_the_first(committed_db, start):
    install()
    Matter().deadline("promised", "red")
    process = start()
    eventually(Card.objects.exists)
    (apart,) = children(process)

    process.kill()
    process.wait()

    eventually(lambda: not Path(f"/proc/{apart}").exists() or " Z " in Path(f"/proc/{apart}/stat").read_text())
