"""The page of rating: signed in, by link, in a browser that is an evaluator; the blocks on pages of matters."""

import datetime as dt
import uuid

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.ratings import api
from zhengtong.capabilities.ratings.models import Device, Rating
from zhengtong.capabilities.ratings.services.devices import ask_on_device, register_device, renew_key
from zhengtong.capabilities.ratings.tests.matters import (
    KIND,
    MONDAY,
    OTHER,
    UNIT,
    bad,
    clerk,
    matter,
    rated,
    signed_in,
    text_of,
)
from zhengtong.capabilities.ratings.web import blocks
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.models import Attempt, ParameterValue
from zhengtong.kernel.pages import Matter, rating_acts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
TENANT = "980723"


def page_of(ref: ObjectRef, service: str = "close") -> str:
    return reverse("ratings:rate", args=[ref.kind, ref.id, service])


def test_four_actors_before_the_page_of_rating() -> None:
    owner = people.citizen()
    ref = matter(owner)
    other, insider = people.citizen("李二", phone="13800000002"), clerk()
    url = page_of(ref)

    for method in ("get", "post"):
        assert getattr(Client(), method)(url).status_code == 302
        assert getattr(signed_in(other), method)(url).status_code == 404
        assert getattr(signed_in(insider), method)(url).status_code == 403
    assert signed_in(owner).get(url).status_code == 200
    assert not Rating.objects.exists()


def test_five_choices_in_words_and_what_was_typed_stays_after_a_refusal() -> None:
    owner = people.citizen()
    client, url = signed_in(owner), page_of(matter(owner))

    page = text_of(client.get(url))
    refused = client.post(url, {"text": "没有选满意度", "tags": ["quick"], "anonymous": "on", "turn": "first"})

    assert all(words in page for words in ("非常满意", "满意", "基本满意", "不满意", "非常不满意"))
    assert page.count('type="radio"') == 5
    assert refused.status_code == 422
    assert "请选择一个满意度" in text_of(refused)
    assert "没有选满意度" in text_of(refused)
    assert not Rating.objects.exists()


@pytest.mark.parametrize(("agent", "channel"), [("Mozilla Mobi", "mobile"), ("Mozilla", "pc")])
def test_a_rating_is_taken_thanked_for_and_shown(agent: str, channel: str) -> None:
    owner = people.citizen()
    client, url = signed_in(owner), page_of(matter(owner))

    given = client.post(url, {"grade": "satisfied", "tags": ["quick"], "turn": "first"}, headers={"user-agent": agent})
    page = text_of(client.get(url))

    assert (given.status_code, given["Location"]) == (302, url)
    assert Rating.objects.get().channel == channel
    assert "谢谢您" in page
    assert "办得快" in page
    assert "追评" in page
    again = client.post(url, {"grade": "dissatisfied", "turn": "first", "text": "反悔"})
    assert again.status_code == 409
    assert "已经评价过" in text_of(again)
    assert Rating.objects.count() == 1


def test_the_answers_of_the_unit_stand_on_the_page_and_it_is_rated_again() -> None:
    owner, officer = people.citizen(), clerk()
    ref = matter(owner)
    row = bad(owner, ref=ref)
    api.record_contact(actor=officer, follow_up_id=row.id, means="phone", reached=True, text="已电话说明并致歉。")
    api.report_rectified(actor=officer, follow_up_id=row.id, text="材料清单已经更正。")
    client = signed_in(owner)

    page = text_of(client.get(page_of(ref)))
    client.post(page_of(ref), {"grade": "very_satisfied", "turn": "again"})

    assert "已电话说明并致歉" in page
    assert "材料清单已经更正" in page
    assert "请再次评价" in page
    assert officer.name not in page
    row.refresh_from_db()
    assert row.state == "closed"


def test_where_a_unit_answers_for_a_bad_rating_the_person_may_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rating_acts._items, "further", lambda _request, ref: f"<p>further: {ref}</p>")
    owner = people.citizen()
    good, poor = matter(owner), matter(owner)
    rated(owner, ref=good)
    bad(owner, ref=poor)
    client = signed_in(owner)

    assert "further" not in text_of(client.get(page_of(good)))
    assert f"further: {poor}" in text_of(client.get(page_of(poor)))


def test_a_link_rates_without_signing_in_once() -> None:
    ref = matter(people.citizen())
    url = api.rating_path(ref, "close")
    client = Client()

    page = client.get(url)
    given = client.post(url, {"grade": "very_dissatisfied", "tags": ["late"], "phone": "13800000009"})
    after = text_of(client.get(url))
    second = client.post(url, {"grade": "very_satisfied"})

    assert page.status_code == 200
    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in text_of(page)
    assert given.status_code == 302
    row = Rating.objects.get()
    assert (row.channel, row.person_id, row.phone) == ("qr", None, "13800000009")
    assert "最迟2026年11月10日联系您" in after
    assert "13800000009" not in after
    assert second.status_code == 409


