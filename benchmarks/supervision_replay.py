"""A year of events judged by all rules, as a trial does, beside one pass of the database over the same rows."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import psycopg

from benchmarks.context import Context
from benchmarks.generator import Generator
from benchmarks.measure import cpu_of
from benchmarks.results import Result
from benchmarks.year import TABLE, Year
from zhengtong.capabilities.cases.selectors.processes import active_process_id
from zhengtong.capabilities.cases.tests.county import TENANT
from zhengtong.kernel.clock import local_date, now
from zhengtong.systems.supervision.services.trying import TriedRule, replay
from zhengtong.systems.supervision.tests.county import RULES

_BEFORE = dt.timedelta(days=500)
#: one pass of the database: every row, and two of the fields of its event
_PASS = (
    f"select name, count(*), count(*) filter (where fields->>'level' = 'red'), max(fields->>'outcome')"
    f" from {TABLE} where tenant = %s group by name"
)
#: what any program outside the database has to have, whatever it does with it
_OUT = f"copy (select * from {TABLE} order by case_id, position) to stdout"


def supervision_replay(context: Context, *, cases: int, name: str = "supervision_replay") -> list[Result]:
    """So many whole cases; every rule of the demonstration tried over all of their events."""
    _county = context.platform  # found when first asked for
    generator = Generator(context.connect(), TENANT, active_process_id(TENANT, "restaurant"), local_date(), seed=5)
    rules = [TriedRule.of(row) for row in RULES]
    with context.as_owner() as owner:
        owner.execute(f"truncate {TABLE}")
        events = Year(generator, seed=5).load(owner, cases=cases)
        in_database, _cpu = _timed(lambda: owner.execute(_PASS, [TENANT]).fetchall())
        copied, _cpu = _timed(lambda: _copied_out(owner))
    flags: Counter[int] = Counter()
    server = cpu_of(context.django_pid())

    def judge() -> None:
        found = replay(rules, TENANT, since=now() - _BEFORE, until=now() + _BEFORE)
        flags.update(number for number, _flag in found)

    seconds, client = _timed(judge)
    server = cpu_of(context.django_pid()) - server
    what = f"{cases} 个办件、{events} 个事件，用全部 {len(rules)} 条规则重放，判出 {flags.total()} 处"
    return [
        Result(f"{name}.to_sql_pass", in_database / seconds, what, "数据库一遍扫描同样的行，只数几个字段", "倍"),
        Result(f"{name}.to_copy", copied / seconds, "同上", "同样的行按办件顺序 COPY 出来就丢掉", "倍"),
        Result(f"{name}.rate", events / seconds, what, "", "事件/秒"),
        Result(f"{name}.client", 1e6 * client / events, "客户端处理器时间", "", "微秒/事件"),
        Result(f"{name}.server", 1e6 * server / events, "数据库进程处理器时间", "", "微秒/事件"),
    ]


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and CPU seconds of this process."""
    client, begun = time.process_time(), time.perf_counter()
    work()
    return time.perf_counter() - begun, time.process_time() - client


def _copied_out(owner: psycopg.Connection[Any]) -> int:
    with owner.cursor().copy(_OUT) as copy:
        return sum(len(part) for part in copy)
