"""Evaluators: keys, invitations, signed requests, replays, ratings from the counter's own device."""

import datetime as dt
import json
import time
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ratings import api
from zhengtong.capabilities.ratings.models import Device, DeviceCall, DeviceNonce, Rating
from zhengtong.capabilities.ratings.services.devices import ask_on_device, end_device, register_device, renew_key
from zhengtong.capabilities.ratings.tests.matters import MONDAY, OTHER, UNIT, clerk, matter
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import OutboxEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
CALL, RATE = "/ratings/devices/call/", "/ratings/devices/rate/"


@pytest.fixture
def stand() -> tuple[Device, str]:
    return register_device(
        actor=clerk("leader", "leader"), org_code=UNIT[0], name="3 号窗口评价器", window="3 号窗口", kind="terminal"
    )


def post(stand: tuple[Device, str], path: str, data: object, **changes: str):
    """A signed request of an evaluator; ``changes`` replace headers after signing."""
    device, key = stand
    body = json.dumps(data).encode()
    at, nonce = changes.pop("at", str(int(time.time()))), changes.pop("nonce", uuid.uuid4().hex)
    signature = api.sign_request(key, method="POST", path=path, at=at, nonce=nonce, body=body)
    head = {"X-Zt-Device": device.code, "X-Zt-Time": at, "X-Zt-Nonce": nonce, "X-Zt-Signature": signature} | changes
    return Client().post(path, body, content_type="application/json", headers=head)


def asked(stand: tuple[Device, str]) -> DeviceCall:
    officer = clerk()
    return ask_on_device(actor=officer, code=stand[0].code, ref=matter(people.citizen()), service="close")


def test_an_evaluator_shows_what_it_is_asked_and_rates(stand) -> None:
    assert post(stand, CALL, {}).json() == {"call": None}
    call = asked(stand)

    shown = post(stand, CALL, {}).json()["call"]
    response = post(stand, RATE, {"call": shown["id"], "grade": "5", "tags": ["rude", "quick"]})

    assert (shown["id"], shown["title"], [g["code"] for g in shown["grades"]]) == (
        str(call.id),
        "小餐饮许可",
        list("12345"),
    )
    assert response.status_code == 201
    row = Rating.objects.get()
    assert (row.grade, row.tags, row.channel, row.device_id) == ("very_dissatisfied", ["rude"], "terminal", stand[0].id)
    assert (row.own_device, row.person_id, row.window) == (True, None, "3 号窗口")
    event = OutboxEvent.objects.get(name="ratings.rating_given.v1")
    assert (event.data["own_device"], event.data["device_id"]) == (True, str(stand[0].id))
    assert post(stand, CALL, {}).json() == {"call": None}
    assert post(stand, RATE, {"call": shown["id"], "grade": "1"}).status_code == 409
    stand[0].refresh_from_db()
    assert stand[0].last_seen_at == MONDAY


def test_an_evaluator_of_a_shared_window_is_not_the_units_own() -> None:
    hall = clerk("leader.fire", "leader", org=OTHER)
    stand = register_device(actor=hall, org_code=OTHER[0], name="综合窗口", window="1", kind="tablet")
    call = ask_on_device(actor=hall, code=stand[0].code, ref=matter(people.citizen()), service="close")

    post(stand, RATE, {"call": str(call.id), "grade": "1"})

    row = Rating.objects.get()
    assert (row.own_device, row.channel, row.device_id) == (False, "tablet", stand[0].id)


def test_the_same_request_a_second_time_is_refused(stand) -> None:
    call = asked(stand)
    request = {"nonce": "a1b2c3d4e5"}

    first = post(stand, RATE, {"call": str(call.id), "grade": "2"}, **request)
    replay = post(stand, RATE, {"call": str(call.id), "grade": "2"}, **request)

    assert (first.status_code, replay.status_code) == (201, 401)
    assert "已经收到过" in replay.json()["error"]
    assert (Rating.objects.count(), DeviceNonce.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"X-Zt-Signature": "0" * 64}, "签名不对"),
        ({"X-Zt-Signature": "%E7"}, "签名不对"),
        ({"X-Zt-Device": "NOBODY"}, "没有登记"),
        ({"X-Zt-Nonce": "other12345"}, "签名不对"),
        ({"X-Zt-Time": str(int(MONDAY.timestamp()) + 1)}, "签名不对"),
        ({"nonce": "short"}, "随机数"),
        ({"nonce": "with space 12"}, "随机数"),
        ({"at": str(int(MONDAY.timestamp()) - 301)}, "校准"),
        ({"at": "yesterday"}, "秒数"),
    ],
)
def test_a_request_that_is_not_whole_does_nothing(stand, changes, words) -> None:
    call = asked(stand)

    response = post(stand, RATE, {"call": str(call.id), "grade": "1"}, **changes)

    assert response.status_code == 401
    assert words in response.json()["error"]
    assert not Rating.objects.exists()


