"""Authorities that come with the platform: its own, for demonstrations and tests, and the one that works by file.

Certificates for use come from a licensed 电子政务电子认证服务机构 (商用密码管理条例 Art. 30).
"""

from zhengtong.capabilities.trust.registry import CertificateOrder, IssuedCertificate
from zhengtong.capabilities.trust.services import authority


class DevelopmentCA:
    """Roots and issuing certificates of the platform itself; its keys lie in the platform's own key store."""

    is_development = True
    online = True

    def issue(self, order: CertificateOrder) -> IssuedCertificate:
        """A certificate at once; raises DomainError in production."""
        return authority.issue(order)


class FileAuthority:
    """A licensed authority outside: requests go out and certificates come in as files (``zhengtong trust``)."""

    is_development = False
    online = False

    def issue(self, order: CertificateOrder) -> None:
        """Nothing now: the certificate will be imported."""
