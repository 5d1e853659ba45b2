"""Single sign-on with an independent client: Authlib speaks OpenID Connect to our pages, without a network."""

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from django.conf import settings
from django.test import Client
from django.urls import reverse
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from zhengtong.capabilities.identity.models import Account, PartySubject, SignIn
from zhengtong.capabilities.identity.services import relying_parties
from zhengtong.capabilities.identity.services.relying_parties import PartySecret
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.identity.tests.sign_on_client import (
    BACK,
    LEFT,
    NONCE,
    VERIFIER,
    agreed,
    browser_of,
    discovered,
    fetched,
    library,
    registered,
    returned,
)
from zhengtong.capabilities.ledger.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def party() -> PartySecret:
    """An approved application."""
    return registered()


@pytest.fixture
def app(party: PartySecret) -> Iterator[OAuth2Session]:
    """The application's client library."""
    with library(party) as session:
        yield session


def _claims(session: OAuth2Session, token: dict[str, Any], party: PartySecret, **changed: Any) -> CodeIDToken:
    known = discovered(session)
    keys = KeySet.import_key_set(session.get(known["jwks_uri"], withhold_token=True).json())
    decoded = jwt.decode(token["id_token"], keys, algorithms=known["id_token_signing_alg_values_supported"])
    claims = CodeIDToken(
        decoded.claims,
        decoded.header,
        options={"iss": {"value": known["issuer"]}, "aud": {"value": party.client_id}, "sub": {"essential": True}},
        params={"nonce": NONCE, "client_id": party.client_id, "access_token": token["access_token"], **changed},
    )
    claims.validate(now=int(time.time()), leeway=0)
    return claims


def test_an_official_signs_on_and_the_application_learns_who_he_is(app: OAuth2Session, party: PartySecret) -> None:
    actor = factories.official("clerk", "clerk", "reviewer", name="李二")

    token = fetched(app, returned(app, browser_of(actor)))

    claims = _claims(app, token, party)
    answer = app.get(discovered(app)["userinfo_endpoint"]).json()
    assert claims["sub"] == answer["sub"]
    assert str(actor.person_id) not in str(claims)
    assert str(factories.account_of(actor).pk) not in str(claims)
    assert {key: answer[key] for key in ("name", "preferred_username", "org_code", "roles")} == {
        "name": "李二",
        "preferred_username": "clerk",
        "org_code": "G22",
        "roles": ["clerk", "reviewer"],
    }
    assert claims["exp"] - claims["iat"] == 300
    assert token["expires_in"] == 900
    assert "refresh_token" not in token


def test_discovery_promises_only_what_there_is(app: OAuth2Session) -> None:
    known = discovered(app)

    assert known["issuer"] == settings.ZHENGTONG_BASE_URL
    assert known["response_types_supported"] == ["code"]
    assert known["code_challenge_methods_supported"] == ["S256"]
    for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint"):
        assert known[name].startswith(known["issuer"])


def test_a_stranger_signs_in_first_and_comes_back(app: OAuth2Session) -> None:
    factories.citizen(phone="13800000001")
    browser = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")

    there = returned(app, browser)
    assert there.startswith(reverse("account_login"))
    response = browser.post(there, {"login": "13800000001", "password": factories.PASSWORD})
    back = agreed(browser, response["Location"])

    assert back["Location"].startswith(BACK)
    assert "code=" in back["Location"]


