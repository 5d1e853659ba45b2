"""What anybody may fetch of the ledger, and what a witness may send."""

import datetime as dt
import json
import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.ledger.engine.tree import verify_consistency
from zhengtong.capabilities.ledger.models import Cosignature
from zhengtong.capabilities.ledger.services import seal_batch
from zhengtong.capabilities.ledger.tests.factories import admitted_witness, cosignature_text, record_many
from zhengtong.kernel.signing import software

pytestmark = pytest.mark.django_db


def post(client: Client, text: str) -> tuple[int, dict[str, object]]:
    response = client.post(reverse("ledger:cosignatures"), text, content_type="application/json")
    return response.status_code, response.json()


def test_the_newest_checkpoint_is_anybodys_to_take_away(client: Client) -> None:
    assert client.get(reverse("ledger:checkpoint")).status_code == 404
    record_many(3)
    seal_batch()

    kept = json.loads(client.get(reverse("ledger:checkpoint")).content)

    assert kept["size"] == 3


def test_the_growth_between_two_checkpoints_is_proved_to_anybody(client: Client) -> None:
    for count in (3, 4, 5):
        record_many(count)
        seal_batch()
    url = reverse("ledger:consistency")

    newest, middle = client.get(url, {"old": 3}).json(), client.get(url, {"old": 3, "new": 7}).json()

    for proof, size in ((newest, 12), (middle, 7)):
        assert (proof["old"]["size"], proof["new"]["size"]) == (3, size)
        assert verify_consistency(
            old=3,
            new=size,
            old_root=bytes.fromhex(proof["old"]["root"]),
            new_root=bytes.fromhex(proof["new"]["root"]),
            proof=[bytes.fromhex(step) for step in proof["path"]],
        )


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 400),
        ({"old": "x"}, 400),
        ({"old": "3", "new": "-1"}, 400),
        ({"old": "4"}, 404),
        ({"old": "7", "new": "3"}, 404),
    ],
)
def test_what_cannot_be_proved_is_refused_with_a_sentence(client: Client, query: dict[str, str], status: int) -> None:
    for count in (3, 4):
        record_many(count)
        seal_batch()

    response = client.get(reverse("ledger:consistency"), query)

    assert response.status_code == status
    assert response.json()["error"]


def test_a_cosignature_of_an_admitted_witness_is_kept_once_and_shown(client: Client) -> None:
    key = software.generate("SM2")
    admitted_witness(key)
    record_many(3)
    seal_batch()
    text = cosignature_text(key)

    assert post(client, text) == (201, {"accepted": True})
    assert post(client, text) == (200, {"accepted": True})

    assert Cosignature.objects.count() == 1
    html = client.get(reverse("ledger:public")).content.decode()
    assert "某县审计局" in html
    assert "共签正常" in html


def test_who_is_not_admitted_is_not_heard(client: Client) -> None:
    stranger, pending, ended = (software.generate("ECDSA-P256") for _ in range(3))
    admitted_witness(pending, approve=False)
    admitted_witness(ended, end=True)
    record_many(3)
    seal_batch()

    for key in (stranger, pending, ended):
        status, answer = post(client, cosignature_text(key))
        assert (status, "没有登记" in str(answer["error"])) == (403, True)


def test_a_bad_signature_or_text_is_refused(client: Client) -> None:
    key = software.generate("ECDSA-P256")
    admitted_witness(key)
    record_many(3)
    seal_batch()
    good = json.loads(cosignature_text(key))
    later = {**good, "at": "2031-01-01T00:00:00.000000Z"}

    for text in (json.dumps(later), "{}", "[]", "not json", "x" * 9000, json.dumps({**good, "signature": "?"})):
        status, answer = post(client, text)
        assert (status, bool(answer["error"])) == (422, True)

    assert not Cosignature.objects.exists()


@pytest.mark.parametrize("change", [{"size": 4}, {"root": "00" * 32}, {"at": "2020-01-01T00:00:00.000000Z"}])
def test_a_checkpoint_we_never_signed_is_told_as_an_alarm(
    client: Client, change: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    key = software.generate("ECDSA-P256")
    admitted_witness(key)
    record_many(3)
    seal_batch()

    status, answer = post(client, cosignature_text(key, **change))

    assert status == 409
    assert "没有签发过" in str(answer["error"])
    assert "not ours" in caplog.text


def test_a_late_cosignature_shows_red_and_none_at_all_yellow(client: Client) -> None:
    start = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)
    url = reverse("ledger:public")
    with time_machine.travel(start, tick=False) as clock:
        record_many(1)
        seal_batch()
        assert "zt-notice-yellow" in client.get(url).content.decode()
        key = software.generate("ECDSA-P256")
        admitted_witness(key)
        seal_batch()
        clock.shift(dt.timedelta(hours=5))
        assert "zt-notice-green" in client.get(url).content.decode()
        clock.shift(dt.timedelta(hours=2))
        late = client.get(url).content.decode()
        post(client, cosignature_text(key))
        again = client.get(url).content.decode()

    assert "zt-notice-red" in late
    assert "已等待 7 小时" in late
    assert "zt-notice-green" in again


def test_the_page_opens_before_there_is_anything_to_show(client: Client) -> None:
    html = client.get(reverse("ledger:public")).content.decode()

    assert "还没有共签机构" in html
    assert str(uuid.UUID(int=11)) not in html
