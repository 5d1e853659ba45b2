"""Signatures over data that leaves the platform: packages to another platform, and the answers that come back.

A signature is SM2 with SM3 (DER, GB/T 35276) over the bytes themselves; the certificate travels along.
"""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from zhengtong.capabilities.trust.constants import CertificateRole
from zhengtong.capabilities.trust.engine import certificates as x509
from zhengtong.capabilities.trust.rules import day_of
from zhengtong.capabilities.trust.services.keys import key_store
from zhengtong.capabilities.trust.services.platform_certificates import ALGORITHM, platform_certificate
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.signing.keystore import KeyStore
from zhengtong.kernel.signing.provider import SignProvider, verify

_SIMULATED_LIFE: Final = dt.timedelta(days=3650)
_SIMULATED_BEFORE: Final = dt.timedelta(days=365)  # a demonstration tells of its past, and moves its clock


@dataclasses.dataclass(frozen=True)
class DataSigner:
    """A key that signs data, with its certificate (PEM), which names ``organisation``."""

    certificate: str
    organisation: str
    serial: str
    _key: SignProvider

    def sign(self, data: bytes) -> bytes:
        """The signature (DER) over ``data``."""
        return self._key.sign(data)


def data_signer(*, tenant: str, organisation: str) -> DataSigner | None:
    """The tenant's key for data it hands to others; its certificate is issued to ``organisation`` when there is none.

    None where certificates come by file and none was imported. Raises DomainError where production names the
    development authority.
    """
    at = now()
    row = platform_certificate(tenant=tenant, role=CertificateRole.EXCHANGE, since=at, at=at, organisation=organisation)
    return None if row is None else _signer(row.pem, key_store().load(row.key_name))


def simulated_signer(directory: Path, *, organisation: str) -> DataSigner:
    """The key and self-signed certificate of a body that exists in a simulation only; both kept in ``directory``."""
    key = KeyStore(directory, settings.ZHENGTONG_KEYSTORE_PASSPHRASE).load_or_generate("upper", ALGORITHM, at=now())
    path = directory / "certificate.pem"
    if not path.exists():
        at = now()
        text = x509.build(
            role="signer",
            subject=x509.Subject(organisation, f"{organisation}（模拟，不具法律效力）"),
            public_pem=key.public_key_pem(),
            issuer_pem=None,
            issuer=key,
            not_before=at - _SIMULATED_BEFORE,
            not_after=at + _SIMULATED_LIFE,
        )
        partial = path.with_suffix(".partial")
        partial.write_text(text, encoding="ascii")
        partial.replace(path)
    return _signer(path.read_text(encoding="ascii"), key)


def why_data_not_trusted(
    *, data: bytes, signature: bytes, certificate: str, trusted: Sequence[str], at: dt.datetime
) -> str:
    """Why a signature over ``data`` is not believed (one sentence), empty when it is.

    ``certificate`` (PEM) must be one of ``trusted``, in force ``at`` that moment, and its key must have made the
    signature; that a trusted one issued it is not enough: an authority issues to many. Anything may be given: it comes
    from a stranger.
    """
    try:
        parsed = x509.read(certificate.encode())
        known = [x509.parse(one) for one in trusted]
        facts, algorithm = x509.facts_of(parsed), x509.algorithm_of(parsed.public_key)
    except (Invalid, ValueError):
        return _("签名所附的证书无法识别。")
    if all(parsed.dump() != one.dump() for one in known):
        return _("签名证书“%(name)s”不在信任之列。") % {"name": facts.subject.name}
    if not facts.not_before <= at < facts.not_after:
        return _("签名证书“%(name)s”不在有效期内（%(from)s 至 %(until)s）。") % {
            "name": facts.subject.name,
            "from": day_of(facts.not_before),
            "until": day_of(facts.not_after),
        }
    if not verify(algorithm, facts.public_pem, data, signature):
        return _("签名与内容不符：内容可能被改动，或者不是由证书上的单位签署。")
    return ""


def _signer(certificate: str, key: SignProvider) -> DataSigner:
    facts = x509.facts_of(x509.parse(certificate))
    return DataSigner(certificate, facts.subject.organisation, facts.serial, key)
