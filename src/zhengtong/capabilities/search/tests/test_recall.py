"""Whatever stands in a title is found: hundreds of titles against a bare LIKE, and every filter against plain rows."""

import datetime as dt
import random

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.search import api
from zhengtong.capabilities.search.api import Entry, Narrowing, Order
from zhengtong.capabilities.search.models import SearchEntry
from zhengtong.capabilities.search.tests.people import CIVIL, STRANGER, TENANT, index, titles

pytestmark = pytest.mark.django_db

_BEGIN = ("关于", "青禾县", "2026年", "县人民政府", "市场监督管理局", "张三丰同志", "第三届", "《", "A类")
_MIDDLE = ("住房公积金", "食品经营许可", "乡村振兴", "安全生产", "高校毕业生就业", "老旧小区改造", "防汛抗旱", "低保")
_END = (
    "的通知",
    "工作方案",
    "（试行）",
    "政策解读",
    "青政办发〔2026〕12号",
    "专项资金公示",
    "任免",
    "3D打印",
    "管理办法",
)


def corpus(number: int) -> list[str]:
    """Titles as offices write them, in an order of their own, each once."""
    drawn = random.Random(8)  # the same titles in every run
    found: dict[str, None] = {}
    while len(found) < number:
        extra = "".join(chr(drawn.randrange(0x4E00, 0x9FA5)) for _ in range(drawn.randrange(4)))
        found["".join((drawn.choice(_BEGIN), drawn.choice(_MIDDLE), extra, drawn.choice(_END)))] = None
    return list(found)


def like(words: str) -> set[str]:
    """The titles a bare LIKE finds."""
    with connection.cursor() as cursor:
        cursor.execute("select title from search_searchentry where title like %s", [f"%{words}%"])
        return {title for (title,) in cursor.fetchall()}


def all_titles(words: str) -> set[str]:
    return set(titles(api.search(actor=STRANGER, query=words, size=1000)))


def test_every_word_of_two_hanzi_finds_every_title_that_holds_it() -> None:
    known = corpus(400)
    entries = [Entry(kind="item", object_id=str(n), title=title, url="/") for n, title in enumerate(known)]
    api.index_many(tenant=TENANT, entries=entries)
    pairs = {title[at : at + 2] for title in known for at in range(len(title) - 1)}
    words = [pair for pair in sorted(pairs) if all("\u4e00" <= sign <= "\u9fa5" for sign in pair)]
    assert len(words) > 500

    missed = {pair: like(pair) - all_titles(pair) for pair in words}

    assert not {pair: lost for pair, lost in missed.items() if lost}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_part_of_a_title_finds_it(data: st.DataObject) -> None:
    known = corpus(300)
    if not SearchEntry.objects.exists():
        entries = [Entry(kind="item", object_id=str(n), title=title, url="/") for n, title in enumerate(known)]
        api.index_many(tenant=TENANT, entries=entries)
    title = data.draw(st.sampled_from(known))
    begin = data.draw(st.integers(0, len(title) - 2))
    part = title[begin : data.draw(st.integers(begin + 2, len(title)))]

    found = all_titles(part)

    assert not part.strip("《〔〕（）") or title in found


def test_filters_count_and_order_like_plain_rows() -> None:
    for number in range(60):
        index(
            f"许可{number}",
            kind=("item", "site_page")[number % 2],
            part=("", "news", "policies")[number % 3] if number % 2 else "",
            site=("", "g08", "g22")[number % 3] if number % 2 else "",
            org_code=("G08", "G22")[number % 4 // 2],
            org_name=("民政局", "市场监督管理局")[number % 4 // 2],
            dated=dt.date(2026, 1, 1) + dt.timedelta(days=number),
        )
    rows = SearchEntry.objects.filter(tenant=TENANT)

    for wanted, expected in (
        (Narrowing(kind="site_page"), rows.filter(kind="site_page")),
        (Narrowing(kind="site_page", part="news"), rows.filter(part="news")),
        (Narrowing(org="G22"), rows.filter(org_code="G22")),
        (Narrowing(since=dt.date(2026, 1, 20)), rows.filter(dated__gte="2026-01-20")),
        (Narrowing(until=dt.date(2026, 1, 20), org="G08"), rows.filter(dated__lte="2026-01-20", org_code="G08")),
        (Narrowing(site=CIVIL), rows.filter(site="g08") | rows.filter(site="", org_code="G08")),
    ):
        page = api.search(actor=STRANGER, query="许可", narrowing=wanted, size=100)
        assert set(titles(page)) == set(expected.values_list("title", flat=True)), wanted
        assert page.matched == expected.count()
    newest = api.search(actor=STRANGER, query="许可", narrowing=Narrowing(order=Order.NEWEST), size=5)
    assert titles(newest) == [f"许可{n}" for n in range(59, 54, -1)]


def test_each_filter_counts_what_choosing_otherwise_would_give() -> None:
    index("许可甲", org_code="G08", org_name="民政局")
    index("许可乙", org_code="G22", org_name="市场监督管理局")
    index("许可丙", kind="site_page", part="news", site="g22", org_code="G22", org_name="市场监督管理局")

    page = api.search(actor=STRANGER, query="许可", narrowing=Narrowing(kind="item", org="G22"))

    assert titles(page) == ["许可乙"]
    assert {(one.kind, one.count) for one in page.kinds} == {("item", 1), ("site_page", 1)}
    assert {(one.kind, one.label, one.count) for one in page.orgs} == {
        ("G08", "民政局", 1),
        ("G22", "市场监督管理局", 1),
    }


@pytest.mark.parametrize("order", list(Order))
def test_narrowing_and_ordering_take_no_more_statements(order: Order, django_assert_num_queries: object) -> None:
    for number in range(40):
        index(f"许可事项{number}", org_code=f"G{number % 7}")

    with django_assert_num_queries(4):  # type: ignore[operator]  # the fixture's type is not exported
        api.search(actor=STRANGER, query="许可", narrowing=Narrowing(site=CIVIL, org="G3", order=order))
