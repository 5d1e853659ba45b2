import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.capabilities.forms.rules import (
    Condition,
    Field,
    citizen_number_problem,
    clean,
    normalise,
    read_definition,
    shown,
)

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def field(kind: str, **more: object) -> Field:
    return Field(key="q", label="问题", kind=kind, **more)  # type: ignore[arg-type]  # named in each test


def problem(kind: str, value: str, **more: object) -> str:
    return clean([field(kind, **more)], {"q": value})[1].get("q", "")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", "河畔小馆"),
        ("citizen_number", "11010519491231002X"),
        ("uscc", "91980723MA00000153"),
        ("phone", "13900000001"),
        ("email", "name@example.cn"),
        ("date", "2028-02-29"),
        ("number", "86.5"),
        ("consent", "yes"),
    ],
)
def test_good_answers_pass(kind, value):
    assert problem(kind, value) == ""


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("text", "长" * 201, "最多 200 个字，现在有 201 个字"),
        ("textarea", "长" * 10_000, "最多 4000 个字"),
        ("citizen_number", "110105194912310021", "校验位"),
        ("citizen_number", "11010519491331002X", "出生日期"),
        ("citizen_number", "1101051949", "18 位"),
        ("uscc", "91980723MA00000154", "校验位"),
        ("phone", "12345", "11 位"),
        ("email", "name", "格式"),
        ("date", "2026-02-29", "不是有效日期"),
        ("date", "0001-01-01", "年份"),
        ("number", "八十六", "数字"),
        ("number", "1e9", "数字"),
        ("consent", "no", "勾选"),
    ],
)
def test_bad_answers_get_one_clear_sentence(kind, value, words):
    assert words in problem(kind, value)


def test_a_choice_takes_only_its_options():
    options = (("a", "餐馆"), ("b", "饮品店"))

    assert problem("choice", "a", options=options) == ""
    assert "选项" in problem("choice", "c", options=options)
    assert "请选择" in problem("choice", "", options=options)


def test_an_optional_answer_may_stay_away():
    assert problem("email", "", required=False) == ""
    assert problem("email", "") == "请填写问题。"


@given(st.text(max_size=300))
def test_no_text_breaks_the_checks_and_cleaning_twice_changes_nothing(text):
    fields = [Field(key=kind, label=kind, kind=kind) for kind in ("text", "date", "citizen_number", "number", "phone")]

    cleaned, _errors = clean(fields, dict.fromkeys([f.key for f in fields], text))

    assert clean(fields, cleaned)[0] == cleaned
    for question in fields:
        assert shown(question, cleaned[question.key])


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2026, 1, 1)), st.integers(0, 999))
def test_exactly_one_check_character_fits(born, sequence):
    head = f"980723{born:%Y%m%d}{sequence:03d}"
    right = "10X98765432"[sum(w * int(d) for w, d in zip(WEIGHTS, head, strict=True)) % 11]

    assert [c for c in "0123456789X" if not citizen_number_problem(head + c)] == [right]


def test_full_width_digits_and_control_characters_are_mended():
    assert normalise("１３９００００\x07０００１") == "13900000001"
    assert normalise("  ＡＢＣ  ") == "ABC"


def test_a_question_is_put_only_under_its_condition():
    fields = [
        Field(key="sign", label="是否设置招牌", kind="choice", options=(("yes", "是"), ("no", "否"))),
        Field(key="size", label="招牌尺寸", kind="text", when=Condition("sign", ("yes",))),
    ]

    assert clean(fields, {"sign": "no", "size": "4 米"}) == ({"sign": "no"}, {})
    assert "size" in clean(fields, {"sign": "yes"})[1]


@pytest.mark.parametrize(
    "sections",
    [
        [{"title": "一", "fields": [{"key": "a", "label": "甲", "kind": "colour"}]}],
        [{"title": "一", "fields": [{"key": "a", "label": "甲", "kind": "text"}] * 2}],
        [
            {
                "title": "一",
                "fields": [{"key": "a", "label": "甲", "kind": "text", "when": {"field": "b", "values": ["1"]}}],
            }
        ],
    ],
    ids=["unknown kind", "key twice", "condition on no field"],
)
def test_a_faulty_declaration_is_refused(sections):
    with pytest.raises(ValueError, match=r".+"):
        read_definition({"title": "表", "sections": sections})
