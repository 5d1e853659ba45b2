"""A citizen is asked before an application learns who he is, sees what he agreed to, and takes it back."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from authlib.integrations.requests_client import OAuth2Session
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity.models import PartySubject, SignIn
from zhengtong.capabilities.identity.services import relying_parties
from zhengtong.capabilities.identity.services.relying_parties import PartySecret
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.identity.tests.sign_on_client import (
    BACK,
    browser_of,
    discovered,
    fetched,
    library,
    registered,
    returned,
)
from zhengtong.capabilities.ledger.models import Entry

pytestmark = pytest.mark.django_db

_QUERY = {
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": "openid profile",
    "state": "s1",
    "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    "code_challenge_method": "S256",
}


@pytest.fixture
def party() -> PartySecret:
    """An approved application that may refresh."""
    return registered(refreshes=True)


@pytest.fixture
def app(party: PartySecret) -> Iterator[OAuth2Session]:
    """The application's client library."""
    with library(party, scope="openid profile") as session:
        yield session


def _asked(browser: Client, party: PartySecret, **changed: str) -> Any:
    query = {**_QUERY, "client_id": party.client_id, **changed}
    return browser.get(reverse("idp:oidc:authorization"), query)


def test_a_citizen_is_told_who_wants_what_for_what_and_how_long(party: PartySecret) -> None:
    asked = _asked(browser_of(factories.citizen()), party)

    page = asked.content.decode()
    assert asked.status_code == 200
    for words in (
        "协同办公系统",
        "青禾县市场监督管理局",
        "公文流转需要知道经办人",
        "姓名、用户名、核验程度",
        "最长 12 小时",
    ):
        assert words in page
    assert "单位和岗位" not in page
    assert SignIn.objects.filter(outcome="single_sign_on").count() == 0
    assert not PartySubject.objects.exists()


def test_who_agrees_goes_on_and_is_not_asked_again(party: PartySecret) -> None:
    browser = browser_of(factories.citizen())
    asked = _asked(browser, party)

    on = browser.post(reverse("account_agree"), {"next": asked.context["next"]})
    there = browser.get(on["Location"])

    assert there["Location"].startswith(f"{BACK}?code=")
    assert _asked(browser, party)["Location"].startswith(f"{BACK}?code=")
    assert PartySubject.objects.get().agreed_scopes == ["openid", "profile"]
    assert Entry.objects.filter(act="identity.party_agreed").count() == 1


def test_more_than_was_agreed_to_is_asked_about_anew(party: PartySecret, app: OAuth2Session) -> None:
    browser = browser_of(factories.citizen())
    returned(app, browser)

    assert _asked(browser, party, scope="openid").status_code == 302
    assert _asked(browser, party, scope="openid profile roles").status_code == 200


def test_who_does_not_agree_goes_back_without_a_code(party: PartySecret) -> None:
    asked = _asked(browser_of(factories.citizen()), party)

    no = urlsplit(asked.context["no_url"])

    assert f"{no.scheme}://{no.netloc}{no.path}" == BACK
    assert parse_qs(no.query) == {"error": ["access_denied"], "state": ["s1"]}


def test_an_application_that_wants_no_page_is_told_that_there_must_be_one(party: PartySecret) -> None:
    said = _asked(browser_of(factories.citizen()), party, prompt="none")

    assert parse_qs(urlsplit(said["Location"]).query)["error"] == ["consent_required"]
    assert said["Location"].startswith(BACK)


def test_what_was_agreed_to_is_shown_and_taken_back_and_then_asked_again(
    app: OAuth2Session, party: PartySecret
) -> None:
    browser = browser_of(factories.citizen())
    token = fetched(app, returned(app, browser))
    there = discovered(app)["userinfo_endpoint"]
    head = {"Authorization": f"Bearer {token['access_token']}"}
    assert app.get(there, headers=head, withhold_token=True).status_code == 200
    assert "同意它取得：应用内标识；姓名、用户名、核验程度" in browser.get(reverse("account_sessions")).content.decode()

    row = PartySubject.objects.get()
    browser.post(reverse("account_withdraw_agreement", args=[row.pk]))

    assert app.get(there, headers=head, withhold_token=True).status_code == 401
    with pytest.raises(Exception, match="invalid_grant"):
        app.refresh_token(discovered(app)["token_endpoint"], refresh_token=token["refresh_token"])
    assert _asked(browser, party).status_code == 200
    assert "同意它取得" not in browser.get(reverse("account_sessions")).content.decode()
    assert Entry.objects.filter(act="identity.party_agreement_withdrawn").count() == 1


def test_nobody_takes_back_the_agreement_of_another(app: OAuth2Session) -> None:
    returned(app, browser_of(factories.citizen()))
    row = PartySubject.objects.get()

    said = browser_of(factories.citizen("王三", phone="13900000003")).post(
        reverse("account_withdraw_agreement", args=[row.pk])
    )

    assert said.status_code == 404
    assert PartySubject.objects.get().agreed_at == row.agreed_at


@pytest.mark.parametrize(
    "there",
    ["https://evil.example/identity/o/authorize", "//evil.example/", "/accounts/", "", "javascript:alert(1)"],
)
def test_the_answer_leads_nowhere_else(party: PartySecret, there: str) -> None:
    said = browser_of(factories.citizen()).post(
        reverse("account_agree"), {"next": f"{there}?client_id={party.client_id}"}
    )

    assert said.status_code == 422
    assert not PartySubject.objects.exists()


def test_nobody_agrees_to_what_was_not_approved(party: PartySecret) -> None:
    browser = browser_of(factories.citizen())
    there = f"{reverse('idp:oidc:authorization')}?client_id={party.client_id}&scope=openid+email"

    assert browser.post(reverse("account_agree"), {"next": there}).status_code == 422
    unknown = f"{reverse('idp:oidc:authorization')}?client_id=nobody&scope=openid"
    assert browser.post(reverse("account_agree"), {"next": unknown}).status_code == 404
    assert not PartySubject.objects.exists()


def test_an_agreement_needs_the_persons_own_form(party: PartySecret) -> None:
    browser = browser_of(factories.citizen())
    browser.handler.enforce_csrf_checks = True

    said = browser.post(reverse("account_agree"), {"next": reverse("idp:oidc:authorization")})

    assert said.status_code == 403


def test_an_official_signs_on_for_his_work_and_a_stopped_application_asks_nobody(party: PartySecret) -> None:
    official = browser_of(factories.official("clerk", "clerk"))
    assert _asked(official, party)["Location"].startswith(f"{BACK}?code=")

    session = official.session
    session["identity_choice"] = "self"
    session.save()
    assert _asked(official, party).status_code == 200

    row = relying_parties.RelyingParty.objects.get(client_id=party.client_id)
    relying_parties.disable_party(actor=factories.official("sec2", "sec_admin"), party_id=row.pk)
    assert _asked(official, party).status_code == 400
