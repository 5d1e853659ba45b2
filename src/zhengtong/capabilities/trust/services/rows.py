"""Rows of certificates from their text."""

import hashlib
from collections.abc import Sequence

from asn1crypto import x509 as asn1_x509
from django.db import transaction

from zhengtong.capabilities.trust.constants import CertificateRole
from zhengtong.capabilities.trust.engine import certificates as x509
from zhengtong.capabilities.trust.models import Certificate


def fingerprint(certificate: asn1_x509.Certificate) -> str:
    """SM3 over the whole certificate, hex: names it whatever its issuer thinks of serial numbers."""
    return hashlib.new("sm3", certificate.dump()).hexdigest()


def fresh_key_name(tenant: str, base: str) -> str:
    """The first of ``base``, ``base-2``, … that no certificate here names: a key for a request that waits."""
    taken = set(Certificate.objects.filter(tenant=tenant, key_name__startswith=base).values_list("key_name", flat=True))
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def certificate_row(
    tenant: str,
    text: str,
    *,
    role: CertificateRole,
    development: bool,
    issuer: Certificate | None,
    key_name: str = "",
) -> Certificate:
    """A row that is not saved yet."""
    parsed = x509.parse(text)
    facts = x509.facts_of(parsed)
    return Certificate(
        tenant=tenant,
        role=role,
        issuer=issuer,
        org_name=facts.subject.organisation[:200],
        name=facts.subject.name[:240],
        algorithm=x509.algorithm_of(parsed.public_key),
        serial=facts.serial[:40],
        fingerprint=fingerprint(parsed),
        key_name=key_name,
        pem=text,
        not_before=facts.not_before,
        not_after=facts.not_after,
        is_development=development,
    )


def chain_rows(tenant: str, chain_pem: Sequence[str], *, development: bool) -> Certificate | None:
    """The rows of a chain, issuer first and root last; saves those not yet known and returns the issuer's."""
    above: Certificate | None = None
    with transaction.atomic():
        for text in reversed(chain_pem):
            role = CertificateRole.ROOT if above is None else CertificateRole.ISSUING
            row = certificate_row(tenant, text, role=role, development=development, issuer=above)
            known = Certificate.objects.filter(tenant=tenant, fingerprint=row.fingerprint).first()
            if known is None:
                row.save(force_insert=True)
            above = known or row
    return above
