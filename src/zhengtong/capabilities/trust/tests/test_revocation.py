"""Revocation lists and status answers, against OpenSSL, ``cryptography`` and GmSSL."""

import base64
import datetime as dt
import hashlib
import subprocess
from pathlib import Path

import gmssl_pyx
import pytest
import time_machine
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from cryptography import x509
from cryptography.x509 import ocsp
from django.db import connection
from django.test import Client

from zhengtong.capabilities.trust import api, services
from zhengtong.capabilities.trust.engine import certificates
from zhengtong.capabilities.trust.models import Certificate, RevocationList
from zhengtong.capabilities.trust.tests import factories, persons
from zhengtong.capabilities.trust.tests.persons import PERSON
from zhengtong.capabilities.trust.tests.test_services import ADMIN, LEADER, TENANT
from zhengtong.kernel import clock
from zhengtong.kernel.actors import system
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.signing import provider, software

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_key_store")]


def person_certificate(algorithm: str = "ECDSA-P256") -> Certificate:
    return persons.certified(persons.request(algorithm))


def row_of(info: Certificate) -> Certificate:
    return Certificate.objects.select_related("issuer", "issuer__issuer").get(id=info.id)


def write_chain(row: Certificate, folder: Path) -> None:
    assert row.issuer is not None
    assert row.issuer.issuer is not None
    (folder / "leaf.pem").write_text(row.pem)
    (folder / "ca.pem").write_text(row.issuer.pem)
    (folder / "root.pem").write_text(row.issuer.issuer.pem)


def openssl(*words: str, cwd: Path) -> str:
    done = subprocess.run(["openssl", *words], cwd=cwd, capture_output=True, text=True, check=False, timeout=60)
    return done.stdout + done.stderr


def fetched(client: Client, url: str) -> bytes:
    response = client.get("/" + url.split("/", 3)[3])
    assert response.status_code == 200
    return bytes(response.content)


def addresses(row: Certificate) -> tuple[str, str, str]:
    """Where the certificate says that its list, its status and its issuer are."""
    leaf = x509.load_pem_x509_certificate(row.pem.encode())
    points = leaf.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    access = leaf.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    told = {one.access_method._name: str(one.access_location.value) for one in access}
    return str(points[0].full_name[0].value), told["OCSP"], told["caIssuers"]


@pytest.mark.parametrize("algorithm", ["ECDSA-P256", "RSA-3072"])
def test_openssl_finds_the_revoked_one_in_the_list_of_its_own_address(
    algorithm: str, client: Client, tmp_path: Path
) -> None:
    good, bad = row_of(person_certificate(algorithm)), row_of(person_certificate(algorithm))
    services.revoke_certificate(actor=ADMIN, certificate_id=bad.id, reason="key_compromise")
    services.publish_due_lists()
    url, _, issuer_url = addresses(good)
    issuer_der = fetched(client, issuer_url)
    assert good.issuer is not None
    assert issuer_der == certificates.parse(good.issuer.pem).dump()
    lists = [asn1_crl.CertificateList.load(fetched(client, url))]
    root_list = RevocationList.objects.get(issuer=good.issuer.issuer)
    lists.append(asn1_crl.CertificateList.load(bytes(root_list.der)))
    (tmp_path / "crl.pem").write_bytes(
        b"".join(
            b"-----BEGIN X509 CRL-----\n" + base64.encodebytes(one.dump()) + b"-----END X509 CRL-----\n"
            for one in lists
        )
    )

    said = {}
    for row in (good, bad):
        write_chain(row, tmp_path)
        check = ["verify", "-crl_check_all", "-CRLfile", "crl.pem", "-CAfile", "root.pem", "-untrusted", "ca.pem"]
        said[row.id] = openssl(*check, "leaf.pem", cwd=tmp_path)

    assert said[good.id].strip() == "leaf.pem: OK"
    assert "certificate revoked" in said[bad.id]
    text = openssl("crl", "-in", "crl.pem", "-noout", "-text", cwd=tmp_path)
    assert "Key Compromise" in text


