"""Examines the signatures of a PDF document and says in Chinese what was found."""

import asyncio
import datetime as dt
import io
import logging
from collections.abc import Sequence

from asn1crypto import algos, pem
from asn1crypto.keys import PublicKeyInfo
from cryptography.exceptions import InvalidSignature
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DiffResult,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    XrefStreamRule,
)
from pyhanko.sign.validation import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.sig_validate import (
    DEFAULT_VALIDATION_CONTEXT,
    DefaultSignatureValidator,
    SignatureValidationContext,
)

from zhengtong.capabilities.trust.engine import certificates, sm2_asn1
from zhengtong.capabilities.trust.registry import SignatureReport
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.signing import provider

log = logging.getLogger(__name__)

_UNREADABLE = "这个文件不是可以识别的 PDF 文件，或者内容已损坏，无法核验。请上传从本平台下载的原始文件。"
_NAMES = {sm2_asn1.SM2_WITH_SM3: "SM2", "sha256_ecdsa": "ECDSA-P256", "sha256_rsa": "RSA-3072"}

# pyHanko's default, but a second organisation may add its visible seal to a certified document, as in Acrobat;
# a seal of somebody unknown still makes the whole document doubtful, because every signature is judged.
_LATER_SIGNATURES_ONLY = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(),  # type: ignore[no-untyped-call]  # pyHanko is typed in part
        *(
            rule().as_qualified(ModificationLevel.LTA_UPDATES)
            for rule in (DocInfoRule, XrefStreamRule, ObjectStreamRule, DSSCompareRule, MetadataUpdateRule)
        ),
    ],
    form_rule=FormUpdatingRule(
        field_rules=[
            SigFieldCreationRule(allow_new_visible_after_certify=True),  # type: ignore[no-untyped-call]  # the same
            SigFieldModificationRule(),
        ]
    ),
)


class _Validator(DefaultSignatureValidator):
    """Sends SM2 to the kernel; everything else stays with the library."""

    def validate_signature(
        self,
        signature: bytes,
        signed_data: bytes,
        public_key_info: PublicKeyInfo,
        signature_algorithm: algos.SignedDigestAlgorithm,
        context: SignatureValidationContext = DEFAULT_VALIDATION_CONTEXT,
    ) -> None:
        """Raise InvalidSignature unless the signature holds."""
        if signature_algorithm["algorithm"].native != sm2_asn1.SM2_WITH_SM3:
            super().validate_signature(signature, signed_data, public_key_info, signature_algorithm, context)
            return
        public = pem.armor("PUBLIC KEY", public_key_info.dump()).decode()
        if context.prehashed or not provider.verify("SM2", public, signed_data, signature):
            raise InvalidSignature


def open_pdf(pdf: bytes) -> PdfFileReader:
    """A reader over the document; raises Invalid when it is no readable PDF."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        list(reader.embedded_signatures)
    except Exception as error:  # a hostile file may break the parser in any way
        log.info("unreadable PDF: %r", error)
        raise Invalid(_UNREADABLE) from error
    return reader


def examine(pdf: bytes, *, trust_roots: Sequence[str], at: dt.datetime) -> list[SignatureReport]:
    """A report per signature, in the order of signing; chains are judged at the time of signing.

    The time of signing is the signer's own word (baseline B has no time stamp); one later than ``at`` is refused.
    """
    reader = open_pdf(pdf)
    embedded = sorted(reader.embedded_signatures, key=lambda signature: signature.signed_revision)
    names = {signature.field_name for signature in embedded}
    return [_examine(signature, names, trust_roots, at) for signature in embedded]


def _examine(
    signature: EmbeddedPdfSignature, names: set[str], trust_roots: Sequence[str], at: dt.datetime
) -> SignatureReport:
    try:
        signed_at = signature.self_reported_timestamp
        status = _status(signature, trust_roots, signed_at or at)
        facts = certificates.facts_of(signature.signer_cert)
    except Exception as error:  # noqa: BLE001  (a hostile signature may break the library in any way)
        log.info("signature %s cannot be examined: %r", signature.field_name, error)
        return _broken(signature)
    intact = bool(status.intact and status.valid)
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    modified = not whole and not _only_signed_again(status, names)
    dated = signed_at is not None and signed_at <= at
    chain = bool(status.trusted and dated)
    mechanism = signature.signer_info["signature_algorithm"]["algorithm"].native
    return SignatureReport(
        field=signature.field_name,
        signer=facts.subject.name,
        organisation=facts.subject.organisation,
        signed_at=signed_at,
        algorithm=_NAMES.get(mechanism, mechanism),
        reason=str(signature.sig_object.get("/Reason", "")),
        certificate_serial=facts.serial,
        issuer=facts.issuer.name,
        intact=intact,
        coverage_whole=whole,
        modified_after=modified,
        chain_ok=chain,
        message=_sentence(intact=intact, whole=whole, modified=modified, chain=chain, dated=dated),
    )


def _status(signature: EmbeddedPdfSignature, trust_roots: Sequence[str], moment: dt.datetime) -> PdfSignatureStatus:
    context = ValidationContext(
        trust_roots=[certificates.parse(text) for text in trust_roots],
        moment=moment,
        allow_fetching=False,
        signature_validator=_Validator(),
    )
    return asyncio.run(
        async_validate_pdf_signature(signature, signer_validation_context=context, diff_policy=_LATER_SIGNATURES_ONLY)
    )


def _only_signed_again(status: PdfSignatureStatus, names: set[str]) -> bool:
    """True when all that came after the signature are further signatures."""
    difference = status.diff_result
    if not isinstance(difference, DiffResult) or not status.docmdp_ok:
        return False
    if difference.modification_level > ModificationLevel.FORM_FILLING:
        return False
    return difference.changed_form_fields <= names


def _sentence(*, intact: bool, whole: bool, modified: bool, chain: bool, dated: bool) -> str:
    if not intact:
        return "签名无效：文件内容或签名在签署后被改动，请勿采信。"
    if modified:
        return "签署之后文件又被修改（增加了内容、批注或页面），现在看到的不是签署时的文件，请勿采信。"
    if not dated:
        return "签名没有可信的签署时间（缺少时间，或者时间晚于当前时间），请向签发单位核实。"
    if not chain:
        return "文件未被改动，但签名证书不是由本平台信任的机构签发，或签署时不在有效期内，不能确认签署人身份。"
    if not whole:
        return "签名有效，签署后文件内容未被改动（其后仅追加了其他签名）。"
    return "签名有效，文件自签署以来未被改动。"


def _broken(signature: EmbeddedPdfSignature) -> SignatureReport:
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
    )
