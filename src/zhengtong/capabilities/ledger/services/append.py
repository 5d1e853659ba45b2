"""Appending: one statement inside the transaction of the act, without any lock that others wait for."""

import dataclasses
import datetime as dt
import secrets
import uuid
from collections.abc import Mapping, Sequence
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
from zhengtong.kernel.clock import recording_time, simulated_now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.many import insert_values
from zhengtong.kernel.together import Together

_COLUMNS: Final = FIELD_NAMES[1:]  # the row's number is the database's
_KEEP: Final = "insert into ledger_payload (entry, salt, content) values (%s, %s, %s)"
_SIMULATED: Final = "insert into ledger_simulatedentry (entry, at) values (%s, %s)"
_INSERT: Final = f"insert into ledger_entry ({', '.join(_COLUMNS)}) values ({', '.join(['%s'] * len(_COLUMNS))})"  # noqa: S608  (our own column names)


@dataclasses.dataclass(frozen=True, kw_only=True)
class LedgerReceipt:
    """What the caller may keep: the entry's number, its time, and the commitment to its content."""

    entry_id: uuid.UUID
    at: dt.datetime
    commitment: bytes


def append(
    *,
    actor: Actor,
    act: str,
    object_ref: ObjectRef,
    payload: Mapping[str, Any],
    purpose: str = "",
    basis: str = "",
    into: Together | None = None,
) -> LedgerReceipt:
    """Record an act in the transaction that does it; without the record the act does not happen.

    ``payload`` holds text, whole numbers, yes/no, lists and maps of these (dates, identifiers and decimals
    become text); it may hold personal data, ``purpose`` and ``basis`` may not. ``into`` gathers the entry with
    other writes of the same step, which the caller runs. Raises NotInTransaction outside a
    transaction and NotCanonical for floats and other values without a single written form.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction("an entry is written inside the transaction of its act")
    lived = simulated_now()
    content = content_of(
        payload,
        actor_name=actor.name,
        on_behalf_of=actor.on_behalf_of,
        delegated_by=actor.delegated_by,
        simulated_at=lived,
    )
    salt = secrets.token_bytes(SALT_BYTES)
    receipt = LedgerReceipt(entry_id=new_id(), at=recording_time(), commitment=commitment_of(salt, content))
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
    statement = Together() if into is None else into
    statement.add(_KEEP, [receipt.entry_id, salt, content.decode()])
    statement.add(_INSERT, values)
    if lived is not None:
        statement.add(_SIMULATED, [receipt.entry_id, lived])
    if into is None:
        statement.run()
    return receipt


@dataclasses.dataclass(frozen=True, kw_only=True)
class NewEntry:
    """One of several acts that are recorded together."""

    act: str
    object_ref: ObjectRef
    payload: Mapping[str, Any]
    basis: str = ""


def append_all(*, actor: Actor, entries: Sequence[NewEntry]) -> list[LedgerReceipt]:
    """Record many acts of one actor with two statements; as ``append`` for each of them, in their order."""
    if not connection.in_atomic_block:
        raise NotInTransaction("an entry is written inside the transaction of its act")
    if not entries:
        return []
    if simulated_now() is not None:  # the invented past is written one by one
        return [
            append(actor=actor, act=one.act, object_ref=one.object_ref, payload=one.payload, basis=one.basis)
            for one in entries
        ]
    at, kept, rows, receipts = recording_time(), [], [], []
    name = printed_name(actor.kind, actor.name)
    who = [actor.kind, actor.person_id, name, actor.post_id, actor.post_name, actor.org_id, actor.org_name]
    for one in entries:
        content = content_of(
            one.payload,
            actor_name=actor.name,
            on_behalf_of=actor.on_behalf_of,
            delegated_by=actor.delegated_by,
            simulated_at=None,
        )
        salt = secrets.token_bytes(SALT_BYTES)
        receipt = LedgerReceipt(entry_id=new_id(), at=at, commitment=commitment_of(salt, content))
        kept.append({"entry": receipt.entry_id, "salt": salt, "content": content.decode()})
        ref = one.object_ref
        values = [
            receipt.entry_id,
            actor.tenant,
            at,
            *who,
            one.act,
            ref.kind,
            ref.id,
            "",
            one.basis,
            receipt.commitment,
        ]
        rows.append(dict(zip(_COLUMNS, values, strict=True)))
        receipts.append(receipt)
    insert_values("ledger_payload", kept)
    insert_values("ledger_entry", rows)
    return receipts


def erase_payload(*, actor: Actor, entry_id: uuid.UUID, basis: str, reason: str = "") -> LedgerReceipt:
    """Erase the content of an entry for good; the entry, its leaf and every proof stay valid.

    The erasure is itself an entry (who, ``reason``, legal ``basis``; neither may hold personal data), and the database
    refuses to erase what no such entry names. Raises Invalid without a basis, NotFound when the tenant has no such
    entry, Conflict when its content is erased already. Who may erase is the caller's policy (the end of a retention
    period).
    """
    if not basis.strip():
        raise Invalid(_("没有抹除：请写明抹除的依据，例如保管期限表的条款。"), field="basis")
    with transaction.atomic(), connection.cursor() as cursor:
        # our role may not lock rows of the ledger; whoever comes second finds the content gone
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"ledger:erase:{entry_id}"])
        cursor.execute(
            "select exists (select 1 from ledger_payload p where p.entry = e.uuid) from ledger_entry e"
            " where e.uuid = %s and e.tenant = %s",
            [entry_id, actor.tenant],
        )
        row = cursor.fetchone()
        if row is None:
            raise NotFound(_("账上没有这条账目，内容没有抹除。请核对账目编号。"))
        if not row[0]:
            raise Conflict(_("这条账目的内容已经抹除，不能再抹除一次。"))
        ref = ObjectRef(kind=ENTRY_KIND, id=str(entry_id))
        receipt = append(actor=actor, act=ACT_ERASED, object_ref=ref, payload={}, purpose=reason, basis=basis)
        cursor.execute("select ledger_erase_payload(%s)", [entry_id])
    return receipt
