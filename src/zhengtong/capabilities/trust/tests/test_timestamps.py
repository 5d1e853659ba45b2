"""The time-stamp service, against OpenSSL for RSA and ECDSA, GmSSL for SM2."""

import datetime as dt
import hashlib
import subprocess
import uuid
from pathlib import Path

import gmssl_pyx
import pytest
import time_machine
from asn1crypto import tsp
from django.conf import LazySettings
from django.core.cache import cache
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from zhengtong.capabilities.trust import api, services
from zhengtong.capabilities.trust.engine import certificates, timestamps
from zhengtong.capabilities.trust.models import Certificate, TimestampRecord
from zhengtong.capabilities.trust.tests.test_services import TENANT
from zhengtong.capabilities.trust.web import public
from zhengtong.kernel.actors import system
from zhengtong.kernel.signing import provider

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_key_store")]
AT = dt.datetime(2026, 11, 20, 2, 30, tzinfo=dt.UTC)
QUERY = "application/timestamp-query"


def openssl(*words: str, cwd: Path) -> str:
    done = subprocess.run(["openssl", *words], cwd=cwd, capture_output=True, text=True, check=False, timeout=60)
    return done.stdout + done.stderr


def request_of(data: bytes, algorithm: str = "sha256", **more: object) -> bytes:
    digest = hashlib.new(algorithm, data).digest()
    imprint = {"hash_algorithm": {"algorithm": algorithm}, "hashed_message": digest}
    der: bytes = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "cert_req": True, **more}).dump()
    return der


def answer_of(data: bytes, algorithm: str = "SM2") -> tsp.TimeStampResp:
    return tsp.TimeStampResp.load(api.answer_timestamp(tenant=TENANT, data=data, algorithm=algorithm))


def refusal_of(data: bytes) -> timestamps.StatusOnly:
    return timestamps.StatusOnly.load(api.answer_timestamp(tenant=TENANT, data=data))


