"""Pinyin, initials and slips of the pen, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.capabilities.search.rules import spelling
from zhengtong.capabilities.search.rules.sounds import (
    SYLLABLES,
    folded_sound,
    hanzi_query,
    heard_in,
    letters_query,
    readings,
    spoken_query,
    syllables_in,
    title_sounds,
    typed_query,
)


def test_letters_are_read_in_every_way() -> None:
    assert (("gong", "ji", "jin"), True) in syllables_in("gongjijin")
    assert [sounds for sounds, _whole in syllables_in("xian")] == [("xian",), ("xi", "an")]


def test_a_syllable_that_is_only_begun_is_taken_last() -> None:
    assert syllables_in("gongjij") == [(("gong", "ji", "j"), False)]
    assert syllables_in("gjj") == []


@pytest.mark.parametrize(
    ("said", "kept"), [("zhong", "zon"), ("chang", "can"), ("shi", "si"), ("lv", "lu"), ("ang", "an"), ("en", "en")]
)
def test_readings_often_confused_are_one(said: str, kept: str) -> None:
    assert folded_sound(said) == kept


def test_a_hanzi_of_several_readings_has_them_all() -> None:
    assert {"xin", "han"} <= set(readings("行"))
    assert readings("A") == readings("，") == ()


def test_a_title_has_pairs_initials_and_shapes_at_their_places() -> None:
    found = set(title_sounds("3D打印"))

    assert {(2, "~pda-yin"), (2, "~idy"), (2, "~h打印"), (3, "~pyin-"), (3, "~h印")} <= found
    assert not [token for at, token in found if at < 2]


def test_letters_ask_for_sounds_and_initials() -> None:
    assert "'~pgon-ji' <1> '~pji-jin'" in letters_query("gongjijin").replace("(", "").replace(")", "")
    assert "'~igjj':*" in letters_query("gjj")
    assert letters_query("g") == letters_query("3d") == ""


def test_hanzi_ask_for_what_sounds_like_them() -> None:
    assert "'~pgon-ji'" in hanzi_query("公机金")
    assert hanzi_query("公") == ""


def test_a_query_of_words_asks_for_sounds_of_its_letters_only() -> None:
    assert "~p" not in spoken_query("公积金")
    assert "~pgon-ji" in spoken_query("gongji 提取")


@pytest.mark.parametrize(
    ("words", "part"),
    [("gongjijin", "公积金"), ("gjj", "公积金"), ("zhufang", "住房"), ("jinti", "金提"), ("zfgjj", "住房公积金")],
)
def test_the_part_that_was_meant_by_letters_is_marked(words: str, part: str) -> None:
    assert heard_in("住房公积金提取", words) == [part]


def test_letters_that_stand_in_the_title_are_marked_as_they_are() -> None:
    assert heard_in("WiFi报装", "wifi") == []


@given(st.text(max_size=40))
def test_no_text_breaks_the_sounds(text: str) -> None:
    assert all(token.startswith("~") and at >= 0 for at, token in title_sounds(text))
    for ask in (spoken_query, typed_query):
        assert isinstance(ask(text), str)


@given(st.lists(st.sampled_from(sorted(SYLLABLES)), min_size=1, max_size=6))
def test_what_is_made_of_syllables_is_read_whole(syllables: list[str]) -> None:
    found = syllables_in("".join(syllables))

    assert found
    assert all(whole and "".join(sounds) == "".join(syllables) for sounds, whole in found)


TITLES = ["住房公积金提取", "住房公积金贷款", "营业执照注销", "营业执照变更", "内地居民结婚登记"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("公机金", "公积金"),  # sounds the same
        ("公职金", "公积金"),  # one hanzi wrong
        ("结昏登记", "结婚登记"),
        ("住房公金", "住房公积金"),  # one missing
        ("公积极金", "公积金"),  # one too many
        ("营业证", "营业执照"),  # the end wrong: the word goes on as it does everywhere
        ("食品许可", ""),
        ("公积金", ""),
    ],
)
def test_what_was_probably_meant(typed: str, meant: str) -> None:
    assert spelling.most_meant(typed, TITLES) == meant


def test_the_nearest_comes_before_the_more_frequent() -> None:
    assert spelling.most_meant("公机金", ["公司金库", "公用金库", "公积金"]) == "公积金"


@pytest.mark.parametrize(
    ("words", "looked_at"),
    [("公机金 提取", ["公机金", "提取"]), ("金", []), ("gjj", []), ("住" * 13, []), ("公机金。", ["公机金"])],
)
def test_where_slips_are_looked_for(words: str, looked_at: list[str]) -> None:
    assert spelling.correctable(words) == looked_at
