"""Certificates against OpenSSL, and the development authority's own rules."""

import datetime as dt
import subprocess
from pathlib import Path

import pytest
from cryptography import x509

from zhengtong.capabilities.trust.engine import certificates
from zhengtong.capabilities.trust.plugins.development_ca import ROOT_NAME, DevelopmentCA
from zhengtong.kernel.signing import provider, software
from zhengtong.kernel.signing.keystore import KeyStore

AT = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)


@pytest.fixture(params=provider.ALGORITHMS)
def issued(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str, str]:
    """Algorithm, root and signer certificate of the development authority."""
    store = KeyStore(tmp_path / "keys", "demo", rounds=1000)
    authority = DevelopmentCA(lambda: store)
    key = software.generate(request.param)
    root = authority.root(tenant="980723", algorithm=request.param, at=AT)
    signer = authority.issue(
        tenant="980723",
        algorithm=request.param,
        root_pem=root,
        organisation="青禾县市场监督管理局",
        name="青禾县市场监督管理局公章",
        public_pem=key.public_key_pem(),
        at=AT,
    )
    return request.param, root, signer


def openssl_verify(algorithm: str, folder: Path) -> str:
    user_id = ["-vfyopt", "distid:1234567812345678"] if algorithm == "SM2" else []
    moment = ["-attime", str(int((AT + dt.timedelta(days=1)).timestamp()))]
    command = ["openssl", "verify", "-x509_strict", *user_id, *moment, "-CAfile", "root.pem", "signer.pem"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60).stdout.strip()


def test_openssl_accepts_the_chain(issued: tuple[str, str, str], tmp_path: Path) -> None:
    algorithm, root, signer = issued
    (tmp_path / "root.pem").write_text(root)
    (tmp_path / "signer.pem").write_text(signer)

    assert openssl_verify(algorithm, tmp_path) == "signer.pem: OK"


def test_openssl_refuses_another_root(issued: tuple[str, str, str], tmp_path: Path) -> None:
    algorithm, _, signer = issued
    other = DevelopmentCA(lambda: KeyStore(tmp_path / "other", "demo", rounds=1000))
    (tmp_path / "root.pem").write_text(other.root(tenant="980723", algorithm=algorithm, at=AT))
    (tmp_path / "signer.pem").write_text(signer)

    assert openssl_verify(algorithm, tmp_path) == ""


def test_the_root_says_what_it_is(issued: tuple[str, str, str]) -> None:
    _, root, signer = issued

    facts = certificates.facts_of(certificates.parse(signer))

    assert "不具法律效力" in ROOT_NAME
    assert facts.issuer.name == certificates.facts_of(certificates.parse(root)).subject.name == ROOT_NAME
    assert facts.subject == certificates.Subject("青禾县市场监督管理局", "青禾县市场监督管理局公章")
    assert facts.not_after - AT == dt.timedelta(days=3 * 365)


def test_a_signer_may_sign_documents_but_issue_nothing(issued: tuple[str, str, str]) -> None:
    signer = x509.load_pem_x509_certificate(issued[2].encode())

    usage = signer.extensions.get_extension_for_class(x509.KeyUsage)
    constraints = signer.extensions.get_extension_for_class(x509.BasicConstraints)

    assert usage.critical
    assert usage.value.content_commitment
    assert not usage.value.key_cert_sign
    assert not constraints.value.ca


def test_a_signer_never_outlives_its_root(tmp_path: Path) -> None:
    store = KeyStore(tmp_path, "demo", rounds=1000)
    authority = DevelopmentCA(lambda: store)
    root = authority.root(tenant="980723", algorithm="SM2", at=AT)
    late = AT + dt.timedelta(days=365 * 9)

    text = authority.issue(
        tenant="980723",
        algorithm="SM2",
        root_pem=root,
        organisation="单位",
        name="印章",
        public_pem=software.generate("SM2").public_key_pem(),
        at=late,
    )

    end = certificates.facts_of(certificates.parse(text)).not_after
    assert end == certificates.facts_of(certificates.parse(root)).not_after


def test_dates_after_2049_are_written_in_full() -> None:
    key = software.generate("SM2")
    far = dt.datetime(2055, 5, 6, 7, 8, 9, tzinfo=dt.UTC)

    text = certificates.build(
        role="root",
        subject=certificates.Subject("单位", "远期"),
        public_pem=key.public_key_pem(),
        issuer_pem=None,
        issuer=key,
        not_before=AT,
        not_after=far,
    )

    assert x509.load_pem_x509_certificate(text.encode()).not_valid_after_utc == far
