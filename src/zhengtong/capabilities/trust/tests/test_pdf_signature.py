"""Signatures in PDF: against poppler and OpenSSL, and against every kind of later change."""

import datetime as dt
import hashlib
import io
import subprocess
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from asn1crypto import cms
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader

from zhengtong.capabilities.trust.plugins.pdf_signature import PyHankoSigner
from zhengtong.capabilities.trust.registry import Box, SignatureReport
from zhengtong.capabilities.trust.tests import factories
from zhengtong.kernel.errors import Invalid

BOTH = ("SM2", "RSA-3072")


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return factories.signed(*BOTH)


def examine(pdf: bytes, *, roots: list[str] | None = None, at: dt.datetime = factories.LATER) -> list[SignatureReport]:
    trusted = factories.roots() if roots is None else roots
    return PyHankoSigner().verify_pdf(pdf, trust_roots=trusted, at=at)


def refused(pdf: bytes) -> bool:
    """True when no reader of the report could take the document for good."""
    try:
        reports = examine(pdf)
    except Invalid:
        return True
    return not reports or not all(report.valid for report in reports) or len(reports) < len(BOTH)


def pdfsig(pdf: bytes, folder: Path, *options: str) -> str:
    (folder / "file.pdf").write_bytes(pdf)
    command = ["pdfsig", *options, "file.pdf"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60).stdout


def signed_ranges(pdf: bytes) -> list[tuple[int, int]]:
    """Start and end of the bytes that the last signature covers."""
    last = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[-1]
    start, length, second, rest = [int(number) for number in last.byte_range]
    return [(start, start + length), (second, second + rest)]


@pytest.mark.parametrize("algorithm", ["SM2", "ECDSA-P256", "RSA-3072"])
def test_each_algorithm_is_accepted(algorithm: str) -> None:
    (report,) = examine(factories.signed(algorithm))

    assert report.valid
    assert report.coverage_whole
    assert report.algorithm == algorithm
    assert report.signer == "青禾县市场监督管理局公章"
    assert report.organisation == factories.ORG
    assert report.signed_at == factories.AT
    assert report.reason == "准予许可"
    assert report.message == "签名有效，文件自签署以来未被改动。"


def test_national_signature_first_then_one_that_covers_all(sealed: bytes) -> None:
    national, common = examine(sealed)

    assert (national.algorithm, common.algorithm) == BOTH
    assert national.valid
    assert common.valid
    assert (national.coverage_whole, common.coverage_whole) == (False, True)
    assert "其后仅追加了其他签名" in national.message


def test_a_second_organisation_may_add_its_seals(sealed: bytes) -> None:
    twice = sealed
    for algorithm in BOTH:
        twice = PyHankoSigner().sign_pdf(
            twice,
            credential=factories.credential(algorithm),
            field=f"second-{algorithm.lower()}",
            seal_picture=factories.seal().png if algorithm == "SM2" else None,
            box=Box(100, 120, 219, 239) if algorithm == "SM2" else None,
            reason="联合许可",
            location="青禾县",
            signed_at=factories.AT,
        )

    reports = examine(twice)

    assert [report.valid for report in reports] == [True] * 4
    assert [report.coverage_whole for report in reports] == [False, False, False, True]


def test_poppler_accepts_the_rsa_signature_of_the_whole_file(sealed: bytes, tmp_path: Path) -> None:
    text = pdfsig(sealed, tmp_path)

    first, second = text.split("Signature #2")
    assert "Signature is Valid." in second
    assert "Total document signed" in second
    assert "Certificate issuer isn't Trusted." in second  # the test root is in nobody's list
    assert "Signing Hash Algorithm: SHA-256" in second
    assert "Signature is Valid." not in first  # common readers know no SM3