def test_a_made_up_link_is_none_and_guessing_is_slowed_down() -> None:
    ParameterValue.objects.create(
        tenant=TENANT, key="ratings.tries_of_address", value=3, source="测试", valid_from=dt.date(2026, 1, 1)
    )
    ref = matter(people.citizen())
    good = api.rating_path(ref, "close")
    client = Client()

    codes = [client.get(f"/ratings/r/{token}/").status_code for token in ("x", good[11:-4] + "AAA", "。")]

    assert codes == [404, 404, 404]
    assert client.get(good).status_code == 429
    assert client.post(good, {"grade": "satisfied"}).status_code == 429
    assert "127.0.0.1" not in str(list(Attempt.objects.values()))


def test_ratings_by_link_from_one_address_are_counted(clock) -> None:
    ParameterValue.objects.create(
        tenant=TENANT, key="ratings.tries_of_address", value=2, source="测试", valid_from=dt.date(2026, 1, 1)
    )
    owner = people.citizen()
    links = [api.rating_path(matter(owner), "close") for _ in range(3)]

    codes = [Client().post(link, {"grade": "satisfied"}).status_code for link in links]

    assert codes == [302, 302, 429]
    clock.move_to(MONDAY + dt.timedelta(minutes=11))
    assert Client().post(links[2], {"grade": "satisfied"}).status_code == 302
    known = set(Attempt.objects.values_list("address", flat=True))
    clock.move_to(MONDAY + dt.timedelta(days=2))
    Client().get("/ratings/r/x/")
    assert Attempt.objects.get().address not in known, "another digest every day"


def test_what_has_not_happened_cannot_be_opened() -> None:
    owner = people.citizen()
    ref = matter(owner)

    assert signed_in(owner).get(page_of(ref, "receive")).status_code == 409
    assert signed_in(owner).get(page_of(ref, "nonsense")).status_code == 404
    assert signed_in(owner).get(reverse("ratings:rate", args=["nothing", "1", "close"])).status_code == 404


def bound(window: str = "3 号窗口"):
    device, key = register_device(
        actor=clerk("leader", "leader"), org_code=UNIT[0], name="平板", window=window, kind="tablet"
    )
    client = Client()
    response = client.post(reverse("ratings:tablet_bind"), {"code": device.code.lower(), "key": f" {key.upper()} "})
    assert response.status_code == 302
    return client, device, key


def test_a_tablet_of_another_county_is_none_of_ours() -> None:
    client, device, _key = bound()
    Device.objects.filter(pk=device.pk).update(tenant="980724")

    assert "ratings/tablet_bind.html" in [one.name for one in client.get(reverse("ratings:tablet")).templates]


def test_a_tablet_waits_asks_takes_the_rating_and_thanks() -> None:
    client, device, _key = bound()
    url = reverse("ratings:tablet")
    assert 'http-equiv="refresh"' in text_of(client.get(url))
    call = ask_on_device(actor=clerk(), code=device.code, ref=matter(people.citizen()), service="close")

    asks = text_of(client.get(url))
    phrases = text_of(client.get(url, {"call": str(call.id), "grade": "dissatisfied"}))
    given = client.post(url, {"call": str(call.id), "grade": "dissatisfied", "tags": ["rude"], "phone": "13800000009"})
    thanks = text_of(client.get(given["Location"]))

    assert "非常不满意" in asks
    assert "http-equiv" not in asks
    assert "态度不好" in phrases
    row = Rating.objects.get()
    assert (row.channel, row.own_device, row.tags, row.phone) == ("tablet", True, ["rude"], "13800000009")
    assert "谢谢您的评价" in thanks
    late = client.post(url, {"call": str(call.id), "grade": "very_satisfied"})
    assert late.status_code == 409
    assert client.post(url, {"call": "x", "grade": "satisfied"}).status_code == 302


def test_a_tablet_is_bound_only_with_its_key_and_until_that_changes() -> None:
    client, device, key = bound()
    stranger = Client()
    wrong = stranger.post(reverse("ratings:tablet_bind"), {"code": device.code, "key": "0" * 64})
    nobody = stranger.post(reverse("ratings:tablet_bind"), {"code": "NOBODY", "key": key})

    assert (wrong.status_code, nobody.status_code) == (422, 422)
    assert "用作评价器" in text_of(stranger.get(reverse("ratings:tablet")))
    assert stranger.get(reverse("ratings:tablet_bind")).status_code == 405
    renew_key(actor=clerk("leader", "leader"), device_id=device.id)
    assert "用作评价器" in text_of(client.get(reverse("ratings:tablet")))


