"""The door of supervision for ``entry``: rules, rebuilding, lag, and the figures everybody may see."""

from zhengtong.systems.supervision.rules import Found, compared
from zhengtong.systems.supervision.selectors import BoardView, board, lag, public_figures
from zhengtong.systems.supervision.selectors.cards import CardFilter, cards
from zhengtong.systems.supervision.selectors.drafts import FlaggedRule, flagged_cases
from zhengtong.systems.supervision.selectors.score_export import export_scores
from zhengtong.systems.supervision.selectors.year_export import export_year, months_with_scores
from zhengtong.systems.supervision.services import (
    InstallReport,
    RebuildReport,
    appeal_card,
    cancel_card,
    close_card,
    confirm_card,
    declare_maintenance,
    end_maintenance,
    explain_card,
    install_rules,
    rebuild,
    report_correction,
    tick_limits,
)
from zhengtong.systems.supervision.services.score_formulas import install_formulas
from zhengtong.systems.supervision.services.scores import compute_scores, decide_scores, propose_scores, tend_scores

__all__ = [
    "BoardView",
    "CardFilter",
    "FlaggedRule",
    "Found",
    "InstallReport",
    "RebuildReport",
    "appeal_card",
    "board",
    "cancel_card",
    "cards",
    "close_card",
    "compared",
    "compute_scores",
    "confirm_card",
    "decide_scores",
    "declare_maintenance",
    "end_maintenance",
    "explain_card",
    "export_scores",
    "export_year",
    "flagged_cases",
    "install_formulas",
    "install_rules",
    "lag",
    "months_with_scores",
    "propose_scores",
    "public_figures",
    "rebuild",
    "report_correction",
    "tend_scores",
    "tick_limits",
]
