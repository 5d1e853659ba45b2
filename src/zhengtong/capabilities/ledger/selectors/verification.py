"""The audit of the stored ledger: reads everything once, in one snapshot, and holds up nobody."""

import dataclasses
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from django.db import connection, transaction

from zhengtong.capabilities.ledger.constants import ACT_ERASED, ENTRY_KIND
from zhengtong.capabilities.ledger.engine.audit import Audit, Line
from zhengtong.capabilities.ledger.engine.checkpoint import Checkpoint
from zhengtong.capabilities.ledger.engine.entry import FIELD_NAMES, ClearEntry
from zhengtong.capabilities.ledger.models import Entry, Node, clear_entry
from zhengtong.capabilities.ledger.selectors.proofs import checkpoints, signature_holds
from zhengtong.capabilities.ledger.selectors.tree import STORED_EVERY

_CHUNK: Final = 2000
_LINES: Final = (
    f"select {', '.join('e.' + name for name in FIELD_NAMES)}, l.sequence, l.hash, p.salt, p.content"  # noqa: S608  (our own column names)
    " from ledger_leaf l left join ledger_entry e on e.id = l.entry_id left join ledger_payload p on p.entry = e.uuid"
    " where l.sequence > %s order by l.sequence limit %s"
)
# Entries that the last batch must have seen: their transactions had ended before its horizon.
_UNSEALED: Final = (
    f"select {', '.join('e.' + name for name in FIELD_NAMES)} from ledger_entry e where e.xid <"  # noqa: S608  (our own column names)
    " (select horizon from ledger_checkpoint order by size desc limit 1)"
    " and not exists (select 1 from ledger_leaf l where l.entry_id = e.id) order by e.id"
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class VerificationReport:
    """What the audit found; ``faults`` are Chinese sentences, ``unlisted`` counts those beyond the first 200."""

    ok: bool
    entries: int
    checkpoints: int
    payloads_erased: int
    faults: tuple[str, ...]
    unlisted: int


def verify(progress: Callable[[int], None] | None = None, *, kept: Sequence[Checkpoint] = ()) -> VerificationReport:
    """Recompute the whole ledger: entries, payloads, leaves, inner nodes, roots, signatures.

    ``progress`` is told now and then how many entries are done; ``kept`` are checkpoints kept elsewhere. Entries
    not yet sealed (the last two seconds) are not judged.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:  # the outermost transaction: nothing was read yet
            cursor.execute("set transaction isolation level repeatable read, read only")
        audit = Audit(
            checkpoints(),
            kept=kept,
            signature_holds=signature_holds,
            erased=_erased(),
            stored_node=_stored_node,
        )
        for line in _lines(cursor):
            audit.feed(line)
            if progress and audit.entries % _CHUNK == 0:
                progress(audit.entries)
        faults = audit.finish(_unsealed(cursor))
    return VerificationReport(
        ok=not faults,
        entries=audit.entries,
        checkpoints=audit.checkpoints,
        payloads_erased=audit.payloads_erased,
        faults=tuple(faults),
        unlisted=audit.unlisted,
    )


def _lines(cursor: Any) -> Iterator[Line]:
    after = -(2**62)
    while True:
        cursor.execute(_LINES, [after, _CHUNK])
        rows = cursor.fetchall()
        for row in rows:
            sequence, leaf, salt, content = row[-4:]
            yield Line(
                sequence=sequence,
                hash=bytes(leaf),
                entry=clear_entry(row[:-4]) if row[0] is not None else None,
                payload=None if salt is None else (bytes(salt), content.encode()),
            )
        if len(rows) < _CHUNK:
            return
        after = rows[-1][-4]


def _unsealed(cursor: Any) -> list[ClearEntry]:
    cursor.execute(_UNSEALED)
    return [clear_entry(row) for row in cursor.fetchall()]


def _erased() -> set[uuid.UUID]:
    named = Entry.objects.filter(act=ACT_ERASED, object_kind=ENTRY_KIND).values_list("object_id", flat=True)
    return {uuid.UUID(text) for text in named}


def _stored_node(level: int, index: int) -> bytes | None:
    """The stored root of a subtree; a missing one differs from every hash, a level that is not kept gives None."""
    if level % STORED_EVERY:
        return None
    node = Node.objects.filter(level=level, index=index).first()
    return bytes(node.hash) if node else b""
