"""Reads of trust."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db.models import Case, Q, QuerySet, When
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import Role
from zhengtong.capabilities.trust.constants import CertificateRole, CertificateStatus, SealStatus
from zhengtong.capabilities.trust.models import (
    Certificate,
    PersonCertificateApplication,
    Preservation,
    RevocationList,
    Seal,
    SealApplication,
    SealUse,
)
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound

AUTHORITIES = (CertificateRole.ROOT, CertificateRole.ISSUING)
_ENDED = (SealStatus.REVOKED, SealStatus.DESTROYED)
_FOR_SIGNING = (
    CertificateRole.SEAL,
    CertificateRole.MAKER,
    CertificateRole.TOKEN,
    CertificateRole.TIMESTAMP,
    CertificateRole.PERSON,
)
_READERS = (Role.SEC_ADMIN.value, Role.LEADER.value, Role.CLERK.value)
EXPIRY_WARNING = dt.timedelta(days=30)


def find_seal(*, tenant: str, org_id: uuid.UUID, kind: str) -> Seal | None:
    """The organisation's seal of that kind that is not revoked, if there is one."""
    return Seal.objects.filter(tenant=tenant, org_id=org_id, kind=kind).exclude(status__in=_ENDED).first()


def get_seal(*, tenant: str, seal_id: uuid.UUID) -> Seal:
    """The seal; raises NotFound when the tenant has none with that key."""
    # the large picture is for screens and OFD; it is read when somebody wants it
    seal = Seal.objects.filter(tenant=tenant, id=seal_id).defer("picture_png").first()
    if seal is None:
        raise NotFound(_("没有找到这枚电子印章。"))
    return seal


def lock_seal(*, tenant: str, seal_id: uuid.UUID) -> Seal:
    """The seal, locked against changes until the transaction ends."""
    found = Seal.objects.select_for_update().filter(tenant=tenant, id=seal_id)
    seal = found.defer("picture_pdf", "picture_png").first()
    if seal is None:
        raise NotFound(_("没有找到这枚电子印章。"))
    return seal


def visible_seals(actor: Actor) -> QuerySet[Seal]:
    """Seals as far as the actor's roles reach: all for the security administrator, else mostly his own unit's."""
    reach = identity.org_scope_filter(actor, *_READERS, org="org_id")
    return Seal.objects.filter(reach).order_by("org_name", "kind", "-valid_from")


def visible_seal(actor: Actor, seal_id: uuid.UUID) -> Seal:
    """The seal, if the actor may see it; raises NotFound."""
    seal = visible_seals(actor).filter(id=seal_id).first()
    if seal is None:
        raise NotFound(_("没有找到这枚电子印章，或者它不属于您所在的单位。"))
    return seal


def uses_of(seal: Seal) -> QuerySet[SealUse]:
    """Every use of the seal, newest first."""
    return SealUse.objects.filter(seal=seal).order_by("-used_at", "-id")


def visible_applications(actor: Actor) -> QuerySet[SealApplication]:
    """Applications for seals, the waiting ones first, as far as the actor's roles reach."""
    reach = identity.org_scope_filter(actor, *_READERS, org="org_id")
    return SealApplication.objects.filter(reach).order_by("-status", "-created_at")


def visible_application(actor: Actor, application_id: uuid.UUID) -> SealApplication:
    """The application, if the actor may see it; raises NotFound."""
    found = visible_applications(actor).filter(id=application_id).first()
    if found is None:
        raise NotFound(_("没有找到这份印章申请，或者它不属于您所在的单位。"))
    return found


def certificates_of(seal: Seal) -> QuerySet[Certificate]:
    """All certificates the seal ever had, newest first."""
    return Certificate.objects.filter(seal=seal).order_by("-not_before", "algorithm")


def certificates_in_force(seal: Seal, at: dt.datetime) -> dict[str, Certificate]:
    """The seal's certificates that may sign at that moment, by algorithm."""
    found = Certificate.objects.filter(
        seal=seal, status=CertificateStatus.ACTIVE, not_before__lte=at, not_after__gt=at
    ).select_related("issuer", "issuer__issuer")
    return {certificate.algorithm: certificate for certificate in found.order_by("not_before")}


def get_certificate(*, tenant: str, certificate_id: uuid.UUID) -> Certificate:
    """The certificate; raises NotFound when the tenant has none with that key."""
    found = Certificate.objects.filter(tenant=tenant, id=certificate_id).select_related("issuer", "seal").first()
    if found is None:
        raise NotFound(_("没有找到这张数字证书。"))
    return found


def lock_certificate(*, tenant: str, certificate_id: uuid.UUID) -> Certificate:
    """The certificate, locked against changes until the transaction ends."""
    found = Certificate.objects.select_for_update(of=("self",)).filter(tenant=tenant, id=certificate_id).first()
    if found is None:
        raise NotFound(_("没有找到这张数字证书。"))
    return found


def all_certificates(tenant: str) -> QuerySet[Certificate]:
    """Every certificate of the tenant, authorities first, then by end."""
    return Certificate.objects.filter(tenant=tenant).order_by("role", "-not_after")


def expiring_certificates(*, tenant: str, at: dt.datetime) -> QuerySet[Certificate]:
    """Certificates in use that end within 30 days, or ended and are still needed."""
    return Certificate.objects.filter(
        tenant=tenant,
        status=CertificateStatus.ACTIVE,
        role__in=(*_FOR_SIGNING, *AUTHORITIES),
        not_after__lt=at + EXPIRY_WARNING,
    ).order_by("not_after")


