"""Appending: one statement inside the transaction of the act, without any lock that others wait for."""

import dataclasses
import datetime as dt
import secrets
import uuid
from collections.abc import Mapping
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger.constants import ACT_ERASED, ENTRY_KIND
from zhengtong.capabilities.ledger.engine.entry import (
    FIELD_NAMES,
    SALT_BYTES,
    commitment_of,
    content_of,
    printed_name,
)
from zhengtong.capabilities.ledger.exceptions import NotInTransaction
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.ids import new_id

_COLUMNS: Final = FIELD_NAMES[1:]  # the row's number is the database's
_INSERT: Final = (
    "with kept as (insert into ledger_payload (entry, salt, content) values (%s, %s, %s))"  # noqa: S608  (our own column names)
    f" insert into ledger_entry ({', '.join(_COLUMNS)}) values ({', '.join(['%s'] * len(_COLUMNS))})"
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class LedgerReceipt:
    """What the caller may keep: the entry's number, its time, and the commitment to its content."""

    entry_id: uuid.UUID
    at: dt.datetime
    commitment: bytes


def append(
    *, actor: Actor, act: str, object_ref: ObjectRef, payload: Mapping[str, Any], purpose: str = "", basis: str = ""
) -> LedgerReceipt:
    """Record an act in the transaction that does it; without the record the act does not happen.

    ``payload`` holds text, whole numbers, yes/no, lists and maps of these (dates, identifiers and decimals
    become text); it may hold personal data, ``purpose`` and ``basis`` may not. Raises NotInTransaction outside a
    transaction and NotCanonical for floats and other values without a single written form.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction("an entry is written inside the transaction of its act")
    content = content_of(payload, actor_name=actor.name, on_behalf_of=actor.on_behalf_of)
    salt = secrets.token_bytes(SALT_BYTES)
    receipt = LedgerReceipt(entry_id=new_id(), at=now(), commitment=commitment_of(salt, content))
    values: list[Any] = [
        receipt.entry_id,
        actor.tenant,
        receipt.at,
        actor.kind,
        actor.person_id,
        printed_name(actor.kind, actor.name),
        actor.post_id,
        actor.post_name,
        actor.org_id,
        actor.org_name,
        act,
        object_ref.kind,
        object_ref.id,
        purpose,
        basis,
        receipt.commitment,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [receipt.entry_id, salt, content.decode(), *values])
    return receipt


def erase_payload(*, actor: Actor, entry_id: uuid.UUID, basis: str) -> LedgerReceipt:
    """Erase the content of an entry for good; the entry, its leaf and every proof stay valid.

    The erasure is itself an entry, and the database refuses to erase what no such entry names. Raises NotFound
    when the tenant has no such entry. Who may erase is the caller's policy (the end of a retention period).
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select 1 from ledger_entry where uuid = %s and tenant = %s", [entry_id, actor.tenant])
        if cursor.fetchone() is None:
            raise NotFound(_("账上没有这条账目，内容没有抹除。请核对账目编号。"))
        ref = ObjectRef(kind=ENTRY_KIND, id=str(entry_id))
        receipt = append(actor=actor, act=ACT_ERASED, object_ref=ref, payload={}, basis=basis)
        cursor.execute("select ledger_erase_payload(%s)", [entry_id])
    return receipt
