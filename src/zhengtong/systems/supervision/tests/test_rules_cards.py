import dataclasses
import datetime as dt
import itertools
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.cases.rules.phases import clock_moves
from zhengtong.systems.supervision.constants import OPEN_STATES, CardActKind, CardState
from zhengtong.systems.supervision.rules import (
    NotAllowed,
    Standing,
    choices,
    limits_after,
    met_kinds,
    moves_for,
    next_state,
    responsible,
)

LAST = dt.date(2026, 11, 12)
BEFORE, AFTER = LAST, LAST + dt.timedelta(days=1)
NOTED = {"raise", "mark", "overdue", "inspect"}  # acts that are no moves

#: the documented life of a card, every limit over, a doubt and a letter open: (state, move) → state
LIFE = {
    ("raised", "explain"): "explained",
    ("raised", "appeal"): "explained",
    ("raised", "confirm"): "confirmed",
    ("raised", "cancel"): "cancelled",
    ("raised", "keep"): "raised",
    ("raised", "clear"): "closed",
    ("explained", "explain"): "explained",
    ("explained", "appeal"): "explained",
    ("explained", "confirm"): "confirmed",
    ("explained", "cancel"): "cancelled",
    ("explained", "keep"): "explained",
    ("explained", "clear"): "closed",
    ("confirmed", "rectify"): "rectified",
    ("confirmed", "cancel"): "cancelled",
    ("confirmed", "keep"): "confirmed",
    ("confirmed", "close"): "closed",
    ("confirmed", "transfer"): "confirmed",
    ("confirmed", "account"): "confirmed",
    ("confirmed", "reply"): "confirmed",
    ("rectified", "rectify"): "rectified",
    ("rectified", "send_back"): "confirmed",
    ("rectified", "cancel"): "cancelled",
    ("rectified", "keep"): "rectified",
    ("rectified", "close"): "closed",
    ("rectified", "transfer"): "rectified",
    ("rectified", "account"): "rectified",
    ("rectified", "reply"): "rectified",
    ("closed", "account"): "closed",
}


def standing(today=AFTER, **more):
    fields = {"explain_until": LAST, "appeal_until": LAST, "rectify_until": LAST, "doubted": True, "awaits_reply": True}
    return Standing(today=today, **{**fields, **more})


@pytest.mark.parametrize("state", CardState.values)
def test_the_life_of_a_card_is_the_documented_table(state):
    for move in set(CardActKind.values) - NOTED:
        if (state, move) in LIFE:
            assert next_state(state, move, standing()) == LIFE[state, move]
        else:
            with pytest.raises(NotAllowed, match="。"):
                next_state(state, move, standing())


def test_nothing_is_confirmed_against_a_unit_that_may_still_speak():
    with pytest.raises(NotAllowed, match="11月12日"):
        next_state("raised", "confirm", standing(BEFORE))

    assert next_state("explained", "confirm", standing(BEFORE)) == "confirmed"
    assert next_state("raised", "confirm", standing(AFTER)) == "confirmed"


def test_a_confirmation_is_appealed_once_and_in_time():
    assert next_state("confirmed", "appeal", standing(BEFORE)) == "explained"
    for late in (standing(AFTER), standing(BEFORE, appeal_until=None), standing(BEFORE, appealed=True)):
        with pytest.raises(NotAllowed, match="申诉"):
            next_state("confirmed", "appeal", late)


def test_nothing_is_closed_unseen_while_the_unit_may_still_report():
    with pytest.raises(NotAllowed, match="11月12日前报告整改"):
        next_state("confirmed", "close", standing(BEFORE))

    assert next_state("rectified", "close", standing(BEFORE)) == "closed"
    assert next_state("confirmed", "close", standing(AFTER)) == "closed"


def test_doubts_and_letters_open_their_moves_only_while_they_stand():
    calm = standing(doubted=False, awaits_reply=False)

    assert next_state("confirmed", "propose", calm) == "confirmed"
    for move in ("keep", "reply"):
        with pytest.raises(NotAllowed):
            next_state("confirmed", move, calm)
    with pytest.raises(NotAllowed, match="还没有回复"):
        next_state("confirmed", "propose", standing())


def test_who_cannot_act_is_told_why():
    for party in ("unit", "supervisor"):
        for state in CardState.values:
            found = choices(party, state, standing(BEFORE))
            assert all(why == "" or why.endswith("。") for why in found.values())
            assert moves_for(party, state, standing(BEFORE)) == tuple(move for move in found if not found[move])

    assert moves_for("unit", "raised", standing(BEFORE)) == ("explain", "appeal")
    assert moves_for("supervisor", "raised", standing(BEFORE, doubted=False)) == ("cancel",)


MOVES = sorted(set(CardActKind.values) - NOTED)
#: limits that press somebody to act; the right to appeal presses nobody
PRESSING = {"raised": {"explain"}, "explained": {"judge"}, "confirmed": {"rectify"}, "rectified": {"recheck"}}


@settings(max_examples=200)
@given(
    st.lists(st.tuples(st.sampled_from(MOVES), st.booleans(), st.booleans(), st.booleans()), max_size=25),
    st.integers(0, 3),
)
def test_no_walk_loses_an_act_or_opens_what_is_over(walk, early):
    """Given any acts in any order, then the card only moves along its life and the right clock runs."""
    state, running, letters, done = "raised", set(limits_after("raise", "raised")[1]), 0, []
    for move, late, doubted, appealed in walk:
        now = standing(AFTER if late else LAST - dt.timedelta(days=early), doubted=doubted, appealed=appealed)
        now = dataclasses.replace(now, awaits_reply=letters > 0)
        try:
            after = next_state(state, move, now)
        except NotAllowed:
            continue
        done.append((state, move, after))
        letters += {"propose": 1, "reply": -1}.get(move, 0)
        ended, started = limits_after(move, after)
        running = (running - set(ended)) | set(started)
        assert state not in ("cancelled",), "a cancelled card is over"
        assert state != "closed" or (move == "account" and after == "closed"), "a closed card stays closed"
        state = after
        if state in OPEN_STATES:
            assert PRESSING[state] <= running
            assert not running - PRESSING[state] - {"appeal", "reply"}
            assert ("reply" in running) == (letters > 0)
        else:
            assert running == set()

    assert all(before[2] == then[0] for before, then in itertools.pairwise(done)), "no act is lost between two others"


def test_the_unit_of_the_step_answers_for_the_step():
    lead, fire = (uuid.UUID(int=1), "主办"), (uuid.UUID(int=2), "消防")

    assert responsible("step", lead, fire) == fire
    assert responsible("case", lead, fire) == lead
    assert responsible("step", lead, (None, "")) == lead


@pytest.mark.parametrize("phase", ["accept", "supplement", "review", "decide", "issue"])
@pytest.mark.parametrize(
    "outcome", ["accept", "supplement", "refuse", "submit", "agree", "disagree", "approve", "reject", "return", "done"]
)
def test_supervision_ends_the_same_limits_as_the_case_engine(phase, outcome):
    met = set(clock_moves(phase, outcome, deemed=False).met)

    assert met <= set(met_kinds(outcome, phase=phase)) or phase == "supplement"
