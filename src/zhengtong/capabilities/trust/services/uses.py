"""What every use of a seal has in common, whatever the format of the file: whether it may, its keys, its record."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust import rules
from zhengtong.capabilities.trust.constants import ACT_USED
from zhengtong.capabilities.trust.models import Certificate, Seal, SealUse
from zhengtong.capabilities.trust.registry import Credential
from zhengtong.capabilities.trust.services.authority import chain_of
from zhengtong.capabilities.trust.services.digests import sm3
from zhengtong.capabilities.trust.services.keys import key_store
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Conflict


@dataclasses.dataclass(frozen=True, kw_only=True)
class Use:
    """One use of a seal: on which object's file (before and after), why, when, and by which signatures."""

    id: uuid.UUID
    seal: Seal
    object_ref: ObjectRef
    reason: str
    at: dt.datetime
    before: bytes
    after: bytes
    signatures: list[dict[str, str]]


def require_usable(seal: Seal, at: dt.datetime) -> None:
    """Raises Conflict with the reason why the seal may not be used at that moment."""
    reason = rules.why_not_usable(
        name=seal.name, status=seal.status, valid_from=seal.valid_from, valid_until=seal.valid_until, at=at
    )
    if reason:
        raise Conflict(reason)


def credential_of(certificate: Certificate) -> Credential:
    """The key of a certificate of ours with its chain; raises KeyUnusable when the key is not there."""
    chain = () if certificate.issuer is None else chain_of(certificate.issuer)
    return Credential(provider=key_store().load(certificate.key_name), certificate_pem=certificate.pem, chain_pem=chain)


def record_use(*, actor: Actor, use: Use, **told: Any) -> SealUse:
    """用印记录和责任账目各一条，在调用者的事务中；``told`` 是账目中按格式另外要说的。"""
    row = SealUse.objects.create(
        id=use.id,
        tenant=actor.tenant,
        seal=use.seal,
        object_kind=use.object_ref.kind,
        object_id=use.object_ref.id,
        reason=use.reason[:200],
        actor_person_id=actor.person_id,
        actor_name=actor.name[:80],
        used_at=use.at,
        digest_before=sm3(use.before),
        digest_after=sm3(use.after),
        signatures=use.signatures,
    )
    ledger.append(
        actor=actor,
        act=ACT_USED,
        object_ref=use.object_ref,
        payload={
            "seal": use.seal.name,
            "seal_id": str(use.seal.id),
            "use_id": str(row.id),
            "reason": row.reason,
            "digest_before": row.digest_before,
            "digest_after": row.digest_after,
            "signatures": row.signatures,
            **told,
        },
    )
    return row
