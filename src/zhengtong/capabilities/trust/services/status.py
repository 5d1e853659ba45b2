"""Answers about the status of certificates of the platform's own authority (OCSP, RFC 6960)."""

import datetime as dt
from typing import Final

from django.db import IntegrityError, transaction

from zhengtong.capabilities.trust.constants import CertificateRole, CertificateStatus
from zhengtong.capabilities.trust.engine import certificates as x509
from zhengtong.capabilities.trust.engine import ocsp
from zhengtong.capabilities.trust.models import Certificate
from zhengtong.capabilities.trust.selectors import find_responder, own_authorities
from zhengtong.capabilities.trust.services.authority import issue_under
from zhengtong.capabilities.trust.services.keys import key_store
from zhengtong.capabilities.trust.services.revocation import entry_of
from zhengtong.capabilities.trust.services.rows import certificate_row
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import DomainError, Invalid
from zhengtong.kernel.ids import new_id

# How long a verifier may keep an answer without asking again.
_GOOD_FOR: Final = dt.timedelta(hours=1)


def answer_status(data: bytes) -> bytes:
    """The DER of the answer to the DER of a request; a request that is none gets an unsigned refusal, no error."""
    at = now()
    try:
        request = ocsp.read_request(data)
    except Invalid:
        return ocsp.failure("malformed_request")
    issuer = _issuer_of(request, at)
    if issuer is None:
        return ocsp.failure("unauthorized")
    try:
        responder = _responder(issuer, at)
    except DomainError:  # production without a lawful authority answers nothing
        return ocsp.failure("try_later")
    rows = {
        row.serial: row
        for row in Certificate.objects.filter(issuer=issuer, serial__in=[one.serial for one in request.questions])
    }
    return ocsp.response(
        answers=[_answer(one, rows.get(one.serial)) for one in request.questions],
        nonce=request.nonce,
        key=key_store().load(responder.key_name),
        certificate=x509.parse(responder.pem),
        at=at,
        next_update=at + _GOOD_FOR,
    )


def _issuer_of(request: ocsp.StatusRequest, at: dt.datetime) -> Certificate | None:
    """The one own authority that all questions are about; None for another's, or for questions about several."""
    for row in own_authorities(at):
        issuer = x509.parse(row.pem)
        if all(one.about(issuer) for one in request.questions):
            return row
    return None


def _answer(question: ocsp.Question, row: Certificate | None) -> ocsp.Answer:
    revoked = row is not None and row.status in (CertificateStatus.REVOKED, CertificateStatus.HELD)
    return ocsp.Answer(question, known=row is not None, revocation=entry_of(row) if row and revoked else None)


def _responder(issuer: Certificate, at: dt.datetime) -> Certificate:
    present = find_responder(issuer, at)
    if present is not None:
        return present
    key_name = f"ocsp-{issuer.tenant}-{new_id()}"
    key = key_store().load_or_generate(key_name, issuer.algorithm, at=at)
    text = issue_under(
        issuer,
        profile="ocsp",
        subject=x509.Subject(issuer.org_name, "证书状态查询", key_name[-12:]),
        public_pem=key.public_key_pem(),
        at=at,
    )
    row = certificate_row(
        issuer.tenant,
        text,
        role=CertificateRole.RESPONDER,
        development=issuer.is_development,
        issuer=issuer,
        key_name=key_name,
    )
    try:
        with transaction.atomic():
            Certificate.objects.filter(
                issuer=issuer, role=CertificateRole.RESPONDER, status=CertificateStatus.ACTIVE
            ).update(status=CertificateStatus.RETIRED)
            row.save(force_insert=True)
    except IntegrityError:
        key_store().destroy(key_name)
        winner = find_responder(issuer, at)
        if winner is None:
            raise
        return winner
    return row
