"""Tokens are believed for what they are, whoever signed them how: our own key, our own algorithm, their own purpose."""

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from authlib.integrations.requests_client import OAuth2Session
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.conf import settings
from django.test import Client
from django.urls import reverse

from zhengtong.capabilities.identity.services.relying_parties import PartySecret
from zhengtong.capabilities.identity.services.sign_on_key import sign_on_key_pem
from zhengtong.capabilities.identity.tests import factories
from zhengtong.capabilities.identity.tests.sign_on_client import (
    LEFT,
    browser_of,
    discovered,
    fetched,
    library,
    registered,
    returned,
)

# allauth's address field does not say which scheme it assumes; addresses without one are refused anyway
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:The default scheme will be changed")]

_Parts = tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture
def party() -> PartySecret:
    """An approved application that may refresh."""
    return registered(refreshes=True)


@pytest.fixture
def app(party: PartySecret) -> Iterator[OAuth2Session]:
    """The application's client library."""
    with library(party) as session:
        yield session


def _part(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _read(token: str) -> _Parts:
    head, body, _signature = token.split(".")
    found = [json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in (head, body)]
    return found[0], found[1]


def _made(head: dict[str, Any], body: dict[str, Any], sign: Callable[[bytes], bytes]) -> str:
    signed = f"{_part(json.dumps(head).encode())}.{_part(json.dumps(body).encode())}"
    return f"{signed}.{_part(sign(signed.encode()))}"


def _own_key() -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(sign_on_key_pem().encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def _rs256(key: rsa.RSAPrivateKey) -> Callable[[bytes], bytes]:
    return lambda signed: key.sign(signed, padding.PKCS1v15(), hashes.SHA256())


def _none(head: dict[str, Any], body: dict[str, Any]) -> str:
    return _made({**head, "alg": "none"}, body, lambda _signed: b"")


def _hmac_with_the_public_key(head: dict[str, Any], body: dict[str, Any]) -> str:
    public = _own_key().public_key()
    secret = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return _made({**head, "alg": "HS256"}, body, lambda signed: hmac.new(secret, signed, hashlib.sha256).digest())


def _key_in_the_head(head: dict[str, Any], body: dict[str, Any]) -> str:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    numbers = stranger.public_key().public_numbers()
    named = {"kty": "RSA", "n": _part(numbers.n.to_bytes(256)), "e": _part(numbers.e.to_bytes(3)), "kid": head["kid"]}
    return _made({**head, "jwk": named, "jku": "https://evil.example/keys"}, body, _rs256(stranger))


def _no_key_named(head: dict[str, Any], body: dict[str, Any]) -> str:
    return _made({name: value for name, value in head.items() if name != "kid"}, body, _rs256(_own_key()))


def _other_issuer(head: dict[str, Any], body: dict[str, Any]) -> str:
    return _made(head, {**body, "iss": "https://evil.example"}, _rs256(_own_key()))


def _nobodys_application(head: dict[str, Any], body: dict[str, Any]) -> str:
    return _made(head, {**body, "aud": uuid.UUID(int=7).hex}, _rs256(_own_key()))


def _left_to(browser: Client, hint: str) -> str:
    """Where a person arrives who leaves an application that shows this token: back there only if it is believed."""
    query = {"id_token_hint": hint, "post_logout_redirect_uri": LEFT}
    asked = browser.get(reverse("idp:oidc:logout"), query)
    given = {**query, "action": "logout", "csrfmiddlewaretoken": str(asked.context["csrf_token"])}
    return str(browser.post(reverse("idp:oidc:logout"), given)["Location"])


@pytest.mark.parametrize(
    "forged",
    [_none, _hmac_with_the_public_key, _key_in_the_head, _no_key_named, _other_issuer, _nobodys_application],
)
def test_only_our_own_key_and_algorithm_make_an_id_token(app: OAuth2Session, forged: Callable[..., str]) -> None:
    actor = factories.citizen()
    browser = browser_of(actor)
    head, body = _read(fetched(app, returned(app, browser))["id_token"])
    genuine = _made(head, body, _rs256(_own_key()))

    assert head["alg"] == "RS256"
    assert _left_to(browser, forged(head, body)) == "/"
    assert _left_to(browser_of(actor), genuine) == LEFT


def test_a_token_opens_only_what_it_was_made_for(app: OAuth2Session) -> None:
    actor = factories.citizen()
    browser = browser_of(actor)
    given = fetched(app, returned(app, browser))
    there = discovered(app)["userinfo_endpoint"]

    def answered(token: str) -> int:
        head = {"Authorization": f"Bearer {token}"}
        return int(app.get(there, headers=head, withhold_token=True).status_code)

    assert answered(given["access_token"]) == 200
    assert [answered(given[name]) for name in ("id_token", "refresh_token")] == [401, 401]
    assert [answered(part) for part in given["refresh_token"].split(".")] == [401, 401]
    assert _left_to(browser, given["access_token"]) == "/"
    assert _left_to(browser_of(actor), given["refresh_token"]) == "/"


def test_an_id_token_names_one_application_one_issuer_and_a_short_time(app: OAuth2Session, party: PartySecret) -> None:
    given = fetched(app, returned(app, browser_of(factories.citizen())))

    body = _read(given["id_token"])[1]

    assert body["aud"] == party.client_id
    assert body["iss"] == settings.ZHENGTONG_BASE_URL
    assert 0 < body["exp"] - body["iat"] <= 300
    assert given["access_token"].count(".") == 0  # looked up, not read


def test_tokens_and_secrets_lie_in_the_database_as_digests(app: OAuth2Session, party: PartySecret) -> None:
    from allauth.idp.oidc.models import Client as PartyClient
    from allauth.idp.oidc.models import Token

    given = fetched(app, returned(app, browser_of(factories.citizen())))

    kept = f"{list(Token.objects.values())}{list(PartyClient.objects.values())}"
    secrets = (given["access_token"], given["refresh_token"].split(".")[1], party.secret)
    assert not [secret for secret in secrets if secret in kept]


def test_a_token_in_the_address_is_not_read(app: OAuth2Session) -> None:
    given = fetched(app, returned(app, browser_of(factories.citizen())))

    answer = Client().get(reverse("idp:oidc:userinfo"), {"access_token": given["access_token"]})

    assert answer.status_code == 401
