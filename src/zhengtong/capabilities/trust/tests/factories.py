"""Keys, certificates and documents for the tests of trust; made once, because RSA keys take their time."""

import datetime as dt
import functools
import io

import typst
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from zhengtong.capabilities.trust.engine import certificates, seal_picture
from zhengtong.capabilities.trust.plugins.pdf_signature import PyHankoSigner
from zhengtong.capabilities.trust.registry import Box, Credential
from zhengtong.kernel.fonts import font_paths
from zhengtong.kernel.signing import software

AT = dt.datetime(2026, 11, 20, 2, 30, tzinfo=dt.UTC)
# Poppler judges by the machine's clock, so the certificates hold for decades around it.
YEAR = dt.timedelta(days=365)
LATER = AT + dt.timedelta(hours=1)
ORG = "青禾县市场监督管理局"
BOX = Box(left=380, bottom=120, right=499, top=239)

_LICENCE = """
#set document(title: "许可证", author: "青禾县", date: datetime(year: 2026, month: 11, day: 20))
#set page(paper: "a4")
#set text(lang: "zh", font: ("Noto Serif SC", "Noto Serif CJK SC"))
= 食品经营许可证
#v(4cm) 第一页 #pagebreak() 第二页 #v(1fr) #align(right)[青禾县市场监督管理局 \\ 2026年11月20日]
"""


@functools.cache
def root_key(algorithm: str) -> software.SoftwareKey:
    return software.generate(algorithm)


@functools.cache
def root_pem(algorithm: str) -> str:
    return certificates.build(
        role="root",
        subject=certificates.Subject("测试", "测试根证书"),
        public_pem=root_key(algorithm).public_key_pem(),
        issuer_pem=None,
        issuer=root_key(algorithm),
        not_before=AT - 10 * YEAR,
        not_after=AT + 40 * YEAR,
    )


@functools.cache
def credential(algorithm: str) -> Credential:
    key = software.generate(algorithm)
    text = certificates.build(
        role="signer",
        subject=certificates.Subject(ORG, f"{ORG}公章"),
        public_pem=key.public_key_pem(),
        issuer_pem=root_pem(algorithm),
        issuer=root_key(algorithm),
        not_before=AT - 10 * YEAR,
        not_after=AT + 30 * YEAR,
    )
    return Credential(provider=key, certificate_pem=text, chain_pem=(root_pem(algorithm),))


def roots() -> list[str]:
    return [root_pem(algorithm) for algorithm in ("SM2", "ECDSA-P256", "RSA-3072")]


@functools.cache
def licence() -> bytes:
    """Two pages of PDF/A-2b."""
    return typst.compile(
        _LICENCE.encode(), format="pdf", pdf_standards=["a-2b"], font_paths=[str(path) for path in font_paths()]
    )


@functools.cache
def seal() -> seal_picture.SealPicture:
    return seal_picture.draw(name=ORG, captions=("演示专用",), diameter_mm=42)


def signed(*algorithms: str, picture: bytes | None = None, at: dt.datetime = AT) -> bytes:
    """The licence signed by each algorithm in turn, the first one visibly."""
    pdf = licence()
    for number, algorithm in enumerate(algorithms):
        pdf = PyHankoSigner().sign_pdf(
            pdf,
            credential=credential(algorithm),
            field=f"seal-{number}-{algorithm.lower()}",
            seal_picture=(picture or seal().pdf) if number == 0 else None,
            box=BOX if number == 0 else None,
            reason="准予许可",
            location="青禾县",
            signed_at=at,
        )
    return pdf


def with_comment(pdf: bytes) -> bytes:
    """The document with a comment added by an incremental update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/Text"),
            generic.pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(n) for n in (50, 50, 80, 80)]),
            generic.pdf_name("/Contents"): generic.pdf_string("涂改"),
        }
    )
    writer.register_annotation(page.container_ref, writer.add_object(note))
    return _written(writer)


def with_page(pdf: bytes) -> bytes:
    """The document with an empty page appended by an incremental update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    box = generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 595, 842)])
    page = generic.DictionaryObject(
        {generic.pdf_name("/Type"): generic.pdf_name("/Page"), generic.pdf_name("/MediaBox"): box}
    )
    writer.insert_page(page)
    return _written(writer)


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()