def test_after_our_own_form_a_page_leads_on(app: OAuth2Session) -> None:
    known = discovered(app)
    address, _state = app.create_authorization_url(known["authorization_endpoint"], code_verifier=VERIFIER)
    parts = urlsplit(address)

    response = browser_of(factories.official("clerk", "clerk")).get(
        f"{parts.path}?{parts.query}", headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert response.status_code == 200
    assert f'content="0; url={BACK}?code=' in response.content.decode()


def test_each_application_has_its_own_name_for_a_person(party: PartySecret) -> None:
    actor = factories.citizen()
    first, second = factories.official("sys2", "sys_admin"), factories.official("sec2", "sec_admin")
    row = relying_parties.register_party(
        actor=first,
        name="一张图系统",
        org_code="G22",
        redirect_uris=[BACK],
        scopes=[],
        purpose="只需要区分用户",
        confidential=False,
    )
    other = relying_parties.approve_party(actor=second, party_id=row)
    assert other.secret == ""
    names = []

    for each, scope in ((party, "openid profile"), (other, "openid"), (party, "openid profile")):
        with library(each, scope=scope, token_endpoint_auth_method=None if each.secret else "none") as session:
            names.append(_claims(session, fetched(session, returned(session, browser_of(actor))), each))

    assert names[0]["sub"] == names[2]["sub"] != names[1]["sub"]
    assert names[0]["name"] == "张一"
    assert "preferred_username" not in names[0]
    assert "name" not in names[1]


def test_the_identity_chosen_is_the_one_the_application_sees(app: OAuth2Session, party: PartySecret) -> None:
    actor = factories.official("clerk", "clerk")
    browser = browser_of(actor)
    session = browser.session
    session["identity_choice"] = "self"
    session.save()

    claims = _claims(app, fetched(app, returned(app, browser)), party)

    assert claims["identity"] == "citizen"
    assert claims["roles"] == ["citizen"]
    assert "org_code" not in claims


def test_a_code_works_once(app: OAuth2Session) -> None:
    back = returned(app, browser_of(factories.citizen()))
    fetched(app, back)

    with pytest.raises(Exception, match="invalid_grant"):
        fetched(app, back)


def test_a_code_is_good_for_a_minute(app: OAuth2Session) -> None:
    with time_machine.travel(dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC), tick=False) as clock:
        back = returned(app, browser_of(factories.citizen()))
        clock.shift(61)

        with pytest.raises(Exception, match="invalid_grant"):
            fetched(app, back)


@pytest.mark.parametrize("verifier", ["z" * 64, ""])
def test_a_stolen_code_is_worthless_without_its_verifier(app: OAuth2Session, verifier: str) -> None:
    back = returned(app, browser_of(factories.citizen()))

    with pytest.raises(Exception, match=r"invalid_grant|missing|verifier"):
        fetched(app, back, code_verifier=verifier)


def test_a_code_of_one_application_is_worthless_to_another(app: OAuth2Session, party: PartySecret) -> None:
    back = returned(app, browser_of(factories.citizen()))
    first, second = factories.official("sys2", "sys_admin"), factories.official("sec2", "sec_admin")
    row = relying_parties.register_party(
        actor=first, name="另一应用", org_code="G22", redirect_uris=[BACK], scopes=[], purpose="测试用途"
    )
    other = relying_parties.approve_party(actor=second, party_id=row)

    with library(other) as session, pytest.raises(Exception, match="invalid_grant"):
        fetched(session, back)
    guessing = PartySecret(party.name, party.client_id, "wrong")
    with library(guessing) as session, pytest.raises(Exception, match="invalid_client"):
        fetched(session, back)


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": f"{BACK}/../x"},
        {"redirect_uri": f"{BACK}?x=1"},
        {"client_id": "nobody"},
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": ""},
    ],
)
def test_a_wrong_question_leads_nowhere(party: PartySecret, changed: dict[str, str]) -> None:
    query = {
        "client_id": party.client_id,
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "openid",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
        **changed,
    }

    response = browser_of(factories.citizen()).get(reverse("idp:oidc:authorization"), query)

    assert response.status_code == 400
    assert "Location" not in response


@pytest.mark.parametrize("name", ["client_id", "redirect_uri", "code_challenge_method", "scope", "state"])
def test_a_parameter_that_comes_twice_leads_nowhere(party: PartySecret, name: str) -> None:
    query: dict[str, Any] = {
        "client_id": party.client_id,
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "openid",
        "state": "s1",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
    }

    response = browser_of(factories.citizen()).get(
        reverse("idp:oidc:authorization"), {**query, name: ["plain", query[name]]}
    )

    assert response.status_code == 400
    assert "Location" not in response


