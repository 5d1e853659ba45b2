"""删除申请: who may ask, take back, decide and read; what the pages say."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify.models import SiteMessage
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import ErasureRequest
from zhengtong.systems.service_hall.tests import factories as hall
from zhengtong.systems.service_hall.tests.hall_factories import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]


@pytest.fixture
def guard() -> Actor:
    return hall.people.official("guard", "sec_admin", org_code="K09", org_name="青禾县数据局")


def test_who_may_open_which_page(owner: Actor, guard: Actor) -> None:
    asked = api.ask_erasure(actor=owner, reason="不再使用")
    clients = {
        "owner": signed_in(owner),
        "stranger": Client(),
        "clerk": signed_in(hall.people.official("clerk", "clerk")),
        "guard": signed_in(guard),
    }
    pages = {
        reverse("service_hall:my-erasure"): (200, 302, 403, 403),
        reverse("service_hall:desk-erasures"): (403, 302, 403, 200),
        reverse("service_hall:desk-erasure", args=[asked.id]): (403, 302, 403, 200),
        reverse("service_hall:desk-erasure", args=[owner.person_id]): (403, 302, 403, 404),
        reverse("console:personal-data"): (403, 302, 403, 200),
        reverse("console:personal-data-xlsx"): (403, 302, 403, 200),
    }
    for url, codes in pages.items():
        assert tuple(client.get(url).status_code for client in clients.values()) == codes, url


def test_asking_shows_what_goes_and_what_stays_and_is_taken_back(owner: Actor) -> None:
    hall.submitted(owner)
    client = signed_in(owner)
    url = reverse("service_hall:my-erasure")

    page = client.get(url).content.decode()
    assert "没有办结的办件" in page
    assert "还没有办结" in page
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"known": "on", "reason": "不再使用"}).status_code == 302
    assert client.post(url, {"known": "on"}).status_code == 409
    asked = ErasureRequest.objects.get()
    assert asked.due_on == dt.date(2026, 11, 30)
    assert "等待决定" in client.get(reverse("service_hall:my-data")).content.decode()
    back = reverse("service_hall:my-erasure-withdraw", args=[asked.id])
    assert signed_in(hall.people.citizen("李二", phone="13800000002")).post(back).status_code == 404
    assert client.get(back).status_code == 405
    assert client.post(back).status_code == 302
    assert client.post(back).status_code == 409
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == ("withdrawn", "")


def test_a_sign_in_of_some_time_ago_is_not_enough(owner: Actor, county: time_machine.Traveller) -> None:
    client = signed_in(owner)
    county.shift(dt.timedelta(minutes=20))

    answer = client.get(reverse("service_hall:my-erasure"))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_a_refusal_names_its_reason_and_erases_nothing(owner: Actor, guard: Actor) -> None:
    asked = api.ask_erasure(actor=owner, reason="不再使用")
    client = signed_in(guard)
    url = reverse("service_hall:desk-erasure", args=[asked.id])
    assert "不再使用" in client.get(url).content.decode()
    assert client.post(url, {"grant": "no", "answer": ""}).status_code == 422

    assert client.post(url, {"grant": "no", "answer": "还有没有办结的办件。"}).status_code == 302
    assert client.post(url, {"grant": "yes", "answer": "同意"}).status_code == 409

    do_all_work()
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by, asked.erased) == ("refused", guard.name, {})
    assert SiteMessage.objects.filter(person_id=owner.person_id, title="个人信息删除申请：没有删除").exists()
    shown = signed_in(owner).get(reverse("service_hall:my-data")).content.decode()
    assert "还有没有办结的办件。" in shown
    acts = [one.act for one in ledger.entries_of(ObjectRef(kind="erasure_request", id=str(asked.id)), hall.TENANT)]
    assert {"service_hall.ask_erasure", "service_hall.read_erasure", "service_hall.decide_erasure"} <= set(acts)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where task_name = 'service_hall.erase_person'")
        assert cursor.fetchone() == (0,)


def test_a_granted_one_is_carried_out_and_ends_every_session(owner: Actor, guard: Actor) -> None:
    client = signed_in(owner)
    asked = api.ask_erasure(actor=owner, reason="")
    page = signed_in(guard)
    url = reverse("service_hall:desk-erasure", args=[asked.id])
    assert page.post(url, {"grant": "yes", "answer": "同意。"}).status_code == 302

    do_all_work()

    asked.refresh_from_db()
    assert (asked.state, asked.person_name) == ("done", "")
    assert asked.erased["实名信息"] == 1
    assert client.get(reverse("service_hall:my-data")).status_code == 302
    assert "实名信息 1" in page.get(reverse("service_hall:desk-erasures")).content.decode()
    assert page.get(url).status_code == 200


def test_refusals_of_the_services(owner: Actor, guard: Actor) -> None:
    with pytest.raises(NotPermitted):
        api.ask_erasure(actor=hall.official("G22", "clerk"), reason="")
    with pytest.raises(NotPermitted):
        api.ask_erasure(actor=hall.people.agent(owner), reason="")
    with pytest.raises(Invalid):
        api.ask_erasure(actor=owner, reason="长" * 1001)
    asked = api.ask_erasure(actor=owner, reason="")
    with pytest.raises(Conflict):
        api.ask_erasure(actor=owner, reason="")
    with pytest.raises(NotPermitted):
        api.decide_erasure(actor=hall.official("G22", "leader"), request_id=asked.id, grant=True, answer="好")
    with pytest.raises(NotFound):
        api.decide_erasure(actor=guard, request_id=hall.people.unknown_id(), grant=True, answer="好")
    with pytest.raises(Invalid):
        api.decide_erasure(actor=guard, request_id=asked.id, grant=True, answer=" ")
    assert api.erasures_to_decide(actor=guard) == 1
    assert api.erasures_to_decide(actor=owner) == 0
    assert not api.erasures_waiting(actor=owner).exists()
    assert api.erasures_decided(actor=owner) == []
    assert api.my_erasures(actor=guard) == []
