"""Decisions of supervision as pure functions: conditions of rules, life of a card, figures of units."""

from zhengtong.systems.supervision.rules.cards import (
    PASSED,
    RIGHTS,
    UNIT_LIMITS,
    Move,
    NotAllowed,
    Standing,
    choices,
    limits_after,
    met_kinds,
    moves_for,
    next_state,
    responsible,
)
from zhengtong.systems.supervision.rules.composing import Composed, Group, composed_of, condition_of
from zhengtong.systems.supervision.rules.conditions import (
    Condition,
    fields_of,
    fires,
    possible,
    problems_of,
    sentence,
    unknown_words,
    words_of,
)
from zhengtong.systems.supervision.rules.figures import Tally, UnitFigures, ranked, share
from zhengtong.systems.supervision.rules.precision import Found, compared, estimated

__all__ = [
    "PASSED",
    "RIGHTS",
    "UNIT_LIMITS",
    "Composed",
    "Condition",
    "Found",
    "Group",
    "Move",
    "NotAllowed",
    "Standing",
    "Tally",
    "UnitFigures",
    "choices",
    "compared",
    "composed_of",
    "condition_of",
    "estimated",
    "fields_of",
    "fires",
    "limits_after",
    "met_kinds",
    "moves_for",
    "next_state",
    "possible",
    "problems_of",
    "ranked",
    "responsible",
    "sentence",
    "share",
    "unknown_words",
    "words_of",
]
