"""The sequencer: gives finished entries their places in the tree and signs the new root.

It never passes the oldest running transaction, so places follow the order in which transactions began. An entry
counts as new when it has no leaf; ``horizon`` only says from which transaction on to look. After a restore into
another database cluster transaction numbers start anew: the first batch there looks at everything once.
"""

import dataclasses
from collections.abc import Sequence
from typing import Any, Final

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from zhengtong.capabilities.ledger.engine.checkpoint import Checkpoint
from zhengtong.capabilities.ledger.engine.entry import FIELD_NAMES
from zhengtong.capabilities.ledger.engine.tree import EMPTY_ROOT, Frontier
from zhengtong.capabilities.ledger.exceptions import BrokenLedger
from zhengtong.capabilities.ledger.models import clear_entry
from zhengtong.capabilities.ledger.selectors.tree import STORED_EVERY, StoredTree
from zhengtong.capabilities.ledger.services.signer import signer
from zhengtong.kernel.clock import now
from zhengtong.kernel.transactions import OLDEST_RUNNING

BATCH: Final = 2000
_LOCK: Final = 0x7A746C67  # any fixed number: one sequencer at a time

# Own entries count as finished: only a test seals in the transaction that appended.
_RIPE: Final = "(e.xid < %(oldest)s::xid8 or e.xid = pg_current_xact_id_if_assigned())"
_NEW: Final = (
    f"select {', '.join('e.' + name for name in FIELD_NAMES)}, e.xid::text from ledger_entry e"  # noqa: S608  (our own column names)
    " where {condition} and not exists (select 1 from ledger_leaf l where l.entry_id = e.id)"
    " order by e.xid, e.id limit %(limit)s"
)
_NEW_HERE: Final = _NEW.format(condition=f"e.xid >= %(horizon)s::xid8 and {_RIPE}")
# A visible entry "of the future" was written in the cluster the ledger came from.
_NEW_AFTER_RESTORE: Final = _NEW.format(
    condition=f"({_RIPE} or e.xid >= pg_snapshot_xmax(pg_current_snapshot())) and %(horizon)s::xid8 is not null"
)
_CLUSTER_AND_OLDEST: Final = f"select system_identifier::text, {OLDEST_RUNNING}::text from pg_control_system()"  # noqa: S608  (our own expression)


@dataclasses.dataclass(frozen=True)
class _Mark:
    """Where the last batch ended."""

    size: int
    root: bytes
    horizon: str
    cluster: str


def seal_batch(*, limit: int = BATCH) -> int:
    """Seal up to ``limit`` new entries; returns how many (0 when idle or another sequencer is at work).

    Raises BrokenLedger, and seals nothing, when the stored tree no longer has the root that was signed last.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        mark = _last_mark(cursor)
        # The oldest running transaction is read before the entries, so that none of an older one is missed.
        cursor.execute(_CLUSTER_AND_OLDEST)
        cluster, oldest = cursor.fetchone()
        same = mark.cluster in ("", cluster)
        cursor.execute(
            _NEW_HERE if same else _NEW_AFTER_RESTORE, {"horizon": mark.horizon, "oldest": oldest, "limit": limit}
        )
        rows = cursor.fetchall()
        if not rows:
            return 0
        complete = len(rows) < limit
        horizon = oldest if complete else str(min(int(oldest), int(rows[-1][-1])))
        frontier = _grow(cursor, mark, rows)
        _sign(cursor, frontier, horizon, cluster if same or complete else mark.cluster)
        return len(rows)


def _last_mark(cursor: CursorWrapper) -> _Mark:
    cursor.execute("select size, root, horizon::text, cluster from ledger_checkpoint order by size desc limit 1")
    row = cursor.fetchone()
    return _Mark(row[0], bytes(row[1]), row[2], row[3]) if row else _Mark(0, EMPTY_ROOT, "0", "")


def _grow(cursor: CursorWrapper, mark: _Mark, rows: Sequence[Sequence[Any]]) -> Frontier:
    frontier = Frontier.restore(mark.size, StoredTree())
    if frontier.root() != mark.root:
        raise BrokenLedger(f"the stored tree of {mark.size} leaves has not the root that was signed; run ledger verify")
    entries = [clear_entry(row[:-1]) for row in rows]
    hashes = [entry.leaf_hash() for entry in entries]
    leaves = [(mark.size + place, entry.id, hashes[place]) for place, entry in enumerate(entries)]
    nodes = frontier.extend(hashes, every=STORED_EVERY)
    cursor.execute(
        "insert into ledger_leaf (sequence, entry_id, hash)"
        " select * from unnest(%s::bigint[], %s::bigint[], %s::bytea[])",
        _columns(leaves),
    )
    if nodes:
        cursor.execute(
            "insert into ledger_node (level, index, hash)"
            " select * from unnest(%s::smallint[], %s::bigint[], %s::bytea[])",
            _columns(nodes),
        )
    return frontier


def _columns(rows: Sequence[tuple[int, int, bytes]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _sign(cursor: CursorWrapper, frontier: Frontier, horizon: str, cluster: str) -> None:
    key = signer()
    unsigned = Checkpoint(
        size=frontier.size, root=frontier.root(), at=now(), algorithm=key.algorithm, key_id=key.key_id
    )
    cursor.execute(
        "insert into ledger_checkpointkey (key_id, algorithm, public_key_pem) values (%s, %s, %s)"
        " on conflict do nothing",
        [key.key_id, key.algorithm, key.public_key_pem()],
    )
    cursor.execute(
        "insert into ledger_checkpoint (size, root, at, algorithm, key_id, signature, horizon, cluster)"
        " values (%s, %s, %s, %s, %s, %s, %s::xid8, %s)",
        [
            unsigned.size,
            unsigned.root,
            unsigned.at,
            unsigned.algorithm,
            unsigned.key_id,
            key.sign(unsigned.signed_bytes()),
            horizon,
            cluster,
        ],
    )
