"""Entries and actors for the tests of the ledger."""

import time
import uuid
from typing import Any

from django.db import transaction

from zhengtong.capabilities.ledger.services import LedgerReceipt, append, seal_batch
from zhengtong.kernel.actors import Actor, ObjectRef

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

    Tests beside this one run transactions in the same cluster, which the sequencer rightly waits for.
    """
    until = time.monotonic() + 60
    while count > 0:
        count -= seal_batch()
        assert time.monotonic() < until, f"{count} entries are not sealed"
        time.sleep(0.01 if count > 0 else 0)
    assert count == 0
