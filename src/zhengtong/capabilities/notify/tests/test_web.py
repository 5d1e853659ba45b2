"""Pages of deliveries, templates and channels, for a stranger, the wrong role, the wrong unit and the right one."""

import datetime as dt
import io
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from zhengtong.capabilities.identity.tests.factories import citizen, official, sign_in
from zhengtong.capabilities.ledger.models import Entry, Payload
from zhengtong.capabilities.notify import api
from zhengtong.capabilities.notify.constants import DeliveryState
from zhengtong.capabilities.notify.models import Delivery, MessageTemplate, SiteMessage
from zhengtong.capabilities.notify.registry import matter_guards, message_kinds
from zhengtong.capabilities.notify.selectors import wording_of
from zhengtong.capabilities.notify.tests.posts import NEWS, TENANT, tell
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_() -> Callable[..., Client]:
    def signed_in(actor: Actor) -> Client:
        return sign_in(Client(), actor)

    return signed_in


@pytest.fixture
def operator() -> Actor:
    return official("operator", "application_operator", org_code="G30", org_name="青禾县数据局")


@pytest.fixture
def keeper() -> Actor:
    return official("keeper", "item_admin", org_code="G30", org_name="青禾县数据局")


@pytest.fixture
def handler() -> Iterator[Actor]:
    """A clerk who takes part in the matter ``application:1``; a neighbour with the same role does not."""
    clerk = official("clerk", "clerk")
    former = matter_guards.get("application")
    matter_guards._items["application"] = lambda actor, ref: actor.person_id == clerk.person_id and ref.id == "1"
    yield clerk
    matter_guards._items["application"] = former


def given_up(**changes: Any) -> Delivery:
    """A mail that did not arrive."""
    person = citizen(phone="13800000009")
    tell(person, email="zhang@example.cn")
    row = Delivery.objects.get(message__person_id=person.person_id)
    values = {"state": DeliveryState.GIVEN_UP, "attempts": 9, "last_error": "=ConnectionRefusedError"}
    for name, value in (values | changes).items():
        setattr(row, name, value)
    row.save()
    return row


def test_who_may_see_the_list(as_, operator, handler) -> None:
    row = given_up()
    person = Actor(tenant=TENANT, kind="citizen", person_id=row.person_id)

    assert Client().get("/messages/deliveries/").status_code == 302
    assert sign_in(Client(), api_actor(person)).get("/messages/deliveries/").status_code == 403
    assert as_(handler).get("/messages/deliveries/").status_code == 403
    page = as_(operator).get("/messages/deliveries/?state=given_up&channel=mail").content.decode()
    assert "“食品经营许可”有进展" in page
    assert "z***@example.cn" in page
    assert "zhang@example.cn" not in page
    other = as_(operator).get("/messages/deliveries/?state=waiting").content.decode()
    assert "“食品经营许可”有进展" not in other


def api_actor(person: Actor) -> Actor:
    from zhengtong.capabilities.identity import api as identity

    return identity.actor_for(TENANT, person_id=person.person_id)


@pytest.mark.parametrize("query", ["?state=%00&channel=x&page=-1", "?page=999999999999", "?state=given_up' or 1"])
def test_odd_addresses_are_read_as_no_filter(as_, operator, query: str) -> None:
    assert as_(operator).get(f"/messages/deliveries/{query}").status_code == 200


def test_the_export_masks_addresses_and_disarms_formulas(as_, operator, handler) -> None:
    given_up()

    sheet = as_(operator).get("/messages/deliveries/export/?format=xlsx")
    lines = b"".join(as_(operator).get("/messages/deliveries/export/?format=csv").streaming_content).decode("utf-8")

    rows = list(openpyxl.load_workbook(io.BytesIO(sheet.content)).active.values)
    assert rows[0][:3] == ("产生时间", "方式", "标题")
    assert rows[1][4] == "z***@example.cn"
    assert "'=ConnectionRefusedError" in lines
    assert "zhang@" not in lines
    assert as_(handler).get("/messages/deliveries/export/").status_code == 403


def test_who_may_see_and_act_on_one(as_, operator, handler) -> None:
    row = given_up()
    address = f"/messages/deliveries/{row.id}/"
    neighbour = official("neighbour", "clerk", org_code="G40", org_name="青禾县消防救援大队")

    assert Client().get(address).status_code == 302
    assert sign_in(Client(), citizen(phone="13800000011")).get(address).status_code == 403
    assert as_(neighbour).get(address).status_code == 404
    assert as_(neighbour).post(f"{address}retry/", {"reason": "网关已经恢复"}).status_code == 404
    assert as_(neighbour).post(f"{address}told/", {"how": "phone", "note": "已电话告知本人"}).status_code == 404
    assert "重新发送" in as_(handler).get(address).content.decode()
    assert as_(operator).get(f"/messages/deliveries/{uuid.uuid4()}/").status_code == 404
    assert Delivery.objects.get().state == "given_up"


