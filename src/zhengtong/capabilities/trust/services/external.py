"""Certificates of a licensed authority, by file: requests go out, certificates and their chains come in."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Final

from asn1crypto import x509 as asn1_x509
from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust import rules
from zhengtong.capabilities.trust.constants import (
    ACT_CERTIFICATE_IMPORTED,
    CERTIFICATE,
    WAITING_FOR_CERTIFICATES,
    CertificateRole,
    CertificateStatus,
    SealStatus,
)
from zhengtong.capabilities.trust.engine import certificates as x509
from zhengtong.capabilities.trust.models import Certificate, Seal
from zhengtong.capabilities.trust.permissions import require_certificate_manager
from zhengtong.capabilities.trust.selectors import certificates_in_force
from zhengtong.capabilities.trust.services.authority import ISSUING_NAME, ROOT_NAME
from zhengtong.capabilities.trust.services.certificates import require_fit, retire
from zhengtong.capabilities.trust.services.keys import key_store
from zhengtong.capabilities.trust.services.making import key_name_of
from zhengtong.capabilities.trust.services.platform_certificates import ALGORITHM, NAMES
from zhengtong.capabilities.trust.services.rows import certificate_row, chain_rows, fresh_key_name
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.signing.errors import KeyUnusable

# duty of the platform → its name in the request and the algorithms it signs with
_DUTIES: Final = {
    CertificateRole.TIMESTAMP: ("时间戳服务", rules.SEAL_ALGORITHMS),
    CertificateRole.MAKER: (NAMES[CertificateRole.MAKER], (ALGORITHM,)),
    CertificateRole.TOKEN: (NAMES[CertificateRole.TOKEN], (ALGORITHM,)),
    CertificateRole.EXCHANGE: (NAMES[CertificateRole.EXCHANGE], (ALGORITHM,)),
}
DUTIES: Final = tuple(role.value for role in _DUTIES)


@dataclasses.dataclass(frozen=True)
class RequestFile:
    """A certificate request to hand to the authority: suggested file name and PEM."""

    name: str
    pem: bytes


@dataclasses.dataclass(frozen=True)
class _Holder:
    """What a certificate is for: a seal or a duty of the platform; ``base`` begins the names of its keys."""

    tenant: str
    role: CertificateRole
    algorithm: str
    base: str
    seal: Seal | None = None

    def in_force(self) -> list[Certificate]:
        """The certificates that one more would replace."""
        same = {"role": self.role, "algorithm": self.algorithm, "status": CertificateStatus.ACTIVE}
        return list(Certificate.objects.filter(tenant=self.tenant, seal=self.seal, **same))

    def present_key(self) -> str:
        """The key of the licensed certificate in force; empty where there is none."""
        return next((row.key_name for row in self.in_force() if row.key_name and not row.is_development), "")

    def fresh_key(self) -> str:
        """The key of a request that waits: never one of a certificate here, which may be revoked or for tests."""
        return fresh_key_name(self.tenant, self.base)


def request_seal_certificates(*, actor: Actor, seal: Seal, new_key: bool = False) -> list[RequestFile]:
    """一枚印章各算法的证书申请（PKCS#10），由印章自己的密钥签名；私钥不离开密钥库。``new_key`` 换用新密钥。"""
    require_certificate_manager(actor)
    if seal.tenant != actor.tenant or seal.status in (SealStatus.REVOKED, SealStatus.DESTROYED):
        raise Conflict(_("“%(seal)s”已注销，不能申请证书。") % {"seal": seal.name})
    subject = x509.Subject(seal.org_name, seal.name)
    return [
        _request(f"{seal.name}-{holder.algorithm}.csr", subject, holder, new_key=new_key) for holder in _of_seal(seal)
    ]


