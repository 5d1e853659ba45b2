"""An address that only takes forms answers who opens it with a page, not with nothing."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponseNotAllowed
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from zhengtong.capabilities.identity.tests.factories import citizen, official, sign_in
from zhengtong.entry.errors import MethodMiddleware, server_error
from zhengtong.kernel.actors import anonymous
from zhengtong.kernel.ids import new_id

pytestmark = pytest.mark.django_db

#: machines talk to them; nothing stands above
_MACHINES = {"/trust/tsa/"}


def methods_of(view: Any) -> list[str]:
    """The methods ``require_http_methods`` lets through; empty where it is not used."""
    while view is not None:
        known = inspect.getclosurevars(view).nonlocals if inspect.isfunction(view) else {}
        if "request_method_list" in known:
            return list(known["request_method_list"])
        view = getattr(view, "__wrapped__", None)
    return []


def only_forms(patterns: list[URLPattern | URLResolver], prefix: str = "/") -> Iterator[str]:
    """Addresses, with sample values, that take POST and no GET."""
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from only_forms(pattern.url_patterns, address)
            continue
        methods = methods_of(pattern.callback)
        if methods and "GET" not in methods:
            yield re.sub(r"<[^>]+>", "1", re.sub(r"<uuid:[^>]+>", str(new_id()), address))


_ADDRESSES = sorted(only_forms(get_resolver().url_patterns))


def test_the_walk_finds_what_it_looks_for() -> None:
    assert len(_ADDRESSES) > 100
    assert not [address for address in _ADDRESSES if "<" in address]


def test_every_address_that_only_takes_forms_leads_back_to_a_page() -> None:
    for address in _ADDRESSES:
        request = RequestFactory().get(address)
        request.actor = anonymous("980723")  # type: ignore[attr-defined]  # the middleware's

        page = MethodMiddleware(lambda _request: HttpResponseNotAllowed(["POST"]))(request)

        html = page.content.decode()
        assert page.status_code == 405
        assert page.headers["Allow"] == "POST"
        assert "没有改动任何内容" in html, address
        back = html.partition('class="zt-problem"')[2].partition('href="')[2].partition('"')[0]
        assert address in _MACHINES or (back != "/" and address.startswith(back)), (address, back)
        assert resolve(back)


def test_it_says_so_within_the_platform_and_the_page_before_is_offered() -> None:
    client = sign_in(Client(), official("somebody", "application_operator"))
    address = f"/messages/deliveries/{new_id()}/retry/"

    typed = client.get(address)
    followed = client.get(address, headers={"Referer": "http://testserver/messages/deliveries/?state=given_up"})
    elsewhere = client.get(address, headers={"Referer": "http://elsewhere.example/x/"})

    assert typed.status_code == 405
    assert "这个页面不能直接打开" in typed.content.decode()
    assert f'href="{address.removesuffix("retry/")}"' in typed.content.decode()
    assert 'href="/messages/deliveries/?state=given_up"' in followed.content.decode()
    assert "elsewhere.example" not in elsewhere.content.decode()
    assert "Content-Security-Policy" in typed.headers


def test_a_program_that_wants_no_page_gets_none() -> None:
    client = sign_in(Client(), official("somebody", "application_operator"))

    answer = client.get(f"/messages/deliveries/{new_id()}/retry/", headers={"Accept": "application/json"})

    assert answer.status_code == 405
    assert answer.content == b""


def test_who_types_the_address_of_a_new_rule_finds_the_list() -> None:
    client = sign_in(Client(), official("somebody", "supervisor"))

    assert client.get("/supervision/rules/new/").headers["Location"] == "/supervision/rules/"


@pytest.mark.parametrize(
    ("method", "words"),
    [("get", "这个页面没有打开"), ("post", "可能已经生效，也可能没有")],
)
def test_a_fault_of_ours_promises_no_more_than_is_known(method: str, words: str) -> None:
    page = server_error(getattr(RequestFactory(), method)("/apply/"))

    html = page.content.decode()
    assert page.status_code == 500
    assert words in html
    assert "没有生效，也没有丢失" not in html
    assert f"请拨打 {settings.ZHENGTONG_SITE['contact_phone']}" in html


@pytest.mark.parametrize("name", ["account_home", "account_passkeys", "notify:inbox", "notify:channels"])
def test_pages_of_ones_own_account_stand_in_the_frame_one_works_in(name: str) -> None:
    at_desk = sign_in(Client(), official("somebody", "reviewer")).get(reverse(name)).content.decode()
    at_home = sign_in(Client(), citizen()).get(reverse(name)).content.decode()

    assert '<body class="zt-desk"' in at_desk
    assert "zt-band" not in at_desk
    assert '<body class="zt-public"' in at_home


def test_who_is_refused_reads_what_he_himself_can_do() -> None:
    refused = sign_in(Client(), citizen()).get("/supervision/rules/").content.decode()
    clerk = sign_in(Client(), official("somebody", "clerk")).get("/supervision/rules/").content.decode()

    assert "请换一个身份再试" in refused
    assert "本单位管理员" not in refused
    assert "请联系本单位管理员开通相应岗位" in clerk
