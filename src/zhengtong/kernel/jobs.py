"""Jobs set in motion by what happened in a demonstration's invented past run in that past too.

The queue keeps with a job when it is to run; a job that follows from a simulated act carries the simulated instant
there, which is long gone: it runs at once, and lives in that instant.
"""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from procrastinate import App, JobContext, jobs, manager
from procrastinate.worker import Worker

from zhengtong.kernel import clock, simulation, tracing

log = logging.getLogger(__name__)


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
