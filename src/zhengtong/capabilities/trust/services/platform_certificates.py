"""Certificates of the platform's own duties beside sealing: making electronic seals, signing tokens and data."""

import datetime as dt
from typing import Final

from django.db import transaction

from zhengtong.capabilities.trust.constants import ACT_CERTIFICATE_ISSUED, CertificateRole, CertificateStatus
from zhengtong.capabilities.trust.models import Certificate
from zhengtong.capabilities.trust.registry import CertificateAuthority, CertificateOrder
from zhengtong.capabilities.trust.services.certificates import record
from zhengtong.capabilities.trust.services.keys import certificate_authority, is_unlawful, key_store
from zhengtong.capabilities.trust.services.rows import certificate_row, chain_rows
from zhengtong.kernel.actors import system
from zhengtong.kernel.ids import new_id

ALGORITHM: Final = "SM2"
NAMES: Final = {
    CertificateRole.MAKER: "电子印章制章者",
    CertificateRole.TOKEN: "电子证照离线核验码",
    CertificateRole.EXCHANGE: "数据交换",
}


def platform_certificate(
    *, tenant: str, role: CertificateRole, since: dt.datetime, at: dt.datetime, organisation: str = ""
) -> Certificate | None:
    """The certificate in force at ``since`` and now, issued (to ``organisation``) when there is none.

    Where certificates come by file the oldest in force now, whenever it began, and None until one was imported.
    Raises DomainError where production names the development authority.
    """
    found = Certificate.objects.filter(
        tenant=tenant,
        role=role,
        algorithm=ALGORITHM,
        status=CertificateStatus.ACTIVE,
        not_before__lte=at,
        not_after__gt=at,
    ).select_related("issuer", "issuer__issuer")
    present = [row for row in found.order_by("not_before") if not is_unlawful(development=row.is_development)]
    if present and present[0].not_before <= since:
        return present[0]
    authority = certificate_authority()
    if authority.online:
        return _issued(tenant, role, authority, since, at, organisation or NAMES[role])
    return present[0] if present else None


def _issued(
    tenant: str,
    role: CertificateRole,
    authority: CertificateAuthority,
    since: dt.datetime,
    at: dt.datetime,
    organisation: str,
) -> Certificate | None:
    key_name = f"{role.value}-{tenant}-{new_id().hex[-12:]}"
    key = key_store().load_or_generate(key_name, ALGORITHM, at=at)
    issued = authority.issue(
        CertificateOrder(
            tenant=tenant,
            algorithm=ALGORITHM,
            profile="signer",
            organisation=organisation,
            name=NAMES[role],
            public_pem=key.public_key_pem(),
            at=since,
        )
    )
    if issued is None:
        key_store().destroy(key_name)
        return None
    development = authority.is_development
    row = certificate_row(
        tenant,
        issued.certificate_pem,
        role=role,
        development=development,
        issuer=chain_rows(tenant, issued.chain_pem, development=development),
        key_name=key_name,
    )
    with transaction.atomic():
        row.save(force_insert=True)
        record(system(tenant), ACT_CERTIFICATE_ISSUED, row, {})
    return row
