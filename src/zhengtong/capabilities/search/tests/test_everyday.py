"""Everyday words, and what is suggested where nothing was found."""

from collections.abc import Iterator

import pytest

from zhengtong.capabilities.search import api, rules
from zhengtong.capabilities.search.registry import everyday_words
from zhengtong.kernel.actors import anonymous

TENANT = "980723"
KNOWN = {"开饭店": "开办餐饮店", "Wifi": "无线网络", "？": "不管什么"}


def test_everyday_words_are_found_inside_a_query() -> None:
    assert "开饭店" in rules.everyday_in("我要 开饭 店", KNOWN)
    assert "开饭店" in rules.everyday_in("我想开饭店怎么办", KNOWN)
    assert "Wifi" in rules.everyday_in("ｗｉｆｉ 报装", KNOWN)


def test_a_name_that_stands_there_already_is_not_added() -> None:
    assert "开饭店" not in rules.everyday_in("开饭店就是开办餐饮店", KNOWN)


@pytest.mark.parametrize("words", ["", "。", "店", "\x00", "（））（", "'", "\\", "!&|:*"])
def test_odd_words_suggest_nothing(words: str) -> None:
    assert rules.title_tokens(words, KNOWN) == []


@pytest.fixture
def known(db: None) -> Iterator[None]:
    before = dict(everyday_words._items)
    everyday_words._items.clear()
    everyday_words.register("test", lambda tenant: KNOWN if tenant == TENANT else {})
    yield
    everyday_words._items.clear()
    everyday_words._items.update(before)


def index(title: str, **other: object) -> None:
    api.index(tenant=TENANT, kind="item", object_id=title, title=title, url="/x/", **other)  # type: ignore[arg-type]  # by name


def titles(hits: list[api.SearchHit]) -> list[str]:
    return ["".join(piece.text for piece in hit.title) for hit in hits]


@pytest.mark.usefixtures("known")
def test_a_query_also_finds_what_things_are_called_here() -> None:
    index("开办餐饮店一件事", summary="由市场监督管理局办理")
    index("饭店评星")

    page = api.search(actor=anonymous(TENANT), query="我要开饭店")

    assert titles(page.rows) == ["开办餐饮店一件事"]
    assert page.called == ("开办餐饮店",)
    assert [piece.text for piece in page.rows[0].title if piece.hit] == ["开办餐饮店"]


@pytest.mark.usefixtures("known")
def test_the_nearest_title_comes_first_and_hidden_things_do_not() -> None:
    index("道路货物运输经营许可")
    index("道路旅客运输经营许可")
    index("内地居民结婚登记", body="道路货物运输")
    index("道路货物运输秘密", access=("role:leader",))

    found = api.nearest(actor=anonymous(TENANT), words="货物运输怎么弄")

    assert titles(found) == ["道路货物运输经营许可", "道路旅客运输经营许可"]


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("words", ["", "。", "'\\", "a' | b", "\x00龘龘", "x" * 500])
def test_odd_words_are_answered(words: str) -> None:
    index("内地居民结婚登记")

    assert api.nearest(actor=anonymous(TENANT), words=words) == []
