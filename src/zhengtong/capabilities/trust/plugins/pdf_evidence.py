"""What keeps a signed PDF provable for decades: time stamps, certificates and revocation lists inside the file."""

import asyncio
import io

from asn1crypto import cms, crl, tsp
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import DocumentSecurityStore

from zhengtong.capabilities.trust.engine import certificates
from zhengtong.capabilities.trust.plugins import pdf_examination
from zhengtong.capabilities.trust.registry import Evidence, Stamp


class Stamper(TimeStamper):
    """pyHanko's client of a time-stamp service, over our own service without HTTP."""

    def __init__(self, stamp: Stamp) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # pyHanko is typed in part
        self._stamp = stamp

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The service's answer to a request."""
        return tsp.TimeStampResp.load(self._stamp.answer(req.dump()))

    async def async_dummy_response(self, md_algorithm: str) -> cms.ContentInfo:
        """Something as long as a token, for the estimate of room: a true one would cost a signature and a number."""
        return cms.ContentInfo({"content_type": "data", "content": bytes(self._stamp.token_bytes)})


def preserve(pdf: bytes, *, evidence: Evidence, stamp: Stamp | None, digest_algorithm: str, field: str) -> bytes:
    """The document with the evidence in its security store, and with ``stamp`` one in ``field`` over everything."""
    writer = IncrementalPdfFileWriter.from_reader(pdf_examination.open_pdf(pdf, to_write=True))
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        sig_contents=None,
        certs=[certificates.parse(text) for text in evidence.certificates_pem],
        crls=[crl.CertificateList.load(der) for der in evidence.revocation_lists],
    )
    output = io.BytesIO()
    if stamp is None:
        writer.write(output)  # type: ignore[no-untyped-call]  # pyHanko is typed in part
        return output.getvalue()
    stamper = PdfTimeStamper(Stamper(stamp), field_name=field, readable_field_name="长期保存时间戳")
    # The token stands in the file as hexadecimal digits.
    room = 2 * stamp.token_bytes
    asyncio.run(stamper.async_timestamp_pdf(writer, digest_algorithm, output=output, bytes_reserved=room))
    return output.getvalue()