def test_gmssl_and_cryptography_read_the_sm2_list(client: Client) -> None:
    bad = row_of(person_certificate("SM2"))
    services.revoke_certificate(actor=ADMIN, certificate_id=bad.id, reason="affiliation_changed")
    assert bad.issuer is not None

    der = fetched(client, addresses(bad)[0])

    parsed = asn1_crl.CertificateList.load(der)
    point = certificates.parse(bad.issuer.pem).public_key["public_key"].native[-64:]
    assert gmssl_pyx.sm2_verify(point, parsed["tbs_cert_list"].dump(), parsed["signature"].native)
    seen = x509.load_der_x509_crl(der)
    entry = seen.get_revoked_certificate_by_serial_number(int(bad.serial, 16))
    assert entry is not None
    assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason == x509.ReasonFlags.affiliation_changed
    assert seen.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 1


def test_lists_are_numbered_fresh_and_published_at_once_after_a_revocation() -> None:
    row = row_of(person_certificate())
    assert services.publish_due_lists() == 2  # root and issuing
    assert services.publish_due_lists() == 0
    services.revoke_certificate(actor=ADMIN, certificate_id=row.id, reason="superseded")
    with time_machine.travel(clock.now() + dt.timedelta(hours=13)):
        assert services.publish_due_lists() == 2

    numbers = RevocationList.objects.filter(issuer=row.issuer).order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3]


def test_the_list_of_an_address_is_never_out_of_date(client: Client) -> None:
    row = row_of(person_certificate())
    url = addresses(row)[0]
    with time_machine.travel(clock.now() + dt.timedelta(days=20)):
        seen = x509.load_der_x509_crl(fetched(client, url))

        assert seen.next_update_utc is not None
        assert seen.last_update_utc <= clock.now() < seen.next_update_utc


@pytest.mark.parametrize("algorithm", ["ECDSA-P256", "RSA-3072"])
def test_openssl_accepts_the_status_answers(algorithm: str, client: Client, tmp_path: Path) -> None:
    good, bad = row_of(person_certificate(algorithm)), row_of(person_certificate(algorithm))
    services.revoke_certificate(actor=ADMIN, certificate_id=bad.id, reason="key_compromise")
    said = {}
    for row in (good, bad):
        write_chain(row, tmp_path)
        openssl("ocsp", "-issuer", "ca.pem", "-cert", "leaf.pem", "-reqout", "request.der", cwd=tmp_path)
        request = (tmp_path / "request.der").read_bytes()
        answer = client.post("/trust/ocsp/", data=request, content_type="application/ocsp-request")
        assert answer["Content-Type"] == "application/ocsp-response"
        (tmp_path / "answer.der").write_bytes(answer.content)
        check = ["ocsp", "-respin", "answer.der", "-CAfile", "root.pem", "-verify_other", "ca.pem"]
        # with the request at hand OpenSSL compares the nonce, with the certificate it tells the status
        said[row.id] = openssl(*check, "-reqin", "request.der", cwd=tmp_path)
        said[row.id] += openssl(*check, "-no_nonce", "-issuer", "ca.pem", "-cert", "leaf.pem", cwd=tmp_path)

    assert said[good.id].count("Response verify OK") == 2
    assert "once" not in said[good.id]
    assert "leaf.pem: good" in said[good.id]
    assert "Response verify OK" in said[bad.id]
    assert "leaf.pem: revoked" in said[bad.id]
    assert "keyCompromise" in said[bad.id]


def test_the_answer_about_an_sm2_certificate_is_signed_by_a_responder_of_its_issuer(client: Client) -> None:
    row = row_of(person_certificate("SM2"))
    assert row.issuer is not None
    leaf, issuer = certificates.parse(row.pem), certificates.parse(row.issuer.pem)
    request = asn1_ocsp.OCSPRequest(
        {
            "tbs_request": {
                "request_list": [
                    {
                        "req_cert": {
                            "hash_algorithm": {"algorithm": "sha256"},
                            "issuer_name_hash": hashlib.sha256(issuer.subject.dump()).digest(),
                            "issuer_key_hash": hashlib.sha256(bytes(issuer.public_key["public_key"])).digest(),
                            "serial_number": leaf.serial_number,
                        }
                    }
                ]
            }
        }
    ).dump()

    encoded = base64.b64encode(request).decode()
    answer = client.get(f"/trust/ocsp/{encoded}").content

    parsed = asn1_ocsp.OCSPResponse.load(answer)
    basic = parsed.basic_ocsp_response
    responder = basic["certs"][0]
    assert certificates.signed_by(responder, issuer)
    assert "ocsp_signing" in responder.extended_key_usage_value.native
    assert responder.ocsp_no_check_value is not None
    point = responder.public_key["public_key"].native[-64:]
    assert gmssl_pyx.sm2_verify(point, basic["tbs_response_data"].dump(), basic["signature"].native)
    assert ocsp.load_der_ocsp_response(answer).certificate_status == ocsp.OCSPCertStatus.GOOD


