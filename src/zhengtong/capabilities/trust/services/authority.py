"""The platform's own certificate authority: a root and an issuing certificate per tenant and algorithm.

For development, demonstrations and tests only: certificates for use come from a licensed
电子政务电子认证服务机构 (商用密码管理条例 Art. 30).
"""

import datetime as dt
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from zhengtong.capabilities.trust.constants import CertificateRole, CertificateStatus
from zhengtong.capabilities.trust.engine import certificates as x509
from zhengtong.capabilities.trust.models import Certificate
from zhengtong.capabilities.trust.registry import CertificateOrder, IssuedCertificate
from zhengtong.capabilities.trust.selectors import find_authority
from zhengtong.capabilities.trust.services.keys import key_store, require_lawful
from zhengtong.capabilities.trust.services.rows import certificate_row
from zhengtong.kernel.ids import new_id

ORGANISATION: Final = "政通平台演示"
ROOT_NAME: Final = "开发测试根证书（仅供演示，不具法律效力）"
ISSUING_NAME: Final = "开发测试签发证书（仅供演示，不具法律效力）"
_YEAR: Final = dt.timedelta(days=365)
# A verifier's clock may run a little behind ours.
_BACKDATED: Final = dt.timedelta(minutes=5)
_LIVES: Final = {
    CertificateRole.ROOT: 20 * _YEAR,
    CertificateRole.ISSUING: 10 * _YEAR,
    CertificateRole.TIMESTAMP: 5 * _YEAR,
    CertificateRole.SEAL: 3 * _YEAR,
    CertificateRole.PERSON: 1 * _YEAR,
    CertificateRole.RESPONDER: 1 * _YEAR,
}
_ROLES: Final = {
    "signer": CertificateRole.SEAL,
    "person": CertificateRole.PERSON,
    "timestamp": CertificateRole.TIMESTAMP,
    "ocsp": CertificateRole.RESPONDER,
}
_PROFILES: Final[dict[CertificateRole, x509.Role]] = {
    CertificateRole.ROOT: "root",
    CertificateRole.ISSUING: "issuing",
    CertificateRole.TIMESTAMP: "timestamp",
    CertificateRole.SEAL: "signer",
    CertificateRole.PERSON: "person",
    CertificateRole.RESPONDER: "ocsp",
}


def issue(order: CertificateOrder) -> IssuedCertificate:
    """A certificate under the tenant's issuing certificate of that algorithm, never longer than that one."""
    issuer = issuing_certificate(tenant=order.tenant, algorithm=order.algorithm, at=order.at)
    subject = x509.Subject(order.organisation, order.name, order.serial)
    text = _build(_ROLES[order.profile], subject, order.public_pem, issuer, order.at)
    return IssuedCertificate(certificate_pem=text, chain_pem=chain_of(issuer))


def issue_under(issuer: Certificate, *, profile: str, subject: x509.Subject, public_pem: str, at: dt.datetime) -> str:
    """A certificate (PEM) under that very certificate, whose key must be ours."""
    require_lawful(development=issuer.is_development)
    return _build(_ROLES[profile], subject, public_pem, issuer, at)


def chain_of(certificate: Certificate) -> tuple[str, ...]:
    """This certificate and those above it (PEM), the root last."""
    found: list[str] = []
    link: Certificate | None = certificate
    while link is not None:
        found.append(link.pem)
        link = link.issuer
    return tuple(found)


def issuing_certificate(*, tenant: str, algorithm: str, at: dt.datetime) -> Certificate:
    """The tenant's issuing certificate; a fresh one when there is none or its end is nearer than a leaf's life."""
    require_lawful(development=True)
    needed = at + max(_LIVES[role] for role in _ROLES.values())
    present = find_authority(tenant=tenant, algorithm=algorithm, role=CertificateRole.ISSUING)
    if present is not None and present.not_after >= needed:
        return present
    root = _root(tenant, algorithm, at)
    return _made(tenant, algorithm, CertificateRole.ISSUING, root, at, replaces=present)


def renew_issuing_certificate(*, tenant: str, algorithm: str, at: dt.datetime) -> Certificate:
    """A fresh issuing key and certificate; the present one is retired and goes on publishing its revocations."""
    present = find_authority(tenant=tenant, algorithm=algorithm, role=CertificateRole.ISSUING)
    return _made(tenant, algorithm, CertificateRole.ISSUING, _root(tenant, algorithm, at), at, replaces=present)


def _root(tenant: str, algorithm: str, at: dt.datetime) -> Certificate:
    present = find_authority(tenant=tenant, algorithm=algorithm, role=CertificateRole.ROOT)
    if present is not None and present.not_after >= at + _LIVES[CertificateRole.ISSUING]:
        return present
    return _made(tenant, algorithm, CertificateRole.ROOT, None, at, replaces=present)


def _made(
    tenant: str,
    algorithm: str,
    role: CertificateRole,
    issuer: Certificate | None,
    at: dt.datetime,
    *,
    replaces: Certificate | None,
) -> Certificate:
    row_id = new_id()
    key_name = f"ca-{tenant}-{role.value}-{algorithm.lower()}-{row_id}"
    key = key_store().load_or_generate(key_name, algorithm, at=at)
    name = ROOT_NAME if role == CertificateRole.ROOT else ISSUING_NAME
    # The number tells generations apart: revocation lists are matched to their issuer by its name.
    subject = x509.Subject(ORGANISATION, name, f"{algorithm} {row_id.hex[-12:]}")
    text = _build(role, subject, key.public_key_pem(), issuer, at, key_name=key_name)
    row = certificate_row(tenant, text, role=role, development=True, issuer=issuer, key_name=key_name)
    row.id = row_id
    try:
        with transaction.atomic():
            if replaces is not None:
                Certificate.objects.filter(id=replaces.id).update(status=CertificateStatus.RETIRED)
            row.save(force_insert=True)
    except IntegrityError:
        key_store().destroy(key_name)
        winner = find_authority(tenant=tenant, algorithm=algorithm, role=role)
        if winner is None:
            raise
        return winner
    return row


def _build(
    role: CertificateRole,
    subject: x509.Subject,
    public_pem: str,
    issuer: Certificate | None,
    at: dt.datetime,
    *,
    key_name: str = "",
) -> str:
    end = at + _LIVES[role]
    return x509.build(
        role=_PROFILES[role],
        subject=subject,
        public_pem=public_pem,
        issuer_pem=None if issuer is None else issuer.pem,
        issuer=key_store().load(key_name if issuer is None else issuer.key_name),
        not_before=at - _BACKDATED,
        not_after=end if issuer is None else min(end, issuer.not_after),
        addresses=None if issuer is None else _addresses(issuer),
    )


def _addresses(issuer: Certificate) -> x509.Addresses:
    def at(name: str, *arguments: str) -> str:
        return settings.ZHENGTONG_BASE_URL.rstrip("/") + reverse(f"trust:{name}", args=arguments)

    return x509.Addresses(
        revocation_list=at("revocation_list", issuer.serial),
        status=at("status"),
        issuer=at("authority_certificate", issuer.serial),
    )
