"""What every answer keeps to, whoever asks for whatever: no cache, no trace of our software, no way around a policy."""

import logging
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.fitness.addresses import ADDRESSES
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel import policy
from zhengtong.kernel.policy import PUBLIC, policy_of

pytestmark = pytest.mark.django_db

_EVERY = [address for address, _name, _view in ADDRESSES]
_CLOSED = [address for address, _name, view in ADDRESSES if policy_of(view) != PUBLIC]
_ROLES = ("clerk", "reviewer", "leader", "counter", "supervisor", "process_admin")


def _reader(client: Client, kind: str) -> Client:
    actor = factories.citizen() if kind == "citizen" else factories.official("many", *_ROLES)
    signed_in: Client = factories.sign_in(client, actor)
    return signed_in


@pytest.mark.parametrize("kind", ["citizen", "official"])
def test_nothing_a_signed_in_person_reads_stays_in_a_cache(client: Client, kind: str) -> None:
    reader = _reader(client, kind)

    kept = {
        address: answer.headers.get("Cache-Control", "")
        for address in _EVERY
        if "no-store" not in (answer := reader.get(address)).headers.get("Cache-Control", "")
    }

    assert len(_EVERY) > 300
    assert not kept


def test_pages_for_everybody_may_be_kept(client: Client) -> None:
    assert "no-store" not in client.get(reverse("portal:home")).headers.get("Cache-Control", "")


def test_signing_out_clears_what_the_browser_keeps(client: Client) -> None:
    factories.sign_in(client, factories.citizen())
    before = client.cookies["sessionid"].value

    left = client.post(reverse("account_logout"))

    assert left["Clear-Site-Data"] == '"cache", "storage"'
    # a new session of nobody, for the sentence that says so
    assert client.cookies["sessionid"].value != before
    assert set(client.session.keys()) <= {"_messages"}


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT"])
def test_what_repeats_or_forwards_a_request_is_refused(client: Client, method: str) -> None:
    said = [
        client.generic(method, there, headers={"X-Probe": "geheim-7"}) for there in ("/", "/accounts/", "/nowhere/")
    ]

    assert [answer.status_code for answer in said] == [405, 405, 405]
    assert not [answer for answer in said if b"geheim-7" in answer.content]


@pytest.mark.parametrize(
    "there",
    [
        "/.git/HEAD", "/.git/config", "/.env", "/static/", "/static/ui/", "/static/../pyproject.toml",
        "/static/..%2f..%2fpyproject.toml", "/var/secrets/secret_key", "/pyproject.toml", "/media/", "/static/%2e%2e/",
    ],
)  # fmt: skip
def test_no_folder_and_no_file_of_the_program_is_served(client: Client, there: str) -> None:
    answer = client.get(there)

    assert answer.status_code in {400, 404}
    assert b"[project]" not in b"".join(answer)  # also of an answer in pieces
    assert b"Index of" not in answer.content


def test_no_answer_names_the_software_it_comes_from(client: Client) -> None:
    said = [client.get(there) for there in ("/", "/nowhere/", reverse("account_login"), "/api/")]

    for answer in said:
        assert not {"server", "x-powered-by", "x-generator"} & {name.lower() for name in answer.headers}
    assert not [a for a in said if b"Django" in a.content or b"Traceback" in a.content or b"granian" in a.content]


def test_a_fault_is_told_by_a_number_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("select secret from zt_owner at 10.0.0.7")

    monkeypatch.setattr("zhengtong.entry.portal.views.render", broken)

    answer = Client(raise_request_exception=False).get("/")

    page = answer.content.decode()
    assert answer.status_code == 500
    assert not [
        word for word in ("RuntimeError", "select secret", "10.0.0.7", "Traceback", "portal/views") if word in page
    ]
    assert answer["X-Request-ID"] in page
    assert [record for record in caplog.records if record.name == "zhengtong.entry.errors"]


@pytest.mark.parametrize("address", _CLOSED[::25])
def test_a_policy_that_breaks_lets_nobody_in(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def broken(self: policy.Policy, actor: Any) -> bool:
        ran.append(actor.kind)
        raise RuntimeError("the question could not be answered")

    reader = _reader(Client(raise_request_exception=False), "official")
    monkeypatch.setattr(policy.Policy, "admits", broken)

    answer = reader.get(address)

    assert ran
    assert answer.status_code == 500


def test_a_view_without_a_policy_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "policy_of", lambda _view: None)

    assert _reader(Client(), "official").get(reverse("account_home")).status_code == 403
    assert Client().get("/").status_code == 403


def test_a_refusal_is_logged_with_who_where_and_how(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    actor = factories.citizen()
    factories.sign_in(client, actor)

    client.post(reverse("console:health"))

    said = [record for record in caplog.records if record.name == "zhengtong.kernel.refusals"]
    assert [record.levelno for record in said] == [logging.WARNING]
    assert said[0].getMessage() == (f"refused POST {reverse('console:health')} to citizen {actor.person_id} of no unit")
    assert actor.name not in said[0].getMessage()


def test_a_forged_form_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "x", "password": "y"})

    assert [r.levelno for r in caplog.records if r.name == "django.security.csrf"] == [logging.WARNING]


@pytest.mark.parametrize(("name", "field"), [("account_login", "login"), ("account_signup", "name")])
def test_what_stands_in_the_address_is_no_answer_of_the_form(client: Client, name: str, field: str) -> None:
    factories.citizen(phone="13800000001")

    answer = client.post(f"{reverse(name)}?{field}=13800000001&password={factories.PASSWORD}", {})

    assert answer.status_code in {200, 422}
    assert "_auth_user_id" not in client.session
