"""The portal as a stranger walks through it."""

import re
from urllib.parse import unquote

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.test import Client

from zhengtong.capabilities.catalogue.tests import county as example
from zhengtong.entry.portal.views import system_rows
from zhengtong.kernel.pages import home_blocks

pytestmark = pytest.mark.django_db

_LINK = re.compile(r'(?:href|src|action)="(/[^"#]*)"')


@pytest.fixture
def county() -> None:
    example.found_county()
    example.import_all()


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.mark.usefixtures("county")
def test_the_start_page_offers_search_services_departments_and_themes(client: Client) -> None:
    page = text_of(client, "/")

    assert page.index('role="search"') < page.index("常用服务") < page.index("按主题找") < page.index("按部门找")
    assert page.count('class="zt-tile"') == 6
    assert "开办餐饮店一件事" in page
    assert re.search(r"青禾县民政局\s*<span[^>]*>15 项", page)


@pytest.fixture
def own_blocks(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """The start page without the blocks of other apps, which count their own statements."""
    blocks: dict[str, object] = {}
    monkeypatch.setattr(home_blocks, "_items", blocks)
    return blocks


@pytest.mark.usefixtures("county", "own_blocks")
def test_the_start_page_takes_few_statements(client: Client, django_assert_max_num_queries: object) -> None:
    client.get("/")  # what people apply for most is reckoned for the first reader and kept for ten minutes

    with django_assert_max_num_queries(5):  # type: ignore[operator]  # the fixture's type is not exported
        client.get("/")


def test_an_empty_installation_says_so(client: Client) -> None:
    assert "事项目录还是空的" in text_of(client, "/")


def told(request: HttpRequest) -> str | None:
    return "<p>按期办结率 98%</p>" if "quiet" not in request.GET else None


def failing(request: HttpRequest) -> str | None:
    raise ZeroDivisionError


def test_registered_blocks_are_shown_when_they_have_something_to_say(
    client: Client, own_blocks: dict[str, object]
) -> None:
    home_blocks.register("told", told)

    assert "<p>按期办结率 98%</p>" in text_of(client, "/")
    assert "按期办结率" not in text_of(client, "/?quiet=1")


def test_a_block_that_fails_does_not_close_the_door(
    client: Client, own_blocks: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    home_blocks.register("failing", failing)
    home_blocks.register("told", told)

    assert "按期办结率" in text_of(client, "/")
    assert "block failing of the start page failed" in caplog.text


def test_the_directory_names_every_app_with_its_folder(client: Client) -> None:
    page = text_of(client, "/about/")

    assert {"统一检索", "行政权力公开透明运行系统", "责任认定"} <= {row.name for row in system_rows()}
    for row in system_rows():
        assert row.name in page
        assert row.folder.startswith("zhengtong/")


def test_the_privacy_notice_names_the_rights(client: Client) -> None:
    assert "查看、复制、更正" in text_of(client, "/privacy/")


def test_robots_are_kept_from_personal_pages(client: Client) -> None:
    response = client.get("/robots.txt")

    assert response.headers["Content-Type"].startswith("text/plain")
    assert "Disallow: /services/" in response.content.decode()


def test_large_print_is_remembered(client: Client) -> None:
    response = client.get("/large-print/", {"on": "1", "next": "/privacy/"})

    assert (response.status_code, response.headers["Location"]) == (302, "/privacy/")
    assert "data-large-print" in text_of(client, "/privacy/")


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_large_print_leads_nowhere_else(client: Client, target: str) -> None:
    assert client.get("/large-print/", {"on": "1", "next": target}).headers["Location"] == "/"


@pytest.mark.usefixtures("county")
def test_no_link_of_the_portal_is_broken(client: Client) -> None:
    seen: set[str] = set()
    waiting = ["/", "/about/", "/privacy/", "/items/", "/search/", "/search/?q=餐饮"]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        if address.startswith("/static/"):
            assert finders.find(unquote(address.removeprefix("/static/"))), address
            continue
        response = client.get(address)
        assert response.status_code < 400, address
        if _is_ours(address):
            waiting += [found.replace("&amp;", "&") for found in _LINK.findall(response.content.decode())][:40]
        if len(seen) > 120:
            break

    assert len(seen) > 40


def _is_ours(address: str) -> bool:
    """Pages whose links are followed; the pages of other apps are only opened."""
    return address == "/" or address.startswith(("/about", "/privacy", "/items/", "/search/"))
