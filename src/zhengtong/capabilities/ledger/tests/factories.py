"""Entries and actors for the tests of the ledger."""

import base64
import json
import time
import uuid
from typing import Any

import psycopg
from django.db import transaction

from zhengtong.capabilities.ledger.engine.canonical import canonical
from zhengtong.capabilities.ledger.engine.cosignature import FORMAT
from zhengtong.capabilities.ledger.engine.entry import instant_text
from zhengtong.capabilities.ledger.selectors.proofs import newest_checkpoint
from zhengtong.capabilities.ledger.services import (
    LedgerReceipt,
    append,
    approve_witness,
    end_witness,
    register_witness,
    seal_batch,
)
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.signing.software import SoftwareKey

TENANT = "980723"
CASE = ObjectRef(kind="case", id="c-1")


def official(**changes: Any) -> Actor:
    """A reviewer of the fire brigade."""
    fields: dict[str, Any] = {
        "tenant": TENANT,
        "kind": "official",
        "person_id": uuid.UUID(int=11),
        "name": "张一",
        "post_id": uuid.UUID(int=12),
        "post_name": "审查岗",
        "org_id": uuid.UUID(int=13),
        "org_name": "青禾县消防救援大队",
    }
    return Actor(**{**fields, **changes})


def citizen(**changes: Any) -> Actor:
    """An applicant."""
    fields: dict[str, Any] = {"tenant": TENANT, "kind": "citizen", "person_id": uuid.UUID(int=21), "name": "李二三"}
    return Actor(**{**fields, **changes})


def record(act: str = "case.accepted", **changes: Any) -> LedgerReceipt:
    """Append one entry in a transaction of its own."""
    fields: dict[str, Any] = {"actor": official(), "object_ref": CASE, "payload": {"opinion": "同意"}}
    with transaction.atomic():
        return append(act=act, **{**fields, **changes})


def record_many(count: int, **changes: Any) -> list[LedgerReceipt]:
    """Append ``count`` entries in one transaction."""
    with transaction.atomic():
        return [record(f"case.step_{number}", **changes) for number in range(count)]


def seal_all(count: int) -> None:
    """Seal until ``count`` committed entries have their places.

    The server's own upkeep of this database runs transactions too, which the sequencer rightly waits for.
    """
    until = time.monotonic() + 60
    while count > 0:
        count -= seal_batch()
        assert time.monotonic() < until, f"{count} entries are not sealed"
        time.sleep(0.01 if count > 0 else 0)
    assert count == 0


def administrator(role: str, number: int, **changes: Any) -> Actor:
    """An administrator of the county."""
    return official(person_id=uuid.UUID(int=number), name=f"管理员{number}", roles=frozenset({role}), **changes)


SECURITY = administrator("sec_admin", 31)
AUDITOR = administrator("audit_admin", 32)


def admitted_witness(
    key: SoftwareKey, *, approve: bool = True, end: bool = False, body: str = "某县审计局"
) -> uuid.UUID:
    """A witness with this key, as far on its way as asked for."""
    witness_id = register_witness(actor=SECURITY, body=body, public_key_pem=key.public_key_pem(), reason="共签协议")
    if approve:
        approve_witness(actor=AUDITOR, witness_id=witness_id)
    if end:
        end_witness(actor=SECURITY, witness_id=witness_id, reason="换用新密钥")
        end_witness(actor=AUDITOR, witness_id=witness_id, reason="换用新密钥")
    return witness_id


def cosignature_text(key: SoftwareKey, **changed: Any) -> str:
    """The key's co-signature of the newest checkpoint, or of one with other fields, as a witness sends it."""
    newest = newest_checkpoint()
    assert newest is not None
    seen = {**json.loads(newest.signed_bytes()), **changed}
    fields = {"algorithm": key.algorithm, "at": instant_text(now()), "checkpoint": seen, "key_id": key.key_id}
    fields["format"] = FORMAT
    signature = base64.b64encode(key.sign(canonical(fields))).decode()
    return json.dumps({**fields, "signature": signature})


def cut(superuser: psycopg.Connection[Any], *, keep: int, checkpoints: int) -> None:
    """Delete the entries from ``keep`` on and the checkpoints beyond ``checkpoints``."""
    superuser.execute(
        "delete from ledger_payload where entry in (select e.uuid from ledger_entry e"
        " join ledger_leaf l on l.entry_id = e.id where l.sequence >= %s)",
        [keep],
    )
    superuser.execute(
        "delete from ledger_entry where id in (select entry_id from ledger_leaf where sequence >= %s)", [keep]
    )
    superuser.execute("delete from ledger_leaf where sequence >= %s", [keep])
    superuser.execute("delete from ledger_checkpoint where size > %s", [checkpoints])
