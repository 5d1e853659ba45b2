"""The grammar of limits: whatever way a limit is written, the same amount and unit are read back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.catalogue.engine.limits import Limit, UnitRule, read_limit
from zhengtong.capabilities.catalogue.engine.pairs import read_pair, read_single
from zhengtong.capabilities.catalogue.engine.unitrules import UnitRules, unit_rules_in
from zhengtong.capabilities.catalogue.engine.words import chinese_number, number_of
from zhengtong.capabilities.catalogue.rules import surely_longer

FOOTNOTE = UnitRule("WD", "unit_assumed", "注1")
SPELLINGS = {
    "WD": (
        "{n}个工作日",
        "{n}工作日",
        "{n}（工作日）",
        "{n} 个 工 作 日",
        "{n}个工作日内",
        "自受理之日起{n}个工作日内办结",
        "{n} WD",
    ),
    "D": ("{n}日", "{n}天", "{n}个自然日", "{n}日历日", "不超过{n}日", "{n}日内", "{n} D"),
    "MONTH": ("{n}个月", "{n}月", "{n}个月内", "{n} MONTH"),
    "YEAR": ("{n}年", "{n} YEAR"),
    "H": ("{n}小时", "{n}个小时", "{n} H"),
}
LARGEST = {"WD": 366, "D": 999, "MONTH": 60, "YEAR": 10, "H": 700}


def written(amount: int, style: str) -> str:
    if style == "chinese":
        return chinese_number(amount)
    if style == "wide":
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(amount))
    return str(amount)


@settings(max_examples=300)
@given(st.data())
def test_every_spelling_is_read_back(data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from(sorted(SPELLINGS)))
    amount = data.draw(st.integers(1, LARGEST[unit]))
    style = data.draw(st.sampled_from(["plain", "wide", "chinese"]))
    spelling = data.draw(st.sampled_from(SPELLINGS[unit]))
    blanks = data.draw(st.sampled_from(["", " ", "\u3000", "\n"]))

    text = blanks + spelling.format(n=written(amount, style)) + blanks

    assert read_limit(text).limit == Limit(amount, unit), text


@settings(max_examples=200)
@given(st.integers(1, 9999))
def test_chinese_numerals_are_read_back(value: int) -> None:
    assert number_of(chinese_number(value)) == value


@settings(max_examples=300)
@given(st.text(alphabet="0123456789二三十百半个工作日天月年周法定承诺即办无-—/（）()、,，；\n .", max_size=14))
def test_nothing_makes_the_reader_fail_or_lie_about_its_unit(text: str) -> None:
    found = read_limit(text, FOOTNOTE)
    pair = read_pair(text, FOOTNOTE)

    for reading in (found, *((pair.statutory, pair.promised) if pair else ())):
        assert reading.limit is None or reading.limit.unit in ("WD", "D", "MONTH", "YEAR", "H", "NONE")
        assert reading.limit is not None or reading.findings


@pytest.mark.parametrize("text", ["即办", "当场办结", "即时办结", "立即办理", "随到随办", "当日", "即到即办", "即办件"])
def test_on_the_spot_is_zero(text: str) -> None:
    assert read_limit(text).limit == Limit(0, "WD")


@pytest.mark.parametrize("text", ["无", "不限", "—", "/", "未规定", "不限时", "法律未规定", "无时限要求", "NONE"])
def test_no_limit_is_told_apart_from_a_blank(text: str) -> None:
    assert read_limit(text).limit == Limit(None, "NONE")
    assert read_limit(" \n").findings[0][0] == "limit_missing"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("7-20个工作日", "limit_range"),
        ("7～20个工作日", "limit_range"),
        ("5至10日", "limit_range"),
        ("10（特殊情况15）", "limit_conditional"),
        ("即办（特殊情况3个工作日）", "limit_conditional"),
        ("按规定", "limit_unclear"),
        ("X个工作日", "limit_unclear"),
        ("2O个工作日", "limit_unclear"),
        ("两三个工作日", "limit_unclear"),
        ("30日以上", "limit_unclear"),
        ("20个工作日左右", "limit_unclear"),
        ("0.5个工作日", "limit_fraction"),
        ("2.5", "limit_fraction"),
        ("-5个工作日", "negative_limit"),
        (-5, "negative_limit"),
        ("2026-07-20", "date_in_limit"),
        ("8月20日", "date_in_limit"),
        (45858, "limit_too_large"),
        ("2000个工作日", "limit_too_large"),
        ("#REF!", "cell_error"),
        (True, "limit_unclear"),
        (20, "unit_missing"),
    ],
)
def test_what_is_not_certain_is_named(value: object, code: str) -> None:
    assert code in [found for found, _detail in read_limit(value).findings]  # type: ignore[arg-type]  # any cell value


@pytest.mark.parametrize(
    ("text", "unit", "told"),
    [
        ("20日", "D", "unit_day"),
        ("2周", "D", "week_as_days"),
        ("30分钟", "WD", "minutes_as_same_day"),
        ("半年", "MONTH", "half_year"),
        ("20个工作日（可延长10个工作日）", "WD", "limit_extension"),
        ("20个工作日（不含公示5日）", "WD", "limit_remark"),
        ("20天（工作日）", "WD", ""),
        ("20个自然日", "D", ""),
    ],
)
def test_what_is_certain_enough_is_told(text: str, unit: str, told: str) -> None:
    reading = read_limit(text)

    assert reading.limit is not None
    assert reading.limit.unit == unit
    assert [code for code, _detail in reading.findings] == ([told] if told else [])


@pytest.mark.parametrize(
    "text",
    [
        "法定20日、承诺8日",
        "法定20日\n承诺8日",
        "20日/8日",
        "20/8日",
        "20日（承诺8日）",
        "承诺8日（法定20日）",
        "20日→8日",
        "20日（法定）、8日（承诺）",
        "由20日压缩至8日",
        "①法定20日②承诺8日",
        "1.法定20日 2.承诺8日",
        "二十/八日",
    ],
)
def test_pairs_are_told_apart(text: str) -> None:
    pair = read_pair(text, None)

    assert pair is not None
    assert (pair.statutory.limit, pair.promised.limit) == (Limit(20, "D"), Limit(8, "D"))


@pytest.mark.parametrize(
    "text",
    [
        "≤20个工作日",
        "不高于20个工作日",
        "受理后20个工作日",
        "材料齐全后20个工作日内",
        "自受理行政许可申请之日起二十个工作日内",
        "'20个工作日",
        "20个工作日/件",
    ],
)
def test_words_around_a_limit_do_not_hide_it(text: str) -> None:
    assert read_limit(text).limit == Limit(20, "WD")


@pytest.mark.parametrize("text", ["无法定时限/15个工作日", "法定：无法定时限；承诺：15个工作日", "未规定\n15个工作日"])
def test_a_pair_may_have_no_statutory_limit(text: str) -> None:
    pair = read_pair(text, None)

    assert pair is not None
    assert (pair.statutory.limit, pair.promised.limit) == (Limit(None, "NONE"), Limit(15, "WD"))


def test_a_label_is_no_part_of_the_limit() -> None:
    assert read_single("法定20个工作日", None)[0] == "法定"
    assert read_single("8个工作日（承诺）", None)[1].limit == Limit(8, "WD")


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("注：1. 本表法定时限除注明外均为工作日；承诺时限不含听证时间。", {"statutory_limit": "WD"}),
        ("（单位：工作日）", {"": "WD"}),
        ("未注明的均为自然日", {"": "D"}),
        ("本表时限均以工作日计算", {"": "WD"}),
        ("法定时限单位为自然日，承诺时限单位为工作日。", {"statutory_limit": "D", "promised_limit": "WD"}),
        ("许可类时限以工作日计，处罚类时限以自然日计", {}),
        ("时限均为法定工作日，公示时间为自然日", {"": "WD"}),
        ("填报日期：2024年3月15日（单位：项）", {}),
        ("时限填“X个工作日”。", {}),
        ("承诺时限不含节假日", {}),
        ("填报单位：日照局", {}),
    ],
)
def test_rules_for_bare_numbers(text: str, units: dict[str, str]) -> None:
    assert unit_rules_in(text) == units


def test_rules_for_one_limit_hold_for_the_other_unless_they_differ() -> None:
    one = UnitRules([("注1", "法定时限均为工作日")])
    two = UnitRules([("注1", "法定时限均为自然日"), ("注2", "承诺时限均为工作日")])
    unclear = UnitRules([("注1", "时限均为自然日"), ("注2", "时限均为工作日")])

    assert [rule and rule.unit for rule in (one.of("promised_limit"), one.of("limits"))] == ["WD", "WD"]
    assert [rule and rule.unit for rule in (two.of("statutory_limit"), two.of("promised_limit"))] == ["D", "WD"]
    assert [two.of("limits"), unclear.of("promised_limit")] == [None, None]


@pytest.mark.parametrize(
    ("promised", "statutory", "longer"),
    [
        ("30 WD", "1 MONTH", True),
        ("20 WD", "1 MONTH", False),
        ("60 D", "20 WD", True),
        ("30 D", "20 WD", False),
        ("8 WD", "7 D", True),
        ("7 WD", "7 D", False),
        ("1 D", "0 WD", True),
        ("0 WD", "1 D", False),
        ("2 YEAR", "12 MONTH", True),
        ("24 H", "1 D", False),
        ("NONE", "20 WD", False),
    ],
)
def test_limits_in_different_units_are_compared_where_it_is_certain(
    promised: str, statutory: str, *, longer: bool
) -> None:
    assert surely_longer(promised, statutory) is longer
