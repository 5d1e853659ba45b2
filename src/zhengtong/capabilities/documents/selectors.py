"""Reads of documents, and what a stranger learns by code or by file."""

import dataclasses
import datetime as dt
import hashlib
import uuid
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import permissions, rules
from zhengtong.capabilities.documents.constants import MAX_VERIFY_BYTES, VERIFY_PATH, DocumentStatus
from zhengtong.capabilities.documents.engine.codes import normalised, well_formed
from zhengtong.capabilities.documents.engine.fingerprints import claimed_codes
from zhengtong.capabilities.documents.models import Document, DocumentVersion
from zhengtong.capabilities.documents.rules import Verdict
from zhengtong.capabilities.trust import api as trust
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Invalid, NotFound, NotPermitted


@dataclasses.dataclass(frozen=True, kw_only=True)
class IssuedDocument:
    """A paper as other apps know it; ``file_id`` is the current version in ``kernel.storage``."""

    id: uuid.UUID
    kind: str
    title: str
    number: str
    status: str
    holder_name: str
    object_ref: ObjectRef
    issuing_org_id: uuid.UUID
    issuing_org_name: str
    issued_at: dt.datetime
    valid_from: dt.date | None
    valid_until: dt.date | None
    verification_code: str
    verify_url: str
    sealed: bool
    file_id: uuid.UUID
    sha256: str
    sm3: str
    size: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class SignatureView:
    """One signature or seal found in an uploaded file; ``sentence`` says it in words."""

    signer: str
    algorithm: str
    signed_at: dt.datetime | None
    valid: bool
    trusted: bool
    changed_after: bool
    sentence: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class VerificationResult:
    """What a verification may tell a stranger; empty texts where nothing of ours was found.

    ``same_file`` is None when a code was asked, else whether the file is byte for byte what was issued.
    """

    verdict: Verdict
    message: str
    title: str = ""
    number: str = ""
    holder: str = ""
    issuer: str = ""
    issued_at: dt.datetime | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    ended_at: dt.datetime | None = None
    code: str = ""
    sm3: str = ""
    sealed: bool = False
    same_file: bool | None = None
    signatures: tuple[SignatureView, ...] = ()
    signature_message: str = ""


def verify_url(code: str) -> str:
    """The public address that the QR code of a paper holds."""
    return f"{settings.ZHENGTONG_BASE_URL.rstrip('/')}{VERIFY_PATH}{code}/"


def issued_document(row: Document) -> IssuedDocument:
    """The view of a row that is no draft."""
    version = DocumentVersion.objects.get(document=row, no=row.current_version)
    if row.issued_at is None:
        raise ValueError("a draft is not issued")
    return IssuedDocument(
        id=row.pk,
        kind=row.kind,
        title=row.title,
        number=row.number,
        status=row.status,
        holder_name=row.holder_name,
        object_ref=ObjectRef(kind=row.subject_kind, id=row.subject_id),
        issuing_org_id=row.issuing_org_id,
        issuing_org_name=row.issuing_org_name,
        issued_at=row.issued_at,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        verification_code=row.verification_code,
        verify_url=verify_url(row.verification_code),
        sealed=row.sealed,
        file_id=version.file_id,
        sha256=version.sha256,
        sm3=version.sm3,
        size=version.size,
    )


def documents_of(*, tenant: str, object_ref: ObjectRef) -> list[IssuedDocument]:
    """All papers ever issued for an object, oldest first. The caller has checked who may see the object."""
    rows = Document.objects.filter(tenant=tenant, subject_kind=object_ref.kind, subject_id=object_ref.id)
    return [issued_document(row) for row in rows.exclude(status=DocumentStatus.DRAFT).order_by("issued_at", "pk")]


def readable_document(*, actor: Actor, document_id: uuid.UUID) -> Document:
    """The row, for an actor who may read it; raises NotFound or NotPermitted."""
    row = Document.objects.filter(tenant=actor.tenant, pk=document_id).exclude(status=DocumentStatus.DRAFT).first()
    if row is None:
        raise NotFound(_("没有找到这份文书。"))
    if not permissions.may_read(actor, row):
        raise NotPermitted(
            _("这份文书由“%(org)s”签发，您所在的单位没有参与这个办件，看不到它的内容。如需查看，请向签发单位申请。")
            % {"org": row.issuing_org_name}
        )
    return row


def verify_by_code(code: str) -> VerificationResult:
    """What is known of the paper with this code; a mistyped code is told apart from one never issued."""
    asked = normalised(code)
    if not well_formed(asked):
        return VerificationResult(
            verdict=Verdict.MISTYPED,
            message=_("查验码有误：应为 12 位字母和数字，请对照文书上的查验码重新输入。"),
            code=asked[:32],
        )
    row = Document.objects.filter(verification_code=asked).exclude(status=DocumentStatus.DRAFT).first()
    if row is None:
        return VerificationResult(
            verdict=Verdict.UNKNOWN,
            message=_("没有查到这个查验码：本平台没有签发过这样的文书。请谨防伪造，并向文书上的签发单位核实。"),
            code=asked,
        )
    version = DocumentVersion.objects.get(document=row, no=row.current_version)
    return _found(row, version, same_file=None, seals={})


