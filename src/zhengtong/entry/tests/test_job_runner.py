"""The job runner outlives a database that was away: the rest of the worker need not end for it."""

import asyncio
import threading

import pytest

from zhengtong.entry import worker


@pytest.fixture
def runner(monkeypatch):
    """A runner that begins anew at once."""
    monkeypatch.setattr(worker, "_AFTER_FAILURE", 0.0)
    return worker.JobRunner()


@pytest.mark.parametrize("end", [ConnectionError("the server is in recovery"), None])
def test_it_begins_anew_after_a_failure_and_after_an_end(runner, monkeypatch, end):
    begun = []

    async def work():
        begun.append(True)
        if len(begun) == 3:
            runner.stop()
        if end is not None:
            raise end

    monkeypatch.setattr(runner, "_work", work)

    runner.run()

    assert len(begun) == 3


def test_it_stops_while_it_works(runner, monkeypatch):
    at_work = threading.Event()

    async def work():
        at_work.set()
        await asyncio.sleep(3600)

    monkeypatch.setattr(runner, "_work", work)
    thread = threading.Thread(target=runner.run)
    thread.start()
    assert at_work.wait(10)

    runner.stop()

    thread.join(timeout=10)
    assert not thread.is_alive()


def test_one_that_is_stopped_before_it_begins_does_nothing(runner, monkeypatch):
    monkeypatch.setattr(runner, "_work", None)

    runner.stop()
    runner.run()
