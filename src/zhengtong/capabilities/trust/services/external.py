"""Certificates of a licensed authority, by file: requests go out, certificates and their chains come in."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from asn1crypto import x509 as asn1_x509
from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust import rules
from zhengtong.capabilities.trust.constants import (
    ACT_CERTIFICATE_IMPORTED,
    CERTIFICATE,
    CertificateRole,
    CertificateStatus,
    SealStatus,
)
from zhengtong.capabilities.trust.engine import certificates as x509
from zhengtong.capabilities.trust.models import Certificate, Seal
from zhengtong.capabilities.trust.permissions import require_certificate_manager
from zhengtong.capabilities.trust.selectors import certificates_in_force, find_timestamp_certificate
from zhengtong.capabilities.trust.services.certificates import retire
from zhengtong.capabilities.trust.services.keys import key_store
from zhengtong.capabilities.trust.services.making import key_name_of
from zhengtong.capabilities.trust.services.rows import certificate_row, chain_rows
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.signing.errors import KeyUnusable

_TIMESTAMP_KEY = "timestamp-{tenant}-{algorithm}-external"


@dataclasses.dataclass(frozen=True)
class RequestFile:
    """A certificate request to hand to the authority: suggested file name and PEM."""

    name: str
    pem: bytes


def request_seal_certificates(*, actor: Actor, seal: Seal) -> list[RequestFile]:
    """一枚印章各算法的证书申请（PKCS#10），由印章自己的密钥签名；私钥不离开密钥库。"""
    require_certificate_manager(actor)
    if seal.tenant != actor.tenant or seal.status in (SealStatus.REVOKED, SealStatus.DESTROYED):
        raise Conflict(_("“%(seal)s”已注销，不能申请证书。") % {"seal": seal.name})
    subject = x509.Subject(seal.org_name, seal.name)
    return [
        _request(f"{seal.name}-{algorithm}.csr", subject, key_name_of(seal, algorithm), algorithm)
        for algorithm in rules.SEAL_ALGORITHMS
    ]


def request_timestamp_certificate(*, actor: Actor, algorithm: str, organisation: str) -> RequestFile:
    """时间戳服务的证书申请。"""
    require_certificate_manager(actor)
    name = _TIMESTAMP_KEY.format(tenant=actor.tenant, algorithm=algorithm.lower())
    return _request(f"timestamp-{algorithm}.csr", x509.Subject(organisation, _("时间戳服务")), name, algorithm)


def import_certificates(*, actor: Actor, files: Sequence[bytes]) -> list[Certificate]:
    """导入签发机构的根证书、签发证书，以及它给本平台的印章或时间戳服务签发的证书；次序不限。

    Each certificate must be self-signed or signed by one of the files or one imported before. A holder's certificate
    must fit a key of a seal or of the time-stamp service here; it replaces the one in force. Raises Invalid.
    """
    require_certificate_manager(actor)
    parsed = [x509.read(one) for data in files for one in _parts(data)]
    with transaction.atomic():
        authorities = [one for one in parsed if one.ca]
        chains = [_chain(one, parsed, actor.tenant) for one in authorities]
        for chain in sorted(chains, key=len):
            chain_rows(actor.tenant, chain, development=False)
        rows = [_holder(actor, one, parsed) for one in parsed if not one.ca]
        for row in rows:
            _record(actor, row)
    return rows


def _parts(data: bytes) -> list[bytes]:
    """The certificates in a file: one in DER, or one or more in PEM."""
    end = b"-----END CERTIFICATE-----"
    if end not in data:
        return [data]
    return [part[part.index(b"-----BEGIN") :] + end for part in data.split(end) if b"-----BEGIN" in part]


def _chain(certificate: asn1_x509.Certificate, offered: list[asn1_x509.Certificate], tenant: str) -> list[str]:
    """From this certificate up to a self-signed one (PEM); raises Invalid when a link is missing or does not hold."""
    known = Certificate.objects.filter(
        tenant=tenant, role__in=(CertificateRole.ROOT, CertificateRole.ISSUING), key_name=""
    )
    candidates = [one for one in offered if one.ca] + [x509.parse(row.pem) for row in known]
    found, link = [x509.to_pem(certificate)], certificate
    while link.subject != link.issuer and len(found) < 5:
        above = next((one for one in candidates if x509.signed_by(link, one)), None)
        if above is None:
            raise Invalid(
                _("证书“%(name)s”的签发证书没有提供，或者签名不正确，没有导入。请一并提供完整的证书链。")
                % {"name": x509.facts_of(link).subject.name}
            )
        found.append(x509.to_pem(above))
        link = above
    if not x509.signed_by(link, link):
        raise Invalid(_("证书链的顶端不是自签名的根证书，或者签名不正确，没有导入。"))
    return found


