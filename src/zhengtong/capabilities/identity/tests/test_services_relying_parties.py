"""Applications that use our sign-in: two administrators, safe addresses, an end at once."""

import uuid

import pytest
from allauth.idp.oidc.models import Client as OidcClient
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity.models import RelyingParty
from zhengtong.capabilities.identity.services.relying_parties import (
    approve_party,
    disable_party,
    refuse_party,
    register_party,
    renew_party_secret,
)
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted

pytestmark = pytest.mark.django_db


def _register(actor: Actor, **changed: object) -> uuid.UUID:
    given = {
        "name": "协同办公系统",
        "org_code": "G22",
        "redirect_uris": ["https://oa.example/callback"],
        "scopes": ["profile"],
        "purpose": "公文流转需要知道经办人",
    }
    return register_party(actor=actor, **{**given, **changed})  # type: ignore[arg-type]  # keyword pass-through


def test_nothing_works_before_the_approval() -> None:
    row = _register(factories.official("sys", "sys_admin"))
    assert not OidcClient.objects.exists()

    secret = approve_party(actor=factories.official("sec", "sec_admin"), party_id=row)

    client = OidcClient.objects.get()
    assert client.check_secret(secret.secret)
    assert secret.secret not in client.secret
    assert client.get_response_types() == ["code"]
    assert client.get_grant_types() == ["authorization_code"]


def test_one_registers_and_another_approves() -> None:
    system, security = factories.official("sys", "sys_admin"), factories.official("sec", "sec_admin")
    row = _register(system)

    for stranger in (system, factories.official("clerk", "clerk")):
        with pytest.raises(NotPermitted):
            approve_party(actor=stranger, party_id=row)
    with pytest.raises(NotPermitted):
        _register(security)
    with pytest.raises(NotFound):
        approve_party(actor=security, party_id=factories.unknown_id())
    refuse_party(actor=security, party_id=row)
    with pytest.raises(Conflict):
        approve_party(actor=security, party_id=row)


@pytest.mark.parametrize(
    "address",
    [
        "http://oa.example/callback",
        "https://*.example/callback",
        "https://oa.example/#x",
        "https://user@oa.example/",
        "javascript:alert(1)",
        "oa.example/callback",
        "https://",
        "https://oa.example\\@evil.example/",
        "https://[",
    ],
)
def test_unsafe_addresses_are_refused(address: str) -> None:
    with pytest.raises(Invalid) as refusal:
        _register(factories.official("sys", "sys_admin"), redirect_uris=[address])

    assert list(refusal.value.errors) == ["redirect_uris"]


def test_plain_http_to_this_machine_is_for_demonstrations_only(settings: object) -> None:
    system = factories.official("sys", "sys_admin")
    _register(system, redirect_uris=["http://127.0.0.1:9000/callback"])

    settings.ZHENGTONG_DEMO = False  # type: ignore[attr-defined]  # pytest-django's wrapper

    with pytest.raises(Invalid):
        _register(system, redirect_uris=["http://127.0.0.1:9000/callback"])


def test_wrong_fields_are_named() -> None:
    with pytest.raises(Invalid) as refusal:
        _register(factories.official("sys", "sys_admin"), name="", scopes=["phone"], purpose="", redirect_uris=[])

    assert set(refusal.value.errors) == {"name", "scopes", "purpose", "redirect_uris"}


def test_an_application_is_stopped_at_once_and_gets_a_new_secret() -> None:
    system, security = factories.official("sys", "sys_admin"), factories.official("sec", "sec_admin")
    row = _register(system)
    old = approve_party(actor=security, party_id=row)

    new = renew_party_secret(actor=system, party_id=row)
    assert not OidcClient.objects.get().check_secret(old.secret)
    assert OidcClient.objects.get().check_secret(new.secret)
    disable_party(actor=security, party_id=row)

    assert not OidcClient.objects.exists()
    assert RelyingParty.objects.get().state == "disabled"
    with pytest.raises(Conflict):
        disable_party(actor=security, party_id=row)


def test_the_pages_lead_from_registration_to_the_secret(client: Client) -> None:
    factories.sign_in(client, factories.official("sys", "sys_admin"))
    other = factories.sign_in(Client(), factories.official("sec", "sec_admin"))
    given = {
        "name": "协同办公系统",
        "org_code": "G22",
        "redirect_uris": "https://oa.example/callback",
        "leaving_uris": "",
        "scopes": ["profile", "org"],
        "purpose": "公文流转",
    }

    bad = client.post(reverse("account_parties"), {**given, "redirect_uris": "http://oa.example/"})
    client.post(reverse("account_parties"), given)
    row = RelyingParty.objects.get()
    page = other.get(reverse("account_parties")).content.decode()
    shown = other.post(reverse("account_decide_party", args=[row.pk]), {"act": "approve"}).content.decode()
    nothing = other.post(reverse("account_decide_party", args=[row.pk]), {"act": "x"})
    other.post(reverse("account_decide_party", args=[row.pk]), {"act": "disable"})

    assert bad.status_code == 422
    assert "https://" in bad.content.decode()
    assert 'value="协同办公系统"' in bad.content.decode()
    assert "批准" in page
    assert row.client_id in shown
    assert nothing.status_code == 422
    row.refresh_from_db()
    assert row.state == "disabled"
