"""Acts of supervision: watching, raising and moving cards, installing rules, rebuilding."""

from zhengtong.systems.supervision.services.bulk import (
    carry_out_bulk_cancel,
    decide_bulk_cancel,
    propose_bulk_cancel,
)
from zhengtong.systems.supervision.services.following import (
    decide_account,
    issue_letter,
    measures,
    propose_account,
    raise_again,
    raise_by_hand,
    reply_letter,
)
from zhengtong.systems.supervision.services.moving import (
    appeal_card,
    cancel_card,
    close_card,
    confirm_card,
    confirm_cards,
    explain_card,
    explain_cards,
    keep_card,
    report_correction,
    send_card_back,
    transfer_card,
)
from zhengtong.systems.supervision.services.outages import (
    areas,
    declare_maintenance,
    declare_outage,
    end_maintenance,
    end_outage,
    judge_held,
)
from zhengtong.systems.supervision.services.pathing import (
    assess_paths,
)
from zhengtong.systems.supervision.services.rebuilding import (
    RebuildReport,
    rebuild,
)
from zhengtong.systems.supervision.services.rulebook import (
    InstallReport,
    install_rules,
)
from zhengtong.systems.supervision.services.telling import (
    tell_news,
)
from zhengtong.systems.supervision.services.ticking import (
    tick_limits,
)
from zhengtong.systems.supervision.services.watching import (
    watch,
    watch_all,
)

__all__ = [
    "InstallReport",
    "RebuildReport",
    "appeal_card",
    "areas",
    "assess_paths",
    "cancel_card",
    "carry_out_bulk_cancel",
    "close_card",
    "confirm_card",
    "confirm_cards",
    "decide_account",
    "decide_bulk_cancel",
    "declare_maintenance",
    "declare_outage",
    "end_maintenance",
    "end_outage",
    "explain_card",
    "explain_cards",
    "install_rules",
    "issue_letter",
    "judge_held",
    "keep_card",
    "measures",
    "propose_account",
    "propose_bulk_cancel",
    "raise_again",
    "raise_by_hand",
    "rebuild",
    "reply_letter",
    "report_correction",
    "send_card_back",
    "tell_news",
    "tick_limits",
    "transfer_card",
    "watch",
    "watch_all",
]
