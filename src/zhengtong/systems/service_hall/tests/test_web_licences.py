"""Pages of licences: who may open which, what they show, the acts by clicks; the desk of the unit that issued them."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.trust.tests.conftest import cheap_key_store
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.testing.work import do_all_work
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application, LicenceMeasure
from zhengtong.systems.service_hall.services import papers
from zhengtong.systems.service_hall.tests import factories as hall
from zhengtong.systems.service_hall.tests import test_licence_life as life

__all__ = ["cheap_key_store"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_key_store")]
HOLDER = ("licence", "licence-code", "licence-loss", "licence-apply", "licence-measure")
DESK = ("desk-licence", "desk-propose", "desk-measure", "desk-decide-measure")


@pytest.fixture(autouse=True)
def county(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    monkeypatch.setattr(papers, "licence_validity", lambda _validity, issued_on: (issued_on, life.LAST_DAY))
    with time_machine.travel(life.MONDAY, tick=False) as traveller:
        hall.found_county("instant")
        yield traveller
        cases.forget_calendars()


@pytest.fixture
def owner() -> Actor:
    return hall.people.citizen()


@pytest.fixture
def licence(owner: Actor) -> documents.LicenceView:
    return life.granted(owner)


def official(name: str, *roles: str, code: str = "G22") -> Actor:
    return hall.people.official(name, *roles, org_code=code, org_name=hall.UNITS[code])


def signed_in(actor: Actor) -> Client:
    client = Client()
    hall.people.sign_in(client, actor)
    return client


def address(name: str, licence: documents.LicenceView, measure: LicenceMeasure) -> str:
    if "measure" in name:
        return reverse(f"service_hall:{name}", args=[measure.id])
    more = {"licence-apply": ["change"], "desk-propose": ["cancel"]}.get(name, [])
    return reverse(f"service_hall:{name}", args=[licence.id, *more])


def test_who_may_open_which_page(owner: Actor, licence: documents.LicenceView) -> None:
    measure = api.propose_measure(
        actor=life.clerk(), document_id=licence.id, kind="revoke", ground="fraud", reason="伪造场所证明"
    )
    readers = {
        "owner": signed_in(owner),
        "stranger": Client(),
        "citizen": signed_in(hall.people.citizen("李二", phone="13800000002")),
        "agent": signed_in(hall.people.agent(hall.people.citizen("王三", phone="13800000003"))),
        "fire": signed_in(official("leader.fire", "clerk", "leader", code="H05")),
        "leader": signed_in(official("leader.g22", "leader")),
        "admin": signed_in(official("admin.g22", "sys_admin")),
    }

    found = {
        (who, name): client.get(address(name, licence, measure)).status_code
        for who, client in readers.items()
        for name in (*HOLDER, *DESK)
    }

    for name in HOLDER:
        expected = {"owner": 200, "stranger": 302, "citizen": 404, "agent": 404, "fire": 404, "leader": 404}
        assert {who: found[who, name] for who in expected} == expected, name
    for name in DESK:
        expected = {"owner": 403, "stranger": 302, "citizen": 403, "fire": 404, "leader": 200, "admin": 403}
        assert {who: found[who, name] for who in expected} == expected, name
    lists = {who: client.get(reverse("service_hall:desk-licences")) for who, client in readers.items()}
    assert licence.paper.number in lists["leader"].content.decode()
    assert licence.paper.number not in lists["fire"].content.decode()
    assert {who: answer.status_code for who, answer in lists.items()} == {
        "owner": 403,
        "stranger": 302,
        "citizen": 403,
        "agent": 403,
        "fire": 200,
        "leader": 200,
        "admin": 403,
    }
    assert licence.paper.number not in readers["citizen"].get(reverse("service_hall:licences")).content.decode()


def test_nobody_else_changes_anything(owner: Actor, licence: documents.LicenceView) -> None:
    measure = api.propose_measure(
        actor=life.clerk(), document_id=licence.id, kind="cancel", ground="dissolved", reason="单位终止"
    )
    typed = {"reason": "偷", "text": "偷", "decision": "carry", "ground": "dissolved", "note": ""}
    for actor in (
        hall.people.citizen("李二", phone="13800000002"),
        official("leader.fire", "clerk", "leader", code="H05"),
        official("reviewer.g22", "reviewer"),
    ):
        client = signed_in(actor)
        written = (*HOLDER[2:], "licence-found", "desk-propose", "desk-decide-measure", "desk-drop-measure")
        for name in written:
            answer = client.post(address(name, licence, measure), typed)
            assert answer.status_code in (403, 404), (actor.name, name)

    measure.refresh_from_db()
    assert measure.state == "proposed"
    assert life.words_of(licence)[0] == "真：签发有效"
    assert Application.objects.filter(status="draft").count() == 0


def test_the_holder_shows_loses_and_replaces_a_licence(owner: Actor, licence: documents.LicenceView) -> None:
    client = signed_in(owner)
    page = client.get(reverse("service_hall:licences")).content.decode()
    assert "小餐饮经营许可证" in page
    assert "有效，至2027年4月30日" in page
    shown = client.get(reverse("service_hall:licence-code", args=[licence.id])).content.decode()
    assert shown.count("<svg") >= 2
    Client().get(f"/verify/{licence.paper.verification_code}/")

    loss = reverse("service_hall:licence-loss", args=[licence.id])
    assert client.post(loss, {"reason": ""}).status_code == 422
    assert client.post(loss, {"reason": "搬家时遗失"}).status_code == 302
    page = client.get(reverse("service_hall:licence", args=[licence.id])).content.decode()
    assert "已挂失" in page
    assert "查验码 1 次" in page
    assert "已挂失" in Client().get(f"/verify/{licence.paper.verification_code}/").content.decode()

    barred = client.post(reverse("service_hall:licence-apply", args=[licence.id, "change"]))
    assert barred.status_code == 422
    assert "先补办新证" in barred.content.decode()
    started = client.post(reverse("service_hall:licence-apply", args=[licence.id, "replacement"]))
    row = Application.objects.get(status="draft")
    assert started.headers["Location"] == reverse("service_hall:section", args=[row.id, 2])
    client.post(started.headers["Location"], {**life.LOST, "go": "next"})
    review = client.get(reverse("service_hall:review", args=[row.id])).content.decode()
    assert f"这次申请补发证照 {licence.paper.number}" in review
    assert client.post(reverse("service_hall:review", args=[row.id]), {"consent": "on"}).status_code == 302
    row.refresh_from_db()
    mine = client.get(reverse("service_hall:application", args=[row.id])).content.decode()
    assert "补发证照" in mine
    life.approve(row)

    old = client.get(reverse("service_hall:licence", args=[licence.id])).content.decode()
    assert "已作废，补发新证" in old
    assert "查看换发后的新证" in old
    assert client.get(reverse("service_hall:licence-apply", args=[licence.id, "nonsense"])).status_code == 404


def test_found_again_by_a_click(owner: Actor, licence: documents.LicenceView) -> None:
    client = signed_in(owner)
    api.report_loss(actor=owner, document_id=licence.id, reason="找不到了")

    assert client.post(reverse("service_hall:licence-found", args=[licence.id])).status_code == 302
    again = client.post(reverse("service_hall:licence-found", args=[licence.id]), follow=True)

    assert "没有挂失" in again.content.decode()
    assert life.words_of(licence)[0] == "真：签发有效"


def test_a_revocation_by_clicks_with_the_holder_heard(owner: Actor, licence: documents.LicenceView) -> None:
    clerk, leader = signed_in(official("clerk.g22", "clerk")), signed_in(official("l.g22", "leader"))
    found = clerk.get(reverse("service_hall:desk-licences"), {"q": licence.paper.number}).content.decode()
    assert reverse("service_hall:desk-licence", args=[licence.id]) in found
    propose = reverse("service_hall:desk-propose", args=[licence.id, "revoke"])
    refused = clerk.post(propose, {"ground": "unqualified", "reason": "场所不符"})
    assert refused.status_code == 422
    assert "公共利益" in refused.content.decode()
    assert "场所不符" in refused.content.decode()
    typed = {"ground": "unqualified", "reason": "场所不符", "relief": "依法赔偿", "public_interest": "on"}
    answer = clerk.post(propose, typed)
    measure = LicenceMeasure.objects.get()
    assert answer.headers["Location"] == reverse("service_hall:desk-measure", args=[measure.id])
    do_all_work()
    decide = reverse("service_hall:desk-decide-measure", args=[measure.id])
    assert clerk.get(decide).status_code == 403
    assert leader.post(decide, {"decision": "carry"}).status_code == 409

    holder = signed_in(owner)
    page = holder.get(reverse("service_hall:licence", args=[licence.id])).content.decode()
    statement = reverse("service_hall:licence-measure", args=[measure.id])
    assert statement in page
    assert "拟撤销行政许可告知书" in page
    assert holder.post(statement, {"text": ""}).status_code == 422
    assert holder.post(statement, {"text": "已经整改"}).status_code == 302
    assert "已经整改" in leader.get(reverse("service_hall:desk-measure", args=[measure.id])).content.decode()
    assert leader.post(decide, {"decision": "refuse"}).status_code == 422
    assert leader.post(decide, {"decision": "carry", "note": "撤销"}).status_code == 302
    do_all_work()

    assert life.words_of(licence)[0] == "已撤销"
    page = holder.get(reverse("service_hall:licence", args=[licence.id])).content.decode()
    assert "撤销行政许可决定书" in page
    desk = clerk.get(reverse("service_hall:desk-licence", args=[licence.id])).content.decode()
    assert "已决定，已生效" in desk
    ref = ObjectRef(kind="licence_measure", id=str(measure.id))
    made = documents.documents_of(tenant=hall.TENANT, object_ref=ref)
    paper = next(one for one in made if one.kind == "revocation")
    assert holder.get(reverse("service_hall:paper", args=[paper.id])).status_code == 200
    stranger = signed_in(hall.people.citizen("李二", phone="13800000002"))
    assert stranger.get(reverse("service_hall:paper", args=[paper.id])).status_code == 404


def test_a_reading_at_the_desk_is_shown_to_the_holder(owner: Actor, licence: documents.LicenceView) -> None:
    signed_in(official("clerk.g22", "clerk")).get(reverse("service_hall:desk-licence", args=[licence.id]))

    page = signed_in(owner).get(reverse("service_hall:licence", args=[licence.id])).content.decode()

    assert "证照管理" in page
    assert hall.UNITS["G22"] in page


def test_what_is_proposed_can_be_taken_back_by_a_click(owner: Actor, licence: documents.LicenceView) -> None:
    clerk = signed_in(official("clerk.g22", "clerk"))
    clerk.post(
        reverse("service_hall:desk-propose", args=[licence.id, "lift"]),
        {"ground": "penalty", "reason": "处罚决定已生效", "document_no": "青罚〔2026〕8号"},
    )
    measure = LicenceMeasure.objects.get()

    assert clerk.post(reverse("service_hall:desk-drop-measure", args=[measure.id])).status_code == 302

    measure.refresh_from_db()
    assert measure.state == "dropped"
    again = clerk.post(reverse("service_hall:desk-drop-measure", args=[measure.id]), follow=True)
    assert "已经办结" in again.content.decode()


def test_a_form_of_a_correction_shows_what_is_registered(owner: Actor) -> None:
    catalogue.publish_item(actor=system(hall.TENANT), draft=hall.item_draft(form_key="restaurant"))
    licence = life.granted(owner, hall.RESTAURANT_ANSWERS)
    clerk = signed_in(official("clerk.g22", "clerk"))
    url = reverse("service_hall:desk-propose", args=[licence.id, "correct"])
    page = clerk.get(url).content.decode()
    assert licence.rows[0][1] in page
    typed = {f"row{number}": value for number, (_label, value) in enumerate(licence.rows)}
    same = clerk.post(url, {"ground": "mistake", "reason": "录入错误", **typed})
    assert same.status_code == 422
    assert "至少更正一项" in same.content.decode()

    changed = clerk.post(url, {"ground": "mistake", "reason": "录入错误", **typed, "row0": "新街面馆"})

    assert changed.status_code == 302
    assert LicenceMeasure.objects.get().corrected == {licence.rows[0][0]: "新街面馆"}


def test_a_page_of_a_licence_asks_few_questions_of_the_database(
    owner: Actor, licence: documents.LicenceView, django_assert_max_num_queries
) -> None:
    client = signed_in(owner)
    url = reverse("service_hall:licences")
    client.get(url)

    with django_assert_max_num_queries(40):
        client.get(url)


def test_dates_that_are_near_are_told(
    owner: Actor, licence: documents.LicenceView, county: time_machine.Traveller
) -> None:
    county.move_to(dt.datetime.combine(life.LAST_DAY - dt.timedelta(days=10), dt.time(2), tzinfo=dt.UTC))

    page = signed_in(owner).get(reverse("service_hall:licence", args=[licence.id])).content.decode()

    assert "将于2027年4月30日到期，还有 10 天" in page
    assert "最迟在2027年3月" in page


def test_a_page_of_thousands_of_digits_is_the_first_one(owner: Actor, licence: documents.LicenceView) -> None:
    browser = signed_in(owner)

    for number in ("9" * 5000, "9" * 30, "-1", "二"):
        page = browser.get(reverse("service_hall:licences"), {"page": number})
        assert page.status_code == 200
        assert licence.paper.number in page.content.decode()
