"""The platform's own certificate authority: for development, demonstrations and tests only.

Certificates for use come from a licensed 电子政务电子认证服务机构 (商用密码管理条例 Art. 30).
"""

import datetime as dt
from collections.abc import Callable
from typing import Final

from zhengtong.capabilities.trust.engine import certificates
from zhengtong.kernel.signing.keystore import KeyStore
from zhengtong.kernel.signing.software import SoftwareKey

ROOT_NAME: Final = "开发测试根证书（仅供演示，不具法律效力）"
ROOT_ORGANISATION: Final = "政通平台演示"
ROOT_YEARS: Final = 10
SIGNER_YEARS: Final = 3
_YEAR = dt.timedelta(days=365)
# A verifier's clock may run a little behind ours.
_BACKDATED = dt.timedelta(minutes=5)


class DevelopmentCA:
    """One self-signed root per tenant and algorithm; its keys lie in the platform's own key store."""

    is_development = True

    def __init__(self, key_store: Callable[[], KeyStore]) -> None:
        self._key_store = key_store

    def root(self, *, tenant: str, algorithm: str, at: dt.datetime) -> str:
        """A fresh self-signed certificate over the tenant's root key, which is made when there is none."""
        key = self._root_key(tenant, algorithm, at)
        return certificates.build(
            role="root",
            subject=certificates.Subject(ROOT_ORGANISATION, ROOT_NAME),
            public_pem=key.public_key_pem(),
            issuer_pem=None,
            issuer=key,
            not_before=at - _BACKDATED,
            not_after=at + ROOT_YEARS * _YEAR,
        )

    def issue(
        self,
        *,
        tenant: str,
        algorithm: str,
        root_pem: str,
        organisation: str,
        name: str,
        public_pem: str,
        at: dt.datetime,
    ) -> str:
        """A signer's certificate (digitalSignature, nonRepudiation) for three years, never longer than its root."""
        root_end = certificates.facts_of(certificates.parse(root_pem)).not_after
        return certificates.build(
            role="signer",
            subject=certificates.Subject(organisation, name),
            public_pem=public_pem,
            issuer_pem=root_pem,
            issuer=self._root_key(tenant, algorithm, at),
            not_before=at - _BACKDATED,
            not_after=min(at + SIGNER_YEARS * _YEAR, root_end),
        )

    def _root_key(self, tenant: str, algorithm: str, at: dt.datetime) -> SoftwareKey:
        name = f"development-root-{tenant}-{algorithm.lower()}"
        return self._key_store().load_or_generate(name, algorithm, at=at)
