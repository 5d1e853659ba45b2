"""Examines the signatures of a PDF document and says in Chinese what was found."""

import datetime as dt
import io
import logging
from collections.abc import Iterable, Sequence

from asn1crypto import crl, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.status import ModificationInfo, SignatureCoverageLevel

from zhengtong.capabilities.trust.engine import certificates, revocation
from zhengtong.capabilities.trust.plugins.pdf_judgement import Judge, Judgement
from zhengtong.capabilities.trust.registry import NO_EVIDENCE, Evidence, SignatureReport
from zhengtong.kernel.errors import Invalid

log = logging.getLogger(__name__)

_UNREADABLE = "这个文件不是可以识别的 PDF 文件，或者内容已损坏，无法核验。请上传从本平台下载的原始文件。"
_STAMP = "/DocTimeStamp"
# Beyond that nobody signs; a hostile file must not hold up the page.
_MOST_SIGNATURES = 50


def open_pdf(pdf: bytes, *, to_write: bool = False) -> PdfFileReader:
    """A reader over the document; raises Invalid when it is no readable PDF.

    ``to_write``: something is about to be appended, so that the signatures already there are not read; reading the
    long values of two of them takes as long as making one.
    """
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        count = 0 if to_write else len(list(reader.embedded_signatures))
    except Exception as error:  # a hostile file may break the parser in any way
        log.info("unreadable PDF: %r", error)
        raise Invalid(_UNREADABLE) from error
    if count > _MOST_SIGNATURES:
        raise Invalid("这个文件上的签名超过 50 个，没有核验。请联系签发单位。")
    return reader


def examine(
    pdf: bytes, *, trust_roots: Sequence[str], at: dt.datetime, evidence: Evidence = NO_EVIDENCE
) -> list[SignatureReport]:
    """A report per signature and archival stamp, in the order of signing; chains are judged at the time of signing.

    That time is a time stamp's where the signature carries one, else the signer's own word; one later than ``at``
    is refused. ``evidence`` from outside the file goes before nothing in it: revocations are never forgotten.
    """
    reader = open_pdf(pdf)
    embedded = sorted(reader.embedded_signatures, key=lambda signature: signature.signed_revision)
    names = {signature.field_name for signature in embedded}
    lists = [*_stored_lists(reader), *(crl.CertificateList.load(der) for der in evidence.revocation_lists)]
    judge = Judge(reader, trust_roots=trust_roots, known=evidence.certificates_pem, lists=lists, at=at)
    return [_examine(judge, signature, names, lists) for signature in embedded]


def _examine(
    judge: Judge, signature: EmbeddedPdfSignature, names: set[str], lists: Sequence[crl.CertificateList]
) -> SignatureReport:
    archive = str(signature.sig_object_type) == _STAMP
    try:
        found = judge.archive_stamp(signature) if archive else judge.signature(signature)
        facts = certificates.facts_of(signature.signer_cert)
        revoked = _revocation(signature.signer_cert, lists)
        reason = str(signature.sig_object.get("/Reason", ""))
        mechanism = signature.signer_info["signature_algorithm"]["algorithm"].native
    except Exception as error:  # noqa: BLE001  (a hostile signature may break the library in any way)
        log.info("signature %s cannot be examined: %r", signature.field_name, error)
        return _broken(signature, archive=archive)
    whole = found.status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    modified = not whole and not _only_signed_again(found.status, names)
    state = _state(revoked, found, lists)
    return SignatureReport(
        field=signature.field_name,
        signer=facts.subject.name,
        organisation=facts.subject.organisation,
        signed_at=found.time,
        algorithm=certificates.ALGORITHM_NAMES.get(mechanism, mechanism),
        reason=reason,
        certificate_serial=facts.serial,
        issuer=facts.issuer.name,
        intact=found.intact,
        coverage_whole=whole,
        modified_after=modified,
        chain_ok=found.trusted and state != "revoked",
        message=_sentence(found, judge.at, whole=whole, modified=modified, archive=archive, state=state),
        stamped=found.stamped,
        archive=archive,
        level=_level(signature, found, archive=archive),
        revocation=state,
        revoked_at=None if revoked is None else revoked.at,
        not_before=facts.not_before,
        not_after=facts.not_after,
        chain=found.chain,
    )