def verify_file(content: bytes) -> VerificationResult:
    """Compare a PDF with what was issued: the same, one of ours but changed, or none of ours. Nothing is kept.

    Raises Invalid for a file that is too large or no PDF.
    """
    _check_pdf(content)
    seals = _signatures(content)
    version = (
        DocumentVersion.objects.select_related("document")
        .filter(sha256=hashlib.sha256(content).hexdigest())
        .exclude(document__status=DocumentStatus.DRAFT)
        .first()
    )
    if version is not None:
        return _found(version.document, version, same_file=True, seals=seals)
    for code in claimed_codes(content):
        row = Document.objects.filter(verification_code=code).exclude(status=DocumentStatus.DRAFT).first()
        if row is not None:
            version = DocumentVersion.objects.get(document=row, no=row.current_version)
            return _altered(row, version, content, seals)
    return VerificationResult(
        verdict=Verdict.UNKNOWN,
        message=_(
            "这个文件不是本平台签发的，或者不是签发的电子原件（例如重新打印、扫描、另存的文件）。请输入文书上的查验码核对。"
        ),
        same_file=False,
        **seals,
    )


def _check_pdf(content: bytes) -> None:
    if len(content) > MAX_VERIFY_BYTES:
        raise Invalid(_("文件超过 20 MB，没有查验。本平台签发的文书都小于 20 MB，请确认选对了文件。"), field="file")
    if b"%PDF-" not in content[:1024]:
        raise Invalid(_("这不是 PDF 文件，没有查验。请上传下载到的电子文书原件（PDF），不要上传照片。"), field="file")


def _found(
    row: Document, version: DocumentVersion, *, same_file: bool | None, seals: dict[str, Any]
) -> VerificationResult:
    verdict = rules.verdict_of(
        status=row.status, valid_from=row.valid_from, valid_until=row.valid_until, today=local_date()
    )
    sentences = {
        Verdict.GENUINE: _("这份文书由本平台签发，目前有效。"),
        Verdict.NOT_YET_VALID: _("这份文书由本平台签发，但还没有到有效期的开始日期。"),
        Verdict.EXPIRED: _("这份文书由本平台签发，但已经超过有效期。"),
        Verdict.SUPERSEDED: _("这份文书已经被新的文书替换，不再有效。"),
        Verdict.WITHDRAWN: _("这份文书已经被签发单位撤回，不再有效。"),
    }
    tail = (
        _("您上传的文件与签发原件完全一致。")
        if same_file
        else _("请核对手中文书的内容与下列内容是否一致；不一致的，以下列内容为准。")
    )
    return VerificationResult(
        **_public_face(row, version),
        verdict=verdict,
        message=sentences[verdict] + tail,
        same_file=same_file,
        **seals,
    )


def _altered(row: Document, version: DocumentVersion, content: bytes, seals: dict[str, Any]) -> VerificationResult:
    appended = len(content) > version.size and hashlib.sha256(content[: version.size]).hexdigest() == version.sha256
    message = (
        _("这个文件的前一部分与签发原件一致，但后来被追加了内容。请以签发原件为准，不要采信追加的部分。")
        if appended
        else _("内容已被改动：这个文件带有本平台的查验码，但与签发原件不一致，不能作为凭证。真实内容以下列为准。")
    )
    return VerificationResult(
        **_public_face(row, version), verdict=Verdict.ALTERED, message=message, same_file=False, **seals
    )


def _public_face(row: Document, version: DocumentVersion) -> dict[str, Any]:
    return {
        "title": row.title,
        "number": row.number,
        "holder": rules.public_holder(row.holder_name, is_person=row.holder_is_person),
        "issuer": row.issuing_org_name,
        "issued_at": row.issued_at,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "ended_at": row.ended_at,
        "code": row.verification_code,
        "sm3": version.sm3,
        "sealed": row.sealed,
    }


def _signatures(content: bytes) -> dict[str, Any]:
    try:
        found = trust.verify_pdf(content)
    except Invalid:
        return {"signature_message": _("文件已损坏，无法检查电子印章。")}
    views = tuple(
        SignatureView(
            signer=report.organisation or report.signer,
            algorithm=report.algorithm,
            signed_at=report.signed_at,
            valid=report.valid,
            trusted=report.chain_ok,
            changed_after=report.modified_after,
            sentence=report.message,
        )
        for report in found.signatures
    )
    return {"signatures": views, "signature_message": found.message}
