"""The counter's pages as an official's browser goes them, and who else may not."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.policy import policy_of
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application, Sitting
from zhengtong.systems.service_hall.tests import counter_factories as counter
from zhengtong.systems.service_hall.tests import factories as hall
from zhengtong.systems.service_hall.web import counter_urls

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client: Client) -> Actor:
    hall.found_county()
    actor = counter.window()
    hall.people.sign_in(client, actor)
    return actor


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]  # a test response


def test_from_the_card_on_the_counter_to_the_receipt(client: Client, clerk: Actor) -> None:
    page = client.post(reverse("service_hall:counter"), {"citizen_number": counter.NUMBER})
    assert "平台上还没有这个人" in text_of(page)
    taken = client.post(
        reverse("service_hall:counter-take-in"),
        {"name": counter.NAME, "citizen_number": counter.NUMBER, "phone": counter.PHONE},
    )
    page = text_of(client.get(f"{taken.url}?q={hall.SIMPLE}"))
    assert "赵**" in page
    assert counter.NUMBER not in page
    begun = client.post(f"{taken.url}?q={hall.SIMPLE}", {"choice": "self", "proof": "id_card", "item": hall.SIMPLE})
    sitting = Sitting.objects.get()
    row = sitting.application
    assert begun.url == reverse("service_hall:sitting", args=[sitting.id])

    form = text_of(client.get(reverse("service_hall:section", args=[row.id, 1])))
    assert "操作都记在您名下" in form
    saved = client.post(reverse("service_hall:autosave", args=[row.id]), hall.ANSWERS, content_type="application/json")
    assert saved.status_code == 200
    client.post(
        reverse("service_hall:upload", args=[row.id, hall.REQUIRED]),
        {"file": [SimpleUploadedFile("一.jpg", hall.photo()), SimpleUploadedFile("二.jpg", hall.photo())]},
    )
    assert row.files.get(state="current").file.name == "一.pdf"
    given = row.files.get(state="current")
    client.post(reverse("service_hall:counter-original", args=[sitting.id, given.id]))
    assert "核对过原件" in text_of(client.get(reverse("service_hall:sitting", args=[sitting.id])))

    assert client.get(reverse("service_hall:review", args=[row.id])).url == reverse(
        "service_hall:counter-show", args=[row.id]
    )
    show = reverse("service_hall:counter-show", args=[row.id])
    screen = text_of(client.get(show))
    assert hall.ANSWERS["content"] in screen
    assert "同意以本人名义提交" in screen
    refused = client.post(show, {"drawn": ""})
    assert refused.status_code == 422
    assert "还没有签名" in text_of(refused)
    done = client.post(show, {"drawn": counter.drawn()})
    assert done.url == reverse("service_hall:counter-receipt", args=[sitting.id])

    receipt = text_of(client.get(done.url))
    row.refresh_from_db()
    assert row.query_code[:4] in receipt
    assert "场所证明" in receipt
    assert "当场受理" not in receipt
    assert client.get(reverse("service_hall:section", args=[row.id, 1])).status_code == 404
    assert counter.NAME not in text_of(client.get(reverse("service_hall:counter")))


def test_a_paper_that_was_signed_is_kept_in_place_of_the_pad(client: Client, clerk: Actor) -> None:
    sitting = counter.typed(clerk)
    show = reverse("service_hall:counter-show", args=[sitting.application_id])

    done = client.post(show, {"drawn": "", "paper": SimpleUploadedFile("签字.jpg", hall.photo())})

    sitting.refresh_from_db()
    assert done.status_code == 302
    assert (sitting.consent_kind, sitting.state) == ("paper", "done")


def test_a_clerk_of_the_unit_accepts_at_once(client: Client, clerk: Actor) -> None:
    own = counter.window("clerk.market", unit=("G22", hall.UNITS["G22"]), role="clerk")
    hall.people.sign_in(client, own)
    sitting = counter.handed_in(own)

    receipt = client.get(reverse("service_hall:counter-receipt", args=[sitting.id]))
    accepted = client.post(reverse("service_hall:counter-accept", args=[sitting.id]), follow=True)

    assert "当场受理" in text_of(receipt)
    assert "已经当场受理" in text_of(accepted)


def test_the_window_of_another_unit_is_told_that_the_acceptance_is_not_his(client: Client, clerk: Actor) -> None:
    sitting = counter.handed_in(clerk)

    answer = client.post(reverse("service_hall:counter-accept", args=[sitting.id]), follow=True)

    assert "已经转到该单位" in text_of(answer)


def test_a_person_is_seen_only_after_his_number_was_given(client: Client, clerk: Actor) -> None:
    person_id = counter.stranger(clerk)
    page = reverse("service_hall:counter-person", args=[person_id])

    before = client.get(page).status_code
    client.post(reverse("service_hall:counter"), {"citizen_number": counter.NUMBER})

    assert (before, client.get(page).status_code) == (404, 200)


def test_a_number_that_cannot_be_one_is_refused(client: Client, clerk: Actor) -> None:
    answer = client.post(reverse("service_hall:counter"), {"citizen_number": "980723199003070011"})

    assert answer.status_code == 422
    assert "可能抄错了一位" in text_of(answer)


def test_a_draft_is_thrown_away_from_the_counter(client: Client, clerk: Actor) -> None:
    sitting = counter.begun(clerk)

    answer = client.post(reverse("service_hall:discard", args=[sitting.application_id]))

    sitting.refresh_from_db()
    assert answer.url == reverse("service_hall:counter")
    assert (sitting.state, Application.objects.get(pk=sitting.application_id).status) == ("dropped", "discarded")


def test_every_address_asks_for_a_counter() -> None:
    roles = {policy.roles for route in counter_urls.urlpatterns if (policy := policy_of(route.callback))}

    assert roles == {frozenset({"counter", "clerk"})}
    assert all(policy_of(route.callback) for route in counter_urls.urlpatterns)


@pytest.mark.parametrize("who", ["stranger", "citizen", "leader", "colleague", "clerk of another unit"])
def test_nobody_else_opens_or_changes_a_sitting(client: Client, clerk: Actor, who: str) -> None:
    sitting = counter.agreed(clerk, counter.typed(clerk))
    given = sitting.application.files.get(material_key=hall.REQUIRED)
    other = Client()
    if who == "citizen":
        hall.people.sign_in(other, hall.people.citizen())
    elif who == "leader":
        hall.people.sign_in(other, counter.window("leader.market", unit=("G22", hall.UNITS["G22"]), role="leader"))
    elif who == "colleague":
        hall.people.sign_in(other, counter.window("window.two"))
    elif who == "clerk of another unit":
        hall.people.sign_in(other, counter.window("clerk.fire", unit=("H05", hall.UNITS["H05"]), role="clerk"))
    reading = [
        reverse("service_hall:sitting", args=[sitting.id]),
        reverse("service_hall:counter-show", args=[sitting.application_id]),
        reverse("service_hall:counter-receipt", args=[sitting.id]),
        reverse("service_hall:section", args=[sitting.application_id, 1]),
        reverse("service_hall:file", args=[sitting.application_id, given.id]),
    ]
    writing = [
        reverse("service_hall:counter-show", args=[sitting.application_id]),
        reverse("service_hall:counter-drop", args=[sitting.id]),
        reverse("service_hall:counter-accept", args=[sitting.id]),
        reverse("service_hall:counter-original", args=[sitting.id, given.id]),
        reverse("service_hall:turn", args=[sitting.application_id, given.id]),
    ]

    answers = [other.get(url) for url in reading] + [other.post(url, {"drawn": counter.drawn()}) for url in writing]

    assert {answer.status_code for answer in answers} <= ({302} if who == "stranger" else {403, 404})
    sitting.refresh_from_db()
    assert sitting.state == "open"
    assert not api.originals_seen(sitting.application)
    assert client.get(reading[0]).status_code == 200


def test_the_counter_registers_how_the_licence_comes(client: Client, clerk: Actor) -> None:
    sitting = counter.handed_in(clerk)
    url = reverse("service_hall:choose-delivery", args=[sitting.application_id])

    wrong = client.post(url, {"way": "post", "recipient": "赵大爷", "phone": "1", "address": "老街"})
    done = client.post(
        url, {"way": "post", "recipient": "赵大爷", "phone": counter.PHONE, "address": "青禾县城关镇老街 18 号"}
    )

    assert wrong.status_code == 422
    assert "门牌号" in text_of(wrong)
    assert done.url == reverse("service_hall:counter")
    assert "老街 18 号" not in text_of(client.get(url))


@pytest.fixture
def town() -> tuple[Actor, Client]:
    hall.found_county()
    actor = counter.town()
    return actor, hall.people.sign_in(Client(), actor)


def test_a_town_passes_up_and_the_county_hands_back(town: tuple[Actor, Client]) -> None:
    actor, there = town
    row = counter.handed_in(actor).application
    papers = reverse("service_hall:papers")
    assert row.item_name in text_of(there.get(papers))
    sent = there.post(papers, {"application": str(row.id), f"pieces-{row.id}": "2"})
    assert "共 1 件 2 份" in text_of(there.get(sent.url))
    market = counter.window("clerk.market", unit=("G22", hall.UNITS["G22"]), role="clerk")
    here = hall.people.sign_in(Client(), market)
    line = api.lines_of(api.lists_to_receive(actor=market)[0])[0]

    undecided = here.post(sent.url, {})
    received = here.post(
        sent.url, {f"state-{line.id}": "returned", f"reason-{line.id}": "没有盖章", "drawn": counter.drawn()}
    )

    assert undecided.status_code == 422
    assert "请选择收到" in text_of(undecided)
    assert received.status_code == 302
    assert "没有盖章" in text_of(there.get(papers))
    assert counter.NAME not in text_of(there.get(sent.url))
    assert there.post(papers, {}).status_code == 422
    assert there.post(papers, {"application": "x"}).status_code == 422


def test_a_helper_answers_a_notice_for_the_person(town: tuple[Actor, Client]) -> None:
    actor, there = town
    row = counter.handed_in(actor).application
    hall.act(row, "supplement", points={hall.REQUIRED: "缺少出租方签字"})
    assert "代交补正" in text_of(there.get(reverse("service_hall:counter-people")))

    begun = there.post(reverse("service_hall:counter-supplement", args=[row.id]), {"proof": "id_card"}, follow=True)
    assert reverse("service_hall:supplement", args=[row.id]) in text_of(begun)
    assert "缺少出租方签字" in text_of(there.get(reverse("service_hall:supplement", args=[row.id])))
    there.post(
        reverse("service_hall:upload", args=[row.id, hall.REQUIRED]),
        {"file": SimpleUploadedFile("签过字.pdf", hall.pdf("签过字的"))},
    )
    show = there.post(reverse("service_hall:supplement", args=[row.id]))
    assert show.url == reverse("service_hall:counter-show", args=[row.id])
    done = there.post(show.url, {"drawn": counter.drawn()})

    row.refresh_from_db()
    assert done.status_code == 302
    assert row.status == "submitted"


def test_a_licence_is_handed_over_at_the_window(town: tuple[Actor, Client]) -> None:
    _actor, there = town
    citizen = hall.people.citizen()
    row = hall.submitted(citizen)
    api.choose_delivery(
        actor=citizen, application_id=row.id, choice=api.DeliveryChoice(way="township", place_code="T02")
    )
    api.open_delivery(tenant=hall.TENANT, application_id=row.id, granted=True)
    delivery = api.delivery_of(row)
    url = reverse("service_hall:delivery-one", args=[delivery.id])
    market = counter.window("clerk.market", unit=("G22", hall.UNITS["G22"]), role="clerk")
    here = hall.people.sign_in(Client(), market)

    assert there.get(url).status_code == 404
    assert "张*" in text_of(here.get(reverse("service_hall:delivery")))
    assert here.post(url, {"act": "on_way"}).status_code == 302
    assert here.post(url, {"act": "fly"}).status_code == 422
    assert there.post(url, {"act": "at_place"}).status_code == 302
    wrong = there.post(url, {"act": "collect", "name": "钱大爷", "proof": "id_card"})
    assert "请他提供申请人的领取码" in text_of(wrong)
    mine = hall.people.sign_in(Client(), citizen)
    code = api.delivery_of(row).collect_code
    assert code in text_of(mine.get(reverse("service_hall:application", args=[row.id])))
    done = there.post(url, {"act": "collect", "name": "钱大爷", "code": code, "drawn": counter.drawn()})
    assert done.status_code == 302
    assert "已送达" in text_of(mine.get(reverse("service_hall:application", args=[row.id])))


def test_an_address_is_shown_whole_only_on_the_label_and_the_reading_is_entered(client: Client, clerk: Actor) -> None:
    citizen = hall.people.citizen()
    row = hall.submitted(citizen)
    address = "某省禾州市青禾县城关镇老街 18 号"
    choice = api.DeliveryChoice(way="post", recipient="张一", phone="13800000001", address=address)
    api.choose_delivery(actor=citizen, application_id=row.id, choice=choice)
    api.open_delivery(tenant=hall.TENANT, application_id=row.id, granted=True)
    delivery = api.delivery_of(row)

    page = text_of(client.get(reverse("service_hall:delivery-one", args=[delivery.id])))
    label = text_of(client.post(reverse("service_hall:delivery-label", args=[delivery.id])))
    posted = client.post(
        reverse("service_hall:delivery-one", args=[delivery.id]),
        {"act": "post", "carrier": "simulated", "tracking_no": "E1"},
    )

    assert address not in page
    assert address in label
    entries = ledger.entries_of(ObjectRef(kind="application", id=str(row.id)), hall.TENANT)
    assert "service_hall.delivery_read" in [entry.act for entry in entries]
    assert posted.status_code == 302


@pytest.mark.parametrize("who", ["stranger", "citizen", "leader", "clerk of another unit", "another town"])
def test_nobody_else_sees_lists_and_deliveries(town: tuple[Actor, Client], who: str) -> None:
    actor, _there = town
    row = counter.handed_in(actor).application
    (batch,) = api.pass_up(actor=actor, pieces={row.id: 1})
    api.choose_delivery(actor=actor, application_id=row.id, choice=api.DeliveryChoice(way="window"))
    api.open_delivery(tenant=hall.TENANT, application_id=row.id, granted=True)
    other = Client()
    if who == "citizen":
        hall.people.sign_in(other, hall.people.citizen())
    elif who == "leader":
        hall.people.sign_in(other, counter.window("leader.market", unit=("G22", hall.UNITS["G22"]), role="leader"))
    elif who == "clerk of another unit":
        hall.people.sign_in(other, counter.window("clerk.fire", unit=("H05", hall.UNITS["H05"]), role="clerk"))
    elif who == "another town":
        hall.people.sign_in(other, counter.town("town.two", unit=("T03", "青禾县西岭镇人民政府")))
    urls = [
        reverse("service_hall:papers-list", args=[batch.id]),
        reverse("service_hall:delivery-one", args=[api.delivery_of(row).id]),
        reverse("service_hall:choose-delivery", args=[row.id]),
    ]
    posts = [
        *urls,
        reverse("service_hall:delivery-label", args=[api.delivery_of(row).id]),
        reverse("service_hall:counter-supplement", args=[row.id]),
    ]

    answers = [other.get(url) for url in urls] + [
        other.post(url, {"act": "at_place", "proof": "id_card"}) for url in posts
    ]

    assert {answer.status_code for answer in answers} <= ({302} if who == "stranger" else {403, 404})
    assert api.delivery_of(row).state == "to_prepare"
    lists = [other.get(reverse(f"service_hall:{name}")) for name in ("papers", "delivery", "counter-people")]
    assert not [page for page in lists if page.status_code == 200 and (row.number or "") in text_of(page)]
