"""The worker: every registered loop in a thread of its own, and the job queue; until it is told to stop.

Loops that must keep up when much happens at one instant run in a second process, forked before the first thread
and connection: threads of one process share one processor. Either process ends when the other does.

While tables change (maintenance with ``still``) the worker does nothing at all, and begins anew afterwards, as the
program that is then installed. During other maintenance the loops that act because a moment has come stand still.
"""

import asyncio
import contextlib
import datetime as dt
import gc
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

import django
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections, connection

from zhengtong.entry.observing.failures import failures
from zhengtong.entry.observing.pulse import LoopState, pulse
from zhengtong.entry.observing.requests import Heard
from zhengtong.entry.runtime.supervisor import end_with_parent
from zhengtong.entry.runtime.told import Told
from zhengtong.entry.upkeep import maintenance
from zhengtong.kernel import tracing
from zhengtong.kernel.clock import BackwardWatch, simulated_offset
from zhengtong.kernel.jobs import JobsThatAreEnded, in_its_time
from zhengtong.kernel.loops import Loop, worker_loops

log = logging.getLogger(__name__)

_AFTER_FAILURE = 5.0
_CLOCK_BACK = 1.0
# a worker that was killed leaves its jobs behind; after this silence another one takes them up
_HEARTBEAT = 3.0
_SILENCE = 12.0
# a batch of 500 events makes many thousand objects that live until it ends: few searches among them
_GARBAGE = (20_000, 20, 20)


def main(only: Collection[str] = ()) -> int:
    """Work until SIGTERM or SIGINT; returns 0. ``only``: these loops and no jobs, for measuring."""
    if not django.apps.apps.ready:
        django.setup()
    with Told() as told:
        if stands_still() and not _stand_by(told):
            return 0
        loops = [loop for key, loop in worker_loops.items() if not only or key in only]
        _keep_what_lasts()
        apart = [loop for loop in loops if loop.apart]
        other = _fork(apart) if apart and sys.platform.startswith("linux") else 0
        try:
            jobs = None if only else JobRunner()
            here = [loop for loop in loops if not (other and loop.apart)]
            work(here, told=told, jobs=jobs, beside=lambda: _lives(other))
        finally:
            _end(other)
        if stands_still() and not told.asked and _stand_by(told):
            # the same process with the program that is installed by now: nobody has to start it again
            os.execv(sys.executable, [sys.executable, "-m", "zhengtong.entry.main", "worker"])  # noqa: S606  (ourselves)
    return 0


def _keep_what_lasts() -> None:
    """Never look for garbage among the programs, and seldom within a batch: it was a quarter of the time of a storm."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GARBAGE)


def stands_still() -> bool:
    """Whether nothing at all may be done, because tables change."""
    on = maintenance.current()
    return on is not None and on.still


def _stand_by(told: Told) -> bool:
    """Wait, with nothing open, until tables have changed; False when told to stop meanwhile."""
    pulse.standing, pulse.loops = True, {}
    pulse.begin("worker", _running_folder())
    log.warning("the worker stands still while tables change")
    try:
        while stands_still():
            if told.wait(0.5):
                return False
    finally:
        pulse.standing = False
        pulse.end()
    return True


def _running_folder() -> Path:
    return Path(settings.ZHENGTONG_VAR) / "run"


def work(
    loops: Sequence[Loop],
    *,
    told: Told,
    jobs: "JobRunner | None" = None,
    beside: Callable[[], bool] | None = None,
    kind: str = "worker",
) -> None:
    """Run loops, and jobs, in threads until told to stop, or until what works ``beside`` them has ended.

    It also ends when everything has to stand still.
    """
    stopping = threading.Event()
    pulse.loops = {loop.name: LoopState(loop.interval) for loop in loops}
    watch = _Watch()
    threads = [threading.Thread(target=_run, args=(loop, stopping, watch), name=loop.name) for loop in loops]
    if jobs is not None:
        threads.append(threading.Thread(target=jobs.run, name="jobs"))
    # who beats can be told to stop
    pulse.begin(kind, _running_folder())
    for thread in threads:
        thread.start()
    while not told.wait(1.0) and not stands_still():
        dead = [thread.name for thread in threads if not thread.is_alive()]
        if beside is not None and not beside():
            dead.append("the process of the loops apart")
        if dead:
            log.critical("worker threads ended by themselves: %s", ", ".join(dead))
            break
    stopping.set()
    if jobs is not None:
        jobs.stop()
    for thread in threads:
        thread.join(timeout=20)
    pulse.end()


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
        with Told() as told:  # its own: what wakes the first process must not wake this one alone
            work(loops, told=told, kind="apart")
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
    state = pulse.loops.setdefault(loop.name, LoopState(loop.interval))
    heard = Heard()
    while not stopping.is_set():
        if loop.timed and (maintenance.current() is not None or not watch.steady()):
            state.ended = time.time()
            stopping.wait(max(loop.interval, _CLOCK_BACK))
            continue
        state.began = time.time()
        try:
            with (
                tracing.within(f"loop:{loop.name}"),
                tracing.listening(heard.note),
                connection.execute_wrapper(heard),
            ):
                wait = 0.0 if loop.fn() else loop.interval
            close_old_connections()
            state.failures, state.error = 0, ""
        except Exception as error:
            log.exception("loop %s failed and will be tried again", loop.name)
            connection.close()
            state.failures, state.error = state.failures + 1, failures.words(error)
            wait = _AFTER_FAILURE
        state.began, state.ended = 0.0, time.time()
        if heard.statements:
            pulse.tally.heard(f"循环 {loop.name}", heard.statements)
            heard.statements.clear()
        if wait:
            stopping.wait(wait)
    connection.close()


class JobRunner:
    """Runs procrastinate's worker in a thread, with its own event loop; begins anew when the database was away."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._stopping = threading.Event()

    def run(self) -> None:
        """Run jobs until ``stop``; finished jobs are deleted, failed ones stay to be seen."""
        asyncio.set_event_loop(self._loop)
        try:
            while not self._stopping.is_set():
                self._run_once()
                self._stopping.wait(_AFTER_FAILURE)
        finally:
            self._loop.close()

    def _run_once(self) -> None:
        self._task = self._loop.create_task(self._work())
        if self._stopping.is_set():
            self._task.cancel()
        try:
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            log.info("job runner stopped")
        except Exception:
            log.exception("the job runner failed and begins anew")
        else:
            # what listens for jobs and what tells that we live end with their connections
            log.warning("the job runner ended by itself and begins anew")

    async def _work(self) -> None:
        from procrastinate.contrib.django import app
        from procrastinate.contrib.django.db_cleanup import close_db_connections
        from procrastinate.jobs import DeleteJobCondition

        # who defers what recurs uses Django's connection of this thread: one that broke would fail for ever
        await sync_to_async(close_old_connections)()
        worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]  # Django's has it
        worker_app.job_manager = JobsThatAreEnded(worker_app.connector, knows=lambda name: name in worker_app.tasks)
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
                    # ours take the place of the app's own, of which the jobs need this one
                    task_middleware=[close_db_connections, failures.kept, in_its_time],
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
        self._stopping.set()
        with contextlib.suppress(RuntimeError, AttributeError):  # it has ended, or not begun
            self._loop.call_soon_threadsafe(self._task.cancel)
