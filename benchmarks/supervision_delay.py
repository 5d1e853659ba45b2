"""How long from a limit's instant until its card can be seen, while the county is at work."""

import random
import statistics
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connections

from benchmarks.context import Context
from benchmarks.generator import Generator
from benchmarks.results import Result
from benchmarks.supervision_cards import LOOPS, STILL
from zhengtong.capabilities.cases.selectors.processes import active_process_id
from zhengtong.capabilities.cases.tests.county import TENANT
from zhengtong.kernel.clock import local_date
from zhengtong.systems.supervision.tests.county import RULES, install

_PATIENCE = 120.0
_LOOK = 0.02
#: every open case that is not late has one limit that passes at an instant of its own
_INSTANTS = (
    "with one as (select distinct on (case_id) id from cases_deadline where state = 'running' and work_item_id is null"
    " and case_id not in (select case_id from cases_deadline where level <> '')"
    " order by case_id, kind <> 'promised', id), drawn as (select id, (%s::float[])[row_number() over (order by id)]"
    " as wait from one), instant as (select id, clock_timestamp() + interval '2 s' + wait * interval '1 s' as at"
    " from drawn) update cases_deadline d set kind = 'promised', level = 'yellow', due_at = at, next_at = at,"
    " due_on = current_date from instant i where d.id = i.id"
)
_SEEN = (
    "select deadline_id, extract(epoch from (evidence->>'due_at')::timestamptz)::float from supervision_card"
    " where created_at > %s and deadline_id is not null"
)


def supervision_delay(context: Context, *, limits: int, seconds: float) -> list[Result]:
    """Limits pass at drawn instants while cases are walked through the services as fast as they go."""
    platform = context.platform
    install(rows=RULES)
    generator = Generator(context.connect(), TENANT, active_process_id(TENANT, "restaurant"), local_date(), seed=79)
    look, dice = context.connect(), random.Random(79)
    stop = threading.Event()
    walked: list[int] = []
    failed: list[BaseException] = []

    def walk() -> None:
        try:
            while not stop.is_set():
                platform.run(1)
                walked.append(1)
        except BaseException as error:  # noqa: BLE001  (told by the thread that waits)
            failed.append(error)
        finally:
            connections.close_all()

    load = threading.Thread(target=walk)
    with context.as_owner() as owner:
        generator.load(owner, closed=0, opened=limits)
        owner.execute("update kernel_outboxevent set delivered_at = now() where delivered_at is null")
        owner.execute(STILL)
        owner.execute("analyze")
        (mark,) = owner.execute("select clock_timestamp()").fetchone() or (None,)
        with context.worker(*LOOPS) as worker:
            load.start()
            try:
                owner.execute(_INSTANTS, [[dice.random() * seconds for _ in range(limits)]])
                waited = _watched(look, mark, limits, seconds, worker.check)
            finally:
                stop.set()
                load.join()
        counted = owner.execute("select count(*) from kernel_outboxevent where at > %s", [mark]).fetchone()
    if failed:
        raise failed[0]
    what = f"{limits} 个时限在 {seconds:.0f} 秒里各自届满，同时有人不停办件：从届满到看得见牌"
    return [
        Result("supervision_delay.p50", statistics.median(waited), f"{what}，一半的牌", "要求 2 秒", "秒"),
        Result("supervision_delay.p99", waited[int(len(waited) * 0.99) - 1], f"{what}，99% 的牌", "要求 2 秒", "秒"),
        Result("supervision_delay.load", len(walked), "其间走完全程的办件", "", "件"),
        Result("supervision_delay.events", (counted or (0,))[0] / seconds, "其间发生的事件", "", "事件/秒"),
    ]


def _watched(
    look: psycopg.Connection[Any], mark: Any, limits: int, seconds: float, check: Callable[[], None]
) -> list[float]:
    """Seconds from the instant of each limit until its card was seen, sorted."""
    waited: dict[Any, float] = {}
    give_up = time.monotonic() + seconds + _PATIENCE
    while len(waited) < limits:
        found, moment = look.execute(_SEEN, [mark]).fetchall(), time.time()
        for key, due in found:
            waited.setdefault(key, moment - due)
        if time.monotonic() > give_up:
            raise RuntimeError(f"{len(waited)} of {limits} cards were raised in time")
        check()
        time.sleep(_LOOK)
    return sorted(waited.values())
