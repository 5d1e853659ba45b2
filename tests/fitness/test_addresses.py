"""Nothing is open by default: every address has a policy, and the policy is what happens."""

import pytest
from django.conf import settings
from django.shortcuts import resolve_url
from django.test import Client

from tests.fitness.addresses import ADDRESSES
from zhengtong.kernel.policy import PUBLIC, policy_of


def test_every_address_has_a_policy() -> None:
    assert ADDRESSES
    assert not [address for address, name, view in ADDRESSES if policy_of(view) is None]


def test_no_address_is_declared_twice() -> None:
    addresses = [address for address, _, _ in ADDRESSES]

    assert len(addresses) == len(set(addresses))


_CLOSED = [address for address, name, view in ADDRESSES if policy_of(view) != PUBLIC]
_OPEN = [address for address, name, view in ADDRESSES if policy_of(view) == PUBLIC]


@pytest.mark.django_db
@pytest.mark.parametrize("address", _CLOSED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_sent_to_sign_in_or_refused(client: Client, address: str, method: str) -> None:
    response = getattr(client, method)(address)

    assert response.status_code in {302, 403}
    if response.status_code == 302:
        assert response["Location"].split("?")[0] == resolve_url(settings.LOGIN_URL)


@pytest.mark.django_db
@pytest.mark.parametrize("address", _OPEN)
def test_a_public_page_answers_a_stranger(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code in {200, 204, 302, 304, 400, 401, 404, 405, 503}


@pytest.mark.django_db
@pytest.mark.parametrize("address", _OPEN)
def test_every_answer_carries_the_security_headers(client: Client, address: str) -> None:
    response = client.get(address)

    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] in {"same-origin", "no-referrer"}
