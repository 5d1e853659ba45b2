"""A courier's system reports: only what it signed, each event once, in any order to the same end."""

import datetime as dt
import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.signed_messages import signed_headers
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import CarrierCall, Delivery
from zhengtong.systems.service_hall.registry import carriers
from zhengtong.systems.service_hall.rules import CARRIER_STEPS, state_after_report
from zhengtong.systems.service_hall.services.courier import ReportingCourier
from zhengtong.systems.service_hall.tests import counter_factories as counter
from zhengtong.systems.service_hall.tests import factories as hall
from zhengtong.systems.service_hall.tests import hall_factories

SECRET = "a secret of thirty-two characters"
NUMBER = "SF0001"
ADDRESS = api.DeliveryChoice(
    way="post", recipient="张一", phone="13800000001", address="某省禾州市青禾县城关镇老街 18 号"
)


@given(steps=st.lists(st.sampled_from(sorted(CARRIER_STEPS)), max_size=5), again=st.data())
@settings(max_examples=60)
def test_reports_end_in_the_same_state_in_whatever_order_and_however_often(
    steps: list[str], again: st.DataObject
) -> None:
    shuffled = again.draw(st.permutations(steps + steps))

    assert _end(shuffled) == _end(steps)


def _end(steps: list[str]) -> str:
    state = "posted"
    for step in steps:
        state = state_after_report(state=state, outcome=CARRIER_STEPS[step][1])
    return state


def test_a_delivery_that_was_never_posted_follows_no_report() -> None:
    for state, (_words, outcome) in itertools.product(
        ("waiting", "to_prepare", "at_place", "done"), CARRIER_STEPS.values()
    ):
        assert state_after_report(state=state, outcome=outcome) == state


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="32"):
        ReportingCourier("寄递企业", "short")


# --- the address


@pytest.fixture
def moment() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(hall_factories.MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def citizen(moment: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch) -> Actor:
    monkeypatch.setitem(carriers._items, "courier", ReportingCourier("顺路速递", SECRET))
    hall.found_county()
    return hall.people.citizen()


def posted(citizen: Actor, number: str = NUMBER) -> Delivery:
    """A licence on its way by post."""
    row = hall.submitted(citizen)
    api.choose_delivery(actor=citizen, application_id=row.id, choice=ADDRESS)
    api.open_delivery(tenant=hall.TENANT, application_id=row.id, granted=True)
    market = counter.window("clerk.market", unit=("G22", hall.UNITS["G22"]), role="clerk")
    return api.send_by_post(actor=market, delivery_id=api.delivery_of(row).id, carrier="courier", tracking_no=number)


def body_of(
    step: str, *, number: str = NUMBER, event: str = "", at: dt.datetime | None = None, note: str = ""
) -> bytes:
    instant = at or hall_factories.MONDAY
    said = {"tracking_no": number, "event_id": event or f"{number}-{step}", "step": step, "at": instant.isoformat()}
    return json.dumps({**said, "note": note}).encode()


def report(
    body: bytes, *, secret: str = SECRET, at: dt.datetime = hall_factories.MONDAY, headers: dict[str, str] | None = None
) -> Any:
    """Post a report as the courier's system does."""
    given_headers = headers or signed_headers(secret.encode(), prefix="X-Courier", at=at, body=body)
    return Client().post(
        reverse("service_hall:courier-report", args=["courier"]),
        body,
        content_type="application/json",
        headers={name: text for name, text in given_headers.items() if name != "Content-Type"},
    )


@pytest.mark.django_db
def test_a_parcel_is_followed_until_it_was_signed_for(client: Client, citizen: Actor) -> None:
    delivery = posted(citizen)

    answers = [report(body_of(step, note="青禾县城关镇")) for step in ("collected", "in_transit", "delivered")]

    assert [answer.json()["result"] for answer in answers] == ["taken"] * 3
    delivery.refresh_from_db()
    assert delivery.state == "done"
    hall.people.sign_in(client, citizen)
    page = client.get(reverse("service_hall:application", args=[delivery.application_id])).content.decode()
    assert "运输途中（青禾县城关镇）" in page
    assert "顺路速递" in page


@pytest.mark.django_db
def test_doubled_and_disordered_reports_do_no_harm(citizen: Actor) -> None:
    delivery = posted(citizen)

    told = [report(body_of(step)).json()["result"] for step in ("delivered", "refused", "delivered", "collected")]

    assert told == ["taken", "taken", "again", "taken"]
    delivery.refresh_from_db()
    assert delivery.state == "done"
    assert delivery.events.exclude(key="").count() == 3


@pytest.mark.django_db
def test_a_refused_parcel_comes_back_and_is_posted_again_under_another_number(citizen: Actor) -> None:
    delivery = posted(citizen)
    report(body_of("refused", note="查无此人"))
    delivery.refresh_from_db()
    assert delivery.state == "returned"
    market = counter.window("clerk.market", unit=("G22", hall.UNITS["G22"]), role="clerk")

    api.send_by_post(actor=market, delivery_id=delivery.id, carrier="courier", tracking_no="SF0002")

    assert report(body_of("delivered")).status_code == 404
    assert report(body_of("delivered", number="SF0002")).status_code == 200
    delivery.refresh_from_db()
    assert delivery.state == "done"


@pytest.mark.django_db
def test_what_the_courier_did_not_sign_now_changes_nothing(citizen: Actor, moment: time_machine.Traveller) -> None:
    delivery = posted(citizen)
    body, ago = body_of("delivered"), hall_factories.MONDAY - dt.timedelta(minutes=11)
    genuine = signed_headers(SECRET.encode(), prefix="X-Courier", at=hall_factories.MONDAY, body=body)

    refused = [
        report(body, secret="another secret of many characters"),
        report(body_of("refused"), headers=genuine),
        report(body, at=ago),
        report(body, headers={"X-Courier-Nonce": "x"}),
        report(body_of("delivered", at=hall_factories.MONDAY + dt.timedelta(hours=1))),
        *[report(text) for text in (b"[]", b"{", json.dumps({"step": "stolen"}).encode())],
    ]

    assert {answer.status_code for answer in refused} == {400}
    assert report(b"x" * 20000).status_code == 413
    assert not CarrierCall.objects.exists()
    delivery.refresh_from_db()
    assert delivery.state == "posted"
    moment.shift(dt.timedelta(minutes=11))
    assert report(body, headers=genuine).status_code == 400


@pytest.mark.django_db
def test_a_report_is_taken_once_and_an_unknown_number_is_refused(citizen: Actor) -> None:
    posted(citizen)
    body = body_of("in_transit")
    headers = signed_headers(SECRET.encode(), prefix="X-Courier", at=hall_factories.MONDAY, body=body)

    assert [report(body, headers=headers).status_code for _time in range(2)] == [200, 409]
    assert report(body_of("delivered", number="SF9999")).status_code == 404
    there = reverse("service_hall:courier-report", args=["pigeon"])
    assert Client().post(there, body, content_type="application/json").status_code == 404
    assert Client().get(there).status_code == 405


@pytest.mark.django_db
def test_a_number_belongs_to_one_licence(citizen: Actor) -> None:
    posted(citizen)

    with pytest.raises(Invalid, match="另一份证照"):
        posted(hall.people.citizen("李二", phone="13800000002"))
