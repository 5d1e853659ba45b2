"""Examining a PDF document that somebody holds in his hands."""

import dataclasses
import datetime as dt

from django.utils.translation import gettext as _

from zhengtong.capabilities.trust.models import Certificate, SealUse
from zhengtong.capabilities.trust.registry import SignatureReport, pdf_signers
from zhengtong.capabilities.trust.selectors import certificates_by_serial, root_certificates, use_of_document
from zhengtong.capabilities.trust.services.sealing import sm3
from zhengtong.kernel.clock import now


@dataclasses.dataclass(frozen=True)
class PdfVerification:
    """What was found in a file; ``message`` is for people.

    ``valid``: every signature holds and the last one covers the whole file. ``recorded``: a use of a seal of this
    platform produced exactly this file. ``development``: a signature rests on a development certificate, which
    has no legal effect.
    """

    valid: bool
    recorded: bool
    development: bool
    message: str
    signatures: tuple[SignatureReport, ...]


def verify_pdf(pdf: bytes, *, at: dt.datetime | None = None) -> PdfVerification:
    """核验文件上的全部签名（电子签名法第十三条：签署后对签名和内容的任何改动能够被发现）。

    Raises Invalid when the file is no readable PDF.
    """
    moment = at or now()
    roots = list(root_certificates())
    reports = pdf_signers.get("pdf")().verify_pdf(pdf, trust_roots=[root.pem for root in roots], at=moment)
    known = certificates_by_serial({report.certificate_serial for report in reports})
    use = use_of_document(sm3(pdf))
    judged = tuple(_with_revocation(report, known.get(report.certificate_serial), use) for report in reports)
    development = any(c.is_development for c in known.values())
    valid = bool(judged) and all(r.valid for r in judged) and any(r.coverage_whole for r in judged)
    return PdfVerification(
        valid=valid,
        recorded=use is not None,
        development=development,
        message=_message(judged, valid=valid, development=development),
        signatures=judged,
    )


def _with_revocation(report: SignatureReport, certificate: Certificate | None, use: SealUse | None) -> SignatureReport:
    if certificate is None or certificate.revoked_at is None:
        return report
    # The signer's own word about the time proves nothing once his key may be in other hands; our record does.
    if use is not None and use.used_at < certificate.revoked_at:
        return report
    message = _("签名证书已被吊销，且平台没有吊销之前的用印记录，请勿采信。")
    return dataclasses.replace(report, chain_ok=False, message=message)


def _message(reports: tuple[SignatureReport, ...], *, valid: bool, development: bool) -> str:
    if not reports:
        return _("这个文件上没有电子签名，不能证明由谁出具。")
    if not valid:
        return next((r.message for r in reports if not r.valid), _("没有一个签名覆盖整个文件，请勿采信。"))
    organisations = "、".join(dict.fromkeys(r.organisation for r in reports))
    text = _("签名有效：文件由%(org)s签署，签署后未被改动。") % {"org": organisations}
    if development:
        text += _("签名使用开发测试证书，仅供演示，不具法律效力。")
    return text
