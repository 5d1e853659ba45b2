"""What must never happen around sign-in: secrets in logs, plain HTTP, foreign redirects, guessable answers."""

import logging
import os
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity import api
from zhengtong.capabilities.identity.models import Account
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.ledger.models import Entry
from zhengtong.kernel.models import OutboxEvent

pytestmark = pytest.mark.django_db

WRONG = "Cuo-wu_2026abc"


def _everything_written() -> str:
    return f"{list(Entry.objects.values())}{list(OutboxEvent.objects.values())}"


def test_secrets_are_in_no_log_no_ledger_and_no_page(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    factories.citizen(phone="13800000001")
    client = Client(raise_request_exception=False)
    pages = [
        client.post(reverse("account_login"), {"login": "13800000001", "password": secret}).content.decode()
        for secret in (WRONG, factories.PASSWORD)
    ]
    given = {"old_password": WRONG, "password": "Xin-Mi_Ma9876", "password_again": "Xin-Mi_Ma9876"}
    pages.append(client.post(reverse("account_change_password"), given).content.decode())

    written = caplog.text + _everything_written() + "".join(pages)
    for secret in (WRONG, factories.PASSWORD, "Xin-Mi_Ma9876"):
        assert secret not in written


def test_a_fault_while_signing_in_reports_no_password(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(Account, "check_password", broken)
    factories.citizen(phone="13800000001")

    response = Client(raise_request_exception=False).post(
        reverse("account_login"), {"login": "13800000001", "password": WRONG}
    )

    assert response.status_code == 500
    assert WRONG not in response.content.decode() + caplog.text


def test_an_unknown_name_costs_as_many_hashes_as_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.citizen(phone="13800000001")
    made: list[str] = []
    check, make = Account.check_password, Account.set_password

    def counted_check(self: Account, raw: str) -> bool:
        made.append("check")
        return bool(check(self, raw))

    def counted_make(self: Account, raw: str | None) -> None:
        made.append("make")
        make(self, raw)

    monkeypatch.setattr(Account, "check_password", counted_check)
    monkeypatch.setattr(Account, "set_password", counted_make)
    costs = []
    for login in ("13800000001", "nobody"):
        made.clear()
        Client().post(reverse("account_login"), {"login": login, "password": WRONG})
        costs.append(len(made))

    assert costs == [1, 1]


def test_a_session_given_by_a_stranger_is_not_the_one_signed_in() -> None:
    factories.citizen(phone="13800000001")
    stranger = Client()
    stranger.get(reverse("account_recover"))
    session = stranger.session
    session["x"] = 1
    session.save()
    victim = Client()
    victim.cookies["sessionid"] = session.session_key

    victim.post(reverse("account_login"), {"login": "13800000001", "password": factories.PASSWORD})

    assert victim.get(reverse("account_home")).status_code == 200
    stranger.cookies["sessionid"] = session.session_key
    assert stranger.get(reverse("account_home")).status_code == 302


@pytest.mark.parametrize(
    "there",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
        "\thttps://evil.example",
    ],
)
@pytest.mark.parametrize("name", ["account_login", "account_choose_identity", "account_step_up"])
def test_nobody_is_led_to_a_foreign_site(name: str, there: str) -> None:
    actor = factories.official("clerk", "clerk")
    account = factories.account_of(actor)
    client = Client()
    if name == "account_login":
        citizen = factories.citizen(phone="13800000001")
        given = {"login": "13800000001", "password": factories.PASSWORD}
        assert citizen
    else:
        factories.sign_in(client, actor)
        code = api.totp_code("clerk", tenant=factories.tenant())
        given = {"choice": f"post:{actor.post_id}", "fresh_factor_code": code}

    response = client.post(reverse(name), {**given, "next": there})

    assert response.status_code == 302
    assert response["Location"].startswith("/")
    assert "evil" not in response["Location"]
    assert account.is_active


def test_production_never_takes_a_password_over_plain_http() -> None:
    code = (
        "from zhengtong.entry.settings import base as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0,"
        " s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN)"
    )
    environment = {
        **os.environ,
        "ZHENGTONG_HTTPS": "1",
        "ZHENGTONG_DEMO": "0",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }

    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)

    assert said.stdout.split() == ["True", "True", "True", "True", "False"]


def test_plain_http_is_led_to_https_before_anything_is_read(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    factories.citizen(phone="13800000001")

    response = Client().post(reverse("account_login"), {"login": "13800000001", "password": factories.PASSWORD})

    assert response.status_code == 301
    assert response["Location"].startswith("https://")
    assert not Entry.objects.filter(act="identity.signed_in").exists()
