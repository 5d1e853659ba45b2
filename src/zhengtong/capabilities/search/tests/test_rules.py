"""Windows, queries and marks, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.capabilities.search import rules
from zhengtong.kernel.actors import Actor, anonymous


def test_each_hanzi_begins_a_pair_and_the_last_stands_alone() -> None:
    assert list(rules.tokens("公积金")) == ["公积", "积金", "金"]


def test_a_word_is_indexed_from_each_of_its_letters() -> None:
    assert list(rules.tokens("JY23")) == ["jy23", "y23", "23", "3"]


def test_full_width_capitals_and_accents_are_one() -> None:
    assert list(rules.tokens("ＡＢ é")) == ["ab", "b", "e"]


def test_rare_hanzi_pair_like_common_ones() -> None:
    assert list(rules.tokens("𠮷野〇")) == ["𠮷野", "野〇", "〇"]


def test_two_hanzi_ask_for_one_pair() -> None:
    assert rules.query("提取") == "('提取')"


def test_three_hanzi_ask_for_overlapping_pairs_in_sequence() -> None:
    assert rules.query("公积金") == "('公积' <1> '积金')"


def test_one_hanzi_is_asked_for_by_prefix() -> None:
    assert rules.query("金") == "('金':*)"


def test_words_between_spaces_are_all_needed() -> None:
    assert rules.query("餐饮 许可") == "('餐饮') & ('许可')"


def test_letters_followed_by_hanzi_keep_their_distance() -> None:
    assert rules.query("3d打印") == "('3d' <2> '打印')"


@pytest.mark.parametrize("text", ["", "  ", "，。！", "'", "\\", "\x00", "\ud800"])
def test_nothing_to_ask_for_gives_no_query(text: str) -> None:
    assert rules.query(text) == ""


@given(st.text(max_size=60), st.text(max_size=40), st.text(max_size=60))
def test_a_part_of_a_text_folds_to_a_part_of_it(before: str, part: str, after: str) -> None:
    assert rules.fold(before + part + after) == rules.fold(before) + rules.fold(part) + rules.fold(after)


@given(st.text(max_size=200))
def test_tokens_hold_letters_and_digits_only(text: str) -> None:
    for token in rules.tokens(text):
        assert token.isalnum()
        assert len(token) <= rules.WORD_WINDOW


@given(st.text(max_size=100), st.text(max_size=10))
def test_marking_changes_no_text(text: str, words: str) -> None:
    assert "".join(piece.text for piece in rules.highlighted(text, words)) == text


def test_what_was_searched_for_is_marked() -> None:
    pieces = rules.highlighted("公积金提取", "积金")

    assert [(piece.text, piece.hit) for piece in pieces] == [("公", False), ("积金", True), ("提取", False)]


def test_a_long_text_is_shown_around_the_first_mark() -> None:
    pieces = rules.highlighted("前" * 300 + "餐饮" + "后" * 300, "餐饮", length=40)

    assert pieces[0].text == "…"
    assert any(piece.hit and piece.text == "餐饮" for piece in pieces)
    assert sum(len(piece.text) for piece in pieces) <= 42


def test_a_very_long_text_stays_below_the_limits_of_the_database() -> None:
    vector = rules.vector([("A", "标题"), ("D", "字母abc" * 20_000)])

    assert len(vector.encode()) < 1_000_000
    assert "'标题':1A" in vector


def test_a_stranger_finds_only_what_is_public() -> None:
    assert rules.access_tokens(anonymous("980723")) == ["public"]


def test_an_official_finds_what_his_unit_and_the_units_above_may() -> None:
    actor = Actor(tenant="980723", kind="official", org_code="G22", org_path="/C01/G22/", roles=frozenset({"clerk"}))

    assert {"org:G22", "under:C01", "under:G22", "role:clerk"} <= set(rules.access_tokens(actor))
    assert "org:C01" not in rules.access_tokens(actor)


@pytest.mark.parametrize(("words", "held"), [("餐饮", True), ("餐饮 许可", True), ("餐饮 公积金", False), ("", True)])
def test_a_text_contains_all_words_or_not(words: str, *, held: bool) -> None:
    assert rules.contains("餐饮服务许可", words) is held
