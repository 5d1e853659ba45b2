"""Acts of supervision: watching, raising and moving cards, installing rules, rebuilding."""

from zhengtong.systems.supervision.services.moving import (
    appeal_card,
    cancel_card,
    close_card,
    confirm_card,
    explain_card,
    report_correction,
)
from zhengtong.systems.supervision.services.rebuilding import RebuildReport, rebuild
from zhengtong.systems.supervision.services.rulebook import InstallReport, install_rules
from zhengtong.systems.supervision.services.watching import watch

__all__ = [
    "InstallReport",
    "RebuildReport",
    "appeal_card",
    "cancel_card",
    "close_card",
    "confirm_card",
    "explain_card",
    "install_rules",
    "rebuild",
    "report_correction",
    "watch",
]
