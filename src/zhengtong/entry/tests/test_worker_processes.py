"""The worker's processes: what a kill, or a database that went away under them, leaves is done, each thing once."""

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from zhengtong.entry import worker
from zhengtong.kernel.models import InboxKey, OutboxEvent
from zhengtong.systems.supervision.constants import SUBSCRIBER
from zhengtong.systems.supervision.models import Card, WatchedEvent
from zhengtong.systems.supervision.tests.county import Matter, install

_WORK = (
    "import django; django.setup(); from zhengtong.entry import worker;"
    " raise SystemExit(worker.main(only=['outbox_groups', 'outbox']))"
)
_JOBS_ALONE = (
    "import django; django.setup(); from zhengtong.entry import worker; worker._AFTER_FAILURE = 0.1;"
    " worker.work([], told=worker.Told().__enter__(), jobs=worker.JobRunner())"
)


@pytest.fixture
def start(database_urls):
    """Starts a worker of its own on the committed database."""
    environ = {**os.environ, "DATABASE_URL": database_urls["app"], "PYTHONPATH": os.pathsep.join(sys.path)}
    started: list[subprocess.Popen[bytes]] = []

    def begin(what: str = _WORK) -> "subprocess.Popen[bytes]":
        started.append(subprocess.Popen([sys.executable, "-c", what], env=environ))
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


def jobs_that(status: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where status = %s", [status])
        return int(cursor.fetchone()[0])


def test_jobs_go_on_after_the_database_has_dropped_every_connection(committed_db, start):
    start(_JOBS_ALONE)
    for _ in range(3):
        for _ in range(6):  # both threads of the runner have a connection of their own
            app.configure_task("cases.run_service").defer(
                tenant="980723", case_id="00000000-0000-0000-0000-000000000001", token=1, topic="issue_licence"
            )
        eventually(lambda: not jobs_that("todo") + jobs_that("doing"))
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                " where datname = current_database() and usename = current_user and pid <> pg_backend_pid()"
            )
            assert cursor.fetchone()[0] > 1

    assert jobs_that("failed") == 0


def test_a_batch_does_not_pay_for_searching_the_programs_for_garbage(monkeypatch):
    before, found = gc.get_threshold(), list[tuple[int, int]]()

    def works(*_loops, **_more):
        found.append((gc.get_freeze_count(), gc.get_threshold()[0]))
        return True

    monkeypatch.setattr(worker, "work", works)
    gc.unfreeze()
    try:
        assert worker.main(only=["none"]) == 0
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)

    ((frozen, first),) = found
    assert frozen > 10_000
    assert first > 10 * before[0]
