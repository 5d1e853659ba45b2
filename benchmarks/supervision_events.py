"""The live path of supervision: events per second, against storing the same rows by hand."""

import datetime as dt
import statistics
import time

from benchmarks.context import Context
from benchmarks.generator import Generator
from benchmarks.hand_copy import marks, stored_by_hand
from benchmarks.measure import cpu_of
from benchmarks.results import Result
from zhengtong.capabilities.cases.selectors.processes import active_process_id
from zhengtong.capabilities.cases.tests.county import TENANT
from zhengtong.kernel import outbox
from zhengtong.kernel.clock import local_date
from zhengtong.systems.supervision.constants import SUBSCRIBER
from zhengtong.systems.supervision.tests.county import RULES, install

#: the generated cases lie ahead of us, so that the rules installed today are in force at their events
_AHEAD = dt.timedelta(days=258)


def supervision_events(context: Context, *, rounds: int, cases: int) -> list[Result]:
    """Whole cases come in event by event: log, picture, rules, cards; then the same rows once more by hand."""
    _county = context.platform  # found when first asked for
    install(rows=RULES)
    process_id, day = active_process_id(TENANT, "restaurant"), local_date() + _AHEAD
    to_hand, to_hand_cpu, rates, client_ms, server_ms, stored = [], [], [], [], [], 0
    with context.as_owner() as owner:
        owner.execute("update kernel_outboxevent set delivered_at = now() where delivered_at is null")
        for number in range(rounds):
            generator = Generator(context.connect(), TENANT, process_id, day, seed=600 + number)
            generator.load(owner, closed=cases)
            owner.execute("update kernel_outboxevent set delivered_at = null where at > now()")
            before = marks(owner)
            server, client, begun = cpu_of(context.django_pid()), time.process_time(), time.perf_counter()
            events = 0
            while taken := outbox.relay_group(SUBSCRIBER):
                events += taken
            seconds, client = time.perf_counter() - begun, time.process_time() - client
            server = cpu_of(context.django_pid()) - server
            by_hand = stored_by_hand(owner, before)
            owner.execute("update kernel_outboxevent set delivered_at = now(), at = now() where at > now()")
            to_hand.append(by_hand.seconds / seconds)
            to_hand_cpu.append(by_hand.cpu / ((client + server) or 1))
            rates.append(events / seconds)
            client_ms.append(1000 * client / events)
            server_ms.append(1000 * server / events)
            stored += by_hand.rows
    what, against = "事件经实时路径（日志、办件画像、全部规则、亮牌）", f"同样的 {stored} 行用 COPY 手写，每批 500 行"
    return [
        Result("supervision_events.to_hand", statistics.median(to_hand), what, against, "倍"),
        Result("supervision_events.to_hand_cpu", statistics.median(to_hand_cpu), "同上，只比处理器时间", "同上", "倍"),
        Result("supervision_events.rate", statistics.median(rates), what, "", "事件/秒"),
        Result("supervision_events.client", statistics.median(client_ms), "客户端处理器时间", "", "毫秒/事件"),
        Result("supervision_events.server", statistics.median(server_ms), "数据库进程处理器时间", "", "毫秒/事件"),
    ]
