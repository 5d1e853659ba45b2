"""Cards of one instant: thousands of limits pass at midnight; how long until each unit sees its own card."""

import statistics
import time
from collections.abc import Callable

from benchmarks.context import Context
from benchmarks.generator import Generator
from benchmarks.hand_copy import ByHand, marks, stored_by_hand
from benchmarks.results import Result
from zhengtong.capabilities.cases.selectors.processes import active_process_id
from zhengtong.capabilities.cases.tests.county import TENANT
from zhengtong.kernel.clock import local_date
from zhengtong.systems.supervision.services import tell_news
from zhengtong.systems.supervision.tests.county import install

#: what carries a limit to its card, as the worker runs it
LOOPS = ("cases_clock", "outbox_groups", "outbox")
_PATIENCE = 300.0
_LOOK = 0.02  # seconds between two looks at the cards
#: one running limit of each open case becomes its promise and passes at one instant, all others stand still
STILL = "update cases_deadline set next_at = null where state = 'running'"
_ONE_INSTANT = (
    "with one as (select distinct on (case_id) id from cases_deadline where state = 'running' and work_item_id is null"
    " and case_id not in (select case_id from cases_deadline where level <> '')"
    " order by case_id, kind <> 'promised', id), instant as (select clock_timestamp() + interval '3 s' as at)"
    " update cases_deadline d set kind = 'promised', level = 'yellow', due_at = at, next_at = at, due_on = current_date"
    " from one, instant where d.id = one.id"
)


def supervision_cards(context: Context, *, limits: int) -> list[Result]:
    """Limits of so many cases pass together: seconds until the cards stand, the worker at work as in operation."""
    _county = context.platform  # found when first asked for
    install()
    generator = Generator(context.connect(), TENANT, active_process_id(TENANT, "restaurant"), local_date(), seed=78)
    look = context.connect()
    with context.as_owner() as owner:
        generator.load(owner, closed=0, opened=limits)
        owner.execute("update kernel_outboxevent set delivered_at = now() where delivered_at is null")
        owner.execute(STILL)
        owner.execute("analyze")
        before = marks(owner)
        known = (owner.execute("select count(*) from supervision_card").fetchone() or (0,))[0]
        with context.worker(*LOOPS) as worker:
            owner.execute(_ONE_INSTANT)
            (passing, at) = owner.execute(
                "select count(*), extract(epoch from min(next_at))::float from cases_deadline where next_at is not null"
            ).fetchone() or (0, 0.0)
            time.sleep(max(0.0, at - time.time()))
            client, server = worker.cpu(), context.server_cpu()
            waited = seen_after(
                lambda: (look.execute("select count(*) from supervision_card").fetchone() or (0,))[0] - known,
                since=at,
                count=passing,
                check=worker.check,
            )
            client, server = worker.cpu() - client, context.server_cpu() - server
        by_hand = stored_by_hand(owner, before)
    return [*_delays(waited, passing), *_costs(waited, client, server, by_hand), _telling()]


def _delays(waited: list[float], passing: int) -> list[Result]:
    what = f"{passing} 个时限同一时刻届满：从届满到看得见牌"
    return [
        Result("supervision_cards.p50", statistics.median(waited), f"{what}，一半的牌", "要求 2 秒", "秒"),
        Result("supervision_cards.p99", waited[int(len(waited) * 0.99) - 1], f"{what}，99% 的牌", "要求 2 秒", "秒"),
        Result("supervision_cards.last", waited[-1], f"{what}，最后一张", "要求 2 秒", "秒"),
        Result("supervision_cards.rate", len(waited) / (waited[-1] or 1), "亮牌的速度", "", "张/秒"),
    ]


def _costs(waited: list[float], client: float, server: float, by_hand: ByHand) -> list[Result]:
    return [
        Result(
            "supervision_cards.to_hand",
            by_hand.seconds / (waited[-1] or 1),
            "点灯、记账、发事件、判定、亮牌，从届满到最后一张",
            f"同样的 {by_hand.rows} 行用 COPY 手写，每批 500 行一个事务",
            "倍",
        ),
        Result(
            "supervision_cards.to_hand_cpu",
            by_hand.cpu / ((client + server) or 1),
            "同上，只比处理器时间（机器忙时比钟表可信）",
            "同上",
            "倍",
        ),
        Result("supervision_cards.client", 1000 * client / len(waited), "后台进程处理器时间", "", "毫秒/张"),
        Result("supervision_cards.server", 1000 * server / len(waited), "数据库进程处理器时间", "", "毫秒/张"),
        Result(
            "supervision_cards.floor",
            (client + server) / 2,
            "这些处理器时间分给两个空闲的处理器，最后一张牌最快要多久",
            "要求 2 秒",
            "秒",
        ),
    ]


def _telling() -> Result:
    begun = time.monotonic()
    told = tell_news()
    return Result("supervision_cards.telling", time.monotonic() - begun, f"归并通知 {told} 张牌", "", "秒")


def seen_after(number: Callable[[], int], *, since: float, count: int, check: Callable[[], None]) -> list[float]:
    """Seconds from an instant until each of ``count`` things was seen, in their order."""
    found: list[float] = []
    while len(found) < count:
        seen = number()
        waited = time.time() - since
        found += [waited] * (min(seen, count) - len(found))
        if waited > _PATIENCE:
            raise RuntimeError(f"{seen} of {count} cards were raised in time")
        check()
        time.sleep(_LOOK)
    return found
