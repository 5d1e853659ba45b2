"""What strangers send: whatever the bytes, a parser answers with its own refusal and nothing else."""

import contextlib
import functools
import hashlib

import pytest
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import tsp
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.trust.engine import certificates, ocsp, revocation, timestamps
from zhengtong.capabilities.trust.plugins.pdf_signature import PyHankoSigner
from zhengtong.capabilities.trust.tests import factories
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.signing import pkcs8, software
from zhengtong.kernel.signing.errors import KeyUnusable

FUZZ = settings(max_examples=60, deadline=None)


@functools.cache
def sample(kind: str) -> bytes:
    certificate = certificates.parse(factories.credential("SM2").certificate_pem)
    root = certificates.parse(factories.root_pem("SM2"))
    digest = {"hash_algorithm": {"algorithm": "sm3"}, "hashed_message": bytes(32)}
    cert_id = {
        "hash_algorithm": {"algorithm": "sha1"},
        "issuer_name_hash": hashlib.sha1(root.subject.dump()).digest(),
        "issuer_key_hash": hashlib.sha1(bytes(root.public_key["public_key"])).digest(),
        "serial_number": certificate.serial_number,
    }
    made: dict[str, bytes] = {
        "certificate": certificate.dump(),
        "request": certificates.build_request(
            subject=certificates.Subject("单位", "印章"), key=factories.root_key("SM2")
        ),
        "list": revocation.build(
            issuer_pem=factories.root_pem("SM2"),
            issuer=factories.root_key("SM2"),
            number=1,
            revoked=[revocation.Revocation("abc", factories.AT, "superseded")],
            this_update=factories.AT,
            next_update=factories.LATER,
        ),
        "status": asn1_ocsp.OCSPRequest({"tbs_request": {"request_list": [{"req_cert": cert_id}]}}).dump(),
        "stamp": tsp.TimeStampReq({"version": 1, "message_imprint": digest, "nonce": 5, "cert_req": True}).dump(),
    }
    return made[kind]


PARSERS = {
    "certificate": certificates.read,
    "request": certificates.read_request,
    "list": revocation.read,
    "status": ocsp.read_request,
    "stamp": timestamps.read_request,
}


@st.composite
def mutated(draw: st.DrawFn, data: bytes) -> bytes:
    """``data`` with a few bytes changed, cut out, doubled, or with strange bytes put in."""
    changed = bytearray(data)
    for _ in range(draw(st.integers(1, 6))):
        if not changed:
            break
        start = draw(st.integers(0, len(changed) - 1))
        end = min(len(changed), start + draw(st.integers(1, 12)))
        match draw(st.sampled_from("cdxi")):
            case "c":
                changed[start] = draw(st.integers(0, 255))
            case "d":
                del changed[start:end]
            case "x":
                changed[start:start] = changed[start:end]
            case _:
                changed[start:start] = draw(st.binary(max_size=8))
    return bytes(changed)


@pytest.mark.parametrize("kind", PARSERS)
def test_the_sample_itself_is_read(kind: str) -> None:
    assert PARSERS[kind](sample(kind)) is not None


@pytest.mark.parametrize("kind", PARSERS)
@given(data=st.binary(max_size=400))
@FUZZ
def test_random_bytes_are_refused(kind: str, data: bytes) -> None:
    with pytest.raises(Invalid):
        PARSERS[kind](data)


@pytest.mark.parametrize("kind", PARSERS)
@given(data=st.data())
@FUZZ
def test_a_mutation_is_read_or_refused(kind: str, data: st.DataObject) -> None:
    with contextlib.suppress(Invalid):
        PARSERS[kind](data.draw(mutated(sample(kind))))


@pytest.mark.parametrize("depth", [200, 2000, 20000])
@pytest.mark.parametrize("kind", PARSERS)
def test_deep_nesting_is_refused(kind: str, depth: int) -> None:
    with pytest.raises(Invalid):
        PARSERS[kind](b"\x30\x80" * depth)


@given(data=st.data())
@FUZZ
def test_a_mutated_private_key_is_opened_or_refused(data: st.DataObject) -> None:
    algorithm = data.draw(st.sampled_from(["SM2", "ECDSA-P256"]))
    changed = data.draw(mutated(private_key(algorithm)))
    with contextlib.suppress(KeyUnusable):
        software.load(algorithm, changed, "right")


@given(junk=st.binary(max_size=300))
@FUZZ
def test_junk_is_no_private_key(junk: bytes) -> None:
    for algorithm in ("SM2", "ECDSA-P256", "RSA-3072"):
        with pytest.raises(KeyUnusable):
            software.load(algorithm, junk, "right")
    with pytest.raises(KeyUnusable):
        pkcs8.encrypt_pem(junk, b"right", rounds=1000)


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_mutated_document_is_examined_or_refused(data: st.DataObject) -> None:
    changed = data.draw(mutated(factories.signed("SM2")))
    with contextlib.suppress(Invalid):
        reports = PyHankoSigner().verify_pdf(changed, trust_roots=factories.roots(), at=factories.LATER)
        assert all(report.message for report in reports)


@functools.cache
def private_key(algorithm: str) -> bytes:
    return software.generate(algorithm).encrypted_pem("right", rounds=1000)