def _level(signature: EmbeddedPdfSignature, found: Judgement, *, archive: bool) -> str:
    """How much evidence the file holds for this signature: stamps over it, and lists in its security store."""
    later_stamp = any(
        str(one.sig_object_type) == _STAMP and one.signed_revision > signature.signed_revision
        for one in signature.reader.embedded_signatures
    )
    if archive or (found.stamped and later_stamp):
        return "LTA"
    if found.stamped:
        return "LT" if "/DSS" in signature.reader.root else "T"
    return "B"


def _stored_lists(reader: PdfFileReader) -> Iterable[crl.CertificateList]:
    try:
        store = reader.root["/DSS"]
        return [crl.CertificateList.load(one.get_object().data, strict=True) for one in store.get("/CRLs", ())]
    except Exception as error:  # noqa: BLE001  (a hostile store may break the library in any way)
        if not isinstance(error, KeyError):
            log.info("security store cannot be read: %r", error)
        return []


def _revocation(certificate: x509.Certificate, lists: Sequence[crl.CertificateList]) -> revocation.Revocation | None:
    serial = format(certificate.serial_number, "x")
    found = [
        entry
        for one in lists
        if one["tbs_cert_list"]["issuer"] == certificate.issuer
        for entry in revocation.facts_of(one).revoked
        if entry.serial == serial
    ]
    return min(found, key=lambda entry: entry.at, default=None)


def _state(revoked: revocation.Revocation | None, found: Judgement, lists: Sequence[crl.CertificateList]) -> str:
    if revoked is not None:
        later = found.trusted and found.stamped and found.time is not None and found.time < revoked.at
        return "revoked_later" if later else "revoked"
    return "good" if lists and found.trusted else "unknown"


def _only_signed_again(status: ModificationInfo, names: set[str]) -> bool:
    """True when all that came after the signature are further signatures, time stamps and evidence."""
    difference = status.diff_result
    if not isinstance(difference, DiffResult):
        return False
    # A time stamp states no policy of its own for later changes: then evidence is all that may follow.
    most = ModificationLevel.LTA_UPDATES if status.docmdp_ok is None else ModificationLevel.FORM_FILLING
    if status.docmdp_ok is False or difference.modification_level > most:
        return False
    return difference.changed_form_fields <= names


def _sentence(found: Judgement, at: dt.datetime, *, whole: bool, modified: bool, archive: bool, state: str) -> str:
    if not found.intact:
        return "签名无效：文件内容或签名在签署后被改动，请勿采信。"
    if modified:
        return "签署之后文件又被修改（增加了内容、批注或页面），现在看到的不是签署时的文件，请勿采信。"
    if found.time is None or found.time > at:
        return "签名没有可信的签署时间（缺少时间，或者时间晚于当前时间），请向签发单位核实。"
    if state == "revoked":
        return "签名证书在签署之前已被吊销，或者不能证明签署在吊销之前，请勿采信。"
    if not found.trusted:
        return "文件未被改动，但签名证书不是由本平台信任的机构签发，或签署时不在有效期内，不能确认签署人身份。"
    if archive:
        return "长期保存时间戳有效，证明文件在这个时间已经存在，此后未被改动。"
    if not whole:
        return "签名有效，签署后文件内容未被改动（其后仅追加了其他签名、时间戳或者验证资料）。"
    return "签名有效，文件自签署以来未被改动。"


def _broken(signature: EmbeddedPdfSignature, *, archive: bool) -> SignatureReport:
    return SignatureReport(
        field=signature.field_name,
        signer="",
        organisation="",
        signed_at=None,
        algorithm="",
        reason="",
        certificate_serial="",
        issuer="",
        intact=False,
        coverage_whole=False,
        modified_after=True,
        chain_ok=False,
        message="签名已损坏，无法核验，请勿采信。",
        archive=archive,
    )
