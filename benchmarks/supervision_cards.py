"""Cards of one instant: thousands of limits pass at midnight; how long until each unit sees its own card."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connections

from benchmarks.context import Context
from benchmarks.generator import Generator
from benchmarks.results import Result
from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.cases.selectors.processes import active_process_id
from zhengtong.capabilities.cases.tests.county import TENANT
from zhengtong.contracts.cases import DeadlineReached
from zhengtong.kernel import outbox
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.models import OutboxEvent
from zhengtong.systems.supervision.services import tell_news
from zhengtong.systems.supervision.tests.county import install

_PATIENCE = 300.0
_PAUSE = 0.05  # seconds between two looks of an idle loop; the worker's are longer
#: one running limit of each open case becomes its promise and passes at one instant, all others stand still
_STILL = "update cases_deadline set next_at = null where state = 'running'"
_ONE_INSTANT = (
    "with one as (select distinct on (case_id) id from cases_deadline where state = 'running' and work_item_id is null"
    " order by case_id, kind <> 'promised', id), instant as (select clock_timestamp() + interval '1 s' as at)"
    " update cases_deadline d set kind = 'promised', level = 'yellow', due_at = at, next_at = at, due_on = current_date"
    " from one, instant where d.id = one.id"
)


def supervision_cards(context: Context, *, limits: int) -> list[Result]:
    """Limits of so many cases pass together: seconds until the cards stand, loops at work as in the worker."""
    _county = context.platform  # found when first asked for
    install()
    generator = Generator(context.connect(), TENANT, active_process_id(TENANT, "restaurant"), local_date(), seed=78)
    with context.as_owner() as owner:
        generator.load(owner, closed=0, opened=limits)
        owner.execute("update kernel_outboxevent set delivered_at = now() where delivered_at is null")
        owner.execute(_STILL)
        owner.execute("analyze")
        owner.execute(_ONE_INSTANT)
        (passing, at) = owner.execute(
            "select count(*), extract(epoch from min(next_at))::float from cases_deadline where next_at is not null"
        ).fetchone() or (0, 0.0)
    busy = time.process_time()
    with _stopwatch() as (raised, lock):
        _at_work([cases.tick, outbox.relay], until=lambda: _total(raised, lock) >= passing)
    busy = time.process_time() - busy
    waited = sorted(moment - at for moment, number in raised for _ in range(number))
    _at_work([outbox.relay], until=lambda: not OutboxEvent.objects.filter(delivered_at__isnull=True).exists())
    before = time.monotonic()
    told = tell_news()
    telling = time.monotonic() - before
    what = f"{passing} 个时限同一时刻届满：从届满到亮牌"
    return [
        Result("supervision_cards.p50", statistics.median(waited), f"{what}，一半的牌", "要求 2 秒", "秒"),
        Result("supervision_cards.p99", waited[int(len(waited) * 0.99) - 1], f"{what}，99% 的牌", "要求 2 秒", "秒"),
        Result("supervision_cards.last", waited[-1], f"{what}，最后一张", "要求 2 秒", "秒"),
        Result("supervision_cards.rate", len(waited) / (waited[-1] or 1), "亮牌的速度", "", "张/秒"),
        Result("supervision_cards.client", 1000 * busy / len(waited), "客户端处理器时间", "", "毫秒/张"),
        Result("supervision_cards.telling", telling, f"归并通知 {told} 张牌", "", "秒"),
    ]


@contextmanager
def _stopwatch() -> Iterator[tuple[list[tuple[float, int]], threading.Lock]]:
    """Note when supervision has raised how many cards."""
    raised: list[tuple[float, int]] = []
    lock = threading.Lock()
    groups = outbox.group_subscriptions()
    kept = groups[DeadlineReached.NAME]

    def timed(handler: outbox.GroupHandler) -> outbox.GroupHandler:
        def handle(events: Sequence[Any]) -> None:
            handler(events)
            with lock:
                raised.append((time.time(), len(events)))

        return handle

    groups[DeadlineReached.NAME] = [outbox.GroupSubscription(one.key, timed(one.handler)) for one in kept]
    try:
        yield raised, lock
    finally:
        groups[DeadlineReached.NAME] = kept


def _total(raised: list[tuple[float, int]], lock: threading.Lock) -> int:
    with lock:
        return sum(number for _moment, number in raised)


def _at_work(loops: Sequence[Callable[[], int]], *, until: Callable[[], bool]) -> None:
    """Run loops side by side, each in its thread as in the worker, until it is so."""
    stopping = threading.Event()
    failed: list[BaseException] = []

    def run(loop: Callable[[], int]) -> None:
        try:
            while not stopping.is_set():
                if not loop():
                    stopping.wait(_PAUSE)
        except BaseException as error:  # noqa: BLE001  (told by the thread that waits)
            failed.append(error)
            stopping.set()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(loop,)) for loop in loops]
    for thread in threads:
        thread.start()
    give_up = time.monotonic() + _PATIENCE
    while not stopping.wait(_PAUSE) and not until():
        if time.monotonic() > give_up:
            failed.append(RuntimeError("the cards were not raised in time"))
            break
    stopping.set()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
