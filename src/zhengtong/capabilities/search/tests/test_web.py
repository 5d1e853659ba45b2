"""The search page."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.capabilities.search import api
from zhengtong.capabilities.search.models import SearchedWord
from zhengtong.capabilities.search.registry import Entry, SearchSite, search_sites, search_sources
from zhengtong.capabilities.search.web import pace, views
from zhengtong.capabilities.search.web.pace import Pace

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


def entry(title: str, **other: object) -> None:
    api.index_many(tenant="980723", entries=[Entry(kind="item", object_id=title, title=title, url="/x/", **other)])  # type: ignore[arg-type]  # by name


@pytest.fixture
def civil_site() -> Iterator[None]:
    known = {"g08": SearchSite(code="g08", name="青禾县民政局", url="/gov/g08/", org_code="G08")}
    search_sites.register("test", lambda tenant, codes: {c: s for c, s in known.items() if c in codes})
    yield
    search_sites._items.pop("test")


def read(client: Client, **asked: str) -> str:
    return client.get("/search/", asked).content.decode()


def test_a_card_of_an_item_leads_to_applying_and_to_the_guide(client: Client) -> None:
    entry("结婚登记", acts=(("在线申请", "/services/apply/X/"), ("办事指南", "/items/X/")), org_name="民政局")

    page = read(client, q="结婚")

    assert 'href="/services/apply/X/"' in page
    assert 'href="/items/X/"' in page
    assert "民政局" in page


def test_a_card_of_a_document_bears_its_numbers_and_validity(client: Client) -> None:
    entry(
        "公积金办法",
        facts=(("索引号", "X1"), ("文号", "青政发〔2026〕1号"), ("效力", "有效")),
        dated=dt.date(2026, 3, 1),
    )

    page = read(client, q="公积金")

    for words in ("<dt>索引号</dt>", "<dd>X1</dd>", "<dd>青政发〔2026〕1号</dd>", "<dd>有效</dd>", "2026年3月1日"):
        assert words in page


def test_facts_and_acts_are_never_markup(client: Client) -> None:
    entry("餐饮", facts=(("<b>", "<script>alert(1)</script>"),), org_name="<i>局</i>")

    page = read(client, q="餐饮")

    assert "<script>alert" not in page
    assert "<i>局" not in page


@pytest.mark.usefixtures("civil_site")
def test_the_page_narrowed_to_a_site_says_so_and_leads_out(client: Client) -> None:
    entry("养老服务", site="g08", org_code="G08")
    entry("养老事项", org_code="G08")
    entry("养老政策", site="g22", org_code="G22")

    page = read(client, q="养老", site="g08")

    assert "在青禾县民政局搜索" in page
    assert 'name="site" value="g08"' in page
    assert ("服务" in page, "养老</mark>事项" in page, "养老</mark>政策" in page) == (True, True, False)
    assert "/search/?q=%E5%85%BB%E8%80%81" in page
    assert "青禾县民政局（1）" in read(client, q="养老")


def test_a_site_that_is_not_open_is_said_and_not_searched_by_itself(client: Client) -> None:
    entry("养老服务", site="gone", org_code="G08")

    page = read(client, q="养老", site="gone")

    assert "没有这个网站，或者它已经关停" in page
    assert 'name="site" value="gone"' not in page


def test_days_and_order_are_read_from_the_address(client: Client) -> None:
    entry("养老一", dated=dt.date(2020, 1, 1))
    entry("养老二", dated=dt.date(2026, 1, 1))

    assert "</mark>一" not in read(client, q="养老", span="own", since="2025年1月1日")
    assert "</mark>二" not in read(client, q="养老", span="own", until="2025-01-01")
    newest = read(client, q="养老", order="new")
    assert newest.index("</mark>二") < newest.index("</mark>一")
    assert "读不出来" in read(client, q="养老", span="own", since="前天")


def test_a_slip_is_told_and_linked(client: Client) -> None:
    entry("住房公积金提取")
    assert "没有找到“公机金”，下面是“公积金”的结果" in read(client, q="公机金")

    entry("公机金说明")
    assert '<a href="/search/?q=%E5%85%AC%E7%A7%AF%E9%87%91">公积金</a>' in read(client, q="公机金")


def test_only_plain_searches_are_counted_and_only_once_a_person(client: Client) -> None:
    entry("住房公积金提取")

    for asked in ({}, {}, {"kind": "item"}, {"page": "2"}, {"span": "week"}):
        read(client, q="公积金", **asked)
    read(client, q="13800138000")

    [row] = SearchedWord.objects.all()
    assert (row.words, row.times, row.searchers, row.found) == ("公积金", 2, 1, 1)


def test_what_was_corrected_is_still_reported_as_not_found(client: Client) -> None:
    entry("住房公积金提取")

    read(client, q="公机金")

    assert [(row.words, row.found) for row in SearchedWord.objects.all()] == [("公机金", 0)]


def test_a_page_of_many_takes_as_many_statements_as_a_page_of_few(client: Client) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            read(client, q="许可")
        return len(seen)

    for number in range(3):
        entry(f"许可事项{number}", org_code=f"G{number}", org_name=f"单位{number}")
    few = statements()
    for number in range(3, 60):
        entry(f"许可事项{number}", org_code=f"G{number}", org_name=f"单位{number}")

    assert statements() == few <= 14


def test_suggestions_are_the_same_for_everybody(client: Client) -> None:
    entry("住房公积金提取")
    entry("公积金内部意见", access=("signed_in",))
    for who in (client, people.sign_in(Client(), people.citizen())):
        found = who.get("/search/suggest/", {"q": "gjj"}).json()["items"]
        assert [one["text"] for one in found] == ["住房公积金提取"]
        assert found[0]["url"] == "/x/"


def test_suggested_words_lead_to_a_search_of_the_same_site(client: Client) -> None:
    found = client.get("/search/suggest/", {"q": "开饭"}).json()["items"]

    assert {"text": "开饭店", "note": "", "url": "/search/?q=%E5%BC%80%E9%A5%AD%E5%BA%97"} in found


def test_too_many_suggestions_from_one_address_are_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_PACE", Pace(2))

    answers = [client.get("/search/suggest/", {"q": "公"}).status_code for _ in range(3)]

    assert answers == [200, 200, 429]
    assert client.get("/search/suggest/", {"q": "公"}, REMOTE_ADDR="192.0.2.9").status_code == 200


def test_a_new_minute_begins_anew_and_strangers_by_the_thousand_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    at = [60.0]
    monkeypatch.setattr(pace.time, "monotonic", lambda: at[0])
    monkeypatch.setattr(pace, "_MOST_ADDRESSES", 3)
    one = Pace(1)

    assert [one.allows(who) for who in ("a", "a", "b", "c", "d", "b")] == [True, False, True, True, False, False]
    at[0] = 120.0
    assert one.allows("a")


@pytest.mark.parametrize("query", ["q=", "q=%00", "q=%27%5C%3A*", "q=x&site=%00", "site=nowhere", "q=" + "x" * 500])
def test_odd_typing_is_answered(client: Client, query: str) -> None:
    assert client.get(f"/search/suggest/?{query}").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "span=own&since=9999-99-99",
        "span=own&until=0001-01-01",
        "span=%00",
        "order=x",
        "part=x&kind=item",
        "org=%00",
        "site=%00",
    ],
)
def test_odd_filters_are_answered(client: Client, query: str) -> None:
    entry("许可")

    assert client.get(f"/search/?q=许可&{query}").status_code == 200


def test_every_source_is_registered_under_its_kind() -> None:
    """What is not would lose its entries when the index is built again, and have no word on the page."""
    assert [name for name, source in search_sources.items() if name != source.kind] == []
    assert {"item", "site_page", "disclosure_entry"} <= {name for name, _source in search_sources.items()}
