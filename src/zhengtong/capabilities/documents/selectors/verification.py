"""What a stranger learns of a paper: by its code, by its file, by its offline token, by a picture of a QR code."""

import dataclasses
import datetime as dt
import hashlib
import uuid
from typing import Any

from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import rules
from zhengtong.capabilities.documents.constants import MAX_VERIFY_BYTES, DocumentStatus, FileFormat
from zhengtong.capabilities.documents.engine import token
from zhengtong.capabilities.documents.engine.codes import normalised, well_formed
from zhengtong.capabilities.documents.engine.fingerprints import claimed_codes, claimed_codes_of_ofd, texts_in_picture
from zhengtong.capabilities.documents.models import Document, DocumentRendition, DocumentVersion
from zhengtong.capabilities.documents.rules import Verdict
from zhengtong.capabilities.documents.selectors.papers import content_digest, ground_label, ledger_entry_of, lost_since
from zhengtong.capabilities.documents.selectors.signatures import FoundSignatures, SignatureView, signatures_in
from zhengtong.capabilities.trust import api as trust
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.ui.formats import cn_date

_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff")


@dataclasses.dataclass(frozen=True, kw_only=True)
class VerificationResult:
    """What a verification may tell a stranger; empty texts where nothing of ours was found.

    ``end_word`` says in a word how the paper ended, ``lost_at`` since when it is reported as lost.
    ``same_file`` is None when no file was compared, else whether it is byte for byte what was issued; ``file_format``
    is that of the file. ``token_message`` is about an offline token. ``ledger_entry`` names the entry of the issue.
    """

    verdict: Verdict
    message: str
    document_id: uuid.UUID | None = None
    title: str = ""
    number: str = ""
    holder: str = ""
    issuer: str = ""
    issued_at: dt.datetime | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    ended_at: dt.datetime | None = None
    ended_ground: str = ""
    end_word: str = ""
    lost_at: dt.datetime | None = None
    code: str = ""
    sm3: str = ""
    sealed: bool = False
    same_file: bool | None = None
    file_format: str = ""
    version_no: int = 0
    signatures: tuple[SignatureView, ...] = ()
    signature_message: str = ""
    token_message: str = ""
    ledger_entry: uuid.UUID | None = None
    ledger_at: dt.datetime | None = None


def verify_by_code(code: str) -> VerificationResult:
    """What is known of the paper with this code; a mistyped code is told apart from one never issued."""
    asked = normalised(code)
    if not well_formed(asked):
        return VerificationResult(
            verdict=Verdict.MISTYPED,
            message=_("查验码有误：应为 12 位字母和数字，请对照文书上的查验码重新输入。"),
            code=asked[:32],
        )
    row = _issued(asked)
    if row is None:
        return VerificationResult(
            verdict=Verdict.UNKNOWN,
            message=_("没有查到这个查验码：本平台没有签发过这样的文书。请谨防伪造，并向文书上的签发单位核实。"),
            code=asked,
        )
    return _found(row, _face(row))


def verify_token(text: str) -> VerificationResult:
    """Check an offline token's signature, and then, because we are online, what became of its paper since."""
    try:
        found = token.read_token(text)
    except token.BadToken:
        return _bad_token(_("离线核验码不完整或者已被改动，不能作为凭证。请重新扫描证照上的二维码。"))
    facts = found.facts
    holds = trust.verify_token(key_id=facts.key, data=found.signed, signature=found.signature)
    if holds is None and trust.is_test_key(facts.key):
        return _bad_token(_("离线核验码由开发测试密钥签名，不具法律效力，不能作为凭证。"))
    if holds is None:
        return _bad_token(_("离线核验码不是由本平台的密钥签发的，不能作为凭证。请向证照上的签发单位核实。"))
    if not holds:
        return _bad_token(_("离线核验码已被改动：签名不成立，不能作为凭证。"))
    row = _issued(facts.code)
    if row is None or (row.number, content_digest(row)) != (facts.number, facts.digest):
        return _bad_token(_("离线核验码的签名有效，但本平台没有登记这份证照。请向证照上的签发单位核实。"))
    message = _("离线核验码的签名有效，证照上的内容与签发时一致。")
    return dataclasses.replace(_found(row, _face(row)), token_message=message)


def verify_file(content: bytes) -> VerificationResult:
    """Compare a PDF or OFD with what was issued, or read the QR codes of a picture. Nothing is kept.

    Raises Invalid for a file that is too large or of another kind, and for a picture without a code of ours.
    """
    if len(content) > MAX_VERIFY_BYTES:
        raise Invalid(_("文件超过 20 MB，没有查验。本平台签发的文书都小于 20 MB，请确认选对了文件。"), field="file")
    if content.startswith(_PICTURES):
        return _verify_picture(content)
    is_ofd = content[:4] == b"PK\x03\x04"
    if not is_ofd and b"%PDF-" not in content[:1024]:
        raise Invalid(
            _(
                "这不是 PDF 或者 OFD 文件，没有查验。请上传下载到的电子文书原件；"
                "只有纸质文书的，请上传二维码的照片（PNG、JPEG）。"
            ),
            field="file",
        )
    seals = signatures_in(content, is_ofd=is_ofd)
    same = _stored(hashlib.sha256(content).hexdigest())
    if same is not None:
        row, face = same
        return _with_seals(_found(row, {**face, "same_file": True}), seals)
    for code in claimed_codes_of_ofd(content) if is_ofd else claimed_codes(content):
        claimed = _issued(code)
        if claimed is not None:
            return _with_seals(_altered(claimed, content), seals)
    return _with_seals(
        VerificationResult(
            verdict=Verdict.UNKNOWN,
            message=_(
                "这个文件不是本平台签发的，或者不是签发的电子原件（例如重新打印、扫描、另存的文件）。"
                "请输入文书上的查验码核对。"
            ),
            same_file=False,
            file_format=FileFormat.OFD if is_ofd else FileFormat.PDF,
        ),
        seals,
    )


