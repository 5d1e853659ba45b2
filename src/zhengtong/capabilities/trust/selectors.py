"""Reads of trust."""

import datetime as dt
import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhengtong.capabilities.trust.constants import CertificateRole, CertificateStatus, SealStatus
from zhengtong.capabilities.trust.models import Certificate, Seal, SealUse
from zhengtong.kernel.errors import NotFound


def find_seal(*, tenant: str, org_id: uuid.UUID, kind: str) -> Seal | None:
    """The organisation's seal of that kind that is not revoked, if there is one."""
    return Seal.objects.filter(tenant=tenant, org_id=org_id, kind=kind).exclude(status=SealStatus.REVOKED).first()


def get_seal(*, tenant: str, seal_id: uuid.UUID) -> Seal:
    """The seal; raises NotFound when the tenant has none with that key."""
    seal = Seal.objects.filter(tenant=tenant, id=seal_id).first()
    if seal is None:
        raise NotFound(_("没有找到这枚电子印章。"))
    return seal


def lock_seal(*, tenant: str, seal_id: uuid.UUID) -> Seal:
    """The seal, locked against changes until the transaction ends."""
    seal = Seal.objects.select_for_update().filter(tenant=tenant, id=seal_id).first()
    if seal is None:
        raise NotFound(_("没有找到这枚电子印章。"))
    return seal


def certificates_in_force(seal: Seal, at: dt.datetime) -> dict[str, Certificate]:
    """The seal's certificates that may sign at that moment, by algorithm."""
    found = Certificate.objects.filter(
        seal=seal, status=CertificateStatus.ACTIVE, not_before__lte=at, not_after__gt=at
    ).select_related("issuer")
    return {certificate.algorithm: certificate for certificate in found.order_by("not_before")}


def find_root(*, tenant: str, algorithm: str, development: bool) -> Certificate | None:
    """The root certificate in force."""
    return Certificate.objects.filter(
        tenant=tenant,
        algorithm=algorithm,
        role=CertificateRole.ROOT,
        status=CertificateStatus.ACTIVE,
        is_development=development,
    ).first()


def root_certificates() -> QuerySet[Certificate]:
    """All roots, also past ones: old documents stay verifiable."""
    return Certificate.objects.filter(role=CertificateRole.ROOT)


def certificates_by_serial(serials: set[str]) -> dict[str, Certificate]:
    """The platform's own certificates among the serial numbers (lower-case hex)."""
    return {certificate.serial: certificate for certificate in Certificate.objects.filter(serial__in=serials)}


def use_of_document(digest: str) -> SealUse | None:
    """The use of a seal that produced exactly this file (SM3, hex)."""
    return SealUse.objects.filter(digest_after=digest).select_related("seal").first()


def development_in_use(*, tenant: str) -> bool:
    """Whether seals of the tenant sign with certificates of the development authority."""
    return Certificate.objects.filter(
        tenant=tenant, role=CertificateRole.SEAL, status=CertificateStatus.ACTIVE, is_development=True
    ).exists()
