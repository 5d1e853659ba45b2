"""Changing keys and the passphrase over them, by command."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust.constants import (
    ACT_CERTIFICATE_ISSUED,
    ACT_KEYS_CHANGED,
    CERTIFICATE,
    KEY_STORE,
    CertificateRole,
    CertificateStatus,
)
from zhengtong.capabilities.trust.models import Certificate
from zhengtong.capabilities.trust.permissions import require_certificate_manager
from zhengtong.capabilities.trust.services.authority import renew_issuing_certificate
from zhengtong.capabilities.trust.services.keys import key_store, software_key_store
from zhengtong.capabilities.trust.services.revocation import publish_list
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now


def change_passphrase(*, actor: Actor) -> int:
    """用现行口令重新加密仍在旧口令下的全部密钥文件，返回更换的把数。

    ``ZHENGTONG_KEYSTORE_PASSPHRASE`` then holds the new passphrase in its first line, the former in the second.
    """
    require_certificate_manager(actor)
    changed = software_key_store().change_passphrase()
    with transaction.atomic():
        _record_keys(actor, {"what": "passphrase", "keys": changed})
    return changed


def rotate_checkpoint_key(*, actor: Actor) -> str:
    """更换账本检查点的签名密钥，返回新密钥的标识；旧检查点按各自记录的公钥核验，不受影响。"""
    require_certificate_manager(actor)
    algorithm = getattr(settings, "ZHENGTONG_CHECKPOINT_ALGORITHM", "")
    # Without the setting the ledger signs with its own key, a file of that name in the same folder.
    store = key_store() if algorithm else software_key_store()
    name = f"ledger-checkpoint-{algorithm.lower()}" if algorithm else "ledger-checkpoint"
    fresh = store.rotate(name, at=now())
    with transaction.atomic():
        _record_keys(actor, {"what": name, "key_id": fresh.key_id})
    return fresh.key_id


def rotate_issuing_key(*, actor: Actor, algorithm: str) -> Certificate:
    """更换本平台签发证书的密钥；旧签发证书只用于继续签发撤销列表，直至到期。"""
    require_certificate_manager(actor)
    row = renew_issuing_certificate(tenant=actor.tenant, algorithm=algorithm, at=now())
    with transaction.atomic():
        ledger.append(
            actor=actor,
            act=ACT_CERTIFICATE_ISSUED,
            object_ref=ObjectRef(kind=CERTIFICATE, id=str(row.id)),
            payload={"name": row.name, "algorithm": row.algorithm, "serial": row.serial, "role": row.role},
        )
    publish_list(row)
    for old in Certificate.objects.filter(
        tenant=actor.tenant, algorithm=algorithm, role=CertificateRole.ISSUING, status=CertificateStatus.RETIRED
    ).exclude(key_name=""):
        publish_list(old)
    return row


def _record_keys(actor: Actor, told: dict[str, object]) -> None:
    ledger.append(actor=actor, act=ACT_KEYS_CHANGED, object_ref=ObjectRef(kind=KEY_STORE, id=_("密钥库")), payload=told)
