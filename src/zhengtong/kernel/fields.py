"""Fields all models share: the tenant, and personal data encrypted at rest with a keyed index for look-up."""

import base64
import functools
import hashlib
import hmac
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

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
    master = _masters()[0]
    nonce = secrets.token_bytes(_NONCE)
    encryptor = Cipher(SM4(_key("cipher", master)[:16]), modes.GCM(nonce)).encryptor()
    body = encryptor.update(text.encode()) + encryptor.finalize()
    return prefix_of(master) + base64.b64encode(nonce + body + encryptor.tag).decode("ascii")


def decrypt(stored: str) -> str:
    """The text of a ciphertext; raises cryptography's InvalidTag when it was changed or no key of ours fits."""
    if not stored:
        return ""
    raw = base64.b64decode(stored.partition(":")[2])
    nonce, body, tag = raw[:_NONCE], raw[_NONCE:-_TAG], raw[-_TAG:]
    masters = _masters()
    named = [master for master in masters if stored.startswith(prefix_of(master))]
    for master in named or masters:
        decryptor = Cipher(SM4(_key("cipher", master)[:16]), modes.GCM(nonce, tag)).decryptor()
        try:
            return (decryptor.update(body) + decryptor.finalize()).decode()
        except InvalidTag:
            if master == (named or masters)[-1]:
                raise
    raise InvalidTag


def blind_index(value: str) -> str:
    """Keyed SM3 of a normalised value, hex: equal values meet in an index that tells a reader nothing."""
    text = "".join(value.split()).upper()
    return hmac.new(_key("index", _masters()[0]), text.encode(), "sm3").hexdigest() if text else ""


@functools.cache
def prefix_of(master: str) -> str:
    """What a ciphertext of that master key begins with; the oldest begin with ``k1:`` and name none."""
    return f"k{hashlib.sha256(bytes.fromhex(master)).hexdigest()[:8]}:"


def _masters() -> list[str]:
    """The master keys, the present one first; former ones stand behind it only while a change is going on."""
    return str(settings.ZHENGTONG_FIELD_KEY).split(",")


@functools.cache
def _key(purpose: str, master: str) -> bytes:
    return hmac.new(bytes.fromhex(master), purpose.encode(), hashlib.sha256).digest()
