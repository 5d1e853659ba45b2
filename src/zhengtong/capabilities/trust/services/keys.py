"""The platform's key store and certificate authority, as the settings name them."""

import functools
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from zhengtong.capabilities.trust.registry import CertificateAuthority, certificate_authorities
from zhengtong.kernel.errors import DomainError
from zhengtong.kernel.signing.keystore import KeyStore

_DEFAULT_AUTHORITY: Final = "development"


def key_store() -> KeyStore:
    """The keys under the state folder; opened ones stay in memory."""
    return _key_store(str(settings.ZHENGTONG_VAR), settings.ZHENGTONG_KEYSTORE_PASSPHRASE)


@functools.cache
def _key_store(var: str, passphrase: str) -> KeyStore:
    return KeyStore(Path(var) / "keys", passphrase)


def certificate_authority() -> CertificateAuthority:
    """The authority that issues certificates; raises DomainError where only the development one is configured."""
    name = getattr(settings, "ZHENGTONG_CERTIFICATE_AUTHORITY", "") or _DEFAULT_AUTHORITY
    authority = certificate_authorities.get(name)()
    require_lawful(development=authority.is_development)
    return authority


def require_lawful(*, development: bool) -> None:
    """The development authority's certificates have no legal effect, so nothing is sealed with them in production."""
    if development and not settings.ZHENGTONG_DEMO:
        raise DomainError(
            _(
                "正式运行环境不能使用开发测试证书制作印章或盖章，因为它不具法律效力。"
                "请接入依法取得资质的电子政务电子认证服务机构签发的证书，或在演示环境中办理。"
            )
        )
