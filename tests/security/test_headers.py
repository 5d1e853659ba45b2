"""What every answer tells the browser, and what a page may not carry."""

import os
import re
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from tests.journeys.addresses import Address
from tests.security.surface import ADDRESSES, PROBES
from zhengtong.capabilities.identity.tests import factories
from zhengtong.kernel.cookies import host_cookie
from zhengtong.kernel.refusals import content_policy
from zhengtong.kernel.ui.views import LARGE_PRINT_COOKIE

pytestmark = pytest.mark.django_db

_FIXED = {
    "X-Content-Type-Options": {"nosniff"},
    "Referrer-Policy": {"same-origin", "no-referrer"},
    "Cross-Origin-Opener-Policy": {"same-origin"},
    "Permissions-Policy": {"camera=(self), geolocation=(), microphone=()"},
}
#: answers that other sites may read: nothing in them belongs to a person
READ_BY_OTHER_SITES = {"idp:oidc:configuration", "idp:oidc:jwks"}
_INLINE = re.compile(
    r"<script(?![^>]*\ssrc=)(?![^>]*type=[\"']application/(?:ld\+)?json)[^>]*>|\son\w+=[\"']|javascript:|\sstyle=[\"']",
    re.I,
)


def _directives(policy: str) -> dict[str, str]:
    return {name: value for name, _space, value in (part.strip().partition(" ") for part in policy.split(";")) if name}


def _wrong(answer: HttpResponse) -> list[str]:
    """The headers of an answer that are missing or too wide."""
    wrong = [name for name, allowed in _FIXED.items() if answer.get(name, "") not in allowed]
    policy = _directives(answer.get("Content-Security-Policy", ""))
    if "sandbox" not in policy:
        wrong += [
            f"{name} {policy.get(name)}"
            for name, value in (("object-src", "'none'"), ("base-uri", "'none'"), ("script-src", "'self'"))
            if policy.get(name) != value
        ]
        if policy.get("frame-ancestors") not in {"'none'", "'self'"}:
            wrong.append("frame-ancestors")
    if "unsafe" in answer.get("Content-Security-Policy", "unsafe"):
        wrong.append("Content-Security-Policy")
    return wrong


def _signed_in(who: str) -> Client:
    roles = ("clerk", "leader", "reviewer", "counter", "hall_manager", "supervisor", "item_admin", "item_editor")
    client = Client(raise_request_exception=False)
    if who == "citizen":
        return factories.sign_in(client, factories.citizen())
    if who == "official":
        return factories.sign_in(client, factories.official(who, *roles, "legal_reviewer", "process_admin"))
    return factories.sign_in(client, factories.official(who, who, org_code="G26"))


def _wrong_of(answer: HttpResponse) -> list[str]:
    wrong = _wrong(answer)
    if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
        wrong += _INLINE.findall(answer.content.decode())
    return wrong


def test_every_answer_carries_the_headers_and_no_page_a_script_of_its_own() -> None:
    client = Client(raise_request_exception=False)
    wrong = {name: _wrong_of(client.get(one.example)) for name, one in ADDRESSES.items() if name not in PROBES}

    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.full
@pytest.mark.parametrize("who", ["citizen", "official", "sec_admin"])
def test_pages_for_people_who_signed_in_do_the_same(who: str) -> None:
    client = _signed_in(who)
    closed = [one for one in ADDRESSES.values() if one.fixed and one.policy.kind != "public"]
    wrong = {one.name: _wrong_of(client.get(one.example)) for one in closed}

    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/static/ui/no-such.css", 404),
        ("/no-such-page/", 404),
        ("/accounts/logout/", 405),
        ("/items?x=1", 301),
    ],
)
def test_files_redirects_and_refusals_carry_them_too(path: str, status: int) -> None:
    answer = Client().get(path)

    assert (answer.status_code, _wrong(answer)) == (status, [])


