"""A citizen proves on his own that the telephone on file is his."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.ledger.models import Entry

pytestmark = pytest.mark.django_db

PAGE = "account_phone"


def _words(client: Client, name: str) -> str:
    return str(client.get(reverse(name)).content.decode())


def test_a_code_that_comes_back_proves_the_number(client: Client, sent: list[tuple[uuid.UUID, str]]) -> None:
    actor = factories.citizen(phone="13800000001")
    factories.sign_in(client, actor)
    assert "没有核验" in _words(client, "account_home")

    told = client.post(reverse(PAGE), {"act": "send"}, follow=True).content.decode()
    wrong = client.post(reverse(PAGE), {"code": "000000"})
    code = re.search(r"验证码 (\d{6})", sent[0][1])
    assert code
    right = client.post(reverse(PAGE), {"code": code[1]})

    assert "138****0001" in told
    assert "13800000001" not in told
    assert wrong.status_code == 422
    assert "还可以再试 4 次" in wrong.content.decode()
    assert right["Location"] == reverse("account_home")
    assert api.phone_is_verified(actor.tenant, actor.person_id)
    assert "手机号：已核验" in _words(client, "account_home")
    assert "已经核验" in _words(client, PAGE)
    assert Entry.objects.filter(act="identity.phone_verified").count() == 1


def test_a_second_code_a_moment_later_is_refused_with_the_reason(
    client: Client, sent: list[tuple[uuid.UUID, str]]
) -> None:
    factories.sign_in(client, factories.citizen(phone="13800000001"))

    client.post(reverse(PAGE), {"act": "send"})
    again = client.post(reverse(PAGE), {"act": "send"})

    assert again.status_code == 422
    assert "一分钟以后" in again.content.decode()
    assert len(sent) == 1


def test_before_a_code_was_sent_none_is_right(client: Client) -> None:
    factories.sign_in(client, factories.citizen(phone="13800000001"))

    assert "还没有发送验证码" in client.post(reverse(PAGE), {"code": "123456"}).content.decode()
    assert "请填写验证码" in client.post(reverse(PAGE), {}).content.decode()


def test_only_the_person_himself_in_his_own_name(client: Client, sent: list[tuple[uuid.UUID, str]]) -> None:
    person = factories.citizen(phone="13800000001")
    clerk, agent = factories.official("clerk", "clerk"), factories.agent(person)
    for actor in (clerk, agent):
        factories.sign_in(client, actor)
        assert "个人身份" in _words(client, PAGE) or "还没有登记手机号" in _words(client, PAGE)
        assert client.post(reverse(PAGE), {"act": "send"}).status_code == 422
    assert Client().get(reverse(PAGE)).status_code == 302

    assert sent == []
