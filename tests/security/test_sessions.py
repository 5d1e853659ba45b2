"""Sessions: kept on the server, not to be guessed, over when they are over, and to be left from every page."""

import re

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from tests.security.surface import ADDRESSES
from zhengtong.capabilities.identity.tests import factories

pytestmark = pytest.mark.django_db

#: a screen on a wall, with nothing to press but the way back to the desk, which offers it
WALLS = {"supervision:wall"}


def _signed_in() -> Client:
    factories.citizen(phone="13800000001")
    client = Client()
    client.post(reverse("account_login"), {"login": "13800000001", "password": factories.PASSWORD})
    return client


def test_sessions_are_rows_of_the_database() -> None:
    client = _signed_in()

    assert getattr(settings, "SESSION_ENGINE", "") == "django.contrib.sessions.backends.db"
    assert Session.objects.filter(session_key=client.session.session_key).exists()
    Session.objects.all().delete()
    assert client.get(reverse("account_home")).status_code == 302


def test_keys_of_sessions_cannot_be_guessed() -> None:
    key = _signed_in().session.session_key or ""

    assert len(VALID_KEY_CHARS) ** len(key) > 2**128
    assert set(key) <= set(VALID_KEY_CHARS)


def test_an_ended_session_opens_nothing() -> None:
    client = _signed_in()
    kept = client.cookies["sessionid"].value

    client.post(reverse("account_logout"))

    thief = Client()
    thief.cookies["sessionid"] = kept
    assert thief.get(reverse("account_home")).status_code == 302
    assert not Session.objects.filter(session_key=kept).exists()


def test_the_key_of_a_session_stands_on_no_page() -> None:
    client = _signed_in()
    key = client.session.session_key or ""
    saying = []
    for name, address in ADDRESSES.items():
        if address.fixed and address.policy.kind != "roles":
            answer = client.get(address.example)
            if key in str(getattr(answer, "content", b"")) + answer.get("Location", ""):
                saying.append(name)

    assert saying == []


@pytest.mark.parametrize("who", ["citizen", "clerk", "sys_admin", "supervisor"])
def test_every_page_offers_to_sign_out(who: str) -> None:
    actor = factories.citizen() if who == "citizen" else factories.official(who, who)
    client = factories.sign_in(Client(), actor)
    leaving = re.compile(rf'<form[^>]*action="{reverse("account_logout")}"')
    without = []
    for name, address in ADDRESSES.items():
        if not address.fixed or not address.admits(actor.roles) or address.policy.kind == "public":
            continue
        answer = client.get(address.example)
        text = answer.content.decode() if answer.get("Content-Type", "").startswith("text/html") else ""
        if answer.status_code == 200 and "<html" in text[:2000] and not leaving.search(text):
            without.append(name)

    assert set(without) <= WALLS
