"""The end of a job is written down although the database is away at that moment."""

import asyncio

import psycopg
import pytest
from procrastinate import exceptions, jobs, manager
from procrastinate.testing import InMemoryConnector

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


def finish() -> None:
    asyncio.run(ours.JobsThatAreEnded(InMemoryConnector()).finish_job(JOB, jobs.Status.SUCCEEDED, True))


def test_a_job_is_ended_when_the_database_is_there_again(answers):
    said, tries = answers
    said += [away(psycopg.OperationalError("the server is in recovery")), away(psycopg.InterfaceError("closed"))]

    finish()

    assert len(tries) == 3


def test_a_job_goes_back_to_the_queue_in_the_same_way(answers):
    said, tries = answers
    said += [away(psycopg.errors.AdminShutdown("restart"))]

    asyncio.run(ours.JobsThatAreEnded(InMemoryConnector()).retry_job(JOB))

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
