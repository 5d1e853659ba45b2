"""A clock that goes backwards is noticed, and what waits for a moment stands still until it is right."""

import datetime as dt
import logging
import threading

import pytest
import time_machine

from zhengtong.entry import worker
from zhengtong.kernel.clock import BackwardWatch
from zhengtong.kernel.loops import Loop

NOON = dt.datetime(2026, 11, 9, 4, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_a_step_back_of_a_second_is_borne_and_more_is_not(clock):
    watch = BackwardWatch()
    assert watch.steady()

    clock.move_to(NOON - SECOND)
    assert watch.steady()
    clock.move_to(NOON - SECOND - dt.timedelta(microseconds=1))
    assert not watch.steady()
    assert watch.behind() == SECOND + dt.timedelta(microseconds=1)


def test_the_watch_is_steady_again_when_the_clock_has_come_up(clock):
    watch = BackwardWatch()
    watch.steady()
    clock.move_to(NOON - dt.timedelta(hours=1))
    assert not watch.steady()

    clock.move_to(NOON + SECOND)

    assert watch.steady()
    assert watch.behind() == dt.timedelta(0)


def test_what_was_recorded_before_this_process_counts_too(clock):
    assert not BackwardWatch(NOON + dt.timedelta(minutes=1)).steady()
    assert BackwardWatch(NOON - dt.timedelta(minutes=1)).steady()


class Stopping(threading.Event):
    """Lets a loop turn a few times instead of for ever."""

    def __init__(self, turns):
        super().__init__()
        self.turns = turns

    def wait(self, timeout=None):
        self.turns -= 1
        if not self.turns:
            self.set()
        return self.is_set()


@pytest.mark.django_db
@pytest.mark.parametrize(("timed", "ran"), [(True, 0), (False, 2)])
def test_only_what_waits_for_a_moment_stands_still(clock, monkeypatch, caplog, timed, ran):
    monkeypatch.setattr(worker, "_latest_recorded", lambda: NOON + dt.timedelta(minutes=5))
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(worker.connection, "close", lambda: None)
    turns = []
    loop = Loop("test", lambda: turns.append(1) or 0, 1.0, timed=timed)

    with caplog.at_level(logging.WARNING):
        worker._run(loop, Stopping(2), worker._Watch())

    assert len(turns) == ran
    assert sum("clock has gone back" in line for line in caplog.messages) == int(timed)


@pytest.mark.django_db
def test_it_is_said_when_the_clock_is_right_again(clock, monkeypatch, caplog):
    monkeypatch.setattr(worker, "_latest_recorded", lambda: NOON + SECOND * 5)
    watch = worker._Watch()

    with caplog.at_level(logging.WARNING):
        before = watch.steady()
        clock.move_to(NOON + SECOND * 6)
        after = watch.steady()

    assert (before, after) == (False, True)
    assert [record.levelname for record in caplog.records] == ["CRITICAL", "WARNING"]