def test_poppler_trusts_it_where_the_root_is_trusted(sealed: bytes, tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_text(factories.root_pem("RSA-3072"))
    for command in (["-N", "--empty-password"], ["-A", "-n", "root", "-t", "CT,CT,CT", "-i", "root.pem"]):
        subprocess.run(["certutil", "-d", f"sql:{tmp_path}", *command], cwd=tmp_path, check=True, timeout=60)

    assert "Certificate is Trusted." in pdfsig(sealed, tmp_path, "-nssdir", f"sql:{tmp_path}")


def test_poppler_refuses_a_changed_byte(sealed: bytes, tmp_path: Path) -> None:
    changed = bytearray(sealed)
    changed[len(factories.licence()) // 2] ^= 1

    text = pdfsig(bytes(changed), tmp_path)

    assert "Signature is Valid." not in text


@pytest.mark.parametrize("algorithm", ["SM2", "ECDSA-P256", "RSA-3072"])
def test_openssl_accepts_the_signed_attributes(algorithm: str, tmp_path: Path) -> None:
    pdf = factories.signed(algorithm)
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
    signer_info = signature.signer_info
    attributes = signer_info["signed_attrs"].untag().dump()
    (tmp_path / "attributes").write_bytes(attributes)
    (tmp_path / "changed").write_bytes(attributes[:-1] + bytes([attributes[-1] ^ 1]))
    (tmp_path / "signature").write_bytes(signer_info["signature"].native)
    (tmp_path / "public.pem").write_text(factories.credential(algorithm).provider.public_key_pem())
    digest = ["-sm3", "-sigopt", "distid:1234567812345678"] if algorithm == "SM2" else ["-sha256"]
    command = ["openssl", "dgst", *digest, "-verify", "public.pem", "-signature", "signature"]

    good, bad = (
        subprocess.run([*command, name], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
        for name in ("attributes", "changed")
    )

    assert good.stdout.strip() == "Verified OK"
    assert bad.returncode != 0
    (message_digest,) = (
        attribute["values"][0].native
        for attribute in signer_info["signed_attrs"]
        if attribute["type"].native == "message_digest"
    )
    covered = b"".join(pdf[start:end] for start, end in signed_ranges(pdf))
    assert hashlib.new("sm3" if algorithm == "SM2" else "sha256", covered).digest() == message_digest


@pytest.mark.parametrize("algorithm", ["SM2", "ECDSA-P256", "RSA-3072"])
def test_the_signed_data_is_what_pades_wants_in_der(algorithm: str) -> None:
    embedded = PdfFileReader(io.BytesIO(factories.signed(algorithm))).embedded_signatures[0]
    signed, signer = embedded.signed_data, embedded.signer_info

    # EN 319 122-1 §5: no time of signing among them, because the PDF itself says it; RFC 6211 protects the algorithms
    assert sorted(one["type"].native for one in signer["signed_attrs"]) == [
        "cms_algorithm_protection",
        "content_type",
        "message_digest",
        "signing_certificate_v2",
    ]
    assert (signed["version"].native, signer["version"].native) == ("v1", "v1")
    assert signed["encap_content_info"]["content"].native is None
    assert [one.chosen.subject.native["common_name"] for one in signed["certificates"]]
    again = cms.ContentInfo({"content_type": "signed_data", "content": signed.copy()})
    assert again.dump(force=True) == cms.ContentInfo.load(embedded.pkcs7_content).dump()


@given(data=st.data())
@settings(max_examples=80, deadline=None)
def test_any_changed_byte_is_refused(sealed: bytes, data: st.DataObject) -> None:
    start, end = data.draw(st.sampled_from(signed_ranges(sealed)))
    position = data.draw(st.integers(start, end - 1))
    changed = bytearray(sealed)

    changed[position] ^= 1 << data.draw(st.integers(0, 7))

    assert refused(bytes(changed))


@pytest.mark.parametrize("change", [factories.with_comment, factories.with_page])
def test_a_later_change_is_reported(sealed: bytes, change: object) -> None:
    reports = examine(change(sealed))  # type: ignore[operator]  # one of the two functions above

    assert [report.intact for report in reports] == [True, True]
    assert [report.coverage_whole for report in reports] == [False, False]
    assert [report.modified_after for report in reports] == [True, True]
    assert not any(report.valid for report in reports)
    assert all("签署之后文件又被修改" in report.message for report in reports)


def test_a_file_cut_short_is_refused(sealed: bytes) -> None:
    for length in (0, 100, len(sealed) // 2, len(sealed) - 20):
        assert refused(sealed[:length])


def test_an_unknown_root_is_not_trusted(sealed: bytes) -> None:
    reports = examine(sealed, roots=[factories.root_pem("ECDSA-P256")])

    assert [report.intact for report in reports] == [True, True]
    assert [report.chain_ok for report in reports] == [False, False]
    assert all("不能确认签署人身份" in report.message for report in reports)


def test_chain_is_judged_at_the_time_of_signing() -> None:
    years_later = factories.AT + 35 * factories.YEAR
    expired = factories.signed("SM2", at=factories.AT + 31 * factories.YEAR)

    assert examine(factories.signed("SM2"), at=years_later)[0].valid
    assert not examine(expired, at=years_later)[0].chain_ok


def test_a_signature_from_the_future_is_not_believed() -> None:
    (report,) = examine(factories.signed("SM2"), at=factories.AT - dt.timedelta(minutes=1))

    assert not report.valid
    assert "晚于当前时间" in report.message


def test_a_document_without_signature_has_no_reports() -> None:
    assert examine(factories.licence()) == []


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.7\n", b"PK\x03\x04" + b"0" * 100, "许可证".encode()])
def test_what_is_no_pdf_is_refused_in_chinese(junk: bytes) -> None:
    with pytest.raises(Invalid, match="不是可以识别的 PDF 文件"):
        examine(junk)


def test_the_seal_stands_on_the_last_page(sealed: bytes) -> None:
    document = pypdfium2.PdfDocument(sealed)

    def red(page: int) -> list[tuple[int, int]]:
        image = document[page].render(may_draw_forms=True).to_pil().convert("RGB")
        width, height = image.size
        pixels = image.load()
        return [
            (x, y)
            for x in range(width)
            for y in range(height)
            if pixels[x, y][0] > 150 and pixels[x, y][1] < 80 and pixels[x, y][2] < 80
        ]

    document.init_forms()
    first, last = red(0), red(1)
    height = document[1].get_height()
    document.close()

    assert first == []
    assert len(last) > 500
    box = factories.BOX
    assert all(box.left - 1 <= x <= box.right + 1 for x, _ in last)
    assert all(height - box.top - 1 <= y <= height - box.bottom + 1 for _, y in last)


@pytest.mark.parametrize("box", [Box(0, 0, 10, 10, page=2), Box(0, 0, 10, 10, page=-3), Box(10, 0, 10, 10)])
def test_a_place_outside_the_document_is_refused(box: Box) -> None:
    with pytest.raises(Invalid, match="盖章位置"):
        PyHankoSigner().sign_pdf(
            factories.licence(),
            credential=factories.credential("SM2"),
            field="seal",
            seal_picture=factories.seal().pdf,
            box=box,
            reason="",
            location="",
            signed_at=factories.AT,
        )


def test_pdf_a_survives(sealed: bytes) -> None:
    # ISO 19005-2: the identification, the output intent, appearances and flags of annotations (§6.3), no
    # NeedAppearances (§6.4.1); fonts of the seal are embedded (§6.2.11).
    assert sealed.startswith(factories.licence())
    with pikepdf.open(io.BytesIO(sealed)) as pdf:
        assert pdf.check_pdf_syntax() == []
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "B")
        assert len(pdf.Root.OutputIntents) == 1
        assert "/NeedAppearances" not in pdf.Root.AcroForm
        widgets = [pdf.Root.AcroForm.Fields[number] for number in range(2)]
        assert [int(widget.F) & 0b100111 for widget in widgets] == [0b100, 0b100]
        assert "/N" in widgets[0].AP
        assert all(font.embedded for font in fonts_of(pdf))


class Font:
    def __init__(self, descriptor: pikepdf.Object) -> None:
        self.embedded = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def fonts_of(pdf: pikepdf.Pdf) -> list[Font]:
    found = [Font(o) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"]
    assert found
    return found
