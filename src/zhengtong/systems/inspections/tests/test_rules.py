"""Rules of inspections: the draw can be repeated and favours nobody, what may be done, lines, figures."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.systems.inspections.rules import drawing, figures, going

RANK = 0.591980674803
KEYS = st.lists(st.text("abcdefg0123", min_size=1, max_size=6), min_size=1, max_size=30, unique=True)


@settings(max_examples=40)
@given(keys=KEYS, size=st.integers(0, 40), seed=st.text("0123456789abcdef", min_size=1, max_size=32))
def test_a_draw_is_the_same_however_its_candidates_are_listed(keys: list[str], size: int, seed: str) -> None:
    there = drawing.drawn(seed, [drawing.Candidate(key, 1 + n % 3) for n, key in enumerate(keys)], size)
    back = drawing.drawn(seed, [drawing.Candidate(key, 1 + n % 3) for n, key in reversed(list(enumerate(keys)))], size)

    assert there == back
    assert len(there) == min(size, len(keys)) == len(set(there))


def test_the_method_is_what_the_page_says() -> None:
    # worked out by hand with sha256sum and a calculator: the method must not change under an old draw
    assert drawing.METHOD == "weighted-sha256-1"
    assert drawing.rank_of("seed", "G22") == pytest.approx(RANK, abs=1e-12)
    assert drawing.rank_of("seed", "G22", 4.0) == pytest.approx(RANK / 4, abs=1e-12)


def test_a_weight_of_three_is_drawn_about_three_times_as_often() -> None:
    pair = [drawing.Candidate("heavy", 3.0), drawing.Candidate("light", 1.0)]

    first = Counter(drawing.drawn(f"seed {n}", pair, 1)[0] for n in range(2000))

    assert 2.4 < first["heavy"] / first["light"] < 3.8


def test_weights_grow_with_what_speaks_against_a_unit_up_to_the_cap() -> None:
    each = {"card": 0.5, "complaint": 1.0}

    assert drawing.weight_of({}, each, 10) == 1.0
    assert drawing.weight_of({"card": 3, "complaint": 2}, each, 10) == 4.5
    assert drawing.weight_of({"card": 300}, each, 10) == 10
    assert drawing.weight_of({"unknown": 5, "card": 1}, {"card": -2.0}, 0) == 1.0


def test_nobody_inspects_his_own_unit_and_who_steps_back_is_replaced_by_the_next() -> None:
    pool = [drawing.Person(f"p{n}", "own" if n < 3 else f"unit{n}") for n in range(8)]

    pair = drawing.inspectors_for("s", "t", "own", pool, 2)
    after = drawing.inspectors_for("s", "t", "own", pool, 2, without=pair[:1])

    assert not {"p0", "p1", "p2"} & {*pair, *after}
    assert pair[1] == after[0]
    assert pair[0] not in after


def test_what_may_be_done_depends_on_state_and_person() -> None:
    def acts(state: str, **who: bool) -> frozenset[str]:
        base = {"inspects": False, "office": False, "unit": False, "signed": False, "known": False}
        return going.visit_acts(state, **{**base, **who})

    assert acts("planned", inspects=True) == {"start", "recuse"}
    assert acts("going", inspects=True) == {"record", "sign"}
    assert acts("going", inspects=True, signed=True) == {"record"}
    assert acts("going", office=True) == set()
    assert acts("rectify", unit=True) == {"acknowledge"}
    assert acts("rectify", unit=True, known=True) == {"report"}
    assert acts("closed", inspects=True, office=True, unit=True) == set()
    assert going.plan_acts("submitted") == {"approve", "return"}


def test_a_review_goes_on_while_one_finding_does_and_turns_are_left() -> None:
    assert going.verdict_of(["passed", "again", "referred"], turn=1, most=3) == "again"
    assert going.verdict_of(["passed", "referred"], turn=3, most=3) == "referred"
    assert going.verdict_of(["passed"], turn=1, most=3) == "passed"
    with pytest.raises(ValueError, match="turn"):
        going.verdict_of(["again"], turn=3, most=3)


def test_lines_are_read_from_tables_and_from_typing() -> None:
    text = "一｜二｜三\n\n  四 \t五\r\n六|"

    assert going.lines_of(text, 3) == [("一", "二", "三"), ("四", "五", ""), ("六", "", "")]


def test_shares_are_given_only_of_enough() -> None:
    few, many = figures.Count(points=4, bad=4, passed=4), figures.Count(points=40, bad=10, passed=5)

    assert (few.bad_rate, few.passed_rate) == (None, None)
    assert (many.bad_rate, many.passed_rate) == (25.0, 50.0)
    assert figures.total_of([few, many], "合计") == figures.Count(label="合计", points=44, bad=14, passed=9)