def test_who_asks_about_anothers_certificate_gets_no_answer(client: Client) -> None:
    person_certificate()
    builder = ocsp.OCSPRequestBuilder()
    root = x509.load_pem_x509_certificate(factories.root_pem("ECDSA-P256").encode())
    leaf = x509.load_pem_x509_certificate(factories.credential("ECDSA-P256").certificate_pem.encode())
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding

    request = builder.add_certificate(leaf, root, hashes.SHA256()).build().public_bytes(Encoding.DER)

    answer = client.post("/trust/ocsp/", data=request, content_type="application/ocsp-request").content

    assert ocsp.load_der_ocsp_response(answer).response_status == ocsp.OCSPResponseStatus.UNAUTHORIZED


def test_junk_gets_a_refusal(client: Client) -> None:
    answer = client.post("/trust/ocsp/", data=b"junk", content_type="application/ocsp-request")

    parsed = ocsp.load_der_ocsp_response(answer.content)
    assert parsed.response_status == ocsp.OCSPResponseStatus.MALFORMED_REQUEST
    assert client.get("/trust/ocsp/%25%25").status_code == 200
    assert client.get("/trust/ocsp/").status_code == 405


@pytest.mark.parametrize("algorithm", provider.ALGORITHMS)
def test_a_persons_certificate_is_believed_until_it_is_revoked(algorithm: str) -> None:
    info = person_certificate(algorithm)
    der = certificates.parse(info.pem).dump()

    before = api.check_certificate(der)
    assert before == api.CertificateCheck(valid=True, subject="李二", serial=info.serial, person_id=PERSON)
    later = api.check_certificate(der, at=info.not_after)
    assert not later.valid
    assert "届满" in later.reason
    services.revoke_certificate(actor=ADMIN, certificate_id=info.id, reason="key_compromise")
    after = api.check_certificate(der)
    assert not after.valid
    assert "吊销" in after.reason


def test_a_held_certificate_may_be_released(client: Client) -> None:
    info = person_certificate()
    der = certificates.parse(info.pem).dump()
    url = addresses(row_of(info))[0]

    services.hold_certificate(actor=ADMIN, certificate_id=info.id)
    assert "暂停" in api.check_certificate(der).reason
    seen = x509.load_der_x509_crl(fetched(client, url)).get_revoked_certificate_by_serial_number(int(info.serial, 16))
    assert seen is not None
    services.release_certificate(actor=ADMIN, certificate_id=info.id)

    assert api.check_certificate(der).valid
    assert (
        x509.load_der_x509_crl(fetched(client, url)).get_revoked_certificate_by_serial_number(int(info.serial, 16))
        is None
    )


def test_a_strangers_certificate_and_junk_are_not_believed() -> None:
    stranger = certificates.parse(factories.credential("SM2").certificate_pem).dump()

    assert "没有在本平台登记" in api.check_certificate(stranger).reason
    assert not api.check_certificate(b"junk").valid
    assert not api.check_certificate(b"").valid


def test_a_request_must_be_signed_by_its_own_key() -> None:
    mine, other = software.generate("SM2"), software.generate("SM2")
    good = certificates.build_request(subject=certificates.Subject("", "李二"), key=mine)
    forged = certificates.build_request(
        subject=certificates.Subject("", "李二"),
        key=_Mixed(mine, other),  # type: ignore[arg-type]  # the public half of another key
    )

    assert certificates.read_request(good).split() == mine.public_key_pem().split()
    with pytest.raises(Invalid, match="公钥不符"):
        persons.certified(forged)