def find_authority(*, tenant: str, algorithm: str, role: CertificateRole) -> Certificate | None:
    """The own root or issuing certificate in force."""
    return (
        Certificate.objects.filter(
            tenant=tenant, algorithm=algorithm, role=role, status=CertificateStatus.ACTIVE, is_development=True
        )
        .exclude(key_name="")
        .select_related("issuer")
        .first()
    )


def find_timestamp_certificate(*, tenant: str, algorithm: str) -> Certificate | None:
    """The certificate of the time-stamp service in force."""
    return (
        Certificate.objects.filter(
            tenant=tenant, algorithm=algorithm, role=CertificateRole.TIMESTAMP, status=CertificateStatus.ACTIVE
        )
        .select_related("issuer", "issuer__issuer")
        .first()
    )


def find_responder(issuer: Certificate, at: dt.datetime) -> Certificate | None:
    """The certificate under ``issuer`` that answers about the status of its siblings."""
    return Certificate.objects.filter(
        issuer=issuer, role=CertificateRole.RESPONDER, status=CertificateStatus.ACTIVE, not_after__gt=at
    ).first()


def own_authorities(at: dt.datetime) -> QuerySet[Certificate]:
    """Every root and issuing certificate whose key the platform holds and that may still sign lists."""
    return Certificate.objects.filter(role__in=AUTHORITIES, not_after__gt=at).exclude(key_name="")


def authority_by_serial(serial: str) -> Certificate:
    """The root or issuing certificate with that serial number; raises NotFound."""
    found = Certificate.objects.filter(serial=serial, role__in=AUTHORITIES).first()
    if found is None:
        raise NotFound(_("没有找到这张根证书或者签发证书。"))
    return found


def root_certificates() -> QuerySet[Certificate]:
    """All roots that were not revoked, also past ones: old documents stay verifiable."""
    return Certificate.objects.filter(role=CertificateRole.ROOT).exclude(status=CertificateStatus.REVOKED)


def issuing_certificates() -> QuerySet[Certificate]:
    """All certificates between roots and holders."""
    return Certificate.objects.filter(role=CertificateRole.ISSUING)


def newest_list(issuer: Certificate) -> RevocationList | None:
    """The last revocation list of that issuer."""
    return RevocationList.objects.filter(issuer=issuer).order_by("-this_update", "-number").first()


def newest_lists(issuers: Iterable[uuid.UUID]) -> dict[uuid.UUID, RevocationList]:
    """The last revocation list of each of those issuers, with one query."""
    rows = RevocationList.objects.filter(issuer_id__in=list(issuers))
    newest = rows.order_by("issuer_id", "-this_update", "-number").distinct("issuer_id")
    return {row.issuer_id: row for row in newest}


def certificates_by_serial(serials: set[str]) -> dict[str, Certificate]:
    """The platform's own certificates among the serial numbers (lower-case hex)."""
    rows = Certificate.objects.filter(serial__in=serials).select_related("issuer")
    return {certificate.serial: certificate for certificate in rows}


def certificate_by_fingerprint(fingerprint: str) -> Certificate | None:
    """The row of exactly this certificate."""
    return Certificate.objects.filter(fingerprint=fingerprint).select_related("issuer").first()


def use_of_document(digest: str) -> SealUse | None:
    """The use of a seal that produced exactly this file (SM3, hex), or the file it is a renewed form of."""
    use = SealUse.objects.filter(digest_after=digest).select_related("seal").first()
    if use is None:
        renewed = Preservation.objects.filter(digest=digest).select_related("use__seal").first()
        return None if renewed is None else renewed.use
    return use


def preservations_due(at: dt.datetime, *, most: int) -> list[Preservation]:
    """Records whose evidence must be renewed or completed by now, oldest first."""
    due = Preservation.objects.filter(is_current=True, renew_at__lte=at, failures__lt=20)
    return list(due.select_related("use").order_by("renew_at")[:most])


def development_in_use(*, tenant: str) -> bool:
    """Whether seals of the tenant sign with certificates of the development authority."""
    return Certificate.objects.filter(
        tenant=tenant, role=CertificateRole.SEAL, status=CertificateStatus.ACTIVE, is_development=True
    ).exists()


def visible_person_certificates(actor: Actor) -> QuerySet[Certificate]:
    """Officials' certificates, those in use and nearest to their end first: all for the security administrator,
    else one's own.
    """
    rows = Certificate.objects.filter(tenant=actor.tenant, role=CertificateRole.PERSON)
    mine = rows if actor.has_role(Role.SEC_ADMIN.value) else rows.filter(person_id=actor.person_id)
    in_use = Case(When(status=CertificateStatus.ACTIVE, then=0), default=1)
    return mine.order_by(in_use, "not_after", "id")


def visible_person_applications(actor: Actor) -> QuerySet[PersonCertificateApplication]:
    """Applications for officials' certificates, newest first: all for the security administrator, else one's own."""
    rows = PersonCertificateApplication.objects.filter(tenant=actor.tenant).order_by("-created_at")
    if actor.has_role(Role.SEC_ADMIN.value):
        return rows
    return rows.filter(Q(person_id=actor.person_id) | Q(applicant_id=actor.person_id))


def visible_person_application(actor: Actor, application_id: uuid.UUID) -> PersonCertificateApplication:
    """The application, if the actor may see it; raises NotFound."""
    found = visible_person_applications(actor).filter(id=application_id).select_related("certificate").first()
    if found is None:
        raise NotFound(_("没有找到这份人员证书申请，或者它不是您的。"))
    return found
