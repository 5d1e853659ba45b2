"""The search page."""

import pytest
from django.test import Client

from zhengtong.capabilities.search import api

pytestmark = pytest.mark.django_db


def index(title: str, **other: str) -> None:
    api.index(tenant="980723", kind="item", object_id=title, title=title, url="/somewhere/", **other)  # type: ignore[arg-type]  # texts only


def test_without_words_the_page_says_how_to_search(client: Client) -> None:
    response = client.get("/search/")

    assert response.status_code == 200
    assert "可以输入两三个字" in response.content.decode()


def test_hits_are_shown_with_marks(client: Client) -> None:
    index("住房公积金提取", summary="在线办理")

    page = client.get("/search/", {"q": "公积金"}).content.decode()

    assert "<mark>公积金</mark>" in page
    assert 'href="/somewhere/"' in page


def test_nothing_found_says_what_to_do(client: Client) -> None:
    page = client.get("/search/", {"q": "外星人登记"}).content.decode()

    assert "没有找到同时含有“外星人登记”的内容" in page
    assert "换一种说法" in page


def test_what_others_wrote_is_never_markup(client: Client) -> None:
    index("<script>alert(1)</script>餐饮", summary="<b>餐饮</b>")

    page = client.get("/search/", {"q": "餐饮"}).content.decode()

    assert "<script>alert" not in page
    assert "&lt;b&gt;" in page


@pytest.mark.parametrize("query", ["page=abc", "page=99999999999", "page=-1", "kind=nothing", "q=%00", "q=%27%5C%3A*"])
def test_odd_addresses_are_answered(client: Client, query: str) -> None:
    assert client.get(f"/search/?q=x&{query}").status_code == 200
