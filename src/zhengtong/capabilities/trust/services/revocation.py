"""Revocation lists: published by the platform's own authority, imported from others."""

import datetime as dt
import logging
import uuid
from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust.constants import ACT_LIST_IMPORTED, CERTIFICATE, CertificateStatus, RevocationReason
from zhengtong.capabilities.trust.engine import certificates as x509
from zhengtong.capabilities.trust.engine import revocation
from zhengtong.capabilities.trust.models import Certificate, RevocationList
from zhengtong.capabilities.trust.permissions import require_certificate_manager
from zhengtong.capabilities.trust.registry import Evidence
from zhengtong.capabilities.trust.selectors import (
    AUTHORITIES,
    issuing_certificates,
    newest_list,
    newest_lists,
    own_authorities,
)
from zhengtong.capabilities.trust.services.keys import key_store
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.signing.errors import KeyUnusable

log = logging.getLogger(__name__)

# A verifier keeps a list for a week; a fresh one comes every half day, and at once after a revocation.
_GOOD_FOR: Final = dt.timedelta(days=7)
_FRESH_FOR: Final = dt.timedelta(hours=12)


def publish_due_lists() -> int:
    """One round of the worker: publish for every own authority whose list is half a day old; how many."""
    at = now()
    done = 0
    for row in own_authorities(at):
        if _is_stale(newest_list(row), at):
            try:
                publish_list(row)
                done += 1
            except KeyUnusable as error:  # one lost key must not keep the others' lists from coming out
                log.error("no revocation list of %s: %s", row.serial, error.message)
    return done


def publish_list(issuer: Certificate) -> RevocationList | None:
    """A fresh list of ``issuer`` with everything it revoked; None where another authority publishes them itself."""
    if not issuer.key_name:
        return None
    key = key_store().load(issuer.key_name)  # before the lock: opening a key takes many times as long as a signature
    with transaction.atomic():
        # signed under the lock: each number has one list, and a later one lacks nothing that an earlier one holds
        Certificate.objects.select_for_update().get(id=issuer.id)
        at, last = now().replace(microsecond=0), newest_list(issuer)
        number = 1 if last is None else last.number + 1
        revoked = Certificate.objects.filter(
            issuer=issuer, status__in=(CertificateStatus.REVOKED, CertificateStatus.HELD)
        ).order_by("revoked_at")
        der = revocation.build(
            issuer_pem=issuer.pem,
            issuer=key,
            number=number,
            revoked=[entry_of(row) for row in revoked],
            this_update=at,
            next_update=at + _GOOD_FOR,
        )
        return RevocationList.objects.create(
            tenant=issuer.tenant,
            issuer=issuer,
            number=number,
            this_update=at,
            next_update=at + _GOOD_FOR,
            der=der,
        )


def current_list(issuer: Certificate) -> RevocationList | None:
    """The newest list of ``issuer``, published now when ours has run out; None when there is none in force."""
    return current_lists([issuer])[issuer.id]


def current_lists(issuers: Sequence[Certificate]) -> dict[uuid.UUID, RevocationList | None]:
    """The same of each of several issuers."""
    at, newest = now(), newest_lists(issuer.id for issuer in issuers)
    return {issuer.id: _in_force(issuer, newest.get(issuer.id), at) for issuer in issuers}


def known_lists() -> list[bytes]:
    """The newest list (DER) of every issuer, fresh ones of our own: what a verifier goes by."""
    issuers = list(Certificate.objects.filter(role__in=AUTHORITIES))
    current, newest = current_lists(issuers), newest_lists(issuer.id for issuer in issuers)
    found = [current[issuer.id] or newest.get(issuer.id) for issuer in issuers]
    return [bytes(one.der) for one in found if one is not None]


def _in_force(issuer: Certificate, newest: RevocationList | None, at: dt.datetime) -> RevocationList | None:
    if newest is not None and at < newest.next_update:
        return newest
    return publish_list(issuer) if issuer.key_name and at < issuer.not_after else None


def evidence_of_all() -> Evidence:
    """All certificates between roots and holders and the newest list of every issuer: what a verifier goes by."""
    return Evidence(tuple(row.pem for row in issuing_certificates()), tuple(known_lists()))


def revoked_since(row: Certificate) -> dt.datetime | None:
    """Since when a certificate is revoked: by its own row, or by the newest list of another authority."""
    if row.revoked_at is not None or row.issuer is None or row.issuer.key_name:
        return row.revoked_at
    newest = newest_list(row.issuer)
    if newest is None:
        return None
    entries = revocation.facts_of(revocation.read(bytes(newest.der))).revoked
    return min((entry.at for entry in entries if entry.serial == row.serial), default=None)


def import_list(*, actor: Actor, data: bytes) -> RevocationList:
    """导入其他签发机构的撤销列表；签名必须由已导入的签发证书作出，编号和时间不能倒退。"""
    require_certificate_manager(actor)
    parsed = revocation.read(data)
    facts = revocation.facts_of(parsed)
    candidates = Certificate.objects.filter(tenant=actor.tenant, role__in=AUTHORITIES, key_name="")
    issuer = next((row for row in candidates if revocation.signed_by(parsed, x509.parse(row.pem))), None)
    if issuer is None:
        raise Invalid(_("不认识这份撤销列表的签发机构，或者列表的签名不正确。请先导入签发机构的证书。"))
    with transaction.atomic():
        Certificate.objects.select_for_update().get(id=issuer.id)  # one list after the other
        newest = newest_list(issuer)
        if newest is not None and facts.this_update <= newest.this_update:
            return newest
        row = RevocationList.objects.create(
            tenant=actor.tenant,
            issuer=issuer,
            number=facts.number,
            this_update=facts.this_update,
            next_update=facts.next_update,
            der=parsed.dump(),
        )
        ledger.append(
            actor=actor,
            act=ACT_LIST_IMPORTED,
            object_ref=ObjectRef(kind=CERTIFICATE, id=str(issuer.id)),
            payload={"issuer": issuer.name, "number": str(row.number), "revoked": len(facts.revoked)},
        )
    return row


def entry_of(row: Certificate) -> revocation.Revocation:
    """The line of a revoked or held certificate."""
    if row.revoked_at is None:
        raise ValueError(f"certificate {row.id} is not revoked")
    return revocation.Revocation(row.serial, row.revoked_at, row.revocation_reason or _unspecified(row))


def _unspecified(row: Certificate) -> str:
    held = row.status == CertificateStatus.HELD
    return RevocationReason.CERTIFICATE_HOLD.value if held else "unspecified"


def _is_stale(newest: RevocationList | None, at: dt.datetime) -> bool:
    return newest is None or newest.this_update + _FRESH_FOR <= at
