"""Ways to an item: events of life, bundles, what most apply for, everyday words."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from zhengtong.capabilities.catalogue import api, registry
from zhengtong.capabilities.catalogue.constants import EVERYDAY_WORDS
from zhengtong.capabilities.catalogue.registry import Experience
from zhengtong.capabilities.catalogue.tests import county
from zhengtong.kernel import parameters

pytestmark = pytest.mark.django_db
NAMES = ("开办餐饮店一件事", "取水许可", "新生儿出生一件事", "内地居民结婚登记", "企业设立登记", "道路货物运输经营许可")


@pytest.fixture(autouse=True)
def _county() -> None:
    county.found_county()


@pytest.fixture
def reckoned() -> Iterator[dict[str, Experience]]:
    """What a system tells of its applications."""
    told: dict[str, Experience] = {}
    before = dict(registry.experience._items)
    registry.experience._items.clear()
    registry.experience.register("test", lambda tenant: told if tenant == county.TENANT else {})
    yield told
    registry.experience._items.clear()
    registry.experience._items.update(before)


def code(name: str) -> str:
    return county.row(name)["item_code"]


def some_items() -> None:
    lines = [line["name"] for line in county.rows("service-items.csv") if line["name"].startswith(NAMES)]
    county.import_all(*lines)


def test_events_hold_only_themes_with_items_for_the_audience() -> None:
    some_items()

    person, legal = api.life_events(county.TENANT)

    labels = {event.label for event in person.events}
    assert (person.key, legal.key) == ("person", "legal")
    assert {"生孩子", "结婚成家"} <= labels
    assert "退休养老" not in labels
    assert all(theme.count for audience in (person, legal) for event in audience.events for theme in event.themes)


def test_every_theme_of_the_demonstration_county_belongs_to_an_event() -> None:
    county.import_all()
    events = [event for audience in api.life_events(county.TENANT) for event in audience.events]

    reached = {theme.key for event in events for theme in event.themes}

    assert {option.key for option in api.themes(county.TENANT)} - reached <= {"监督执法"}


def test_an_event_leads_to_its_items(client: Client) -> None:
    some_items()

    text = client.get("/items/", {"event": "结婚成家", "applicant": "person"}).content.decode()

    assert "内地居民结婚登记" in text
    assert "取水许可" not in text
    assert "去掉条件“结婚成家”" in text


@pytest.mark.parametrize("event", ["没有这件事", "\x00", "'; --", "x" * 500])
def test_an_unknown_event_shows_all(client: Client, event: str) -> None:
    some_items()

    response = client.get("/items/", {"event": event})

    assert response.status_code == 200
    assert "人生大事" in response.content.decode()


def test_bundles_stand_by_themselves() -> None:
    some_items()

    assert {item.name for item in api.bundles(county.TENANT)} == {"开办餐饮店一件事", "新生儿出生一件事"}


def test_what_most_apply_for_comes_first_with_its_number(reckoned: dict[str, Experience]) -> None:
    some_items()
    reckoned |= {
        code("取水许可"): Experience(recent=12),
        code("企业设立登记"): Experience(recent=40),
        code("内地居民结婚登记"): Experience(recent=4),
        "9" * 31: Experience(recent=99),
    }

    first = api.most_applied(county.TENANT, 4)

    assert [(one.item.name, one.recent) for one in first[:2]] == [("企业设立登记", 40), ("取水许可", 12)]
    assert [one.recent for one in first[2:]] == [0, 0]
    assert len({one.item.code for one in first}) == 4
    assert first[0].words == "近 90 天 40 件"


def test_what_the_county_put_forward_is_not_called_popular(client: Client, reckoned: dict[str, Experience]) -> None:
    some_items()

    before = client.get("/items/").content.decode()
    reckoned[code("取水许可")] = Experience(recent=12)
    after = client.get("/items/").content.decode()

    assert "常办事项" in before
    assert "大家都在办" not in before
    assert "大家都在办" in after
    assert "近 90 天 12 件" in after


def test_the_guide_tells_how_long_it_takes_where_enough_were_decided(
    client: Client, reckoned: dict[str, Experience]
) -> None:
    some_items()
    water, wedding, road = code("取水许可"), code("内地居民结婚登记"), code("企业设立登记")
    reckoned[water] = Experience(recent=9, this_year=57, decided=42, days=2.5)
    reckoned[wedding] = Experience(recent=9, this_year=8, decided=8, days=0.0)
    reckoned[road] = Experience(recent=4, this_year=4, decided=4, days=3.0)

    texts = [client.get(f"/items/{one}/").content.decode() for one in (water, wedding, road)]

    assert "近一年办结的 42 件里，一半在 3 天内办结" in texts[0]
    assert "今年已有 57 件申请" in texts[0]
    assert "一半当天办结" in texts[1]
    assert "近一年办结的" not in texts[2]
    assert "今年已有" not in texts[2]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("开饭店", "开办餐饮店一件事"),
        ("我要开饭店", "开办餐饮店一件事"),
        ("生孩子", "新生儿出生一件事"),
        ("办执照", "企业设立登记"),
        ("打井", "取水许可"),
    ],
)
def test_everyday_words_find_items(client: Client, said: str, name: str) -> None:
    some_items()

    text = client.get("/search/", {"q": said}).content.decode()

    assert code(name) in text
    assert "同时按" in text


def test_every_everyday_word_finds_something_in_the_demonstration_county(client: Client) -> None:
    county.import_all()
    names = [line["name"] for line in county.rows("service-items.csv")]

    stated = parameters.value(EVERYDAY_WORDS, tenant=county.TENANT)

    assert {called for called in stated.values() if not any(called in name for name in names)} == set()


def test_nothing_found_suggests_what_sounds_alike(client: Client) -> None:
    some_items()

    text = client.get("/search/", {"q": "结婚怎么弄"}).content.decode()

    assert "没有找到" in text
    assert "您是不是要找" in text
    assert code("内地居民结婚登记") in text


def test_the_first_page_takes_few_statements(client: Client, django_assert_max_num_queries: Any) -> None:
    some_items()
    client.get("/items/")  # what is kept for ten minutes is reckoned

    with django_assert_max_num_queries(14):
        client.get("/items/")
