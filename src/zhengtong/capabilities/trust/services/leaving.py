"""Certificates of officials end with the office they name, however it ended: by hand or by its last day."""

import uuid
from collections import defaultdict

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.trust import rules
from zhengtong.capabilities.trust.constants import CertificateRole, CertificateStatus, RevocationReason
from zhengtong.capabilities.trust.models import Certificate
from zhengtong.capabilities.trust.services.certificates import revoke_certificate
from zhengtong.kernel.actors import system
from zhengtong.kernel.clock import now
from zhengtong.kernel.loops import each


def end_certificates_of_leavers() -> int:
    """Revoke what names a unit in which its holder holds no post any more; returns how many."""
    usable = (CertificateStatus.ACTIVE, CertificateStatus.HELD)
    rows = Certificate.objects.filter(
        role=CertificateRole.PERSON, status__in=usable, person_id__isnull=False, not_after__gt=now()
    )
    by_tenant: dict[str, list[Certificate]] = defaultdict(list)
    for row in rows.only("tenant", "person_id", "org_name"):
        by_tenant[row.tenant].append(row)
    due = [(tenant, row.id) for tenant, found in by_tenant.items() for row in _of_leavers(tenant, found)]
    return each(_end, due)


def _of_leavers(tenant: str, rows: list[Certificate]) -> list[Certificate]:
    units: dict[str, set[str]] = defaultdict(set)
    for unit in identity.organisations(tenant):
        units[unit.name].add(unit.path)
    holders = {row.id: row.person_id for row in rows if row.person_id is not None}
    posts = identity.units_of(tenant, set(holders.values()))
    return [row for row in rows if rules.has_left(units.get(row.org_name, ()), posts.get(holders[row.id], ()))]


def _end(tenant: str, certificate_id: uuid.UUID) -> int:
    revoke_certificate(actor=system(tenant), certificate_id=certificate_id, reason=RevocationReason.AFFILIATION_CHANGED)
    return 1
