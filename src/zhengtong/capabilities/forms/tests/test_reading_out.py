"""Answers in words."""

from typing import Any

import pytest

from zhengtong.capabilities.forms.rules import amount_in_words, shown, shown_rows
from zhengtong.capabilities.forms.tests.forms import GROUP, definition, field


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        # 《支付结算办法》附一的例子
        ("1409.5", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万零柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.5", "伍角"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("10010", "壹万零壹拾元整"),
        ("100000007", "壹亿零柒元整"),
        ("120000000", "壹亿贰仟万元整"),
        ("100010000", "壹亿零壹万元整"),
        ("1000000000000", ""),
        ("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ("-12.3", "负壹拾贰元叁角"),
        ("1.234", ""),
        ("abc", ""),
    ],
)
def test_amounts_in_capital_figures(figures: str, words: str) -> None:
    assert amount_in_words(figures) == words


@pytest.mark.parametrize(
    ("kind", "more", "value", "words"),
    [
        ("amount", {}, "1234567.8", "1,234,567.80 元（壹佰贰拾叁万肆仟伍佰陆拾柒元捌角）"),
        ("number", {"unit": "㎡"}, "86.5", "86.5 ㎡"),
        ("date", {}, "2026-02-03", "2026年2月3日"),
        ("period", {}, {"from": "2026-02-03", "to": "2027-02-02"}, "2026年2月3日至2027年2月2日"),
        ("choices", {"options": [["a", "甲"], ["b", "乙"]]}, ["a", "b", "x"], "甲、乙、x"),
        ("attachment", {}, [{"file": "x", "name": "照片.jpg", "copies": 2}], "照片.jpg（2 份）"),
        (
            "signature",
            {},
            {"name": "张一", "at": "2026-11-21T08:00:00Z", "drawn": "x"},
            "张一（手写签名），2026年11月21日",
        ),
        ("computed", {"formula": {"value": "1"}, "unit": "天"}, "12", "12 天"),
        ("consent", {}, "yes", "已承诺"),
        ("division", {}, "980723001000", "清河县城关镇"),
        ("text", {}, {"odd": ["shape"]}, "shape"),
        ("period", {}, "2026", "2026"),
        ("choices", {"options": [["a", "甲"]]}, [], "未填写"),
    ],
)
def test_every_kind_reads_well(kind: str, more: Any, value: Any, words: str) -> None:
    one = definition(field("q", kind, **more)).fields[0]

    assert shown(one, value, lambda code: "清河县城关镇" if code == "980723001000" else "") == words


def test_a_group_reads_row_by_row_and_as_a_table() -> None:
    group = definition(GROUP).fields[0]
    rows = [{"name": "张一", "share": "60", "born": ""}]

    assert shown(group, rows) == "股东 1：问题name：张一；问题share：60；问题born：未填写"
    assert [[words for _column, words in row] for row in shown_rows(group, rows)] == [["张一", "60", "未填写"]]
