"""The invented past of a demonstration: lived through by who invents it, and by what follows from it."""

import dataclasses
import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
import time_machine
from django.db import connection
from procrastinate.contrib.django import app

from zhengtong.kernel import clock, outbox, simulation
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.events import Event
from zhengtong.kernel.jobs import in_its_time

THEN = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Lived(Event):
    NAME: ClassVar[str] = "kernel.lived.v1"


@pytest.fixture
def demo(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ZHENGTONG_CLOCK_FILE = str(tmp_path / "clock")
    monkeypatch.setattr(simulation, "_known", (float("-inf"), None, None))


def test_time_is_simulated_in_its_own_context_only(demo: None) -> None:
    with time_machine.travel(NOW, tick=False):
        with clock.simulated(THEN):
            assert (clock.now() - THEN) < dt.timedelta(seconds=1)
            assert clock.recording_time() == NOW
            assert clock.lives_in_the_past()
        assert clock.now() == NOW
        assert clock.simulated_now() is None


def test_nothing_is_simulated_outside_a_demonstration(settings: Any) -> None:
    settings.ZHENGTONG_CLOCK_FILE = ""

    with pytest.raises(RuntimeError, match="demo"), clock.simulated(THEN):
        pass
    assert simulation.not_before() is None


@pytest.mark.django_db
def test_only_the_simulator_acts_on_what_is_due_in_its_past(demo: None) -> None:
    until = NOW - dt.timedelta(hours=1)
    with time_machine.travel(NOW, tick=False):
        row = simulation.begin(tenant="980723", from_at=THEN, until_at=until, wanted=10, seed=7)

        assert simulation.not_before() == until
        with clock.simulated(THEN):
            assert simulation.not_before() is None
        simulation.advance(row, position=until, made=10, ended=True)
        assert simulation.not_before() is None
        with simulation.living(THEN):
            assert clock.lives_in_the_past()
        with simulation.living(NOW):
            assert not clock.lives_in_the_past()


@pytest.mark.django_db
def test_an_interrupted_simulation_goes_on(demo: None) -> None:
    row = simulation.begin(tenant="980723", from_at=THEN, until_at=NOW, wanted=10, seed=7)
    simulation.advance(row, position=THEN + dt.timedelta(days=3), made=4)

    again = simulation.begin(tenant="980723", from_at=THEN, until_at=NOW + dt.timedelta(days=9), wanted=99, seed=8)

    assert (again.pk, again.made, again.wanted, again.seed) == (row.pk, 4, 10, 7)


@pytest.mark.django_db
def test_what_follows_from_an_invented_act_happens_in_its_time(demo: None, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[dt.datetime] = []
    monkeypatch.setattr(outbox, "_subscriptions", {})
    outbox.subscribe(Lived.NAME, lambda event: heard.append(clock.now()), key="test")
    with time_machine.travel(NOW, tick=False):
        simulation.begin(tenant="980723", from_at=THEN, until_at=NOW, wanted=1, seed=1)
        for at in (THEN, NOW):
            outbox.publish(Lived(tenant="980723", object_ref=ObjectRef(kind="thing", id=str(at)), at=at))

        outbox.relay()

    assert [at.date() for at in heard] == [THEN.date(), NOW.date()]


@pytest.mark.django_db
def test_a_job_of_an_invented_act_runs_in_its_time(demo: None) -> None:
    with time_machine.travel(NOW, tick=False):
        simulation.begin(tenant="980723", from_at=THEN, until_at=NOW, wanted=1, seed=1)
        with clock.simulated(THEN):
            invented = app.configure_task("kernel.tests.nothing").defer()
        earnest = app.configure_task("kernel.tests.nothing").defer()
        with connection.cursor() as cursor:
            cursor.execute(
                "select scheduled_at from procrastinate_jobs where id in (%s, %s) order by id", [invented, earnest]
            )
            planned = [row[0] for row in cursor.fetchall()]

        assert planned[1] is None
        context = SimpleNamespace(job=SimpleNamespace(scheduled_at=planned[0]))
        lived = in_its_time(clock.now, context, None)  # type: ignore[arg-type]  # what the middleware reads of a job

    assert lived.date() == THEN.date()
