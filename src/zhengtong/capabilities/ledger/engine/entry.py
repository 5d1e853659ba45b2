"""What one entry commits to: the clear fields in the leaf, the payload behind a salted commitment."""

import dataclasses
import datetime as dt
import functools
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from zhengtong.capabilities.ledger.engine.canonical import canonical
from zhengtong.capabilities.ledger.engine.tree import leaf_hash

SALT_BYTES: Final = 32


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
        return leaf_data_of([_leaf_value(getattr(self, name)) for name in LEAF_FIELDS])

    def leaf_hash(self) -> bytes:
        """The leaf of this entry in the tree."""
        return leaf_hash(self.leaf_data())


FIELD_NAMES: Final = tuple(field.name for field in dataclasses.fields(ClearEntry))
LEAF_FIELDS: Final = tuple(sorted(FIELD_NAMES))
_HEAD: Final = LEAF_FIELDS.index("at")  # act and actor stand before it: few values, many entries
_ESCAPED: Final = re.compile(rb'[\x00-\x1f"\\]')


def leaf_data_of(values: Sequence[bytes | None]) -> bytes:
    """The leaf's bytes from the fields as UTF-8 text in the order of ``LEAF_FIELDS``; None for a key that is absent.

    The same text as ``canonical`` gives (RFC 8785), written for speed: a whole ledger is verified by it.
    """
    rest: Any = values[_HEAD:]  # none of these is ever absent
    at, basis, commitment, number, object_id, object_kind, purpose, tenant, key = rest
    texts = (basis, object_id, object_kind, purpose, tenant)
    if _ESCAPED.search(b"".join(texts)):
        basis, object_id, object_kind, purpose, tenant = (_quoted(text)[1:-1] for text in texts)
    return (
        b'%b"at":"%b","basis":"%b","commitment":"%b","format":"zhengtong.ledger.entry.v1","id":%b,"object_id":"%b",'
        b'"object_kind":"%b","purpose":"%b","tenant":"%b","uuid":"%b"}'
    ) % (
        _head(*values[:_HEAD]), at, basis, commitment, number, object_id, object_kind, purpose, tenant, key
    )  # fmt: skip


@functools.lru_cache(maxsize=4096)
def _head(*values: bytes | None) -> bytes:
    pairs = zip(LEAF_FIELDS, values, strict=False)
    return b"{" + b"".join(b'"%b":%b,' % (name.encode(), _quoted(value)) for name, value in pairs)


def _quoted(text: bytes | None) -> bytes:
    return b"null" if text is None else json.dumps(text.decode(), ensure_ascii=False).encode()


def _leaf_value(value: Any) -> bytes | None:
    if isinstance(value, dt.datetime):
        return instant_text(value).encode()
    if isinstance(value, bytes):
        return value.hex().encode()
    return None if value is None else str(value).encode()


def instant_text(instant: dt.datetime) -> str:
    """An instant in UTC to the microsecond, always with six digits (isoformat drops them when they are zero)."""
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def content_of(
    payload: Mapping[str, Any],
    *,
    actor_name: str,
    on_behalf_of: str,
    delegated_by: str = "",
    simulated_at: dt.datetime | None = None,
) -> bytes:
    """The erasable part of an entry as canonical text: the payload and the names of citizens.

    ``delegated_by`` stands there only when somebody acted as another official's delegate, ``simulated_at`` only
    where a demonstration invented the instant of the act.
    """
    content: dict[str, Any] = {"actor_name": actor_name, "on_behalf_of": on_behalf_of, "payload": payload}
    if delegated_by:
        content["delegated_by"] = delegated_by
    if simulated_at is not None:
        content["simulated_at"] = instant_text(simulated_at)
    return canonical(content)


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
