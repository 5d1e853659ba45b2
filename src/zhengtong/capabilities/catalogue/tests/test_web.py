"""The list and the guides as a stranger sees them."""

import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve

from zhengtong.capabilities.catalogue import api
from zhengtong.capabilities.catalogue.tests import county

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _county() -> None:
    county.found_county()


@pytest.fixture
def all_items() -> None:
    county.import_all()


@pytest.fixture
def some_items() -> None:
    window = next(line["name"] for line in county.rows("service-items.csv") if line["online_depth"] == "I 窗口办理")
    county.import_all("开办餐饮店一件事", "取水许可", "水土保持补偿费征收", window)


def page(client: Client, address: str, **query: str) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.usefixtures("all_items")
def test_the_list_counts_and_pages(client: Client) -> None:
    first, last = page(client, "/items/"), page(client, "/items/", page="8")

    assert "共 150 项" in first
    assert first.count('class="catalogue-item"') == 20
    assert last.count('class="catalogue-item"') == 10


@pytest.mark.usefixtures("all_items")
def test_filters_stay_in_the_address_while_paging(client: Client) -> None:
    text = page(client, "/items/", applicant="person")

    assert "applicant=person&amp;page=2" in text
    assert re.search(r'<option value="person" selected>个人|<option value="person" selected>自然人', text)


def test_an_empty_choice_says_what_to_do(client: Client) -> None:
    text = page(client, "/items/", department="G22", theme="生态环境")

    assert "没有符合这些条件的事项" in text
    assert "查看全部事项" in text


@pytest.mark.parametrize("query", [{"department": "'"}, {"theme": "\x00"}, {"page": "x"}, {"depth": "VII"}])
def test_odd_addresses_are_answered(client: Client, query: dict[str, str]) -> None:
    assert client.get("/items/", query).status_code == 200


@pytest.mark.usefixtures("all_items")
def test_the_list_takes_few_statements(client: Client, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(7):  # type: ignore[operator]  # the fixture's type is not exported
        client.get("/items/", {"theme": "开店经营"}, headers={"host": urlsplit(settings.ZHENGTONG_BASE_URL).netloc})


@pytest.mark.usefixtures("some_items")
def test_the_showcase_guide_says_all_that_the_law_wants(client: Client) -> None:
    text = page(client, f"/items/{county.RESTAURANT}/")

    for words in (
        "开办餐饮店一件事",
        "8 个工作日",
        "20 个工作日",
        "青禾县消防救援大队",
        "食品安全法 第三十五条",
        "不收费",
        "食品经营许可证",
        "经营场所布局和操作流程图",
        "可容缺，先受理后补交",
        "系统核验，不用提交",
        "“一件事”综合窗口",
        "联合勘验",
        "还没有营业执照，可以先申请吗",
    ):
        assert words in text, words


@pytest.mark.usefixtures("some_items")
def test_both_limits_stand_apart(client: Client) -> None:
    text = page(client, f"/items/{county.RESTAURANT}/")

    assert text.index("承诺时限") < text.index("法定时限")
    assert text.count('class="catalogue-limit"') == 2


@pytest.mark.usefixtures("some_items")
def test_what_was_not_compared_with_its_source_is_marked(client: Client) -> None:
    item = api.find_item(county.TENANT, county.RESTAURANT)
    text = page(client, f"/items/{county.RESTAURANT}/")

    statutory = re.search(r"法定时限(.*?)</p>", text, re.S)
    promised = re.search(r'catalogue-limit-label">承诺时限(.*?)</p>', text, re.S)
    assert "statutory_limit" in item.confirmed
    assert "promised_limit" not in item.confirmed
    assert promised is not None
    assert "待核实" in promised[1]
    assert statutory is not None


@pytest.mark.usefixtures("some_items")
def test_an_item_without_details_names_what_is_missing(client: Client) -> None:
    text = page(client, f"/items/{county.row('取水许可')['item_code']}/")

    assert "还没有公布这一项的办理条件" in text
    assert "需要时停止计时" in text


@pytest.mark.usefixtures("some_items")
def test_an_act_of_the_office_cannot_be_applied_for(client: Client) -> None:
    text = page(client, f"/items/{county.row('水土保持补偿费征收')['item_code']}/")

    assert "依职权办理，不需要申请" in text
    assert "立即办理" not in text


@pytest.mark.usefixtures("some_items")
def test_a_window_item_offers_no_application(client: Client) -> None:
    line = next(line for line in county.rows("service-items.csv") if line["online_depth"] == "I 窗口办理")

    text = page(client, f"/items/{line['item_code']}/")

    assert "立即办理" not in text


@pytest.mark.usefixtures("some_items")
def test_an_unknown_code_is_told_in_words(client: Client) -> None:
    response = client.get("/items/123/")

    assert response.status_code == 404
    assert "没有这个事项" in response.content.decode()


@pytest.mark.usefixtures("some_items")
def test_a_guide_takes_few_statements(client: Client, django_assert_max_num_queries: object) -> None:
    client.get(f"/items/{county.RESTAURANT}/")  # what is kept for ten minutes is reckoned

    with django_assert_max_num_queries(8):  # type: ignore[operator]  # the fixture's type is not exported
        client.get(f"/items/{county.RESTAURANT}/")


@pytest.mark.usefixtures("some_items")
def test_links_of_a_guide_lead_somewhere(client: Client) -> None:
    text = page(client, f"/items/{county.RESTAURANT}/")

    for address in set(re.findall(r'href="(/[^"?#]*)', text)) - set(re.findall(r'href="(/static/[^"]*)', text)):
        assert resolve(address), address
