"""The stored tree: proofs and roots from leaf hashes and the stored roots of complete subtrees."""

import functools
from typing import Final

from django.db import connection

from zhengtong.capabilities.ledger.engine.tree import node_hash
from zhengtong.capabilities.ledger.exceptions import BrokenLedger

# Every 8th level is stored: a proof reads at most 255 hashes per level kept, and one row in 256 leaves is added.
STORED_EVERY: Final = 8


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
