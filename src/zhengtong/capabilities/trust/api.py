"""The door of trust: seals, sealing, verification, certificates of officials, revocations, time stamps."""

import dataclasses
import datetime as dt
import uuid

from zhengtong.capabilities.trust import services
from zhengtong.capabilities.trust.models import Certificate, Seal
from zhengtong.capabilities.trust.registry import OfdReport, SignatureReport
from zhengtong.capabilities.trust.selectors import (
    all_certificates,
    development_in_use,
    issuing_certificates,
    newest_lists,
)
from zhengtong.capabilities.trust.selectors import expiring_certificates as _expiring
from zhengtong.capabilities.trust.selectors import find_seal as _find_seal
from zhengtong.capabilities.trust.selectors import get_seal as _get_seal
from zhengtong.capabilities.trust.services import (
    CertificateCheck,
    PdfVerification,
    SealedPdf,
    SealPosition,
    answer_timestamp,
    check_certificate,
    is_test_sealed,
    seal_pdf,
    verify_pdf,
)
from zhengtong.capabilities.trust.services.exchange_keys import (
    DataSigner,
    data_signer,
    simulated_signer,
    why_data_not_trusted,
)
from zhengtong.capabilities.trust.services.external import (
    DUTIES,
    RequestFile,
    import_certificates,
    request_duty_certificate,
    request_seal_certificates,
)
from zhengtong.capabilities.trust.services.ofd_seals import seal_ofd
from zhengtong.capabilities.trust.services.ofd_verification import OfdVerification, verify_ofd
from zhengtong.capabilities.trust.services.rotation import (
    change_passphrase,
    rotate_checkpoint_key,
    rotate_issuing_key,
)
from zhengtong.capabilities.trust.services.tokens import TokenKey, is_test_key, token_key, token_keys, verify_token
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now

__all__ = [
    "DUTIES",
    "CertificateCheck",
    "CertificateInfo",
    "DataSigner",
    "OfdReport",
    "OfdVerification",
    "PdfVerification",
    "RequestFile",
    "SealInfo",
    "SealPosition",
    "SealedPdf",
    "SignatureReport",
    "TokenKey",
    "answer_timestamp",
    "certificates",
    "change_passphrase",
    "check_certificate",
    "data_signer",
    "development_in_use",
    "ensure_seal",
    "expiring_certificates",
    "find_seal",
    "get_seal",
    "import_certificates",
    "import_revocation_list",
    "is_test_key",
    "is_test_sealed",
    "publish_revocation_lists",
    "renew_seal_certificates",
    "renew_timestamp_certificate",
    "request_certificates",
    "request_duty_certificate",
    "resume_seal",
    "revocation_lists",
    "revoke_certificate",
    "revoke_seal",
    "rotate_checkpoint_key",
    "rotate_issuing_key",
    "seal_if_possible",
    "seal_ofd",
    "seal_pdf",
    "seal_picture_png",
    "simulated_signer",
    "suspend_seal",
    "token_key",
    "token_keys",
    "verify_ofd",
    "verify_pdf",
    "verify_token",
    "why_data_not_trusted",
]


@dataclasses.dataclass(frozen=True, kw_only=True)
class CertificateInfo:
    """A certificate as other apps see it; ``role`` and ``status`` are words of ``trust.constants``."""

    id: uuid.UUID
    role: str
    name: str
    organisation: str
    algorithm: str
    serial: str
    status: str
    not_before: dt.datetime
    not_after: dt.datetime
    revoked_at: dt.datetime | None
    is_development: bool
    pem: str
    person_id: uuid.UUID | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class SealInfo:
    """A seal as other apps see it; ``kind`` and ``status`` are words of ``trust.constants``."""

    id: uuid.UUID
    org_id: uuid.UUID
    org_name: str
    name: str
    kind: str
    status: str
    diameter_mm: float
    valid_from: dt.datetime
    valid_until: dt.datetime


def ensure_seal(*, actor: Actor, org_id: uuid.UUID, org_name: str, kind: str) -> SealInfo:
    """The organisation's seal of that kind, made now when there is none: see ``services.ensure_seal``."""
    return _info(services.ensure_seal(actor=actor, org_id=org_id, org_name=org_name, kind=kind))


def seal_if_possible(*, actor: Actor, org_id: uuid.UUID, org_name: str, kind: str) -> SealInfo | None:
    """The same for papers that may go out unsealed: see ``services.seal_if_possible``."""
    seal = services.seal_if_possible(actor=actor, org_id=org_id, org_name=org_name, kind=kind)
    return None if seal is None else _info(seal)


def suspend_seal(*, actor: Actor, seal_id: uuid.UUID, reason: str) -> SealInfo:
    """Stop a seal: see ``services.suspend_seal``."""
    return _info(services.suspend_seal(actor=actor, seal_id=seal_id, reason=reason))


