"""Asking after an application with number and query code."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.kernel.models import Attempt
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.tests import factories as hall

pytestmark = pytest.mark.django_db

TRACK, RESULT = "/services/track/", "/services/track/result/"


@pytest.fixture
def row() -> Application:
    hall.found_county()
    return hall.told(hall.people.citizen())


def test_number_and_code_open_the_state_without_personal_data(client: Client, row: Application) -> None:
    response = client.post(TRACK, {"number": f" {row.number[:4]} {row.number[4:]}", "code": row.query_code.lower()})

    page = client.get(response.url).content.decode()
    assert response.url == RESULT
    assert "需要您补正材料" in page
    assert "缺少出租方签字" in page
    for secret in ("张一", "13800000001", hall.ANSWERS["content"], row.query_code):
        assert secret not in page


def test_the_qr_code_leads_to_a_clean_address(client: Client, row: Application) -> None:
    response = client.get(TRACK, {"number": row.number, "code": row.query_code})

    assert response.url == RESULT
    assert client.get(RESULT).status_code == 200


def test_without_a_pass_there_is_only_the_form(client: Client, row: Application) -> None:
    assert client.get(RESULT).url == reverse("service_hall:track")
    assert client.get(TRACK).status_code == 200


def test_a_pass_ends_after_half_an_hour(client: Client, row: Application) -> None:
    client.post(TRACK, {"number": row.number, "code": row.query_code})

    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=31)):
        assert client.get(RESULT).url == TRACK


@pytest.mark.parametrize(
    ("number", "code"), [("", ""), ("98072320261121000001", "WRONG234"), ("abc", "x"), ("9" * 61, "x" * 31)]
)
def test_a_pair_that_does_not_fit_says_so(client: Client, row: Application, number: str, code: str) -> None:
    response = client.post(TRACK, {"number": number, "code": code})

    assert response.status_code == 422
    assert "需要更正" in response.content.decode()


def test_a_wrong_code_of_a_real_number_is_answered_like_any_other(client: Client, row: Application) -> None:
    real = client.post(TRACK, {"number": row.number, "code": "AAAAAAAA"}).content.decode()
    unknown = client.post(TRACK, {"number": "98072320000101000001", "code": "AAAAAAAA"}).content.decode()

    assert "编号和查询码不符" in real
    assert "编号和查询码不符" in unknown


def test_ten_wrong_tries_close_the_door_for_ten_minutes(client: Client, row: Application) -> None:
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=False) as clock:
        for _ in range(10):
            client.post(TRACK, {"number": row.number, "code": "AAAAAAAA"})
        refused = client.post(TRACK, {"number": row.number, "code": row.query_code})
        elsewhere = Client().post(TRACK, {"number": row.number, "code": row.query_code})
        clock.shift(601)
        later = client.post(TRACK, {"number": row.number, "code": row.query_code})

    assert refused.status_code == 429
    assert "请 10 分钟后再试" in refused.content.decode()
    assert elsewhere.status_code == 302
    assert later.status_code == 302


def test_new_sessions_do_not_open_the_door_for_one_address(client: Client, row: Application) -> None:
    for _ in range(60):
        Client().post(TRACK, {"number": row.number, "code": "AAAAAAAA"})

    response = Client().post(TRACK, {"number": row.number, "code": row.query_code})

    assert response.status_code == 429
    assert (
        Client(REMOTE_ADDR="192.0.2.9").post(TRACK, {"number": row.number, "code": row.query_code}).status_code == 302
    )


def test_addresses_are_kept_as_digests_and_for_a_day(client: Client, row: Application) -> None:
    with time_machine.travel(dt.datetime.now(dt.UTC) - dt.timedelta(days=2)):
        client.post(TRACK, {"number": row.number, "code": "AAAAAAAA"})

    client.post(TRACK, {"number": row.number, "code": "BBBBBBBB"})

    kept = {one.scope: one.address for one in Attempt.objects.all()}
    assert kept.keys() == {"service_hall.lookup.visitor", "service_hall.lookup.address"}
    assert all(len(digest) == 64 and "127.0.0.1" not in digest for digest in kept.values())
