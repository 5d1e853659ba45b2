"""Pinyin, wrong characters and synonyms in the index; what was probably meant."""

import pytest

from zhengtong.capabilities.search import api
from zhengtong.capabilities.search.api import Narrowing
from zhengtong.capabilities.search.tests.people import STRANGER, TENANT, index, titles

pytestmark = pytest.mark.django_db


def answered(words: str, **other: object) -> api.Answer:
    return api.answer(actor=STRANGER, words=words, narrowing=Narrowing(**other))  # type: ignore[arg-type]  # by name


def offered(typed: str) -> list[str]:
    """The titles that are suggested; words have no address."""
    return [one.text for one in api.suggested(tenant=TENANT, typed=typed) if one.url]


@pytest.mark.parametrize(
    "words", ["gongjijin", "gjj", "zfgjjtq", "zhufanggongjijin", "GJJ", "zufang", "ti qu", "gongjij"]
)
def test_pinyin_and_initials_find_a_title(words: str) -> None:
    index("住房公积金提取")
    index("食品经营许可", body="公积金")

    expected = [] if words == "ti qu" else ["住房公积金提取"]
    assert titles(answered(words).page) == expected


def test_what_sounds_alike_is_marked() -> None:
    index("住房公积金提取")

    [hit] = answered("gjj").page.rows

    assert [piece.text for piece in hit.title if piece.hit] == ["公积金"]


def test_words_and_pinyin_are_both_needed() -> None:
    index("住房公积金提取")
    index("住房公积金贷款")

    assert titles(answered("gongjijin 提取").page) == ["住房公积金提取"]


@pytest.mark.parametrize("words", ["公机金", "公职金", "住房公金", "公积极金"])
def test_a_slip_shows_what_was_meant(words: str) -> None:
    index("住房公积金提取")

    found = answered(words)

    assert found.instead
    assert titles(found.page) == ["住房公积金提取"]
    assert found.own == 0


def test_with_several_words_the_one_that_occurs_stays() -> None:
    index("住房公积金提取")

    found = answered("公机金 提取")

    assert (found.meant, found.instead) == ("公积金 提取", True)


def test_little_found_is_shown_with_what_may_have_been_meant() -> None:
    index("按装说明")
    for number in range(4):
        index(f"安装备案{number}")

    found = answered("按装")

    assert titles(found.page) == ["按装说明"]
    assert (found.meant, found.instead) == ("安装", False)


def test_where_enough_is_found_nothing_is_asked_back(django_assert_num_queries: object) -> None:
    for number in range(3):
        index(f"按装说明{number}")
    index("安装备案")

    with django_assert_num_queries(4):  # type: ignore[operator]  # the fixture's type is not exported
        found = answered("按装")

    assert found.meant == ""


def test_words_are_suggested_from_what_the_reader_may_see_only() -> None:
    index("公积金内部意见", access=("org:G22",))

    found = answered("公机金")

    assert (found.meant, found.page.rows, list(found.near)) == ("", [], [])


def test_words_that_stand_in_no_title_are_known_from_the_synonyms_where_they_occur() -> None:
    assert answered("营业执造").meant == ""
    index("企业变更", body="申请材料：营业执照。")

    found = answered("营业执造")

    assert (found.meant, titles(found.page)) == ("营业执照", ["企业变更"])


def test_nothing_near_means_nothing() -> None:
    index("住房公积金提取")

    assert answered("外星人登陆").meant == ""


def test_the_county_own_synonyms_are_looked_for_as_well() -> None:
    index("最低生活保障金给付")

    found = answered("低保")

    assert titles(found.page) == ["最低生活保障金给付"]
    assert found.page.called == ("最低生活保障",)


def test_another_county_has_its_own_index() -> None:
    index("住房公积金提取", tenant="980724")

    assert answered("gjj").page.matched == 0
    assert offered("公积") == []


@pytest.mark.parametrize("typed", ["公", "公积", "gongj", "gjj", "zfg", "住房 公积"])
def test_while_typing_titles_are_offered(typed: str) -> None:
    index("住房公积金提取")
    index("公积金内部意见", access=("org:G22",))

    assert offered(typed) == ["住房公积金提取"]


@pytest.mark.parametrize("typed", ["", "。", "\x00", "'", "a' | b", "x" * 200, "：：", "\\", "~h公积"])
def test_odd_typing_is_answered(typed: str) -> None:
    index("结婚登记")

    assert offered(typed) == []


def test_while_typing_everyday_words_are_offered() -> None:
    assert "开饭店" in [one.text for one in api.suggested(tenant=TENANT, typed="开饭")]
