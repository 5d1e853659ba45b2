"""The door of trust: seals, sealing, verification."""

import dataclasses
import datetime as dt
import uuid

from zhengtong.capabilities.trust import services
from zhengtong.capabilities.trust.models import Seal
from zhengtong.capabilities.trust.registry import SignatureReport
from zhengtong.capabilities.trust.selectors import development_in_use
from zhengtong.capabilities.trust.selectors import find_seal as _find_seal
from zhengtong.capabilities.trust.selectors import get_seal as _get_seal
from zhengtong.capabilities.trust.services import PdfVerification, SealedPdf, SealPosition, seal_pdf, verify_pdf
from zhengtong.kernel.actors import Actor

__all__ = [
    "PdfVerification",
    "SealInfo",
    "SealPosition",
    "SealedPdf",
    "SignatureReport",
    "development_in_use",
    "ensure_seal",
    "find_seal",
    "get_seal",
    "resume_seal",
    "revoke_seal",
    "seal_pdf",
    "seal_picture_png",
    "suspend_seal",
    "verify_pdf",
]


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