def info_of(answer: tsp.TimeStampResp) -> tsp.TSTInfo:
    return answer["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed


@pytest.mark.parametrize("algorithm", ["ECDSA-P256", "RSA-3072"])
def test_openssl_asks_over_http_and_accepts_the_answer(algorithm: str, client: Client, tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"a document")
    (tmp_path / "other").write_bytes(b"another document")
    openssl("ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "request.tsq", cwd=tmp_path)
    request = (tmp_path / "request.tsq").read_bytes()

    answer = client.post(f"/trust/tsa/?algorithm={algorithm}", data=request, content_type=QUERY)

    assert answer["Content-Type"] == "application/timestamp-reply"
    (tmp_path / "answer.tsr").write_bytes(answer.content)
    root = Certificate.objects.get(role="root", algorithm=algorithm)
    (tmp_path / "root.pem").write_text(root.pem)
    verify = ["ts", "-verify", "-in", "answer.tsr", "-CAfile", "root.pem"]
    assert "Verification: OK" in openssl(*verify, "-queryfile", "request.tsq", cwd=tmp_path)
    assert "Verification: OK" in openssl(*verify, "-data", "data", cwd=tmp_path)
    assert "Verification: OK" not in openssl(*verify, "-data", "other", cwd=tmp_path)
    text = openssl("ts", "-reply", "-in", "answer.tsr", "-text", cwd=tmp_path)
    assert "Accuracy: 0x01 seconds" in text
    assert "Granted" in text


def test_gmssl_accepts_the_sm2_token() -> None:
    answer = answer_of(request_of(b"a document", "sm3"))

    signed = answer["time_stamp_token"]["content"]
    signer = signed["signer_infos"][0]
    certificate = signed["certificates"][0].chosen
    point = certificate.public_key["public_key"].native[-64:]
    assert gmssl_pyx.sm2_verify(point, signer["signed_attrs"].untag().dump(), signer["signature"].native)
    content = signed["encap_content_info"]["content"].parsed.dump()
    (digest,) = (a["values"][0].native for a in signer["signed_attrs"] if a["type"].native == "message_digest")
    assert digest == hashlib.new("sm3", content).digest()
    assert certificate.extended_key_usage_value.native == ["time_stamping"]


@pytest.mark.parametrize("algorithm", provider.ALGORITHMS)
def test_a_token_says_what_when_and_its_own_number(algorithm: str) -> None:
    with time_machine.travel(AT, tick=False):
        first = info_of(answer_of(request_of(b"x", nonce=77), algorithm))
        second = info_of(answer_of(request_of(b"x"), algorithm))

    assert first["message_imprint"]["hashed_message"].native == hashlib.sha256(b"x").digest()
    assert first["gen_time"].native == AT
    assert first["nonce"].native == 77
    assert second["nonce"].native is None
    assert first["policy"].native == timestamps.POLICY
    assert first["accuracy"]["seconds"].native == 1
    numbers = {first["serial_number"].native, second["serial_number"].native}
    assert {row.id.int for row in TimestampRecord.objects.all()} == numbers
    assert len(numbers) == 2


def test_certificates_travel_only_when_asked_for() -> None:
    with_them = answer_of(request_of(b"x"))["time_stamp_token"]["content"]
    without = answer_of(request_of(b"x", cert_req=False))["time_stamp_token"]["content"]

    assert len(with_them["certificates"]) == 2
    assert without["certificates"].native is None


@pytest.mark.parametrize(
    ("data", "failure"),
    [
        (b"junk", "bad_data_format"),
        (b"", "bad_data_format"),
        (request_of(b"x", "md5"), "bad_alg"),
        (request_of(b"x", "sha1"), "bad_alg"),
        (request_of(b"x", req_policy="1.2.3"), "unaccepted_policy"),
        (request_of(b"x")[:-4], "bad_data_format"),
    ],
)
def test_what_cannot_be_stamped_is_refused_by_the_book(data: bytes, failure: str) -> None:
    answer = refusal_of(data)

    assert answer["status"]["status"].native == "rejection"
    assert answer["status"]["fail_info"].native == {failure}
    assert not TimestampRecord.objects.exists()


def test_a_digest_of_the_wrong_length_is_refused() -> None:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"short"}
    data = tsp.TimeStampReq({"version": 1, "message_imprint": imprint}).dump()

    assert refusal_of(data)["status"]["fail_info"].native == {"bad_data_format"}


def test_the_http_side_is_strict(client: Client) -> None:
    assert client.get("/trust/tsa/").status_code == 405
    assert client.post("/trust/tsa/", data=b"x", content_type="text/plain").status_code == 415
    assert client.post("/trust/tsa/?algorithm=toy", data=b"x", content_type=QUERY).status_code == 400
    long = client.post("/trust/tsa/", data=b"x" * 70_000, content_type=QUERY)
    assert timestamps.StatusOnly.load(long.content)["status"]["status"].native == "rejection"


def test_production_stamps_nothing_with_the_development_authority(settings: LazySettings) -> None:
    settings.ZHENGTONG_DEMO = False

    answer = refusal_of(request_of(b"x"))

    assert answer["status"]["fail_info"].native == {"system_failure"}
    assert "不具法律效力" in answer["status"]["status_string"].native[0]
    assert not Certificate.objects.exists()


def test_the_service_renews_its_certificate_a_year_before_its_end() -> None:
    with time_machine.travel(AT, tick=False):
        answer_of(request_of(b"x"))
    first = Certificate.objects.get(role="timestamp")
    with time_machine.travel(first.not_after - dt.timedelta(days=364), tick=False):
        token = answer_of(request_of(b"x"))["time_stamp_token"]["content"]

    used = certificates.facts_of(token["certificates"][0].chosen).serial
    rows = {row.serial: row.status for row in Certificate.objects.filter(role="timestamp")}
    assert rows == {first.serial: "retired", used: "active"}


def test_a_new_key_may_be_ordered() -> None:
    answer_of(request_of(b"x"))
    before = Certificate.objects.get(role="timestamp")

    after = api.renew_timestamp_certificate(actor=system(TENANT), algorithm="SM2")

    assert after is not None
    assert after.serial != before.serial
    assert info_of(answer_of(request_of(b"y")))["serial_number"].native > 0


@pytest.mark.parametrize(
    "statement", ["update trust_timestamprecord set digest = ''", "delete from trust_timestamprecord"]
)
def test_the_application_may_neither_change_nor_delete_a_record(statement: str) -> None:
    answer_of(request_of(b"x"))

    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_worker_has_the_certificates_ready_before_the_first_seal_is_used() -> None:
    assert services.prepare_sources() == 0
    api.ensure_seal(actor=system(TENANT), org_id=uuid.UUID(int=3), org_name="某局", kind="official")

    assert services.prepare_sources() == 2
    assert services.prepare_sources() == 0


def test_a_stranger_does_not_fill_the_disk(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(public._ATTEMPTS, "timestamp", "2/m/ip")
    cache.clear()

    answers = [client.post("/trust/tsa/", data=request_of(b"x"), content_type=QUERY) for _time in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert TimestampRecord.objects.count() == 2
    cache.clear()


def test_a_stranger_does_not_have_statuses_signed_without_end(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(public._ATTEMPTS, "status", "2/m/ip")
    cache.clear()

    answers = [client.post("/trust/ocsp/", data=b"x", content_type="application/ocsp-request") for _time in range(2)]
    answers.append(client.get("/trust/ocsp/eA=="))
    cache.clear()

    assert [answer.status_code for answer in answers] == [200, 200, 429]
