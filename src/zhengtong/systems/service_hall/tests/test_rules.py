import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.systems.service_hall.rules import (
    application_number,
    is_online_form,
    licence_validity,
    material_state,
    notice_problem,
    standing,
    unprintable,
)


def material(key: str, name: str = "场所证明", form: str = "原件", *, tolerable: bool = False) -> dict[str, object]:
    return {"key": key, "name": name, "form": form, "tolerable": tolerable}


def test_number_has_twenty_digits():
    number = application_number("980723", dt.date(2026, 11, 21), 12)

    assert number == "98072320261121000012"
    assert len(number) == 20


@pytest.mark.parametrize(
    "name", ["申请表", "申请书", "一张表单", "登记申请书", "项目备案表(在线填报)", "申请审批表", "书面申请"]
)
def test_the_application_itself_is_filled_in_online(name):
    assert is_online_form(material("m1", name))


@pytest.mark.parametrize("name", ["环境影响报告表", "场所证明", "体检表", "检查要点表", "与申请事项有关的案件材料"])
def test_other_papers_are_not(name):
    assert not is_online_form(material("m1", name))


@pytest.mark.parametrize(
    ("wanted", "given_", "state"),
    [
        (material("a"), False, "missing"),
        (material("a"), True, "given"),
        (material("b", form="数据共享"), False, "shared"),
        (material("c", tolerable=True), False, "may_follow"),
        (material("d", name="申请表"), False, "online"),
    ],
)
def test_shared_tolerable_and_filled_in_materials_are_never_missing(wanted, given_, state):
    assert material_state(wanted, given=given_) == state


@given(st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef"), min_size=1))
def test_a_second_notice_may_only_repeat_the_first(second, first):
    points = dict.fromkeys(second, "不清楚")

    problem = notice_problem(points, [first])

    assert (problem == "") == (bool(second) and second <= first)


def test_every_point_needs_its_reason():
    assert "写明" in notice_problem({"a": "缺页", "b": "  "}, [])
    assert notice_problem({"a": "缺页"}, []) == ""


@pytest.mark.parametrize(
    ("validity", "issued", "until"),
    [
        ("5年", dt.date(2026, 11, 21), dt.date(2031, 11, 20)),
        ("1年", dt.date(2028, 2, 29), dt.date(2029, 2, 27)),
        ("长期", dt.date(2026, 11, 21), None),
        ("按各证", dt.date(2026, 11, 21), None),
    ],
)
def test_validity_counts_years_and_leaves_words_open(validity, issued, until):
    assert licence_validity(validity, issued) == (issued, until)


def say(**more: object) -> str:
    base: dict[str, object] = {
        "phases": ["review"] * 3,
        "units": ["住建局", "消防大队", "烟草局"],
        "answer_by": dt.date(2026, 12, 3),
        "today": dt.date(2026, 11, 21),
        "status": "submitted",
        "outcome": "",
        "paused": False,
    }
    return standing(**{**base, **more})  # type: ignore[arg-type]  # words of the base are right


def test_one_sentence_says_where_the_matter_stands():
    assert say() == "您的申请正在 3 个部门同时审查，最迟 12 月 3 日前答复您。"
    assert (
        say(phases=["accept"], units=["市场监管局"]) == "申请已收到，市场监管局正在核对材料，最迟 12 月 3 日前答复您。"
    )
    assert say(status="supplement") == "需要您补正材料。请在 12 月 3 日前补交，补正期间不计入办理时间。"
    assert say(status="closed", outcome="准予").startswith("已经办结：准予")
    assert "不计入办理时间" in say(paused=True)
    assert "现已超过" in say(today=dt.date(2026, 12, 4))
    assert "制发" in say(phases=[], units=[])


@pytest.mark.parametrize(
    ("more", "applies", "state"),
    [
        ({"when": {"field": "a", "values": ["yes"]}}, True, "missing"),
        ({"when": {"field": "a", "values": ["yes"]}}, False, "not_needed"),
        ({"condition": "设置招牌的"}, True, "if_applies"),
        ({"condition": "设置招牌的", "when": {"field": "a", "values": ["yes"]}}, True, "missing"),
        ({"condition": "设置招牌的", "tolerable": True}, True, "may_follow"),
        ({"condition": "设置招牌的", "form": "数据共享"}, True, "shared"),
        ({"form": "数据共享", "when": {"field": "a", "values": ["yes"]}}, False, "not_needed"),
        ({"key": "application_form", "when": {"field": "a", "values": ["yes"]}}, False, "online"),
    ],
)
def test_a_paper_that_does_not_apply_is_not_missing(more: dict[str, object], applies: bool, state: str) -> None:
    assert material_state({**material("a"), **more}, given=False, applies=applies) == state
    assert material_state({**material("a"), **more}, given=True, applies=applies) == "given"


def test_characters_no_paper_can_carry_are_found() -> None:
    assert unprintable("面积 86㎡，温度 5℃，第①项，𠮷") == ""
    assert unprintable("不合格😀\u202e😀") == "😀\u202e"
