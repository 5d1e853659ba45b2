"""Putting a seal on a PDF document."""

import dataclasses
import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.trust import rules
from zhengtong.capabilities.trust.constants import SignatureLevel
from zhengtong.capabilities.trust.models import Certificate, Seal
from zhengtong.capabilities.trust.permissions import require_user
from zhengtong.capabilities.trust.registry import Box, Credential, pdf_signers
from zhengtong.capabilities.trust.selectors import certificates_in_force, get_seal, lock_seal
from zhengtong.capabilities.trust.services import preservation
from zhengtong.capabilities.trust.services.keys import require_lawful
from zhengtong.capabilities.trust.services.timestamping import TimestampSource, open_source
from zhengtong.capabilities.trust.services.uses import Use, credential_of, record_use, require_usable
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict
from zhengtong.kernel.ids import new_id

_POINTS_PER_MM = 72 / 25.4


@dataclasses.dataclass(frozen=True)
class SealPosition:
    """The centre of the seal: PDF points from the lower left corner; ``page`` counts from 0, -1 is the last."""

    x: float
    y: float
    page: int = -1


@dataclasses.dataclass(frozen=True)
class SealedPdf:
    """The sealed document; ``signature_ids`` name its signature fields in the order of signing.

    ``level``: what the file proves by itself (B, T, LT, LTA); less than wanted where a time-stamp certificate or a
    revocation list is missing, the worker then completes it later.
    """

    pdf: bytes
    signature_ids: tuple[str, ...]
    use_id: uuid.UUID
    signed_at: dt.datetime
    level: str


@dataclasses.dataclass(frozen=True)
class _Signed:
    """The file after all signatures, their names, and the time-stamp services that were used."""

    pdf: bytes
    signatures: list[dict[str, str]]
    sources: list[TimestampSource]


def seal_pdf(
    *,
    actor: Actor,
    seal_id: uuid.UUID,
    pdf: bytes,
    reason: str,
    object_ref: ObjectRef,
    position: SealPosition,
    profile: str = "",
    item_code: str = "",
) -> SealedPdf:
    """在文件上加盖电子印章：先国密 SM2 签名（带印模），再 RSA 签名覆盖全文，各带时间戳，最后加长期保存时间戳。

    ``profile``（文书种类）决定证明等级（参数 ``trust.signature_levels``）；``item_code`` 是所办事项，
    只受托办理部分事项的人据此判断能否用印。记一条用印记录和一条责任账目。

    Raises NotPermitted, NotFound, Conflict when the seal is stopped, revoked or expired, Invalid for a file that
    is no PDF or a position outside the page, DomainError in production for a development certificate.
    """
    seal = get_seal(tenant=actor.tenant, seal_id=seal_id)
    require_user(actor, seal, item_code=item_code)
    require_usable(seal, now())
    credentials = _credentials(seal, now())
    wanted = preservation.wanted_level(tenant=actor.tenant, profile=profile)
    use_id = new_id()
    # Signing takes a tenth of a second and needs no row: it is done before the transaction.
    sources = _sources(actor.tenant, credentials, wanted)
    at = sources[0].at if sources else now()
    signed = _sign(seal, credentials, pdf, reason, position, at, use_id, sources)
    last = signed.sources[-1] if signed.sources else None
    kept = preservation.preserve(signed.pdf, certificates=[c for c, _ in credentials], source=last, wanted=wanted)
    with transaction.atomic():
        require_usable(lock_seal(tenant=actor.tenant, seal_id=seal_id), at)
        use = Use(
            id=use_id,
            seal=seal,
            object_ref=object_ref,
            reason=reason,
            at=at,
            before=pdf,
            after=kept.pdf,
            signatures=signed.signatures,
        )
        row = record_use(actor=actor, use=use, level=kept.level.value)
        for source in signed.sources:
            source.save()
        preservation.note(row, kept, wanted)
    return SealedPdf(
        pdf=kept.pdf,
        signature_ids=tuple(s["field"] for s in signed.signatures),
        use_id=use_id,
        signed_at=at,
        level=kept.level.value,
    )


def _sources(
    tenant: str, credentials: list[tuple[Certificate, Credential]], wanted: SignatureLevel
) -> list[TimestampSource]:
    """A time-stamp service per signature, of its own algorithm, all at one moment; none where one is missing."""
    if wanted == SignatureLevel.B:
        return []
    at = now()
    found = [open_source(tenant=tenant, algorithm=c.algorithm, at=at) for c, _ in credentials]
    # Making a first certificate may have taken seconds; the stamps say when the signing begins.
    moment = now()
    return [dataclasses.replace(one, at=moment) for one in found if one is not None] if all(found) else []


def _credentials(seal: Seal, at: dt.datetime) -> list[tuple[Certificate, Credential]]:
    in_force = certificates_in_force(seal, at)
    found = [in_force[algorithm] for algorithm in rules.SEAL_ALGORITHMS if algorithm in in_force]
    if not found:
        raise Conflict(_("“%(seal)s”没有有效的签名证书，不能盖章。请联系安全管理员换发证书。") % {"seal": seal.name})
    for certificate in found:
        require_lawful(development=certificate.is_development)
    return [(certificate, credential_of(certificate)) for certificate in found]


def _sign(
    seal: Seal,
    credentials: list[tuple[Certificate, Credential]],
    pdf: bytes,
    reason: str,
    position: SealPosition,
    at: dt.datetime,
    use_id: uuid.UUID,
    sources: list[TimestampSource],
) -> _Signed:
    signer = pdf_signers.get("pdf")()
    signatures: list[dict[str, str]] = []
    for number, (certificate, credential) in enumerate(credentials):
        field = f"seal-{use_id}-{certificate.algorithm.lower()}"
        first = number == 0
        pdf = signer.sign_pdf(
            pdf,
            credential=credential,
            field=field,
            seal_picture=bytes(seal.picture_pdf) if first else None,
            box=_box(seal, position) if first else None,
            reason=reason,
            location=seal.org_name,
            signed_at=at,
            stamp=sources[number].stamp if sources else None,
        )
        signatures.append({"field": field, "algorithm": certificate.algorithm, "serial": certificate.serial})
    return _Signed(pdf, signatures, sources)


def _box(seal: Seal, position: SealPosition) -> Box:
    radius = float(seal.diameter_mm) * _POINTS_PER_MM / 2
    return Box(
        left=position.x - radius,
        bottom=position.y - radius,
        right=position.x + radius,
        top=position.y + radius,
        page=position.page,
    )