class _Mixed:
    algorithm = "SM2"

    def __init__(self, signing: software.SoftwareKey, shown: software.SoftwareKey) -> None:
        self.sign, self.public_key_pem = signing.sign, shown.public_key_pem


def test_openssl_makes_requests_that_are_accepted(tmp_path: Path) -> None:
    openssl("ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", "key.pem", cwd=tmp_path)
    openssl("req", "-new", "-key", "key.pem", "-subj", "/CN=x", "-out", "request.pem", cwd=tmp_path)

    info = persons.certified((tmp_path / "request.pem").read_bytes())

    assert api.check_certificate(info.pem.encode()).person_id == PERSON


@pytest.mark.parametrize("act", [services.hold_certificate, services.release_certificate])
def test_only_the_security_administrator_changes_certificates(act: object) -> None:
    info = person_certificate()

    with pytest.raises(NotPermitted):
        act(actor=LEADER, certificate_id=info.id)  # type: ignore[operator]  # one of two functions
    with pytest.raises(NotPermitted):
        services.revoke_certificate(actor=LEADER, certificate_id=info.id, reason="superseded")
    assert row_of(info).status == "active"


def test_nonsense_is_refused() -> None:
    info = person_certificate()
    row = row_of(info)
    assert row.issuer is not None
    assert row.issuer.issuer is not None

    with pytest.raises(Invalid, match="原因"):
        services.revoke_certificate(actor=ADMIN, certificate_id=info.id, reason="because")
    with pytest.raises(Invalid, match="不能晚于现在"):
        services.revoke_certificate(
            actor=ADMIN, certificate_id=info.id, reason="superseded", at=clock.now() + dt.timedelta(hours=1)
        )
    with pytest.raises(Conflict, match="根证书"):
        services.revoke_certificate(actor=ADMIN, certificate_id=row.issuer.issuer.id, reason="superseded")
    services.revoke_certificate(actor=ADMIN, certificate_id=info.id, reason="superseded")
    with pytest.raises(Conflict, match="不能改为"):
        services.release_certificate(actor=ADMIN, certificate_id=info.id)


def test_every_act_on_a_certificate_is_in_the_ledger() -> None:
    info = person_certificate()
    services.hold_certificate(actor=ADMIN, certificate_id=info.id)
    services.release_certificate(actor=ADMIN, certificate_id=info.id)
    services.revoke_certificate(actor=ADMIN, certificate_id=info.id, reason="superseded")

    with connection.cursor() as cursor:
        cursor.execute("select act from ledger_entry where object_id = %s order by id", [str(info.id)])
        acts = [row[0] for row in cursor.fetchall()]
    assert acts == [
        "trust.certificate_issued",
        "trust.certificate_held",
        "trust.certificate_released",
        "trust.certificate_revoked",
    ]


def test_what_ends_soon_is_watched(caplog: pytest.LogCaptureFixture) -> None:
    from zhengtong.capabilities.trust.services.expiry import warn_of_expiry

    info = person_certificate()
    assert api.expiring_certificates(tenant=TENANT) == []
    with time_machine.travel(info.not_after - dt.timedelta(days=29)):
        assert [one.serial for one in api.expiring_certificates(tenant=TENANT)] == [info.serial]
        assert warn_of_expiry() == 0
    assert info.serial in caplog.text


def test_a_new_issuing_key_goes_on_publishing_what_the_old_one_revoked() -> None:
    old = row_of(person_certificate("SM2"))
    new = api.rotate_issuing_key(actor=system(TENANT), algorithm="SM2")
    assert old.issuer is not None
    assert new.id != old.issuer_id

    services.revoke_certificate(actor=ADMIN, certificate_id=old.id, reason="superseded")

    newest = RevocationList.objects.filter(issuer_id=old.issuer_id).order_by("-number")[0]
    seen = x509.load_der_x509_crl(bytes(newest.der))
    assert seen.get_revoked_certificate_by_serial_number(int(old.serial, 16)) is not None
    assert row_of(person_certificate("SM2")).issuer_id == new.id
