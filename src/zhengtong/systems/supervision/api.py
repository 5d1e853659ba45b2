"""The door of supervision for ``entry``: rules, rebuilding, lag, and the figures everybody may see."""

from zhengtong.systems.supervision.selectors import BoardView, board, lag, public_figures
from zhengtong.systems.supervision.services import (
    InstallReport,
    RebuildReport,
    appeal_card,
    cancel_card,
    close_card,
    confirm_card,
    explain_card,
    install_rules,
    rebuild,
    report_correction,
)

__all__ = [
    "BoardView",
    "InstallReport",
    "RebuildReport",
    "appeal_card",
    "board",
    "cancel_card",
    "close_card",
    "confirm_card",
    "explain_card",
    "install_rules",
    "lag",
    "public_figures",
    "rebuild",
    "report_correction",
]
