"""Keeping sealed files provable: evidence inside the file, and archival time stamps renewed in time."""

import dataclasses
import datetime as dt
import logging
import uuid
from collections.abc import Sequence
from typing import Final

from django.db import transaction

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust import rules
from zhengtong.capabilities.trust.constants import ACT_STAMP_RENEWED, SignatureLevel
from zhengtong.capabilities.trust.engine.certificates import DIGESTS
from zhengtong.capabilities.trust.models import Certificate, Preservation, SealUse
from zhengtong.capabilities.trust.registry import Evidence, pdf_signers, sealed_file_keepers
from zhengtong.capabilities.trust.selectors import certificates_by_serial, preservations_due
from zhengtong.capabilities.trust.services.digests import sm3
from zhengtong.capabilities.trust.services.revocation import current_lists
from zhengtong.capabilities.trust.services.timestamping import TimestampSource, open_source
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import DomainError
from zhengtong.kernel.ids import new_id

log = logging.getLogger(__name__)

LEVELS = parameters.declare(
    "trust.signature_levels",
    default={"": SignatureLevel.LTA.value},
    label="签名的证明等级（按文书种类，空的一项是其他种类）",
    unit="B、T、LT 或 LTA",
    source="ETSI EN 319 142-1；文书长期保存的要求",
    confirmed=False,
)
_RENEW_BEFORE: Final = dt.timedelta(days=90)
# What could not be completed (no list, no time-stamp certificate) is tried again after this time.
_RETRY_AFTER: Final = dt.timedelta(hours=6)
_BATCH: Final = 20


@dataclasses.dataclass(frozen=True)
class Preserved:
    """The file as it is to be kept, what it proves by itself, and until when that is enough."""

    pdf: bytes
    level: SignatureLevel
    renew_at: dt.datetime | None


def wanted_level(*, tenant: str, profile: str) -> SignatureLevel:
    """The level for papers of that kind (parameter ``trust.signature_levels``)."""
    levels = parameters.value(LEVELS.key, tenant=tenant)
    return SignatureLevel(levels.get(profile) or levels.get("") or SignatureLevel.LTA)


def preserve(
    pdf: bytes, *, certificates: Sequence[Certificate], source: TimestampSource | None, wanted: SignatureLevel
) -> Preserved:
    """The signed file with evidence for these certificates and a stamp of ``source``, as far as both are there."""
    if source is None or wanted == SignatureLevel.B:
        return Preserved(pdf, SignatureLevel.B, _retry(wanted, SignatureLevel.B))
    evidence = evidence_for([*certificates, source.certificate])
    level = SignatureLevel(rules.level_reached(wanted.value, stamped=True, listed=evidence is not None))
    if evidence is None or level == SignatureLevel.T:
        return Preserved(pdf, level, _retry(wanted, level))
    kept = pdf_signers.get("pdf")().preserve_pdf(
        pdf,
        evidence=evidence,
        stamp=source.stamp if level == SignatureLevel.LTA else None,
        digest_algorithm=DIGESTS[source.certificate.algorithm],
        field=f"archive-{new_id()}",
    )
    renew_at = source.certificate.not_after - _RENEW_BEFORE if level == SignatureLevel.LTA else None
    return Preserved(kept, level, renew_at)


def evidence_for(certificates: Sequence[Certificate]) -> Evidence | None:
    """Chains of the certificates and a list in force of each issuer; None when a list is missing."""
    chain: dict[uuid.UUID, Certificate] = {}
    for certificate in certificates:
        link: Certificate | None = certificate
        while link is not None and link.id not in chain:
            chain[link.id] = link
            link = link.issuer
    issuers = {row.issuer_id: row.issuer for row in chain.values() if row.issuer is not None}
    lists = current_lists(list(issuers.values()))
    found = [bytes(one.der) for one in lists.values() if one is not None]
    if len(found) < len(lists):
        return None
    return Evidence(tuple(row.pem for row in chain.values()), tuple(found))


def note(use: SealUse, kept: Preserved, wanted: SignatureLevel) -> Preservation:
    """The row that says when the file needs care again; in the caller's transaction."""
    return Preservation.objects.create(
        tenant=use.tenant,
        use=use,
        digest=use.digest_after,
        level=kept.level,
        wanted=wanted,
        renew_at=kept.renew_at,
    )


def renew_due() -> int:
    """One round of the worker: renew or complete what is due; how many files were."""
    return sum(_renew(row) for row in preservations_due(now(), most=_BATCH))


def _renew(due: Preservation) -> int:
    """1 when the file was renewed; a failure is noted and tried again later, and others go on."""
    try:
        with transaction.atomic():
            row = Preservation.objects.select_for_update(of=("self",)).select_related("use").get(id=due.id)
            return _renew_locked(row) if row.is_current else 0
    except Exception as error:  # one broken file must not stop the others
        reason = error.message if isinstance(error, DomainError) else repr(error)
        log.exception("archival time stamp of use %s could not be renewed: %s", due.use_id, reason)
        Preservation.objects.filter(id=due.id).update(failures=due.failures + 1, renew_at=now() + _RETRY_AFTER)
        return 0


def _renew_locked(row: Preservation) -> int:
    use, at = row.use, now()
    ref = ObjectRef(kind=use.object_kind, id=use.object_id)
    if use.object_kind not in sealed_file_keepers:
        return _later(row, None, f"nobody keeps files of {use.object_kind}")
    keeper = sealed_file_keepers.get(use.object_kind)
    pdf = keeper.read(tenant=row.tenant, object_ref=ref, digest=row.digest)
    if pdf is None:
        return _later(row, None, "the file is no longer kept")
    signed_by = certificates_by_serial({one["serial"] for one in use.signatures})
    algorithm = use.signatures[-1]["algorithm"]
    source = open_source(tenant=row.tenant, algorithm=algorithm, at=at)
    wanted = SignatureLevel(row.wanted)
    kept = preserve(pdf, certificates=list(signed_by.values()), source=source, wanted=wanted)
    if source is None or kept.pdf == pdf:
        return _later(row, at + _RETRY_AFTER, "no time-stamp certificate, or a revocation list is missing")
    source.save()
    keeper.add_version(tenant=row.tenant, object_ref=ref, digest=row.digest, pdf=kept.pdf)
    Preservation.objects.filter(id=row.id).update(is_current=False)
    renewed = Preservation.objects.create(
        tenant=row.tenant, use=use, digest=sm3(kept.pdf), level=kept.level, wanted=wanted, renew_at=kept.renew_at
    )
    ledger.append(
        actor=system(row.tenant),
        act=ACT_STAMP_RENEWED,
        object_ref=ref,
        payload={"use_id": str(use.id), "before": row.digest, "after": renewed.digest, "level": kept.level.value},
    )
    return 1


def _later(row: Preservation, at: dt.datetime | None, why: str) -> int:
    log.warning("evidence of use %s stays as it is: %s", row.use_id, why)
    Preservation.objects.filter(id=row.id).update(renew_at=at)
    return 0


def _retry(wanted: SignatureLevel, level: SignatureLevel) -> dt.datetime | None:
    return None if wanted == level else now() + _RETRY_AFTER
