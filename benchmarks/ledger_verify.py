"""The ledger: verification of all of it, against hashing the same bytes and against merely reading the same rows."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
from django.db import transaction

from benchmarks.context import Context
from benchmarks.ledger_append import ACTOR, PAYLOAD, REF
from benchmarks.measure import Contestant, Standing, ratio, take_turns
from benchmarks.results import Result
from zhengtong.capabilities.ledger import api as ledger

_AT_ONCE = 500  # entries a transaction, to fill the ledger quickly
_ROWS = (
    "select e.*, l.sequence, l.hash, p.salt, p.content from ledger_leaf l join ledger_entry e on e.id = l.entry_id"
    " join ledger_payload p on p.entry = e.uuid order by l.sequence"
)


def ledger_verify(context: Context, *, rounds: int, entries: int) -> list[Result]:
    """Entries per second, one process of ours and one of the database; hashing covers leaf, payload and tree.

    For hashing alone all bytes are ready in memory. Copying alone is the lower bound of all that must read the rows.
    """
    _fill(entries)
    report = ledger.verify()
    if not report.ok:
        raise RuntimeError(f"the ledger of the benchmark is broken: {report.faults[0]}")
    plain, copier = context.connect(), context.connect()
    for setting in ("enable_hashjoin", "enable_mergejoin", "enable_sort"):  # the fastest plan, and the one that streams
        copier.execute(f"set {setting} = off")
    ready = list(_hashed_bytes(plain))

    def both(_count: int) -> None:
        _read(plain)
        _hash(ready)

    standings = take_turns(
        [
            Contestant("ours", lambda _count: _verify(), context.django_pid()),
            Contestant("hash", lambda _count: _hash(ready)),
            Contestant("read_and_hash", both, plain.info.backend_pid),
            Contestant("copy", lambda _count: _copy(copier), copier.info.backend_pid),
        ],
        rounds=rounds,
        pieces=report.entries,
    )
    return _results(standings)


def _results(standings: Mapping[str, Standing]) -> list[Result]:
    what = "核验速度之比：全部账目、内容、叶、树、检查点签名"
    return [
        Result(
            "ledger_verify.to_hash_alone", ratio(standings, "ours", "hash"), what, "同样的字节在内存里只算摘要", "倍"
        ),
        Result(
            "ledger_verify.to_read_and_hash",
            ratio(standings, "ours", "read_and_hash"),
            what,
            "psycopg 读出同样的行，再只算摘要",
            "倍",
        ),
        Result(
            "ledger_verify.copy_to_hash_alone",
            ratio(standings, "copy", "hash"),
            "只把同样的行 COPY 出来就丢掉，什么也不核对",
            "同样的字节在内存里只算摘要",
            "倍",
        ),
        Result(
            "ledger_verify.ours",
            standings["ours"].rate,
            "ledger.verify，一个客户端进程和一个数据库进程同时干活，内存不随账本增长",
            "",
            "条/秒",
        ),
        Result("ledger_verify.hash", standings["hash"].rate, "只算摘要（每条三次 SHA-256）", "", "条/秒"),
        Result(
            "ledger_verify.read_and_hash", standings["read_and_hash"].rate, "读出各行并算摘要，不作核对", "", "条/秒"
        ),
        Result("ledger_verify.copy", standings["copy"].rate, "二进制 COPY，沿叶的索引逐行取出", "", "条/秒"),
        Result("ledger_verify.ours.client", standings["ours"].client_ms, "客户端处理器时间", "", "毫秒/条"),
        Result("ledger_verify.ours.server", standings["ours"].server_ms, "数据库进程处理器时间", "", "毫秒/条"),
        Result("ledger_verify.hash.client", standings["hash"].client_ms, "只算摘要的处理器时间", "", "毫秒/条"),
        Result("ledger_verify.copy.server", standings["copy"].server_ms, "只 COPY：数据库处理器时间", "", "毫秒/条"),
    ]


def _fill(entries: int) -> None:
    for start in range(0, entries, _AT_ONCE):
        with transaction.atomic():
            for number in range(start, min(entries, start + _AT_ONCE)):
                payload = {**PAYLOAD, "number": number}
                ledger.append(actor=ACTOR, act="cases.review.agree", object_ref=REF, payload=payload)
    while ledger.seal_batch():
        pass


def _hashed_bytes(plain: psycopg.Connection[Any]) -> Iterator[bytes]:
    """Everything that a verification of this ledger hashes: leaves, payloads, and an inner node for each leaf."""
    rows = plain.execute(f"select salt, content from ({_ROWS}) e").fetchall()
    first = plain.execute(
        "select e.uuid from ledger_entry e join ledger_leaf l on l.entry_id = e.id limit 1"
    ).fetchone()
    proof = ledger.inclusion_proof(first[0]) if first else None
    leaf = b"\x00" + (proof.leaf_data if proof else b"")
    for salt, content in rows:
        yield from (bytes(leaf), salt + content.encode(), b"\x01" + bytes(64))


def _verify() -> None:
    ledger.verify()


def _hash(ready: list[bytes]) -> None:
    sha256 = hashlib.sha256
    for data in ready:
        sha256(data).digest()


def _read(plain: psycopg.Connection[Any]) -> None:
    with plain.transaction(), plain.cursor("rows", binary=True) as cursor:
        cursor.execute(_ROWS)
        while cursor.fetchmany(2000):
            pass


def _copy(plain: psycopg.Connection[Any]) -> None:
    with plain.cursor() as cursor, cursor.copy(f"copy ({_ROWS}) to stdout (format binary)") as rows:
        for _row in rows:
            pass
