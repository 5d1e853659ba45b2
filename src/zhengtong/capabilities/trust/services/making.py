"""Making a seal: keys, certificates, picture."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust import rules
from zhengtong.capabilities.trust.constants import (
    ACT_CERTIFICATE_ISSUED,
    ACT_MADE,
    SEAL,
    WAITING_FOR_CERTIFICATES,
    CertificateRole,
    CertificateStatus,
    SealKind,
    SealStatus,
)
from zhengtong.capabilities.trust.engine import seal_picture
from zhengtong.capabilities.trust.models import Certificate, Seal
from zhengtong.capabilities.trust.permissions import require_manager
from zhengtong.capabilities.trust.registry import CertificateAuthority, CertificateOrder
from zhengtong.capabilities.trust.selectors import certificates_of, find_seal, get_seal, lock_seal
from zhengtong.capabilities.trust.services.certificates import retire
from zhengtong.capabilities.trust.services.keys import certificate_authority, key_store, seals_can_be_made
from zhengtong.capabilities.trust.services.rows import certificate_row, chain_rows
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.transactions import refuse_inside

_DIAMETER = parameters.declare(
    "trust.seal_diameter_mm",
    default=42,
    label="电子印章直径",
    unit="毫米",
    source="国发〔1999〕25号（部门印章直径 4.2 厘米）",
    confirmed=False,
)

# A seal whose certificates come by file must have an end meanwhile; theirs replaces it.
_PENDING = dt.timedelta(days=365)


def ensure_seal(*, actor: Actor, org_id: uuid.UUID, org_name: str, kind: str) -> Seal:
    """制作单位的电子印章；已有未注销的同种印章时直接返回它（电子签名法第十三条、商用密码管理条例第三十条）。

    Where the authority takes requests by file the seal is made suspended, until its certificates are imported.
    Raises NotPermitted for anybody but the security administrator and the platform, Invalid for an unknown kind,
    DomainError in production when only the development authority is configured, RuntimeError where one has to be made
    inside a transaction.
    """
    return keep_seal(actor, prepare_seal(actor=actor, org_id=org_id, org_name=org_name, kind=kind))


def seal_if_possible(*, actor: Actor, org_id: uuid.UUID, org_name: str, kind: str) -> Seal | None:
    """As ``ensure_seal``, for papers that may go out unsealed until a county has a lawful authority: None till then.

    Every other failure is raised, that a paper is not left unsealed for it.
    """
    if not seals_can_be_made() and find_seal(tenant=actor.tenant, org_id=org_id, kind=kind) is None:
        return None
    return ensure_seal(actor=actor, org_id=org_id, org_name=org_name, kind=kind)


@dataclasses.dataclass(frozen=True)
class MadeSeal:
    """A seal with its certificates, not saved yet; ``fresh`` is False for one that was there already."""

    seal: Seal
    certificates: tuple[Certificate, ...] = ()
    fresh: bool = True


def prepare_seal(*, actor: Actor, org_id: uuid.UUID, org_name: str, kind: str) -> MadeSeal:
    """All that takes long of ``ensure_seal``: keys, certificates and picture; only the chain's rows are written."""
    require_manager(actor)
    if kind not in SealKind.values:
        raise Invalid(_("印章种类不正确，请选择公章或行政审批专用章。"), field="kind")
    present = find_seal(tenant=actor.tenant, org_id=org_id, kind=kind)
    if present is not None:
        return MadeSeal(present, fresh=False)
    refuse_inside("a seal is made")
    authority, at = certificate_authority(), now()
    seal = _draft(actor.tenant, org_id, org_name, SealKind(kind), authority, at)
    try:
        made = [_certificate(seal, algorithm, authority, at) for algorithm in rules.SEAL_ALGORITHMS]
    except IntegrityError:  # another process wrote the chain, and perhaps the seal
        forget_keys(MadeSeal(seal))
        winner = find_seal(tenant=actor.tenant, org_id=org_id, kind=kind)
        if winner is None:
            raise
        return MadeSeal(winner, fresh=False)
    issued = [row for row in made if row is not None]
    if len(issued) < len(made):
        seal.status, seal.status_reason = SealStatus.SUSPENDED, WAITING_FOR_CERTIFICATES
    seal.valid_until = min((row.not_after for row in issued), default=at + _PENDING)
    return MadeSeal(seal, tuple(issued))


