"""What one entry commits to: the clear fields in the leaf, the payload behind a salted commitment."""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from zhengtong.capabilities.ledger.engine.canonical import canonical
from zhengtong.capabilities.ledger.engine.tree import leaf_hash

SALT_BYTES: Final = 32
_ENTRY_FORMAT: Final = "zhengtong.ledger.entry.v1"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ClearEntry:
    """The fields of an entry that stay readable for ever: pseudonyms and duty names, no personal data of citizens.

    ``id`` is the row's number, ``uuid`` what receipts name, ``commitment`` the hash of salt and payload.
    """

    id: int
    uuid: UUID
    tenant: str
    at: dt.datetime
    actor_kind: str
    actor_person_id: UUID | None
    actor_name: str
    actor_post_id: UUID | None
    actor_post_name: str
    actor_org_id: UUID | None
    actor_org_name: str
    act: str
    object_kind: str
    object_id: str
    purpose: str
    basis: str
    commitment: bytes

    def leaf_data(self) -> bytes:
        """The bytes that the leaf hash covers; the format name keeps them apart from everything else we hash."""
        fields: dict[str, Any] = {name: getattr(self, name) for name in FIELD_NAMES}
        fields["at"] = instant_text(self.at)
        fields["commitment"] = self.commitment.hex()
        return canonical({"format": _ENTRY_FORMAT, **fields})

    def leaf_hash(self) -> bytes:
        """The leaf of this entry in the tree."""
        return leaf_hash(self.leaf_data())


FIELD_NAMES: Final = tuple(field.name for field in dataclasses.fields(ClearEntry))


def instant_text(instant: dt.datetime) -> str:
    """An instant in UTC to the microsecond, always with six digits (isoformat drops them when they are zero)."""
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def content_of(payload: Mapping[str, Any], *, actor_name: str, on_behalf_of: str) -> bytes:
    """The erasable part of an entry as canonical text: the payload and the names of citizens."""
    return canonical({"actor_name": actor_name, "on_behalf_of": on_behalf_of, "payload": payload})


def commitment_of(salt: bytes, content: bytes) -> bytes:
    """SHA-256 of salt ‖ content: without the salt (256 random bits) nothing can be guessed from it."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    return hashlib.sha256(salt + content).digest()


def printed_name(kind: str, name: str) -> str:
    """The name as the clear part shows it: whole for those on duty, surname only for citizens and agents."""
    if kind in ("official", "system", "anonymous"):
        return name
    return name[:1] + "*" * min(len(name) - 1, 2) if name else ""
