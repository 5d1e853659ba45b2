"""The key that signs checkpoints: the registered one, otherwise a software key made on first use."""

import functools
from pathlib import Path
from typing import Final

from django.conf import settings

from zhengtong.capabilities.ledger.registry import SIGNER, checkpoint_signer
from zhengtong.kernel.clock import now
from zhengtong.kernel.signing.keystore import KeyStore
from zhengtong.kernel.signing.provider import Algorithm, SignProvider

# Anybody can check ECDSA with what his machine already has; a county under 密评 registers an SM2 key of its 密码机.
_ALGORITHM: Final[Algorithm] = "ECDSA-P256"
_NAME: Final = "ledger-checkpoint"


def signer() -> SignProvider:
    """The present key of checkpoints; raises KeyUnusable when the stored key cannot be opened."""
    if SIGNER in checkpoint_signer:
        return checkpoint_signer.get(SIGNER)()
    return _store(str(settings.ZHENGTONG_VAR), settings.ZHENGTONG_KEYSTORE_PASSPHRASE).load_or_generate(
        _NAME, _ALGORITHM, at=now()
    )


@functools.cache
def _store(var: str, passphrase: str) -> KeyStore:
    return KeyStore(Path(var) / "keys", passphrase)
