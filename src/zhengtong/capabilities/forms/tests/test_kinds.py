"""What each kind accepts, how it is kept and what is said of the rest."""

from typing import Any

import pytest

from zhengtong.capabilities.forms.rules import asked, clean, computed, read_definition
from zhengtong.capabilities.forms.tests.forms import GROUP, definition, field, judge

FILE = "0191e0a0-0000-7000-8000-000000000001"
OPTIONS = [["a", "甲"], ["b", "乙"], ["c", "丙"]]
PNG = "data:image/png;base64,AAAA"


@pytest.mark.parametrize(
    ("kind", "more", "given", "kept"),
    [
        ("number", {}, "007.50", "7.5"),
        ("number", {}, "１，２３４．５", "1234.5"),
        ("number", {}, 12, "12"),
        ("number", {}, "-0.0", "0"),
        ("amount", {}, "1,234,567.80", "1234567.8"),
        ("date", {}, "2026年2月3日", "2026-02-03"),
        ("date", {}, "20260203", "2026-02-03"),
        ("citizen_number", {}, "11010519491231002x", "11010519491231002X"),
        ("uscc", {}, "91980723ma00000153", "91980723MA00000153"),
        ("division", {"level": "town"}, "980723001000", "980723001000"),
        ("choices", {"options": OPTIONS}, ["c", "a", "c", ""], ["a", "c"]),
        ("choices", {"options": OPTIONS}, "b", ["b"]),
        ("period", {"max_days": 3}, {"from": "2026-1-1", "to": "20260103"}, {"from": "2026-01-01", "to": "2026-01-03"}),
        ("attachment", {}, [{"file": FILE, "name": "a.pdf"}], [{"file": FILE, "name": "a.pdf", "copies": 1}]),
        ("signature", {}, {"name": "张一", "at": "2026-11-21T08:00:00Z", "drawn": PNG, "x": 1},
         {"name": "张一", "at": "2026-11-21T08:00:00Z", "drawn": PNG}),
    ],
)  # fmt: skip
def test_a_right_answer_is_kept_in_one_form(kind: str, more: Any, given: Any, kept: Any) -> None:
    assert judge(field("q", kind, **more), answers={"q": given}) == ({"q": kept}, {})


@pytest.mark.parametrize(
    ("kind", "more", "given", "words"),
    [
        ("text", {"max_length": 2}, "一二三", "最多 2 个字，现在有 3 个字"),
        ("text", {}, ["a"], "无法识别"),
        ("text", {}, 1.5, "无法识别"),
        ("number", {"min": "1", "max": "9.50"}, "0.9", "不能小于 1。"),
        ("number", {"max": "9.50"}, "9.51", "不能大于 9.5。"),
        ("number", {"places": 0}, "1.5", "应为整数"),
        ("number", {"places": 1}, "1.55", "1 位小数"),
        ("number", {}, "٣", "应为数字"),
        ("amount", {}, "1.234", "2 位小数"),
        ("amount", {}, "-1", "不能小于 0"),
        ("division", {"level": "village"}, "980723001000", "村（社区）"),
        ("division", {"level": "town"}, "980723", "乡镇（街道）"),
        ("division", {}, "98072300", "12 位"),
        ("choices", {"options": OPTIONS, "min": 2}, ["a"], "至少选择 2 项，现在选了 1 项"),
        ("choices", {"options": OPTIONS, "max": 1}, ["a", "b"], "最多选择 1 项"),
        ("choices", {"options": OPTIONS}, ["z"], "列出的选项"),
        ("choices", {"options": OPTIONS}, [], "请选择"),
        ("period", {}, {"from": "2026-01-02", "to": "2026-01-01"}, "不能早于"),
        ("period", {}, {"from": "2026-01-02"}, "都要填写"),
        ("period", {"max_days": 2}, {"from": "2026-01-01", "to": "2026-01-03"}, "最长 2 天，现在是 3 天"),
        ("period", {}, {}, "请填写"),
        ("attachment", {}, [], "请上传"),
        ("attachment", {"formats": ["pdf"]}, [{"file": FILE, "name": "a.exe"}], "只接收 pdf 文件，“a.exe”不是"),
        ("attachment", {}, [{"file": "../etc", "name": "a.pdf"}], "无法识别"),
        ("attachment", {}, [{"file": FILE, "name": "a.pdf", "copies": 0}], "份数"),
        ("signature", {}, {"name": ""}, "签名"),
        ("signature", {}, {"name": "张一", "drawn": "data:text/html,x"}, "手写签名"),
        ("consent", {}, "no", "请勾选"),
    ],
)
def test_a_wrong_answer_gets_one_sentence(kind: str, more: Any, given: Any, words: str) -> None:
    assert words in judge(field("q", kind, **more), answers={"q": given})[1]["q"]


