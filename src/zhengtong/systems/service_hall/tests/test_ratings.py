"""Rating an application: what has happened in it, who may rate, and what stands on its pages."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.ratings import api as ratings
from zhengtong.capabilities.ratings.registry import rateable
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.tests import factories as hall

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def county() -> None:
    hall.found_county()


def ref_of(row: Application) -> ObjectRef:
    return ObjectRef(kind="application", id=str(row.id))


def closed(owner) -> Application:
    row = hall.act(hall.submitted(owner), "refuse")
    do_all_work()
    row.refresh_from_db()
    return row


def test_the_events_are_those_that_have_happened() -> None:
    owner = hall.people.citizen()
    provider = rateable.get("application")
    told = hall.told(owner)
    draft = hall.draft(owner)

    assert provider.subject(hall.TENANT, ref_of(draft)) is None
    assert provider.subject(hall.TENANT, ObjectRef(kind="application", id="x")) is None
    assert provider.subject(hall.TENANT, ObjectRef(kind="application", id=str(uuid.uuid4()))) is None
    subject = provider.subject(hall.TENANT, ref_of(told))
    assert subject is not None
    assert list(subject.events) == ["apply"]
    hall.give(owner, told, text="补正")
    hall.api.answer_notice(actor=owner, application_id=told.id, command_key="test:answer")
    again = provider.subject(hall.TENANT, ref_of(told))
    assert again is not None
    assert list(again.events) == ["apply", "supplement"]
    assert (again.number, again.case_id) == (told.number, told.case_id)


def test_the_applicant_rates_from_the_page_of_the_application() -> None:
    owner, other = hall.people.citizen(), hall.people.citizen("李二", phone="13800000002")
    row = closed(owner)
    client = hall.people.sign_in(Client(), owner)
    address = reverse("ratings:rate", args=["application", row.id, "close"])

    page = client.get(reverse("service_hall:application", args=[row.id])).content.decode()
    assert page.count(address) == 2
    assert "评价“办结”的服务" in page
    assert hall.people.sign_in(Client(), other).get(address).status_code == 404
    assert client.post(address, {"grade": "dissatisfied", "text": "没有一次说清"}).status_code == 302
    do_all_work()

    rating = ratings.ratings_of(hall.TENANT, ref_of(row))[0]
    assert (rating.service, rating.grade) == ("close", "dissatisfied")
    # who was served badly may complain of it from there
    assert f"{reverse('complaints:new')}?about=rating%3Aapplication%3A{row.id}" in client.get(address).content.decode()
    shown = client.get(reverse("service_hall:application", args=[row.id])).content.decode()
    assert "差评整改：待联系" in shown


def test_the_holder_of_number_and_code_is_led_to_rating_without_signing_in() -> None:
    row = closed(hall.people.citizen())
    stranger = Client()

    stranger.post(reverse("service_hall:track"), {"number": row.number, "code": row.query_code})
    page = stranger.get(reverse("service_hall:track_result")).content.decode()

    links = ratings.open_links(tenant=hall.TENANT, ref=ref_of(row))
    assert [label for label, _path in links] == ["办结", "申报"]
    assert all(path in page for _label, path in links)
    assert stranger.post(links[0][1], {"grade": "satisfied"}).status_code == 302
    assert [label for label, _path in ratings.open_links(tenant=hall.TENANT, ref=ref_of(row))] == ["办结", "申报"]
    assert ratings.ratings_of(hall.TENANT, ref_of(row))[0].grade == "satisfied"


def test_officials_read_the_rating_on_the_case_and_go_there_from_it() -> None:
    row = closed(hall.people.citizen())
    owner = hall.people.api.actor_for(hall.TENANT, person_id=row.person_id, as_self=True)
    ratings.give_rating(
        actor=owner,
        ref=ref_of(row),
        service="close",
        answer=ratings.Answer("very_dissatisfied", text="跑了三趟"),
        channel="pc",
    )
    clerk = hall.people.official("clerk.market", "clerk")
    client = hall.people.sign_in(Client(), clerk)
    subject = rateable.get("application").subject(hall.TENANT, ref_of(row))

    assert subject is not None
    assert "跑了三趟" in client.get(subject.desk_url).content.decode()
    follow_up = ratings.follow_ups(actor=clerk).rows[0]
    assert subject.desk_url in client.get(reverse("ratings:follow_up", args=[follow_up.id])).content.decode()
