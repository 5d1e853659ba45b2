"""Signatures in PDF documents (PAdES baseline B and T) by pyHanko, with SM2 beside RSA and ECDSA.

Every signature is an incremental update, so earlier ones and the document's PDF/A conformance stay untouched.
"""

import asyncio
import datetime as dt
import functools
import io
from collections.abc import Sequence

from asn1crypto import algos
from asn1crypto import cms as asn1_cms
from PIL import Image
from pyhanko.pdf_utils import content, layout
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from zhengtong.capabilities.trust.engine import certificates, cms, timestamps
from zhengtong.capabilities.trust.plugins import pdf_evidence, pdf_examination
from zhengtong.capabilities.trust.registry import NO_EVIDENCE, Box, Credential, Evidence, SignatureReport, Stamp
from zhengtong.kernel.calendar import SHANGHAI
from zhengtong.kernel.errors import Invalid

_DIGESTS, _MECHANISMS = certificates.DIGESTS, certificates.SIGNATURE_ALGORITHMS
# Longest signatures in bytes: DER of two 256-bit integers, and the RSA modulus.
_LONGEST = {"SM2": 72, "ECDSA-P256": 72, "RSA-3072": 384}

# A signature beside certificates, value and time stamp: signed attributes, names, identifiers.
_CMS_FRAME = 1200


class _ProviderSigner(signers.Signer):
    """Lets any SignProvider sign; the key object stays alive, because parsing an RSA key costs several signatures.

    The signed data is put together by ``engine.cms``: pyHanko encodes every certificate anew for each signature.
    """

    def __init__(self, credential: Credential, stamp: Stamp | None) -> None:
        self._provider, self._stamp = credential.provider, stamp
        certificate = certificates.parse(credential.certificate_pem)
        self._certificate: bytes = certificate.dump()
        self._chain = (self._certificate, *(certificates.parse(text).dump() for text in credential.chain_pem))
        super().__init__(
            signing_cert=certificate,
            cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]  # pyHanko is typed in part
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": _MECHANISMS[self._provider.algorithm]}),
        )

    async def async_sign(
        self,
        data_digest: bytes,
        digest_algorithm: str,
        *_pyhanko: object,
        **_wishes: object,
    ) -> asn1_cms.ContentInfo:
        """The signed data over a document's digest, time-stamped where wanted."""
        if digest_algorithm != _DIGESTS[self._provider.algorithm]:
            raise ValueError(f"{self._provider.algorithm} does not sign {digest_algorithm} digests here")
        fetch = functools.partial(timestamps.fetched, digest_algorithm=digest_algorithm)
        data = cms.sign_detached(
            digest=data_digest,
            key=self._provider,
            certificate=self._certificate,
            chain=self._chain,
            stamp=None if self._stamp is None else functools.partial(fetch, self._stamp.answer),
        )
        return asn1_cms.ContentInfo.load(data)


class _DatedSigner(signers.PdfSigner):
    """pyHanko reads the machine's clock; the act carries its own time."""

    signed_at: dt.datetime

    def init_signing_session(
        self,
        pdf_out: BasePdfFileWriter,
        existing_fields_only: bool = False,  # noqa: FBT001  (pyHanko's signature)
    ) -> PdfSigningSession:
        """pyHanko's session with our time in it."""
        session = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = self.signed_at
        return session