def request_duty_certificate(
    *, actor: Actor, duty: str, organisation: str, algorithm: str = ALGORITHM, new_key: bool = False
) -> RequestFile:
    """平台自身职责的证书申请（``duty`` 是 ``DUTIES`` 之一：时间戳服务、制章者、离线核验码、数据交换）。"""
    require_certificate_manager(actor)
    if duty not in DUTIES:
        raise Invalid(_("没有这种用途的证书，请选择时间戳服务、制章者、离线核验码或数据交换。"), field="duty")
    role = CertificateRole(duty)
    name, algorithms = _DUTIES[role]
    if algorithm not in algorithms:
        raise Invalid(
            _("“%(name)s”不使用 %(algorithm)s 算法，可用的是：%(known)s。")
            % {"name": name, "algorithm": algorithm, "known": "、".join(algorithms)},
            field="algorithm",
        )
    if not organisation.strip():
        raise Invalid(_("请写明证书的持有单位。"), field="organisation")
    subject = x509.Subject(organisation.strip(), name)
    return _request(f"{duty}-{algorithm}.csr", subject, _of_duty(actor.tenant, role, algorithm), new_key=new_key)


def import_certificates(*, actor: Actor, files: Sequence[bytes]) -> list[Certificate]:
    """导入签发机构的根证书、签发证书，以及它给本平台的印章、时间戳服务、制章者、离线核验码、数据交换签发的证书；次序不限。

    Each certificate must be self-signed or signed by one of the files or one imported before. A holder's certificate
    must fit the key that a request was made with, and its purpose; it replaces the one in force. Raises Invalid.
    """
    require_certificate_manager(actor)
    parsed = [x509.read(one) for data in files for one in _parts(data)]
    with transaction.atomic():
        authorities = [one for one in parsed if one.ca]
        chains = [_chain(one, parsed, actor.tenant) for one in authorities]
        for chain in sorted(chains, key=len):
            _saved(actor.tenant, chain)
        rows = [_imported(actor, one, parsed) for one in parsed if not one.ca]
        for row in rows:
            _record(actor, row)
    return rows


def _of_seal(seal: Seal) -> list[_Holder]:
    return [
        _Holder(seal.tenant, CertificateRole.SEAL, algorithm, key_name_of(seal, algorithm), seal)
        for algorithm in rules.SEAL_ALGORITHMS
    ]


def _of_duty(tenant: str, role: CertificateRole, algorithm: str) -> _Holder:
    middle = f"{tenant}-{algorithm.lower()}"
    return _Holder(tenant, role, algorithm, f"{role.value}-{middle}-external")


def _parts(data: bytes) -> list[bytes]:
    """The certificates in a file: one in DER, or one or more in PEM."""
    end = b"-----END CERTIFICATE-----"
    if end not in data:
        return [data]
    return [part[part.index(b"-----BEGIN") :] + end for part in data.split(end) if b"-----BEGIN" in part]


