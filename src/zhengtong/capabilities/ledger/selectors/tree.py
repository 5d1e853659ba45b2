"""The stored tree: proofs and roots from leaf hashes and the stored roots of complete subtrees."""

import dataclasses
import functools
from typing import Final

from django.db import connection

from zhengtong.capabilities.ledger.engine.tree import node_hash
from zhengtong.capabilities.ledger.exceptions import BrokenLedger
from zhengtong.kernel.clock import now

# Every 8th level is stored: a proof reads at most 255 hashes per level kept, and one row in 256 leaves is added.
STORED_EVERY: Final = 8


# Without a mark of this cluster (a restore) everything is looked at once.
_MARK: Final = (
    "select horizon::text from (select horizon, cluster from ledger_checkpoint order by size desc limit 1) last"
    " where cluster = (select system_identifier::text from pg_control_system())"
)
_WAITING: Final = (
    "select count(*), min(at) from ledger_entry e"
    " where not exists (select 1 from ledger_leaf l where l.entry_id = e.id)"
    " and (cardinality(%(marks)s::text[]) = 0 or e.xid >= (%(marks)s::text[])[1]::xid8)"
)


@dataclasses.dataclass(frozen=True)
class Waiting:
    """Committed entries that have no place in the tree yet, and the age of the oldest in seconds."""

    count: int
    oldest_seconds: float


def waiting_to_be_sealed() -> Waiting:
    """How far the sequencer is behind; looks only beyond what the last batch has seen."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK)
        cursor.execute(_WAITING, {"marks": [row[0] for row in cursor.fetchall()]})
        count, oldest = cursor.fetchone()
    return Waiting(count, max(0.0, (now() - oldest).total_seconds()) if oldest else 0.0)


class StoredTree:
    """A ``Subtree`` over the tables; raises BrokenLedger where a row is missing. One object sees one state."""

    def __init__(self) -> None:
        self._cached = functools.cache(self._hash)

    def __call__(self, level: int, index: int) -> bytes:
        """The root of the complete subtree (level, index)."""
        return self._cached(level, index)

    def _hash(self, level: int, index: int) -> bytes:
        above = level % STORED_EVERY
        row = self._stored(level - above, index << above, 1 << above)
        while len(row) > 1:
            row = [node_hash(row[place], row[place + 1]) for place in range(0, len(row), 2)]
        return row[0]

    def _stored(self, level: int, first: int, count: int) -> list[bytes]:
        with connection.cursor() as cursor:
            if level == 0:
                cursor.execute(
                    "select hash from ledger_leaf where sequence >= %s and sequence < %s order by sequence",
                    [first, first + count],
                )
            else:
                cursor.execute(
                    "select hash from ledger_node where level = %s and index >= %s and index < %s order by index",
                    [level, first, first + count],
                )
            hashes = [bytes(row[0]) for row in cursor.fetchall()]
        if len(hashes) != count:
            raise BrokenLedger(f"level {level} has {len(hashes)} of the {count} hashes from {first} on")
        return hashes
