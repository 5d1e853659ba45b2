"""The client of another party: Authlib speaks OpenID Connect to our pages in the same process, without a network."""

import io
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings
from django.test import Client
from django.urls import reverse
from requests.adapters import BaseAdapter

from zhengtong.capabilities.identity.services import relying_parties
from zhengtong.capabilities.identity.services.relying_parties import PartySecret
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.actors import Actor

BACK = "https://oa.example/callback"
LEFT = "https://oa.example/left"
VERIFIER = "k" * 64
NONCE = "n-0S6_WzA2Mj"


class InProcess(BaseAdapter):
    """Carries what the client library sends to Django's test client: no network."""

    def __init__(self) -> None:
        super().__init__()
        self.client = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")

    def send(self, request: requests.PreparedRequest, **_options: Any) -> requests.Response:
        parts = urlsplit(request.url or "")
        kind = request.headers.get("Content-Type", "application/octet-stream")
        answer = self.client.generic(
            request.method or "GET",
            f"{parts.path}?{parts.query}",
            request.body or b"",
            content_type=kind,
            headers={k: v for k, v in request.headers.items() if k.lower() not in ("content-type", "content-length")},
        )
        found = requests.Response()
        found.status_code, found.url, found.request = answer.status_code, request.url or "", request
        found.headers.update(answer.headers)
        found.raw = io.BytesIO(answer.content)
        return found

    def close(self) -> None:
        """Nothing is open."""


def registered(**changed: Any) -> PartySecret:
    """An approved application."""
    first, second = factories.official("sys", "sys_admin"), factories.official("sec", "sec_admin")
    given: dict[str, Any] = {
        "name": "协同办公系统",
        "org_code": "G22",
        "redirect_uris": [BACK],
        "leaving_uris": [LEFT],
        "scopes": ["profile", "org", "roles"],
        "purpose": "公文流转需要知道经办人",
    }
    row = relying_parties.register_party(actor=first, **{**given, **changed})
    return relying_parties.approve_party(actor=second, party_id=row)


def library(party: PartySecret, **changed: Any) -> OAuth2Session:
    """The application's client library."""
    given: dict[str, Any] = {
        "client_id": party.client_id,
        "client_secret": party.secret or None,
        "scope": "openid profile org roles",
        "redirect_uri": BACK,
        "code_challenge_method": "S256",
    }
    session = OAuth2Session(**{**given, **changed})
    session.mount(settings.ZHENGTONG_BASE_URL, InProcess())
    return session


def discovered(session: OAuth2Session) -> dict[str, Any]:
    """What the provider says of itself."""
    response = session.get(f"{settings.ZHENGTONG_BASE_URL}/.well-known/openid-configuration", withhold_token=True)
    found: dict[str, Any] = response.json()
    return found


def browser_of(actor: Actor) -> Client:
    """The person's browser, signed in here."""
    client: Client = factories.sign_in(Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000"), actor)
    return client


def returned(session: OAuth2Session, browser: Client, **extra: Any) -> str:
    """Where the person's browser arrives at the application."""
    known = discovered(session)
    address, _state = session.create_authorization_url(
        known["authorization_endpoint"], code_verifier=VERIFIER, nonce=NONCE, **extra
    )
    parts = urlsplit(address)
    response = agreed(browser, f"{parts.path}?{parts.query}")
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def agreed(browser: Client, address: str) -> Any:
    """What the browser gets at the address, after the person has agreed where he is asked to."""
    response = browser.get(address)
    if "identity/agreement.html" not in {template.name for template in response.templates}:
        return response
    return browser.get(browser.post(reverse("account_agree"), {"next": response.context["next"]})["Location"])


def fetched(session: OAuth2Session, back: str, **changed: Any) -> dict[str, Any]:
    """What the application gets for the code it came back with."""
    given = {"authorization_response": back, "code_verifier": VERIFIER, **changed}
    found: dict[str, Any] = session.fetch_token(discovered(session)["token_endpoint"], **given)
    return found
