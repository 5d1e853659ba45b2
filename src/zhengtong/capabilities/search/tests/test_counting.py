"""What is kept of searches: words and counts, never persons; hot words, and how long all of it stays."""

import datetime as dt

import pytest
import time_machine

from zhengtong.capabilities.search import api
from zhengtong.capabilities.search.constants import HOT_SEARCHERS, MOST_WORDS_A_DAY
from zhengtong.capabilities.search.models import HandledWord, SearchedWord, SearchMark, WordStand
from zhengtong.capabilities.search.rules.counting import countable, mark
from zhengtong.capabilities.search.tests.people import STRANGER, TENANT, counted, editor, keeper, searched
from zhengtong.kernel import retention
from zhengtong.kernel.actors import system
from zhengtong.kernel.errors import Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import ParameterValue

MONDAY = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)
db = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def parameter(key: str, value: int) -> None:
    ParameterValue.objects.create(tenant=TENANT, key=key, value=value, source="测试", valid_from=dt.date(2020, 1, 1))


@pytest.mark.parametrize(
    "words",
    [
        "13800138000",
        "138 0013 8000",
        "１３８００１３８０００",
        "电话13800138000是谁",
        "980723199001011234",
        "98072319900101123X",
        "9807 2319 9001 0112 34",
        "6222020200112233445",
        "0999-5123456",
        "someone@example.com",
        "1234567",
        "餐",
        "字" * 31,
        "。",
        "",
    ],
)
def test_numbers_of_people_are_not_counted(words: str) -> None:
    assert countable(words) == ""


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("公积金", "公积金"),
        (" 公积金  提取 ", "公积金 提取"),
        ("ＷｉＦｉ", "wifi"),
        ("青政办发〔2026〕12号", "青政办发 2026 12号"),
        ("12345", "12345"),
        ("2026年预算", "2026年预算"),
    ],
)
def test_words_are_counted_as_they_are_compared(words: str, kept: str) -> None:
    assert countable(words) == kept


def test_marks_of_one_person_cannot_be_joined() -> None:
    assert len({mark("k", "980723", day, "", word, "who") for day in ("1", "2") for word in ("a", "b")}) == 4
    assert mark("k", "a", "b") != mark("k", "ab", "")


@db
def test_a_person_counts_once_a_day_for_a_word(clock) -> None:
    searched("公积金", people=3)
    searched("公积金", people=3)
    assert counted("公积金") == (6, 3)

    clock.shift(dt.timedelta(days=1))
    searched("公积金")

    assert counted("公积金") == (7, 4)
    assert SearchedWord.objects.count() == 2


@db
def test_no_row_says_who_searched() -> None:
    searched("公积金")

    [row] = SearchedWord.objects.all()
    [seen] = SearchMark.objects.all()

    assert "visitor" not in str({**vars(row), **vars(seen)})


@db
def test_searches_of_officials_and_numbers_leave_nothing() -> None:
    searched("内部意见", actor=editor())
    searched("13800138000")

    assert SearchedWord.objects.count() == SearchMark.objects.count() == 0


@db
def test_a_flood_of_words_ends_at_the_limit_of_the_day() -> None:
    parameter(MOST_WORDS_A_DAY, 3)
    for number in range(6):
        searched(f"词语{number}")
    searched("词语0")

    assert SearchedWord.objects.count() == 3
    assert counted("词语0") == (2, 1)


@db
def test_hot_words_are_what_many_different_people_found(clock) -> None:
    searched("公积金", people=6, found=3)
    searched("营业执照", people=9, found=1)
    searched("没有的东西", people=9, found=0)
    searched("张三丰", people=4, found=2)
    for _ in range(9):
        searched("一个人反复查", found=5)

    assert api.hot_words(TENANT) == ["营业执照", "公积金"]
    clock.shift(dt.timedelta(days=8))
    assert api.hot_words(TENANT) == []


@db
def test_one_person_never_makes_a_word_hot() -> None:
    parameter(HOT_SEARCHERS, 0)
    searched("张三丰", found=2)

    assert api.hot_words(TENANT) == []


@db
def test_what_looks_like_a_number_is_not_shown_even_where_it_stands_in_the_table() -> None:
    row = {"tenant": TENANT, "day": MONDAY.date(), "site": "", "times": 90, "searchers": 90, "found": 1}
    SearchedWord.objects.create(words="13800138000", **row)
    WordStand.objects.create(tenant=TENANT, words="980723199001011234", stand="pinned")

    assert api.hot_words(TENANT) == []


@db
def test_a_keeper_pins_hides_and_releases_words() -> None:
    boss = keeper()
    searched("公积金", people=6, found=3)
    searched("闲话", people=7, found=1)

    api.set_stand(actor=boss, words="闲话", stand="hidden")
    api.set_stand(actor=boss, words="防汛", stand="pinned")
    assert api.hot_words(TENANT) == ["防汛", "公积金"]

    api.release_word(actor=boss, words="闲话")
    assert api.hot_words(TENANT) == ["防汛", "闲话", "公积金"]
    with pytest.raises(NotFound):
        api.release_word(actor=boss, words="闲话")


@db
@pytest.mark.parametrize(
    ("words", "stand"), [("13800138000", "pinned"), ("", "pinned"), ("防汛", "loud"), ("汛", "pinned")]
)
def test_what_cannot_be_put_on_show(words: str, stand: str) -> None:
    with pytest.raises(Invalid):
        api.set_stand(actor=keeper(), words=words, stand=stand)

    assert WordStand.objects.count() == 0


@db
def test_only_the_keeper_decides_about_words() -> None:
    for actor in (editor(), STRANGER, system(TENANT)):
        with pytest.raises(NotPermitted):
            api.set_stand(actor=actor, words="防汛", stand="pinned")
        with pytest.raises(NotPermitted):
            api.release_word(actor=actor, words="防汛")


@db
def test_counts_and_marks_go_after_their_periods(clock) -> None:
    searched("公积金")
    api.handle_missed(actor=editor(), words="公积金", note="已补写")

    def sweep() -> None:
        for key in ("search.words", "search.marks", "search.handled"):
            retention.take_batch(key, actor=system(TENANT))

    clock.shift(dt.timedelta(days=2))
    sweep()
    assert (SearchMark.objects.count(), SearchedWord.objects.count(), HandledWord.objects.count()) == (0, 1, 1)

    clock.shift(dt.timedelta(days=89))
    sweep()
    assert (SearchedWord.objects.count(), HandledWord.objects.count()) == (0, 0)
