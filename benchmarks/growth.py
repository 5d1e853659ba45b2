"""Growth: what one step costs with few and with many stored cases.

The stored cases are copies of real ones: a few are walked to different points, then all their rows in all tables
are multiplied inside the database, with keys that depend on nothing but the original and the number of the copy.
"""

import uuid
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.context import Context
from benchmarks.handwritten import HandWritten
from benchmarks.measure import Contestant, Standing, take_turns
from benchmarks.results import Result
from benchmarks.walk import STEPS

#: tables whose rows belong to a case, and the column that says so
_TABLES = {
    "cases_case": "id",
    "cases_workitem": "case_id",
    "cases_opinion": "case_id",
    "cases_deadline": "case_id",
    "cases_commandkey": "case_id",
    "kernel_outboxevent": "object_id",
    "ledger_entry": "object_id",
}
_COPY_KEY = """
create or replace function bench.copy_key(original uuid, copy integer) returns uuid immutable language sql as $$
  select case when original is not null
    then (left(replace(original::text, '-', ''), 12) || left(md5(original::text || copy::text), 20))::uuid end
$$
"""
_TOUCHED = (
    "select coalesce(sum(heap_blks_hit + heap_blks_read + coalesce(idx_blks_hit, 0) + coalesce(idx_blks_read, 0)), 0),"
    " (select coalesce(sum(seq_tup_read), 0) from pg_stat_user_tables where schemaname = 'public')"
    " from pg_statio_user_tables where schemaname = 'public'"
)


def growth(context: Context, *, rounds: int, cases: int, few: int, many: int) -> list[Result]:
    """Cost of a step with ``few`` and with ``many`` stored cases: CPU time, and pages touched (free of noise)."""
    originals = _originals(context)
    done = 1
    yardstick = HandWritten(context.connect())
    found: dict[int, tuple[dict[str, Standing], float, float]] = {}
    for target in (few, many):
        copies = target // len(originals)
        with context.as_owner() as owner:
            _multiply(owner, originals, done, copies)
        done = max(done, copies)
        found[target] = _measure(context, yardstick, rounds, cases)
    (small, small_pages, _), (large, large_pages, large_scanned) = found[few], found[many]
    cpu = {n: _cpu(standings["ours"]) / STEPS for n, standings in ((few, small), (many, large))}
    # the hand-written case on its own small tables tells how the machine itself has changed in between
    slower = _cpu(large["yardstick"]) / _cpu(small["yardstick"])
    against = f"同一步，存量 {few} 件"
    what = f"存量 {many} 件时每步处理器时间是几倍（已扣除机器忙闲的变化）"
    return [
        Result("growth.cpu", cpu[many] / cpu[few] / slower, what, against, "倍"),
        Result("growth.pages", large_pages / small_pages, f"存量 {many} 件时每步读写数据页数是几倍", against, "倍"),
        Result(f"growth.cpu_at_{few}", cpu[few], "每步处理器时间（客户端加数据库）", "", "毫秒/步"),
        Result(f"growth.cpu_at_{many}", cpu[many], "每步处理器时间（客户端加数据库）", "", "毫秒/步"),
        Result(f"growth.pages_at_{few}", small_pages, "每步读写数据页数", "", "页/步"),
        Result(f"growth.pages_at_{many}", large_pages, "每步读写数据页数", "", "页/步"),
        Result(f"growth.scanned_at_{many}", large_scanned, "每步顺序扫描读到的行数（应当与存量无关）", "", "行/步"),
    ]


def _originals(context: Context) -> list[uuid.UUID]:
    """Ten cases: five closed, two before the decision, two in review, one just opened."""
    platform = context.platform
    closed = [platform.walk_to_decision() for _ in range(5)]
    for case_id in closed:
        platform.finish(case_id)
    waiting = [platform.walk_to_decision() for _ in range(2)]
    in_review = [platform.accept(platform.open()) for _ in range(2)]
    return [*closed, *waiting, *in_review, platform.open()]


def _multiply(owner: psycopg.Connection[Any], originals: list[uuid.UUID], first: int, last: int) -> None:
    """Copies number ``first`` to ``last - 1`` of each original, in one statement per table."""
    owner.execute(_COPY_KEY)
    keys = [str(key) for key in originals]
    with owner.transaction():
        for table, column in _TABLES.items():
            owner.execute(_copy_statement(owner, table, column), [first, last - 1, keys])
        owner.execute(
            "insert into ledger_payload select bench.copy_key(p.entry, n), p.salt, p.content from ledger_payload p"
            " join ledger_entry e on e.uuid = p.entry cross join generate_series(%s::int, %s::int) n"
            " where e.object_id = any(%s)",
            [first, last - 1, keys],
        )
        owner.execute("update kernel_outboxevent set delivered_at = now() where delivered_at is null")
    owner.execute("vacuum analyze")


def _copy_statement(owner: psycopg.Connection[Any], table: str, column: str) -> sql.Composed:
    """Every column as it is, but keys of the case's own rows made anew; numbers are the database's to give."""
    rows = owner.execute(
        "select column_name, data_type from information_schema.columns"
        " where table_schema = 'public' and table_name = %s order by ordinal_position",
        [table],
    ).fetchall()
    kept = [(name, kind) for name, kind in rows if kind != "xid8" and not (name == "id" and kind == "bigint")]
    values: list[sql.Composable] = []
    for name, kind in kept:
        if name in ("id", "uuid", "case_id", "work_item_id", "event_id") and kind == "uuid":
            values.append(sql.SQL("bench.copy_key({}, n)").format(sql.Identifier(name)))
        elif name == "object_id":
            values.append(sql.SQL("bench.copy_key(object_id::uuid, n)::text"))
        elif name in ("number", "subject_id"):
            values.append(sql.SQL("{} || '-' || n").format(sql.Identifier(name)))
        else:
            values.append(sql.Identifier(name))
    names = [sql.Identifier(name) for name, _ in kept]
    return sql.SQL(
        "insert into {} ({}) select {} from {}, generate_series(%s::int, %s::int) n where {}::text = any(%s)"
    ).format(
        sql.Identifier(table),
        sql.SQL(", ").join(names),
        sql.SQL(", ").join(values),
        sql.Identifier(table),
        sql.Identifier(column),
    )


def _measure(
    context: Context, yardstick: HandWritten, rounds: int, cases: int
) -> tuple[dict[str, Standing], float, float]:
    """CPU of the steps, and per step the pages touched and the rows read by sequential scans."""
    context.platform.run(6)
    before = _touched(context)
    standings = take_turns(
        [
            Contestant("ours", context.platform.run, context.django_pid()),
            Contestant("yardstick", yardstick.run, yardstick.server_pid),
        ],
        rounds=rounds,
        pieces=cases,
    )
    steps = STEPS * (rounds * cases + max(1, min(cases, 6)))
    pages, scanned = (after - was for after, was in zip(_touched(context), before, strict=True))
    return standings, pages / steps, scanned / steps


def _cpu(standing: Standing) -> float:
    return standing.client_ms + standing.server_ms


def _touched(context: Context) -> tuple[float, float]:
    context.flush_statistics()
    with context.as_owner() as owner:
        pages, scanned = owner.execute(_TOUCHED).fetchone() or (0, 0)
    return float(pages), float(scanned)
