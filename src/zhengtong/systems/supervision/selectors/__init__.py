"""What pages show of supervision, each scoped by the actor."""

from zhengtong.systems.supervision.selectors.board import BoardView, Totals, board, board_version, lag, public_figures
from zhengtong.systems.supervision.selectors.cards import (
    ActView,
    CardFilter,
    CardRow,
    CardView,
    card,
    cards,
    open_count,
    own_open_count,
    units_with_cards,
)
from zhengtong.systems.supervision.selectors.cases import CaseTrail, StepRow, case_trail, late_steps
from zhengtong.systems.supervision.selectors.rules import RuleRow, rules

__all__ = [
    "ActView",
    "BoardView",
    "CardFilter",
    "CardRow",
    "CardView",
    "CaseTrail",
    "RuleRow",
    "StepRow",
    "Totals",
    "board",
    "board_version",
    "card",
    "cards",
    "case_trail",
    "lag",
    "late_steps",
    "open_count",
    "own_open_count",
    "public_figures",
    "rules",
    "units_with_cards",
]
