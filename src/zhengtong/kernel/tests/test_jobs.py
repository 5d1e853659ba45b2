"""The end of a job is written down although the database is away at that moment; an unknown task waits."""

import asyncio
from typing import Any

import psycopg
import pytest
from procrastinate import App, exceptions, jobs, manager
from procrastinate.testing import InMemoryConnector

from zhengtong.kernel import clock
from zhengtong.kernel import jobs as ours

JOB = jobs.Job(id=1, queue="papers", lock=None, queueing_lock=None, task_name="test")


def away(cause: Exception) -> exceptions.ConnectorException:
    error = exceptions.ConnectorException()
    error.__cause__ = cause
    return error


@pytest.fixture
def answers(monkeypatch):
    """What the database says to each try to end a job; nothing more said means yes."""
    said: list[Exception] = []
    tries: list[object] = []

    async def end(self, job, *_args, **_more):
        tries.append(job)
        if said:
            raise said.pop(0)

    monkeypatch.setattr(manager.JobManager, "finish_job", end)
    monkeypatch.setattr(manager.JobManager, "retry_job", end)
    monkeypatch.setattr(ours, "_PAUSE", 0.0)
    return said, tries


def manager_of(connector: InMemoryConnector, *, known: bool = True) -> ours.JobsThatAreEnded:
    return ours.JobsThatAreEnded(connector, knows=lambda _name: known)


def finish() -> None:
    asyncio.run(manager_of(InMemoryConnector()).finish_job(JOB, jobs.Status.SUCCEEDED, True))


def test_a_job_is_ended_when_the_database_is_there_again(answers):
    said, tries = answers
    said += [away(psycopg.OperationalError("the server is in recovery")), away(psycopg.InterfaceError("closed"))]

    finish()

    assert len(tries) == 3


def test_a_job_goes_back_to_the_queue_in_the_same_way(answers):
    said, tries = answers
    said += [away(psycopg.errors.AdminShutdown("restart"))]

    asyncio.run(manager_of(InMemoryConnector()).retry_job(JOB))

    assert len(tries) == 2


def test_what_was_written_although_the_answer_was_lost_is_not_a_fault(answers):
    said, tries = answers
    said += [away(psycopg.OperationalError("closed")), away(psycopg.errors.RaiseException("not found"))]

    finish()

    assert len(tries) == 2


def test_a_refusal_at_once_is_told(answers):
    said, _tries = answers
    said += [away(psycopg.errors.RaiseException("not found"))]

    with pytest.raises(exceptions.ConnectorException):
        finish()


def test_a_database_that_stays_away_is_told_at_last(answers):
    said, tries = answers
    said += [away(psycopg.OperationalError("gone"))] * 100

    with pytest.raises(exceptions.ConnectorException):
        finish()

    assert len(tries) == ours._TRIES + 1


def ran(app: App) -> dict[str, Any]:
    """The one job there is, after a worker of this program has looked at what is due."""

    async def work() -> None:
        async with app.open_async():
            await app.run_worker_async(
                wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="successful"
            )

    asyncio.run(work())
    return next(iter(app.connector.jobs.values()), {})


@pytest.fixture
def queue():
    """A queue with one job whose task only a newer program has."""
    app = App(connector=InMemoryConnector())
    app.job_manager = ours.JobsThatAreEnded(app.connector, knows=lambda name: name in app.tasks)
    app.configure_task("papers.of_the_next_version", allow_unknown=True).defer(number=7)
    return app


def test_a_job_of_a_newer_program_waits_for_it(queue):
    before = clock.recording_time()

    job = ran(queue)

    assert (job["status"], job["attempts"]) == ("todo", 1)
    assert job["scheduled_at"] > before
    done: list[int] = []
    queue.task(name="papers.of_the_next_version")(lambda number: done.append(number))
    job["scheduled_at"] = before
    assert ran(queue) == {}
    assert done == [7]


def test_a_job_nobody_knows_after_a_day_is_seen_as_failed(queue):
    next(iter(queue.connector.jobs.values()))["attempts"] = ours._FOREIGN_TRIES

    assert ran(queue)["status"] == "failed"


def test_a_job_that_is_known_fails_at_once(queue):
    def refuse(number: int) -> None:
        raise ValueError(number)

    queue.task(name="papers.of_the_next_version")(refuse)

    assert ran(queue)["status"] == "failed"
