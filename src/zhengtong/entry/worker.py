"""The worker: every registered loop in a thread of its own, and the job queue; until it is told to stop.

Loops that must keep up when much happens at one instant run in a second process, forked before the first thread
and connection: threads of one process share one processor. Either process ends when the other does.
"""

import asyncio
import contextlib
import datetime as dt
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Collection, Sequence
from types import FrameType
from typing import Any

import django
from django.db import close_old_connections, connection

from zhengtong.entry.runtime.supervisor import end_with_parent
from zhengtong.kernel.clock import BackwardWatch, simulated_offset
from zhengtong.kernel.jobs import in_its_time
from zhengtong.kernel.loops import Loop, worker_loops

log = logging.getLogger(__name__)

_AFTER_FAILURE = 5.0
_CLOCK_BACK = 1.0
# a worker that was killed leaves its jobs behind; after this silence another one takes them up
_HEARTBEAT = 3.0
_SILENCE = 12.0


def main(only: Collection[str] = ()) -> int:
    """Work until SIGTERM or SIGINT; returns 0. ``only``: these loops and no jobs, for measuring."""
    if not django.apps.apps.ready:
        django.setup()
    loops = [loop for key, loop in worker_loops.items() if not only or key in only]
    apart = [loop for loop in loops if loop.apart]
    other = _fork(apart) if apart and sys.platform.startswith("linux") else 0
    try:
        jobs = None if only else JobRunner()
        work([loop for loop in loops if not (other and loop.apart)], jobs=jobs, beside=lambda: _lives(other))
    finally:
        _end(other)
    return 0


def work(loops: Sequence[Loop], *, jobs: "JobRunner | None" = None, beside: Callable[[], bool] | None = None) -> None:
    """Run loops, and jobs, in threads until SIGTERM or SIGINT, or until what works ``beside`` them has ended."""
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    watch = _Watch()
    threads = [threading.Thread(target=_run, args=(loop, stopping, watch), name=loop.name) for loop in loops]
    if jobs is not None:
        threads.append(threading.Thread(target=jobs.run, name="jobs"))
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, stop)
    for thread in threads:
        thread.start()
    while not stopping.wait(1.0):
        dead = [thread.name for thread in threads if not thread.is_alive()]
        if beside is not None and not beside():
            dead.append("the process of the loops apart")
        if dead:
            log.critical("worker threads ended by themselves: %s", ", ".join(dead))
            stopping.set()
    if jobs is not None:
        jobs.stop()
    for thread in threads:
        thread.join(timeout=20)


def _fork(loops: Sequence[Loop]) -> int:
    """Run loops in a second process until this one ends or ends it; gives its number."""
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        ask = end_with_parent(parent)
        if ask is not None:
            ask()
        work(loops)
        code = 0
    except Exception:
        log.exception("the loops apart ended")
    finally:
        # nothing of the first process is unwound a second time in its copy
        os._exit(code)


def _lives(child: int) -> bool:
    return not child or os.waitpid(child, os.WNOHANG) == (0, 0)


def _end(child: int) -> None:
    """Have the second process finish its batch, and collect it; one that was collected already is gone."""
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        if child and os.waitpid(child, os.WNOHANG) == (0, 0):
            os.kill(child, signal.SIGTERM)
            os.waitpid(child, 0)


class _Watch:
    """The clock's watch of this worker: it says once when limits stop acting, and once when they go on."""

    def __init__(self) -> None:
        self._clock = BackwardWatch(_latest_recorded())
        self._stopped = False

    def steady(self) -> bool:
        """Whether loops that wait for a moment may act."""
        behind = self._clock.behind()
        stopped = not self._clock.steady()
        if stopped and not self._stopped:
            log.critical("the clock has gone back by %s: timers and lamps stand still until it is right", behind)
        elif self._stopped and not stopped:
            log.warning("the clock is right again: timers and lamps go on")
        self._stopped = stopped
        return not stopped


def _latest_recorded() -> dt.datetime | None:
    """The latest instant written before this process began; None where a demo's own clock was in use."""
    from zhengtong.kernel.outbox import latest_event_at

    if simulated_offset():
        return None
    try:
        return latest_event_at()
    finally:
        connection.close()


def _run(loop: Loop, stopping: threading.Event, watch: _Watch) -> None:
    """One loop for ever: at once again while there is work, a pause when idle, a longer one after a failure."""
    while not stopping.is_set():
        if loop.timed and not watch.steady():
            stopping.wait(max(loop.interval, _CLOCK_BACK))
            continue
        try:
            wait = 0.0 if loop.fn() else loop.interval
            close_old_connections()
        except Exception:
            log.exception("loop %s failed and will be tried again", loop.name)
            connection.close()
            wait = _AFTER_FAILURE
        if wait:
            stopping.wait(wait)
    connection.close()


class JobRunner:
    """Runs procrastinate's worker in a thread, with its own event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()

    def run(self) -> None:
        """Run jobs until ``stop``; finished jobs are deleted, failed ones stay to be seen."""
        asyncio.set_event_loop(self._loop)
        self._task = self._loop.create_task(self._work())
        try:
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            log.info("job runner stopped")
        finally:
            self._loop.close()

    async def _work(self) -> None:
        from procrastinate.contrib.django import app
        from procrastinate.jobs import DeleteJobCondition

        worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]  # Django's has it
        async with worker_app.open_async():
            recovery = asyncio.create_task(self._take_up_abandoned(worker_app))
            try:
                await worker_app.run_worker_async(
                    concurrency=2,
                    delete_jobs=DeleteJobCondition.SUCCESSFUL,
                    install_signal_handlers=False,
                    listen_notify=True,
                    fetch_job_polling_interval=2.0,
                    update_heartbeat_interval=_HEARTBEAT,
                    stalled_worker_timeout=_SILENCE,
                    task_middleware=[in_its_time],
                )
            finally:
                recovery.cancel()

    async def _take_up_abandoned(self, worker_app: Any) -> None:
        """Give the jobs of a killed worker back to the queue; every job of ours is safe to repeat."""
        while True:
            try:
                for job in await worker_app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_SILENCE):
                    log.warning("job %s (%s) was abandoned by its worker and starts again", job.id, job.task_name)
                    await worker_app.job_manager.retry_job(job)
            except Exception:
                log.exception("abandoned jobs could not be looked for; tried again soon")
            await asyncio.sleep(_HEARTBEAT)

    def stop(self) -> None:
        """Let running jobs finish, then end."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._task.cancel)