def test_rows_are_judged_one_by_one_and_blank_ones_are_dropped() -> None:
    rows = [{"name": "张一", "share": "60"}, {}, {"name": "", "share": "140"}]

    cleaned, errors = judge(GROUP, answers={"people": rows})

    assert [row["name"] for row in cleaned["people"]] == ["张一", ""]
    assert errors == {"people.2.name": "请填写问题name。", "people.2.share": "问题share不能大于 100。"}


@pytest.mark.parametrize(
    ("rows", "words"),
    [([], "请填写"), ([{"name": "a", "share": "1"}], "至少填写 2 行，现在有 1 行"),
     ([{"name": "a", "share": "1"}] * 4, "最多填写 3 行"),
     ([{}] * 501, "现在有 501 行"), ("x", "无法识别")],
)  # fmt: skip
def test_a_group_has_so_many_rows(rows: Any, words: str) -> None:
    group = {**GROUP, "min_rows": 2, "max_rows": 3}

    assert words in judge(group, answers={"people": rows})[1]["people"]


def test_a_name_means_the_row_first_and_then_the_form() -> None:
    same = field("kind", "choice", options=OPTIONS, required=False)
    group = field("g", "group", fields=[same, field("why", when={"field": "kind", "values": ["a"]}),
                                        field("all", when={"field": "whole", "values": ["yes"]})])  # fmt: skip

    whole = definition(same, field("whole", "consent"), group)
    paths = asked(whole, {"kind": "a", "whole": "yes", "g": [{"kind": "b"}, {"kind": "a"}]})

    assert {path for path in paths if path.startswith("g.")} == {
        "g.0.kind", "g.0.all", "g.1.kind", "g.1.why", "g.1.all",
    }  # fmt: skip


def test_what_is_not_asked_counts_as_empty_along_the_chain() -> None:
    fields = [
        field("a", "choice", options=OPTIONS),
        field("b", when={"field": "a", "values": ["a"]}),
        field("c", when={"field": "b", "op": "filled"}),
        field("n", "computed", formula={"op": "count", "args": [{"field": "b"}, {"field": "a"}]}),
    ]

    assert judge(*fields, answers={"a": "b", "b": "x", "c": "y"}) == ({"a": "b", "n": "1"}, {})
    assert judge(*fields, answers={"a": "a", "b": "x", "c": "y"})[0]["c"] == "y"


def test_a_page_that_is_not_asked_asks_nothing() -> None:
    whole = {
        "title": "表",
        "sections": [
            {"title": "一", "fields": [field("a")]},
            {"title": "二", "when": {"field": "a", "op": "is", "value": "x"}, "fields": [field("b")]},
        ],
    }
    assert clean(read_definition(whole), {"a": "y", "b": "kept"}) == ({"a": "y"}, {})
    assert set(clean(read_definition(whole), {"a": "x"})[1]) == {"b"}


@pytest.mark.parametrize(
    ("op", "value", "given", "holds"),
    [
        ("gt", "9", "10", True), ("le", "10.0", "10", True), ("is", "10.00", "10", True), ("not", "10", "10", False),
        ("gt", "9", "", False), ("not", "9", "", True), ("in", ["1", "2"], "2", True), ("filled", None, "0", True),
        ("empty", None, "", True),
    ],
)  # fmt: skip
def test_comparisons(op: str, value: Any, given: str, holds: bool) -> None:
    fields = [field("n", "number", required=False), field("q", when={"field": "n", "op": op, "value": value})]

    assert ("q" in asked(definition(*fields), {"n": given})) == holds


