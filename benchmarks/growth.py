"""Growth: what one step and one desk page cost with few and with many stored cases.

The stored cases come from the seeded generator; so many are open that a county has its hands full, the same number at
both sizes, all others are closed.
"""

import dataclasses
from collections.abc import Callable

from psycopg import sql

from benchmarks.context import Context
from benchmarks.generator import Generator
from benchmarks.handwritten import HandWritten
from benchmarks.measure import Contestant, Standing, take_turns
from benchmarks.results import Result
from benchmarks.rows import TABLES
from benchmarks.walk import STEPS
from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.selectors.processes import active_process_id
from zhengtong.capabilities.cases.tests.county import TENANT
from zhengtong.kernel.clock import local_date

_OPEN = 200
_DESKS = 20
_TOUCHED = (
    "select coalesce(sum(heap_blks_hit + heap_blks_read + coalesce(idx_blks_hit, 0) + coalesce(idx_blks_read, 0)), 0),"
    " (select coalesce(sum(seq_tup_read), 0) from pg_stat_user_tables where schemaname = 'public')"
    " from pg_statio_user_tables where schemaname = 'public'"
)


@dataclasses.dataclass(frozen=True)
class _Cost:
    """CPU milliseconds of a piece of work and of the yardstick, pages touched, rows scanned, statements sent."""

    cpu: float
    yardstick: float
    pages: float
    scanned: float
    statements: float


def growth(context: Context, *, rounds: int, cases: int, few: int, many: int, name: str = "growth") -> list[Result]:
    """Cost of a step and of a desk page with ``few`` and with ``many`` stored cases."""
    platform = context.platform
    process_id = active_process_id(TENANT, "restaurant")
    generator = Generator(context.connect(), TENANT, process_id, local_date(), seed=1 + len(name))
    yardstick = HandWritten(context.connect())
    opened = min(_OPEN, few // 2)
    clerk = platform.clerks["G22"]

    def read_desks(times: int) -> None:
        for _ in range(times):
            api.desk(actor=clerk, queue="todo")
            api.desk_counts(actor=clerk)

    works = {"step": (platform.run, STEPS, cases), "desk": (read_desks, 1, _DESKS)}
    found: dict[tuple[str, int], _Cost] = {}
    for size, new, news in ((few, few - opened, opened), (many, many - few, 0)):
        with context.as_owner() as owner:
            generator.load(owner, closed=new, opened=news)
            tables = sql.SQL(", ").join(map(sql.Identifier, TABLES))
            owner.execute(sql.SQL("vacuum (analyze) {}").format(tables))
        for work, (run, parts, pieces) in works.items():
            found[work, size] = _measured(context, yardstick, run, parts, rounds, pieces)
    return [
        *_results(name, "step", "每步", "步", found["step", few], found["step", many], few, many),
        *_results(name, "desk", "每翻开一次待办", "次", found["desk", few], found["desk", many], few, many),
    ]


def _measured(
    context: Context, yardstick: HandWritten, run: Callable[[int], None], parts: int, rounds: int, pieces: int
) -> _Cost:
    """What a piece of work of so many parts costs, per part; the yardstick is the hand-written case on small tables."""
    run(2)
    before = _touched(context)
    contestants = [
        Contestant("ours", run, context.django_pid()),
        Contestant("yardstick", yardstick.run, yardstick.server_pid),
    ]
    standings = take_turns(contestants, rounds=rounds, pieces=pieces)
    done = parts * (rounds * pieces + max(1, min(pieces, 6)))
    pages, scanned = (after - was for after, was in zip(_touched(context), before, strict=True))
    statements = context.count_statements(lambda: run(1)) / parts
    return _Cost(
        cpu=_cpu(standings["ours"]) / parts,
        yardstick=_cpu(standings["yardstick"]),
        pages=pages / done,
        scanned=scanned / done,
        statements=statements,
    )


def _results(
    name: str, work: str, words: str, unit: str, small: _Cost, large: _Cost, few: int, many: int
) -> list[Result]:
    against, at = f"存量 {few} 件", f"存量 {many} 件时{words}"
    # the yardstick tells how the machine itself has changed in between
    slower = large.yardstick / small.yardstick
    cpu = large.cpu / small.cpu / slower
    return [
        Result(f"{name}.{work}.cpu", cpu, f"{at}处理器时间是几倍（已扣除机器忙闲的变化）", against, "倍"),
        Result(f"{name}.{work}.pages", large.pages / small.pages, f"{at}读写数据页数是几倍", against, "倍"),
        Result(f"{name}.{work}.statements", large.statements / small.statements, f"{at}语句条数是几倍", against, "倍"),
        Result(f"{name}.{work}.cpu_at_{few}", small.cpu, f"{words}处理器时间（客户端加数据库）", "", f"毫秒/{unit}"),
        Result(f"{name}.{work}.cpu_at_{many}", large.cpu, f"{words}处理器时间（客户端加数据库）", "", f"毫秒/{unit}"),
        Result(f"{name}.{work}.pages_at_{few}", small.pages, f"{words}读写数据页数", "", f"页/{unit}"),
        Result(f"{name}.{work}.pages_at_{many}", large.pages, f"{words}读写数据页数", "", f"页/{unit}"),
        Result(
            f"{name}.{work}.scanned_at_{many}",
            large.scanned,
            f"{words}顺序扫描读到的行数（应当与存量无关）",
            "",
            f"行/{unit}",
        ),
    ]


def _cpu(standing: Standing) -> float:
    return standing.client_ms + standing.server_ms


def _touched(context: Context) -> tuple[float, float]:
    context.flush_statistics()
    with context.as_owner() as owner:
        pages, scanned = owner.execute(_TOUCHED).fetchone() or (0, 0)
    return float(pages), float(scanned)
