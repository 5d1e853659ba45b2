"""Passkeys: added, used at sign-in and before sensitive acts, removed; through the pages, with a key in software."""

import json
import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity import services
from zhengtong.capabilities.identity.constants import SignInOutcome
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.identity.tests.passkeys import SoftPasskey
from zhengtong.capabilities.ledger.models import Entry

pytestmark = pytest.mark.django_db


def _options(response: Any) -> dict[str, Any]:
    page = response.content.decode()
    found = re.search(r'<script id="passkey-options" type="application/json">(.+?)</script>', page)
    assert found, page
    options: dict[str, Any] = json.loads(found[1])
    return options


def _added(client: Client) -> SoftPasskey:
    key = SoftPasskey()
    options = _options(client.get(reverse("mfa_add_webauthn")))
    response = client.post(reverse("mfa_add_webauthn"), {"name": "办公室电脑", "credential": key.create(options)})
    assert response.status_code == 302, response.content.decode()
    return key


@pytest.fixture
def official(client: Client) -> tuple[Client, SoftPasskey]:
    """An official with a password known here and a passkey beside his TOTP secret."""
    actor = factories.official("clerk", "clerk")
    account = factories.account_of(actor)
    account.set_password(factories.PASSWORD)
    account.save()
    factories.sign_in(client, actor)
    return client, _added(client)


def _at_the_second_step() -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": "clerk", "password": factories.PASSWORD})
    return client


def test_a_passkey_is_listed_and_in_the_ledger(official: tuple[Client, SoftPasskey]) -> None:
    client, _key = official

    page = client.get(reverse("account_passkeys")).content.decode()

    assert "办公室电脑" in page
    assert Entry.objects.filter(act="identity.passkey_added").count() == 1


def test_a_passkey_opens_the_second_step(official: tuple[Client, SoftPasskey]) -> None:
    _client, key = official
    client = _at_the_second_step()
    options = _options(client.get(reverse("mfa_authenticate")))

    response = client.post(reverse("mfa_authenticate"), {"credential": key.get(options)})

    assert response.status_code == 302
    assert client.get(reverse("account_home")).status_code == 200


def test_another_key_another_site_and_an_old_challenge_open_nothing(official: tuple[Client, SoftPasskey]) -> None:
    _client, key = official
    client = _at_the_second_step()
    old = key.get(_options(client.get(reverse("mfa_authenticate"))))
    stranger = SoftPasskey()
    stranger.id = key.id

    for answer in (
        stranger.get(_options(client.get(reverse("mfa_authenticate")))),
        key.get(_options(client.get(reverse("mfa_authenticate"))), origin="https://evil.example"),
        old,
        "{}",
        '{"id": 1}',
    ):
        response = client.post(reverse("mfa_authenticate"), {"credential": answer})

        assert response.status_code == 200
        assert "_auth_user_id" not in client.session


def test_a_locked_account_is_locked_for_passkeys_too(official: tuple[Client, SoftPasskey]) -> None:
    _client, key = official
    client = _at_the_second_step()
    options = _options(client.get(reverse("mfa_authenticate")))
    account = Authenticator.objects.filter(type="webauthn").get().user
    for _attempt in range(5):
        services.record_failure(account_id=account.pk, outcome=SignInOutcome.WRONG_CODE)

    response = client.post(reverse("mfa_authenticate"), {"credential": key.get(options)})

    assert "已锁定" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_passkey_is_a_fresh_factor(client: Client) -> None:
    factories.sign_in(client, factories.official("sec", "sec_admin"))
    key = _added(client)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time() - 1200}]
    session.save()
    options = _options(client.get(reverse("account_step_up")))

    client.post(reverse("account_step_up"), {"fresh_factor_credential": key.get(options)})

    assert client.get(reverse("account_resets")).status_code == 200


def test_a_wrong_passkey_is_no_fresh_factor(client: Client) -> None:
    factories.sign_in(client, factories.official("sec", "sec_admin"))
    _added(client)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time() - 1200}]
    session.save()
    options = _options(client.get(reverse("account_step_up")))

    response = client.post(reverse("account_step_up"), {"fresh_factor_credential": SoftPasskey().get(options)})

    assert response.status_code == 422
    assert client.get(reverse("account_resets")).status_code == 302


def test_an_official_keeps_a_second_factor(official: tuple[Client, SoftPasskey]) -> None:
    client, _key = official
    row = Authenticator.objects.get(type="webauthn")
    Authenticator.objects.filter(type="totp").delete()
    address = reverse("account_remove_passkey", args=[row.pk])

    refused = client.post(address)
    assert refused.status_code == 409
    assert "至少要有一种第二因素" in refused.content.decode()

    row.user.mfa_totp = services.enrol_totp(actor=_platform(), account_id=row.user.pk)
    assert client.get(address).status_code == 200
    client.post(address)
    assert not Authenticator.objects.filter(type="webauthn").exists()


def test_nobody_removes_the_passkey_of_another(official: tuple[Client, SoftPasskey]) -> None:
    row = Authenticator.objects.get(type="webauthn")
    other = factories.sign_in(Client(), factories.official("clerk2", "clerk", name="王三"))

    assert other.post(reverse("account_remove_passkey", args=[row.pk])).status_code == 404


def test_a_citizen_with_a_passkey_needs_it_from_then_on(client: Client) -> None:
    actor = factories.citizen(phone="13800000001")
    client.post(reverse("account_login"), {"login": "13800000001", "password": factories.PASSWORD})
    _added(client)
    other = Client()

    response = other.post(reverse("account_login"), {"login": "13800000001", "password": factories.PASSWORD})

    assert response.url == reverse("mfa_authenticate")
    assert Authenticator.objects.filter(user__person_id=actor.person_id, type="recovery_codes").exists()


def _platform() -> Any:
    from zhengtong.kernel.actors import system

    return system(factories.tenant())
