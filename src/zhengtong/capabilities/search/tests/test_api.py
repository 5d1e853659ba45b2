"""Finding what was indexed, by those who may."""

import dataclasses
from collections.abc import Iterator

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.search import api, rules
from zhengtong.capabilities.search.models import SearchEntry
from zhengtong.capabilities.search.registry import Entry, SearchSource, search_sources
from zhengtong.kernel.actors import Actor, anonymous
from zhengtong.kernel.ids import new_id

pytestmark = pytest.mark.django_db

TENANT = "980723"
STRANGER = anonymous(TENANT)


def index(title: str, *, object_id: str = "", tenant: str = TENANT, **other: object) -> None:
    entry = Entry(kind="item", object_id=object_id or title, title=title, url="/items/1/")
    api.index_many(tenant=tenant, entries=[dataclasses.replace(entry, **other)])  # type: ignore[arg-type]  # by name


def titles(query: str, actor: Actor = STRANGER, **other: object) -> list[str]:
    page = api.search(actor=actor, query=query, **other)  # type: ignore[arg-type]  # kind and page by name
    return ["".join(piece.text for piece in hit.title) for hit in page.rows]


@pytest.mark.parametrize("query", ["住房公积金", "公积", "金", "提", "住房 提取", "金提", "公积金提取。"])
def test_any_part_of_a_title_finds_it(query: str) -> None:
    index("住房公积金提取")

    assert titles(query) == ["住房公积金提取"]


@pytest.mark.parametrize("query", ["JY2319800", "jy23", "9800", "0720号", "ＪＹ２３", "800720号"])
def test_any_part_of_a_number_finds_it(query: str) -> None:
    index("许可证JY231980072（0720号）800720号")

    assert len(titles(query)) == 1


def test_words_that_do_not_stand_together_are_not_found_as_one() -> None:
    index("公园收积分现金")

    assert titles("公积金") == []
    assert titles("公 积 金") == ["公园收积分现金"]


def test_a_title_counts_for_more_than_a_text() -> None:
    index("提取办法", body="住房公积金")
    index("住房公积金")

    assert titles("公积金") == ["住房公积金", "提取办法"]


def test_the_exact_title_comes_first() -> None:
    index("食品经营许可变更、食品经营许可注销")
    index("食品经营许可")

    assert titles("食品经营许可")[0] == "食品经营许可"


def test_weight_lifts_what_fits_equally() -> None:
    index("许可甲")
    index("许可乙", weight=50)

    assert titles("许可") == ["许可乙", "许可甲"]


def test_indexing_again_replaces() -> None:
    index("旧名称", object_id="1")
    index("新名称", object_id="1")

    assert titles("旧名称") == []
    assert titles("名称") == ["新名称"]


def test_another_county_finds_nothing() -> None:
    index("住房公积金提取", tenant="980724")

    assert titles("公积金") == []


def test_a_thing_of_one_unit_is_found_by_its_people_only() -> None:
    index("内部意见", access=("org:G22",))
    clerk = Actor(tenant=TENANT, kind="official", person_id=new_id(), org_code="G22", org_path="/C01/G22/")
    other = dataclasses.replace(clerk, org_code="G10", org_path="/C01/G10/")

    assert titles("意见", clerk) == ["内部意见"]
    assert titles("意见", other) == []
    assert titles("意见") == []


def test_a_revocation_works_in_the_next_query() -> None:
    index("公开件", object_id="1")
    index("公开件", object_id="1", access=("org:G22",))

    page = api.search(actor=STRANGER, query="公开")

    assert (page.rows, page.matched, page.kinds) == ([], 0, ())


def test_what_was_removed_is_not_found() -> None:
    index("住房公积金提取", object_id="1")

    api.remove(tenant=TENANT, kind="item", object_id="1")

    assert titles("公积金") == []


def test_the_summary_shows_where_the_text_says_it() -> None:
    index("办事指南", summary="由民政局办理", body="需要提交户口簿")

    (hit,) = api.search(actor=STRANGER, query="户口簿").rows

    assert [piece.text for piece in hit.summary if piece.hit] == ["户口簿"]


def test_pages_count_all_hits_and_kinds() -> None:
    for number in range(23):
        index(f"许可事项{number}")
    index("许可公告", kind="news")

    page = api.search(actor=STRANGER, query="许可", kind="item", page=3)

    assert (page.number, page.pages, page.total, len(page.rows)) == (3, 3, 23, 3)
    assert {(entry.kind, entry.count) for entry in page.kinds} == {("item", 23), ("news", 1)}


def test_a_page_takes_four_statements(django_assert_num_queries: object) -> None:
    for number in range(30):
        index(f"许可事项{number}")

    with django_assert_num_queries(4):  # type: ignore[operator]  # the fixture's type is not exported
        api.search(actor=STRANGER, query="许可")


@pytest.fixture
def source() -> Iterator[list[Entry]]:
    entries: list[Entry] = []
    registered = SearchSource(kind="test", label="测试", entries=lambda tenant: list(entries))
    search_sources.register("test", registered)
    yield entries
    search_sources._items.pop("test")


def test_rebuilding_brings_back_what_sources_tell_and_drops_the_rest(source: list[Entry]) -> None:
    source += [Entry(kind="test", object_id=str(n), title=f"文件{n}", url="/") for n in range(3)]
    index("没有来源的条目", kind="gone")
    index("已经没有的文件", kind="test", object_id="9")
    SearchEntry.objects.filter(object_id="1").delete()

    api.rebuild(tenant=TENANT)

    assert sorted(titles("文件")) == ["文件0", "文件1", "文件2"]
    assert titles("条目") == []


def test_what_comes_into_the_index_while_it_is_rebuilt_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def entries(_tenant: str) -> Iterator[Entry]:
        yield Entry(kind="test", object_id="1", title="文件1", url="/")
        index("刚刚公布的文件", kind="test", object_id="2")

    search_sources.register("test", SearchSource(kind="test", label="测试", entries=entries))
    try:
        api.rebuild(tenant=TENANT)
    finally:
        search_sources._items.pop("test")

    assert sorted(titles("文件")) == ["刚刚公布的文件", "文件1"]


def test_what_is_taken_out_while_the_index_is_rebuilt_does_not_come_back() -> None:
    published = ["1", "2"]

    def entries(_tenant: str) -> Iterator[Entry]:
        for key in published:
            yield Entry(kind="test", object_id=key, title=f"文件{key}", url="/")
        if "2" in published:  # withdrawn after the source has told of it
            published.remove("2")
            api.remove(tenant=TENANT, kind="test", object_id="2")

    search_sources.register("test", SearchSource(kind="test", label="测试", entries=entries))
    try:
        api.rebuild(tenant=TENANT)
    finally:
        search_sources._items.pop("test")

    assert titles("文件") == ["文件1"]


texts = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=80) | st.text(
    alphabet="公积金提取许可餐饮aB1９é𠮷〇。，'\\:&|!<>()* \t", max_size=80
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts, texts, texts)
def test_any_string_that_occurs_is_found(before: str, part: str, after: str) -> None:
    vector = rules.vector([("A", before + part + after)])
    query = rules.query(part)

    if query:
        with connection.cursor() as cursor:
            cursor.execute("select %s::tsvector @@ %s::tsquery", [vector, query])
            assert cursor.fetchone() == (True,)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=150))
def test_no_input_breaks_the_query(words: str) -> None:
    api.search(actor=STRANGER, query=words)
