"""Electronic seals of GB/T 38540 on OFD documents: made from the seal's row, used, examined.

The structure of a seal (SESeal) is a function of its row, its certificate in force and the maker's key: it is made
when it is used and lies in every file it was used on, so that there is no second record to keep in step.
"""

import dataclasses
import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust import rules
from zhengtong.capabilities.trust.constants import ACT_USED, CertificateRole
from zhengtong.capabilities.trust.engine import ses
from zhengtong.capabilities.trust.models import Certificate, Seal, SealUse
from zhengtong.capabilities.trust.permissions import require_user
from zhengtong.capabilities.trust.registry import Credential, OfdReport, OfdStep, StampPlace, ofd_signers
from zhengtong.capabilities.trust.selectors import (
    certificates_by_serial,
    certificates_in_force,
    get_seal,
    issuing_certificates,
    lock_seal,
    root_certificates,
    use_of_document,
)
from zhengtong.capabilities.trust.services.authority import chain_of
from zhengtong.capabilities.trust.services.digests import sm3
from zhengtong.capabilities.trust.services.keys import key_store, require_lawful
from zhengtong.capabilities.trust.services.platform_certificates import platform_certificate
from zhengtong.capabilities.trust.services.revocation import revoked_since
from zhengtong.capabilities.trust.services.timestamping import TimestampSource, open_source
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict

_ALGORITHM = "SM2"


@dataclasses.dataclass(frozen=True)
class OfdVerification:
    """What was found in an OFD file; the words are those of ``PdfVerification``."""

    valid: bool
    recorded: bool
    development: bool
    message: str
    signatures: tuple[OfdReport, ...]


def seal_ofd(
    *,
    actor: Actor,
    seal_id: uuid.UUID,
    ofd: bytes,
    reason: str,
    object_ref: ObjectRef,
    page: int,
    x_mm: float,
    y_mm: float,
) -> bytes:
    """在 OFD 文件上加盖电子印章（GB/T 38540）：国密签名覆盖全部内容，带时间戳；记一条用印记录和一条责任账目。

    The seal's centre stands at ``x_mm``, ``y_mm`` from the upper left corner of ``page`` (from 0). Raises what
    ``seal_pdf`` raises, and Conflict without an SM2 certificate of the seal or of the platform as maker of seals.
    """
    seal = get_seal(tenant=actor.tenant, seal_id=seal_id)
    require_user(actor, seal)
    at = now()
    _require_usable(seal, at)
    user = _user(seal, at)
    source = open_source(tenant=actor.tenant, algorithm=_ALGORITHM, at=at)
    diameter = float(seal.diameter_mm)
    place = StampPlace(page, x_mm - diameter / 2, y_mm - diameter / 2, diameter, diameter)
    sealed = ofd_signers.get("ofd")().sign_ofd(
        ofd,
        credential=_credential(user),
        seal=_structure(seal, user, at),
        place=place,
        signed_at=at,
        stamp=None if source is None else source.stamp,
    )
    with transaction.atomic():
        _require_usable(lock_seal(tenant=actor.tenant, seal_id=seal_id), at)
        _record(actor, seal, user, reason, object_ref, ofd, sealed, at, source)
    return sealed


def verify_ofd(ofd: bytes, *, at: dt.datetime | None = None) -> OfdVerification:
    """核验 OFD 文件上的全部电子印章，逐步报告；也看平台自己的吊销记录和用印记录。

    Raises Invalid when the file is no readable OFD.
    """
    moment = at or now()
    found = ofd_signers.get("ofd")().verify_ofd(
        ofd,
        trust_roots=[row.pem for row in root_certificates()],
        known=[row.pem for row in issuing_certificates()],
        at=moment,
    )
    serials = {serial for report in found for serial in (report.certificate_serial, report.maker_serial)}
    known = certificates_by_serial(serials)
    use = use_of_document(sm3(ofd))
    judged = tuple(_with_revocation(_with_maker(report, known), known, use) for report in found)
    development = any(row.is_development for row in known.values())
    valid = bool(judged) and all(report.valid for report in judged)
    return OfdVerification(
        valid=valid,
        recorded=use is not None,
        development=development,
        message=_message(judged, valid=valid, development=development),
        signatures=judged,
    )


def _user(seal: Seal, at: dt.datetime) -> Certificate:
    found = certificates_in_force(seal, at).get(_ALGORITHM)
    if found is None:
        raise Conflict(_("“%(seal)s”没有有效的国密证书，不能在 OFD 文件上盖章。") % {"seal": seal.name})
    require_lawful(development=found.is_development)
    return found


