import datetime as dt
import itertools
import uuid

import pytest

from zhengtong.capabilities.cases.rules.phases import clock_moves
from zhengtong.systems.supervision.constants import OPEN_STATES, CardActKind, CardState
from zhengtong.systems.supervision.rules import NotAllowed, met_kinds, moves_for, next_state, responsible

LAST = dt.date(2026, 11, 12)
BEFORE, AFTER = LAST, LAST + dt.timedelta(days=1)

#: the documented life of a card once the unit's time to speak is over: (state, move) → state
LIFE = {
    ("raised", "explain"): "explained",
    ("raised", "appeal"): "explained",
    ("raised", "confirm"): "confirmed",
    ("raised", "cancel"): "cancelled",
    ("raised", "clear"): "closed",
    ("explained", "explain"): "explained",
    ("explained", "appeal"): "explained",
    ("explained", "confirm"): "confirmed",
    ("explained", "cancel"): "cancelled",
    ("explained", "clear"): "closed",
    ("confirmed", "rectify"): "confirmed",
    ("confirmed", "cancel"): "cancelled",
    ("confirmed", "close"): "closed",
}


@pytest.mark.parametrize(("state", "move"), list(itertools.product(CardState.values, CardActKind.values)))
def test_the_life_of_a_card_is_the_documented_table(state, move):
    if (state, move) in LIFE:
        assert next_state(state, move, today=AFTER, explain_until=LAST) == LIFE[state, move]
    else:
        with pytest.raises(NotAllowed, match="。"):
            next_state(state, move, today=AFTER, explain_until=LAST)


def test_nothing_is_confirmed_against_a_unit_that_may_still_speak():
    with pytest.raises(NotAllowed, match="11月12日"):
        next_state("raised", "confirm", today=BEFORE, explain_until=LAST)

    assert next_state("explained", "confirm", today=BEFORE, explain_until=LAST) == "confirmed"
    assert next_state("raised", "confirm", today=AFTER, explain_until=LAST) == "confirmed"


def test_a_card_that_is_over_has_no_moves_and_an_open_one_has_some():
    for party in ("unit", "supervisor"):
        for state in CardState.values:
            moves = moves_for(party, state, today=AFTER, explain_until=LAST)
            assert not moves or state in OPEN_STATES

    assert moves_for("unit", "raised", today=BEFORE, explain_until=LAST) == ("explain", "appeal")
    assert moves_for("supervisor", "raised", today=BEFORE, explain_until=LAST) == ("cancel",)
    assert moves_for("supervisor", "confirmed", today=BEFORE, explain_until=LAST) == ("cancel", "close")


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
