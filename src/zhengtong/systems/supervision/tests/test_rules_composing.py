"""What is composed in rows is what judges, and comes back as the same rows."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.systems.supervision.rules import (
    Composed,
    Group,
    compared,
    composed_of,
    condition_of,
    estimated,
    fields_of,
    fires,
    possible,
    problems_of,
)
from zhengtong.systems.supervision.rules.composing import sentence_of, text_of, value_of

FIELDS = ("a", "b", "c")
leaves = st.builds(
    lambda field, operator, value: {"field": field, "is": operator, "value": value},
    st.sampled_from(FIELDS),
    st.sampled_from(["eq", "ne", "lt", "ge"]),
    st.integers(0, 3),
)
joins = st.sampled_from(["all", "any"])
composed = st.builds(
    Composed,
    joins,
    st.lists(st.builds(Group, joins, st.lists(leaves, min_size=1, max_size=3).map(tuple)), max_size=3).map(tuple),
)
values = st.fixed_dictionaries({field: st.integers(0, 3) for field in FIELDS})


@given(composed, values)
def test_rows_come_back_and_judge_alike(given_rows, told):
    condition = condition_of(given_rows)

    back = composed_of(condition)

    assert back is not None
    assert fires(condition_of(back), told) == fires(condition, told)


@given(composed, values, st.sets(st.sampled_from(FIELDS)))
def test_what_is_ruled_out_without_facts_never_fires_with_them(given_rows, told, unknown):
    condition = condition_of(given_rows)
    known = {field: value for field, value in told.items() if field not in unknown}

    assert possible(condition, known, unknown) or not fires(condition, told)


def test_what_rows_cannot_say_is_left_alone():
    leaf = {"field": "a", "is": "eq", "value": 1}

    assert composed_of({"not": leaf}) is None
    assert composed_of({"all": [{"any": [{"all": [leaf]}]}]}) is None
    assert composed_of(leaf) == Composed("all", (Group("all", (leaf,)),))
    assert possible({"not": {"field": "a", "is": "filled"}}, {}, {"a"})
    assert fields_of({"not": {"any": [leaf, {"field": "b", "is": "empty"}]}}) == {"a", "b"}


@pytest.mark.parametrize(
    ("text", "kind", "operator", "value"),
    [
        ("12", "number", "ge", 12),
        ("1.5", "number", "lt", 1.5),
        ("是", "bool", "eq", True),
        ("同意、退回", "text", "in", ["agree", "return"]),
        ("同意", "text", "eq", "agree"),
        ("review", "text", "eq", "review"),
        ("", "text", "empty", None),
    ],
)
def test_typed_values(text, kind, operator, value):
    codes = {"同意": "agree", "退回": "return"}

    found = value_of(text, kind=kind, operator=operator, codes=codes)

    assert found == value
    assert type(found) is type(value)
    if text != "1.5":
        labels = {code: word for word, code in codes.items()}
        assert text_of(found, labels=labels) == text


@pytest.mark.parametrize(
    ("text", "kind", "operator"),
    [
        ("x", "number", "ge"),
        ("nan", "number", "ge"),
        ("1e99", "number", "ge"),
        ("好", "bool", "eq"),
        (" ", "text", "eq"),
        ("、", "text", "in"),
    ],
)
def test_what_means_nothing_is_refused(text, kind, operator):
    with pytest.raises(ValueError, match="。"):
        value_of(text, kind=kind, operator=operator, codes={})


@pytest.mark.parametrize(
    ("text", "operator", "said"),
    [
        ("同意了", "eq", "“结论”没有“同意了”这个值。可以填：同意、退回。"),
        ("同意、办好", "in", "没有“办好”这个值"),
        ("同意", "gt", "“结论”不分大小"),
    ],
)
def test_a_value_that_would_never_match_is_refused_with_those_that_can(text, operator, said):
    codes = {"同意": "agree", "退回": "return"}

    with pytest.raises(ValueError, match=said):
        value_of(text, kind="text", operator=operator, codes=codes, name="结论")
    assert value_of("escalate", kind="text", operator="eq", codes=codes) == "escalate"


def test_a_condition_in_words():
    condition = {
        "all": [
            {"field": "phase", "is": "eq", "value": "review"},
            {"any": [{"field": "s", "is": "lt", "value": 60}, {"not": {"field": "x", "is": "filled"}}]},
        ]
    }

    said = sentence_of(condition, {"phase": "阶段", "s": "环节用时"}, {"phase": {"review": "审查"}})

    assert said == "（阶段 等于 审查） 并且 （（环节用时 小于 60） 或者 （不满足（x 有内容）））"
    assert sentence_of({"all": []}, {}, {}) == "每次都亮"


def test_precision_and_recall():
    result = compared({"1", "2", "3"}, {"2", "3", "4", "5"})

    assert (result.found, result.missed, result.false) == (2, 1, 2)
    assert (result.precision, result.recall) == (Decimal("50.0"), Decimal("66.7"))
    assert compared(set(), set()).precision is None
    assert compared(set(), {"1"}).recall is None
    assert (estimated(3, 1), estimated(0, 0)) == (Decimal("75.0"), None)


def test_a_choice_of_nothing_is_no_condition():
    """It never holds; the pages said that it always does, and a new version of its rule would have flagged all."""
    for condition in ({"any": []}, {"all": [{"any": []}]}, {"not": {"any": []}}):
        assert problems_of(condition, {"kind"}), condition
    assert not problems_of({"all": []}, {"kind"})