def test_sending_again_gives_a_new_horizon_and_is_entered(as_, operator) -> None:
    row = given_up()
    address = f"/messages/deliveries/{row.id}/retry/"

    short = as_(operator).post(address, {"reason": "再试"})
    answer = as_(operator).post(address, {"reason": "邮件服务器已经恢复"})
    again = as_(operator).post(address, {"reason": "邮件服务器已经恢复"})

    row.refresh_from_db()
    assert short.status_code == 422
    assert "至少 5 个字" in short.content.decode()
    assert answer.status_code == 302
    assert again.status_code == 422
    assert (row.state, row.attempts) == ("waiting", 0)
    assert row.give_up_at - now() > dt.timedelta(hours=47)
    assert Entry.objects.filter(act="notify.retried", actor_person_id=operator.person_id).count() == 1
    assert api.send_mails() == 1
    row.refresh_from_db()
    assert row.state == "delivered"


def test_a_corrected_address_is_used_from_now_on_about_the_same_matter(as_, operator) -> None:
    row = given_up()
    person, client = Actor(tenant=TENANT, kind="citizen", person_id=row.person_id), as_(operator)
    address = f"/messages/deliveries/{row.id}/"

    wrong = client.post(f"{address}retry/", {"reason": "", "address": "zhang＠example"})
    right = client.post(f"{address}retry/", {"reason": "电话核实，少写了一个字母", "address": "zhangyi@example.cn"})
    tell(person, item="再一条", email="zhang@example.cn")
    api.send_mails()
    page = client.get(address).content.decode()

    typed = wrong.content.decode()
    assert wrong.status_code == 422
    assert "zhang＠example" in typed
    assert "应类似 name@example.cn" in typed
    assert "至少 5 个字" in typed
    assert right.status_code == 302
    rows = Delivery.objects.filter(person_id=row.person_id)
    assert {(one.address, one.corrected_from, one.state) for one in rows} == {
        ("zhangyi@example.cn", "zhang@example.cn", "delivered")
    }
    assert rows.count() == 2
    assert "更正过，原来是 z***@example.cn" in page
    entered = Payload.objects.get(entry=Entry.objects.get(act="notify.retried").uuid).content
    assert "zhang" not in entered
    assert '"former_address":"z***@example.cn"' in entered


def test_another_matter_and_another_person_keep_their_address(as_, operator) -> None:
    row = given_up()
    as_(operator).post(
        f"/messages/deliveries/{row.id}/retry/", {"reason": "电话核实过", "address": "zhangyi@example.cn"}
    )
    tell(citizen(phone="13800000010"), email="zhang@example.cn")
    api.send_mails()

    other = Delivery.objects.exclude(person_id=row.person_id).get()
    assert (other.address, other.corrected_from) == ("zhang@example.cn", "")


def test_the_list_says_why_what_next_and_what_to_do(as_, operator) -> None:
    row = given_up(state=DeliveryState.RETRY, last_error="连接不上发信服务器")
    waits = as_(operator).get("/messages/deliveries/").content.decode()
    Delivery.objects.filter(pk=row.pk).update(state=DeliveryState.GIVEN_UP)
    failed = as_(operator).get("/messages/deliveries/").content.decode()

    assert "连接不上发信服务器" in waits
    assert "下次发送：" in waits
    assert "还没有送到就停止" in waits
    assert "有 1 条通知没有送达" not in waits
    assert "有 1 条通知没有送达" in failed
    assert "可以更正后重新发送，或者换一种方式告知本人" in failed


def test_telling_by_telephone_is_recorded_with_who_and_how(as_, handler) -> None:
    row = given_up()
    address = f"/messages/deliveries/{row.id}/told/"

    nothing = as_(handler).post(address, {"how": "pigeon", "note": "已电话告知本人"})
    answer = as_(handler).post(address, {"how": "phone", "note": "11月23日上午已电话告知本人"})
    page = as_(handler).get(f"/messages/deliveries/{row.id}/").content.decode()

    row.refresh_from_db()
    assert nothing.status_code == 422
    assert "已电话告知本人" in nothing.content.decode()
    assert answer.status_code == 302
    assert (row.state, row.told_how, row.told_by_name) == ("told", "phone", handler.name)
    assert "11月23日上午已电话告知本人" in page
    assert Entry.objects.filter(act="notify.told", actor_person_id=handler.person_id).count() == 1
    assert api.send_mails() == 0


def test_an_expired_code_cannot_be_sent_again(as_, operator) -> None:
    row = given_up(message=None)

    answer = as_(operator).post(f"/messages/deliveries/{row.id}/retry/", {"reason": "网关已经恢复"})

    assert answer.status_code == 422
    assert "验证码已经过期" in answer.content.decode()