def keep_seal(actor: Actor, made: MadeSeal) -> Seal:
    """Save a prepared seal; where another process was faster, its seal counts and these keys are destroyed."""
    if not made.fresh:
        return made.seal
    seal = made.seal
    try:
        with transaction.atomic():
            seal.save(force_insert=True)
            Certificate.objects.bulk_create(made.certificates)
            _record(actor, seal, made.certificates)
    except IntegrityError:
        forget_keys(made)
        winner = find_seal(tenant=seal.tenant, org_id=seal.org_id, kind=seal.kind)
        if winner is None:
            raise
        return winner
    return seal


def forget_keys(made: MadeSeal) -> None:
    """Destroy the keys of a prepared seal that is not kept."""
    for algorithm in rules.SEAL_ALGORITHMS if made.fresh else ():
        key_store().destroy(key_name_of(made.seal, algorithm))


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


def _certificate(
    seal: Seal, algorithm: str, authority: CertificateAuthority, at: dt.datetime, generation: str = ""
) -> Certificate | None:
    """A fresh key and its certificate; None where the certificate will come by file (the key waits for it)."""
    key_name = key_name_of(seal, algorithm, generation)
    key = key_store().load_or_generate(key_name, algorithm, at=at)
    issued = authority.issue(
        CertificateOrder(
            tenant=seal.tenant,
            algorithm=algorithm,
            profile="signer",
            organisation=seal.org_name,
            name=seal.name,
            public_pem=key.public_key_pem(),
            at=at,
        )
    )
    if issued is None:
        return None
    development = authority.is_development
    row = certificate_row(
        seal.tenant,
        issued.certificate_pem,
        role=CertificateRole.SEAL,
        development=development,
        issuer=chain_rows(seal.tenant, issued.chain_pem, development=development),
        key_name=key_name,
    )
    row.seal = seal
    return row


def key_name_of(seal: Seal, algorithm: str, generation: str = "") -> str:
    """The name of a seal's key; a later generation has its own."""
    return "-".join(filter(None, [f"seal-{seal.id}-{algorithm.lower()}", generation]))


def renew_certificates(*, actor: Actor, seal_id: uuid.UUID) -> list[Certificate]:
    """换发印章证书：新密钥、新证书；旧证书保留用于核验，旧私钥销毁。

    Raises NotPermitted, NotFound, Conflict when the seal is revoked or the authority takes requests by file only.
    """
    require_manager(actor)
    authority, at = certificate_authority(), now()
    seal = get_seal(tenant=actor.tenant, seal_id=seal_id)
    _refuse_ended(seal)
    generation = f"{new_id()}"[-12:]
    fresh = []
    for algorithm in rules.SEAL_ALGORITHMS:
        row = _certificate(seal, algorithm, authority, at, generation)
        if row is None:
            raise Conflict(_("现在使用的签发机构不能在线签发，请用 zhengtong trust request 生成证书申请。"))
        fresh.append(row)
    with transaction.atomic():
        seal = lock_seal(tenant=actor.tenant, seal_id=seal_id)
        _refuse_ended(seal)  # somebody may have revoked it while the certificates were made
        for old in certificates_of(seal).filter(status=CertificateStatus.ACTIVE):
            retire(actor, old)
        Certificate.objects.bulk_create(fresh)
        seal.valid_until = min(row.not_after for row in fresh)
        seal.save(update_fields=["valid_until"])
        _record(actor, seal, fresh, ACT_CERTIFICATE_ISSUED)
    return fresh


def _refuse_ended(seal: Seal) -> None:
    if seal.status in (SealStatus.REVOKED, SealStatus.DESTROYED):
        raise Conflict(_("“%(seal)s”已注销，不能换发证书。") % {"seal": seal.name})


def _record(actor: Actor, seal: Seal, issued: Sequence[Certificate], act: str = ACT_MADE) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind=SEAL, id=str(seal.id)),
        payload={
            "name": seal.name,
            "org_id": str(seal.org_id),
            "certificates": [{"algorithm": c.algorithm, "serial": c.serial} for c in issued],
        },
    )
