"""The platform's keys and certificate authority, as the settings name them."""

import functools
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.trust.registry import CertificateAuthority, certificate_authorities
from zhengtong.capabilities.trust.selectors import root_certificates
from zhengtong.kernel.errors import DomainError
from zhengtong.kernel.signing.keystore import KeyStore
from zhengtong.kernel.signing.provider import KeyHolder

_DEFAULT_AUTHORITY: Final = "development"
NO_LEGAL_EFFECT: Final = gettext_lazy("使用开发测试证书（由开发测试根证书签发），不具法律效力，正式运行环境不予采信。")


def key_store() -> KeyHolder:
    """Where the keys are: the hardware that ``ZHENGTONG_KEY_PROVIDER`` names, else encrypted files.

    Raises DomainError when the setting names nothing that can be loaded: nothing is ever signed elsewhere instead.
    """
    path = getattr(settings, "ZHENGTONG_KEY_PROVIDER", "")
    return _provider(path) if path else _key_store(str(settings.ZHENGTONG_VAR), settings.ZHENGTONG_KEYSTORE_PASSPHRASE)


def software_key_store() -> KeyStore:
    """The encrypted files under the state folder, whatever the settings name."""
    return _key_store(str(settings.ZHENGTONG_VAR), settings.ZHENGTONG_KEYSTORE_PASSPHRASE)


def authority_name() -> str:
    """The registered name of the authority in use."""
    return getattr(settings, "ZHENGTONG_CERTIFICATE_AUTHORITY", "") or _DEFAULT_AUTHORITY


def certificate_authority() -> CertificateAuthority:
    """The authority that issues certificates; raises DomainError where only the development one is configured."""
    name = authority_name()
    if name not in certificate_authorities:
        raise DomainError(
            _("没有名为“%(name)s”的证书签发机构。请检查环境变量 ZHENGTONG_CERTIFICATE_AUTHORITY。") % {"name": name}
        )
    authority = certificate_authorities.get(name)()
    require_lawful(development=authority.is_development)
    return authority


def seals_can_be_made() -> bool:
    """Whether an authority is configured whose certificates have legal effect here: before, nothing can be sealed."""
    name = authority_name()
    return name not in certificate_authorities or not is_unlawful(
        development=certificate_authorities.get(name)().is_development
    )


def is_unlawful(*, development: bool) -> bool:
    """Whether a certificate has no legal effect here: one of the development authority in production."""
    return development and not settings.ZHENGTONG_DEMO


def trusted_roots() -> list[str]:
    """The roots (PEM) by which everything is verified: in production none that is marked as development's."""
    return [row.pem for row in root_certificates() if not is_unlawful(development=row.is_development)]


def require_lawful(*, development: bool) -> None:
    """The development authority's certificates have no legal effect, so nothing is sealed with them in production."""
    if is_unlawful(development=development):
        raise DomainError(
            _(
                "正式运行环境不能使用开发测试证书制作印章或盖章，因为它不具法律效力。"
                "请接入依法取得资质的电子政务电子认证服务机构签发的证书，或在演示环境中办理。"
            )
        )


@functools.cache
def _key_store(var: str, passphrase: str) -> KeyStore:
    return KeyStore(Path(var) / "keys", passphrase)


@functools.cache
def _provider(path: str) -> KeyHolder:
    try:
        holder: KeyHolder = import_string(path)()
    except ImportError as error:
        raise DomainError(
            _("不能装入密码设备的驱动“%(path)s”，没有签名。请检查环境变量 ZHENGTONG_KEY_PROVIDER 和驱动的安装。")
            % {"path": path}
        ) from error
    return holder
