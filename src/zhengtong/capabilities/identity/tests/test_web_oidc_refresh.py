"""Refresh tokens as Authlib uses them: each works once, and all end with the session here."""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from allauth.idp.oidc.models import Client as PartyClient
from allauth.idp.oidc.models import Token
from authlib.integrations.requests_client import OAuth2Session
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity import services
from zhengtong.capabilities.identity.models import Account, RelyingParty, SignOn
from zhengtong.capabilities.identity.services import relying_parties
from zhengtong.capabilities.identity.services.relying_parties import PartySecret
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.identity.tests.sign_on_client import (
    browser_of,
    discovered,
    fetched,
    library,
    registered,
    returned,
)
from zhengtong.capabilities.ledger.models import Entry, Payload

pytestmark = pytest.mark.django_db


@pytest.fixture
def party() -> PartySecret:
    """An approved application that may refresh."""
    return registered(refreshes=True)


@pytest.fixture
def app(party: PartySecret) -> Iterator[OAuth2Session]:
    """The application's client library."""
    with library(party) as session:
        yield session


def _refreshed(app: OAuth2Session, token: str, **changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = app.refresh_token(discovered(app)["token_endpoint"], refresh_token=token, **changed)
    return found


def _refused(app: OAuth2Session, token: str, why: str = "invalid_grant", **changed: Any) -> None:
    with pytest.raises(Exception, match=why):
        _refreshed(app, token, **changed)


def _answers(app: OAuth2Session, token: dict[str, Any]) -> int:
    head = {"Authorization": f"Bearer {token['access_token']}"}
    answer = app.get(discovered(app)["userinfo_endpoint"], headers=head, withhold_token=True)
    return int(answer.status_code)


def test_each_token_brings_new_ones_and_works_once(app: OAuth2Session) -> None:
    first = fetched(app, returned(app, browser_of(factories.official("clerk", "clerk", name="李二"))))

    second = _refreshed(app, first["refresh_token"])
    third = _refreshed(app, second["refresh_token"])

    assert "refresh_token" in discovered(app)["grant_types_supported"]
    assert len({one["refresh_token"] for one in (first, second, third)}) == 3
    assert len({one["access_token"] for one in (first, second, third)}) == 3
    assert 0 < third["refresh_expires_in"] <= 12 * 3600
    assert _answers(app, third) == 200
    assert SignOn.objects.count() == 1
    assert Token.objects.filter(type=Token.Type.REFRESH_TOKEN).count() == 1
    assert not Token.objects.filter(hash__contains=third["refresh_token"][-40:]).exists()


def test_roles_taken_away_are_gone_with_the_next_refresh(app: OAuth2Session) -> None:
    actor = factories.official("clerk", "clerk", "reviewer")
    first = fetched(app, returned(app, browser_of(actor)))

    services.revoke_role(actor=factories.official("sec2", "sec_admin"), post_id=actor.post_id, role="reviewer")  # type: ignore[arg-type]  # an official's post
    second = _refreshed(app, first["refresh_token"])

    head = {"Authorization": f"Bearer {second['access_token']}"}
    told = app.get(discovered(app)["userinfo_endpoint"], headers=head, withhold_token=True).json()
    assert told["roles"] == ["clerk"]


def test_a_token_used_twice_ends_the_whole_family(app: OAuth2Session) -> None:
    first = fetched(app, returned(app, browser_of(factories.citizen())))
    second = _refreshed(app, first["refresh_token"])
    assert _answers(app, second) == 200

    _refused(app, first["refresh_token"])

    _refused(app, second["refresh_token"])
    assert _answers(app, second) == 401
    assert SignOn.objects.get().ended_at is not None
    assert not Token.objects.exists()
    assert Entry.objects.filter(act="identity.sign_on_revoked").count() == 1


def test_one_family_ends_without_the_other(app: OAuth2Session) -> None:
    actor = factories.citizen()
    telephone = fetched(app, returned(app, browser_of(actor)))
    office = fetched(app, returned(app, browser_of(actor)))
    _refreshed(app, telephone["refresh_token"])

    _refused(app, telephone["refresh_token"])

    assert _answers(app, office) == 200
    assert _answers(app, _refreshed(app, office["refresh_token"])) == 200


@pytest.mark.parametrize("made_up", ["x", ".", "x.y", str(uuid.UUID(int=7)), f"{uuid.UUID(int=7)}.secret"])
def test_made_up_tokens_open_nothing_and_end_nothing(app: OAuth2Session, made_up: str) -> None:
    first = fetched(app, returned(app, browser_of(factories.citizen())))

    _refused(app, made_up, "invalid_grant")

    assert _answers(app, _refreshed(app, first["refresh_token"])) == 200


def test_a_wrong_client_secret_neither_refreshes_nor_ends(app: OAuth2Session, party: PartySecret) -> None:
    first = fetched(app, returned(app, browser_of(factories.citizen())))

    with library(PartySecret(party.name, party.client_id, "wrong")) as thief:
        _refused(thief, first["refresh_token"], "invalid_client")

    assert _answers(app, _refreshed(app, first["refresh_token"])) == 200


def test_another_application_cannot_use_it_and_shows_that_it_leaked(app: OAuth2Session) -> None:
    first = fetched(app, returned(app, browser_of(factories.citizen())))
    row = relying_parties.register_party(
        actor=factories.official("sys2", "sys_admin"), name="另一应用", org_code="G22",
        redirect_uris=["https://other.example/callback"], scopes=[], purpose="测试用途", refreshes=True,
    )  # fmt: skip
    other = relying_parties.approve_party(actor=factories.official("sec2", "sec_admin"), party_id=row)

    with library(other, scope="openid") as session:
        _refused(session, first["refresh_token"])

    _refused(app, first["refresh_token"])


def test_it_does_not_grow(app: OAuth2Session) -> None:
    app.scope = "openid"
    first = fetched(app, returned(app, browser_of(factories.citizen())))

    _refused(app, first["refresh_token"], "invalid_scope", scope="openid profile roles")

    assert _answers(app, _refreshed(app, first["refresh_token"])) == 200


def _sign_out(browser: Client) -> None:
    browser.post(reverse("account_logout"))


def _end_elsewhere(browser: Client) -> None:
    account = Account.objects.get(pk=browser.session["_auth_user_id"])
    services.end_sessions_of(actor=factories.official("sec2", "sec_admin"), account_id=account.pk, reason="可疑")


def _close_account(browser: Client) -> None:
    Account.objects.filter(pk=browser.session["_auth_user_id"]).update(is_active=False)


def _new_password(browser: Client) -> None:
    account = Account.objects.get(pk=browser.session["_auth_user_id"])
    account.set_password("Ling-wai_2026q")
    account.save()


@pytest.mark.parametrize("end", [_sign_out, _end_elsewhere, _close_account, _new_password])
def test_with_the_session_here_everything_ends(app: OAuth2Session, end: Any) -> None:
    browser = browser_of(factories.citizen())
    first = fetched(app, returned(app, browser))
    assert _answers(app, first) == 200

    end(browser)

    assert _answers(app, first) == 401
    _refused(app, first["refresh_token"])
    assert SignOn.objects.get().ended_at is not None
    assert Entry.objects.filter(act="identity.sign_on_revoked").count() == 0  # nobody has misused anything


def test_a_token_in_the_body_is_looked_at_just_the_same(app: OAuth2Session) -> None:
    browser, there = browser_of(factories.citizen()), reverse("idp:oidc:userinfo")
    first = fetched(app, returned(app, browser))
    given = {"access_token": first["access_token"]}
    assert Client().post(there, given).status_code == 200

    _sign_out(browser)

    assert Client().post(there, given).status_code == 401


def test_a_code_is_worthless_after_signing_out(app: OAuth2Session) -> None:
    browser = browser_of(factories.citizen())
    back = returned(app, browser)

    _sign_out(browser)

    with pytest.raises(Exception, match="invalid_grant"):
        fetched(app, back)
    assert not Token.objects.exists()


def test_a_code_used_twice_ends_what_it_opened(app: OAuth2Session) -> None:
    back = returned(app, browser_of(factories.citizen()))
    first = fetched(app, back)
    assert _answers(app, first) == 200

    with pytest.raises(Exception, match="invalid_grant"):
        fetched(app, back)

    assert _answers(app, first) == 401
    _refused(app, first["refresh_token"])
    ended = Entry.objects.get(act="identity.sign_on_revoked")
    assert "code used again" in Payload.objects.get(entry=ended.uuid).content


def test_a_used_code_ends_nothing_without_the_applications_secret(app: OAuth2Session, party: PartySecret) -> None:
    back = returned(app, browser_of(factories.citizen()))
    first = fetched(app, back)

    guessing = PartySecret(party.name, party.client_id, "wrong")
    with library(guessing) as thief, pytest.raises(Exception, match="invalid_client"):
        fetched(thief, back)

    assert _answers(app, first) == 200


def test_it_lasts_no_longer_than_a_sign_in_here(app: OAuth2Session) -> None:
    with time_machine.travel(dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC), tick=False) as clock:
        browser = browser_of(factories.citizen())
        first = fetched(app, returned(app, browser))
        for _hour in range(11):
            clock.shift(dt.timedelta(minutes=59))
            browser.get(reverse("account_home"))
            first = _refreshed(app, first["refresh_token"])
        assert _answers(app, first) == 200
        clock.shift(dt.timedelta(minutes=80))

        _refused(app, first["refresh_token"])
        assert _answers(app, first) == 401


