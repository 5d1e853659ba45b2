"""Examining a PDF document that somebody holds in his hands."""

import dataclasses
import datetime as dt

from django.utils.translation import gettext as _

from zhengtong.capabilities.trust.models import Certificate, SealUse
from zhengtong.capabilities.trust.registry import SignatureReport, pdf_signers
from zhengtong.capabilities.trust.selectors import certificates_by_serial, use_of_document
from zhengtong.capabilities.trust.services.digests import sm3
from zhengtong.capabilities.trust.services.keys import NO_LEGAL_EFFECT, is_unlawful, trusted_roots
from zhengtong.capabilities.trust.services.revocation import evidence_of_all
from zhengtong.kernel.clock import now


@dataclasses.dataclass(frozen=True)
class PdfVerification:
    """What was found in a file; ``message`` is for people.

    ``valid``: every signature holds and the last one covers the whole file. ``recorded``: a use of a seal of this
    platform produced exactly this file. ``development``: a signature rests on a development certificate, which
    has no legal effect. ``stamps`` are the archival time stamps over the file.
    """

    valid: bool
    recorded: bool
    development: bool
    message: str
    signatures: tuple[SignatureReport, ...]
    stamps: tuple[SignatureReport, ...] = ()


def verify_pdf(pdf: bytes, *, at: dt.datetime | None = None) -> PdfVerification:
    """核验文件上的全部签名（电子签名法第十三条：签署后对签名和内容的任何改动能够被发现）。

    Raises Invalid when the file is no readable PDF.
    """
    moment = at or now()
    signer = pdf_signers.get("pdf")()
    reports = signer.verify_pdf(pdf, trust_roots=trusted_roots(), at=moment, evidence=evidence_of_all())
    known = certificates_by_serial({report.certificate_serial for report in reports})
    use = use_of_document(sm3(pdf))
    judged = [_judged(report, known.get(report.certificate_serial), use) for report in reports]
    signatures = tuple(report for report in judged if not report.archive)
    development = any(c.is_development for c in known.values())
    # After the last signature may stand evidence for it, which nothing covers where no archival stamp is wanted.
    covered = any(report.valid and (report.coverage_whole or report.level == "LT") for report in judged)
    # How far an archival stamp is believed is part of the judgement of each signature under it.
    untouched = all(report.intact and not report.modified_after for report in judged)
    valid = bool(signatures) and all(report.valid for report in signatures) and untouched and covered
    return PdfVerification(
        valid=valid,
        recorded=use is not None,
        development=development,
        message=_message(judged, valid=valid, development=development),
        signatures=signatures,
        stamps=tuple(report for report in judged if report.archive),
    )


def is_test_sealed(*, digest: str) -> bool:
    """Whether the file with that SM3 was sealed with certificates that have no legal effect here; never in a demo."""
    if not is_unlawful(development=True):
        return False
    use = use_of_document(digest)
    if use is None:
        return False
    return any(row.is_development for row in certificates_by_serial({o["serial"] for o in use.signatures}).values())


def _judged(report: SignatureReport, certificate: Certificate | None, use: SealUse | None) -> SignatureReport:
    if certificate is not None and is_unlawful(development=certificate.is_development):
        return dataclasses.replace(report, chain_ok=False, message=_("签名") + str(NO_LEGAL_EFFECT))
    return _with_revocation(report, certificate, use)


def _with_revocation(report: SignatureReport, certificate: Certificate | None, use: SealUse | None) -> SignatureReport:
    """The report under what the platform itself knows: its own revocations, and its record of the use of the seal."""
    # Lists know whole seconds only.
    revoked_at = certificate.revoked_at if certificate is not None else report.revoked_at
    if revoked_at is None or report.revocation == "revoked_later":
        return report
    if report.stamped and report.signed_at is not None and report.signed_at < revoked_at:
        return report
    # The signer's own word about the time proves nothing once his key may be in other hands; our record does.
    if not report.stamped and use is not None and use.used_at < revoked_at:
        message = _("签名有效：平台的用印记录证明签署在证书吊销之前。")
        return dataclasses.replace(report, chain_ok=True, revocation="revoked_later", message=message)
    message = _("签名证书已被吊销，且没有时间戳或者用印记录证明签署在吊销之前，请勿采信。")
    return dataclasses.replace(report, chain_ok=False, revocation="revoked", revoked_at=revoked_at, message=message)


def _message(reports: list[SignatureReport], *, valid: bool, development: bool) -> str:
    if all(report.archive for report in reports):
        return _("这个文件上没有电子签名，不能证明由谁出具。")
    if not valid:
        return next((r.message for r in reports if not r.valid), _("没有一个签名覆盖整个文件，请勿采信。"))
    organisations = "、".join(dict.fromkeys(r.organisation for r in reports if not r.archive))
    text = _("签名有效：文件由%(org)s签署，签署后未被改动。") % {"org": organisations}
    if development:
        text += _("签名使用开发测试证书，仅供演示，不具法律效力。")
    return text
