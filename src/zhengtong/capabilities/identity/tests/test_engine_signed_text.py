"""Messages of signed data, made by OpenSSL and, for SM2 as in GM/T 0010, put together here around its signature."""

import base64
from pathlib import Path

import pytest
from asn1crypto import cms, core, pem, x509
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.identity.engine import certificate_within, holds_signed_data, signed_text
from zhengtong.capabilities.identity.services.certificates import prove_possession, read_certificate
from zhengtong.capabilities.identity.tests.openssl import cms_signed, pair_of, signed

TEXT = "https://zw.example 登录 2026-11-22T08:00:00Z 0123456789abcdef"
GM_SIGNED, GM_DATA = "1.2.156.10197.6.1.4.2.2", "1.2.156.10197.6.1.4.2.1"
SM2, SM3 = "1.2.156.10197.1.301.1", "1.2.156.10197.1.401"


def _der(path: Path) -> bytes:
    return bytes(pem.unarmor(path.read_bytes())[2])


def _value(tag: int, *parts: bytes) -> bytes:
    """One value of DER: tag, length, contents."""
    content = b"".join(parts)
    size = len(content)
    length = bytes([size]) if size < 0x80 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def _oid(dotted: str) -> bytes:
    return bytes(core.ObjectIdentifier(dotted).dump())


def _gm_message(certificate: Path, key: Path, text: str, *, inside: str | None = None) -> bytes:
    """SM2 SignedData of GM/T 0010 §8: its own object identifiers, no attributes; put together value by value."""
    owner = x509.Certificate.load(_der(certificate))
    signature = base64.b64decode("".join(signed("sm2", key, text).split()))
    one = b"\x02\x01\x01"
    content = _value(0xA0, _value(0x04, inside.encode())) if inside is not None else b""
    signer = _value(
        0x30,
        one,
        _value(0x30, owner.issuer.dump(), core.Integer(owner.serial_number).dump()),
        _value(0x30, _oid(SM3)),
        _value(0x30, _oid(SM2)),
        _value(0x04, signature),
    )
    body = _value(
        0x30,
        one,
        _value(0x31, _value(0x30, _oid(SM3))),
        _value(0x30, _oid(GM_DATA), content),
        _value(0xA0, owner.dump()),
        _value(0x31, signer),
    )
    return _value(0x30, _oid(GM_SIGNED), _value(0xA0, body))


@pytest.fixture
def ec(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate and its key."""
    return pair_of("ec", tmp_path_factory)


@pytest.fixture
def sm2(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same with the Chinese algorithms."""
    return pair_of("sm2", tmp_path_factory)


def _proves(certificate: Path, message: bytes, text: str = TEXT) -> bool:
    return prove_possession(read=read_certificate(certificate.read_bytes()), challenge=text, signature=message)


@pytest.mark.parametrize("inside", [None, TEXT])
def test_sm2_as_chinese_middleware_returns_it(sm2: tuple[Path, Path], inside: str | None) -> None:
    message = _gm_message(*sm2, TEXT, inside=inside)

    assert holds_signed_data(message)
    assert _proves(sm2[0], message)
    assert _proves(sm2[0], base64.encodebytes(message))
    assert certificate_within(message) == _der(sm2[0])
    assert not _proves(sm2[0], message, TEXT + "x")


def test_sm2_with_another_text_inside_proves_nothing(sm2: tuple[Path, Path]) -> None:
    assert not _proves(sm2[0], _gm_message(*sm2, TEXT, inside=TEXT + "x"))
    assert not _proves(sm2[0], _gm_message(*sm2, TEXT + "x", inside=TEXT))


def test_attributes_are_bound_to_the_text(ec: tuple[Path, Path]) -> None:
    message = cms_signed(*ec, TEXT, form="DER")

    found = signed_text(message, text=TEXT.encode(), certificate=_der(ec[0]))

    assert found is not None
    assert found.data != TEXT.encode()  # the attributes, of which one is the text's digest
    assert signed_text(message, text=b"another", certificate=_der(ec[0])) is None


def test_a_weak_digest_is_not_taken(tmp_path_factory: pytest.TempPathFactory) -> None:
    certificate, key = pair_of("rsa", tmp_path_factory)

    assert _proves(certificate, cms_signed(certificate, key, TEXT, "-md", "sha256"))
    for digest in ("sha1", "md5"):
        assert not _proves(certificate, cms_signed(certificate, key, TEXT, "-md", digest))
        assert not _proves(certificate, cms_signed(certificate, key, TEXT, "-md", digest, "-noattr"))


def test_attributes_signed_for_another_purpose_are_no_signed_text(ec: tuple[Path, Path]) -> None:
    """Whoever gets a signature over attributes must not pass them off as a text, or a text as attributes."""
    message = cms_signed(*ec, TEXT, form="DER")
    attributes = signed_text(message, text=TEXT.encode(), certificate=_der(ec[0]))
    assert attributes is not None
    outer = cms.ContentInfo.load(message)
    signer = outer["content"]["signer_infos"][0]
    del signer["signed_attrs"]
    without = outer.dump(force=True)

    assert not _proves(ec[0], without)


def test_somebody_elses_message_is_not_the_owners(
    ec: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> None:
    message = cms_signed(*pair_of("rsa", tmp_path_factory), TEXT, form="DER")

    assert signed_text(message, text=TEXT.encode(), certificate=_der(ec[0])) is None
    assert not _proves(ec[0], message)


@pytest.mark.parametrize("given", [b"", b"x", b"0\x80", b"\x30\x03\x02\x01\x01", b"-----BEGIN CMS-----\nAA\n"])
def test_other_bytes_are_no_message(ec: tuple[Path, Path], given: bytes) -> None:
    assert not holds_signed_data(given)
    assert certificate_within(given) is None
    assert not _proves(ec[0], given)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """(certificate, message)."""
    certificate, key = pair_of("ec", tmp_path_factory)
    return certificate, cms_signed(certificate, key, TEXT, "-nocerts", form="DER")


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_changed_byte_breaks_the_proof_or_changes_nothing_that_counts(
    whole: tuple[Path, bytes], data: st.DataObject
) -> None:
    certificate, message = whole
    place, change = data.draw(st.integers(0, len(message) - 1)), data.draw(st.integers(1, 255))
    changed = message[:place] + bytes([message[place] ^ change]) + message[place + 1 :]

    # versions and names of algorithms are not signed; the attributes and the signature are
    right, found = (signed_text(one, text=TEXT.encode(), certificate=_der(certificate)) for one in (message, changed))
    assert not _proves(certificate, changed) or found == right