def _structure(seal: Seal, user: Certificate, at: dt.datetime) -> bytes:
    return ses.make_seal(
        seal_id=seal.id.hex,
        name=seal.name,
        users_pem=[user.pem],
        created_at=seal.valid_from,
        valid_from=seal.valid_from,
        valid_until=seal.valid_until,
        picture_png=bytes(seal.picture_png),
        diameter_mm=round(seal.diameter_mm),
        maker=_credential(_maker(seal, at)),
    )


def _maker(seal: Seal, at: dt.datetime) -> Certificate:
    """The maker's certificate, dated back to the seal it has to vouch for."""
    found = platform_certificate(tenant=seal.tenant, role=CertificateRole.MAKER, since=seal.valid_from, at=at)
    if found is None:
        raise Conflict(_("还没有制章者证书，不能在 OFD 文件上盖章。请向签发机构申请制章者证书并导入。"))
    return found


def _credential(certificate: Certificate) -> Credential:
    chain = () if certificate.issuer is None else chain_of(certificate.issuer)
    return Credential(provider=key_store().load(certificate.key_name), certificate_pem=certificate.pem, chain_pem=chain)


def _require_usable(seal: Seal, at: dt.datetime) -> None:
    reason = rules.why_not_usable(
        name=seal.name, status=seal.status, valid_from=seal.valid_from, valid_until=seal.valid_until, at=at
    )
    if reason:
        raise Conflict(reason)


def _record(
    actor: Actor,
    seal: Seal,
    user: Certificate,
    reason: str,
    object_ref: ObjectRef,
    before: bytes,
    after: bytes,
    at: dt.datetime,
    source: TimestampSource | None,
) -> None:
    use = SealUse.objects.create(
        tenant=actor.tenant,
        seal=seal,
        object_kind=object_ref.kind,
        object_id=object_ref.id,
        reason=reason[:200],
        actor_person_id=actor.person_id,
        actor_name=actor.name[:80],
        used_at=at,
        digest_before=sm3(before),
        digest_after=sm3(after),
        signatures=[{"field": "ofd", "algorithm": _ALGORITHM, "serial": user.serial}],
    )
    if source is not None:
        source.save()
    ledger.append(
        actor=actor,
        act=ACT_USED,
        object_ref=object_ref,
        payload={
            "seal": seal.name,
            "seal_id": str(seal.id),
            "use_id": str(use.id),
            "reason": use.reason,
            "digest_before": use.digest_before,
            "digest_after": use.digest_after,
            "signatures": use.signatures,
            "format": "OFD",
        },
    )


def _with_maker(report: OfdReport, known: dict[str, Certificate]) -> OfdReport:
    """The report under the register of makers: every other customer of a trusted authority can draw a seal, too."""
    row = known.get(report.maker_serial)
    if not report.maker_serial or (row is not None and row.role == CertificateRole.MAKER):
        return report
    note = _("制章者证书没有在本平台登记为制章证书：印章的名称和图样没有人担保。")
    step = OfdStep("maker_registered", _("制章者已登记"), passed=False, note=note)
    return dataclasses.replace(report, steps=(*report.steps, step))


def _with_revocation(report: OfdReport, known: dict[str, Certificate], use: SealUse | None) -> OfdReport:
    """The report under the platform's own revocations: a signature before one counts where stamp or record prove it."""
    revoked = [
        since
        for serial in (report.certificate_serial, report.maker_serial)
        if (row := known.get(serial)) is not None and (since := revoked_since(row)) is not None
    ]
    if not revoked:
        return report
    proven = report.signed_at if report.stamped else (use.used_at if use is not None else None)
    passed = proven is not None and proven < min(revoked)
    note = (
        _("证书后来被吊销；时间戳或者用印记录证明盖章在吊销之前")
        if passed
        else _("签章证书或者制章者证书已被吊销，且没有时间戳或者用印记录证明盖章在吊销之前。")
    )
    step = OfdStep("revocation", _("盖章时证书没有被吊销"), passed, note)
    return dataclasses.replace(report, steps=(*report.steps, step))


def _message(reports: tuple[OfdReport, ...], *, valid: bool, development: bool) -> str:
    if not reports:
        return _("这个文件上没有电子印章，不能证明由谁出具。")
    if not valid:
        return next(report.message for report in reports if not report.valid)
    organisations = "、".join(dict.fromkeys(report.organisation for report in reports))
    text = _("电子印章有效：文件由%(org)s盖章，盖章后未被改动。") % {"org": organisations}
    if development:
        text += _("印章使用开发测试证书，仅供演示，不具法律效力。")
    return text
