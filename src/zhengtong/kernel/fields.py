"""Fields all models share: the tenant, and personal data encrypted at rest with a keyed index for look-up."""

import base64
import functools
import hashlib
import hmac
import secrets
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

_PREFIX = "k1:"
_NONCE = 12
_TAG = 16


class TenantField(models.CharField):  # type: ignore[type-arg]  # get/set types are str
    """The county or city a row belongs to: its division code of 6 digits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 12)
        kwargs.setdefault("verbose_name", _("租户"))
        super().__init__(*args, **kwargs)


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # get/set types are str
    """Text kept as SM4-GCM ciphertext (nonce ‖ ciphertext ‖ tag, base64); not searchable: see ``blind_index``."""

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way to the database."""
        return None if value is None else encrypt(str(value))

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        """Decrypt on the way back."""
        return None if value is None else decrypt(value)


def encrypt(text: str) -> str:
    """The ciphertext of ``text``; equal texts give different ciphertexts, the empty text stays empty."""
    if not text:
        return ""
    nonce = secrets.token_bytes(_NONCE)
    encryptor = Cipher(SM4(_key("cipher")[:16]), modes.GCM(nonce)).encryptor()
    body = encryptor.update(text.encode()) + encryptor.finalize()
    return _PREFIX + base64.b64encode(nonce + body + encryptor.tag).decode("ascii")


def decrypt(stored: str) -> str:
    """The text of a ciphertext; raises cryptography's InvalidTag when it was changed or the key is another."""
    if not stored:
        return ""
    raw = base64.b64decode(stored.removeprefix(_PREFIX))
    nonce, body, tag = raw[:_NONCE], raw[_NONCE:-_TAG], raw[-_TAG:]
    decryptor = Cipher(SM4(_key("cipher")[:16]), modes.GCM(nonce, tag)).decryptor()
    return (decryptor.update(body) + decryptor.finalize()).decode()


def blind_index(value: str) -> str:
    """Keyed SM3 of a normalised value, hex: equal values meet in an index that tells a reader nothing."""
    text = "".join(value.split()).upper()
    return hmac.new(_key("index"), text.encode(), "sm3").hexdigest() if text else ""


@functools.cache
def _key(purpose: str) -> bytes:
    master = bytes.fromhex(settings.ZHENGTONG_FIELD_KEY)
    return hmac.new(master, purpose.encode(), hashlib.sha256).digest()
