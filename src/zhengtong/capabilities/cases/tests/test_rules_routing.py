"""Who gets a task: pure rules, by example and by property."""

import datetime as dt
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.cases.rules.routing import (
    FAMILIAR,
    FIXED,
    LOAD,
    TURN,
    Away,
    Choice,
    Officer,
    Rule,
    choose,
    rule_for,
)

ZHANG, LI, WANG, ZHAO = (uuid.UUID(int=number) for number in range(1, 5))
NAMES = {ZHANG: "张岗", LI: "李岗", WANG: "王岗", ZHAO: "赵岗"}
LEAVE = Away("请假", dt.date(2026, 11, 25))


def officer(key: uuid.UUID, **more: object) -> Officer:
    return Officer(key, NAMES[key], **more)  # type: ignore[arg-type]  # words of the test


def named(mode: str, *keys: uuid.UUID, **more: object) -> Rule:
    return Rule(mode, tuple((key, NAMES[key]) for key in keys), **more)  # type: ignore[arg-type]  # words of the test


def chosen(choice: Choice) -> uuid.UUID | None:
    return choice.officer.id if choice.officer else None


def test_a_fixed_officer_gets_it_and_the_sentence_says_why() -> None:
    choice = choose(named(FIXED, ZHANG, item_code="X"), [officer(ZHANG), officer(LI)])

    assert chosen(choice) == ZHANG
    assert choice.sentence == "由张岗承办：本事项指定"


def test_who_is_away_is_passed_over_and_the_sentence_says_until_when() -> None:
    choice = choose(named(FIXED, LI, ZHANG, item_code="X"), [officer(ZHANG), officer(LI, away=LEAVE)])

    assert chosen(choice) == ZHANG
    assert choice.sentence == "由张岗承办：本事项指定；李岗请假至11月25日"


def test_a_substitute_comes_in_before_the_next_one_of_a_fixed_order() -> None:
    away = Away("请假", dt.date(2026, 11, 25), WANG)
    choice = choose(named(FIXED, LI, ZHANG), [officer(ZHANG), officer(LI, away=away), officer(WANG)])

    assert chosen(choice) == WANG
    assert "代李岗办理" in choice.sentence


def test_a_substitute_who_is_away_himself_is_none() -> None:
    away = Away("请假", None, WANG)
    choice = choose(named(FIXED, LI), [officer(LI, away=away), officer(WANG, away=LEAVE)])

    assert chosen(choice) is None
    assert choice.sentence.startswith("没有可以分派的人员：李岗请假")


def test_who_left_his_post_is_named() -> None:
    choice = choose(named(FIXED, LI, ZHANG), [officer(ZHANG)])

    assert choice.sentence == "由张岗承办：本单位指定；李岗已不在岗"


def test_a_deputy_in_the_post_is_named() -> None:
    choice = choose(named(FIXED, LI), [officer(LI, deputy="赵岗")])

    assert choice.sentence == "由李岗承办（赵岗代行）：本单位指定"


def test_the_turn_goes_on_behind_the_last_even_when_he_left() -> None:
    there = [officer(ZHANG), officer(WANG)]

    assert chosen(choose(named(TURN, ZHANG, LI, WANG, last_id=LI), there)) == WANG
    assert chosen(choose(named(TURN, ZHANG, LI, WANG, last_id=ZHAO), there)) == ZHANG


def test_the_least_load_and_the_most_practice() -> None:
    there = [officer(ZHANG, load=3, done=12), officer(LI, load=1, done=2)]

    assert choose(Rule(LOAD), there).sentence == "由李岗承办：在办最少（1 件）"
    assert choose(Rule(FAMILIAR), there).sentence == "由张岗承办：办过同一事项 12 件"


def test_work_that_comes_back_goes_to_who_knows_it_while_he_is_there() -> None:
    there = [officer(ZHANG), officer(LI)]
    away = [officer(ZHANG), officer(LI, away=LEAVE)]

    assert choose(named(FIXED, ZHANG), there, before_id=LI).sentence == "由李岗承办：上一轮由他办理"
    assert chosen(choose(named(FIXED, ZHANG), away, before_id=LI)) == ZHANG


@pytest.mark.parametrize(
    ("item", "phase", "area", "expected"),
    [
        ("A", "review", "980723100000", LI),
        ("B", "review", "980723100204", WANG),
        ("B", "review", "980723200000", ZHAO),
        ("B", "accept", "", ZHANG),
    ],
)
def test_the_most_special_rule_counts(item: str, phase: str, area: str, expected: uuid.UUID) -> None:
    rules = [
        named(FIXED, ZHANG),
        named(FIXED, ZHAO, phase="review"),
        named(FIXED, WANG, area="980723100"),
        named(FIXED, LI, item_code="A"),
    ]
    found = rule_for(rules, item_code=item, phase=phase, area=area)

    assert found is not None
    assert found.officers[0][0] == expected


def test_without_a_fitting_rule_there_is_none() -> None:
    assert rule_for([named(FIXED, ZHANG, item_code="A")], item_code="B", phase="review", area="") is None


_PEOPLE = st.lists(
    st.builds(
        Officer,
        id=st.uuids(version=4),
        name=st.just("某"),
        load=st.integers(0, 9),
        done=st.integers(0, 9),
        away=st.none() | st.builds(Away, st.just("请假"), st.none() | st.dates()),
    ),
    max_size=6,
    unique_by=lambda one: one.id,
)
_MODES = st.sampled_from([FIXED, TURN, LOAD, FAMILIAR])


@settings(max_examples=150, deadline=None)
@given(_PEOPLE, _MODES, st.data())
def test_somebody_present_gets_it_whenever_somebody_the_rule_names_is_there(
    people: list[Officer], mode: str, data: st.DataObject
) -> None:
    pool = data.draw(st.lists(st.sampled_from(people), unique_by=lambda one: one.id) if people else st.just([]))
    rule = Rule(mode, tuple((one.id, one.name) for one in pool))

    choice = choose(rule, people)

    able = [one for one in (pool or people) if one.away is None]
    assert (choice.officer is not None) == bool(able)
    if choice.officer is None:
        return
    assert choice.officer in able
    if mode == LOAD:
        assert choice.officer.load == min(one.load for one in able)
    if mode == FAMILIAR:
        assert choice.officer.done == max(one.done for one in able)
    if mode == FIXED:
        assert choice.officer == able[0]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5), st.integers(1, 4))
def test_the_turn_is_fair(people: int, rounds: int) -> None:
    keys = [uuid.UUID(int=number) for number in range(people)]
    there, got, last = [Officer(key, "某") for key in keys], dict.fromkeys(keys, 0), None

    for _step in range(people * rounds):
        choice = choose(Rule(TURN, tuple((key, "某") for key in keys), last_id=last), there)
        assert choice.officer is not None
        got[choice.officer.id] += 1
        last = choice.turn_id

    assert set(got.values()) == {rounds}
