"""Answers moved to another version of a form, and the differences of versions in words."""

from typing import Any

from zhengtong.capabilities.forms.rules.carrying import carry_over
from zhengtong.capabilities.forms.rules.differences import differences
from zhengtong.capabilities.forms.tests.forms import GROUP, definition, field

OLD: list[dict[str, Any]] = [
    field("name"),
    field("area", "number", unit="㎡"),
    field("sort", "choice", options=[["a", "甲"], ["b", "乙"]]),
    field("gone"),
    GROUP,
]
NEW: list[dict[str, Any]] = [
    field("shop_name", was="name", label="店名"),
    field("area", "text"),
    field("sort", "choices", options=[["b", "乙"], ["c", "丙"]]),
    {**GROUP, "kind": "table", "fields": [field("full_name", was="name"), field("share", "date")]},
    field("extra", required=False),
]
ANSWERS = {"name": "河畔小馆", "area": "86.5", "sort": "a", "gone": "旧", "people": [{"name": "张一", "share": "60"}]}


def test_answers_go_along_by_key_by_former_key_and_by_kind() -> None:
    moved = carry_over(definition(*OLD), definition(*NEW), ANSWERS)

    assert moved.answers == {"shop_name": "河畔小馆", "area": "86.5", "people": [{"full_name": "张一"}]}
    assert [one.key for one in moved.carried_over] == ["shop_name", "area", "people"]


def test_what_finds_no_place_is_named_with_its_question_and_words() -> None:
    left = carry_over(definition(*OLD), definition(*NEW), ANSWERS).left_over

    assert {(one.path, one.label, one.words, one.value) for one in left} == {
        ("sort", "问题sort", "甲", "a"),
        ("gone", "问题gone", "旧", "旧"),
        ("people.0.share", "问题people第 1 行的问题share", "60", "60"),
    }


def test_nothing_is_lost_whatever_the_shape() -> None:
    for value in ("x", ["b"], {"odd": 1}, 5, None, "", []):
        moved = carry_over(definition(*OLD), definition(*NEW), {"sort": value, "people": value})

        kept = list(moved.answers.values()) + [one.value for one in moved.left_over]
        assert value in (None, "", []) or len(kept) == 2


def test_differences_are_told_in_words() -> None:
    found = {(one.what, one.label): one.words for one in differences(definition(*OLD), definition(*NEW))}

    assert "名称由“问题name”改为“店名”" in found["changed", "店名"]
    assert "种类由“数字”改为“单行文字”" in found["changed", "问题area"]
    assert "去掉选项甲；增加选项丙" in found["changed", "问题sort"]
    assert found["dropped", "问题gone"] == "去掉了“问题gone”。"
    assert found["added", "问题extra"] == "增加了“问题extra”（单行文字）。"
    assert ("dropped", "问题people·问题born") in found


def test_the_same_form_has_no_differences() -> None:
    assert differences(definition(*OLD), definition(*OLD)) == []
