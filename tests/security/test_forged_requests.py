"""Requests another site makes a browser send: refused for want of the token; looking changes nothing."""

import pytest
from django.test import Client
from django.urls import resolve

from tests.journeys.addresses import Address
from tests.security.surface import ADDRESSES, PROBES

pytestmark = pytest.mark.django_db

#: addresses programs post to; no browser's session counts there
WITHOUT_TOKEN = {
    "idp:oidc:token": "an application shows its secret or the verifier of its code",
    "idp:oidc:userinfo": "the bearer of an access token; the session is not looked at",
    "idp:oidc:revoke": "an application shows its secret and the token to end",
    "idp:oidc:logout": "another site leads a person here by design; leaving asks first",
    "ledger:cosignatures": "a witness signs what it posts",
    "opinions:fill": "what was chosen on a kept page of a site is shown again to be sent; nothing is changed by it",
    "payments:callback": "the gateway signs what it posts",
    "ratings:device_call": "an evaluator signs what it posts",
    "ratings:device_rate": "an evaluator signs what it posts",
    "service_hall:courier-report": "a courier signs what it posts",
    "trust:status": "a question about a certificate; nothing is changed by it",
    "trust:status_by_get": "the same, in the address",
    "trust:timestamp": "a digest to be signed with the time; nothing is changed by it",
    "items": "can only be read",
    "item": "can only be read",
}


def _exempt(address: Address) -> bool:
    return bool(getattr(resolve(address.example).func, "csrf_exempt", False))


def test_what_does_without_a_token_is_listed_with_its_reason() -> None:
    assert {name for name, address in ADDRESSES.items() if _exempt(address)} == set(WITHOUT_TOKEN)


@pytest.mark.parametrize("method", ["post", "delete"])
def test_every_unsafe_request_wants_its_token(method: str) -> None:
    client = Client(enforce_csrf_checks=True)
    taken = []
    for name, address in ADDRESSES.items():
        if name in WITHOUT_TOKEN:
            continue
        if name in PROBES:
            assert getattr(client, method)(address.example).status_code == 405
            continue
        answer = getattr(client, method)(address.example)
        if answer.status_code != 403 or "为了安全没有提交" not in answer.content.decode():
            taken.append((name, answer.status_code))

    assert taken == []


def test_a_token_from_another_site_is_none() -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get(ADDRESSES["account_login"].example)
    token = page.context["csrf_token"]
    given = {"csrfmiddlewaretoken": str(token), "login": "x", "password": "y"}

    own = client.post(ADDRESSES["account_login"].example, given, secure=True, headers={"Origin": "https://testserver"})
    strange = client.post(
        ADDRESSES["account_login"].example, given, secure=True, headers={"Origin": "https://evil.example"}
    )

    assert own.status_code == 200
    assert strange.status_code == 403
