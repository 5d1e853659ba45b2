"""The worked test of the local measure, and what must hold of every month."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.systems.supervision.rules.score_formulas import default_content, number_lines, with_numbers, wrong_with
from zhengtong.systems.supervision.rules.scores import (
    CardFact,
    CaseFact,
    Inputs,
    Placed,
    bonus,
    period_score,
    places,
    rates,
    score,
    warning_runs,
)

DAY = dt.date(2026, 10, 12)
FORMULA = default_content("A")
PLAIN = FORMULA | {"mode": "plain"}
INPUTS = ("bad_ratings", "complaints_founded", "complaints_overdue")


def card(level, day=DAY, **more):
    return CardFact(number=f"{level}{day}", level=level, raised_on=day, **more)


#: 1 yellow, 1 red, 3 warnings in a row; 34 of 100 early; promised 48 of 100 statutory days (52 % cut)
WORKED = Inputs(
    cards=(card("yellow"), card("red"), *(card("hint", DAY + dt.timedelta(days=n)) for n in range(3))),
    cases=tuple(CaseFact(in_time=True, early=n < 34, used=5, promised=12, statutory=25) for n in range(100)),
)


def test_the_worked_month_gives_90_plainly_and_94_where_parts_stop_at_nothing():
    plain, floor = score(WORKED, PLAIN, {}), score(WORKED, FORMULA, {})

    assert plain.total == 90
    assert floor.total == 94
    assert plain.sentence.endswith("= 90")
    assert floor.sentence == (
        "100 −14（期限合法扣完） +3（提前办结 34 件，占办结 100 件的 34%）"
        " +5（承诺时限压缩 52%：100 件承诺 1200 个工作日，法定 2500 个） = 94"
    )
    limits = next(part for part in floor.parts if part.key == "limits")
    assert (limits.deducted, limits.left) == (18, 0)
    assert [(line.text, line.points) for line in floor.lines][:3] == [
        ("红牌 1 张 × 10 分", -10),
        ("黄牌 1 张 × 5 分", -5),
        ("连续 3 次预警 1 回 × 3 分", -3),
    ]


@pytest.mark.parametrize(
    ("value", "points"), [(None, 0), ("9.99", 0), ("10", 1), ("19.9", 1), ("20", 2), ("34", 3), ("100", 10)]
)
def test_the_ladder_of_early_completion(value, points):
    assert bonus(value and Decimal(value), FORMULA["early"]) == points


@pytest.mark.parametrize(("value", "points"), [("29.9", 0), ("30", 3), ("39", 3), ("52", 5), ("70", 7)])
def test_the_ladder_of_cut_limits(value, points):
    assert bonus(Decimal(value), FORMULA["cut"]) == points


def test_a_run_of_warnings_breaks_at_the_gap_and_no_warning_is_in_two_runs():
    days = [DAY + dt.timedelta(days=n) for n in (0, 1, 2, 3, 4, 20, 21, 22)]

    assert warning_runs(days, run=3, gap_days=31) == 2
    assert warning_runs(days[:5], run=3, gap_days=1) == 1
    assert warning_runs([days[0], days[4], days[5]], run=3, gap_days=5) == 0


def test_what_was_cancelled_or_went_away_by_itself_does_not_score():
    cards = (card("red", state="cancelled"), card("yellow", warning=True, cleared=True, state="closed"))

    assert score(Inputs(cards=cards), FORMULA, {}).total == 100
    assert score(Inputs(cards=cards), FORMULA | {"cleared": "card"}, {}).total == 95
    assert score(Inputs(cards=(card("red"),)), FORMULA | {"count_pending": False}, {}).total == 100
    assert score(Inputs(cards=(card("red", upheld=True),)), FORMULA | {"count_pending": False}, {}).total == 90


def test_a_rules_own_points_and_part_may_take_the_place_of_the_levels():
    one = card("red", rule_key="49", rule_points=Decimal("12.5"))
    formula = FORMULA | {"card_points": "rule", "parts_by_rule": {"49": "fees"}}

    found = score(Inputs(cards=(one,)), formula, {})

    assert found.total == 92
    assert next(part for part in found.parts if part.key == "fees").left == 0


def test_too_few_cases_give_neither_rate_nor_bonus():
    four = Inputs(cases=tuple(CaseFact(in_time=True, early=True, promised=1, statutory=10) for _ in range(4)))

    assert score(four, FORMULA, {}).total == 100
    assert rates(four, smallest=5)["on_time"] == {"part": 4, "whole": 4, "value": None}
    assert rates(WORKED, smallest=5)["speed_up"] == {"part": 500, "whole": 2500, "value": "80.0"}
    assert rates(WORKED, smallest=5)["red_per_thousand"]["value"] == "10.0"


def test_a_year_is_the_mean_of_its_months_less_discipline_with_targets_by_their_share():
    months = [Decimal(90), Decimal(94), Decimal("97.5")]

    year = period_score(months, FORMULA, wanted=12, discipline={"demerit": 1}, targets=Decimal(80))

    # 93.83 × 80 % + 80 × 20 % − 15
    assert (year.total, year.grade, year.missing) == (Decimal("76.06"), "合格", 9)
    assert year.sentence == "3 个月的平均分 93.83 × 80% + 年度目标得分 80 × 20% −15（记过 1 人次） = 76.06"
    quarter = period_score(months, default_content("B"), wanted=3, discipline={})
    assert (quarter.total, quarter.grade) == (Decimal("93.83"), "优秀")
    assert period_score([], FORMULA, wanted=3, discipline={}).total is None
    assert period_score([Decimal(20)], FORMULA, wanted=1, discipline={"expulsion": 1}).total == 0


_CARDS = st.lists(
    st.builds(
        card,
        st.sampled_from(["hint", "yellow", "red", "breach"]),
        st.dates(dt.date(2026, 10, 1), dt.date(2026, 10, 31)),
        state=st.sampled_from(["raised", "confirmed", "cancelled", "closed"]),
        warning=st.booleans(),
        upheld=st.booleans(),
    ),
    max_size=25,
)
_CASES = st.lists(st.builds(CaseFact, in_time=st.booleans(), early=st.booleans()), max_size=12)
_OTHERS = st.dictionaries(st.sampled_from(INPUTS), st.tuples(st.integers(0, 30), st.just(30)))


@settings(max_examples=150, deadline=None)
@given(_CARDS, _CASES, _OTHERS, st.sampled_from(["floor", "plain"]))
def test_no_part_falls_below_nothing_and_cancelled_cards_change_nothing(cards, cases, others, mode):
    formula = FORMULA | {"mode": mode}

    found = score(Inputs(cards=cards, cases=cases, others=others), formula, {})

    assert 0 <= found.total <= 110
    assert all(0 <= part.left <= part.weight for part in found.parts)
    if mode == "floor":
        assert found.total <= sum(part.left for part in found.parts) + 10
    without = [one for one in cards if one.state != "cancelled"]
    assert score(Inputs(cards=without, cases=cases, others=others), formula, {}) == found
    assert score(Inputs(cards=cards[::-1], cases=cases[::-1], others=others), formula, {}).total == found.total
    more = dataclasses.replace(card("red"), upheld=True)
    assert score(Inputs(cards=[*cards, more], cases=cases, others=others), formula, {}).total <= found.total


_PLACED = st.lists(
    st.builds(
        Placed,
        key=st.text("abcdef", min_size=1, max_size=3),
        name=st.text("甲乙丙", max_size=2),
        total=st.integers(0, 5).map(Decimal),
        counts=st.fixed_dictionaries({"red": st.integers(0, 2), "yellow": st.integers(0, 2)}),
        on_time=st.none() | st.integers(90, 100).map(Decimal),
    ),
    unique_by=lambda one: one.key,
    max_size=8,
)


@settings(max_examples=100, deadline=None)
@given(_PLACED, st.randoms(), st.booleans())
def test_ranks_do_not_depend_on_the_order_of_units(units, random, by_cards):
    ranked = places(units, by_cards=by_cards)
    mixed = list(units)
    random.shuffle(mixed)

    assert places(mixed, by_cards=by_cards) == ranked
    assert not units or min(ranked.values()) == 1
    if not by_cards:
        assert all(ranked[a.key] == 1 + sum(b.total > a.total for b in units) for a in units)


def test_the_list_by_cards_puts_the_cleanest_first():
    def unit(key, red, yellow, rate):
        return Placed(key=key, name=key, total=None, counts={"red": red, "yellow": yellow}, on_time=rate)

    found = places([unit("a", 0, 1, None), unit("b", 0, 1, Decimal(98)), unit("c", 1, 0, Decimal(100))], by_cards=True)

    assert found == {"b": 1, "a": 2, "c": 3}
    assert score(WORKED, default_content("C"), {}).total is None


def test_a_formula_is_checked_and_typed_numbers_come_back():
    assert wrong_with(FORMULA, INPUTS) == {}
    typed = with_numbers(FORMULA, {"weight-fees": "9", "card-red": "x", "early-step": "0", "warnings-run": "4"})

    assert set(wrong_with(typed, INPUTS)) == {"parts", "card-red", "early-step"}
    assert typed["warnings"]["run"] == 4
    assert FORMULA["warnings"]["run"] == 3
    assert wrong_with(with_numbers(FORMULA, {"grade-1": "95"}), INPUTS) == {"grade-0": "等次的分数线应从高到低。"}
    same = {name: str(value) for name, _label, value in number_lines(FORMULA)}
    assert with_numbers(FORMULA, same) == FORMULA


@pytest.mark.parametrize("text", ["2.5", "1e2", "9" * 5000])
@pytest.mark.parametrize("name", ["warnings-run", "warnings-gap_days", "smallest"])
def test_what_is_counted_in_pieces_is_a_whole_number(name: str, text: str) -> None:
    """A formula that says 2.5 cases could be put in force, and then scored nobody any more."""
    wrong = wrong_with(with_numbers(FORMULA, {name: text}), INPUTS)

    assert list(wrong) == [name]
    assert not wrong_with(with_numbers(FORMULA, {name: "7"}), INPUTS)