def _verify_picture(content: bytes) -> VerificationResult:
    texts = texts_in_picture(content)
    for text in texts:
        if token.looks_like_token(text):
            return verify_token(text)
    for text in texts:
        code = normalised(text.rstrip("/").rpartition("/")[2])
        if well_formed(code):
            return verify_by_code(code)
    raise Invalid(
        _("照片里没有读到本平台文书的二维码。请靠近、对正、避免反光后重新拍摄，或者输入二维码旁边的查验码。"),
        field="file",
    )


def _issued(code: str) -> Document | None:
    return Document.objects.filter(verification_code=code).exclude(status=DocumentStatus.DRAFT).first()


def _stored(digest: str) -> tuple[Document, dict[str, Any]] | None:
    """The paper of which this is a file, and what to say of the file."""
    version = DocumentVersion.objects.select_related("document").filter(sha256=digest).first()
    if version is not None:
        return version.document, _file_face(version.document, FileFormat.PDF, version.no, version.sm3)
    made = DocumentRendition.objects.select_related("document").filter(sha256=digest).first()
    if made is not None:
        return made.document, _file_face(made.document, FileFormat(made.file_format), made.version_no, made.sm3)
    return None


def _file_face(row: Document, file_format: FileFormat, number: int, sm3: str) -> dict[str, Any]:
    return {**_face(row), "file_format": file_format.value, "version_no": number, "sm3": sm3}


def _found(row: Document, face: dict[str, Any]) -> VerificationResult:
    verdict = rules.verdict_of(
        status=row.status,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        today=local_date(),
        lost=face["lost_at"] is not None,
    )
    if row.sealed and trust.is_test_sealed(digest=face["sm3"]):
        message = _("这份文书是演示时用开发测试证书盖章的，不具法律效力，正式运行环境不予采信。")
        return VerificationResult(**face, verdict=Verdict.FOR_TESTS, message=message)
    tail = (
        _("您上传的文件与签发原件完全一致。")
        if face.get("same_file")
        else _("请核对手中文书的内容与下列内容是否一致；不一致的，以下列内容为准。")
    )
    return VerificationResult(**face, verdict=verdict, message=_sentence(verdict, face) + tail)


def _sentence(verdict: Verdict, face: dict[str, Any]) -> str:
    """What the verdict means, with the day on which a licence ended or was lost."""
    if face["end_word"] not in ("", "已撤回", "已被替换"):
        words = {"word": face["end_word"], "day": cn_date(face["ended_at"])}
        return _("这份证照由本平台签发，%(day)s%(word)s，不再有效。") % words
    return {
        Verdict.GENUINE: _("这份文书由本平台签发，目前有效。"),
        Verdict.NOT_YET_VALID: _("这份文书由本平台签发，但还没有到有效期的开始日期。"),
        Verdict.EXPIRED: _("这份文书由本平台签发，但已经超过有效期。"),
        Verdict.SUPERSEDED: _("这份文书已经被新的文书替换，不再有效。"),
        Verdict.WITHDRAWN: _("这份文书已经被签发单位撤回，不再有效。"),
        Verdict.LOST: _(
            "这份证照由本平台签发，持有人已在%(day)s挂失。出示证照的人可能不是持有人，请核对身份，必要时向签发单位核实。"
        )
        % {"day": cn_date(face["lost_at"])},
    }[verdict]


def _altered(row: Document, content: bytes) -> VerificationResult:
    version = DocumentVersion.objects.get(document=row, no=row.current_version)
    appended = len(content) > version.size and hashlib.sha256(content[: version.size]).hexdigest() == version.sha256
    message = (
        _("这个文件的前一部分与签发原件一致，但后来被追加了内容。请以签发原件为准，不要采信追加的部分。")
        if appended
        else _("内容已被改动：这个文件带有本平台的查验码，但与签发原件不一致，不能作为凭证。真实内容以下列为准。")
    )
    return VerificationResult(**{**_face(row), "same_file": False}, verdict=Verdict.ALTERED, message=message)


def _bad_token(message: str) -> VerificationResult:
    return VerificationResult(verdict=Verdict.ALTERED, message=message, token_message=message)


def _with_seals(result: VerificationResult, seals: FoundSignatures) -> VerificationResult:
    return dataclasses.replace(result, signatures=seals.views, signature_message=seals.message)


def _face(row: Document) -> dict[str, Any]:
    """What a stranger may read of a paper; a person's name is masked, the reason of its end not told."""
    version = DocumentVersion.objects.get(document=row, no=row.current_version)
    entry = ledger_entry_of(row)
    return {
        "document_id": row.pk,
        "title": row.title,
        "number": row.number,
        "holder": rules.public_holder(row.holder_name, is_person=row.holder_is_person),
        "issuer": row.issuing_org_name,
        "issued_at": row.issued_at,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "ended_at": row.ended_at,
        "ended_ground": ground_label(row),
        "end_word": rules.end_word(kind=row.kind, status=row.status, ground=row.ended_ground),
        "lost_at": lost_since(row),
        "code": row.verification_code,
        "sm3": version.sm3,
        "sealed": row.sealed,
        "ledger_entry": entry.id if entry else None,
        "ledger_at": entry.at if entry else None,
    }
