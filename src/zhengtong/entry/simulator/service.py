"""The demonstration's past: a month of it at the first start, a whole year on request, more of it on the way."""

import asyncio
import datetime as dt
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import DeleteJobCondition
from procrastinate.worker import Worker

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.entry.simulator.running import Run, queued_jobs
from zhengtong.kernel import clock, outbox, simulation
from zhengtong.kernel.errors import Conflict, NotPermitted
from zhengtong.kernel.jobs import in_its_time
from zhengtong.kernel.models import Simulation

FIRST_DAYS = 30
YEAR_CASES = 20_000
YEAR_DAYS = 365
_STEPS = "cases"  # the queue of the processes' own steps
_BATCH_SECONDS = 2.0
_SEED = 20261122
#: seconds that a first start waits for its month of cases
_PATIENCE = 45.0

_run: Run | None = None


def check_may_simulate() -> None:
    """NotPermitted outside a demonstration, Conflict where the ledger began in earnest."""
    if not settings.ZHENGTONG_DEMO:
        raise NotPermitted("正式环境不能生成模拟数据。")
    if not ledger.may_simulate():
        raise Conflict("这个县的账本不是为演示建立的，不能记模拟的办件。请在空的状态目录里重新装入演示县。")


def first_month(progress: Callable[[str], None], *, seconds: float = _PATIENCE) -> int:
    """Live through the last month with nobody else at work; returns how many applications came. Once only.

    Nobody waits for it longer than ``seconds``: what is left the worker makes once the pages are there.
    """
    tenant = settings.ZHENGTONG_TENANT
    known = simulation.latest(tenant)
    made = known is not None and known.ended_at is not None
    if made or not settings.ZHENGTONG_DEMO_CASES or not ledger.may_simulate():
        return 0
    now = clock.now()
    row = simulation.begin(
        tenant=tenant,
        from_at=now - dt.timedelta(days=FIRST_DAYS),
        until_at=now,
        wanted=settings.ZHENGTONG_DEMO_CASES,
        seed=_SEED,
    )
    run = Run(row, alone=deliver)
    end = time.monotonic() + seconds
    while not run.done and time.monotonic() < end:
        run.step(_BATCH_SECONDS)
        progress(f"演示办件 {row.made}/{row.wanted}")
    deliver()
    if not run.done:
        progress("其余的演示办件由后台接着生成，进度见控制台“演示数据”。")
    return row.made


def deliver() -> None:
    """The worker's part while no worker runs: events, and the steps that the processes leave to the platform.

    Papers that only tell of a step (receipts, notices) are left to the worker: they carry the instant of their act.
    """
    while True:
        while outbox.relay():
            pass
        if not queued_jobs(_STEPS):
            return
        asyncio.run(_run_steps())


async def _run_steps() -> None:
    steps = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]  # Django's has it
    async with steps.open_async():
        await steps.run_worker_async(
            queues=[_STEPS],
            wait=False,
            listen_notify=False,
            install_signal_handlers=False,
            delete_jobs=DeleteJobCondition.SUCCESSFUL,
            task_middleware=[_closing, in_its_time],
        )


def _closing(call_next: Callable[[], Any], _context: JobContext, _worker: Worker) -> Any:
    """A job runs in a thread that ends with it, and so must its connection."""
    try:
        return call_next()
    finally:
        connection.close()


def ask_for_year() -> Simulation:
    """Have the worker live through the past year; it goes on with one that was asked for before."""
    check_may_simulate()
    now = clock.now()
    since = now - dt.timedelta(days=YEAR_DAYS)
    return simulation.begin(
        tenant=settings.ZHENGTONG_TENANT, from_at=since, until_at=now, wanted=YEAR_CASES, seed=_SEED + 1
    )


def go_on() -> int:
    """One batch of the simulation that was asked for; the worker's loop. Returns how many things happened."""
    global _run
    row = simulation.latest(settings.ZHENGTONG_TENANT)
    if row is None or row.ended_at is not None:
        _run = None
        return 0
    if _run is None or _run.row.pk != row.pk:
        _run = Run(row)
    return _run.step(_BATCH_SECONDS)


def produce(*, days: int, rate: int, progress: Callable[[str], None]) -> int:
    """Go on from the demonstration's present: ``rate`` applications a day for some days, the clock goes with them.

    The worker does its part as it always does; it is the load of a busy county in little time.
    """
    check_may_simulate()
    begin = clock.now()
    row = Simulation(
        tenant=settings.ZHENGTONG_TENANT,
        from_at=begin,
        until_at=begin + dt.timedelta(days=days),
        position=begin,
        wanted=days * rate,
        seed=int(begin.timestamp()),
    )
    run = Run(row, moves_the_clock=True)
    told = time.monotonic()
    while not run.done:
        run.step(_BATCH_SECONDS)
        if time.monotonic() - told > 5:
            progress(f"模拟到 {row.position:%Y-%m-%d}，申请 {row.made}/{row.wanted}")
            told = time.monotonic()
    return row.made
