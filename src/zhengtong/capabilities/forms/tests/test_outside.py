"""Conditions that stand outside a form and look at its answers, as those of materials do."""

from typing import Any

import pytest

from zhengtong.capabilities.forms.rules import met, outside_faults, read_condition, read_definition

FORM: dict[str, Any] = {
    "title": "占道申请",
    "sections": [
        {
            "title": "事由",
            "fields": [
                {"key": "use", "label": "事由", "kind": "choice", "options": [["occupy", "占用"], ["dig", "挖掘"]]},
                {
                    "key": "urgent",
                    "label": "是否抢修",
                    "kind": "choice",
                    "options": [["no", "否"], ["yes", "是"]],
                    "when": {"field": "use", "values": ["dig"]},
                },
                {
                    "key": "parts",
                    "label": "部位",
                    "kind": "table",
                    "fields": [{"key": "area", "label": "面积", "kind": "number"}],
                },
                {
                    "key": "total",
                    "label": "合计",
                    "kind": "computed",
                    "formula": {"op": "sum", "args": [{"column": ["parts", "area"]}]},
                },
            ],
        }
    ],
}


@pytest.mark.parametrize(
    ("when", "answers", "holds"),
    [
        ({"field": "use", "values": ["dig"]}, {"use": "dig"}, True),
        ({"field": "use", "values": ["dig"]}, {"use": "occupy"}, False),
        ({"field": "use", "values": ["dig"]}, {}, False),
        ({"field": "urgent", "values": ["yes"]}, {"use": "occupy", "urgent": "yes"}, False),
        ({"field": "total", "op": "ge", "value": "20"}, {"parts": [{"area": "12.5"}, {"area": "7.5"}]}, True),
        ({"field": "total", "op": "ge", "value": "20"}, {"parts": [{"area": "12.5"}]}, False),
        ({"not": {"field": "use", "values": ["dig"]}}, {"use": "occupy"}, True),
        ({"any": [{"field": "gone", "values": ["x"]}, {"field": "use", "values": ["dig"]}]}, {"use": "occupy"}, True),
    ],
)
def test_it_looks_at_what_is_asked_and_computed_and_holds_in_doubt(
    when: dict[str, Any], answers: dict[str, Any], holds: bool
) -> None:
    assert met(read_definition(FORM), answers, read_condition(when)) == holds


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({"field": "gone", "values": ["x"]}, "材料“方案”的条件引用的问题“gone”不存在"),
        ({"field": "use", "values": ["fly"]}, "选项“fly”不在“事由”的选项里"),
        ({"field": "use", "op": "gt", "value": "1"}, "不能比较“事由”的大小"),
        ("use", "无法识别"),
    ],
)
def test_what_does_not_fit_the_form_is_said(when: Any, words: str) -> None:
    assert words in outside_faults(FORM, when, "材料“方案”的条件")[0]


def test_what_fits_has_no_faults() -> None:
    assert outside_faults(FORM, {"all": [{"field": "use", "values": ["dig"]}]}, "条件") == []