def test_a_check_over_several_answers_is_shown_at_its_question() -> None:
    check = {
        "when": {"field": "end", "op": "lt", "value": {"field": "start"}},
        "message": "结束不能早于开始。",
        "field": "end",
    }
    fields = [field("start", "date"), field("end", "date")]

    wrong = judge(*fields, checks=[check], answers={"start": "2026-02-01", "end": "2026-01-01"})[1]

    assert wrong == {"end": "结束不能早于开始。"}
    assert judge(*fields, checks=[check], answers={"start": "2026-01-01", "end": "2026-01-01"})[1] == {}


def test_a_check_on_a_column_looks_at_every_row() -> None:
    check = {"when": {"field": "share", "op": "gt", "value": "50"}, "message": "超过一半。", "field": "people.share"}
    rows = [{"name": "a", "share": "40"}, {"name": "b", "share": "60"}]

    assert judge(GROUP, checks=[check], answers={"people": rows})[1] == {"people.1.share": "超过一半。"}


def column(op: str, key: str) -> dict[str, Any]:
    return {"op": op, "args": [{"column": ["people", key]}]}


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        (column("sum", "share"), "0.3"),
        (column("count", "born"), "1"),
        (column("max", "share"), "0.2"),
        (column("min", "born"), "2000-02-29"),
        ({"op": "count", "args": [{"field": "people"}]}, "2"),
        ({"op": "divide", "args": [{"value": "2"}, {"value": "3"}]}, "0.67"),
        ({"op": "divide", "args": [{"value": "-5"}, {"value": "1000"}]}, "-0.01"),
        ({"op": "divide", "args": [{"value": "1"}, {"value": "0"}]}, ""),
        ({"op": "add", "args": [{"value": "1"}, {"field": "none"}]}, ""),
        ({"op": "sum", "args": [{"value": "1"}, {"field": "none"}]}, "1"),
        ({"op": "multiply", "args": [{"value": "1.15"}, {"value": "100"}]}, "115"),
        ({"op": "subtract", "args": [{"value": "0.3"}, {"value": "0.1"}]}, "0.2"),
        ({"op": "round", "args": [{"value": "2.5"}, {"value": "0"}]}, "3"),
        ({"op": "days", "args": [{"value": "2024-02-28"}, {"value": "2024-03-01"}]}, "2"),
        ({"op": "days", "args": [{"value": "2024-03-01"}, {"value": "2024-02-28"}]}, "-2"),
        ({"op": "years", "args": [{"value": "2000-02-29"}, {"value": "2018-02-28"}]}, "17"),
        ({"op": "age_on", "args": [{"value": "11010519491231002X"}, {"value": "2026-12-30"}]}, "76"),
        ({"op": "concat", "args": [{"value": "第"}, {"value": "1"}]}, "第1"),
    ],
)
def test_formulas_are_exact(formula: Any, result: str) -> None:
    rows = [{"name": "a", "share": "0.1", "born": "2000-02-29"}, {"name": "b", "share": "0.2"}]
    whole = definition(GROUP, field("none", "number", required=False), field("r", "computed", formula=formula))

    assert computed(whole, {"people": rows, "r": "forged"}) == {"r": result}


def test_a_computed_column_uses_the_row_and_the_whole_column() -> None:
    part = {"op": "divide", "args": [{"field": "share"}, {"op": "sum", "args": [{"column": ["people", "share"]}]}]}
    group = {**GROUP, "fields": [*GROUP["fields"], field("part", "computed", formula=part)]}

    found = computed(definition(group), {"people": [{"name": "a", "share": "1"}, {"name": "b", "share": "3"}]})

    assert found == {"people.0.part": "0.25", "people.1.part": "0.75"}