def resume_seal(*, actor: Actor, seal_id: uuid.UUID, reason: str) -> SealInfo:
    """Let a stopped seal be used again: see ``services.resume_seal``."""
    return _info(services.resume_seal(actor=actor, seal_id=seal_id, reason=reason))


def revoke_seal(*, actor: Actor, seal_id: uuid.UUID, reason: str) -> SealInfo:
    """End a seal for ever: see ``services.revoke_seal``."""
    return _info(services.revoke_seal(actor=actor, seal_id=seal_id, reason=reason))


def find_seal(*, tenant: str, org_id: uuid.UUID, kind: str) -> SealInfo | None:
    """The organisation's seal of that kind that is not revoked, None when it has none."""
    seal = _find_seal(tenant=tenant, org_id=org_id, kind=kind)
    return None if seal is None else _info(seal)


def get_seal(*, tenant: str, seal_id: uuid.UUID) -> SealInfo:
    """The seal with that key; raises NotFound."""
    return _info(_get_seal(tenant=tenant, seal_id=seal_id))


def seal_picture_png(*, tenant: str, seal_id: uuid.UUID) -> bytes:
    """The transparent picture of a seal for screens; raises NotFound."""
    return bytes(_get_seal(tenant=tenant, seal_id=seal_id).picture_png)


def revoke_certificate(
    *, actor: Actor, certificate_id: uuid.UUID, reason: str, at: dt.datetime | None = None
) -> CertificateInfo:
    """End a certificate for ever (``reason``: a word of ``RevocationReason``): see ``services.revoke_certificate``."""
    return _certificate(services.revoke_certificate(actor=actor, certificate_id=certificate_id, reason=reason, at=at))


def certificates(*, tenant: str) -> list[CertificateInfo]:
    """All certificates of the tenant, authorities first."""
    return [_certificate(row) for row in all_certificates(tenant)]


def expiring_certificates(*, tenant: str, at: dt.datetime | None = None) -> list[CertificateInfo]:
    """Certificates in use that end within 30 days or have ended, the nearest end first."""
    return [_certificate(row) for row in _expiring(tenant=tenant, at=at or now())]


def renew_seal_certificates(*, actor: Actor, seal_id: uuid.UUID) -> list[CertificateInfo]:
    """Fresh keys and certificates for a seal: see ``services.renew_certificates``."""
    return [_certificate(row) for row in services.renew_certificates(actor=actor, seal_id=seal_id)]


def renew_timestamp_certificate(*, actor: Actor, algorithm: str) -> CertificateInfo | None:
    """A fresh key and certificate of the time-stamp service, None where the authority works by file."""
    row = services.renew_timestamp_certificate(actor=actor, algorithm=algorithm)
    return None if row is None else _certificate(row)


def request_certificates(*, actor: Actor, seal_id: uuid.UUID, new_key: bool = False) -> list[RequestFile]:
    """Certificate requests of a seal: see ``services.external.request_seal_certificates``."""
    seal = _get_seal(tenant=actor.tenant, seal_id=seal_id)
    return request_seal_certificates(actor=actor, seal=seal, new_key=new_key)


def publish_revocation_lists() -> int:
    """Publish every own revocation list that is due; how many."""
    return services.publish_due_lists()


def import_revocation_list(*, actor: Actor, data: bytes) -> dt.datetime:
    """Take in another authority's revocation list; until when it holds. Raises Invalid."""
    return services.import_list(actor=actor, data=data).next_update


def revocation_lists() -> list[tuple[str, dt.datetime]]:
    """(name of the issuer, until when its newest list holds) for every issuer, the nearest end first."""
    issuers = {one.pk: one.name for one in issuing_certificates()}
    ends = [(issuers[key], row.next_update) for key, row in newest_lists(issuers).items()]
    return sorted(ends, key=lambda end: end[1])


def _certificate(row: Certificate) -> CertificateInfo:
    return CertificateInfo(
        id=row.id,
        role=row.role,
        name=row.name,
        organisation=row.org_name,
        algorithm=row.algorithm,
        serial=row.serial,
        status=row.status,
        not_before=row.not_before,
        not_after=row.not_after,
        revoked_at=row.revoked_at,
        is_development=row.is_development,
        pem=row.pem,
        person_id=row.person_id,
    )


def _info(seal: Seal) -> SealInfo:
    return SealInfo(
        id=seal.id,
        org_id=seal.org_id,
        org_name=seal.org_name,
        name=seal.name,
        kind=seal.kind,
        status=seal.status,
        diameter_mm=float(seal.diameter_mm),
        valid_from=seal.valid_from,
        valid_until=seal.valid_until,
    )