def test_a_cookie_somebody_wrote_himself_is_no_evaluator() -> None:
    _client, device, _key = bound()
    forger = Client()
    forger.cookies["zt_rating_device"] = f"{device.id}:1:forged"

    assert "用作评价器" in text_of(forger.get(reverse("ratings:tablet")))


def test_a_link_opened_on_the_counters_own_tablet_is_marked() -> None:
    client, device, _key = bound()
    url = api.rating_path(matter(people.citizen()), "close")

    client.post(url, {"grade": "very_satisfied"})

    row = Rating.objects.get()
    assert (row.own_device, row.device_id, row.channel) == (True, device.id, "tablet")


def ask(actor: Actor, block, ref: ObjectRef, *, code: str = "A1") -> str | None:
    request = RequestFactory().get("/")
    request.actor = actor
    subject = Matter(ref=ref, code=code, org_id=uuid.uuid4(), org_name="", open=False, detail=None)
    return block(request, subject)


def test_the_applicants_page_leads_to_the_newest_event_and_shows_what_was_said() -> None:
    owner = people.citizen()
    ref = matter(owner)

    act, block = ask(owner, blocks.rate_act, ref), ask(owner, blocks.ratings_block, ref)

    assert page_of(ref, "close") in (act or "")
    assert page_of(ref, "apply") in (block or "")
    assert "<svg" in (block or "")
    rated(owner, "satisfied", ref)
    rated(owner, "satisfied", ref, service="apply")
    assert ask(owner, blocks.rate_act, ref) is None
    assert "满意" in (ask(owner, blocks.ratings_block, ref) or "")
    assert ask(people.citizen("李二", phone="13800000002"), blocks.ratings_block, ref) is None
    assert ask(owner, blocks.rate_act, ObjectRef(kind="other", id="1")) is None


def test_the_officials_page_shows_the_rating_and_the_evaluator_but_not_who_rated() -> None:
    owner, officer = people.citizen("王小明"), clerk()
    ref = matter(owner)
    assert ask(officer, blocks.desk_block, ref) is None
    register_device(actor=clerk("leader", "leader"), org_code=UNIT[0], name="平板", window="3 号", kind="tablet")
    rated(owner, "dissatisfied", ref, text="等太久")

    block = ask(officer, blocks.desk_block, ref) or ""

    assert "等太久" in block
    assert "请办事人评价" in block
    assert "王小明" not in block
    assert "请办事人评价" not in (ask(clerk("fire", org=OTHER), blocks.desk_block, ref) or "")


def test_an_anonymous_rating_is_nowhere_beside_the_matter_for_the_unit() -> None:
    owner, officer = people.citizen("王小明"), clerk()
    watcher = clerk("watcher", "supervisor", org=OTHER)
    ref = matter(owner, number="98072320261109777", desk_url="/services/desk/cases/1/")
    row = bad(owner, ref=ref, anonymous=True, text="不敢说名字")
    page = reverse("ratings:follow_up", args=[row.id])

    shown = text_of(signed_in(officer).get(page))

    assert "不敢说名字" in shown
    assert "98072320261109777" not in shown
    assert "/services/desk/cases/1/" not in shown
    assert "不敢说名字" not in (ask(officer, blocks.desk_block, ref) or "")
    assert "98072320261109777" not in text_of(signed_in(officer).get(reverse("notify:inbox")))
    assert "98072320261109777" in text_of(signed_in(watcher).get(page))


def test_a_guide_says_how_it_is_rated_once_enough_have() -> None:
    reader = people.citizen()
    for _ in range(5):
        assert ask(reader, blocks.guide_block, ObjectRef(kind="item", id="1")) is None
        rated(reader, "satisfied")

    assert "5 个评价，满意率 100.0%" in (ask(reader, blocks.guide_block, ObjectRef(kind="item", id="1")) or "")
    assert ask(reader, blocks.guide_block, ObjectRef(kind="item", id="1"), code="") is None


def test_asking_on_an_evaluator_from_the_desk_by_four_actors() -> None:
    device, _key = register_device(
        actor=clerk("leader", "leader"), org_code=UNIT[0], name="平板", window="", kind="tablet"
    )
    ref = matter(people.citizen())
    url = reverse("ratings:ask_device")
    data = {"device": device.code, "kind": KIND, "key": ref.id, "service": "close", "back": "/services/desk/"}

    assert Client().post(url, data).status_code == 302
    assert signed_in(people.citizen("李二", phone="13800000002")).post(url, data).status_code == 403
    foreign = signed_in(clerk("fire", org=OTHER)).post(url, data)
    assert foreign.status_code == 302
    assert device.calls.count() == 0
    response = signed_in(clerk()).post(url, data)
    assert response["Location"] == "/services/desk/"
    assert device.calls.count() == 1
    away = signed_in(clerk()).post(url, data | {"back": "https://evil.example/"})
    assert away["Location"] == reverse("ratings:desk")
