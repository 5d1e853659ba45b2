"""The key that signs what is said to other applications: RSA in the key store, made on first use."""

import functools
import secrets
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from django.conf import settings

from zhengtong.kernel.clock import now
from zhengtong.kernel.signing.keystore import KeyStore

_NAME: Final = "single-sign-on"
_ALGORITHM: Final = "RSA-3072"


def sign_on_key_pem() -> str:
    """The private key as PEM; raises KeyUnusable when the stored key cannot be opened."""
    return _pem(str(settings.ZHENGTONG_VAR), settings.ZHENGTONG_KEYSTORE_PASSPHRASE)


@functools.cache
def _pem(var: str, passphrase: str) -> str:
    key = KeyStore(Path(var) / "keys", passphrase).load_or_generate(_NAME, _ALGORITHM, at=now())
    # the key gives itself away only encrypted; the passphrase of the way from there to the library lives here only
    on_the_way = secrets.token_hex(16)
    secret = serialization.load_pem_private_key(key.encrypted_pem(on_the_way, rounds=1000), on_the_way.encode())
    return secret.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode("ascii")