def _chain(certificate: asn1_x509.Certificate, offered: list[asn1_x509.Certificate], tenant: str) -> list[str]:
    """From this certificate up to a self-signed one (PEM); raises Invalid when a link is missing or does not hold."""
    known = Certificate.objects.filter(
        tenant=tenant, role__in=(CertificateRole.ROOT, CertificateRole.ISSUING), key_name="", is_development=False
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
    if x509.facts_of(link).subject.name in (ROOT_NAME, ISSUING_NAME):
        raise Invalid(_("这是开发测试机构签发的证书，不具法律效力，不能作为正式证书导入。"))
    return found


def _saved(tenant: str, chain: Sequence[str]) -> Certificate | None:
    return chain_rows(tenant, chain, development=False)


def _imported(actor: Actor, certificate: asn1_x509.Certificate, offered: list[asn1_x509.Certificate]) -> Certificate:
    at = now()
    chain = _chain(certificate, offered, actor.tenant)
    if not all(one.not_valid_before <= at < one.not_valid_after for one in map(x509.parse, chain)):
        raise Invalid(_("证书或者它的签发证书现在不在有效期内，没有导入。"))
    issuer = _saved(actor.tenant, chain[1:])
    facts = x509.facts_of(certificate)
    algorithm = x509.algorithm_of(certificate.public_key)
    holder, key_name = _owner(actor.tenant, facts, algorithm)
    require_fit(certificate, holder.role)
    row = certificate_row(
        actor.tenant, x509.to_pem(certificate), role=holder.role, development=False, issuer=issuer, key_name=key_name
    )
    if Certificate.objects.filter(tenant=actor.tenant, fingerprint=row.fingerprint).exists():
        raise Conflict(_("证书“%(name)s”已经导入过。") % {"name": row.name})
    row.seal = holder.seal
    for former in holder.in_force():
        _replace(actor, former, key_name)
    row.save(force_insert=True)
    if holder.seal is not None:
        _wake(holder.seal, at)
    return row


def _owner(tenant: str, facts: x509.CertificateFacts, algorithm: str) -> tuple[_Holder, str]:
    """Whose key this is and the key's name; raises Invalid when it is nobody's that may be certified."""
    for holder in _holders(tenant, facts.subject.name):
        names = {holder.fresh_key(), holder.present_key()} if holder.algorithm == algorithm else set()
        for name in filter(None, names):
            if _is_key(name, facts.public_pem):
                return holder, name
    raise Invalid(
        _(
            "证书中的公钥不属于本平台的任何印章、时间戳服务、制章者、离线核验码或数据交换，没有导入。"
            "请核对是不是按本平台最近的申请签发的。"
        )
    )


def _holders(tenant: str, name: str) -> list[_Holder]:
    """Everything a certificate may be for, the likeliest first: opening a key takes a moment."""
    found = [
        (duty, _of_duty(tenant, role, algorithm))
        for role, (duty, algorithms) in _DUTIES.items()
        for algorithm in algorithms
    ]
    seals = Seal.objects.filter(tenant=tenant).exclude(status__in=(SealStatus.REVOKED, SealStatus.DESTROYED))
    for seal in seals.defer("picture_pdf", "picture_png"):
        found += [(seal.name, holder) for holder in _of_seal(seal)]
    return [holder for _named, holder in sorted(found, key=lambda one: one[0] != name)]


def _is_key(name: str, public_pem: str) -> bool:
    try:
        return key_store().load(name).public_key_pem().split() == public_pem.split()
    except KeyUnusable:
        return False


def _replace(actor: Actor, former: Certificate, key_name: str) -> None:
    if former.key_name == key_name:  # the same key, certified anew: it must not be destroyed
        Certificate.objects.filter(id=former.id).update(status=CertificateStatus.RETIRED, key_name="")
    else:
        retire(actor, former)


def _wake(seal: Seal, at: dt.datetime) -> None:
    """A seal that waited for its certificates may be used once all are there."""
    in_force = certificates_in_force(seal, at)
    if set(rules.SEAL_ALGORITHMS) <= in_force.keys():
        seal.valid_until = min(row.not_after for row in in_force.values())
        # one that was stopped by somebody stays so
        if seal.status == SealStatus.SUSPENDED and seal.status_reason == WAITING_FOR_CERTIFICATES:
            seal.status, seal.status_reason = SealStatus.ACTIVE, ""
        seal.save(update_fields=["valid_until", "status", "status_reason"])


def _request(file_name: str, subject: x509.Subject, holder: _Holder, *, new_key: bool) -> RequestFile:
    name = holder.fresh_key() if new_key else holder.present_key() or holder.fresh_key()
    key = key_store().load_or_generate(name, holder.algorithm, at=now())
    return RequestFile(file_name, x509.build_request(subject=subject, key=key))


def _record(actor: Actor, row: Certificate) -> None:
    ledger.append(
        actor=actor,
        act=ACT_CERTIFICATE_IMPORTED,
        object_ref=ObjectRef(kind=CERTIFICATE, id=str(row.id)),
        payload={"name": row.name, "algorithm": row.algorithm, "serial": row.serial, "role": row.role},
    )
