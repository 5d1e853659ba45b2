"""Decisions of supervision as pure functions: conditions of rules, life of a card, figures of units."""

from zhengtong.systems.supervision.rules.cards import (
    Move,
    NotAllowed,
    met_kinds,
    moves_for,
    next_state,
    responsible,
)
from zhengtong.systems.supervision.rules.conditions import Condition, fires, problems_of, sentence, unknown_words
from zhengtong.systems.supervision.rules.figures import Tally, UnitFigures, ranked, share

__all__ = [
    "Condition",
    "Move",
    "NotAllowed",
    "Tally",
    "UnitFigures",
    "fires",
    "met_kinds",
    "moves_for",
    "next_state",
    "problems_of",
    "ranked",
    "responsible",
    "sentence",
    "share",
    "unknown_words",
]
