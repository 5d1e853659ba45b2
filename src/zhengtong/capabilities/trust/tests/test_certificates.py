"""Certificates against OpenSSL, and the development authority's own rules."""

import dataclasses
import datetime as dt
import importlib
import subprocess
from pathlib import Path

import gmssl_pyx
import pytest
from cryptography import x509
from django.apps import apps

from zhengtong.capabilities.trust import services
from zhengtong.capabilities.trust.engine import certificates
from zhengtong.capabilities.trust.models import Certificate
from zhengtong.capabilities.trust.plugins.development_ca import DevelopmentCA
from zhengtong.capabilities.trust.registry import CertificateOrder
from zhengtong.capabilities.trust.services.authority import ISSUING_NAME, ROOT_NAME
from zhengtong.capabilities.trust.services.rows import fingerprint
from zhengtong.capabilities.trust.tests import factories
from zhengtong.kernel import clock
from zhengtong.kernel.signing import provider, software
from zhengtong.kernel.signing.keystore import KeyStore

AT = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)


ORDER = CertificateOrder(
    tenant="980723",
    algorithm="",
    profile="signer",
    organisation="青禾县市场监督管理局",
    name="青禾县市场监督管理局公章",
    public_pem="",
    at=AT,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_key_store")]


def issue(algorithm: str, at: dt.datetime = AT) -> tuple[str, ...]:
    """Root, issuing and signer certificate of the development authority."""
    key = software.generate(algorithm)
    order = dataclasses.replace(ORDER, algorithm=algorithm, public_pem=key.public_key_pem(), at=at)
    issued = DevelopmentCA().issue(order)
    return (*reversed(issued.chain_pem), issued.certificate_pem)


@pytest.fixture(params=provider.ALGORITHMS)
def issued(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Algorithm, root, issuing and signer certificate."""
    return (request.param, *issue(request.param))


def openssl_verify(folder: Path) -> str:
    moment = ["-attime", str(int((AT + dt.timedelta(days=1)).timestamp()))]
    command = [
        "openssl",
        "verify",
        "-x509_strict",
        *moment,
        "-CAfile",
        "root.pem",
        "-untrusted",
        "ca.pem",
        "signer.pem",
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60).stdout.strip()


@pytest.mark.parametrize("algorithm", ["ECDSA-P256", "RSA-3072"])
def test_openssl_accepts_the_chain_and_no_other(algorithm: str, tmp_path: Path) -> None:
    root, ca, signer = issue(algorithm)
    (tmp_path / "root.pem").write_text(root)
    (tmp_path / "ca.pem").write_text(ca)
    (tmp_path / "signer.pem").write_text(signer)
    assert openssl_verify(tmp_path) == "signer.pem: OK"

    (tmp_path / "root.pem").write_text(factories.root_pem(algorithm))

    assert openssl_verify(tmp_path) == ""


def test_gmssl_accepts_each_sm2_signature_of_the_chain() -> None:
    # OpenSSL's command cannot set the user ID of any certificate but the last.
    root, ca, signer = [certificates.parse(text) for text in issue("SM2")]

    for issuer, below in ((root, root), (root, ca), (ca, signer)):
        point = issuer.public_key["public_key"].native[-64:]
        body, signature = below["tbs_certificate"].dump(), below["signature_value"].native
        assert gmssl_pyx.sm2_verify(point, body, signature)


def test_our_own_check_holds_every_link(issued: tuple[str, ...]) -> None:
    root, ca, signer = [certificates.parse(text) for text in issued[1:]]

    assert certificates.signed_by(root, root)
    assert certificates.signed_by(ca, root)
    assert certificates.signed_by(signer, ca)
    assert not certificates.signed_by(signer, root)


def test_the_authority_says_what_it_is(issued: tuple[str, ...]) -> None:
    root, ca, signer = [certificates.facts_of(certificates.parse(text)) for text in issued[1:]]

    assert "不具法律效力" in ROOT_NAME
    assert root.subject.name == ca.issuer.name == ROOT_NAME
    assert signer.issuer.name == ca.subject.name == ISSUING_NAME
    assert signer.subject == certificates.Subject("青禾县市场监督管理局", "青禾县市场监督管理局公章")
    assert signer.not_after - AT == dt.timedelta(days=3 * 365)


def test_a_certificate_says_where_its_revocation_is_told(issued: tuple[str, ...]) -> None:
    ca, signer = [x509.load_pem_x509_certificate(text.encode()) for text in issued[2:]]

    points = signer.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    access = signer.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value

    serial = format(ca.serial_number, "x")
    assert points[0].full_name[0].value == f"http://127.0.0.1:8000/trust/crl/{serial}.crl"
    told = {one.access_method._name: one.access_location.value for one in access}
    assert told == {
        "OCSP": "http://127.0.0.1:8000/trust/ocsp/",
        "caIssuers": f"http://127.0.0.1:8000/trust/ca/{serial}.cer",
    }


def test_a_signer_may_sign_documents_but_issue_nothing(issued: tuple[str, ...]) -> None:
    signer = x509.load_pem_x509_certificate(issued[3].encode())

    usage = signer.extensions.get_extension_for_class(x509.KeyUsage)
    constraints = signer.extensions.get_extension_for_class(x509.BasicConstraints)

    assert usage.critical
    assert usage.value.content_commitment
    assert not usage.value.key_cert_sign
    assert not constraints.value.ca


def test_authorities_are_renewed_before_what_they_issue_would_outlive_them() -> None:
    first, _, _ = issue("SM2")
    same, _, _ = issue("SM2", AT + dt.timedelta(days=365 * 4))
    late, _, signer = issue("SM2", AT + dt.timedelta(days=365 * 12))

    assert same == first
    assert late != first
    end = certificates.facts_of(certificates.parse(signer)).not_after
    assert end - AT == dt.timedelta(days=365 * 15)
    assert Certificate.objects.filter(role="root", status="active").count() == 1
    assert Certificate.objects.filter(role="issuing", status="retired").count() == 1


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


def test_certificates_of_before_are_named_and_their_roots_retired() -> None:
    # migration 0004: rows as the first release left them
    root = factories.root_pem("SM2")
    facts = certificates.facts_of(certificates.parse(root))
    row = Certificate.objects.create(
        tenant="980723",
        role="root",
        org_name="政通平台演示",
        name=ROOT_NAME,
        algorithm="SM2",
        serial=facts.serial,
        pem=root,
        not_before=facts.not_before,
        not_after=facts.not_after,
        is_development=True,
    )

    importlib.import_module("zhengtong.capabilities.trust.migrations.0004_fingerprints").name(apps, None)

    row.refresh_from_db()
    assert (row.status, row.key_name) == ("retired", "development-root-980723-sm2")
    assert row.fingerprint == fingerprint(certificates.parse(root))
    assert certificates.facts_of(certificates.parse(issue("SM2")[0])).serial != facts.serial


def test_a_lost_key_stops_no_other_list(cheap_key_store: KeyStore, caplog: pytest.LogCaptureFixture) -> None:
    issue("SM2", clock.now())
    issue("ECDSA-P256", clock.now())
    lost = Certificate.objects.get(role="root", algorithm="SM2")
    cheap_key_store.destroy(lost.key_name)

    assert services.publish_due_lists() == 3
    assert lost.serial in caplog.text