@pytest.mark.parametrize(("name", "text"), [("response_type", "token"), ("scope", "openid email")])
def test_what_was_not_approved_is_refused_at_the_application(party: PartySecret, name: str, text: str) -> None:
    query = {
        "client_id": party.client_id,
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "openid",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
        name: text,
    }

    response = browser_of(factories.citizen()).get(reverse("idp:oidc:authorization"), query)

    assert "error" in parse_qs(urlsplit(response["Location"]).query + urlsplit(response["Location"]).fragment)
    assert "code=" not in response["Location"]


def test_the_library_notices_a_changed_answer(app: OAuth2Session, party: PartySecret) -> None:
    token = fetched(app, returned(app, browser_of(factories.citizen())))
    head, body, signature = token["id_token"].split(".")
    middle = len(body) // 2
    forged = body[:middle] + ("A" if body[middle] != "A" else "B") + body[middle + 1 :]

    with pytest.raises((JoseError, ValueError)):
        _claims(app, {**token, "id_token": f"{head}.{forged}.{signature}"}, party)
    with pytest.raises(Exception, match="nonce"):
        _claims(app, token, party, nonce="another")
    with time_machine.travel(time.time() + 301, tick=False), pytest.raises(Exception, match=r"expired|exp"):
        _claims(app, token, party)


def test_a_token_grows_old_and_ends_with_account_and_application(app: OAuth2Session) -> None:
    actor = factories.citizen()
    there = discovered(app)["userinfo_endpoint"]
    with time_machine.travel(dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC), tick=False) as clock:
        token = fetched(app, returned(app, browser_of(actor)))
        head = {"Authorization": f"Bearer {token['access_token']}"}
        assert app.get(there, headers=head, withhold_token=True).status_code == 200
        clock.shift(901)
        assert app.get(there, headers=head, withhold_token=True).status_code == 401

    token = fetched(app, returned(app, browser_of(actor)))
    head = {"Authorization": f"Bearer {token['access_token']}"}
    assert app.get(there, withhold_token=True).status_code == 401
    Account.objects.filter(person_id=actor.person_id).update(is_active=False)
    assert app.get(there, headers=head, withhold_token=True).status_code == 401


def test_signing_on_is_recorded(app: OAuth2Session) -> None:
    actor = factories.citizen()

    returned(app, browser_of(actor))

    assert SignIn.objects.filter(account__person_id=actor.person_id, outcome="single_sign_on").count() == 1
    assert Entry.objects.filter(act="identity.signed_on").count() == 1
    assert PartySubject.objects.get(account__person_id=actor.person_id).party.name == "协同办公系统"
    assert "协同办公系统" in browser_of(actor).get(reverse("account_sessions")).content.decode()


def test_an_official_without_his_second_factor_gets_no_code(app: OAuth2Session) -> None:
    actor = factories.official("clerk", "clerk")
    browser = factories.sign_in(Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000"), actor, second_factor=False)

    assert "code=" not in returned(app, browser)


# allauth's address field does not say which scheme it assumes; addresses without one are refused anyway
@pytest.mark.filterwarnings("ignore:The default scheme will be changed")
def test_leaving_asks_and_goes_back_only_to_registered_addresses(app: OAuth2Session) -> None:
    browser = browser_of(factories.citizen())
    token = fetched(app, returned(app, browser))
    there = reverse("idp:oidc:logout")
    query = {"id_token_hint": token["id_token"], "post_logout_redirect_uri": LEFT, "state": "s1"}

    asked = browser.get(there, query)
    wrong = browser.get(there, {**query, "post_logout_redirect_uri": "https://evil.example/"})
    csrf = asked.context["csrf_token"]
    left = browser.post(there, {**query, "action": "logout", "csrfmiddlewaretoken": str(csrf)})

    assert "同时退出本平台" in asked.content.decode()
    assert wrong.status_code == 400
    assert left["Location"] == f"{LEFT}?state=s1"
    assert browser.get(reverse("account_home")).status_code == 302
