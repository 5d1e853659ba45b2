"""共签机构: the page of the two administrators, by two signed-in persons."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from zhengtong.capabilities.ledger.models import Witness
from zhengtong.capabilities.ledger.tests.factories import (
    AUDITOR,
    SECURITY,
    TENANT,
    administrator,
    admitted_witness,
    citizen,
    official,
)
from zhengtong.capabilities.ledger.web import witnesses
from zhengtong.kernel.actors import Actor, anonymous
from zhengtong.kernel.policy import policy_of
from zhengtong.kernel.signing import software

pytestmark = pytest.mark.django_db
ASKED = {"body": "某县审计局", "reason": "共签协议"}


class Messages(list[str]):
    """Stands for Django's message store."""

    def add(self, level: int, message: str, extra_tags: str = "") -> None:
        self.append(message)


def request(actor: Actor, data: dict[str, str] | None = None) -> HttpRequest:
    path = reverse("ledger:witnesses")
    found: HttpRequest = RequestFactory().get(path) if data is None else RequestFactory().post(path, data)
    found.actor = actor  # type: ignore[attr-defined]  # as the identity middleware does
    found._messages = Messages()  # type: ignore[attr-defined]  # as the message middleware does
    return found


def opened(actor: Actor) -> str:
    return witnesses.witnesses(request(actor)).content.decode()


def said(asked: HttpRequest, response: HttpResponse) -> str:
    assert response.status_code == 302
    return "".join(asked._messages)  # type: ignore[attr-defined]  # ours


@pytest.mark.parametrize("view", [witnesses.witnesses, witnesses.approve, witnesses.end])
def test_only_the_security_and_the_audit_administrator_are_admitted(view: object) -> None:
    policy = policy_of(view)
    assert policy is not None

    assert policy.admits(SECURITY)
    assert policy.admits(AUDITOR)
    for actor in (anonymous(TENANT), citizen(), official(), administrator("sys_admin", 34)):
        assert not policy.admits(actor)


def test_one_registers_the_other_is_offered_the_approval() -> None:
    pem = software.generate("SM2").public_key_pem()
    asked = request(SECURITY, {**ASKED, "public_key_pem": pem})
    assert "另一位管理员" in said(asked, witnesses.witnesses(asked))
    approval = reverse("ledger:witness_approve", args=[Witness.objects.get().id])

    assert approval not in opened(SECURITY)
    assert approval in opened(AUDITOR)
    own = request(SECURITY, {})
    assert "两个人" in said(own, witnesses.approve(own, Witness.objects.get().id))
    other = request(AUDITOR, {})
    assert "已核准" in said(other, witnesses.approve(other, Witness.objects.get().id))
    assert approval not in opened(AUDITOR)


def test_nothing_typed_is_lost_when_something_is_wrong() -> None:
    response = witnesses.witnesses(request(SECURITY, {**ASKED, "public_key_pem": "某段文字"}))

    html = response.content.decode()
    assert response.status_code == 422
    assert "公钥无法识别" in html
    assert "某段文字" in html
    assert "共签协议" in html
    assert witnesses.witnesses(request(SECURITY, {})).status_code == 422


def test_the_end_is_asked_for_by_one_and_confirmed_by_the_other() -> None:
    witness_id = admitted_witness(software.generate("ECDSA-P256"))
    url = reverse("ledger:witness_end", args=[witness_id])
    first = request(SECURITY, {"reason": "换用新密钥"})

    assert "请另一位管理员确认" in said(first, witnesses.end(first, witness_id))
    assert url not in opened(SECURITY)
    assert url in opened(AUDITOR)
    second = request(AUDITOR, {"reason": "换用新密钥"})
    assert "已停用" in said(second, witnesses.end(second, witness_id))
    assert url not in opened(AUDITOR)
    without = request(AUDITOR, {"reason": ""})
    assert "原因" in said(without, witnesses.end(without, witness_id))
