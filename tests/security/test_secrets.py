"""Secrets and personal data stand in no log: a sign-in, a payment and a fault, with everything logged there is."""

import json
import logging
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.tests import factories

pytestmark = pytest.mark.django_db


def test_a_sign_in_a_callback_and_a_fault_write_no_secret(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    number = factories.citizen_number(91)
    citizen = factories.citizen("张某某", number=number, phone="13812345678")
    official = factories.official("clerk", "clerk")
    secrets = [factories.PASSWORD, "Cuo-wu_2026abc", number, "13812345678"]
    client = Client(raise_request_exception=False)
    for password in secrets[:2]:
        client.post(reverse("account_login"), {"login": number, "password": password})
    code = api.totp_code("clerk", tenant=factories.tenant())
    signed = factories.sign_in(Client(raise_request_exception=False), official)
    signed.post(reverse("account_step_up"), {"fresh_factor_code": code})
    signed.post(reverse("account_step_up"), {"fresh_factor_code": "918273"})
    body = json.dumps({"payment_no": "x", "gateway_no": "y", "state": "paid", "payer": number}).encode()
    client.post(
        reverse("payments:callback", args=["simulated"]),
        body,
        content_type="application/json",
        headers={"X-Signature": "f00dfeedf00dfeed", "Authorization": "Bearer geheim-token-4711"},
    )

    def broken(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("zhengtong.capabilities.identity.web.account.list_choices", broken, raising=False)
    monkeypatch.setattr("zhengtong.capabilities.identity.web.entrance.register_citizen", broken)
    given = {
        "name": "张某某",
        "citizen_number": number,
        "phone": "13812345678",
        "password": factories.PASSWORD,
        "password_again": factories.PASSWORD,
        "consent": "on",
    }
    failed = Client(raise_request_exception=False).post(reverse("account_signup"), given)

    assert citizen.person_id
    assert failed.status_code == 500
    assert caplog.records
    sessions = [str(one.cookies["sessionid"].value) for one in (client, signed)]
    for secret in [*secrets, code, "918273", "geheim-token-4711", *sessions, "张某某"]:
        assert secret not in caplog.text
