"""Jobs set in motion by what happened in a demonstration's invented past run in that past too.

The queue keeps with a job when it is to run; a job that follows from a simulated act carries the simulated instant
there, which is long gone: it runs at once, and lives in that instant.
"""

import asyncio
import datetime as dt
import functools
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
from procrastinate import App, JobContext, exceptions, jobs, manager
from procrastinate.connector import BaseConnector
from procrastinate.worker import Worker

from zhengtong.kernel import clock, simulation, tracing

log = logging.getLogger(__name__)

_PAUSE, _TRIES = 1.0, 60
#: a job of a newer program waits a day for it; then nobody is to be expected, and it is seen as failed
_FOREIGN_PAUSE, _FOREIGN_TRIES = dt.timedelta(minutes=1), 24 * 60


class JobsOfTheirTime(manager.JobManager):
    """Gives the jobs of a simulated act its instant."""

    def batch_defer_jobs(self, jobs: list[jobs.Job], connection: Any | None = None) -> list[jobs.Job]:
        """Defer; within ``clock.simulated`` the jobs keep the simulated instant."""
        if clock.lives_in_the_past():
            jobs = [job.evolve(scheduled_at=job.scheduled_at or clock.now()) for job in jobs]
        deferred = super().batch_defer_jobs(jobs=jobs, connection=connection)
        if tracing.in_request():
            # the line that leads from the number of a request to that of its jobs
            log.info("jobs %s", ", ".join(f"job:{job.id} {job.task_name}" for job in deferred))
        return deferred


def use(app: App) -> None:
    """Called by procrastinate once its app stands."""
    app.job_manager = JobsOfTheirTime(app.connector)


def in_its_time(call_next: Callable[[], Any], context: JobContext, worker: Worker) -> Any:
    """A middleware of the worker: run a job in the instant it belongs to."""
    at: dt.datetime | None = context.job.scheduled_at
    with simulation.living(at):
        return call_next()


class JobsThatAreEnded(manager.JobManager):
    """Writes down the end of a job also when the database is away at that moment.

    Otherwise the job would count as running for as long as this worker lives, and nobody would take it up.
    A job whose task this program does not know (``knows``) is of another version: it goes back to the queue.
    """

    def __init__(self, connector: BaseConnector, *, knows: Callable[[str], bool]) -> None:
        super().__init__(connector)
        self._knows = knows

    async def finish_job(self, job: jobs.Job, status: jobs.Status, delete_job: bool) -> None:  # noqa: FBT001  (theirs)
        """Set the job's last state, as soon as the database takes it."""
        if not self._knows(job.task_name) and job.attempts < _FOREIGN_TRIES:
            log.warning("job %s (%s) waits for a program that knows it", job.id, job.task_name)
            # the machine's own time: so the queue measures it
            await self.retry_job(job, retry_at=clock.recording_time() + _FOREIGN_PAUSE)
            return
        await _when_it_is_there(functools.partial(super().finish_job, job, status, delete_job))

    async def retry_job(self, job: jobs.Job, *args: Any, **options: Any) -> None:
        """Give the job back to the queue, as soon as the database takes it."""
        await _when_it_is_there(functools.partial(super().retry_job, job, *args, **options))


async def _when_it_is_there(write: Callable[[], Awaitable[None]]) -> None:
    """Write; while the database is away, again and again for a minute, then raise what it raised."""
    for left in range(_TRIES, -1, -1):
        try:
            await write()
        except exceptions.ConnectorException as error:
            away = isinstance(error.__cause__, psycopg.OperationalError | psycopg.InterfaceError)
            if not away and left < _TRIES:
                return  # an earlier try was written, and only its answer was lost
            if not away or not left:
                raise
            await asyncio.sleep(_PAUSE)
        else:
            return
