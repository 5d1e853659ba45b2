"""Seals of GB/T 38540 on OFD packages: ours, those of another implementation, and every kind of change."""

import datetime as dt
import functools
import hashlib
import io
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import gmssl_pyx
import pytest
from asn1crypto import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.trust.engine import certificates, ses
from zhengtong.capabilities.trust.engine.ofd_package import OfdPackage
from zhengtong.capabilities.trust.plugins.ofd_signature import SesSigner
from zhengtong.capabilities.trust.registry import OfdReport, StampPlace
from zhengtong.capabilities.trust.tests import factories
from zhengtong.capabilities.trust.tests.factories import AT, LATER, ORG, YEAR
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.signing import provider, sm2

SAMPLES = Path(__file__).with_name("samples")
PLACE = StampPlace(page=0, left_mm=120, top_mm=200, width_mm=42, height_mm=42)
DOC = '<?xml version="1.0" encoding="UTF-8"?><ofd:{} xmlns:ofd="http://www.ofdspec.org/2016"{}</ofd:{}>'
STEPS = [
    "parse", "seal_signature", "maker_chain", "seal_validity", "signer_listed", "signer_chain",
    "parts", "data_hash", "coverage", "signature",
]  # fmt: skip


def xml(root: str, inside: str) -> bytes:
    return DOC.format(root, inside, root).encode()


@functools.cache
def plain() -> bytes:
    """A document of one page with one line."""
    parts = {
        "OFD.xml": xml(
            "OFD", ' Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID></ofd:DocInfo>'
            "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
        ),
        "Doc_0/Document.xml": xml(
            "Document", "><ofd:CommonData><ofd:MaxUnitID>3</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 297"
            "</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>"
            '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>'
        ),
        "Doc_0/Pages/Page_0/Content.xml": xml("Page", "><ofd:Content/>"),
    }  # fmt: skip
    return packed(parts)


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


@functools.cache
def seal(*, until_years: int = 2, user: str = "SM2") -> bytes:
    return ses.make_seal(
        seal_id="0123456789abcdef",
        name=f"{ORG}公章",
        users_pem=[factories.credential(user).certificate_pem],
        created_at=AT - YEAR,
        valid_from=AT - YEAR,
        valid_until=AT + (until_years - 1) * YEAR,
        picture_png=factories.seal().png,
        diameter_mm=42,
        maker=factories.credential("SM2"),
    )


@functools.cache
def sealed() -> bytes:
    return SesSigner().sign_ofd(plain(), credential=factories.credential("SM2"), seal=seal(), place=PLACE, signed_at=AT)


def examined(ofd: bytes, *, at: dt.datetime = LATER, roots: list[str] | None = None) -> list[OfdReport]:
    return SesSigner().verify_ofd(ofd, trust_roots=factories.roots() if roots is None else roots, at=at)


def failed(report: OfdReport) -> list[str]:
    return [step.key for step in report.steps if not step.passed]


def changed(name: str, change: Callable[[bytes], bytes], ofd: bytes | None = None) -> bytes:
    package = OfdPackage(ofd or sealed())
    package.parts[name] = change(package.parts[name])
    return package.packed()


def test_a_sealed_document_passes_every_step() -> None:
    (report,) = examined(sealed())

    assert [step.key for step in report.steps] == STEPS
    assert failed(report) == []
    assert (report.valid, report.signed_at, report.organisation) == (True, AT, ORG)
    assert report.seal_name == f"{ORG}公章"
    assert report.picture == factories.seal().png
    assert "未被改动" in report.message


def test_a_plain_document_has_no_seal() -> None:
    assert examined(plain()) == []


def test_another_implementations_seals_are_read_and_hold() -> None:
    for name, version in (("UserV4.esl", 4), ("UserV5.esl", 5)):
        found = ses.read_seal((SAMPLES / name).read_bytes())
        maker = certificates.facts_of(x509.Certificate.load(found.maker_der))

        assert found.version == version
        assert (found.width_mm, found.picture_kind, found.picture[:4]) == (40, "PNG", b"\x89PNG")
        assert provider.verify("SM2", maker.public_pem, found.info_der, found.signature)
        assert not provider.verify("SM2", maker.public_pem, found.info_der + b"\0", found.signature)


def test_another_implementations_document_passes_all_but_trust_and_time() -> None:
    at = dt.datetime(2026, 8, 5, tzinfo=dt.UTC)

    (report,) = examined((SAMPLES / "SESV4SignDoc.ofd").read_bytes(), at=at)

    # nobody here trusts that authority, and the document was sealed after the seal had ended
    assert failed(report) == ["maker_chain", "seal_validity", "signer_chain"]
    assert report.seal_name == "OFD R&W 测试用印章"
    assert report.signed_at == dt.datetime(2026, 8, 4, 2, 8, 9, tzinfo=dt.UTC)


def test_another_implementations_document_changed_is_noticed() -> None:
    content = (SAMPLES / "SESV4SignDoc.ofd").read_bytes()

    (report,) = examined(changed("Doc_0/Document.xml", lambda part: part.replace(b"297", b"298"), content))

    assert "parts" in failed(report)