def test_a_file_of_the_pages_carries_them_too() -> None:
    answer = Client().get("/static/ui/zhengtong.css")
    answer.close()

    assert (answer.status_code, _wrong(answer)) == (200, [])
    assert answer["Content-Type"] == 'text/css; charset="utf-8"'


def test_a_fault_of_ours_carries_them_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("zhengtong.capabilities.identity.web.middleware.anonymous", broken)

    answer = Client(raise_request_exception=False).get("/")

    assert (answer.status_code, _wrong(answer)) == (500, [])


def test_the_policy_of_our_pages_names_everything() -> None:
    assert _directives(content_policy()) == {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }


def test_no_answer_is_shared_with_other_sites() -> None:
    shared = set()
    for name, address in ADDRESSES.items():
        answer = Client(raise_request_exception=False).get(address.example, headers={"Origin": "https://evil.example"})
        if "Access-Control-Allow-Origin" in answer:
            shared.add(name)
            assert answer["Access-Control-Allow-Origin"] == "*"
            assert "Access-Control-Allow-Credentials" not in answer

    assert shared == READ_BY_OTHER_SITES


def test_every_text_names_its_character_set() -> None:
    without = set()
    for name, address in ADDRESSES.items():
        answer = Client(raise_request_exception=False).get(address.example)
        kind = answer.get("Content-Type", "")
        if kind.startswith("text/") and "charset=utf-8" not in kind.lower():
            without.add((name, kind))
        if getattr(answer, "content", b"") and not kind:
            without.add((name, kind))

    assert without == set()


def test_https_is_kept_for_a_year_by_this_host_and_those_below(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    client = Client()

    for path in ("/", "/no-such-page/"):
        assert client.get(path, secure=True)["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_cookies_are_for_this_host_over_https_and_for_no_script() -> None:
    code = (
        "from zhengtong.entry.settings import base as s;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, s.CSRF_COOKIE_SAMESITE,"
        " s.SECURE_HSTS_SECONDS, s.SECURE_HSTS_INCLUDE_SUBDOMAINS)"
    )
    https = {**os.environ, "ZHENGTONG_HTTPS": "1", "PYTHONPATH": os.pathsep.join(sys.path)}

    said = subprocess.run([sys.executable, "-c", code], env=https, capture_output=True, text=True, check=True)

    assert said.stdout.split() == [
        "__Host-sessionid", "__Host-csrftoken", "True", "True", "True", "True", "Lax", "Lax", "31536000", "True",
    ]  # fmt: skip


def test_every_cookie_that_is_set_is_guarded(settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    factories.citizen(phone="13800000001")
    client = Client()
    client.get("/accounts/login/", secure=True)
    client.get("/large-print/?on=1", secure=True)

    client.post("/accounts/login/", {"login": "13800000001", "password": factories.PASSWORD}, secure=True)

    assert set(client.cookies) == {"__Host-sessionid", "__Host-csrftoken", host_cookie(LARGE_PRINT_COOKIE)}
    for cookie in client.cookies.values():
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] in {"Lax", "Strict"}
        assert (cookie["path"], cookie["domain"]) == ("/", "")


def test_what_is_said_to_a_person_is_no_cookie() -> None:
    assert settings.MESSAGE_STORAGE == "django.contrib.messages.storage.session.SessionStorage"


def _for_programs(address: Address) -> bool:
    return address.route.startswith("/api/") and address.route != "/api/"


def test_programs_are_refused_plain_http_and_people_are_led_to_https(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    client = Client()

    for name, address in ADDRESSES.items():
        answer = client.get(address.example)
        assert answer.status_code in {301, 426} or name in PROBES
        if _for_programs(address):
            assert answer.status_code == 426
    assert client.post(ADDRESSES["payments:callback"].example).status_code == 426
    assert client.get("/accounts/login/")["Location"].startswith("https://")
    assert client.get("/api/items", secure=True).status_code == 200