def test_the_block_on_a_matters_page_is_for_those_who_take_part(rf, operator, handler) -> None:
    from zhengtong.capabilities.notify.web.blocks import deliveries_block
    from zhengtong.kernel.pages import Matter

    given_up()
    matter = Matter(
        ref=ObjectRef(kind="application", id="1"), code="", org_id=uuid.uuid4(), org_name="", open=True, detail=None
    )
    neighbour = official("neighbour", "clerk", org_code="G40", org_name="青禾县消防救援大队")

    def block(actor: Actor) -> str | None:
        request = rf.get("/")
        request.actor = actor
        return deliveries_block(request, matter)

    assert "有 1 条通知没有送达" in (block(handler) or "")
    assert block(operator)
    assert block(neighbour) is None
    assert block(citizen(phone="13800000012")) is None


def test_people_choose_their_channels_and_see_how_messages_went_out(client: Client) -> None:
    somebody = citizen(phone="13800000013")
    sign_in(client, somebody)
    tell(somebody, email="zhang@example.cn")
    api.send_mails()

    inbox = client.get("/messages/").content.decode()
    before = client.get("/messages/channels/").content.decode()
    answer = client.post("/messages/channels/", {"mail": "on"})
    after = client.get("/messages/channels/").content.decode()

    assert "邮件：已送达" in " ".join(inbox.split())
    assert before.count("checked") == 2
    assert answer.status_code == 302
    assert after.count("checked") == 1
    assert api.channel_choice(actor=somebody) == (True, False)
    assert Client().get("/messages/channels/").status_code == 302
    assert Client().post("/messages/channels/", {}).status_code == 302


def test_who_may_change_templates(as_, keeper, operator) -> None:
    address = f"/messages/templates/{NEWS}/"

    assert Client().get(address).status_code == 302
    assert sign_in(Client(), citizen(phone="13800000014")).get(address).status_code == 403
    assert as_(operator).get(address).status_code == 403
    assert as_(operator).post(address, {}).status_code == 403
    assert as_(keeper).get(address).status_code == 200
    assert as_(keeper).get("/messages/templates/no.such/").status_code == 404
    assert "测试消息" in as_(keeper).get("/messages/templates/").content.decode()


WORDS = {
    "title": "{item}：已受理",
    "body": "您好，{unit}已受理“{item}”。",
    "sms": "{unit}已受理“{item}”。",
    "reason": "按便民要求改写",
    "based_on": "0",
}


def test_a_preview_shows_sample_values_and_the_parts_of_the_short_message(as_, keeper, settings) -> None:
    settings.ZHENGTONG_SMS_SIGNATURE = "青禾县政务服务"
    client, address = as_(keeper), f"/messages/templates/{NEWS}/"

    page = client.post(address, WORDS | {"act": "preview"}).content.decode()
    long = client.post(address, WORDS | {"act": "preview", "sms": "长" * 100}).content.decode()

    assert "【青禾县政务服务】市场监督管理局已受理“食品经营许可”。" in page
    assert "拆成 1 段" in page
    assert "拆成 2 段" in long
    assert not MessageTemplate.objects.exists()


def test_unknown_variables_are_refused_and_nothing_typed_is_lost(as_, keeper) -> None:
    client, address = as_(keeper), f"/messages/templates/{NEWS}/"

    answer = client.post(address, WORDS | {"act": "save", "body": "您好，{name}"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "没有这个变量：{name}" in page
    assert "{unit}已受理“{item}”。" in page
    assert not MessageTemplate.objects.exists()


def test_a_saved_template_is_used_from_now_on_for_all_items_or_one(as_, keeper) -> None:
    client, address = as_(keeper), f"/messages/templates/{NEWS}/"
    person = citizen(phone="13800000015")

    assert client.post(address, WORDS | {"act": "save"}).status_code == 302
    assert client.post(address, WORDS | {"act": "save", "code": "3401", "title": "本事项{item}"}).status_code == 302
    lost = client.post(address, WORDS | {"act": "save", "title": "晚了一步"})
    tell(person)
    tell(person, code="3401")
    assert client.post(address, WORDS | {"act": "restore", "based_on": "1"}).status_code == 302
    tell(person)

    with CaptureQueriesContext(connection) as asked:
        in_force = wording_of(TENANT, message_kinds.get(NEWS), "3401")
    assert in_force.title == "本事项{item}"
    assert "DISTINCT ON" in asked.captured_queries[0]["sql"]  # one row of each, however often words were changed

    titles = list(SiteMessage.objects.order_by("created_at", "id").values_list("title", flat=True))
    assert titles == ["食品经营许可：已受理", "本事项食品经营许可", "“食品经营许可”有进展"]
    assert lost.status_code == 422
    assert "晚了一步" in lost.content.decode()
    assert list(MessageTemplate.objects.order_by("created_at").values_list("code", "version")) == [
        ("", 1),
        ("3401", 1),
        ("", 2),
    ]
    assert Entry.objects.filter(act="notify.template_changed").count() == 3
    assert "第 2 版：恢复默认" in client.get(address).content.decode()