class _PictureOfPage(content.PdfContent):
    """The first page of a PDF in memory, as drawing instructions."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self._pdf = pdf

    def render(self) -> bytes:
        """Import the page as a form and call it."""
        form = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._pdf)))
        self.resources.xobject["/SealPicture"] = form
        left, bottom, right, top = form.get_object()["/BBox"]
        self.box = layout.BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return b"/SealPicture Do"


class PyHankoSigner:
    """The PdfSigner of the platform."""

    def sign_pdf(
        self,
        pdf: bytes,
        *,
        credential: Credential,
        field: str,
        seal_picture: bytes | None,
        box: Box | None,
        reason: str,
        location: str,
        signed_at: dt.datetime,
        stamp: Stamp | None = None,
    ) -> bytes:
        """The document with one more signature in the new field ``field``; ``stamp`` makes it baseline T.

        The first signature of a document certifies it: later changes other than further signatures break it
        in every reader (DocMDP level 2).
        """
        reader = pdf_examination.open_pdf(pdf, to_write=True)
        writer = IncrementalPdfFileWriter.from_reader(reader)
        metadata = signers.PdfSignatureMetadata(
            field_name=field,
            md_algorithm=_DIGESTS[credential.provider.algorithm],
            subfilter=fields.SigSeedSubFilter.PADES,
            reason=reason,
            location=location,
            name=certificates.facts_of(certificates.parse(credential.certificate_pem)).subject.name,
            certify=next(fields.enumerate_sig_fields(reader, filled_status=True), None) is None,
            docmdp_permissions=fields.MDPPerm.FILL_FORMS,
        )
        visible = seal_picture is not None and box is not None
        signer = _DatedSigner(
            metadata,
            signer=_ProviderSigner(credential, stamp),
            stamp_style=_stamp(seal_picture) if visible and seal_picture is not None else None,
            new_field_spec=_field(field, box if visible else None, reader),
        )
        signer.signed_at = signed_at.astimezone(SHANGHAI)
        output = io.BytesIO()
        asyncio.run(signer.async_sign_pdf(writer, output=output, bytes_reserved=_room(credential, stamp)))
        return output.getvalue()

    def preserve_pdf(
        self, pdf: bytes, *, evidence: Evidence, stamp: Stamp | None, digest_algorithm: str, field: str
    ) -> bytes:
        """The document with what a verifier will need in years, and with ``stamp`` an archival one over all of it."""
        return pdf_evidence.preserve(
            pdf, evidence=evidence, stamp=stamp, digest_algorithm=digest_algorithm, field=field
        )

    def verify_pdf(
        self, pdf: bytes, *, trust_roots: Sequence[str], at: dt.datetime, evidence: Evidence = NO_EVIDENCE
    ) -> list[SignatureReport]:
        """A report per signature, in the order of signing."""
        return pdf_examination.examine(pdf, trust_roots=trust_roots, at=at, evidence=evidence)


def _room(credential: Credential, stamp: Stamp | None) -> int:
    """Hexadecimal digits for the signature: pyHanko would sign once more for an estimate, a fifth of the time."""
    chain = (credential.certificate_pem, *credential.chain_pem)
    size = sum(len(certificates.parse(text).dump()) for text in chain)
    return 2 * (size + _LONGEST[credential.provider.algorithm] + _CMS_FRAME + (stamp.token_bytes if stamp else 0))


def _field(name: str, box: Box | None, reader: PdfFileReader) -> fields.SigFieldSpec:
    if box is None:
        return fields.SigFieldSpec(name, on_page=0)
    pages = int(reader.root["/Pages"]["/Count"])
    page = box.page if box.page >= 0 else pages + box.page
    if not 0 <= page < pages or box.left >= box.right or box.bottom >= box.top:
        raise Invalid("盖章位置不在文件页面之内，没有盖章。请检查用印页码和位置。")
    corners = (round(box.left), round(box.bottom), round(box.right), round(box.top))
    return fields.SigFieldSpec(name, on_page=page, box=corners, readable_field_name="电子印章")


def _stamp(picture: bytes) -> StaticStampStyle:
    if picture.startswith(b"%PDF"):
        drawing: content.PdfContent = _PictureOfPage(picture)
    else:
        drawing = PdfImage(Image.open(io.BytesIO(picture)), writer=None)
    whole_box = layout.SimpleBoxLayoutRule(
        x_align=layout.AxisAlignment.ALIGN_MID,
        y_align=layout.AxisAlignment.ALIGN_MID,
        margins=layout.Margins(left=0, right=0, top=0, bottom=0),
    )
    return StaticStampStyle(border_width=0, background=drawing, background_layout=whole_box, background_opacity=1.0)
