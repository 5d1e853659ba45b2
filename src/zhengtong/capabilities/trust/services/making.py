"""Making a seal: keys, certificates, picture."""

import datetime as dt
import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust import rules
from zhengtong.capabilities.trust.constants import ACT_MADE, SEAL, CertificateRole, SealKind
from zhengtong.capabilities.trust.engine import certificates as x509
from zhengtong.capabilities.trust.engine import seal_picture
from zhengtong.capabilities.trust.models import Certificate, Seal
from zhengtong.capabilities.trust.permissions import require_manager
from zhengtong.capabilities.trust.registry import CertificateAuthority
from zhengtong.capabilities.trust.selectors import find_root, find_seal
from zhengtong.capabilities.trust.services.keys import certificate_authority, key_store
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.ids import new_id

_DIAMETER = parameters.declare(
    "trust.seal_diameter_mm",
    default=42,
    label="电子印章直径",
    unit="毫米",
    source="国发〔1999〕25号（部门印章直径 4.2 厘米）",
    confirmed=False,
)


def ensure_seal(*, actor: Actor, org_id: uuid.UUID, org_name: str, kind: str) -> Seal:
    """制作单位的电子印章；已有未注销的同种印章时直接返回它（电子签名法第十三条、商用密码管理条例第三十条）。

    Raises NotPermitted for anybody but the security administrator and the platform, Invalid for an unknown kind,
    DomainError in production when only the development authority is configured.
    """
    require_manager(actor)
    if kind not in SealKind.values:
        raise Invalid(_("印章种类不正确，请选择公章或行政审批专用章。"), field="kind")
    present = find_seal(tenant=actor.tenant, org_id=org_id, kind=kind)
    if present is not None:
        return present
    authority, at = certificate_authority(), now()
    seal = _draft(actor.tenant, org_id, org_name, SealKind(kind), authority, at)
    try:
        with transaction.atomic():
            issued = [_certificate(seal, algorithm, authority, at) for algorithm in rules.SEAL_ALGORITHMS]
            seal.valid_until = min(certificate.not_after for certificate in issued)
            seal.save(force_insert=True)
            Certificate.objects.bulk_create(issued)
            _record(actor, seal, issued)
    except IntegrityError:
        winner = find_seal(tenant=actor.tenant, org_id=org_id, kind=kind)
        if winner is None:
            raise
        return winner
    return seal


def _draft(
    tenant: str, org_id: uuid.UUID, org_name: str, kind: SealKind, authority: CertificateAuthority, at: dt.datetime
) -> Seal:
    diameter = parameters.value(_DIAMETER.key, tenant=tenant)
    label = str(kind.label)
    picture = seal_picture.draw(
        name=org_name,
        captions=rules.captions(kind.value, label, development=authority.is_development),
        diameter_mm=float(diameter),
    )
    return Seal(
        id=new_id(),
        tenant=tenant,
        org_id=org_id,
        org_name=org_name,
        name=rules.seal_name(org_name, label),
        kind=kind,
        diameter_mm=diameter,
        picture_pdf=picture.pdf,
        picture_png=picture.png,
        valid_from=at,
    )


def _certificate(seal: Seal, algorithm: str, authority: CertificateAuthority, at: dt.datetime) -> Certificate:
    root = _root(seal.tenant, algorithm, authority, at)
    key_name = f"seal-{seal.id}-{algorithm.lower()}"
    key = key_store().load_or_generate(key_name, algorithm, at=at)
    text = authority.issue(
        tenant=seal.tenant,
        algorithm=algorithm,
        root_pem=root.pem,
        organisation=seal.org_name,
        name=seal.name,
        public_pem=key.public_key_pem(),
        at=at,
    )
    row = _row(seal.tenant, text, algorithm, role=CertificateRole.SEAL, development=authority.is_development)
    row.seal, row.issuer, row.key_name = seal, root, key_name
    return row


def _root(tenant: str, algorithm: str, authority: CertificateAuthority, at: dt.datetime) -> Certificate:
    development = authority.is_development
    root = find_root(tenant=tenant, algorithm=algorithm, development=development)
    if root is not None:
        return root
    text = authority.root(tenant=tenant, algorithm=algorithm, at=at)
    row = _row(tenant, text, algorithm, role=CertificateRole.ROOT, development=development)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        winner = find_root(tenant=tenant, algorithm=algorithm, development=development)
        if winner is None:
            raise
        return winner
    return row


def _row(tenant: str, text: str, algorithm: str, *, role: CertificateRole, development: bool) -> Certificate:
    facts = x509.facts_of(x509.parse(text))
    return Certificate(
        tenant=tenant,
        role=role,
        org_name=facts.subject.organisation,
        name=facts.subject.name,
        algorithm=algorithm,
        serial=facts.serial,
        pem=text,
        not_before=facts.not_before,
        not_after=facts.not_after,
        is_development=development,
    )


def _record(actor: Actor, seal: Seal, issued: list[Certificate]) -> None:
    ledger.append(
        actor=actor,
        act=ACT_MADE,
        object_ref=ObjectRef(kind=SEAL, id=str(seal.id)),
        payload={
            "name": seal.name,
            "org_id": str(seal.org_id),
            "certificates": [{"algorithm": c.algorithm, "serial": c.serial} for c in issued],
        },
    )