def test_an_application_that_gives_it_back_has_ended_it(app: OAuth2Session) -> None:
    first = fetched(app, returned(app, browser_of(factories.citizen())))

    answer = app.revoke_token(discovered(app)["revocation_endpoint"], token=first["refresh_token"])

    assert answer.status_code == 200
    _refused(app, first["refresh_token"])
    assert _answers(app, first) == 401
    assert Entry.objects.filter(act="identity.sign_on_revoked").count() == 0


def test_a_stopped_application_and_a_new_secret_end_it(app: OAuth2Session, party: PartySecret) -> None:
    first = fetched(app, returned(app, browser_of(factories.citizen())))
    row = RelyingParty.objects.get(client_id=party.client_id)
    keeper = factories.official("sys2", "sys_admin")

    renewed = relying_parties.renew_party_secret(actor=keeper, party_id=row.pk)
    with library(renewed) as again:
        _refused(again, first["refresh_token"])
        second = fetched(again, returned(again, browser_of(factories.citizen("王三", phone="13900000003"))))
        relying_parties.disable_party(actor=keeper, party_id=row.pk)
        _refused(again, second["refresh_token"], "invalid_grant|invalid_client")

    assert SignOn.objects.filter(ended_at__isnull=True).count() == 0


def test_who_was_not_approved_for_it_gets_none() -> None:
    plain = registered()
    with library(plain) as app:
        first = fetched(app, returned(app, browser_of(factories.citizen())))

        assert "refresh_token" not in first
        assert not Token.objects.filter(type=Token.Type.REFRESH_TOKEN).exists()
        assert PartyClient.objects.get().get_grant_types() == ["authorization_code"]
        assert _answers(app, first) == 200


def test_it_is_registered_on_the_page(client: Client) -> None:
    factories.sign_in(client, factories.official("sys", "sys_admin"))
    given = {
        "name": "协同办公系统", "org_code": "G22", "redirect_uris": "https://oa.example/callback",
        "purpose": "公文流转", "refreshes": "on",
    }  # fmt: skip

    client.post(reverse("account_parties"), given)

    assert RelyingParty.objects.get().refreshes
    assert "可以续期" in client.get(reverse("account_parties")).content.decode()
