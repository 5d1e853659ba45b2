import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.systems.supervision.rules import fires, problems_of, sentence, unknown_words
from zhengtong.systems.supervision.tests.county import RULES

FIELDS = ("kind", "level", "no", "deemed", "at")
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from(["", "step", "red", "2026-11-09"]))
LEAVES = st.one_of(
    st.builds(
        lambda field, op, value: {"field": field, "is": op, "value": value},
        st.sampled_from(FIELDS),
        st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge"]),
        PLAIN,
    ),
    st.builds(
        lambda field, op, value: {"field": field, "is": op, "value": value},
        st.sampled_from(FIELDS),
        st.sampled_from(["in", "not_in"]),
        st.lists(PLAIN, max_size=3),
    ),
    st.builds(
        lambda field, op: {"field": field, "is": op}, st.sampled_from(FIELDS), st.sampled_from(["empty", "filled"])
    ),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=6,
)
EVENTS = st.dictionaries(st.sampled_from(FIELDS), PLAIN)
ANYTHING = st.recursive(
    st.one_of(PLAIN, st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=8,
)


@given(CONDITIONS, EVENTS)
def test_a_condition_without_problems_always_gives_an_answer(condition, event):
    if not problems_of(condition, FIELDS):
        assert fires(condition, event) in (True, False)


@given(CONDITIONS, EVENTS)
def test_a_condition_means_the_same_after_it_was_stored(condition, event):
    assert fires(json.loads(json.dumps(condition)), event) == fires(condition, event)


@given(CONDITIONS, EVENTS)
def test_not_turns_the_answer_round(condition, event):
    assert fires({"not": condition}, event) is not fires(condition, event)


@given(st.lists(CONDITIONS, max_size=4), EVENTS)
def test_all_and_any_are_each_others_mirror(parts, event):
    turned = [{"not": part} for part in parts]

    assert fires({"all": parts}, event) is not fires({"any": turned}, event)


@given(ANYTHING)
def test_nonsense_is_refused_with_words_and_never_breaks(nonsense):
    problems = problems_of(nonsense, FIELDS)

    assert all(isinstance(problem, str) and problem for problem in problems)
    if not problems:
        fires(nonsense, {})


@pytest.mark.parametrize(
    ("condition", "event", "answer"),
    [
        ({"all": []}, {}, True),
        ({"field": "no", "is": "ge", "value": 2}, {"no": 2}, True),
        ({"field": "no", "is": "ge", "value": 2}, {"no": 1}, False),
        ({"field": "no", "is": "ge", "value": 2}, {"no": "2"}, False),
        ({"field": "no", "is": "ge", "value": 2}, {}, False),
        ({"field": "no", "is": "eq", "value": 1}, {"no": True}, False),
        ({"field": "deemed", "is": "eq", "value": True}, {"deemed": True}, True),
        ({"field": "at", "is": "lt", "value": "2026-11-09"}, {"at": "2026-11-08T23:00"}, True),
        ({"field": "kind", "is": "in", "value": ["step", "promised"]}, {"kind": "step"}, True),
        ({"field": "kind", "is": "empty"}, {}, True),
        ({"field": "kind", "is": "filled"}, {"kind": "step"}, True),
    ],
)
def test_operators(condition, event, answer):
    assert problems_of(condition, FIELDS) == []
    assert fires(condition, event) is answer


@pytest.mark.parametrize(
    ("condition", "word"),
    [
        ("1 == 1", "条件对象"),
        ({"field": "kind", "is": "matches", "value": "x"}, "比较方式"),
        ({"field": "colour", "is": "eq", "value": "x"}, "没有字段"),
        ({"field": "kind", "is": "eq"}, "需要比较值"),
        ({"field": "kind", "is": "empty", "value": 1}, "不需要比较值"),
        ({"field": "kind", "is": "in", "value": "step"}, "一组值"),
        ({"field": "kind", "is": "eq", "value": 1, "code": "x"}, "不认识的内容"),
        ({"any": []}, "永远不会亮牌"),
        ({"all": [], "any": []}, "单独使用"),
        ({"not": {"all": []}, "any": []}, "单独使用"),
        ({"not": {"all": []}, "field": "kind"}, "之外"),
        ({"not": {"not": {"not": {"not": {"not": {"not": {"all": []}}}}}}}, "嵌套"),
    ],
)
def test_problems_are_named(condition, word):
    assert any(word in problem for problem in problems_of(condition, FIELDS))


def test_an_unusable_condition_is_an_error_and_not_a_no():
    with pytest.raises(ValueError, match="not a condition"):
        fires({"field": "kind", "is": "matches"}, {})


def test_a_sentence_replaces_known_words_only_and_runs_nothing():
    text = sentence("{org}{limit}{org.__class__}{nobody}", {"org": "甲局", "limit": "5 日"})

    assert text == "甲局5 日{org.__class__}{nobody}"
    assert unknown_words("{org}{nobody}", {"org"}) == ["nobody"]


def test_every_rule_of_the_demonstration_says_its_source():
    assert all(row["source"] for row in RULES)
    assert len({row["key"] for row in RULES}) == len(RULES)