def test_a_changed_body_is_refused(stand) -> None:
    device, key = stand
    call, at = asked(stand), str(int(time.time()))
    signature = api.sign_request(key, method="POST", path=RATE, at=at, nonce="n" * 10, body=b'{"grade": "5"}')
    head = {"X-Zt-Device": device.code, "X-Zt-Time": at, "X-Zt-Nonce": "n" * 10, "X-Zt-Signature": signature}

    body = json.dumps({"call": str(call.id), "grade": "1"})
    response = Client().post(RATE, body, content_type="application/json", headers=head)

    assert response.status_code == 401
    assert not Rating.objects.exists()


@pytest.mark.parametrize(
    "data", [{"grade": "1"}, {"call": "x", "grade": "1"}, {"call": str(uuid.UUID(int=1)), "grade": "9"}, [1], {}]
)
def test_what_is_signed_but_makes_no_sense_is_refused_in_words(stand, data) -> None:
    response = post(stand, RATE, data)

    assert response.status_code == 422
    assert response.json()["error"]


def test_a_long_request_is_refused_unread(stand) -> None:
    assert post(stand, RATE, {"text": "x" * 9000}).status_code == 422


def test_a_new_key_and_the_end_shut_the_old_key_out(stand) -> None:
    leader = clerk("leader", "leader")
    asked(stand)
    renewed = renew_key(actor=leader, device_id=stand[0].id)
    assert post(stand, CALL, {}).status_code == 401
    assert post(renewed, CALL, {}).status_code == 200

    end_device(actor=leader, device_id=stand[0].id)

    assert post(renewed, CALL, {}).status_code == 401
    with pytest.raises(NotFound):
        end_device(actor=leader, device_id=stand[0].id)


def test_an_invitation_makes_way_for_the_next_and_runs_out(stand, clock) -> None:
    first, second = asked(stand), asked(stand)
    assert post(stand, RATE, {"call": str(first.id), "grade": "1"}).status_code == 409

    clock.move_to(MONDAY + dt.timedelta(minutes=10, seconds=1))

    assert post(stand, CALL, {}).json() == {"call": None}
    assert post(stand, RATE, {"call": str(second.id), "grade": "1"}).status_code == 409


def test_only_for_what_is_not_rated_and_only_at_the_own_window(stand) -> None:
    officer, neighbour = clerk(), clerk("clerk.fire", org=OTHER)
    ref = matter(people.citizen())

    with pytest.raises(NotPermitted, match="属于"):
        ask_on_device(actor=neighbour, code=stand[0].code, ref=ref, service="close")
    with pytest.raises(Conflict, match="还没有发生"):
        ask_on_device(actor=officer, code=stand[0].code, ref=ref, service="pay")
    with pytest.raises(NotFound):
        ask_on_device(actor=officer, code="NOBODY", ref=ref, service="close")


def test_who_may_register_an_evaluator_and_what_it_needs() -> None:
    leader, manager = clerk("leader", "leader"), clerk("manager", "process_admin", org=OTHER)
    values = {"name": "评价器", "window": "", "kind": "tablet"}

    for actor, org in ((clerk(), UNIT[0]), (leader, OTHER[0])):
        with pytest.raises(NotPermitted):
            register_device(actor=actor, org_code=org, **values)
    with pytest.raises(Invalid) as caught:
        register_device(actor=leader, org_code=UNIT[0], **{**values, "name": " "})
    row, key = register_device(actor=manager, org_code=UNIT[0], **values)

    assert caught.value.field == "name"
    assert len(key) == 64
    stored = Device.objects.filter(pk=row.pk).extra(select={"raw": "key"}).values_list("raw", flat=True)[0]
    assert key not in stored


def test_old_nonces_are_swept(stand, clock) -> None:
    post(stand, CALL, {})
    clock.move_to(MONDAY + dt.timedelta(minutes=11))

    post(stand, CALL, {})

    assert DeviceNonce.objects.count() == 1


def test_the_addresses_are_those_of_the_documentation() -> None:
    assert (reverse("ratings:device_call"), reverse("ratings:device_rate")) == (CALL, RATE)
