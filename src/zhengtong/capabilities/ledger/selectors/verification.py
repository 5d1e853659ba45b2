"""The audit of the stored ledger: reads everything once, in one snapshot, and holds up nobody."""

import dataclasses
import heapq
import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.db import connection, transaction
from psycopg.types.string import ByteaBinaryLoader

from zhengtong.capabilities.ledger.constants import ACT_ERASED, ENTRY_KIND
from zhengtong.capabilities.ledger.engine.audit import NODES_EVERY, Audit, Clear, Kept, Line, Names, Row, when
from zhengtong.capabilities.ledger.engine.checkpoint import Checkpoint
from zhengtong.capabilities.ledger.engine.cosignature import from_statement
from zhengtong.capabilities.ledger.engine.entry import LEAF_FIELDS, leaf_data_of
from zhengtong.capabilities.ledger.models import Cosignature
from zhengtong.capabilities.ledger.selectors.proofs import checkpoints, keys, signature_holds
from zhengtong.capabilities.ledger.selectors.tree import STORED_EVERY
from zhengtong.kernel.signing import provider
from zhengtong.kernel.signing.errors import KeyUnusable

if STORED_EVERY != NODES_EVERY:
    raise RuntimeError("the audit asks for other subtrees than those stored")

_STRETCH: Final = 1 << 14  # leaves of one query
_CHUNK: Final = 1 << 8  # leaves held in memory at a time: few, so that the server works while we do
_AS_TEXT: Final = {
    "at": """to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'::text)""",
    "commitment": "encode(e.commitment, 'hex'::text)",
}
_COLUMNS: Final = {name: _AS_TEXT.get(name, f"e.{name}::text") for name in LEAF_FIELDS}
_CLEAR: Final = ", ".join(_COLUMNS.values())


def _leaf_text() -> str:
    """SQL for the leaf's text, nothing escaped; null where a field is missing that must not be."""
    pattern = leaf_data_of([f"<{name}>".encode() for name in LEAF_FIELDS]).decode()
    return _joined([_piece(part) for part in re.split(r'("<actor_\w+_id>"|<\w+>)', pattern) if part])


def _piece(part: str) -> str:
    column = _COLUMNS.get(part.strip('"<>'), "")
    if part.startswith('"<'):
        return f"""coalesce('"'::text || {column} || '"'::text, 'null'::text)"""
    return column or f"'{part}'::text"


def _joined(pieces: Sequence[str]) -> str:
    """By halves: one after the other would copy the growing text thirty times."""
    if len(pieces) == 1:
        return pieces[0]
    middle = len(pieces) // 2
    return f"({_joined(pieces[:middle])} || {_joined(pieces[middle:])})"


