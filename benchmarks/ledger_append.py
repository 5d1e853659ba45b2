"""The ledger: one entry per transaction through its door, against plain INSERT of the same rows."""

import datetime as dt
import uuid
from typing import Any

import psycopg
from django.db import transaction

from benchmarks.context import Context
from benchmarks.measure import Contestant, ratio, take_turns
from benchmarks.results import Result
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.ids import new_id

_TENANT = "980723"
REF = ObjectRef(kind="case", id=str(uuid.UUID(int=7)))
PAYLOAD = {"step": "消防安全检查意见", "outcome": "agree", "opinion": "经审查，材料齐全，符合要求。"}
_CONTENT = '{"actor_name":"经办人","on_behalf_of":"","payload":{"opinion":"经审查，材料齐全，符合要求。"}}'
ACTOR = Actor(
    tenant=_TENANT,
    kind="official",
    person_id=uuid.UUID(int=1),
    name="经办人",
    post_id=uuid.UUID(int=2),
    post_name="经办岗",
    org_id=uuid.UUID(int=3),
    org_name="青禾县消防救援大队",
)
_PLAIN = (
    "with kept as (insert into bench.payload (entry, salt, content) values (%s, %s, %s))"
    " insert into bench.entry (id, uuid, tenant, at, actor_kind, actor_person_id, actor_name, actor_post_id,"
    " actor_post_name, actor_org_id, actor_org_name, act, object_kind, object_id, purpose, basis, commitment)"
    " values (nextval('bench.entry_number'), %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


def ledger_append(context: Context, *, rounds: int, entries: int) -> list[Result]:
    """Entries per second, one commit each; the plain rows have the same columns and indexes."""
    plain = context.connect()
    standings = take_turns(
        [
            Contestant("ours", _append, context.django_pid()),
            Contestant("plain", lambda n: _insert(plain, n), plain.info.backend_pid),
        ],
        rounds=rounds,
        pieces=entries,
    )
    what = "记账速度之比：同样的行、同样的索引，每条一次提交"
    return [
        Result(
            "ledger_append.to_plain_insert", ratio(standings, "ours", "plain"), what, "普通 INSERT（psycopg）", "倍"
        ),
        Result("ledger_append.ours", standings["ours"].rate, "ledger.append：规范化、加盐承诺、触发器", "", "条/秒"),
        Result("ledger_append.plain", standings["plain"].rate, "普通 INSERT", "", "条/秒"),
        Result("ledger_append.ours.client", standings["ours"].client_ms, "客户端处理器时间", "", "毫秒/条"),
        Result("ledger_append.ours.server", standings["ours"].server_ms, "数据库进程处理器时间", "", "毫秒/条"),
    ]


def _append(count: int) -> None:
    for _ in range(count):
        with transaction.atomic():
            ledger.append(actor=ACTOR, act="cases.review.agree", object_ref=REF, payload=PAYLOAD)


def _insert(plain: psycopg.Connection[Any], count: int) -> None:
    clear: list[Any] = [_TENANT, None, "official", ACTOR.person_id, "经办人", ACTOR.post_id, "经办岗", ACTOR.org_id]
    clear += [ACTOR.org_name, "cases.review.agree", "case", REF.id, "", "", b"c" * 32]
    for _ in range(count):
        key = new_id()
        clear[1] = dt.datetime.now(dt.UTC)
        with plain.transaction():
            plain.execute(_PLAIN, [key, b"s" * 32, _CONTENT, key, *clear])