def test_two_other_libraries_accept_both_signatures(tmp_path: Path) -> None:
    package = OfdPackage(sealed())
    facts = ses.read_signature(package.parts["Doc_0/Signs/Sign_0/SignedValue.dat"])
    public = certificates.facts_of(x509.Certificate.load(facts.signer_der)).public_pem
    raw = bytes(x509.Certificate.load(facts.signer_der).public_key["public_key"].native)[1:]

    for number, (data, signature) in enumerate(
        ((facts.signed_der, facts.signature), (facts.seal.info_der, facts.seal.signature))
    ):
        places = {name: tmp_path / f"{name}{number}" for name in ("key", "data", "signature")}
        places["key"].write_text(public)
        places["data"].write_bytes(data)
        places["signature"].write_bytes(signature)
        command = ["openssl", "dgst", "-sm3", "-sigopt", f"distid:{sm2.USER_ID.decode()}"]
        command += ["-verify", str(places["key"]), "-signature", str(places["signature"]), str(places["data"])]
        assert subprocess.run(command, check=False, capture_output=True).returncode == 0
        assert gmssl_pyx.sm2_verify(raw, data, signature)


def test_the_digests_are_of_the_parts_as_they_lie_in_the_zip() -> None:
    package = OfdPackage(sealed())
    facts = ses.read_signature(package.parts["Doc_0/Signs/Sign_0/SignedValue.dat"])

    assert facts.data_hash == hashlib.new("sm3", package.parts["Doc_0/Signs/Sign_0/Signature.xml"]).digest()
    assert facts.property_info == "/Doc_0/Signs/Sign_0/Signature.xml"
    assert package.text("OFD.xml", "DocBody/Signatures") == "/Doc_0/Signs/Signatures.xml"


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("OFD.xml", ["parts"]),
        ("Doc_0/Document.xml", ["parts"]),
        ("Doc_0/Pages/Page_0/Content.xml", ["parts"]),
        ("Doc_0/Signs/Sign_0/Seal.esl", ["parts"]),
        ("Doc_0/Signs/Sign_0/Signature.xml", ["data_hash"]),
    ],
)
def test_a_part_changed_after_sealing_is_noticed(name: str, steps: list[str]) -> None:
    (report,) = examined(changed(name, lambda content: content + b"\n" if name.endswith("xml") else content + b"\0"))

    assert failed(report) == steps
    assert not report.valid


def test_an_added_part_is_not_covered() -> None:
    package = OfdPackage(sealed())
    package.parts["Doc_0/Attachs/more.xml"] = b"<x/>"

    (report,) = examined(package.packed())

    assert failed(report) == ["coverage"]


def test_a_removed_part_is_noticed() -> None:
    package = OfdPackage(sealed())
    del package.parts["Doc_0/Pages/Page_0/Content.xml"]

    (report,) = examined(package.packed())

    assert failed(report) == ["parts"]


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_no_flipped_bit_of_the_signature_value_passes(place: int, bit: int) -> None:
    def flip(content: bytes) -> bytes:
        body = bytearray(content)
        body[place % len(body)] ^= 1 << bit
        return bytes(body)

    (report,) = examined(changed("Doc_0/Signs/Sign_0/SignedValue.dat", flip))

    assert not report.valid


def test_a_seal_used_after_its_end_or_in_the_future_is_not_valid() -> None:
    ended = SesSigner().sign_ofd(
        plain(), credential=factories.credential("SM2"), seal=seal(until_years=1), place=PLACE, signed_at=LATER
    )

    (late,) = examined(ended)
    (early,) = examined(sealed(), at=AT - dt.timedelta(days=1))

    assert failed(late) == ["seal_validity"]
    assert failed(early) == ["seal_validity"]
    assert "有效期" in late.message


def test_a_signer_who_is_not_in_the_seal_is_noticed() -> None:
    other = seal(user="ECDSA-P256")
    ofd = SesSigner().sign_ofd(plain(), credential=factories.credential("SM2"), seal=other, place=PLACE, signed_at=AT)

    (report,) = examined(ofd)

    assert failed(report) == ["signer_listed"]


def test_nobody_unknown_is_trusted() -> None:
    (report,) = examined(sealed(), roots=[])

    assert failed(report) == ["maker_chain", "signer_chain"]


def test_a_second_organisation_adds_its_seal_and_both_hold() -> None:
    twice = SesSigner().sign_ofd(
        sealed(), credential=factories.credential("SM2"), seal=seal(), place=PLACE, signed_at=LATER
    )

    reports = examined(twice)

    assert [failed(report) for report in reports] == [[], []]
    assert [report.part for report in reports] == [f"Doc_0/Signs/Sign_{n}/Signature.xml" for n in (0, 1)]


def test_a_page_that_is_not_there_cannot_be_sealed() -> None:
    place = StampPlace(page=3, left_mm=0, top_mm=0, width_mm=1, height_mm=1)

    with pytest.raises(Invalid, match="页面"):
        SesSigner().sign_ofd(plain(), credential=factories.credential("SM2"), seal=seal(), place=place, signed_at=AT)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"%PDF-1.7", packed({"word.xml": b"<a/>"}), packed({"OFD.xml": b"<OFD/>"}),
     packed({"OFD.xml": b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"}),
     packed({"OFD.xml": plain(), "../x": b""})],
)  # fmt: skip
def test_what_is_no_ofd_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match="OFD"):
        examined(content)


def test_a_package_with_two_parts_of_one_name_is_refused() -> None:
    out = io.BytesIO(sealed())
    with zipfile.ZipFile(out, "a") as file, pytest.warns(UserWarning, match="Duplicate"):
        file.writestr("OFD.xml", b"<other/>")

    with pytest.raises(Invalid, match="OFD"):
        examined(out.getvalue())


def test_a_bomb_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("OFD.xml", bytes(80 * 1024 * 1024))

    with pytest.raises(Invalid, match="过大"):
        examined(out.getvalue())


@settings(max_examples=40, deadline=None)
@given(der=st.binary(max_size=200))
def test_rubbish_is_no_seal(der: bytes) -> None:
    with pytest.raises(ValueError, match="SES"):
        ses.read_seal(der)
    with pytest.raises(ValueError, match="SES"):
        ses.read_signature(der)
