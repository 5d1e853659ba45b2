"""The least anybody can do to store what supervision stores of a batch: the same rows, by COPY, in batches.

The rows are those the platform has written in this run; tables with the same columns, indexes and checks take them.
No rule is asked, nothing is read, no order is kept and nothing is told apart: what is measured is the writing.
"""

import dataclasses
import time
from typing import Any

import psycopg
from psycopg import sql

from benchmarks.measure import cpu_of
from zhengtong.systems.supervision.constants import SUBSCRIBER

#: table → what tells rows written since a mark from older ones; the mark is the largest value before
TABLES = {
    "kernel_outboxevent": "id",
    "kernel_inboxkey": "id",
    "ledger_entry": "id",
    "supervision_watchedevent": "position",
    "supervision_watchedcase": "created_at",
    "supervision_watchedstep": "created_at",
    "supervision_card": "created_at",
    "supervision_cardlimit": "created_at",
    "supervision_news": "created_at",
}
#: what of a table is not supervision's doing
_OURS = {"kernel_inboxkey": f" and subscriber = '{SUBSCRIBER}'"}
_PAYLOADS = "ledger_payload"
_BATCH = 500

Marks = dict[str, Any]


def marks(connection: psycopg.Connection[Any]) -> Marks:
    """Where each table ends now."""
    found = {}
    for table, column in TABLES.items():
        statement = sql.SQL("select max({}) from {}").format(sql.Identifier(column), sql.Identifier(table))
        found[table] = (connection.execute(statement).fetchone() or (None,))[0]
    return found


@dataclasses.dataclass(frozen=True)
class ByHand:
    """What storing took: seconds on the clock, CPU seconds of client and database process, and how many rows it was."""

    seconds: float
    cpu: float
    rows: int


def stored_by_hand(owner: psycopg.Connection[Any], since: Marks) -> ByHand:
    """Store once more what has been written since."""
    batches: list[list[tuple[str, bytes]]] = []
    count = 0
    for table in (*TABLES, _PAYLOADS):
        lines = _lines(owner, table, since)
        count += len(lines)
        owner.execute(sql.SQL("drop table if exists bench.{}").format(sql.Identifier(table)))
        owner.execute(sql.SQL("create table bench.{0} (like public.{0} including all)").format(sql.Identifier(table)))
        for number, start in enumerate(range(0, len(lines), _BATCH)):
            if number == len(batches):
                batches.append([])
            batches[number].append((table, b"".join(lines[start : start + _BATCH])))
    server, client, begun = cpu_of(owner.info.backend_pid), time.process_time(), time.perf_counter()
    for batch in batches:
        with owner.transaction():
            for table, text in batch:
                statement = sql.SQL("copy bench.{} from stdin").format(sql.Identifier(table))
                with owner.cursor().copy(statement) as copy:
                    copy.write(text)
    seconds, client = time.perf_counter() - begun, time.process_time() - client
    return ByHand(seconds, client + cpu_of(owner.info.backend_pid) - server, count)


def _lines(owner: psycopg.Connection[Any], table: str, since: Marks) -> list[bytes]:
    chosen = sql.SQL("select * from {} where ").format(sql.Identifier(table))
    if table == _PAYLOADS:
        chosen += sql.SQL("entry in (select uuid from ledger_entry where id > {})").format(
            sql.Literal(since["ledger_entry"] or 0)
        )
    elif since[table] is None:
        chosen += sql.SQL("true")
    else:
        chosen += sql.SQL("{} > {}").format(sql.Identifier(TABLES[table]), sql.Literal(since[table]))
    chosen += sql.SQL(_OURS.get(table, ""))
    with owner.cursor().copy(sql.SQL("copy ({}) to stdout").format(chosen)) as copy:
        return b"".join(bytes(part) for part in copy).splitlines(keepends=True)