_TABLES: Final = (
    " from ledger_leaf l left join ledger_entry e on e.id = l.entry_id left join ledger_payload p on p.entry = e.uuid"
)
_ROWS: Final = (
    f"select l.sequence, l.hash, {_leaf_text()}, e.commitment, p.salt, p.content {_TABLES}"
    " where l.sequence >= %s and l.sequence < %s order by l.sequence"
)
# Along the index of the leaves, whatever the planner believes: no sort and no hash table as large as the ledger.
_PLAN: Final = "; ".join(f"set local {name} = off" for name in ("enable_hashjoin", "enable_mergejoin", "enable_sort"))
_ERASURE: Final = (
    f"exists (select 1 from ledger_entry x where x.tenant = e.tenant and x.object_kind = '{ENTRY_KIND}'"  # noqa: S608  (our own words)
    f" and x.object_id = e.uuid::text and x.act = '{ACT_ERASED}')"
)
_LINES: Final = (
    f"select l.sequence, l.hash, p.salt, p.content, case when p.entry is null then {_ERASURE} end, {_CLEAR} {_TABLES}"
    " where l.sequence = any(%s) order by l.sequence"
)
# Entries that the last batch must have seen: their transactions had ended before its horizon.
_UNSEALED: Final = (
    f"select {_CLEAR} from ledger_entry e where e.xid <"  # noqa: S608  (our own column names)
    " (select horizon from ledger_checkpoint order by size desc limit 1)"
    " and not exists (select 1 from ledger_leaf l where l.entry_id = e.id) order by e.id"
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class VerificationReport:
    """What the audit found; ``faults`` are Chinese sentences, ``unlisted`` counts those beyond the first 200.

    ``compared`` counts the checkpoints that somebody else vouches for: kept elsewhere or co-signed.
    """

    ok: bool
    entries: int
    checkpoints: int
    compared: int
    payloads_erased: int
    faults: tuple[str, ...]
    unlisted: int


def verify(progress: Callable[[int], None] | None = None, *, kept: Sequence[Checkpoint] = ()) -> VerificationReport:
    """Recompute the whole ledger: entries, payloads, leaves, inner nodes, roots, signatures, co-signatures.

    ``progress`` is told now and then how many entries are done; ``kept`` are checkpoints kept elsewhere. Entries
    not yet sealed (the last two seconds) are not judged. Memory does not grow with the ledger.
    """
    with transaction.atomic():
        if not connection.savepoint_ids:  # the outermost transaction: nothing was read yet
            connection.cursor().execute("set transaction isolation level repeatable read, read only")
        connection.cursor().execute(_PLAN)
        audit = Audit(
            checkpoints(),
            kept=heapq.merge(_kept_elsewhere(kept), _cosigned(), key=lambda item: item.size),
            signature_holds=signature_holds,
            stored_nodes=_stored_nodes,
        )
        for start in _stretches():
            audit.expect(start + _STRETCH)
            held_back = [sequence for rows in _rows(start) for sequence in audit.feed(rows)]
            audit.judge(_lines(held_back))
            if progress:
                progress(audit.entries)
        faults = audit.finish(_unsealed())
    return VerificationReport(
        ok=not faults,
        entries=audit.entries,
        checkpoints=audit.checkpoints,
        compared=audit.kept,
        payloads_erased=audit.payloads_erased,
        faults=tuple(faults),
        unlisted=audit.unlisted,
    )


def _stretches() -> Iterator[int]:
    """Where each stretch of ``_STRETCH`` places begins that holds leaves."""
    start: int | None = -(2**63)
    while True:
        with connection.cursor() as cursor:
            cursor.execute("select min(sequence) from ledger_leaf where sequence >= %s", [start])
            (start,) = cursor.fetchone()
        if start is None:
            return
        yield start
        start += _STRETCH


def _rows(start: int) -> Iterator[list[Row]]:
    """The leaves of a stretch in chunks, as the server sends them; nothing else may be asked of it meanwhile."""
    with _bytes_cursor() as cursor:
        rows = cursor.stream(_ROWS, [start, start + _STRETCH], size=_CHUNK)
        while chunk := list(itertools.islice(rows, _CHUNK)):
            yield chunk


def _lines(sequences: Sequence[int]) -> Iterator[Line]:
    for start in range(0, len(sequences), _CHUNK):
        with _bytes_cursor() as cursor:
            cursor.execute(_LINES, [sequences[start : start + _CHUNK]])
            yield from cursor


def _unsealed() -> list[Clear]:
    with _bytes_cursor() as cursor:
        cursor.execute(_UNSEALED)
        return list(cursor.fetchall())


def _bytes_cursor() -> Any:
    """A cursor that gives text as its UTF-8 bytes: millions of strings are not made."""
    connection.ensure_connection()
    cursor = connection.connection.cursor(binary=True)
    cursor.adapters.register_loader("text", ByteaBinaryLoader)
    return cursor


def _stored_nodes(names: Names) -> Mapping[tuple[int, int], bytes]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select level, index, hash from ledger_node where (level, index) in"
            " (select * from unnest(%s::smallint[], %s::bigint[]))",
            [[level for level, _index in names], [index for _level, index in names]],
        )
        return {(level, index): bytes(value) for level, index, value in cursor.fetchall()}


def _kept_elsewhere(kept: Iterable[Checkpoint]) -> Iterator[Kept]:
    known = keys()
    for checkpoint in sorted(kept, key=lambda item: item.size):
        trouble = ""
        if not signature_holds(checkpoint):
            trouble = "签名无效：文件被改动，不能作为依据。"
        elif checkpoint.key_id not in known:
            trouble = f"由本账本没有的密钥 {checkpoint.key_id} 签名：文件不是本账本的，或者账本的密钥表被改动。"
        words = f"留存的检查点（{when(checkpoint)}，{checkpoint.size} 条）"
        yield Kept(size=checkpoint.size, root=checkpoint.root, words=words, trouble=trouble and words + trouble)


def _cosigned() -> Iterator[Kept]:
    rows = Cosignature.objects.select_related("witness").order_by("size", "id")
    for row in rows.iterator(chunk_size=2000):
        words = f"“{row.witness.body}”共签的检查点（{row.size} 条）"
        try:
            stated = from_statement(json.loads(row.statement), bytes(row.signature))
            good = stated.checkpoint.size == row.size and provider.verify(
                row.witness.algorithm, row.witness.public_key_pem, row.statement.encode(), stated.signature
            )
            root = stated.checkpoint.root
        except (KeyUnusable, ValueError, KeyError, TypeError):
            good, root = False, b""
        trouble = "" if good else f"{words}签名无效：共签记录或共签机构的公钥被改动。"
        yield Kept(size=row.size, root=root, words=words, trouble=trouble)
