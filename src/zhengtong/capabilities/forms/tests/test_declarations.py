"""Faults of declarations: every one gets a sentence and a place, none of any shape breaks the reading."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.forms.rules import clean, declaration_faults, read_definition
from zhengtong.capabilities.forms.tests.forms import GROUP, field, form
from zhengtong.capabilities.forms.tests.strategies import declarations

DEMO = sorted((Path(__file__).parents[3] / "entry" / "demo" / "data" / "forms").glob("*.json"))
AMOUNT = field("fee", "amount")
AREA = field("area", "number")
CHOICE = field("sort", "choice", options=[["a", "甲"], ["b", "乙"]])
FIRST = "sections.0.fields.0"


def told(data: Any) -> dict[str, str]:
    return {fault.path: fault.sentence for fault in declaration_faults(data)}


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_the_forms_in_use_have_no_fault(path: Path) -> None:
    assert DEMO
    assert declaration_faults(json.loads(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("one", "place", "words"),
    [
        (field("a", "colour"), "kind", "种类“colour”不存在"),
        (field("A b"), "key", "代号应以小写字母开头"),
        ({"key": "a", "kind": "text"}, "label", "请填写"),
        (field("a", "choice"), "options", "还没有选项"),
        (field("a", "choice", options=[["x", "甲"], ["x", "乙"]]), "options", "代号都是“x”"),
        (field("a", "choices", options=[["x", "甲"], ["y", "甲"]]), "options", "名称都是“甲”"),
        (field("a", "choice", options=[["x", ""]]), "options", "没有填完整"),
        (field("a", "choices", options=[["x", "甲"]], min=2), "min", "不超过选项个数"),
        (field("a", "number", min="5", max="2"), "max", "最小值大于最大值"),
        (field("a", "number", min="abc"), "min", "应为数字"),
        (field("a", "number", places=9), "places", "0 到 6"),
        (field("a", "amount", max="-1"), "max", "最小值大于最大值"),
        (field("a", required="yes"), "required", "是或否"),
        (field("a", max_length=0), "max_length", "最多字数"),
        (field("a", "note"), "text", "说明文字"),
        (field("a", "computed"), "formula", "怎样计算"),
        (field("a", "division", level="street"), "level", "区划级别"),
        (field("a", "attachment", formats=[".PDF"]), "formats", "扩展名"),
        (field("a", "group"), "fields", "还没有要填的"),
        (field("a", "group", fields=[field("n", "note", text="x")]), "fields", "没有一项是要填的"),
        (field("a", "group", fields=[field("b", "table", fields=[field("c")])]), "fields.0.kind", "不能再是"),
        (field("a", "table", fields=[field("b", "attachment")]), "fields.0.kind", "表格的一列"),
        (field("a", "group", fields=[field("b"), field("b")]), "fields.1.key", "代号都是“b”"),
        (field("a", "table", fields=[field("b")], min_rows=5, max_rows=2), "min_rows", "最少行数大于最多行数"),
        (field("a", when={"field": "b", "values": ["1"]}), "when", "“b”不存在"),
        (field("a", when={"field": "a", "op": "near", "value": "1"}), "when", "比较方式“near”不存在"),
        (field("a", when="always"), "when", "无法识别"),
    ],
)
def test_a_faulty_question_is_named_with_its_place(one: dict[str, Any], place: str, words: str) -> None:
    assert words in told(form(one))[f"{FIRST}.{place}"]


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({"field": "sort", "values": ["c"]}, "选项“c”不在"),
        ({"field": "sort", "op": "gt", "value": "1"}, "不能比较"),
        ({"field": "area", "op": "gt", "value": "many"}, "不能和"),
        ({"field": "people", "op": "is", "value": "1"}, "已填写"),
        ({"field": "hint", "op": "filled"}, "说明文字"),
        ({"all": []}, "1 到"),
        ({"field": "area", "op": "lt"}, "没有写明"),
        ({"field": "name", "op": "filled"}, "“name”不存在"),
    ],
)
def test_a_faulty_condition_is_named(when: Any, words: str) -> None:
    hint = field("hint", "note", text="提示")

    assert words in told(form(CHOICE, AREA, GROUP, hint, field("last", when=when)))["sections.0.fields.4.when"]


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ({"op": "add", "args": [{"field": "area"}, {"field": "shop"}]}, "应为数字"),
        ({"op": "add", "args": [{"field": "area"}]}, "2 到"),
        ({"op": "power", "args": []}, "“power”不存在"),
        ({"op": "days", "args": [{"field": "area"}, {"field": "day"}]}, "应为日期"),
        ({"op": "sum", "args": [{"column": ["people", "name"]}]}, "应为数字"),
        ({"op": "sum", "args": [{"column": ["people", "none"]}]}, "“none”不存在"),
        ({"op": "add", "args": [{"column": ["people", "share"]}, {"value": "1"}]}, "整列"),
        ({"op": "round", "args": [{"field": "area"}, {"field": "area"}]}, "四舍五入"),
        ({"field": "people"}, "不能用"),
        ({"value": ""}, "没有填写"),
        ({"op": "age_on", "args": [{"field": "shop"}, {"field": "day"}]}, "公民身份号码"),
    ],
)
def test_a_faulty_formula_is_named(formula: Any, words: str) -> None:
    sum_up = field("total", "computed", formula=formula)
    faults = declaration_faults(form(AREA, field("shop"), field("day", "date"), GROUP, sum_up))

    assert faults
    assert all(fault.path.startswith("sections.0.fields.4.formula") for fault in faults)
    assert words in "".join(fault.sentence for fault in faults)


def test_good_formulas_of_every_type_pass() -> None:
    formulas: list[Any] = [
        {"op": "round", "args": [{"op": "divide", "args": [{"field": "fee"}, {"field": "area"}]}, {"value": "2"}]},
        {"op": "sum", "args": [{"column": ["people", "share"]}]},
        {"op": "count", "args": [{"field": "people"}]},
        {"op": "max", "args": [{"column": ["people", "born"]}, {"field": "day"}]},
        {"op": "days", "args": [{"field": "term", "part": "from"}, {"field": "term", "part": "to"}]},
        {"op": "age_on", "args": [{"field": "id"}, {"field": "day"}]},
        {"op": "concat", "args": [{"field": "shop"}, {"value": "－"}, {"field": "area"}]},
    ]
    fields = [
        AMOUNT,
        AREA,
        GROUP,
        field("day", "date"),
        field("term", "period"),
        field("id", "citizen_number"),
        field("shop"),
    ]

    sums = [field(f"c{number}", "computed", formula=formula) for number, formula in enumerate(formulas)]

    assert declaration_faults(form(*fields, *sums)) == []


def test_conditions_and_formulas_may_not_go_round() -> None:
    one = field("a", when={"field": "b", "op": "filled"})
    other = field("b", "computed", formula={"op": "concat", "args": [{"field": "a"}]})

    assert "绕成了一圈：“问题a”→" in "".join(told(form(one, other)).values())
    assert "绕成了一圈" in "".join(told(form(field("a", when={"field": "a", "op": "filled"}))).values())


def test_a_section_may_not_depend_on_itself_nor_a_column_on_its_own_sum() -> None:
    data = form(field("a"))
    data["sections"][0]["when"] = {"field": "a", "op": "filled"}
    share = field(
        "part",
        "computed",
        formula={"op": "divide", "args": [{"value": "1"}, {"op": "sum", "args": [{"column": ["g", "part"]}]}]},
    )

    assert "绕成了一圈" in "".join(told(data).values())
    assert "绕成了一圈" in "".join(told(form(field("g", "group", fields=[field("n"), share]))).values())


def test_a_chain_of_dependent_questions_has_an_end() -> None:
    chain = [field("f0")] + [field(f"f{n}", when={"field": f"f{n - 1}", "op": "filled"}) for n in range(1, 60)]

    assert "超过 50 层" in "".join(told(form(*chain)).values())
    assert declaration_faults(form(*chain[:50])) == []


def test_all_faults_are_told_at_once() -> None:
    data = form(
        field("a", "choice"), field("a", "number", min=3, max=1), field("b", when={"field": "zz", "values": ["1"]})
    )

    assert set(told(data)) == {
        f"{FIRST}.options",
        "sections.0.fields.1.max",
        "sections.0.fields.1.key",
        "sections.0.fields.2.when",
    }
    with pytest.raises(ValueError, match="还没有选项") as refusal:
        read_definition(data)
    assert len(str(refusal.value).splitlines()) == 4


@pytest.mark.parametrize(
    ("check", "place"),
    [
        ({"when": {"field": "area", "op": "lt", "value": "1"}, "message": "", "field": "area"}, "message"),
        ({"when": {"field": "area", "op": "lt", "value": "1"}, "message": "太小。", "field": "none"}, "field"),
        ({"when": {"field": "none", "op": "filled"}, "message": "太小。", "field": "area"}, "when"),
        ({"message": "太小。", "field": "area"}, "when"),
    ],
)
def test_a_faulty_check_is_named(check: Any, place: str) -> None:
    assert list(told(form(AREA, checks=[check]))) == [f"checks.0.{place}"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["", "a", "group", "sum", "field"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["field", "op", "key", "kind", "args", "fields", "when", "all"]), inner, max_size=3
        )
    ),
    max_leaves=5,
)


@given(declarations(), st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_declaration_breaks_the_search_for_faults(data: Any, more: st.DataObject) -> None:
    broken = copy.deepcopy(data)
    for _time in range(more.draw(st.integers(0, 2))):
        place: Any = broken
        for _step in range(more.draw(st.integers(0, 6))):
            inner = place[more.draw(st.sampled_from(sorted(place)))] if isinstance(place, dict) and place else None
            inner = place[0] if isinstance(place, list) and place else inner
            if not isinstance(inner, dict | list) or not inner:
                break
            place = inner
        if isinstance(place, dict):
            place[more.draw(st.sampled_from(sorted(place)))] = more.draw(ANYTHING)
        else:
            place[0] = more.draw(ANYTHING)

    faults = declaration_faults(broken)

    assert all(fault.sentence.endswith("。") or fault.sentence.endswith("？") for fault in faults) or faults
    if not faults:
        clean(read_definition(broken), {})