def _holder(actor: Actor, certificate: asn1_x509.Certificate, offered: list[asn1_x509.Certificate]) -> Certificate:
    at = now()
    if not certificate.not_valid_before <= at < certificate.not_valid_after:
        raise Invalid(_("证书现在不在有效期内，没有导入。"))
    issuer = chain_rows(actor.tenant, _chain(certificate, offered, actor.tenant)[1:], development=False)
    public_pem = x509.public_pem_of(certificate.public_key)
    algorithm = x509.algorithm_of(certificate.public_key)
    seal, key_name = _owner(actor.tenant, public_pem, algorithm)
    role = CertificateRole.TIMESTAMP if seal is None else CertificateRole.SEAL
    row = certificate_row(
        actor.tenant, x509.to_pem(certificate), role=role, development=False, issuer=issuer, key_name=key_name
    )
    if Certificate.objects.filter(tenant=actor.tenant, fingerprint=row.fingerprint).exists():
        raise Conflict(_("证书“%(name)s”已经导入过。") % {"name": row.name})
    row.seal = seal
    if seal is None:
        _replace(actor, find_timestamp_certificate(tenant=actor.tenant, algorithm=algorithm), key_name)
        row.save(force_insert=True)
        return row
    _replace(actor, certificates_in_force(seal, at).get(algorithm), key_name)
    row.save(force_insert=True)
    _wake(seal, at)
    return row


def _owner(tenant: str, public_pem: str, algorithm: str) -> tuple[Seal | None, str]:
    """The seal whose key this is, or None for the time-stamp service; raises Invalid when it is nobody's."""
    name = _TIMESTAMP_KEY.format(tenant=tenant, algorithm=algorithm.lower())
    if _is_key(name, public_pem):
        return None, name
    seals = Seal.objects.filter(tenant=tenant).exclude(status__in=(SealStatus.REVOKED, SealStatus.DESTROYED))
    for seal in seals:
        if _is_key(key_name_of(seal, algorithm), public_pem):
            return seal, key_name_of(seal, algorithm)
    raise Invalid(_("证书中的公钥不属于本平台的任何印章或时间戳服务，没有导入。请核对是不是按本平台的申请签发的。"))


def _is_key(name: str, public_pem: str) -> bool:
    try:
        return key_store().load(name).public_key_pem().split() == public_pem.split()
    except KeyUnusable:
        return False


def _replace(actor: Actor, present: Certificate | None, key_name: str) -> None:
    if present is None:
        return
    if present.key_name == key_name:  # the same key, certified anew: it must not be destroyed
        Certificate.objects.filter(id=present.id).update(status=CertificateStatus.RETIRED, key_name="")
    else:
        retire(actor, present)


def _wake(seal: Seal, at: dt.datetime) -> None:
    """A seal that waited for its certificates may be used once all are there."""
    in_force = certificates_in_force(seal, at)
    if set(rules.SEAL_ALGORITHMS) <= in_force.keys():
        seal.valid_until = min(row.not_after for row in in_force.values())
        if seal.status == SealStatus.SUSPENDED:
            seal.status, seal.status_reason = SealStatus.ACTIVE, ""
        seal.save(update_fields=["valid_until", "status", "status_reason"])


def _request(file_name: str, subject: x509.Subject, key_name: str, algorithm: str) -> RequestFile:
    key = key_store().load_or_generate(key_name, algorithm, at=now())
    return RequestFile(file_name, x509.build_request(subject=subject, key=key))


def _record(actor: Actor, row: Certificate) -> None:
    ledger.append(
        actor=actor,
        act=ACT_CERTIFICATE_IMPORTED,
        object_ref=ObjectRef(kind=CERTIFICATE, id=str(row.id)),
        payload={"name": row.name, "algorithm": row.algorithm, "serial": row.serial, "role": row.role},
    )
