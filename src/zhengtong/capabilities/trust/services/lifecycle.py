"""Stopping, resuming, revoking and destroying seals."""

import functools
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust import rules
from zhengtong.capabilities.trust.constants import (
    ACT_DESTROYED,
    ACT_RESUMED,
    ACT_REVOKED,
    ACT_SUSPENDED,
    SEAL,
    CertificateStatus,
    RevocationReason,
    SealStatus,
)
from zhengtong.capabilities.trust.models import Certificate, Seal
from zhengtong.capabilities.trust.permissions import require_manager
from zhengtong.capabilities.trust.selectors import certificates_of, lock_seal
from zhengtong.capabilities.trust.services.keys import key_store
from zhengtong.capabilities.trust.services.making import key_name_of
from zhengtong.capabilities.trust.services.reasons import checked_reason
from zhengtong.capabilities.trust.services.revocation import publish_list
from zhengtong.capabilities.trust.services.rows import fresh_key_name
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict


def suspend_seal(*, actor: Actor, seal_id: uuid.UUID, reason: str) -> Seal:
    """停用印章：立即不能盖章，可以恢复；已盖的文件不受影响。"""
    return _change(actor, seal_id, SealStatus.SUSPENDED, ACT_SUSPENDED, reason)


def resume_seal(*, actor: Actor, seal_id: uuid.UUID, reason: str) -> Seal:
    """恢复已停用的印章。"""
    return _change(actor, seal_id, SealStatus.ACTIVE, ACT_RESUMED, reason)


def revoke_seal(*, actor: Actor, seal_id: uuid.UUID, reason: str) -> Seal:
    """注销印章并吊销其证书，立即签发新的撤销列表，不能恢复（电子签名法第十五条：私钥失密应当终止使用）。

    注销后只有时间戳或用印记录证明在注销之前盖章的文件仍核验为有效。
    """
    return _change(actor, seal_id, SealStatus.REVOKED, ACT_REVOKED, reason)


def destroy_seal(*, actor: Actor, seal_id: uuid.UUID, reason: str) -> Seal:
    """销毁已注销的印章：私钥从密钥库中清除；印模和用印记录保留备查。"""
    return _change(actor, seal_id, SealStatus.DESTROYED, ACT_DESTROYED, reason)


def _change(actor: Actor, seal_id: uuid.UUID, status: SealStatus, act: str, reason: str) -> Seal:
    require_manager(actor)
    reason = checked_reason(reason, _("请填写办理原因。"))
    with transaction.atomic():
        seal = lock_seal(tenant=actor.tenant, seal_id=seal_id)
        present = SealStatus(seal.status)
        if not rules.may_become(present.value, status.value):
            raise Conflict(
                _("“%(seal)s”现在的状态是“%(present)s”，不能改为“%(wanted)s”。")
                % {"seal": seal.name, "present": present.label, "wanted": status.label}
            )
        seal.status, seal.status_reason = status, reason
        seal.save(update_fields=["status", "status_reason"])
        if status == SealStatus.REVOKED:
            _revoke_certificates(seal)
        if status == SealStatus.DESTROYED:
            _destroy_keys(seal)
        ledger.append(
            actor=actor,
            act=act,
            object_ref=ObjectRef(kind=SEAL, id=str(seal.id)),
            payload={"name": seal.name, "before": present.value, "after": status.value, "reason": seal.status_reason},
        )
    return seal


def _revoke_certificates(seal: Seal) -> None:
    rows = list(
        certificates_of(seal)
        .filter(status__in=(CertificateStatus.ACTIVE, CertificateStatus.HELD))
        .select_related("issuer")
    )
    for row in rows:
        row.revoked_at = row.revoked_at or now()
        row.status, row.revocation_reason = CertificateStatus.REVOKED, RevocationReason.CESSATION_OF_OPERATION
    Certificate.objects.bulk_update(rows, ["status", "revoked_at", "revocation_reason"])
    for issuer in {row.issuer_id: row.issuer for row in rows if row.issuer is not None}.values():
        publish_list(issuer)


def _destroy_keys(seal: Seal) -> None:
    rows = certificates_of(seal).exclude(key_name="")
    bases = {key_name_of(seal, algorithm) for algorithm in rules.SEAL_ALGORITHMS}
    waiting = {fresh_key_name(seal.tenant, base) for base in bases}
    names = {row.key_name for row in rows} | bases | waiting
    rows.update(key_name="")
    # What cannot be undone waits until the act is recorded.
    for name in sorted(names):
        transaction.on_commit(functools.partial(key_store().destroy, name))
